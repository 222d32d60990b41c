# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three network profiles, local settings and Group Policy's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

FALSE, TRUE, NOT_CONFIGURED = 0, 1, 2
ALLOW, BLOCK = 2, 4
NAMES = ("Domain", "Private", "Public")
LOG_FILE = r"%systemroot%\system32\LogFiles\Firewall\pfirewall.log"


@dataclass
class Profile:
    """The local settings of one profile, in the numbers of MSFT_NetFirewallProfile (surface 4.3)."""

    Name: str
    Enabled: int = TRUE
    DefaultInboundAction: int = 0
    DefaultOutboundAction: int = 0
    AllowInboundRules: int = NOT_CONFIGURED
    AllowLocalFirewallRules: int = NOT_CONFIGURED
    AllowLocalIPsecRules: int = NOT_CONFIGURED
    AllowUserApps: int = NOT_CONFIGURED
    AllowUserPorts: int = NOT_CONFIGURED
    AllowUnicastResponseToMulticast: int = NOT_CONFIGURED
    NotifyOnListen: int = TRUE
    EnableStealthModeForIPsec: int = NOT_CONFIGURED
    LogFileName: str = LOG_FILE
    LogMaxSizeKilobytes: int = 4096
    LogAllowed: int = FALSE
    LogBlocked: int = FALSE
    LogIgnored: int = NOT_CONFIGURED
    DisabledInterfaceAliases: tuple[str, ...] = ("NotConfigured",)

    def values(self) -> dict[str, Any]:
        """All settings, arrays as lists."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    @property
    def registry_key(self) -> str:
        """The name of the profile's key below FirewallPolicy."""
        return "StandardProfile" if self.Name == "Private" else f"{self.Name}Profile"

    def image(self) -> dict[str, int]:
        """The DWORD values that Windows keeps for the profile; what is not configured has none."""
        found = {"EnableFirewall": self.Enabled, "DisableNotifications": 1 - self.NotifyOnListen if self.NotifyOnListen in (0, 1) else None}
        found["DefaultInboundAction"] = {ALLOW: 0, BLOCK: 1}.get(self.DefaultInboundAction)
        found["DefaultOutboundAction"] = {ALLOW: 0, BLOCK: 1}.get(self.DefaultOutboundAction)
        found["DoNotAllowExceptions"] = {FALSE: 1, TRUE: 0}.get(self.AllowInboundRules)
        return {name: value for name, value in found.items() if value is not None and value != NOT_CONFIGURED}


def profiles(options: Mapping[str, Mapping[str, Any]]) -> dict[str, Profile]:
    """The profiles with a fleet's settings (``{Domain: {Enabled: 0}}``); an unknown name raises ValueError."""
    if unknown := sorted(set(options) - set(NAMES)):
        raise ValueError(f"unknown firewall profiles: {', '.join(unknown)}")
    known = {field.name for field in fields(Profile)} - {"Name"}
    if wrong := sorted({setting for settings in options.values() for setting in settings} - known):
        raise ValueError(f"unknown settings of firewall profiles: {', '.join(wrong)}")
    return {name: Profile(name, **options.get(name, {})) for name in NAMES}
