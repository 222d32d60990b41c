# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_Process over the host's processes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..processes import IDLE, SYSTEM, Process
from ..records import Account, CimError
from .catalogue import E_NOT_FOUND, E_NOT_SUPPORTED, CimClass

if TYPE_CHECKING:
    from ..host import Windows

ACCESS_DENIED = 2
_NORMAL_PRIORITY = 8


class Win32Process(CimClass):
    """Key Handle, the process' number as text. Other people's paths and command lines are for administrators."""

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        host.services.settle()
        return [self._instance(host, process, account) for process in host.processes]

    def _instance(self, host: Windows, process: Process, account: Account) -> dict[str, Any]:
        known = _properties(host, process)
        if not account.elevated:
            known |= {"CommandLine": None, "ExecutablePath": None}
        return {prop.name: known.get(prop.name) for prop in self.properties}

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method != "Terminate":
            raise CimError(7, host.text("wmi.not_supported"), E_NOT_SUPPORTED)
        handle = str(keys.get("Handle") or "")
        process = host.processes.find(int(handle)) if handle.isdecimal() else None
        if process is None:
            raise CimError(6, host.text("wmi.not_found"), E_NOT_FOUND)
        if not account.elevated or not host.processes.kill(process.pid, tree=False):
            return {"ReturnValue": ACCESS_DENIED}
        host.journal.write("process", process.name, {"action": "terminate", "command_line": process.command_line})
        return {"ReturnValue": 0}


def _properties(host: Windows, process: Process) -> dict[str, Any]:
    kernel = process.pid in (IDLE, SYSTEM)
    system = rf"{host.features.product}|C:\Windows|\Device\Harddisk0\Partition2"
    return {
        "Caption": process.name,
        "CommandLine": None if kernel else process.command_line,
        "CreationClassName": "Win32_Process",
        "CreationDate": process.started,
        "CSCreationClassName": "Win32_ComputerSystem",
        "CSName": host.name.upper(),
        "Description": process.name,
        "ExecutablePath": None if kernel else process.image,
        "Handle": str(process.pid),
        "Name": process.name,
        "OSCreationClassName": "Win32_OperatingSystem",
        "OSName": system,
        "ParentProcessId": process.parent,
        "Priority": 0 if process.pid == IDLE else _NORMAL_PRIORITY,
        "ProcessId": process.pid,
        "SessionId": process.session,
        "WindowsVersion": f"{host.features.version}.{host.features.build}" if host.features.version.count(".") < 2 else host.features.version,
    }
