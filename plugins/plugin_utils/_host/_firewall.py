# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Firewall: read from the registry's rule stores, written by CIM (built-in rules) and netsh (own rules).

Nothing is ever written into the stores directly: the firewall service keeps its own state.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .._plan import BadRequest
from .._wsman import Resource, WSManFault
from ._policies import Source
from ._registry import Data, Key
from ._rules import Rule, group_id, parse_rule

if TYPE_CHECKING:
    from . import Host

_SETTINGS_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
_LOCAL_PROFILES = {"domain": "DomainProfile", "private": "StandardProfile", "public": "PublicProfile"}
RULES_KEY = f"{_SETTINGS_KEY}\\FirewallRules"
POLICY_KEY = "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"
# Where Windows' Firewall CSP keeps what device management (Intune) sends.
MDM_KEY = f"{_SETTINGS_KEY}\\Mdm"
# Each holds rules and settings of profiles as the host's own key does. Microsoft does not say which wins where both set the same; the first is taken to.
_POLICY_KEYS = (POLICY_KEY, MDM_KEY)
_NETWORKS = "SELECT InterfaceAlias, Name, NetworkCategory FROM MSFT_NetConnectionProfile"
# Microsoft, Set-NetConnectionProfile: Public, Private, DomainAuthenticated.
_CATEGORIES = {0: "public", 1: "private", 2: "domain"}
_RULE_CLASS = Resource("root/standardcimv2", "MSFT_NetFirewallRule")
_PROFILE_BITS = {"domain": 1, "private": 2, "public": 4}
_ALLOW = 2
# productState of a Security Center product: the bits 12 to 15 are 1 when it is switched on.
_PRODUCT_STATE_MASK, _PRODUCT_ON = 0xF000, 0x1000


@dataclass(frozen=True, slots=True)
class NetworkProfile:
    """A network that the host is connected to: its name, its interface's, and the firewall profile that Windows uses for it."""

    name: str
    interface: str
    profile: str


