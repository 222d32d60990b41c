# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registry values that a service reads when it starts: they belong to the service's state, and it is stopped while they change.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .._host import Host, RegistryValue, split
from .._plan import BadRequest, Value
from ._registry_data import TYPES, canonical

# The one service whose idle stop is documented (Microsoft KB3105719).
_IDLE_STOP = {"remoteregistry": ("HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\RemoteRegistry", "DisableIdleStop")}


class Setting(Protocol):
    """One value of the service's state that stands in the registry under `key`."""

    key: str

    def expect(self, host: Host) -> None:
        """Its registry key will be read."""

    def read(self, host: Host) -> Value:
        """What is there, None for nothing."""

    def want(self, have: Value) -> Value:
        """What is asked, given what is there."""

    def write(self, host: Host, value: Value) -> None:
        """Set it, or delete it for None."""


class RegistrySetting:
    """A value of a play's `settings`; absent with data means: absent if it holds just that."""

    def __init__(self, options: Mapping[str, Any], *, in_full: bool) -> None:
        """`options` as an entry of the module's `settings`; `in_full` if its name alone does not tell it from another."""
        self._path: str = options["path"]
        self._name: str = options["name"]
        full = "\\".join((*split(self._path), self._name))
        self.key = f"setting {full if in_full else self._name}"
        self._type = TYPES[options["type"]]
        self._absent: bool = options["state"] == "absent"
        given = options["data"]
        self._data: Value = None if self._absent and given is None else canonical(f"{self._path}\\{self._name}", options["type"], given)

    def expect(self, host: Host) -> None:
        """The key goes with the others in one command."""
        host.registry.expect(host.native(self._path))

    def read(self, host: Host) -> Value:
        """The data; with its type in front of it if that is another one than asked."""
        key = host.registry.key(host.native(self._path))
        found = key.values.get(self._name.lower()) if key else None
        if found is None:
            return None
        return found.data if found.type == self._type else f"{found.type} {found.data}"

    def want(self, have: Value) -> Value:
        """The data; nothing, or what is there if that is not the data to be removed."""
        if not self._absent:
            return self._data
        return None if self._data in (None, have) else have

    def write(self, host: Host, value: Value) -> None:
        """By its type; what is not text, number or list is no data."""
        path = host.native(self._path)
        if value is None:
            host.registry.delete(path, self._name)
        else:
            host.registry.write(path, RegistryValue(self._name, self._type, value))


class IdleStop:
    """Whether the service stops when nobody has used it for a while."""

    key = "stop_when_idle"

    def __init__(self, place: tuple[str, str], asked: bool | None) -> None:
        """`place` is the key and the name of the value that keeps it from stopping."""
        self._path, self._name = place
        self._asked = asked

    def expect(self, host: Host) -> None:
        """The key goes with the others in one command."""
        host.registry.expect(self._path)

    def read(self, host: Host) -> Value:
        """True unless the value says otherwise."""
        key = host.registry.key(self._path)
        return not (key and key.data(self._name))

    def want(self, have: Value) -> Value:
        """What is there, if nothing is asked."""
        return have if self._asked is None else self._asked

    def write(self, host: Host, value: Value) -> None:
        """As Microsoft documents the value."""
        host.registry.write(self._path, RegistryValue(self._name, "REG_DWORD", 0 if value else 1))


def settings_of(service: str, options: Mapping[str, Any]) -> Sequence[Setting]:
    """The settings that belong to a service's state.

    Raises:
        BadRequest: one of them can't be had.
    """
    entries = options["settings"] or ()
    names = Counter(entry["name"].lower() for entry in entries)
    found: list[Setting] = [RegistrySetting(entry, in_full=names[entry["name"].lower()] > 1) for entry in entries]
    keys = Counter(setting.key.lower() for setting in found)
    if twins := sorted(key for key, count in keys.items() if count > 1):
        raise BadRequest(f"Service {service} is given {twins[0]} twice; leave one of them.")
    place = _IDLE_STOP.get(service.lower())
    if place:
        found.append(IdleStop(place, options["stop_when_idle"]))
    elif options["stop_when_idle"] is not None:
        raise BadRequest(f"stop_when_idle is known for RemoteRegistry only, not for {service}.")
    return found
