# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether connections that local firewall rules allow may really pass, and what keeps them from it.

In the order of Windows (Microsoft, "Windows Firewall rules"): a profile that is switched off filters nothing; one that takes no exceptions
lets nothing in; a block rule wins over every allow rule; local rules count unless a policy says otherwise; then the profile's default holds.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .._host import Host, Rule
from .._host._overlap import every, some
from .._host._rules import PROFILES
from .._plan import Override
from ._firewall_traffic import Traffic

_NO, _YES = 0, 1
_NOT_TOLD = ""
_DEFAULTS = {"in": "DefaultInboundAction", "out": "DefaultOutboundAction"}


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
    elif firewall.setting(profile, "AllowLocalPolicyMerge") == _NO:
        yield from _by_the_merge_switch(host, wanted, profile)


def _by_the_merge_switch(host: Host, wanted: Sequence[Traffic], profile: str) -> Iterator[Override]:
    """Local rules are void, which does not matter where all connections pass without them."""
    rules = (rule for rule in host.firewall.policy_rules if rule.enabled and rule.action == "allow" and profile in rule.profiles)
    allowed = [Traffic.of(host, rule) for rule in rules]
    parts = (part for traffic in wanted for part in traffic.parts())
    passes = every(_passes_by_default(host, part.direction, profile) or some(part.within(other) for other in allowed) for part in parts)
    if passes:
        return
    source = host.firewall.setting_source(profile, "AllowLocalPolicyMerge")
    by = f"{source.who} makes local rules void in the {profile} profile ({source.place})"
    by += "; whether a rule of a policy lets the connections pass, Windows does not tell" if passes is None else ""
    effective = _NOT_TOLD if passes is None else "no effect"
    yield Override(f"{profile} profile", "allowed", effective, by, "add a rule of this kind to that policy, or let it merge local rules")


def _passes_by_default(host: Host, direction: str, profile: str) -> bool:
    """True if the profile allows what no rule is about. Windows' default: nothing in, everything out."""
    action = host.firewall.setting(profile, _DEFAULTS[direction])
    return direction == "out" if action is None else action == _NO


def _by_block_rules(host: Host, wanted: Sequence[Traffic], asked: Sequence[str], counting: Sequence[str]) -> Iterator[Override]:
    """The rules in force against what is wanted: the host's own in the profiles in which they count, and the policies'."""
    for rule in host.firewall.rules:
        yield from _by_block_rule(host, rule, wanted, counting)
    for rule in host.firewall.policy_rules:
        yield from _by_block_rule(host, rule, wanted, asked)


def _by_block_rule(host: Host, rule: Rule, wanted: Sequence[Traffic], profiles: Sequence[str]) -> Iterator[Override]:
    """One at most: for the profiles in which the rule blocks some of what is wanted, else for those in which it may."""
    if not rule.enabled or rule.action != "block":
        return
    other = Traffic.of(host, rule)
    answers = [(traffic.meets(other), traffic.profiles) for traffic in wanted]
    for sure in (True, None):
        met = {profile for answer, concerned in answers if answer is sure for profile in concerned}
        where = [profile for profile in profiles if profile in rule.profiles and profile in met]
        if where:
            yield _blocked(host, rule, where, sure=bool(sure))
            return


def _blocked(host: Host, rule: Rule, where: Sequence[str], *, sure: bool) -> Override:
    source = host.firewall.policy_source(rule)
    by = f"rule {rule.name!r} ({rule.id}){f' of {source.who}' if source else ''}"
    if sure:
        by += " blocks connections that this rule is for, and Block wins"
        return Override(f"{', '.join(where)} profile", "allowed", "blocked", by, "disable or narrow the rule that blocks")
    limits = ", ".join((*rule.conditions, *rule.remote_addresses, *rule.local_ports, *rule.remote_ports))
    by += f" blocks connections ({limits}), and Block wins; whether those that this rule is for are among them, Windows does not tell"
    return Override(f"{', '.join(where)} profile", "allowed", _NOT_TOLD, by, "make sure that they are not, or disable or narrow the rule that blocks")


def _by_the_network(host: Host, asked: Sequence[str]) -> Iterator[Override]:
    """None of the networks of the host is one that the rule is for. Where one is, the rule holds there."""
    networks = host.firewall.networks
    if networks and not any(network.profile in asked for network in networks):
        seen = " and ".join(f"the network {network.name!r} ({network.interface}) for {network.profile}" for network in networks)
        fix = "find out why Windows takes it for that (domain controller, DNS, service NlaSvc), or ask for the rule in that profile too"
        yield Override("network", f"allowed for {', '.join(asked)}", "no effect on the network of now", f"Windows takes {seen}", fix)
