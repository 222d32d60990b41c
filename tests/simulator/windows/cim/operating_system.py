# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_OperatingSystem: the identity of the system, and its restart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..records import Account
from ..registry import Type
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

INSTALLED = datetime(2024, 1, 1, 10, 0, 0, tzinfo=UTC)
ERROR_PRIVILEGE_NOT_HELD = 1314
ERROR_INVALID_PARAMETER = 87
REBOOT_FLAG = 2
OTHER_FLAGS = 0x1 | 0x4 | 0x8 | 0x10
_SERVER_PARAMETERS = r"SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters"

_CONSTANT: dict[str, Any] = {
    "BootDevice": r"\Device\HarddiskVolume1",
    "BuildType": "Multiprocessor Free",
    "CreationClassName": "Win32_OperatingSystem",
    "CSCreationClassName": "Win32_ComputerSystem",
    "DataExecutionPrevention_32BitApplications": True,
    "DataExecutionPrevention_Available": True,
    "DataExecutionPrevention_Drivers": True,
    "Debug": False,
    "Distributed": False,
    "EncryptionLevel": 256,
    "FreePhysicalMemory": 2716404,
    "FreeSpaceInPagingFiles": 720896,
    "FreeVirtualMemory": 3381976,
    "InstallDate": INSTALLED,
    "Manufacturer": "Microsoft Corporation",
    "MaxNumberOfProcesses": 4294967295,
    "NumberOfLicensedUsers": 0,
    "NumberOfProcesses": 87,
    "NumberOfUsers": 1,
    "Organization": "",
    "OSType": 18,
    "PortableOperatingSystem": False,
    "Primary": True,
    "RegisteredUser": "Lab",
    "SerialNumber": "00000-00000-00000-AA000",
    "ServicePackMajorVersion": 0,
    "ServicePackMinorVersion": 0,
    "SizeStoredInPagingFiles": 720896,
    "Status": "OK",
    "SystemDevice": r"\Device\HarddiskVolume2",
    "SystemDirectory": r"C:\Windows\system32",
    "SystemDrive": "C:",
    "TotalVirtualMemorySize": 4914752,
    "TotalVisibleMemorySize": 4193856,
    "WindowsDirectory": r"C:\Windows",
}


class OperatingSystem(CimClass):
    """One instance, no keys."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        known = {**_identity(host), **_locale(host), **_machine(host), **_CONSTANT}
        return [{prop.name: known.get(prop.name) for prop in self.properties}]

    def _modify(self, host: Windows, keys: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        current = next(iter(self._instances(host)))
        if "Description" in self.differing(host, current, properties, ("Description",)):
            host.registry.put("hklm", _SERVER_PARAMETERS, "srvcomment", Type.REG_SZ, str(properties["Description"] or ""))
            host.journal.write("cim", "Win32_OperatingSystem", dict(properties))
        return next(iter(self._instances(host)))

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method not in ("Reboot", "Shutdown", "Win32Shutdown"):
            return super()._invoke(host, account, keys, method, arguments)
        if not account.elevated:
            return {"ReturnValue": ERROR_PRIVILEGE_NOT_HELD}
        flags = int(arguments.get("Flags") or 0) if method == "Win32Shutdown" else REBOOT_FLAG
        if flags & ~(REBOOT_FLAG | OTHER_FLAGS):
            return {"ReturnValue": ERROR_INVALID_PARAMETER}
        host.journal.write("system", host.name, {"action": method, "flags": flags})
        if flags & REBOOT_FLAG:
            host.power.order()
        return {"ReturnValue": 0}


def caption(host: Windows) -> str:
    """The product's name; only the French editions for clients have one of their own."""
    name = host.features.product
    return name.replace("Pro", "Professionnel") if host.language == "fr-FR" and name.endswith(" Pro") else name


def _identity(host: Windows) -> dict[str, Any]:
    release = host.features
    version = f"{release.version}.{release.build}"
    return {
        "BuildNumber": str(release.build),
        "Caption": caption(host),
        "CSName": host.name.upper(),
        "DataExecutionPrevention_SupportPolicy": 3 if release.server else 2,
        "Description": str(host.registry.value("hklm", _SERVER_PARAMETERS, "srvcomment") or ""),
        "ForegroundApplicationBoost": 0 if release.server else 2,
        "Name": rf"{caption(host)}|C:\Windows|\Device\Harddisk0\Partition2",
        "OperatingSystemSKU": release.sku,
        "OSProductSuite": 272 if release.server else 256,
        "ProductType": release.product_type,
        "SuiteMask": 272,
        "Version": version,
    }


def _locale(host: Windows) -> dict[str, Any]:
    speech = host.speech
    return {
        "CodeSet": str(speech.ansi),
        "CountryCode": speech.country,
        "Locale": f"{speech.lcid:04x}",
        "MUILanguages": [speech.tag],
        "OSArchitecture": speech.bits.replace("64", str(host.bits)),
        "OSLanguage": speech.lcid,
    }


def _machine(host: Windows) -> dict[str, Any]:
    return {
        "CurrentTimeZone": 0,
        "LastBootUpTime": host.booted,
        "LocalDateTime": host.power.local_time(),
        "MaxProcessMemorySize": (137438953344 if host.features.windows_10_or_later else 8589934464) if host.bits == 64 else 2097024,
    }
