# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Windows waits for a restart, and for which reasons, from registry keys that are read along with others (surface 8.6).

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping

from ._registry import Registry

SERVICING = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing"
_UPDATE = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update"
_UPDATES = "HKLM\\SOFTWARE\\Microsoft\\Updates"
_NAMES = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName"
_NETLOGON = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Netlogon"
_SESSION_MANAGER = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager"
_ACTIVE, _STORED = f"{_NAMES}\\ActiveComputerName", f"{_NAMES}\\ComputerName"

# A key below `key` that says it by being there.
_MARKS: Mapping[tuple[str, str], str] = {
    (SERVICING, "rebootpending"): "servicing",
    (SERVICING, "rebootinprogress"): "servicing_in_progress",
    (SERVICING, "packagespending"): "servicing_packages",
    (_UPDATE, "rebootrequired"): "windows_update",
}


class Restart:
    """What the registry says; remembered as all reads are."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def expect(self) -> None:
        """These keys go with the others in one command."""
        for path in (SERVICING, _UPDATE, _UPDATES, _ACTIVE, _STORED, _NETLOGON, _SESSION_MANAGER):
            self._registry.expect(path)

    def reasons(self) -> tuple[str, ...]:
        """Why Windows waits for a restart, by names of our own; empty if it does not. File renames are no reason by themselves."""
        marks = [reason for (path, name), reason in _MARKS.items() if self._has_key(path, name)]
        if self._data(_UPDATES, "UpdateExeVolatile"):
            marks.append("update_exe")
        active, stored = self._data(_ACTIVE, "ComputerName"), self._data(_STORED, "ComputerName")
        if active and stored and str(active).lower() != str(stored).lower():
            marks.append("computer_name")
        if any(self._data(_NETLOGON, name) is not None for name in ("JoinDomain", "AvoidSpnSet")):
            marks.append("domain_join")
        return tuple(marks)

    def file_renames(self) -> bool:
        """Whether files wait to be replaced or removed: installers leave that, but so do virus scanners and printer drivers every day."""
        return bool(self._data(_SESSION_MANAGER, "PendingFileRenameOperations"))

    def _has_key(self, path: str, name: str) -> bool:
        key = self._registry.key(path)
        return key is not None and name in key.subkeys

    def _data(self, path: str, name: str) -> object:
        key = self._registry.key(path)
        return key.data(name) if key else None
