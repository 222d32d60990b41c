# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""MSFT_NetFirewallRule over the local store (PersistentStore)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..firewall.names import description, display_name, resolved
from ..firewall.rule import DOMAIN, PRIVATE, PROFILES, PUBLIC, Rule, made
from ..records import Account, CimError
from .catalogue import E_INVALID_PARAMETER, E_NOT_FOUND, CimClass

if TYPE_CHECKING:
    from ..host import Windows

PREFIX = "MSFT|FW|FirewallRule|"
WBEM_E_ALREADY_EXISTS = 0x80041019
ALL_PROFILES = DOMAIN | PRIVATE | PUBLIC
_ACTIONS = {2: "Allow", 3: "ByPass", 4: "Block"}
_DIRECTIONS = {1: "In", 2: "Out"}
_ENABLED = {1: "TRUE", 2: "FALSE"}
_EDGES = {0: {}, 1: {"Edge": ["TRUE"]}, 2: {"Edge": ["TRUE"], "Defer": ["User"]}, 3: {"Edge": ["TRUE"], "Defer": ["App"]}}
# Protected once the rule belongs to a group ([D] msft-netfirewallrule).
_PROTECTED = {"DisplayName", "ElementName", "Description"}
_WRITABLE = set("Action Description DisplayName EdgeTraversalPolicy ElementName Enabled LocalOnlyMapping LooseSourceMapping Owner Profiles".split())
_ONLY_AT_CREATION = {"Direction", "InstanceID", "RuleGroup"}
_LOCAL_STORE = 1


