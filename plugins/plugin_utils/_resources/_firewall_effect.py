# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether connections that local firewall rules allow may really pass, and what keeps them from it.

In the order of Windows (Microsoft, "Windows Firewall rules"): a profile that is switched off filters nothing; one that takes no exceptions
lets nothing in; a block rule wins over every allow rule; local rules count unless a policy says otherwise; then the profile's default holds.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .._host import Host, Rule
from .._host._overlap import addresses_meet, addresses_within, ports_meet, ports_within
from .._host._rules import PROFILES
from .._plan import Override
from ._firewall_match import same
from ._firewall_request import telling_ports

_NO, _YES = 0, 1
_DEFAULTS = {"in": "DefaultInboundAction", "out": "DefaultOutboundAction"}


@dataclass(frozen=True, slots=True)
class Traffic:
    """The connections that a rule is for. Empty sequences mean any; `program` is a path of the host, None for any."""

    direction: str
    profiles: tuple[str, ...]
    protocol: str
    ports: tuple[str, ...]
    remote_addresses: tuple[str, ...]
    program: str | None
    other_conditions: str = ""

    @staticmethod
    def of(host: Host, rule: Rule) -> Traffic:
        """The connections that a stored rule is for."""
        return Traffic(
            rule.direction,
            rule.profiles,
            rule.protocol,
            telling_ports(rule.direction, rule.local_ports, rule.remote_ports),
            rule.remote_addresses,
            host.expand(rule.program) if rule.program else None,
            rule.other_conditions,
        )


def in_the_way(host: Host, wanted: Sequence[Traffic], profiles: Sequence[str]) -> tuple[Override, ...]:
    """What keeps connections that local rules allow in these profiles from passing; empty if nothing does."""
    asked = [profile for profile in PROFILES if profile in profiles]
    counting = [profile for profile in asked if host.firewall.setting(profile, "AllowLocalPolicyMerge") != _NO]
    return (
        *(override for profile in asked for override in _by_the_profile(host, wanted, profile)),
        *_by_block_rules(host, wanted, asked, counting),
        *_by_the_network(host, asked),
    )


def _by_the_profile(host: Host, wanted: Sequence[Traffic], profile: str) -> Iterator[Override]:
    firewall, where = host.firewall, f"{profile} profile"
    if firewall.setting(profile, "EnableFirewall") == _NO:
        source = firewall.setting_source(profile, "EnableFirewall")
        by = f"{source.who} switches the firewall off in the {where}, so its rules have no effect there ({source.place})"
        yield Override(where, "allowed", "everything may pass, this rule or not", by, "switch the firewall on there")
    elif firewall.setting(profile, "DoNotAllowExceptions") == _YES and any(traffic.direction == "in" for traffic in wanted):
        source = firewall.setting_source(profile, "DoNotAllowExceptions")
        by = f"{source.who} blocks all incoming connections in the {where}, whatever the rules say ({source.place})"
        yield Override(where, "allowed", "blocked", by, "let that profile take exceptions")
    elif firewall.setting(profile, "AllowLocalPolicyMerge") == _NO and not all(_passes_anyway(host, traffic, profile) for traffic in wanted):
        source = firewall.setting_source(profile, "AllowLocalPolicyMerge")
        by = f"{source.who} makes local rules void in the {where} ({source.place})"
        yield Override(where, "allowed", "no effect", by, "add a rule of this kind to that policy, or let it merge local rules")


def _passes_anyway(host: Host, traffic: Traffic, profile: str) -> bool:
    """True if a rule of a policy or the profile's default allows what the local rule is for. Windows' default: nothing in, everything out."""
    action = host.firewall.setting(profile, _DEFAULTS[traffic.direction])
    by_default = traffic.direction == "out" if action is None else action == _NO
    return by_default or any(_covers(host, rule, traffic, profile) for rule in host.firewall.policy_rules)


def _covers(host: Host, rule: Rule, traffic: Traffic, profile: str) -> bool:
    """True if the rule allows all that the traffic is."""
    other = Traffic.of(host, rule)
    return (
        rule.enabled
        and rule.action == "allow"
        and profile in rule.profiles
        and other.direction == traffic.direction
        and other.protocol in ("any", traffic.protocol)
        and ports_within(traffic.ports, other.ports)
        and addresses_within(traffic.remote_addresses, other.remote_addresses)
        and (other.program is None or same(other.program, traffic.program))
        and other.other_conditions in ("", traffic.other_conditions)
    )


def _by_block_rules(host: Host, wanted: Sequence[Traffic], asked: Sequence[str], counting: Sequence[str]) -> Iterator[Override]:
    """The rules in force against what is wanted: the host's own in the profiles in which they count, and the policies'."""
    for rule in host.firewall.rules:
        if where := _blocked(host, rule, wanted, counting):
            yield _by_block_rule(rule, where, "")
    for rule in host.firewall.policy_rules:
        if where := _blocked(host, rule, wanted, asked):
            yield _by_block_rule(rule, where, f" of {host.firewall.policy_source(rule).who}")


def _blocked(host: Host, rule: Rule, wanted: Sequence[Traffic], profiles: Sequence[str]) -> list[str]:
    """The profiles in which the rule blocks some of what is wanted."""
    if not rule.enabled or rule.action != "block":
        return []
    other = Traffic.of(host, rule)
    met = {profile for traffic in wanted if _meets(other, traffic) for profile in traffic.profiles}
    return [profile for profile in profiles if profile in rule.profiles and profile in met]


def _by_block_rule(rule: Rule, where: Sequence[str], source: str) -> Override:
    by = f"rule {rule.name!r} ({rule.id}){source} blocks connections that this rule is for, and Block wins"
    return Override(f"{', '.join(where)} profile", "allowed", "blocked", by, "disable or narrow the rule that blocks")


def _meets(other: Traffic, traffic: Traffic) -> bool:
    """True if some connection is a matter of both. A rule with further conditions is not counted: it may be about others."""
    return (
        other.direction == traffic.direction
        and other.protocol in ("any", traffic.protocol)
        and ports_meet(other.ports, traffic.ports)
        and addresses_meet(other.remote_addresses, traffic.remote_addresses)
        and (other.program is None or same(other.program, traffic.program))
        and not other.other_conditions
    )


def _by_the_network(host: Host, asked: Sequence[str]) -> Iterator[Override]:
    """None of the networks of the host is one that the rule is for. Where one is, the rule holds there."""
    networks = host.firewall.networks
    if networks and not any(network.profile in asked for network in networks):
        seen = " and ".join(f"the network {network.name!r} ({network.interface}) for {network.profile}" for network in networks)
        fix = "find out why Windows takes it for that (domain controller, DNS, service NlaSvc), or ask for the rule in that profile too"
        yield Override("network", f"allowed for {', '.join(asked)}", "no effect on the network of now", f"Windows takes {seen}", fix)