class Firewall:
    """The local rules of one host, and whether policies let them hold."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._local: list[Rule] | None = None
        self._from_policies: dict[str, list[Rule]] | None = None
        self._networks: list[NetworkProfile] | None = None
        self.asked: set[tuple[str, str]] = set()
        """Name (lower case) and direction of each rule that the task asks for by name: none of these is free to be adopted."""

    def forget(self) -> None:
        """Read anew from now on. Which product is the firewall does not change within a task."""
        self._local = self._from_policies = self._networks = None

    def expect(self) -> None:
        """The rules will be asked for."""
        self._host.registry.expect(RULES_KEY)
        for key in _POLICY_KEYS:
            self._host.registry.expect(key, recursive=True)
        for key in _LOCAL_PROFILES.values():
            self._host.registry.expect(f"{_SETTINGS_KEY}\\{key}")

    @property
    def rules(self) -> list[Rule]:
        """The local rules, by id.

        Raises:
            BadRequest: Windows Firewall does not run or is not the host's firewall.
        """
        if self._local is None:
            self._require_service()
            self._require_own()
            self._local = _parse(self._host.registry.key(RULES_KEY))
        return self._local

    @property
    def policy_rules(self) -> list[Rule]:
        """The rules that Group Policy and device management (MDM) bring."""
        return [rule for rules in self._by_policy.values() for rule in rules]

    @property
    def _by_policy(self) -> dict[str, list[Rule]]:
        if self._from_policies is None:
            self._from_policies = {key: _parse(self._policy(key).subkeys.get("firewallrules")) for key in _POLICY_KEYS}
        return self._from_policies

    def setting(self, profile: str, name: str) -> Data | None:
        """A profile's setting: that of a policy if one has it, else the host's own (MS-GPFAS 2.2.3)."""
        key, _path = self._place(profile, name)
        return key.data(name) if key else None

    def setting_source(self, profile: str, name: str) -> Source:
        """Who sets it. A question of its own, as it costs messages where Group Policy does."""
        _key, path = self._place(profile, name)
        return self._source(path, name)

    def _place(self, profile: str, name: str) -> tuple[Key | None, str]:
        """The key whose value counts, and its path. Both stores know Private as StandardProfile too."""
        for policy in _POLICY_KEYS:
            for below in (f"{profile.capitalize()}Profile", _LOCAL_PROFILES[profile]):
                found = self._policy(policy).subkeys.get(below.lower())
                if found and found.data(name) is not None:
                    return found, f"{policy}\\{below}"
        path = f"{_SETTINGS_KEY}\\{_LOCAL_PROFILES[profile]}"
        return self._host.registry.key(path), path

    def policy_source(self, rule: Rule) -> Source | None:
        """Which policy brings a rule; None for one of the host's own."""
        key = next((key for key, rules in self._by_policy.items() if rule in rules), None)
        return self._source(f"{key}\\FirewallRules", rule.id) if key else None

    def _source(self, path: str, value: str) -> Source:
        """Who has written a value."""
        if path.startswith(POLICY_KEY):
            return self._host.policies.source(POLICY_KEY, path, value)
        return Source("a policy of device management (MDM)" if path.startswith(MDM_KEY) else "a setting of the host itself", f"{path}, {value}")

    @property
    def networks(self) -> list[NetworkProfile]:
        """The networks that the host is connected to now; empty where Windows does not tell: before Server 2012, and without its network list service."""
        if self._networks is None:
            try:
                rows = list(self._host.client.query("root/standardcimv2", _NETWORKS))
            except WSManFault:
                # A rule can be set and judged without it.
                rows = []
            self._networks = [
                NetworkProfile(row.text("Name") or "", row.text("InterfaceAlias") or "", _CATEGORIES[category])
                for row in rows
                if (category := row.integer("NetworkCategory")) in _CATEGORIES
            ]
        return self._networks

    def in_group(self, group: str) -> list[Rule]:
        """The local rules of the group with this resource id."""
        wanted = group_id(group)
        return [rule for rule in self.rules if wanted and group_id(rule.group) == wanted]

    def switch(self, rule: str, *, enabled: bool) -> None:
        """Enable or disable one rule by its id. The methods answer nothing at all; the state is read back later."""
        self._host.client.invoke(_RULE_CLASS, "Enable" if enabled else "Disable", {}, _keys(rule))

    def correct(self, rule: Rule, profiles: Iterable[str]) -> None:
        """Make a built-in rule allow, and hold in these profiles; where it was in force before it stays so."""
        kept = rule.profiles if rule.enabled and rule.action == "allow" else ()
        wanted = {*kept, *profiles}
        self._host.client.put(_RULE_CLASS, _keys(rule.id), {"Action": _ALLOW, "Profiles": sum(_PROFILE_BITS[profile] for profile in wanted)})

    def shown_as(self, name: str) -> set[str]:
        """The ids, in lower case, of the rules that netsh takes this name for: the name as Windows shows it, in the host's language."""
        text = name.replace("\\", "\\\\").replace("'", "\\'")
        rows = self._host.client.query("root/standardcimv2", f"SELECT InstanceID FROM MSFT_NetFirewallRule WHERE DisplayName='{text}'")
        return {(row.text("InstanceID") or "").lower() for row in rows}

    def netsh(self, arguments: str, purpose: str) -> None:
        """Run `netsh advfirewall firewall`; the values in `arguments` come from `quote`."""
        self._host.must_run("netsh.exe", f"advfirewall firewall {arguments}", purpose)

    def _policy(self, key: str) -> Key:
        return self._host.registry.key(key, recursive=True) or Key()

    def _require_service(self) -> None:
        service = self._host.services.get("MpsSvc")
        if service is None or service.state != "running":
            state = service.state if service else "missing"
            raise BadRequest(
                f"Windows Firewall (service MpsSvc) is {state} on {self._host.name}, so its rules can be neither changed nor in force; "
                "start it, or leave the firewall out."
            )

    def _require_own(self) -> None:
        if self._other_product:
            raise BadRequest(
                f"The firewall of {self._host.name} is {self._other_product}, so rules of Windows Firewall are not in force there; "
                "open the ports in that product, or leave the firewall out."
            )

    @cached_property
    def _other_product(self) -> str | None:
        """The Security Center's active firewall product. Only clients have a Security Center; Windows Firewall does not register with it."""
        if not self._host.system.client:
            return None
        try:
            rows = list(self._host.client.query("root/SecurityCenter2", "SELECT displayName, productState FROM FirewallProduct"))
        except WSManFault:
            # No Security Center (it can be removed): nothing else can tell, and the rules are read back anyway.
            return None
        active = [row.text("displayName") for row in rows if (row.integer("productState") or 0) & _PRODUCT_STATE_MASK == _PRODUCT_ON]
        return active[0] if active else None


def _keys(rule: str) -> dict[str, str]:
    return {"CreationClassName": f"MSFT|FW|FirewallRule|{rule}", "PolicyRuleName": "", "SystemCreationClassName": "", "SystemName": ""}


def _parse(key: Key | None) -> list[Rule]:
    values = key.values.values() if key else ()
    return sorted((parse_rule(value.name, str(value.data)) for value in values), key=lambda rule: rule.id)