class FirewallRule(CimClass):
    """Keys: CreationClassName and three empty texts."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        host.firewall.check_cim()
        return [self._instance(host, rule) for rule in host.firewall]

    def _instance(self, host: Windows, rule: Rule) -> dict[str, Any]:
        known = properties_of(host, rule)
        return {prop.name: known.get(prop.name) for prop in self.properties}

    def _create(self, host: Windows, properties: dict[str, Any]) -> dict[str, Any]:
        host.firewall.check_cim()
        identifier = str(properties.get("InstanceID") or "{" + str(uuid.uuid4()).upper() + "}")
        if host.firewall.find(identifier) is not None:
            raise CimError(11, host.text("wmi.already_exists"), WBEM_E_ALREADY_EXISTS)
        defaults = {"Enabled": 1, "Direction": 1, "Action": 2, "Profiles": 0, "EdgeTraversalPolicy": 0}
        own = {name: value for name, value in properties.items() if value is not None and name not in keys_of(identifier)}
        given = {**defaults, **self.differing(host, {}, own, _WRITABLE | _ONLY_AT_CREATION)}
        if "ElementName" not in given and "DisplayName" not in given:
            raise _invalid(host)
        rule = made(identifier, host.firewall.version, ()).changed(_changes(host, given))
        if given.get("RuleGroup"):
            rule = rule.changed({"EmbedCtxt": [str(given["RuleGroup"])]})
        host.firewall.add(rule)
        return keys_of(identifier)

    def _modify(self, host: Windows, keys: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        rule = rule_of(host, keys)
        current = self._instance(host, rule)
        given = {name: value for name, value in properties.items() if name not in self.keys_of(current)}
        changed = self.differing(host, current, given, _WRITABLE - (_PROTECTED if rule.group else set()))
        after = rule.changed(_changes(host, changed))
        host.firewall.replace([after])
        return self._instance(host, after)

    def _delete(self, host: Windows, keys: dict[str, Any]) -> None:
        host.firewall.remove([rule_of(host, keys)])

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method not in ("Enable", "Disable", "Rename"):
            return super()._invoke(host, account, keys, method, arguments)
        self._must_be_elevated(host, account)
        rule = rule_of(host, keys)
        if method == "Rename":
            return self._rename(host, rule, str(arguments.get("NewName") or ""))
        host.firewall.replace([rule.changed({"Active": ["TRUE" if method == "Enable" else "FALSE"]})])
        return {}

    def _rename(self, host: Windows, rule: Rule, name: str) -> dict[str, Any]:
        if not name or "|" in name:
            raise _invalid(host)
        if host.firewall.find(name) is not None:
            raise CimError(11, host.text("wmi.already_exists"), WBEM_E_ALREADY_EXISTS)
        host.firewall.remove([rule])
        host.firewall.add(made(name, rule.version, rule.tokens))
        return {"ReturnValue": 0}


def keys_of(identifier: str) -> dict[str, Any]:
    """The four keys of the rule with this id."""
    return {"CreationClassName": PREFIX + identifier, "PolicyRuleName": "", "SystemCreationClassName": "", "SystemName": ""}


def rule_of(host: Windows, keys: dict[str, Any]) -> Rule:
    """The rule that the keys name; CimError 6 if there is none."""
    host.firewall.check_cim()
    name = str(keys.get("CreationClassName") or "")
    rule = host.firewall.find(name[len(PREFIX) :]) if name.lower().startswith(PREFIX.lower()) else None
    if rule is None:
        raise CimError(6, host.text("wmi.not_found"), E_NOT_FOUND)
    return rule


def _invalid(host: Windows) -> CimError:
    return CimError(4, host.text("wmi.invalid_parameter"), E_INVALID_PARAMETER)


def _changes(host: Windows, given: dict[str, Any]) -> dict[str, list[str]]:
    """The tokens that property values stand for."""
    try:
        found = _numbers(given)
    except KeyError:
        raise _invalid(host) from None
    if "Profiles" in given:
        found["Profile"] = _profiles(host, int(given["Profiles"] or 0))
    for prop, token in (("LocalOnlyMapping", "LOM"), ("LooseSourceMapping", "LSM")):
        if prop in given:
            found[token] = ["TRUE"] if given[prop] else []
    for prop, token in (("DisplayName", "Name"), ("ElementName", "Name"), ("Description", "Desc"), ("Owner", "LUOwn")):
        if given.get(prop) is not None:
            found[token] = [_plain(host, str(given[prop]))]
    return found


def _numbers(given: dict[str, Any]) -> dict[str, list[str]]:
    """The tokens of the enumerated properties; KeyError for a number without a meaning."""
    tables: dict[str, tuple[str, dict[int, str]]] = {"Action": ("Action", _ACTIONS), "Enabled": ("Active", _ENABLED), "Direction": ("Dir", _DIRECTIONS)}
    found = {token: [table[given[prop]]] for prop, (token, table) in tables.items() if prop in given}
    if "EdgeTraversalPolicy" in given:
        found |= {"Edge": [], "Defer": [], **_EDGES[given["EdgeTraversalPolicy"]]}
    return found


def _profiles(host: Windows, mask: int) -> list[str]:
    if mask & ~ALL_PROFILES:
        raise _invalid(host)
    return [name for name, bit in PROFILES.items() if mask & bit]


def _plain(host: Windows, text: str) -> str:
    if "|" in text:
        raise _invalid(host)
    return text


def properties_of(host: Windows, rule: Rule) -> dict[str, Any]:
    """All properties of one rule (constants: surface 4.1)."""
    action = {"Allow": 2, "ByPass": 3, "Block": 4}.get(rule.first("Action") or "Allow")
    edge = {None: int(rule.first("Edge") == "TRUE"), "User": 2, "App": 3}.get(rule.first("Defer"), 0)
    return {
        **keys_of(rule.id),
        "Action": action,
        "ConditionListType": 3,
        "Description": description(rule, host.language),
        "Direction": 1 if rule.inbound else 2,
        "DisplayGroup": resolved(rule.group, host.language),
        "DisplayName": display_name(rule, host.language),
        "EdgeTraversalPolicy": edge,
        "ElementName": rule.name,
        "Enabled": 1 if rule.active else 2,
        "EnforcementStatus": [0],
        "ExecutionStrategy": 2,
        "InstanceID": rule.id,
        "LocalOnlyMapping": rule.first("LOM") == "TRUE",
        "LooseSourceMapping": rule.first("LSM") == "TRUE",
        "Owner": rule.first("LUOwn"),
        "Platforms": ["6.2+"] if rule.first("Platform2") == "GTEQ" else None,
        "PolicyDecisionStrategy": 2,
        "PolicyStoreSource": "PersistentStore",
        "PolicyStoreSourceType": _LOCAL_STORE,
        "PrimaryStatus": 1,
        "Profiles": rule.profiles,
        "RuleGroup": rule.group,
        "SequencedActions": 3,
        "Status": f"{host.text('firewall.parsed')}(65536)",
        "StatusCode": 65536,
    }
