# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service control manager keeps in the registry for each service."""

from __future__ import annotations

import uuid
from functools import cache

from .registry import Key, Registry, Type
from .services import Service, Trigger

ROOT = r"SYSTEM\CurrentControlSet\Services"
ERROR_CONTROL_NORMAL = 1
_START_ACTION = 1
_STRING_DATA = 2
DRIVERS = ("Afd", "Bowser", "fileinfo", "HTTP", "lltdio", "mpsdrv", "MRxSmb20", "Mup", "Ndisuio", "NetBT", "nsiproxy", "RasAcd", "RDPDR", "Srv2")
MORE_DRIVERS = ("Tcpip", "Tdx", "WdNisDrv")


def write_drivers(registry: Registry) -> None:
    """The drivers that services depend on: a key with a start type each; they are no Win32 services."""
    for name in (*DRIVERS, *MORE_DRIVERS):
        key = registry.make("hklm", rf"{ROOT}\{name}")
        key.put("Start", Type.REG_DWORD, 1)
        key.put("Type", Type.REG_DWORD, 1)
        key.put("ErrorControl", Type.REG_DWORD, ERROR_CONTROL_NORMAL)


def write_image(registry: Registry, service: Service) -> None:
    """Write one service's configuration."""
    key = registry.make("hklm", rf"{ROOT}\{service.name}")
    key.put("DisplayName", Type.REG_SZ, service.display_name)
    key.put("ErrorControl", Type.REG_DWORD, ERROR_CONTROL_NORMAL)
    key.put("ImagePath", Type.REG_EXPAND_SZ, service.path)
    key.put("ObjectName", Type.REG_SZ, service.account)
    key.put("Start", Type.REG_DWORD, service.start)
    key.put("Type", Type.REG_DWORD, service.kind)
    if service.depends:
        key.put("DependOnService", Type.REG_MULTI_SZ, service.depends)
    if service.delayed or "delayedautostart" in key.values:
        key.put("DelayedAutostart", Type.REG_DWORD, int(service.delayed))
    key.subkeys.pop("triggerinfo", None)
    for number, trigger in enumerate(service.triggers):
        _write_trigger(key.make(("TriggerInfo", str(number))), trigger)


@cache
def _guid(text: str) -> bytes:
    return uuid.UUID(text).bytes_le


def _write_trigger(key: Key, trigger: Trigger) -> None:
    key.put("Type", Type.REG_DWORD, trigger.number)
    key.put("Action", Type.REG_DWORD, _START_ACTION)
    key.put("GUID", Type.REG_BINARY, _guid(trigger.subtype))
    if trigger.text:
        key.put("DataType0", Type.REG_DWORD, _STRING_DATA)
        key.put("Data0", Type.REG_BINARY, (trigger.text + "\0\0").encode("utf-16-le"))
