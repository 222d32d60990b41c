# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall through its CIM classes and netsh."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from simulator.windows import CimError, Windows
from simulator.windows.firewall.rule import parsed
from unit.simulator.model_hosts import ADMIN, USER, cim, host, instance, netsh, registry, rule_text, run

RULES = r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules"
ADD = 'add rule name="Lab rule" dir=in action=allow program="C:\\Lab\\lab.exe" protocol=TCP localport=9003 profile=domain'


def group(target: Windows, number: str) -> dict[str, bool]:
    """The rules of a built-in group and whether they are on."""
    return {rule.id: rule.active for rule in target.firewall if (rule.group or "").endswith(f",{number}")}


def create(target: Windows, **properties: object) -> dict[str, object]:
    """Create a rule over CIM and return its keys."""
    return cim(target, "MSFT_NetFirewallRule").create(target, ADMIN, properties)


def filter_keys(identifier: str) -> dict[str, str]:
    """The keys of a rule's filters."""
    return {"CreationClassName": f"MSFT|FW|FirewallRule|{identifier}", "Name": "", "SystemCreationClassName": "", "SystemName": ""}


def test_clients_have_twins_and_servers_one_rule() -> None:
    """On clients the Domain profile has its own rule without a scope."""
    client, server = host("11"), host("2019")
    assert client.firewall.find("FPS-SMB-In-TCP").text() == (  # type: ignore[union-attr]
        "v2.32|Action=Allow|Active=FALSE|Dir=In|Protocol=6|Profile=Private|Profile=Public|LPort=445|RA4=LocalSubnet|RA6=LocalSubnet|App=System"
        "|Name=@FirewallAPI.dll,-28511|Desc=@FirewallAPI.dll,-28514|EmbedCtxt=@FirewallAPI.dll,-28502|"
    )
    assert client.firewall.find("FPS-SMB-In-TCP-NoScope").all("Profile") == ("Domain",)  # type: ignore[union-attr]
    assert server.firewall.find("FPS-SMB-In-TCP").all("Profile", "RA4") == ()  # type: ignore[union-attr]
    assert server.firewall.find("FPS-SMB-In-TCP-NoScope") is None


def test_restrictive_group_by_release() -> None:
    """The group -28672 came with Windows 11 24H2 and Server 2025 and is off."""
    assert {release: bool(group(host(release), "-28672")) for release in ("2022", "2025", "11", "11-24H2")} == {
        "2022": False,
        "2025": True,
        "11": False,
        "11-24H2": True,
    }
    assert not any(group(host("2025"), "-28672").values())


def test_registry_holds_the_rule_strings() -> None:
    """What reg query prints of FirewallRules parses back into the store's rules."""
    target = host("2016")
    netsh(target, ADD)
    key = target.registry.open("hklm", RULES)
    assert key is not None
    assert {parsed(value.name, str(value.data)) for value in key.values.values()} == set(target.firewall)


def test_foreign_registry_write_does_not_reach_the_firewall() -> None:
    """mpssvc keeps its own state: a value written into FirewallRules is no rule."""
    target = host()
    registry(target, "SetStringValue", key=RULES, name="fake", sValue="v2.31|Action=Allow|Active=TRUE|Dir=In|Name=fake|")
    assert target.firewall.find("fake") is None
    assert netsh(target, "show rule name=fake").exit_code == 1


def test_netsh_add_makes_duplicates() -> None:
    """add never looks for an existing rule; each gets a GUID and delete takes them all."""
    target = host()
    assert netsh(target, ADD).exit_code == 0
    assert netsh(target, ADD).exit_code == 0
    found = [rule for rule in target.firewall if rule.name == "Lab rule"]
    assert len(found) == 2
    assert all(rule.id.startswith("{") for rule in found)
    assert "Deleted 2 rule(s)." in netsh(target, 'delete rule name="Lab rule"').stdout
    assert netsh(target, 'delete rule name="Lab rule"').exit_code == 1


