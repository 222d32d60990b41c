# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A group of built-in firewall rules, computed rule by rule for the profiles asked for.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._host import Host
from .._host._rules import PROFILES, Rule, group_id
from .._plan import BadRequest, Change, Resource, State

# Windows' own resource ids, the same in every language and release. The English names are synonyms.
GROUPS = {
    "core networking": "@FirewallAPI.dll,-25000",
    "core networking diagnostics": "@FirewallAPI.dll,-27000",
    "distributed transaction coordinator": "@FirewallAPI.dll,-33502",
    "file and printer sharing": "@FirewallAPI.dll,-28502",
    "file and printer sharing (restrictive)": "@FirewallAPI.dll,-28672",
    "file and printer sharing over smbdirect": "@FirewallAPI.dll,-28602",
    "network discovery": "@FirewallAPI.dll,-32752",
    "performance logs and alerts": "@FirewallAPI.dll,-34752",
    "remote assistance": "@FirewallAPI.dll,-33002",
    "remote desktop": "@FirewallAPI.dll,-28752",
    "remote event log management": "@FirewallAPI.dll,-29252",
    "remote service management": "@FirewallAPI.dll,-29502",
    "windows defender firewall remote management": "@FirewallAPI.dll,-30002",
    "windows firewall remote management": "@FirewallAPI.dll,-30002",
    "windows management instrumentation": "@FirewallAPI.dll,-34251",
    "windows management instrumentation (wmi)": "@FirewallAPI.dll,-34251",
    "windows remote management": "@FirewallAPI.dll,-30267",
    "wmi": "@FirewallAPI.dll,-34251",
}
_SHARING, _RESTRICTIVE = GROUPS["file and printer sharing"], GROUPS["file and printer sharing (restrictive)"]


class FirewallGroup(Resource[Host]):
    """The state maps the id of each rule that covers one of the profiles to whether it is enabled."""

    kind = "firewall_group"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self.name = options["group"].strip()
        self._group = GROUPS.get(self.name.casefold(), self.name)
        if group_id(self._group) is None:
            raise BadRequest(f"{self.name!r} is no firewall group known here; give its resource id such as {_SHARING}, or one of: {', '.join(sorted(GROUPS))}.")
        self._profiles = set(options["profiles"])
        if not self._profiles:
            raise BadRequest(f"Firewall group {self.name} needs at least one profile of {', '.join(PROFILES)}.")
        self._directions = {"in", "out"} if options["direction"] == "both" else {options["direction"]}
        self._enabled: bool = options["enabled"]

    def expect(self, host: Host) -> None:
        """One read serves all groups and rules."""
        host.firewall.expect()

    def read(self, host: Host) -> State:
        """Whether each rule of the group is enabled.

        Raises:
            BadRequest: the host has no rule of this group.
        """
        rules = self._rules(host)
        if not rules:
            profiles = ", ".join(sorted(self._profiles))
            raise BadRequest(
                f"{host.name} has no firewall rule of group {self.name} ({self._group}) for profile {profiles}; this Windows release may not have the group."
            )
        return {rule.id: rule.enabled for rule in rules}

    def want(self, have: State | None) -> State:
        """Every rule of the group the same."""
        return dict.fromkeys(have or {}, self._enabled)

    def apply(self, host: Host, change: Change) -> None:
        """Switch the rules that differ, by their ids."""
        for rule in sorted(change.keys):
            host.firewall.switch(rule, enabled=self._enabled)

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Rules that reach further than the profiles, Group Policy that voids them, and the group's restrictive twin."""
        return tuple(note for note in (self._wider(host), *host.firewall.voided(self._profiles), self._restrictive(host)) if note)

    def _rules(self, host: Host) -> list[Rule]:
        return [rule for rule in host.firewall.in_group(self._group) if rule.direction in self._directions and self._profiles & set(rule.profiles)]

    def _wider(self, host: Host) -> str | None:
        wider = [rule.id for rule in self._rules(host) if not set(rule.profiles) <= self._profiles]
        return f"{len(wider)} rules of this host hold for further profiles too ({', '.join(wider[:3])}{', ...' if len(wider) > 3 else ''})" if wider else None

    def _restrictive(self, host: Host) -> str | None:
        """Since Windows 11 24H2 and Server 2025 sharing a folder switches on the restrictive group only, which lacks NetBIOS (137 to 139)."""
        if group_id(self._group) != group_id(_SHARING) or not any(rule.enabled for rule in host.firewall.in_group(_RESTRICTIVE)):
            return None
        return f"the restrictive group ({_RESTRICTIVE}) is enabled too; it does not open ports 137 to 139 and does not replace this one"
