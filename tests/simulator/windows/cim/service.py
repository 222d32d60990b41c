# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_Service and Win32_DependentService over the service control manager."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..paths import expanded
from ..records import Account, CimError, Reference
from ..services import AUTO, OWN_PROCESS, SHARE_PROCESS, START_NAMES, Service
from .catalogue import E_NOT_FOUND, CimClass

if TYPE_CHECKING:
    from ..host import Windows

ACCESS_DENIED, CANNOT_ACCEPT, UNKNOWN_FAILURE, INVALID_PARAMETER = 2, 5, 8, 21
# Win32 error -> return value of the methods (surface 2.1).
_RETURN = {
    0: 0, 2: 9, 3: 9, 5: 2, 87: 21, 123: 20, 1051: 3, 1052: 4, 1053: 7, 1054: 17, 1055: 11, 1056: 10, 1057: 22, 1058: 14, 1059: 18,
    1060: 9, 1061: 5, 1062: 6, 1068: 13, 1069: 15, 1072: 16, 1073: 23, 1075: 12, 1078: 19,
}  # fmt: skip
_START_MODES = {"boot": 0, "system": 1, "automatic": 2, "manual": 3, "disabled": 4}
_KINDS = {1: "Kernel Driver", 2: "File System Driver", OWN_PROCESS: "Own Process", SHARE_PROCESS: "Share Process"}


class Win32Service(CimClass):
    """Key Name. Callers without administrator rights see no services: the manager does not let them enumerate from the network."""

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        return [self._instance(host, service) for service in host.services] if account.elevated else []

    def _instance(self, host: Windows, service: Service) -> dict[str, Any]:
        known = _properties(host, service)
        return {prop.name: known.get(prop.name) for prop in self.properties}

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if not account.elevated:
            return {"ReturnValue": ACCESS_DENIED}
        if method == "Create":
            return {"ReturnValue": _create(host, arguments)}
        service = host.services.find(str(keys.get("Name") or ""))
        if service is None:
            raise CimError(6, host.text("wmi.not_found"), E_NOT_FOUND)
        return {"ReturnValue": _call(host, service, method, arguments)}


def _call(host: Windows, service: Service, method: str, arguments: dict[str, Any]) -> int:
    match method:
        case "StartService":
            return _RETURN.get(host.services.start(service.name), UNKNOWN_FAILURE)
        case "StopService":
            # Seen on real hosts: a stopped service answers 5, not 6 (nx [C]).
            return CANNOT_ACCEPT if service.stopped else _RETURN.get(host.services.stop(service.name), UNKNOWN_FAILURE)
        case "ChangeStartMode":
            return _change_start_mode(host, service, arguments)
        case "Change":
            return _change(host, service, arguments)
        case "Delete":
            return _RETURN.get(host.services.delete(service.name), UNKNOWN_FAILURE)
        case "InterrogateService":
            return CANNOT_ACCEPT if service.stopped else 0
        case "PauseService" | "ResumeService":
            return _RETURN.get(host.services.pause(service.name, resume=method == "ResumeService"), UNKNOWN_FAILURE)
        case "UserControlService":
            return CANNOT_ACCEPT if service.stopped else 4
    raise CimError(16, host.text("wmi.not_supported"))


def _change_start_mode(host: Windows, service: Service, arguments: dict[str, Any]) -> int:
    start = _START_MODES.get(str(arguments.get("StartMode") or "").lower())
    # Boot and System are for drivers only.
    if start is None or start < AUTO:
        return INVALID_PARAMETER
    changes: dict[str, object] = {"start": start}
    return _RETURN.get(host.services.configure(service.name, **changes), UNKNOWN_FAILURE)


def _change(host: Windows, service: Service, arguments: dict[str, Any]) -> int:
    fields = {"DisplayName": "display_name", "PathName": "path", "StartName": "account", "StartPassword": "password"}
    changes: dict[str, object] = {fields[name]: value for name, value in arguments.items() if name in fields and value is not None}
    if arguments.get("StartMode") is not None:
        start = _START_MODES.get(str(arguments["StartMode"]).lower())
        if start is None or start < AUTO:
            return INVALID_PARAMETER
        changes["start"] = start
    if arguments.get("ServiceDependencies") is not None:
        changes["depends"] = tuple(arguments["ServiceDependencies"])
    return _RETURN.get(host.services.configure(service.name, **changes), UNKNOWN_FAILURE)


def _create(host: Windows, arguments: dict[str, Any]) -> int:
    name, path = str(arguments.get("Name") or ""), str(arguments.get("PathName") or "")
    start = _START_MODES.get(str(arguments.get("StartMode") or "").lower())
    if not name or not path or start is None or "/" in name or "\\" in name:
        return INVALID_PARAMETER
    kind = int(arguments.get("ServiceType") or OWN_PROCESS)
    account = str(arguments.get("StartName") or "LocalSystem")
    service = Service(name, str(arguments.get("DisplayName") or name), path, start, kind=kind, account=account)
    depends = tuple(arguments.get("ServiceDependencies") or ())
    return _RETURN.get(host.services.add(replace(service, depends=depends)), UNKNOWN_FAILURE)


def _properties(host: Windows, service: Service) -> dict[str, Any]:
    running = service.state == "Running"
    return {
        "AcceptPause": running and service.accept_pause,
        "AcceptStop": running and service.accept_stop,
        "Caption": service.display_name,
        "CheckPoint": 0,
        "CreationClassName": "Win32_Service",
        "DelayedAutoStart": service.delayed,
        "Description": service.description,
        "DesktopInteract": False,
        "DisplayName": service.display_name,
        "ErrorControl": "Normal",
        "ExitCode": service.exit_code,
        "Name": service.name,
        "PathName": expanded(service.path, host.environment),
        "ProcessId": service.process_id,
        "ServiceSpecificExitCode": 0,
        "ServiceType": _KINDS.get(service.kind, "Unknown"),
        "Started": not service.stopped,
        "StartMode": START_NAMES[service.start],
        "StartName": service.account,
        "State": service.state,
        "Status": "Degraded" if service.state == "Start Pending" else "OK",
        "SystemCreationClassName": "Win32_ComputerSystem",
        "SystemName": host.name.upper(),
        "TagId": 0,
        "WaitHint": 2000 if service.state.endswith("Pending") else 0,
    }


class DependentService(CimClass):
    """Antecedent is what is needed, Dependent the one that needs it; dependencies on drivers are left out."""

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        if not account.elevated:
            return []
        pairs = [(service, host.services.find(name)) for service in host.services for name in service.depends]
        return [_dependency(needed, service) for service, needed in pairs if needed is not None]


def _dependency(needed: Service, service: Service) -> dict[str, Any]:
    def reference(target: Service) -> Reference:
        return Reference("root/cimv2", "Win32_Service", {"Name": target.name})

    return {"Antecedent": reference(needed), "Dependent": reference(service), "TypeOfDependency": None}
