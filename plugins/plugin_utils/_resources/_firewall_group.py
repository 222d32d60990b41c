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
from .._plan import BadRequest, Change, Override, Resource, State
from ._firewall_effect import in_the_way
from ._firewall_traffic import Traffic

# Windows' own resource ids, the same in every language and release, by the groups' English names.
GROUPS: Mapping[str, str] = {
    "Core Networking": "@FirewallAPI.dll,-25000",
    "Core Networking Diagnostics": "@FirewallAPI.dll,-27000",
    "Distributed Transaction Coordinator": "@FirewallAPI.dll,-33502",
    "File and Printer Sharing": "@FirewallAPI.dll,-28502",
    "File and Printer Sharing (Restrictive)": "@FirewallAPI.dll,-28672",
    "File and Printer Sharing over SMBDirect": "@FirewallAPI.dll,-28602",
    "Network Discovery": "@FirewallAPI.dll,-32752",
    "Performance Logs and Alerts": "@FirewallAPI.dll,-34752",
    "Remote Assistance": "@FirewallAPI.dll,-33002",
    "Remote Desktop": "@FirewallAPI.dll,-28752",
    "Remote Event Log Management": "@FirewallAPI.dll,-29252",
    "Remote Service Management": "@FirewallAPI.dll,-29502",
    "Windows Defender Firewall Remote Management": "@FirewallAPI.dll,-30002",
    "Windows Management Instrumentation (WMI)": "@FirewallAPI.dll,-34251",
    "Windows Remote Management": "@FirewallAPI.dll,-30267",
}
_SYNONYMS = {
    **{name.lower(): group for name, group in GROUPS.items()},
    # Until Windows 10 1709.
    "windows firewall remote management": "@FirewallAPI.dll,-30002",
    "windows management instrumentation": "@FirewallAPI.dll,-34251",
    "wmi": "@FirewallAPI.dll,-34251",
}
_SHARING, _RESTRICTIVE = GROUPS["File and Printer Sharing"], GROUPS["File and Printer Sharing (Restrictive)"]


# Windows ships every rule of these for all profiles, so one that holds in fewer was narrowed. Other groups have rules for some by design.
_FOR_ALL_PROFILES = {group_id(group) for group in (_SHARING, _RESTRICTIVE, GROUPS["Windows Management Instrumentation (WMI)"])}
_ENABLED, _DISABLED, _BLOCKS = "enabled", "disabled", "blocks"


class FirewallGroup(Resource[Host]):
    """The state maps the id of each rule for one of the profiles to `enabled`, `disabled`, `blocks` or `not in <profiles>`."""

    kind = "firewall_group"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        given = options["group"].strip()
        self._group = _SYNONYMS.get(given.lower(), given)
        self.name = _title(self._group)
        if group_id(self._group) is None:
            raise BadRequest(f"{given!r} is no firewall group known here; give its resource id such as {_SHARING}, or one of: {', '.join(sorted(GROUPS))}.")
        self._profiles = set(options["profiles"])
        if not self._profiles:
            raise BadRequest(f"Firewall group {self.name} needs at least one profile of {', '.join(PROFILES)}.")
        self.name += f" for {', '.join(profile for profile in PROFILES if profile in self._profiles)}"
        self.name += "" if options["direction"] == "both" else f", {options['direction']} only"
        self._directions = {"in", "out"} if options["direction"] == "both" else {options["direction"]}
        self._enabled: bool = options["enabled"]

    def expect(self, host: Host) -> None:
        """One read serves all groups and rules."""
        host.firewall.expect()
        host.expect_folders()

    def read(self, host: Host) -> State:
        """Whether each rule of the group is enabled.

        Raises:
            BadRequest: the host has no rule of this group.
        """
        rules = self._rules(host)
        if not rules:
            raise BadRequest(f"{host.name} has no firewall rule of group {self.name}; this Windows release may not have the group.")
        missing = self._missing(rules)
        return {rule.id: self._word(rule, missing.get(rule.id, ())) for rule in rules if self._profiles & set(rule.profiles) or rule.id in missing}

    def want(self, have: State | None) -> State:
        """Every rule enabled; or none of those that allow, for one that blocks lets nothing in."""
        if self._enabled:
            return dict.fromkeys(have or {}, _ENABLED)
        return {rule: _DISABLED if word == _ENABLED else word for rule, word in (have or {}).items()}

    def apply(self, host: Host, change: Change) -> None:
        """Switch the rules that differ, by their ids, after making those allow and hold that do not."""
        rules = {rule.id: rule for rule in host.firewall.in_group(self._group)}
        for rule in sorted(change.keys):
            if (change.before or {})[rule] not in (_ENABLED, _DISABLED):
                host.firewall.correct(rules[rule], self._profiles)
            if rules[rule].enabled != self._enabled:
                host.firewall.switch(rule, enabled=self._enabled)

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Rules that reach further than the profiles, and the group's restrictive twin."""
        return tuple(note for note in (self._wider(host), self._restrictive(host)) if note)

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """What keeps the connections that the group's rules allow from passing."""
        if not self._enabled:
            return ()
        wanted = [Traffic.of(host, rule) for rule in self._rules(host) if rule.id in (change.after or {})]
        return in_the_way(host, wanted, [profile for profile in PROFILES if profile in self._profiles])

    def _rules(self, host: Host) -> list[Rule]:
        return [rule for rule in host.firewall.in_group(self._group) if rule.direction in self._directions]

    def _missing(self, rules: list[Rule]) -> dict[str, tuple[str, ...]]:
        """The profiles in which nothing of a name holds, by the rule that can be widened. Clients have two rules of a name, for different profiles."""
        if group_id(self._group) not in _FOR_ALL_PROFILES:
            return {}
        found = {}
        for twins in _by_name(rules):
            lacking = self._profiles - {profile for rule in twins for profile in rule.profiles}
            if lacking:
                nearest = max(twins, key=lambda rule: len(self._profiles & set(rule.profiles)))
                found[nearest.id] = tuple(profile for profile in PROFILES if profile in lacking)
        return found

    def _word(self, rule: Rule, missing: tuple[str, ...]) -> str:
        if rule.action == "block":
            return _BLOCKS
        if missing:
            return f"not in {', '.join(missing)}"
        return _ENABLED if rule.enabled else _DISABLED

    def _wider(self, host: Host) -> str | None:
        wider = [rule.id for rule in self._rules(host) if self._profiles & set(rule.profiles) and not set(rule.profiles) <= self._profiles]
        return f"{len(wider)} rules of this host hold for further profiles too ({', '.join(wider[:3])}{', ...' if len(wider) > 3 else ''})" if wider else None

    def _restrictive(self, host: Host) -> str | None:
        """Since Windows 11 24H2 and Server 2025 sharing a folder switches on the restrictive group only, which lacks NetBIOS (137 to 139)."""
        if group_id(self._group) != group_id(_SHARING) or not any(rule.enabled for rule in host.firewall.in_group(_RESTRICTIVE)):
            return None
        return f"the restrictive group ({_RESTRICTIVE}) is enabled too; it does not open ports 137 to 139 and does not replace this one"


def _title(group: str) -> str:
    """The id with its English name, where one is known."""
    names = [name for name, known in GROUPS.items() if group_id(known) == group_id(group)]
    return f"{group} ({names[0]})" if names else group


def _by_name(rules: list[Rule]) -> list[list[Rule]]:
    names: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        names.setdefault((rule.name, rule.direction), []).append(rule)
    return list(names.values())
