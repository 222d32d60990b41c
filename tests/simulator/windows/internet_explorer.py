# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Internet Explorer's engine, which all releases have, and IE ESC leave in the registry of a freshly installed host."""

from __future__ import annotations

from .registry import Key, Registry, Type
from .releases import Release

ZONES = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Zones"
INTERNET_EXPLORER = r"SOFTWARE\Microsoft\Internet Explorer"
ACTIVE_SETUP = r"SOFTWARE\Microsoft\Active Setup\Installed Components"
# Enhanced Security Configuration for administrators and for users (surface 8.4).
ESC = ("{A509B1A7-37EF-4b3f-8CFC-4F3A74704073}", "{A509B1A8-37EF-4b3f-8CFC-4F3A74704073}")
ENABLE, PROMPT, DISABLE = 0, 1, 3
_ACTIONS = ("1200", "1201", "1400", "1402", "1405", "1601", "1803", "1A00")
# URL actions in each zone, in the order of _ACTIONS: the templates Low, Medium-Low, Medium, Medium-High and High.
_TEMPLATES = (
    ("My Computer", (ENABLE, PROMPT, ENABLE, ENABLE, ENABLE, ENABLE, ENABLE, 0)),
    ("Local intranet", (ENABLE, DISABLE, ENABLE, ENABLE, ENABLE, ENABLE, ENABLE, 0x20000)),
    ("Trusted sites", (ENABLE, DISABLE, ENABLE, ENABLE, ENABLE, ENABLE, ENABLE, 0x20000)),
    ("Internet", (ENABLE, DISABLE, ENABLE, ENABLE, ENABLE, ENABLE, ENABLE, 0x20000)),
    ("Restricted sites", (DISABLE, DISABLE, DISABLE, DISABLE, DISABLE, PROMPT, DISABLE, 0x10000)),
)


def machine_settings(registry: Registry, release: Release, bits: int) -> None:
    """The keys below HKLM, in both views."""
    roots = [""] if bits == 32 else ["", "WOW6432Node\\"]
    for node in roots:
        zones = registry.make("hklm", ZONES.replace("SOFTWARE\\", f"SOFTWARE\\{node}", 1))
        _zones(zones)
        explorer = INTERNET_EXPLORER.replace("SOFTWARE\\", f"SOFTWARE\\{node}", 1)
        version = "9.10.9200.16384" if release.key == "2012" else f"9.11.{release.build}.0"
        registry.put("hklm", explorer, "Version", Type.REG_SZ, version)
        registry.put("hklm", explorer, "svcVersion", Type.REG_SZ, "10.0.9200.16384" if release.key == "2012" else f"11.0.{release.build}.0")
        lockdown = rf"{explorer}\Main\FeatureControl\FEATURE_LOCALMACHINE_LOCKDOWN"
        registry.put("hklm", lockdown, "iexplore.exe", Type.REG_DWORD, 1)
        registry.put("hklm", lockdown, "explorer.exe", Type.REG_DWORD, 1)
        registry.put("hklm", rf"{lockdown}\Settings", "LOCALMACHINE_CD_UNLOCK", Type.REG_DWORD, 0)
        if release.server:
            for component in ESC:
                key = ACTIVE_SETUP.replace("SOFTWARE\\", f"SOFTWARE\\{node}", 1) + f"\\{component}"
                registry.put("hklm", key, "IsInstalled", Type.REG_DWORD, 1)


def user_settings(key: Key, *, used: bool) -> None:
    """What is below a user's hive; the zones come with the first logon."""
    settings = key.make(("Software", "Microsoft", "Windows", "CurrentVersion", "Internet Settings"))
    settings.put("WarnonZoneCrossing", Type.REG_DWORD, 0)
    if used:
        _zones(settings.make(("Zones",)))
        lockdown = key.make(("Software", "Microsoft", "Internet Explorer", "Main", "FeatureControl", "FEATURE_LOCALMACHINE_LOCKDOWN"))
        lockdown.put("iexplore.exe", Type.REG_DWORD, 1)


def _zones(key: Key) -> None:
    for number, (name, policies) in enumerate(_TEMPLATES):
        zone = key.make((str(number),))
        zone.put("DisplayName", Type.REG_SZ, name)
        for action, policy in zip(_ACTIONS, policies, strict=True):
            zone.put(action, Type.REG_DWORD, policy)
