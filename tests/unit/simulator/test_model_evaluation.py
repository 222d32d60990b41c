# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the firewall of a host decides about a connection."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.windows import Windows
from simulator.windows.firewall.evaluation import Flow, permits
from simulator.windows.firewall.rule import parsed
from unit.simulator.model_hosts import host


def _host(name: str, address: str, domain: str | None = "lab.test", **options: Any) -> Windows:
    return Windows(name=name, release="2022", domain=domain, address=address, options=options)


def _rules(*texts: str) -> dict[str, Any]:
    return {"firewall": {"rules": {f"rule-{number}": f"v2.31|{text}|" for number, text in enumerate(texts)}}}


def _inbound(target: Windows, port: int = 9004, program: str = r"C:\x.exe", remote: str = "127.0.0.3", services: frozenset[str] = frozenset()) -> bool:
    return permits(target, Flow(True, "127.0.0.2", port, remote, 50000, program, services))


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ("Protocol=6|LPort=9004", True),
        ("Protocol=17|LPort=9004", False),
        ("Protocol=6|LPort=9003", False),
        ("Protocol=6|LPort2_10=9000-9010", True),
        ("Protocol=6|LPort2_10=9000-9003", False),
        ("Protocol=6|RPort=80", False),
        ("Profile=Domain", True),
        ("Profile=Private|Profile=Public", False),
        (r"App=c:\X.EXE", True),
        (r"App=%SystemDrive%\x.exe", True),
        (r"App=C:\other.exe", False),
        ("Svc=web", True),
        ("Svc=*", True),
        ("Svc=other", False),
        ("RA4=127.0.0.3", True),
        ("RA4=127.0.0.4", False),
        ("RA4=127.0.0.0/255.255.255.0", True),
        ("RA4=127.0.0.1-127.0.0.9", True),
        ("RA4=LocalSubnet|RA6=LocalSubnet", True),
        ("RA6=LocalSubnet", False),
        ("RA4=DNS|RA6=DNS", False),
        ("LA4=127.0.0.2", True),
        ("LA4=127.0.0.7", False),
        ("IFType=Lan", True),
        ("IFType=Wireless", False),
        ("Protocol=6|LPort=RPC", False),
        ("Protocol=6|LPort=RPC-EPMap", False),
        ("Security=Authenticate", False),
    ],
)
def test_a_rule_counts_only_if_all_its_conditions_hold(conditions: str, fits: bool) -> None:
    """One condition that does not fit is enough; block rules with the same conditions take away what is open."""
    allowing = _host("NA01", "127.0.0.2", **_rules(f"Action=Allow|Active=TRUE|Dir=In|{conditions}"))
    assert _inbound(allowing, services=frozenset({"Web"})) is fits
    both = ("Action=Allow|Active=TRUE|Dir=In", f"Action=Block|Active=TRUE|Dir=In|{conditions}")
    assert _inbound(_host("NA01", "127.0.0.2", **_rules(*both)), services=frozenset({"Web"})) is not fits


def test_special_ports_stand_for_rpc() -> None:
    """RPC-EPMap is 135, RPC any dynamic port."""
    target = _host(
        "NA01",
        "127.0.0.2",
        **_rules(
            "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=RPC|App=C:\\x.exe", "Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=RPC-EPMap|App=C:\\x.exe"
        ),
    )
    assert [_inbound(target, port) for port in (135, 49666, 9004)] == [True, True, False]


def test_inactive_and_outbound_rules_open_nothing() -> None:
    """Only active rules of the right direction count."""
    target = _host("NA01", "127.0.0.2", **_rules("Action=Allow|Active=FALSE|Dir=In", "Action=Allow|Active=TRUE|Dir=Out"))
    assert not _inbound(target)


def test_a_changed_rule_counts_at_once() -> None:
    """What is active is worked out anew after each change of the rules."""
    target = _host("NA01", "127.0.0.2")
    assert not _inbound(target)
    rule = parsed("x", "v2.31|Action=Allow|Active=TRUE|Dir=In|")
    target.firewall.add(rule)
    assert _inbound(target)
    target.firewall.replace([rule.changed({"Active": ["FALSE"]})])
    assert not _inbound(target)
    target.firewall.replace([rule])
    target.firewall.remove([rule])
    assert not _inbound(target)


@pytest.mark.parametrize(
    ("settings", "local_rule", "other"),
    [
        ({}, True, False),
        ({"AllowLocalPolicyMerge": 0}, False, False),
        ({"DoNotAllowExceptions": 1}, False, False),
        ({"DefaultInboundAction": 0}, True, True),
        ({"EnableFirewall": 0}, True, True),
    ],
)
def test_group_policy_has_the_last_word(settings: dict[str, int], local_rule: bool, other: bool) -> None:
    """Policies can void local rules, shut everything, open everything, and switch the profile off."""
    options = {"rules": {"own": "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=9004|"}, "gpo_profiles": {"Domain": settings}}
    target = _host("NA01", "127.0.0.2", firewall=options)
    assert (_inbound(target), _inbound(target, 9005)) == (local_rule, other)


@pytest.mark.parametrize("source", ["gpo", "mdm"])
def test_rules_of_policies_count(source: str) -> None:
    """They open and block like local ones, also where local ones are void."""
    void = {f"{source}_profiles": {"Domain": {"AllowLocalPolicyMerge": 0}}, "rules": {"own": "v2.31|Action=Allow|Active=TRUE|Dir=In|LPort=9005|Protocol=6|"}}
    options = {f"{source}_rules": {"p": "v2.31|Action=Allow|Active=TRUE|Dir=In|LPort=9004|Protocol=6|"}, **void}
    target = _host("NA01", "127.0.0.2", firewall=options)
    assert (_inbound(target), _inbound(target, 9005)) == (True, False)


def test_group_policy_wins_over_device_management() -> None:
    """Where both have a setting; what only one of them has, counts."""
    void, merged = {"Domain": {"AllowLocalPolicyMerge": 0}}, {"Domain": {"AllowLocalPolicyMerge": 1}}
    rules = {"own": "v2.31|Action=Allow|Active=TRUE|Dir=In|LPort=9004|Protocol=6|"}
    assert _inbound(_host("NA01", "127.0.0.2", firewall={"rules": rules, "gpo_profiles": merged, "mdm_profiles": void}))
    assert not _inbound(_host("NA01", "127.0.0.2", firewall={"rules": rules, "gpo_profiles": {"Domain": {"EnableFirewall": 1}}, "mdm_profiles": void}))


def test_the_profile_is_domain_for_members_and_public_for_others() -> None:
    """A workgroup host's network is unknown, which is public."""
    rules = _rules("Action=Allow|Active=TRUE|Dir=In|Profile=Domain")
    assert _inbound(_host("NA01", "127.0.0.2", **rules))
    assert not _inbound(_host("NA01", "127.0.0.2", None, **rules))


def test_the_firewall_filters_nothing_when_it_does_not_run() -> None:
    """With MpsSvc stopped, or another vendor's firewall in charge, Windows' rules have no effect."""
    assert _inbound(host("2022", services={"MpsSvc": {"state": "Stopped"}}))
    assert _inbound(_host("NA01", "127.0.0.2", third_party_firewall="Vendor"))
