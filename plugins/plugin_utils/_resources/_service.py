# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Windows service: how it starts and whether it runs.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._host import Host, quote
from .._host._registry import Key
from .._host._services import Service as Found
from .._host._services import key_of
from .._plan import BadRequest, Change, Missing, Override, Resource, State, Value
from ._service_effect import dependencies, in_the_way
from ._service_settings import settings_of

_OUR_WAY_IN = {"winrm", "winmgmt"}
_STATES = {"started": "running", "stopped": "stopped"}
# A trigger that starts (Action 1) when a call comes in (Type 6, network endpoint); others wait for devices, policies, a domain.
_START, _NETWORK_ENDPOINT = 1, 6


class Service(Resource[Host]):
    """`start_mode` auto, delayed, manual, disabled (boot, system); `state` running, stopped, paused, ...; and what `settings_of` adds."""

    kind = "service"
    creatable = False

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self.name = options["name"] or options["image_path"] or ""
        if not self.name.strip():
            raise BadRequest("A service needs a name or an image_path that is not empty.")
        quote(self.name)
        self._by_name = bool(options["name"])
        self._accept_trigger_start: bool = options["accept_trigger_start"]
        self._settings = settings_of(self.name, options)
        # A run that is cut off while the service is stopped for them leaves nothing else to tell that it should run.
        if options["settings"] and options["state"] is None:
            raise BadRequest(f"Service {self.name} is stopped while its settings change; give state too, so that every run knows what it should be then.")
        asked: dict[str, Value] = {
            "start_mode": options["start_mode"],
            "state": _STATES.get(options["state"] or ""),
        }
        self._asked = {key: value for key, value in asked.items() if value is not None}
        if self.name.lower() in _OUR_WAY_IN and (self._asked.get("start_mode") == "disabled" or self._asked.get("state") == "stopped"):
            raise BadRequest(f"Service {self.name} carries the connection that would stop or disable it; do that at the host.")
        if self._asked.get("start_mode") == "disabled" and self._asked.get("state") == "running":
            raise BadRequest(f"Service {self.name} can't be disabled and started at once.")
        self._starts_on_call = False
        self._delayed = False
        self._needs: tuple[str, ...] = ()

    def expect(self, host: Host) -> None:
        """Whether a start is delayed or triggered stands in the registry on every release, in Win32_Service not."""
        if self._by_name:
            _expect_keys(host, self.name)
        for setting in self._settings:
            setting.expect(host)

    def read(self, host: Host) -> State | None:
        """One query for all services, and the service's registry key."""
        service = self._find(host)
        if service is None:
            return None
        # By the name as given: in another spelling it would be another command, and not the one that was expected.
        name = self.name if self._by_name else service.name
        _expect_keys(host, name)
        key, triggers = host.registry.key(key_of(name)), host.registry.key(_triggers(name), recursive=True)
        self._delayed = key is not None and key.data("DelayedAutostart") == 1
        self._needs = dependencies(key)
        self._starts_on_call = triggers is not None and any(_is_call(trigger) for trigger in triggers.subkeys.values())
        mode = "delayed" if self._delayed and service.start_mode == "auto" else service.start_mode
        state: dict[str, Value] = {"start_mode": mode, "state": service.state}
        return state | {setting.key: setting.read(host) for setting in self._settings}

    def want(self, have: State | None) -> State | None:
        """What is asked; a stopped service that its triggers start on demand counts as started if that is accepted."""
        found = have or {}
        wanted = {**found, **self._asked} | {setting.key: setting.want(found.get(setting.key)) for setting in self._settings}
        if have and self._starts_on_demand(wanted, have):
            wanted["state"] = have["state"]
        return wanted

    def check(self, host: Host, change: Change) -> None:
        """A disabled service can't be started."""
        if change.before and change.after and change.after["start_mode"] == "disabled" and "state" in change.keys and change.after["state"] == "running":
            raise BadRequest(f"Service {self.name} is disabled on {host.name} and can't be started; give start_mode too.")

    def apply(self, host: Host, change: Change) -> None:
        """Stop before disabling, set the start mode before starting; a service that reads a changed setting is restarted.

        The settings are written while it is stopped: if it can't be stopped, the next run still finds them to be written,
        and if it does not come up again, the next run starts it.
        """
        service = self._find(host)
        if service is None or change.before is None or change.after is None:
            raise Missing(f"There is no service {self.name} on {host.name}.")
        before, after = change.before, change.after
        settings = [setting for setting in self._settings if setting.key in change.keys]
        restart = bool(settings) and before["state"] == "running"
        if restart or ("state" in change.keys and after["state"] == "stopped"):
            host.services.stop(service.name)
        for setting in settings:
            setting.write(host, after[setting.key])
        if "start_mode" in change.keys:
            host.services.set_start_mode(service.name, str(after["start_mode"]), delayed=self._delayed)
        if after["state"] == "running" and (restart or "state" in change.keys):
            host.services.start(service.name)

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Says so when a stopped service counts as started."""
        if have and self._starts_on_demand({**have, **self._asked}, have):
            return ("stopped now, but Automatic with a start trigger: Windows starts it when it is called, which counts as started (accept_trigger_start)",)
        return ()

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """A policy that enforces another start mode, and services that this one can't start without."""
        service = self._find(host)
        return in_the_way(host, service, self._asked, self._needs, change) if service else ()

    def _find(self, host: Host) -> Found | None:
        if self._by_name:
            return host.services.get(self.name)
        found = host.services.running(self.name)
        if len(found) > 1:
            raise BadRequest(f"{self.name} is the program of several services ({', '.join(service.name for service in found)}); give the name of one.")
        return found[0] if found else None

    def _starts_on_demand(self, wanted: State, have: State) -> bool:
        automatic = wanted["start_mode"] in ("auto", "delayed")
        return self._accept_trigger_start and self._starts_on_call and automatic and have["state"] == "stopped" and wanted["state"] == "running"


def _expect_keys(host: Host, service: str) -> None:
    host.registry.expect(key_of(service))
    host.registry.expect(_triggers(service), recursive=True)


def _triggers(service: str) -> str:
    return f"{key_of(service)}\\TriggerInfo"


def _is_call(trigger: Key) -> bool:
    return trigger.data("Action") == _START and trigger.data("Type") == _NETWORK_ENDPOINT
