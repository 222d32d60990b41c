# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service control manager: one query reads all services, Win32_Service's methods and sc.exe change them.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import ntpath
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .._plan import ApplyFailed
from .._wsman import Client, Resource, WSManFault
from ._commands import quote

_CLASS = Resource("root/cimv2", "Win32_Service")
_QUERY = "SELECT Name, PathName, ProcessId, StartMode, State FROM Win32_Service"
_SERVICES_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services"
_START_MODES = {"auto": "auto", "automatic": "auto", "manual": "manual", "disabled": "disabled", "boot": "boot", "system": "system"}
_WRITE_MODES = {"auto": "Automatic", "manual": "Manual", "disabled": "Disabled"}
_POLL_SECONDS = 0.5
_PENDING_LIMIT_SECONDS = 60.0
# Programs that can't work often run for a moment before they give up.
_SETTLE_SECONDS = 1.0

# Return values of Win32_Service's methods: the same table for all of them (Microsoft, startservice-method-in-class-win32-service).
REASONS: Mapping[int, str] = {
    1: "the request is not supported",
    2: "access is denied: the account must be an administrator of the host",
    3: "services that depend on it are running: stop them first",
    4: "the service does not know this control code",
    5: "the service can't take this control in its present state",
    6: "the service has not been started",
    7: "the service did not answer the start request in time",
    8: "the service failed for an unknown reason when starting: see the host's System event log",
    9: "the path of the service's program was not found",
    10: "the service is running already",
    11: "the database of services is locked: another program is changing services, try again",
    12: "a service that it depends on has been removed",
    13: "a service that it depends on could not be started",
    14: "the service is disabled",
    15: "the service could not log on: check its account and password",
    16: "the service is marked for deletion: it goes when its last handle is closed or the host restarts",
    17: "the service has no thread to run on",
    18: "the service depends on itself in a circle",
    19: "a service of this name is there already",
    20: "the service's name has characters that are not allowed",
    21: "a parameter is not valid",
    22: "the service's account is not valid or lacks the right to run services",
    23: "the service is in the database of services already",
    24: "the service is paused already",
}


@dataclass(frozen=True, slots=True)
class Service:
    """One service: `start_mode` auto, manual, disabled, boot or system; `state` running, stopped, paused, start pending...

    `process_id` is 0 if it does not run.
    """

    name: str
    image_path: str
    start_mode: str
    state: str
    process_id: int = 0

    @property
    def program(self) -> str:
        """The program's path out of the image path, without quotation marks and arguments."""
        path = self.image_path.strip()
        if path.startswith('"'):
            return path[1:].partition('"')[0]
        head, exe, _arguments = path.lower().partition(".exe")
        return path[: len(head) + len(exe)] if exe else path.partition(" ")[0]

    def runs(self, image_path: str) -> bool:
        """True if this service's program is `image_path`: a full path, or a file name in any folder."""
        wanted, program = image_path.lower(), self.program.lower()
        return wanted == (program if "\\" in wanted else ntpath.basename(program))


def key_of(name: str) -> str:
    """The registry key of a service, which tells a delayed start and start triggers on every release."""
    return f"{_SERVICES_KEY}\\{name}"


class Services:
    """All services of a host, read by one query."""

    def __init__(self, client: Client, run: Callable[[str, str], int]) -> None:
        """`run` starts a program of the system directory with arguments and returns its exit code."""
        self._client = client
        self._run = run
        self._all: dict[str, Service] | None = None

    def forget(self) -> None:
        """Read anew from now on."""
        self._all = None

    def get(self, name: str) -> Service | None:
        """The service of this short name, in any letter case."""
        return self._read().get(name.lower())

    def running(self, image_path: str) -> list[Service]:
        """The services whose program is `image_path`."""
        return [service for service in self._read().values() if service.runs(image_path)]

    def now(self, name: str) -> Service:
        """The service of this short name as it is at this moment, by a message of its own."""
        return _service(self._client.get(_CLASS, {"Name": name}))

    def _read(self) -> dict[str, Service]:
        if self._all is None:
            rows = self._client.query("root/cimv2", _QUERY)
            self._all = {service.name.lower(): service for service in map(_service, rows)}
        return self._all

    def set_start_mode(self, name: str, mode: str, *, delayed: bool) -> None:
        """Set the start mode to auto, delayed, manual or disabled.

        No WMI method sets the delayed start, and ChangeStartMode leaves it standing: to it, and where `delayed` says that the
        registry still has it, sc.exe is used.
        """
        if delayed or mode == "delayed":
            code = self._run("sc.exe", f"config {quote(name)} start= {'delayed-auto' if mode == 'delayed' else mode.replace('manual', 'demand')}")
            if code:
                raise ApplyFailed(f"sc.exe could not set service {name} to start {mode}: Windows error {code}.")
        else:
            self._invoke(name, "ChangeStartMode", {"StartMode": _WRITE_MODES[mode]}, "set the start mode of")

    def start(self, name: str) -> None:
        """Start or resume a service and wait until it runs, and still does a moment later. One that runs already is no error."""
        method = "ResumeService" if self._settled(name) == "paused" else "StartService"
        self._invoke(name, method, {}, "start", accept=(0, 10))
        self._wait(name, "running")
        time.sleep(_SETTLE_SECONDS)
        self._wait(name, "running")

    def stop(self, name: str) -> None:
        """Stop a service and wait until it is stopped. One that is stopped already is no error."""
        self._settled(name)
        # 7: the service may still stop; what it does afterwards decides.
        self._invoke(name, "StopService", {}, "stop", accept=(0, 5, 6, 7))
        self._wait(name, "stopped")

    def _invoke(self, name: str, method: str, arguments: Mapping[str, str], verb: str, accept: Iterable[int] = (0,)) -> None:
        try:
            code = self._client.invoke(_CLASS, method, arguments, {"Name": name}).integer("ReturnValue") or 0
        except WSManFault as fault:
            if not fault.timed_out:
                raise
            # A long start or stop goes on after the message has timed out: the state tells.
            return
        if code not in accept:
            raise ApplyFailed(f"Windows did not {verb} service {name}: {REASONS.get(code, f'return value {code}')}.")

    def _wait(self, name: str, wanted: str) -> None:
        state = self._settled(name)
        if state != wanted:
            raise ApplyFailed(f"Service {name} is {state} where it should be {wanted}: see the host's System event log.")

    def _settled(self, name: str) -> str:
        """The service's state once it is none of the pending ones, or after the limit of patience."""
        limit = time.monotonic() + _PENDING_LIMIT_SECONDS
        while "pending" in (state := self.now(name).state) and time.monotonic() < limit:
            time.sleep(_POLL_SECONDS)
        return state


def _service(row: Mapping[str, object]) -> Service:
    text = {name.lower(): str(value or "") for name, value in row.items()}
    mode = text["startmode"].lower()
    return Service(text["name"], text.get("pathname", ""), _START_MODES.get(mode, mode), text["state"].lower(), int(text.get("processid") or 0))
