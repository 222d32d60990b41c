# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of firewall rules (one of each kind for every rule, same InstanceID), and their associations with the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..firewall import conditions
from ..firewall.rule import ICMPV4, ICMPV6, TCP, UDP, Rule
from ..records import CimError, Reference
from .catalogue import E_INVALID_PARAMETER, CimClass
from .firewall_rule import PREFIX, keys_of, rule_of

if TYPE_CHECKING:
    from ..host import Windows

Changes = dict[str, list[str]]


def _address(rule: Rule) -> dict[str, Any]:
    return {"LocalAddress": conditions.addresses(rule, "L"), "RemoteAddress": conditions.addresses(rule, "R")}


def _application(rule: Rule) -> dict[str, Any]:
    return {"AppPath": rule.first("App") or "Any", "Package": rule.first("AppPkgId")}


def _ports(rule: Rule) -> dict[str, Any]:
    return {
        "Protocol": conditions.protocol_text(rule.protocol),
        "LocalPort": conditions.ports(rule, "L"),
        "RemotePort": conditions.ports(rule, "R"),
        "IcmpType": conditions.icmp_types(rule),
        "DynamicTransport": 0,
    }


def _service(rule: Rule) -> dict[str, Any]:
    return {"ServiceName": rule.first("Svc") or "Any"}


def _interface(rule: Rule) -> dict[str, Any]:
    return {"InterfaceAlias": list(rule.all("IF")) or ["Any"]}


def _interface_type(rule: Rule) -> dict[str, Any]:
    return {"InterfaceType": {None: 0, "Lan": 1, "Wireless": 2, "RemoteAccess": 3}.get(rule.first("IFType"), 0)}


def _security(rule: Rule) -> dict[str, Any]:
    local = rule.first("LUAuth") or "Any"
    return {"Authentication": 0, "Encryption": 0, "LocalUsers": local, "OverrideBlockRules": False, "RemoteMachines": "Any", "RemoteUsers": "Any"}


def _put_address(rule: Rule, given: dict[str, Any]) -> Changes:
    found: Changes = {}
    for side, name in (("L", "LocalAddress"), ("R", "RemoteAddress")):
        if name in given:
            tokens = conditions.address_tokens(_words(given[name]), side)
            found |= conditions.grouped(tokens, conditions.address_names(side))
    return found


def _put_application(rule: Rule, given: dict[str, Any]) -> Changes:
    if rule.group:
        raise ValueError("a rule of a group keeps its program")
    path = given.get("AppPath")
    return {} if "AppPath" not in given else {"App": [] if path in (None, "", "Any") else [str(path)]}


def _put_service(rule: Rule, given: dict[str, Any]) -> Changes:
    if rule.group:
        raise ValueError("a rule of a group keeps its service")
    name = given.get("ServiceName")
    return {"Svc": [] if name in (None, "", "Any") else [str(name)]}


def _put_ports(rule: Rule, given: dict[str, Any]) -> Changes:
    found: Changes = {}
    protocol = rule.protocol
    if given.get("Protocol") is not None:
        protocol = conditions.protocol_number(str(given["Protocol"]))
        found["Protocol"] = [] if protocol is None else [str(protocol)]
    for side, name in (("L", "LocalPort"), ("R", "RemotePort")):
        if name in given or protocol not in (TCP, UDP):
            tokens = conditions.port_tokens(_words(given.get(name)), side, inbound=rule.inbound)
            if tokens and protocol not in (TCP, UDP):
                raise ValueError("ports need TCP or UDP")
            found |= conditions.grouped(tokens, conditions.port_names(side))
    if "IcmpType" in given or protocol not in (ICMPV4, ICMPV6):
        words = [word for word in _words(given.get("IcmpType")) if word.lower() != "any"]
        found |= conditions.grouped([conditions.icmp_token(word, protocol) for word in words], {"ICMP4": [], "ICMP6": []})
    return found


def _words(value: Any) -> list[str]:
    return [str(item) for item in value] if value else ["Any"]


Reader = Callable[[Rule], dict[str, Any]]
Writer = Callable[[Rule, dict[str, Any]], Changes]
FILTERS: dict[str, tuple[Reader, Writer | None]] = {
    "MSFT_NetAddressFilter": (_address, _put_address),
    "MSFT_NetApplicationFilter": (_application, _put_application),
    "MSFT_NetInterfaceFilter": (_interface, None),
    "MSFT_NetInterfaceTypeFilter": (_interface_type, None),
    "MSFT_NetNetworkLayerSecurityFilter": (_security, None),
    "MSFT_NetProtocolPortFilter": (_ports, _put_ports),
    "MSFT_NetServiceFilter": (_service, _put_service),
}


class Filter(CimClass):
    """One of the filter classes; an absent condition reads "Any"."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        host.firewall.check_cim()
        return [self._instance(rule) for rule in host.firewall]

    def _instance(self, rule: Rule) -> dict[str, Any]:
        known = {**filter_keys(rule.id), **FILTERS[self.name][0](rule), "InstanceID": rule.id}
        return {prop.name: known.get(prop.name) for prop in self.properties}

    def _modify(self, host: Windows, keys: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        rule, write = rule_of(host, keys), FILTERS[self.name][1]
        if write is None:
            return super()._modify(host, keys, properties)
        own = {prop.name for prop in self.properties if prop.writable}
        current = self._instance(rule)
        given = self.differing(host, current, {name: value for name, value in properties.items() if name not in self.keys_of(current)}, own)
        try:
            after = rule.changed(write(rule, given)) if given else rule
        except ValueError:
            raise CimError(4, host.text("wmi.invalid_parameter"), E_INVALID_PARAMETER) from None
        host.firewall.replace([after])
        return self._instance(after)


def filter_keys(identifier: str) -> dict[str, Any]:
    """The four keys of the filters of one rule."""
    return {"CreationClassName": PREFIX + identifier, "Name": "", "SystemCreationClassName": "", "SystemName": ""}


class FilterOfRule(CimClass):
    """GroupComponent is the rule, PartComponent its filter."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        host.firewall.check_cim()
        types = {prop.name: prop.type for prop in self.properties}
        part = types["PartComponent"].partition(":")[2]
        for rule in host.firewall:
            group = Reference(self.namespace, "MSFT_NetFirewallRule", keys_of(rule.id))
            yield {"GroupComponent": group, "PartComponent": Reference(self.namespace, part, filter_keys(rule.id))}
