# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The properties and folders that Windows Installer sets by itself (win32 "Property Reference")."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..host import Windows
    from ..records import Account

# Windows Installer tells packages 6.3 on everything newer, too.
NEWEST = 603


def standard_properties(host: Windows, account: Account) -> dict[str, str]:
    """What conditions and texts of a package can name beside its own properties."""
    release = host.features
    now = datetime.now()
    known = str(min(release.order[0], NEWEST))
    found = {
        "VersionNT": known,
        "WindowsBuild": str(release.build if release.build < 9600 else 9600),
        "ServicePackLevel": "0",
        "MsiNTProductType": str(release.product_type),
        "VersionMsi": "5.00",
        "ComputerName": host.name.upper(),
        "LogonUser": account.name,
        "Privileged": "1" if account.elevated else "",
        "AdminUser": "1" if account.elevated else "",
        "Date": now.strftime("%m/%d/%Y"),
        "Time": now.strftime("%H:%M:%S"),
        "Intel": "6",
        "PhysicalMemory": "4096",
        "SystemLanguageID": str(host.speech.lcid),
        "UserLanguageID": str(host.speech.lcid),
        "ROOTDRIVE": "C:\\",
        "UILevel": "2",
    }
    if host.bits == 64:
        found |= {"VersionNT64": known, "MsiAMD64": "6", "Msix64": "6"}
    return {name: value for name, value in (found | standard_folders(host)).items() if value}


def standard_folders(host: Windows) -> dict[str, str]:
    """The folders that a package can name; those without a 64 in their names are the 32-bit ones."""
    native = r"C:\Program Files"
    narrow = rf"{native} (x86)" if host.bits == 64 else native
    system32, narrow_system = r"C:\Windows\System32", r"C:\Windows\SysWOW64" if host.bits == 64 else r"C:\Windows\System32"
    found = {
        "ProgramFilesFolder": narrow,
        "CommonFilesFolder": rf"{narrow}\Common Files",
        "CommonAppDataFolder": r"C:\ProgramData",
        "WindowsFolder": r"C:\Windows",
        "WindowsVolume": "C:",
        "SystemFolder": narrow_system,
        "TempFolder": r"C:\Windows\TEMP",
        "FontsFolder": r"C:\Windows\Fonts",
        "ProgramMenuFolder": r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs",
        "StartMenuFolder": r"C:\ProgramData\Microsoft\Windows\Start Menu",
        "DesktopFolder": r"C:\Users\Public\Desktop",
        "AdminToolsFolder": r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Administrative Tools",
    }
    if host.bits == 64:
        found |= {"ProgramFiles64Folder": native, "CommonFiles64Folder": rf"{native}\Common Files", "System64Folder": system32}
    return {name: f"{path}\\" for name, path in found.items()}
