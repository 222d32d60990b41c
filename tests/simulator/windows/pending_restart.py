# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in the registry says that Windows waits for a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .registry import Registry, Type

SERVICING = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing"
_UPDATE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update"
_SESSION_MANAGER = r"SYSTEM\CurrentControlSet\Control\Session Manager"
_COMPUTER_NAME = r"SYSTEM\CurrentControlSet\Control\ComputerName"
_NETLOGON = r"SYSTEM\CurrentControlSet\Services\Netlogon"
_UPDATES = r"SOFTWARE\Microsoft\Updates"


def _new_name(registry: Registry) -> None:
    registry.put("hklm", rf"{_COMPUTER_NAME}\ComputerName", "ComputerName", Type.REG_SZ, "RENAMED")


_MAKERS: Mapping[str, Callable[[Registry], object]] = {
    "cbs": lambda registry: registry.make("hklm", rf"{SERVICING}\RebootPending"),
    "cbs_in_progress": lambda registry: registry.make("hklm", rf"{SERVICING}\RebootInProgress"),
    "cbs_packages": lambda registry: registry.make("hklm", rf"{SERVICING}\PackagesPending"),
    "windows_update": lambda registry: registry.make("hklm", rf"{_UPDATE}\RebootRequired"),
    "file_renames": lambda registry: registry.put(
        "hklm", _SESSION_MANAGER, "PendingFileRenameOperations", Type.REG_MULTI_SZ, (r"\??\C:\Windows\Temp\old.tmp", "")
    ),
    "update_exe": lambda registry: registry.put("hklm", _UPDATES, "UpdateExeVolatile", Type.REG_DWORD, 1),
    "computer_name": _new_name,
    "domain_join": lambda registry: registry.put("hklm", _NETLOGON, "JoinDomain", Type.REG_SZ, "lab.test"),
}


def check(names: Sequence[str]) -> None:
    """Raise ValueError for a reason that there is not."""
    if unknown := sorted(set(names) - set(_MAKERS)):
        raise ValueError(f"pending_restart: unknown {', '.join(unknown)}; known: {', '.join(sorted(_MAKERS))}")


def write(registry: Registry, options: Mapping[str, Any]) -> None:
    """Make what the fleet asks for."""
    for name in options.get("pending_restart", []):
        _MAKERS[name](registry)


def clear(registry: Registry, *, in_progress: bool = False) -> None:
    """What a start of Windows clears; PendingFileRenameOperations belongs to the installer. ``in_progress``: servicing goes on for a while."""
    for path in (rf"{SERVICING}\RebootPending", rf"{SERVICING}\PackagesPending", rf"{SERVICING}\RebootInProgress", rf"{_UPDATE}\RebootRequired"):
        registry.remove("hklm", path)
    for path, name in ((_UPDATES, "UpdateExeVolatile"), (_NETLOGON, "JoinDomain"), (_NETLOGON, "AvoidSpnSet")):
        key = registry.open("hklm", path)
        if key:
            key.values.pop(name.lower(), None)
    stored = registry.value("hklm", rf"{_COMPUTER_NAME}\ComputerName", "ComputerName")
    if isinstance(stored, str):
        registry.put("hklm", rf"{_COMPUTER_NAME}\ActiveComputerName", "ComputerName", Type.REG_SZ, stored)
    if in_progress:
        registry.make("hklm", rf"{SERVICING}\RebootInProgress")
