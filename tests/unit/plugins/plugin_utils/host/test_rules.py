# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grammar of stored firewall rules (MS-GPFAS 2.2.2) and the canonical form of their values."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._rules import (
    PROFILES,
    canonical_addresses,
    canonical_ports,
    canonical_protocol,
    group_id,
    parse_rule,
)

RESTRICTIVE = (
    "v2.33|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=445|App=System"
    "|Name=@FirewallAPI.dll,-28673|Desc=@FirewallAPI.dll,-28674|EmbedCtxt=@FirewallAPI.dll,-28672|"
)
SCOPED = (
    "v2.33|Action=Allow|Active=TRUE|Dir=In|Protocol=17|Profile=Private|Profile=Public|LPort=137|RA4=LocalSubnet|RA6=LocalSubnet|App=System"
    "|Name=@FirewallAPI.dll,-28519|Desc=@FirewallAPI.dll,-28522|EmbedCtxt=@FirewallAPI.dll,-28502|"
)
SPECIFICATION = (
    "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Public|LPort=RPC|RPort=49000|LA4=192.168.1.0/255.255.255.0|LA4=192.168.0.0/255.255.255.0"
    "|RA4=LocalSubnet|RA6=LocalSubnet|App=c:\\path\\foo.exe|Name=Firewall Rule Test|Security=Authenticate|Security2_9=An-NoEncap|"
)


def test_a_rule_without_profile_holds_in_all() -> None:
    """An absent Profile means every profile, an absent Active means disabled."""
    rule = parse_rule("FPS-SMB-In-TCP-V2", RESTRICTIVE)
    assert (rule.profiles, rule.enabled, rule.protocol, rule.local_ports, rule.program) == (PROFILES, False, "tcp", ("445",), "System")
    assert not parse_rule("x", "v2.10|Action=Allow|Dir=In|Name=x|").enabled


def test_a_keyword_for_both_versions_is_one_address() -> None:
    """LocalSubnet is stored once for IPv4 and once for IPv6."""
    rule = parse_rule("FPS-NB_Name-In-UDP", SCOPED)
    assert (rule.remote_addresses, rule.profiles, rule.enabled) == (("localsubnet",), ("private", "public"), True)
    assert parse_rule("x", "v2.10|Dir=In|RA4=LocalSubnet|").remote_addresses == ("localsubnet (IPv4)",)


def test_what_the_module_does_not_manage_is_kept_as_other_conditions() -> None:
    """Local addresses, services and IPsec narrow a rule, so they are told; unknown words are not fatal."""
    rule = parse_rule("spec", SPECIFICATION)
    assert (rule.local_ports, rule.remote_ports) == (("RPC",), ("49000",))
    assert rule.other_conditions == "LA4=192.168.0.0/255.255.255.0 LA4=192.168.1.0/255.255.255.0 Security2_9=An-NoEncap Security=Authenticate"
    assert parse_rule("new", "v2.40|Dir=Out|Fancy9_9=yes|").other_conditions == "Fancy9_9=yes"


def test_addresses_are_read_in_one_spelling() -> None:
    """Windows stores networks with a mask and single addresses in two ways."""
    text = "v2.31|Dir=In|RA4=10.1.0.0/255.255.0.0|RA4=10.2.3.4|RA4=10.2.3.5/255.255.255.255|RA4=10.9.0.1-10.9.0.7|RA6=fe80::/64|"
    assert parse_rule("a", text).remote_addresses == ("10.1.0.0/16", "10.2.3.4", "10.2.3.5", "10.9.0.1-10.9.0.7", "fe80::/64")


def test_port_ranges_are_read() -> None:
    """A range stands in LPort2_10."""
    assert parse_rule("a", "v2.33|Dir=In|Protocol=17|LPort2_10=5000-5020|LPort=80|").local_ports == ("80", "5000-5020")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@FirewallAPI.dll,-28502", ("firewallapi.dll", 28502)),
        ("@firewallapi.dll,-28502", ("firewallapi.dll", 28502)),
        ("@%SystemRoot%\\system32\\firewallapi.dll,-37302", ("firewallapi.dll", 37302)),
        ("Datei- und Druckerfreigabe", None),
    ],
)
def test_groups_are_told_by_library_and_number(text: str, expected: tuple[str, int] | None) -> None:
    """Path and letter case of the library vary in stored data; a display name is no id."""
    assert group_id(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("TCP", "tcp"), ("6", "tcp"), ("17", "udp"), ("any", "any"), ("47", "47"), ("icmpv6", "icmpv6")])
def test_protocols_have_one_spelling(text: str, expected: str) -> None:
    """Names in any case and numbers become the name, or the number if there is no name."""
    assert canonical_protocol(text) == expected


@pytest.mark.parametrize("text", ["tpc", "256", "-1", "", "6.0"])
def test_other_protocols_are_refused(text: str) -> None:
    """What is no protocol is refused with a sentence."""
    with pytest.raises(ValueError, match="no protocol"):
        canonical_protocol(text)


def test_ports_are_sorted_by_number() -> None:
    """The order in which ports are given does not matter."""
    assert canonical_ports(["9004", "80", "5000-5020", "rpc", "80"]) == ("RPC", "80", "5000-5020", "9004")
    assert canonical_ports(["7-7"]) == ("7",)


@pytest.mark.parametrize("port", ["0", "65536", "90 04", "9004-9003", "1-2-3", "http", "", "-5"])
def test_other_ports_are_refused(port: str) -> None:
    """Ports out of range and malformed ones are refused."""
    with pytest.raises(ValueError, match="no port"):
        canonical_ports([port])


def test_addresses_have_one_spelling() -> None:
    """Host bits, masks and one-element ranges are normalised; any alone is empty."""
    assert canonical_addresses(["10.0.0.9/24", "10.1.1.1/255.255.255.255", "LocalSubnet", "10.2.0.1-10.2.0.1"]) == (
        "10.0.0.0/24",
        "10.1.1.1",
        "10.2.0.1",
        "localsubnet",
    )
    assert canonical_addresses(["any"]) == ()


@pytest.mark.parametrize("address", ["10.0.0", "10.0.0.256", "auditor01", "10.0.0.9-10.0.0.1", "10.0.0.1-fe80::1", "10.0.0.0/33", ""])
def test_other_addresses_are_refused(address: str) -> None:
    """Names and malformed addresses are refused."""
    with pytest.raises(ValueError, match="no address"):
        canonical_addresses([address])
