# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the firewall keeps in the registry."""

from __future__ import annotations

from ..registry import Registry, Type
from .profile import Profile
from .rule import Rule

POLICY = r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
RULES = rf"{POLICY}\FirewallRules"
GPO = r"SOFTWARE\Policies\Microsoft\WindowsFirewall"
MDM = rf"{POLICY}\Mdm"


def write_rule(registry: Registry, rule: Rule) -> None:
    """One local rule."""
    registry.put("hklm", RULES, rule.id, Type.REG_SZ, rule.text())


def remove_rule(registry: Registry, identifier: str) -> None:
    """The rule is gone."""
    registry.make("hklm", RULES).values.pop(identifier.lower(), None)


def write_profile(registry: Registry, profile: Profile) -> None:
    """The local settings of one profile."""
    key = registry.make("hklm", rf"{POLICY}\{profile.registry_key}")
    for name, value in profile.image().items():
        key.put(name, Type.REG_DWORD, value)