def test_netsh_writes_the_grammar() -> None:
    """Ports, ranges, networks with masks and keywords appear as Windows writes them."""
    target = host("2019")
    line = (
        ADD.replace("localport=9003", "localport=9003,9010-9020") + " remoteip=10.0.0.0/24,10.1.1.1,10.2.0.1-10.2.0.9,localsubnet,2001:db8::/32 description=why"
    )
    assert netsh(target, line).exit_code == 0
    assert rule_text(target, "Lab rule") == (
        "v2.29|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=9003|LPort2_10=9010-9020"
        "|RA4=10.0.0.0/255.255.255.0|RA4=10.1.1.1|RA4=10.2.0.1-10.2.0.9|RA4=LocalSubnet|RA6=LocalSubnet|RA6=2001:db8::/32"
        "|App=C:\\Lab\\lab.exe|Name=Lab rule|Desc=why|"
    )


@pytest.mark.parametrize(
    "line",
    [
        "add rule name=x dir=in",
        "add rule name=all dir=in action=allow",
        "add rule name=a rule dir=in action=allow",
        r'add rule "name=\"x\"" dir=in action=allow',
        "add rule name=x dir=sideways action=allow",
        "add rule name=x dir=in action=allow localport=80",
        "add rule name=x dir=in action=allow localport=any",
        "add rule name=x dir=in action=allow program=any",
        "add rule name=x dir=in action=allow protocol=tcp localport=65536",
        "add rule name=x dir=in action=allow protocol=tcp localport=20-10",
        "add rule name=x dir=in action=allow remoteip=300.1.1.1",
        "add rule name=x dir=in action=allow profile=office",
        "add rule name=x dir=in action=allow colour=red",
        "add rule name=x dir=out action=allow edge=yes",
        "add rule name=x|y dir=in action=allow",
        'set rule name="Lab rule" enable=no',
        'set rule name="Lab rule" new enable=no',
        'set rule group="@FirewallAPI.dll,-28502" new action=block',
        "show rule",
        "delete rule dir=in",
        "teach rule name=x",
    ],
)
def test_netsh_refuses_with_exit_code_one(line: str) -> None:
    """Every mistake is exit code 1 with a text on stdout, and nothing is written."""
    target = host()
    done = netsh(target, line)
    assert (done.exit_code, bool(done.stdout)) == (1, True)
    assert target.journal.entries == []


def test_netsh_set_changes_what_matches() -> None:
    """set rule with a condition changes the rules that have exactly it, and only what is given."""
    target = host()
    netsh(target, ADD)
    netsh(target, ADD.replace("dir=in", "dir=out").replace("localport", "remoteport"))
    assert "Updated 1 rule(s)." in netsh(target, 'set rule name="lab RULE" dir=in new remoteip=10.0.0.1 enable=no').stdout
    changed = next(rule for rule in target.firewall if rule.name == "Lab rule" and rule.inbound)
    assert (changed.active, changed.all("RA4"), changed.all("LPort")) == (False, ("10.0.0.1",), ("9003",))


def test_netsh_conditions_skip_rules_of_other_protocols() -> None:
    """A port as a condition selects among rules of one name; the ones without ports just do not match."""
    target = host()
    netsh(target, "add rule name=Lab dir=in action=allow protocol=icmpv4:8,any")
    netsh(target, "add rule name=Lab dir=in action=allow protocol=tcp localport=9003")
    assert "Deleted 1 rule(s)." in netsh(target, "delete rule name=Lab localport=9003").stdout
    assert rule_text(target, "Lab").endswith("|Protocol=1|ICMP4=8:*|Name=Lab|")


def test_netsh_groups_by_resource_in_every_language() -> None:
    """A group is found by its resource anywhere, by name only in the host's language."""
    target = host("2022", "de-DE")
    assert netsh(target, 'set rule group="File and Printer Sharing" new enable=yes').exit_code == 1
    assert netsh(target, 'set rule group="@FirewallAPI.dll,-28502" new enable=yes').exit_code == 0
    assert all(group(target, "-28502").values())
    assert netsh(target, 'set rule group="Datei- und Druckerfreigabe" new enable=no').exit_code == 0
    assert not any(group(target, "-28502").values())


def test_netsh_needs_elevation_and_the_service() -> None:
    """Without rights, or with MpsSvc stopped, exit code 1; reading needs the service too."""
    target = host()
    assert netsh(target, ADD, USER).exit_code == 1
    stopped = host("2012R2", services={"MpsSvc": {"state": "Stopped"}})
    assert netsh(stopped, "show rule name=all").exit_code == 1
    with pytest.raises(CimError) as caught:
        list(cim(stopped, "MSFT_NetFirewallRule").instances(stopped, ADMIN))
    assert caught.value.hresult == 0x800706D9


