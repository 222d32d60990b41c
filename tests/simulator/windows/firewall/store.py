# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall of one host: local rules, rules and profiles of Group Policy and of device management.

Locally made changes are written into the registry as mpssvc does it; the other way round nothing happens: the running service keeps
its own state, and a foreign write to FirewallRules changes the registry only (surface 4.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..records import CimError
from ..registry import Type
from .builtin import builtin
from .image import GPO, MDM, remove_rule, write_profile, write_rule
from .profile import Profile, profiles
from .rule import Rule, parsed

if TYPE_CHECKING:
    from ..host import Windows

POLICY_OPTIONS = {"gpo": GPO, "mdm": MDM}
OPTIONS = frozenset("rules enable disable remove profiles gpo_rules gpo_profiles mdm_rules mdm_profiles".split())
EPT_S_NOT_REGISTERED = 1753


class FirewallUnavailable(Exception):
    """MpsSvc is not running: every call into the firewall fails (EPT_S_NOT_REGISTERED)."""


class FirewallStore:
    """Rules and profiles.

    Fleet option ``firewall``: ``rules`` {id: rule text}, ``enable``/``disable`` [ids or group numbers like -28502], ``remove``
    [ids], ``profiles`` {Domain: {Enabled: 0}}, ``gpo_rules`` {id: rule text}, ``gpo_profiles`` {Domain: {AllowLocalPolicyMerge: 0}};
    ``mdm_rules`` and ``mdm_profiles`` likewise.
    """

    def __init__(self, host: Windows) -> None:
        options: Mapping[str, Any] = host.options.get("firewall", {})
        if unknown := sorted(set(options) - OPTIONS):
            raise ValueError(f"{host.name}: unknown firewall options {', '.join(unknown)}")
        self._host = host
        self._rules = {rule.id.lower(): rule for rule in builtin(host.features).values()}
        self._rules |= {identifier.lower(): parsed(identifier, text) for identifier, text in options.get("rules", {}).items()}
        self._preset(options)
        self._live: dict[bool, list[Rule]] = {}
        self.profiles = profiles(options.get("profiles", {}))
        self._write_policies(options)
        self._write_image()

    @property
    def version(self) -> str:
        """The schema version that this release writes."""
        return self._host.features.firewall_schema

    def check(self) -> None:
        """Raise FirewallUnavailable unless MpsSvc runs."""
        service = self._host.services.find("MpsSvc")
        if service is None or service.state != "Running":
            raise FirewallUnavailable(EPT_S_NOT_REGISTERED)

    def check_cim(self) -> None:
        """The same for CIM callers."""
        try:
            self.check()
        except FirewallUnavailable:
            raise CimError(1, self._host.text("firewall.service"), 0x80070000 | EPT_S_NOT_REGISTERED) from None

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def find(self, identifier: str) -> Rule | None:
        """The local rule of this id, case does not matter."""
        return self._rules.get(identifier.lower())

    def live(self, *, inbound: bool) -> list[Rule]:
        """The active local rules of one direction."""
        if inbound not in self._live:
            self._live[inbound] = [rule for rule in self if rule.active and rule.inbound is inbound]
        return self._live[inbound]

    def policy_rules(self) -> list[Rule]:
        """The rules that policies have written into the registry, as they are now."""
        keys = [self._host.registry.open("hklm", rf"{place}\FirewallRules") for place in POLICY_OPTIONS.values()]
        return [parsed(value.name, str(value.data)) for key in keys if key for value in key.values.values()]

    def policy_value(self, profile: str, name: str) -> int | None:
        """One of the policies' settings of a profile: Group Policy's, else that of device management."""
        # StandardProfile is what Private was called before Windows Vista; policies made then still count, and the Firewall CSP still calls it so.
        names = [f"{profile}Profile", "StandardProfile"] if profile == "Private" else [f"{profile}Profile"]
        values = [self._host.registry.value("hklm", rf"{place}\{key}", name) for place in POLICY_OPTIONS.values() for key in names]
        return next((value for value in values if isinstance(value, int)), None)

    def add(self, rule: Rule) -> None:
        """Add one local rule; the caller has made sure that the id is free."""
        self._rules[rule.id.lower()] = rule
        self._live.clear()
        write_rule(self._host.registry, rule)
        self._host.journal.write("firewall", rule.id, {"action": "add", "rule": rule.text()})

    def replace(self, rules: Iterable[Rule]) -> None:
        """Put changed rules in place of the ones with the same ids: one journal entry for each rule."""
        for rule in rules:
            before = self._rules[rule.id.lower()]
            self._rules[rule.id.lower()] = rule
            self._live.clear()
            write_rule(self._host.registry, rule)
            self._host.journal.write("firewall", rule.id, {"action": "change", "before": before.text(), "rule": rule.text()})

    def remove(self, rules: Iterable[Rule]) -> None:
        """Delete rules."""
        for rule in list(rules):
            del self._rules[rule.id.lower()]
            self._live.clear()
            remove_rule(self._host.registry, rule.id)
            self._host.journal.write("firewall", rule.id, {"action": "delete", "rule": rule.text()})

    def set_profile(self, name: str, settings: Mapping[str, Any]) -> Profile:
        """Change settings of one profile."""
        profile = self.profiles[name]
        before = {key: getattr(profile, key) for key in settings}
        for key, value in settings.items():
            setattr(profile, key, tuple(value) if isinstance(value, list) else value)
        write_profile(self._host.registry, profile)
        self._host.journal.write("firewall", f"{name} profile", {"action": "change", "before": before, "after": dict(settings)})
        return profile

    def _preset(self, options: Mapping[str, Any]) -> None:
        for word, active in (("enable", "TRUE"), ("disable", "FALSE")):
            for target in options.get(word, ()):
                for rule in self._targets(str(target)):
                    self._rules[rule.id.lower()] = rule.changed({"Active": [active]})
        for identifier in options.get("remove", ()):
            del self._rules[str(identifier).lower()]

    def _targets(self, target: str) -> list[Rule]:
        found = [rule for rule in self._rules.values() if rule.id.lower() == target.lower() or (rule.group or "").endswith(f",{target}")]
        if not found:
            raise ValueError(f"{self._host.name}: no firewall rule or group {target!r}")
        return found

    def _write_policies(self, options: Mapping[str, Any]) -> None:
        registry = self._host.registry
        for source, place in POLICY_OPTIONS.items():
            for identifier, text in options.get(f"{source}_rules", {}).items():
                registry.put("hklm", rf"{place}\FirewallRules", identifier, Type.REG_SZ, text)
            for name, settings in options.get(f"{source}_profiles", {}).items():
                for key, value in settings.items():
                    registry.put("hklm", rf"{place}\{name}Profile", key, Type.REG_DWORD, int(value))

    def _write_image(self) -> None:
        """The registry has the built-in rules already: write what differs."""
        standard = builtin(self._host.features)
        for rule in self._rules.values():
            if standard.get(rule.id) is not rule:
                write_rule(self._host.registry, rule)
        for identifier in standard:
            if identifier.lower() not in self._rules:
                remove_rule(self._host.registry, identifier)
        for profile in self.profiles.values():
            write_profile(self._host.registry, profile)
