# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_ComputerSystem: name, domain and role of the computer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

_CONSTANT: dict[str, Any] = {
    "AdminPasswordStatus": 3,
    "AutomaticManagedPagefile": True,
    "AutomaticResetBootOption": True,
    "AutomaticResetCapability": True,
    "BootROMSupported": True,
    "BootupState": "Normal boot",
    "ChassisBootupState": 3,
    "CreationClassName": "Win32_ComputerSystem",
    "CurrentTimeZone": 0,
    "Description": "AT/AT COMPATIBLE",
    "EnableDaylightSavingsTime": True,
    "FrontPanelResetStatus": 3,
    "HypervisorPresent": True,
    "InfraredSupported": False,
    "KeyboardPasswordStatus": 3,
    "Manufacturer": "QEMU",
    "Model": "Standard PC (Q35 + ICH9, 2009)",
    "NetworkServerModeEnabled": True,
    "NumberOfLogicalProcessors": 2,
    "NumberOfProcessors": 1,
    "PauseAfterReset": -1,
    "PCSystemType": 1,
    "PCSystemTypeEx": 1,
    "PowerOnPasswordStatus": 3,
    "PowerState": 0,
    "PowerSupplyState": 3,
    "PrimaryOwnerName": "Lab",
    "ResetCapability": 1,
    "ResetCount": -1,
    "ResetLimit": -1,
    "Status": "OK",
    "ThermalState": 3,
    "TotalPhysicalMemory": 4294508544,
    "WakeUpType": 6,
}
WORKGROUP = "WORKGROUP"


class ComputerSystem(CimClass):
    """One instance, key Name."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        known = {**_CONSTANT, **_names(host)}
        return [{prop.name: known.get(prop.name) for prop in self.properties}]


def _names(host: Windows) -> dict[str, Any]:
    name = host.name.upper()
    joined = host.domain is not None
    return {
        "Caption": name,
        "DNSHostName": host.name,
        "Domain": host.domain or WORKGROUP,
        "DomainRole": (2 if host.features.server else 0) + joined,
        "Name": name,
        "PartOfDomain": joined,
        "Roles": ["LM_Workstation", "LM_Server", "NT", "Server_NT"] if host.features.server else ["LM_Workstation", "LM_Server", "NT"],
        "SystemType": "x64-based PC" if host.bits == 64 else "X86-based PC",
        "Workgroup": None if joined else WORKGROUP,
    }
