# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_LogicalDisk: the one drive of the host and its free space."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

SIZE = 64 * 1024**3
# Without the option disk_free the drive is as good as empty.
FREE = 40 * 1024**3
_LOCAL_DISK, _FIXED = 3, 12


class LogicalDisk(CimClass):
    """Key DeviceID, ``C:``."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        known = {
            "Access": 0,
            "Caption": "C:",
            "Compressed": False,
            "CreationClassName": "Win32_LogicalDisk",
            "DeviceID": "C:",
            "DriveType": _LOCAL_DISK,
            "FileSystem": "NTFS",
            "FreeSpace": FREE if host.files.free is None else host.files.free,
            "MaximumComponentLength": 255,
            "MediaType": _FIXED,
            "Name": "C:",
            "Size": SIZE,
            "SupportsDiskQuotas": False,
            "SupportsFileBasedCompression": True,
            "SystemCreationClassName": "Win32_ComputerSystem",
            "SystemName": host.name.upper(),
            "VolumeName": "",
            "VolumeSerialNumber": "4C414221",
        }
        return [{prop.name: known.get(prop.name) for prop in self.properties}]
