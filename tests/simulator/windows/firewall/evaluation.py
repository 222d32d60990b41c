# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Windows Firewall of one host decides about one TCP connection.

Order of Windows (learn.microsoft.com "Windows Firewall rules"): an explicit block rule wins over any allow rule, an allow rule over the
profile's default; the default is to block what comes in and to allow what goes out. A rule counts only if all its conditions hold.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..paths import expanded
from .profile import ALLOW, BLOCK, TRUE
from .rule import PROFILES, TCP, Rule
from .store import FirewallUnavailable

if TYPE_CHECKING:
    from ..host import Windows

FIRST_DYNAMIC_PORT = 49152
_MERGE, _POLICY_BLOCK = "AllowLocalPolicyMerge", 1
# Conditions that need IPsec, a user's or a package's identity: the connections here have none, so such a rule does not fit.
_IDENTITIES = ("RMauth", "RUAuth", "LUAuth", "LUAuth2_24", "LUOwn", "AppPkgId", "Security", "Security2", "Security2_9", "IF")
# The networks of the fleet's loopback addresses are taken as /16.
_SUBNET = 16


@dataclass(frozen=True)
class Flow:
    """One TCP connection as the host sees it: ``program`` is the full path of the local program or ``System``, ``services`` those in its process."""

    inbound: bool
    local_address: str
    local_port: int
    remote_address: str
    remote_port: int
    program: str = ""
    services: frozenset[str] = field(default_factory=frozenset)


def filters(host: Windows) -> bool:
    """True if Windows' firewall is at work on the host's network: MpsSvc runs, nobody else has taken over, the profile is on."""
    try:
        host.firewall.check()
    except FirewallUnavailable:
        return False
    return not host.options.get("third_party_firewall") and _setting(host, "EnableFirewall", host.firewall.profiles[profile_of(host)].Enabled) == TRUE


def profile_of(host: Windows) -> str:
    """The profile of the host's first network, which is that of its only address: all connections of the model come in there."""
    return host.networks[0].profile


def permits(host: Windows, flow: Flow) -> bool:
    """True if the host's firewall lets the connection through; a host's connections to itself are not filtered."""
    if flow.local_address == flow.remote_address or not filters(host):
        return True
    profile = host.firewall.profiles[profile_of(host)]
    if flow.inbound and _setting(host, "DoNotAllowExceptions", int(profile.AllowInboundRules == 0)) == 1:
        return False
    actions = {rule.first("Action") for rule in _rules(host, inbound=flow.inbound) if fits(rule, flow, host)}
    if "Block" in actions:
        return False
    return "Allow" in actions or _default(host, inbound=flow.inbound)


def fits(rule: Rule, flow: Flow, host: Windows) -> bool:
    """True if every condition of the rule holds for the connection."""
    return (
        rule.protocol in (None, TCP)
        and _port_fits(rule, "L", flow.local_port)
        and _port_fits(rule, "R", flow.remote_port)
        and (not rule.profiles or bool(rule.profiles & PROFILES[profile_of(host)]))
        and _program_fits(rule, flow, host)
        and _address_fits(rule, "L", flow.local_address, flow.local_address)
        and _address_fits(rule, "R", flow.remote_address, flow.local_address)
        and rule.first("IFType") in (None, "Lan")
        and not rule.all(*_IDENTITIES)
    )


def _rules(host: Windows, *, inbound: bool) -> Iterator[Rule]:
    yield from (rule for rule in host.firewall.policy_rules() if rule.active and rule.inbound is inbound)
    if host.firewall.policy_value(profile_of(host), _MERGE) != 0:
        yield from host.firewall.live(inbound=inbound)


def _setting(host: Windows, name: str, local: int) -> int:
    """Group Policy's setting of the profile, else the local one."""
    policy = host.firewall.policy_value(profile_of(host), name)
    return local if policy is None else policy


def _default(host: Windows, *, inbound: bool) -> bool:
    name = "DefaultInboundAction" if inbound else "DefaultOutboundAction"
    policy = host.firewall.policy_value(profile_of(host), name)
    if policy is not None:
        return policy != _POLICY_BLOCK
    local = getattr(host.firewall.profiles[profile_of(host)], name)
    return local == ALLOW if inbound else local not in (BLOCK, _POLICY_BLOCK)


def _port_fits(rule: Rule, side: str, port: int) -> bool:
    values = [value for name, value in rule.tokens if name.startswith(f"{side}Port")]
    return not values or any(_in_range(value, port) for value in values)


def _in_range(value: str, port: int) -> bool:
    if value == "RPC":
        return port >= FIRST_DYNAMIC_PORT
    if value == "RPC-EPMap":
        return port == 135
    low, _dash, high = value.partition("-")
    return low.isdecimal() and int(low) <= port <= int(high or low)


def _program_fits(rule: Rule, flow: Flow, host: Windows) -> bool:
    program, service = rule.first("App"), rule.first("Svc")
    if program is not None and expanded(program, host.environment).lower() != flow.program.lower():
        return False
    names = {name.lower() for name in flow.services}
    return service is None or (bool(names) if service == "*" else service.lower() in names)


def _address_fits(rule: Rule, side: str, address: str, own: str) -> bool:
    four, six = rule.all(f"{side}A4", f"{side}A42"), rule.all(f"{side}A6", f"{side}A62")
    return not (four or six) or any(_covers(value, address, own) for value in four)


def _covers(value: str, address: str, own: str) -> bool:
    """IPv4 only: LocalSubnet, one address, a range or a network; other keywords (DNS, DHCP ...) mean nobody here."""
    here = ipaddress.IPv4Address(address)
    if value == "LocalSubnet":
        return here in ipaddress.IPv4Network(f"{own}/{_SUBNET}", strict=False)
    low, dash, high = value.partition("-")
    try:
        if dash:
            return ipaddress.IPv4Address(low) <= here <= ipaddress.IPv4Address(high)
        return here in ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        return False
