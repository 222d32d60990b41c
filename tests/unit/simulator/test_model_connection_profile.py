# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks of a host: MSFT_NetConnectionProfile, and the firewall profile that follows them."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.windows import CimError, Windows
from simulator.windows.firewall.evaluation import Flow, permits
from simulator.windows.firewall.profile import NAMES
from unit.simulator.model_hosts import ADMIN, USER, cim, host, instance, run

CLASS = "MSFT_NetConnectionProfile"


def _rows(target: Windows) -> list[dict[str, Any]]:
    return list(cim(target, CLASS).instances(target, ADMIN))


def _put(target: Windows, category: int, account: Any = ADMIN) -> dict[str, Any]:
    """What Set-NetConnectionProfile does: the whole instance comes back with another category."""
    (row,) = _rows(target)
    return cim(target, CLASS).modify(target, account, {"InstanceID": row["InstanceID"]}, {**row, "NetworkCategory": category})


def test_members_have_a_domain_network() -> None:
    """One network named like the domain, category 2; a host outside a domain has a public one, 0."""
    (member,), (alone,) = _rows(host()), _rows(host(domain=None))
    assert (member["Name"], member["InterfaceAlias"], member["NetworkCategory"]) == ("lab.test", "Ethernet", 2)
    assert (alone["Name"], alone["InterfaceAlias"], alone["NetworkCategory"]) == ("Network", "Ethernet", 0)
    assert (member["IPv4Connectivity"], member["IPv6Connectivity"], member["Caption"], member["ElementName"]) == (3, 1, None, None)
    assert member["InstanceID"][0] + member["InstanceID"][-1] == "{}"


def test_names_are_localised() -> None:
    """The interface has its Japanese name there; unnamed networks have a name of the language."""
    (japanese,), (german,) = _rows(host(language="ja-JP", domain=None)), _rows(host(language="de-DE", domain=None))
    assert (japanese["InterfaceAlias"], japanese["Name"]) == ("イーサネット", "ネットワーク")
    assert (german["InterfaceAlias"], german["Name"]) == ("Ethernet", "Netzwerk")


def test_a_fleet_gives_a_host_its_networks() -> None:
    """Aliases, categories and names in the order of the option, each with an index and a GUID of its own."""
    target = host(networks=[{"alias": "Prod", "category": "private", "name": "Hall 3"}, {"category": "public"}, {"category": "domain"}])
    found = _rows(target)
    assert [(row["InterfaceAlias"], row["NetworkCategory"], row["Name"]) for row in found] == [
        ("Prod", 1, "Hall 3"),
        ("Ethernet 2", 0, "Network 2"),
        ("Ethernet 3", 2, "lab.test"),
    ]
    assert (len({row["InstanceID"] for row in found}), [row["InterfaceIndex"] for row in found]) == (3, [5, 6, 7])


@pytest.mark.parametrize("release", ["7", "2008R2"])
def test_the_class_came_with_windows_8(release: str) -> None:
    """Older releases do not have it, like the other classes of its namespace."""
    with pytest.raises(LookupError):
        cim(host(release), CLASS)


@pytest.mark.parametrize(("category", "profile"), [("domain", "Domain"), ("private", "Private"), ("public", "Public")])
def test_the_firewall_follows_the_network(category: str, profile: str) -> None:
    """A rule for a profile counts on a network of that category, on the first of several; currentprofile means it too."""
    for name in NAMES:
        rules = {"r": f"v2.31|Action=Allow|Active=TRUE|Dir=In|Profile={name}|"}
        target = host(networks=[{"category": category}, {"alias": "Other", "category": "public"}], firewall={"rules": rules})
        assert permits(target, Flow(True, "127.0.0.9", 9003, "127.0.0.3", 50000)) is (name == profile)
    target = host(networks=[{"category": category}])
    run(target, "netsh", "advfirewall set currentprofile state off")
    assert [name for name in NAMES if instance(target, "MSFT_NetFirewallProfile", Name=name)["Enabled"] == 0] == [profile]


def test_current_profiles_are_those_of_all_networks() -> None:
    """Windows has several profiles at work on a host with several networks."""
    target = host(networks=[{"category": "public"}, {"category": "domain"}])
    run(target, "netsh", "advfirewall set currentprofile state off")
    assert [name for name in NAMES if instance(target, "MSFT_NetFirewallProfile", Name=name)["Enabled"] == 0] == ["Domain", "Public"]


def test_public_and_private_can_be_changed() -> None:
    """The category changes, the firewall with it, and the journal has one entry; the same again is no change, nor is a restart."""
    target = host(domain=None)
    assert _put(target, 1)["NetworkCategory"] == 1
    assert _put(target, 1)["NetworkCategory"] == 1
    target.reboot()
    assert target.networks[0].profile == "Private"
    assert [(entry["kind"], entry["detail"]["before"], entry["detail"]["after"]) for entry in target.journal.entries] == [("network", 0, 1)]


def test_what_cannot_be_changed() -> None:
    """No network becomes a domain's by hand (4), a domain's stays (2), other properties stay (4), others' hands off (2), no such network (6)."""
    alone, member = host(domain=None), host()
    (row,) = _rows(alone)
    attempts = (
        (4, lambda: _put(alone, 2)),
        (2, lambda: _put(member, 0)),
        (2, lambda: _put(alone, 1, USER)),
        (4, lambda: cim(alone, CLASS).modify(alone, ADMIN, {"InstanceID": row["InstanceID"]}, {"Name": "mine"})),
        (6, lambda: cim(alone, CLASS).modify(alone, ADMIN, {"InstanceID": "{0}"}, {"NetworkCategory": 1})),
    )
    for status, attempt in attempts:
        with pytest.raises(CimError) as refused:
            attempt()
        assert refused.value.status == status
    assert alone.journal.entries == member.journal.entries == []


@pytest.mark.parametrize(
    "networks", [[], {}, [{"category": "guest"}], [{"colour": "red"}], ["Ethernet"], [{"alias": "a"}, {"alias": "A"}], [{"category": "domain"}]]
)
def test_mistakes_are_told_at_once(networks: Any) -> None:
    """A network that can't be is refused when the host is made; a domain's network needs a domain."""
    with pytest.raises(ValueError, match=r"network"):
        host(domain=None, networks=networks)