def test_netsh_shows_rules() -> None:
    """show rule prints addresses with prefix lengths and the details only with verbose."""
    target = host()
    netsh(target, ADD + " remoteip=10.0.0.0/255.255.255.0")
    brief = netsh(target, 'show rule name="Lab rule"').stdout
    assert "RemoteIP:                             10.0.0.0/24\r\n" in brief
    assert "Program:" not in brief
    assert "Program:                              C:\\Lab\\lab.exe" in netsh(target, 'show rule name="Lab rule" verbose').stdout


def test_netsh_tells_what_is_wrong_and_how_it_should_be() -> None:
    """Port and protocol have their own texts; wrong arguments are followed by the usage, no match is not."""
    target = host()
    port = netsh(target, "add rule name=x dir=in action=allow protocol=tcp localport=x").stdout
    assert port.startswith("\r\nA specified port value is not valid.\r\n\r\nUsage: add rule name=<string>\r\n")
    assert "protocol value" in netsh(target, "add rule name=x dir=in action=allow protocol=carrierpigeon").stdout
    assert netsh(target, "show rule name=x").stdout == "\r\nNo rules match the specified criteria.\r\n\r\n"


def test_netsh_shows_japanese_labels_in_console_columns() -> None:
    """Wide characters count two columns."""
    target = host(language="ja-JP")
    netsh(target, ADD)
    assert "\r\n規則名:                               Lab rule\r\n" in netsh(target, 'show rule name="Lab rule"').stdout


def test_netsh_profiles() -> None:
    """State and policy of profiles: set locally, overridden by Group Policy when shown."""
    target = host(firewall={"gpo_profiles": {"Public": {"EnableFirewall": 1}}})
    assert run(target, "netsh", "advfirewall set allprofiles state off").exit_code == 0
    shown = run(target, "netsh", "advfirewall show allprofiles state").stdout
    assert shown.count("OFF") == 2
    assert shown.count("ON\r\n") == 1
    assert instance(target, "MSFT_NetFirewallProfile", Name="Domain")["Enabled"] == 0


def test_cim_create_makes_any_filters_and_put_narrows_them() -> None:
    """Create opens everything; a Put on the port filter changes only what it names."""
    target = host("2019")
    create(target, InstanceID="lab", ElementName="Lab", Direction=2, Action=2)
    ports = cim(target, "MSFT_NetProtocolPortFilter")
    assert instance(target, "MSFT_NetProtocolPortFilter", InstanceID="lab")["RemotePort"] == ["Any"]
    ports.modify(target, ADMIN, filter_keys("lab"), {"Protocol": "TCP", "RemotePort": ["9004"]})
    cim(target, "MSFT_NetAddressFilter").modify(target, ADMIN, filter_keys("lab"), {"RemoteAddress": ["10.0.0.0/24"]})
    assert rule_text(target, "Lab") == "v2.29|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|RPort=9004|RA4=10.0.0.0/255.255.255.0|Name=Lab|"
    with pytest.raises(CimError) as caught:
        create(target, InstanceID="LAB", ElementName="again")
    assert caught.value.status == 11


def test_cim_refuses_what_cannot_be() -> None:
    """Ports without TCP or UDP, another direction, names of grouped rules: invalid parameter (4)."""
    target = host()
    create(target, InstanceID="lab", ElementName="Lab")
    rules, ports = cim(target, "MSFT_NetFirewallRule"), cim(target, "MSFT_NetProtocolPortFilter")
    keys = {"CreationClassName": "MSFT|FW|FirewallRule|lab"}
    attempts: list[Callable[[], object]] = [
        lambda: ports.modify(target, ADMIN, filter_keys("lab"), {"LocalPort": ["80"]}),
        lambda: rules.modify(target, ADMIN, keys, {"Direction": 2}),
        lambda: rules.modify(target, ADMIN, keys, {"Priority": 7}),
        lambda: create(target, InstanceID="other", ElementName="Other", PolicyStoreSource="elsewhere"),
        lambda: create(target, InstanceID="other"),
        lambda: cim(target, "MSFT_NetFirewallProfile").modify(target, ADMIN, {"InstanceID": "MSFT|FW|FirewallProfile|Domain"}, {"Enabled": 9}),
        lambda: rules.modify(target, ADMIN, {"CreationClassName": "MSFT|FW|FirewallRule|FPS-SMB-In-TCP"}, {"DisplayName": "mine"}),
    ]
    for attempt in attempts:
        with pytest.raises(CimError) as caught:
            attempt()
        assert caught.value.status == 4


