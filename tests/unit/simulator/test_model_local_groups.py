# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local groups: `net localgroup`, and the classes that show the same."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.windows import Windows
from unit.simulator.model_hosts import ADMIN, USER, cim, host, instance, run

PRODUCT = "Netwrix Auditor Client Users"
DOMAIN: dict[str, Any] = {"domain_accounts": [r"LAB\alice", r"LAB\gmsa-uavr$", {"group": r"LAB\Auditors"}]}


def _members(target: Windows, group: str) -> list[tuple[str, str]]:
    pairs = cim(target, "Win32_GroupUser").instances(target, ADMIN)
    parts = [item["PartComponent"] for item in pairs if item["GroupComponent"].keys["Name"] == group]
    return [(part.class_name, part.keys["Name"]) for part in parts]


def _net(target: Windows, arguments: str, account: Any = ADMIN) -> tuple[int, str]:
    done = run(target, "net", f"localgroup {arguments}", account)
    return done.exit_code, done.stdout + done.stderr


def test_members_come_and_go_by_net() -> None:
    """Users, managed service accounts, groups of the domain and well-known accounts; one journal entry for each."""
    target = host(server=True, **DOMAIN)
    for name in (r"LAB\alice", r"lab.test\GMSA-uavr$", r"LAB\Auditors", r"NT AUTHORITY\NETWORK SERVICE", "Everyone"):
        assert _net(target, f'"{PRODUCT}" "{name}" /add') == (0, "The command completed successfully.\r\n\r\n")
    assert _members(target, PRODUCT) == [
        ("Win32_UserAccount", "alice"),
        ("Win32_UserAccount", "gmsa-uavr$"),
        ("Win32_Group", "Auditors"),
        ("Win32_SystemAccount", "NETWORK SERVICE"),
        ("Win32_SystemAccount", "Everyone"),
    ]
    code, listed = _net(target, f'"{PRODUCT}"')
    assert code == 0
    assert "LAB\\alice\r\n" in listed
    assert _net(target, f'"{PRODUCT}" Everyone /delete')[0] == 0
    assert [entry["detail"]["action"] for entry in target.journal.entries] == ["add member"] * 5 + ["remove member"]


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        (f'"{PRODUCT}" LAB\\carol /add', 1378),
        (f'"{PRODUCT}" LAB\\alice /delete', 1377),
        ("NoGroup LAB\\alice /add", 1376),
        ("NoGroup", 1376),
        (f'"{PRODUCT}" LAB\\nobody /add', 3783),
        (f'"{PRODUCT}" S-1-5-19 /add', 3783),
        (f'"{PRODUCT}" Users /add', 1388),
        (f'"{PRODUCT}" /add', 1379),
        ("Administrators /delete", 1371),
    ],
)
def test_errors_have_exit_code_2_and_a_number(arguments: str, number: int) -> None:
    """The number is on standard error; nothing is written."""
    target = host(server=True, groups={PRODUCT: [r"LAB\carol"]}, domain_accounts=[r"LAB\alice", r"LAB\carol"])
    done = run(target, "net1", f"localgroup {arguments}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert str(number) in done.stderr
    assert target.journal.entries == []


def test_net_speaks_the_language_of_the_host() -> None:
    """The texts around the number, the groups' and the accounts' names."""
    german = host(language="de-DE")
    assert "Systemfehler 1376 aufgetreten." in run(german, "net", "localgroup NoGroup").stderr
    assert _net(german, 'Ereignisprotokollleser "NT-AUTORITÄT\\NETZWERKDIENST" /add')[0] == 0
    assert "NT-AUTORITÄT\\NETZWERKDIENST" in _net(german, "Ereignisprotokollleser")[1]
    assert "*Ereignisprotokollleser\r\n" in _net(german, "")[1]


def test_only_administrators_change_groups() -> None:
    """5 for everybody else, who may look."""
    target = host(server=True)
    code, said = _net(target, f'"{PRODUCT}" Everyone /add', USER)
    assert (code, "System error 5 has occurred." in said) == (2, True)
    assert _net(target, f'"{PRODUCT}"', USER)[0] == 0
    assert target.journal.entries == []


def test_long_names_of_members_are_answered_with_the_usage() -> None:
    """More than 20 characters after the domain; the group's own name may be longer."""
    name = "LAB\\a name of twenty-one c"
    target = host(server=True, domain_accounts=[name])
    assert len(name.partition("\\")[2]) == 22
    done = run(target, "net", f'localgroup "{PRODUCT}" "{name}" /add')
    assert (done.exit_code, "The syntax of this command is:" in done.stderr) == (1, True)


def test_groups_are_made_and_deleted() -> None:
    """A new group has a SID of the computer and is there for WMI."""
    target = host()
    assert _net(target, '"My group" /add /comment:"for tests"')[0] == 0
    made = instance(target, "Win32_Group", Name="My group")
    assert made["SID"].startswith(target.machine_sid)
    assert made["Description"] == "for tests"
    assert _net(target, '"My group" /delete')[0] == 0
    assert _net(target, '"My group"')[0] == 2


def test_an_account_that_is_gone_is_a_member_and_is_shown_by_nothing() -> None:
    """Its SID stays in the group; neither net nor WMI lists it."""
    target = host(groups={"Readers": ["S-1-5-21-1-2-3-4444", "Guest"]})
    group = target.groups.by_name("Readers")
    assert group is not None
    assert group.members == ["S-1-5-21-1-2-3-4444", target.machine_sid + "-501"]
    assert _members(target, "Readers") == [("Win32_UserAccount", "Guest")]
    assert "4444" not in _net(target, "Readers")[1]


def test_accounts_of_the_domain_are_found_by_their_keys_alone() -> None:
    """They are not enumerated; Win32_SID and Win32_SystemAccount agree with them about SIDs, not about domains."""
    target = host(language="fr-FR", **DOMAIN)
    users = cim(target, "Win32_UserAccount")
    assert "alice" not in [row["Name"] for row in users.instances(target, ADMIN)]
    alice = next(row for row in users.unlisted(target, ADMIN) if row["Name"] == "alice")
    assert instance(target, "Win32_SID", SID=alice["SID"])["AccountName"] == "alice"
    service = instance(target, "Win32_SystemAccount", SID="S-1-5-20")
    assert (service["Domain"], service["Name"]) == ("HOST", "SERVICE RÉSEAU")
    assert instance(target, "Win32_SID", SID="S-1-5-20")["ReferencedDomainName"] == "AUTORITE NT"


@pytest.mark.parametrize("options", [{"groups": {"Readers": ["nobody"]}}, {"domain_accounts": ["alice"]}, {"groups": {"S-1-5-32-999": []}}])
def test_what_a_fleet_can_not_have_is_refused(options: dict[str, Any]) -> None:
    """At once, not at the first request."""
    with pytest.raises(ValueError, match="HOST"):
        host(**options)