def test_cim_put_of_a_whole_instance_changes_what_differs() -> None:
    """Clients send everything back; only the difference is a change, and the answer is the whole instance."""
    target = host()
    create(target, InstanceID="lab", ElementName="Lab", LooseSourceMapping=True)
    rules = cim(target, "MSFT_NetFirewallRule")
    whole = instance(target, "MSFT_NetFirewallRule", InstanceID="lab")
    answer = rules.modify(target, ADMIN, rules.keys_of(whole), {**whole, "Enabled": 2, "Profiles": 1, "Action": 4})
    assert {name for name in whole if whole[name] != answer[name]} == {"Enabled", "Profiles", "Action"}
    assert rule_text(target, "Lab") == "v2.31|Action=Block|Active=FALSE|Dir=In|Profile=Domain|Name=Lab|LSM=TRUE|"


def test_cim_enable_answers_nothing_and_delete_removes() -> None:
    """Enable has an empty output; after Delete the rule and its filters are gone (6)."""
    target = host()
    rules, keys = cim(target, "MSFT_NetFirewallRule"), {"CreationClassName": "MSFT|FW|FirewallRule|fps-smb-in-tcp"}
    assert rules.invoke(target, ADMIN, keys, "Enable", {}) == {}
    assert instance(target, "MSFT_NetFirewallRule", InstanceID="FPS-SMB-In-TCP")["Enabled"] == 1
    rules.delete(target, ADMIN, keys)
    with pytest.raises(CimError) as caught:
        cim(target, "MSFT_NetAddressFilter").modify(target, ADMIN, filter_keys("FPS-SMB-In-TCP"), {"RemoteAddress": ["Any"]})
    assert caught.value.status == 6


def test_cim_writes_need_an_administrator() -> None:
    """Access denied (2) and an empty journal."""
    target = host()
    with pytest.raises(CimError) as caught:
        cim(target, "MSFT_NetFirewallRule").create(target, USER, {"InstanceID": "x", "ElementName": "x"})
    assert caught.value.status == 2
    assert target.journal.entries == []


def test_group_policy_is_apart_from_the_local_store() -> None:
    """Policy rules are in the policy key, not among the local rules."""
    text = "v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=9003|Name=No agent|"
    target = host(firewall={"gpo_rules": {"{1}": text}, "gpo_profiles": {"Domain": {"AllowLocalPolicyMerge": 0}}})
    assert target.firewall.find("{1}") is None
    assert [rule.text() for rule in target.firewall.policy_rules()] == [text]
    assert target.firewall.policy_value("Domain", "AllowLocalPolicyMerge") == 0
    assert registry(target, "GetDWORDValue", key=r"SOFTWARE\Policies\Microsoft\WindowsFirewall\DomainProfile", name="AllowLocalPolicyMerge")["uValue"] == 0


def test_third_party_firewall_registers_itself() -> None:
    """The Security Center of a client names it; servers have no such namespace; netsh shows who owns the categories."""
    client = host("11", third_party_firewall="Lab Shield")
    assert instance(client, "FirewallProduct")["displayName"] == "Lab Shield"
    server = host("2022", third_party_firewall="Lab Shield")
    assert server.cim.find("root/SecurityCenter2", "FirewallProduct") is None
    assert "Lab Shield" in run(server, "netsh", "advfirewall show global").stdout


def test_presets_of_a_fleet() -> None:
    """A fleet can switch groups and single rules before the first request, without journal entries."""
    target = host("2025", firewall={"enable": ["-28502"], "disable": ["FPS-SMB-In-TCP"], "remove": ["FPS-LLMNR-In-UDP"]})
    states = group(target, "-28502")
    assert (states["FPS-SMB-Out-TCP"], states["FPS-SMB-In-TCP"], "FPS-LLMNR-In-UDP" in states) == (True, False, False)
    assert target.journal.entries == []
