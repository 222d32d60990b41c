# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group Policy: what is in force from the start, and what gpupdate and a restart bring."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from simulator import load_fleet
from simulator.windows import Windows
from simulator.windows.firewall.evaluation import Flow, permits
from simulator.windows.registry import Type
from unit.simulator.model_hosts import ADMIN, USER, cim, host, instance, registry, run, service

LAB = Path(__file__).parents[2] / "simulator" / "fleets" / "lab.yml"
KEY = r"SOFTWARE\Policies\Vendor"
FIREWALL = r"SOFTWARE\Policies\Microsoft\WindowsFirewall"
RULE = "v2.26|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=9003|Name=No agent|"
GUID = "{31B2F340-016D-11D2-945F-00C04FB984F9}"
BASELINE: dict[str, Any] = {
    "name": "Server baseline",
    "guid": GUID,
    "registry": {KEY: {"Number": 7, "Text": "a"}},
    "firewall": {"rules": {"{1}": RULE}, "profiles": {"Domain": {"AllowLocalPolicyMerge": 0}}},
    "services": {"RemoteRegistry": "disabled", "Spooler": "manual"},
}


def rows(target: Windows, name: str) -> list[dict[str, Any]]:
    """All instances of a class for an administrator."""
    return list(cim(target, name).instances(target, ADMIN))


def mode(target: Windows, name: str) -> tuple[object, object]:
    """Start mode and state of a service."""
    found = instance(target, "Win32_Service", Name=name)
    return found["StartMode"], found["State"]


def test_a_policy_in_force_is_there_from_the_start() -> None:
    """Values by their type, firewall settings that count, start modes in manager and registry; nobody has written anything."""
    target = host(group_policies=[BASELINE])
    assert registry(target, "GetDWORDValue", key=KEY, name="Number")["uValue"] == 7
    assert registry(target, "GetStringValue", key=KEY, name="Text")["sValue"] == "a"
    assert [rule.text() for rule in target.firewall.policy_rules()] == [RULE]
    assert target.firewall.policy_value("Domain", "AllowLocalPolicyMerge") == 0
    assert not permits(target, Flow(True, "127.0.0.9", 9003, "127.0.0.3", 50000))
    assert mode(target, "RemoteRegistry") == ("Disabled", "Stopped")
    assert registry(target, "GetDWORDValue", key=r"SYSTEM\CurrentControlSet\Services\RemoteRegistry", name="Start")["uValue"] == 4
    assert target.journal.entries == []


def test_start_modes_in_force_since_the_boot() -> None:
    """A service disabled by policy does not run, an automatic one without triggers does; what the fleet says of the state counts more."""
    modes = {"Spooler": "disabled", "AppMgmt": "automatic", "W32Time": "disabled"}
    target = host(group_policies=[{"name": "P", "services": modes}], services={"W32Time": {"state": "Running"}})
    assert [mode(target, name) for name in modes] == [("Disabled", "Stopped"), ("Auto", "Running"), ("Disabled", "Running")]


def test_a_pending_policy_waits_for_gpupdate() -> None:
    """Linked but not fetched: nothing shows it. gpupdate applies it also without /force; that is no write of the caller's."""
    target = host(group_policies=[{**BASELINE, "pending": True}])
    assert target.registry.open("hklm", KEY) is None
    assert (rows(target, "RSOP_GPO"), target.firewall.policy_rules()) == ([], [])
    assert mode(target, "Spooler") == ("Auto", "Running")
    assert run(target, "gpupdate", "/target:computer").exit_code == 0
    assert target.registry.value("hklm", KEY, "Number") == 7
    assert [row["name"] for row in rows(target, "RSOP_GPO")] == ["Server baseline"]
    # The running service goes on.
    assert mode(target, "Spooler") == ("Manual", "Running")
    assert ([entry["kind"] for entry in target.journal.entries], target.journal.writes) == (["policy"], 0)
    assert target.journal.entries[0]["detail"] == {"action": "gpupdate", "force": False, "applied": ["Server baseline"]}


def change_by_hand(target: Windows) -> None:
    """An administrator undoes two of BASELINE's settings."""
    assert service(target, "RemoteRegistry", "ChangeStartMode", StartMode="Automatic") == 0
    assert registry(target, "SetDWORDValue", key=KEY, name="Number", uValue=1)["ReturnValue"] == 0


def _by_hand(target: Windows) -> tuple[object, object]:
    return mode(target, "RemoteRegistry")[0], target.registry.value("hklm", KEY, "Number")


def test_gpupdate_brings_back_what_somebody_changed() -> None:
    """With /force everything is applied again; without it nothing, because no policy has changed in the domain."""
    target = host(group_policies=[BASELINE])
    change_by_hand(target)
    run(target, "gpupdate", "/target:computer /wait:60")
    assert _by_hand(target) == ("Auto", 1)
    run(target, "GPUPDATE.exe", "/Force")
    assert _by_hand(target) == ("Disabled", 7)
    assert target.journal.writes == 2


def test_a_new_policy_brings_the_others_back_too() -> None:
    """If one policy of the list is new, the whole list is applied."""
    target = host(group_policies=[BASELINE, {"name": "New", "pending": True}])
    change_by_hand(target)
    run(target, "gpupdate", "")
    assert _by_hand(target) == ("Disabled", 7)


def test_a_restart_applies_policies() -> None:
    """Pending ones and changed start modes; it is Windows' own work and not in the journal."""
    target = host(group_policies=[BASELINE, {"name": "New", "pending": True, "services": {"Spooler": "disabled"}}])
    change_by_hand(target)
    target.journal.clear()
    target.reboot()
    assert _by_hand(target) == ("Disabled", 7)
    assert mode(target, "Spooler") == ("Disabled", "Stopped")
    assert target.journal.entries == []


def test_a_policy_configures_a_service_that_administrators_cannot() -> None:
    """MpsSvc is locked from 2016 on; the security extension sets its start type all the same."""
    target = host("2016", group_policies=[{"name": "P", "pending": True, "services": {"MpsSvc": "manual", "Nobody": "disabled"}}])
    assert service(target, "MpsSvc", "ChangeStartMode", StartMode="Manual") == 2
    run(target, "gpupdate", "/force")
    assert mode(target, "MpsSvc")[0] == "Manual"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-US", "Updating policy...\r\n\r\nComputer Policy update has completed successfully.\r\n\r\n"),
        ("de-DE", "Die Richtlinie wird aktualisiert...\r\n\r\nDie Aktualisierung der Computerrichtlinie wurde erfolgreich abgeschlossen.\r\n\r\n"),
        ("ja-JP", "ポリシーを更新しています...\r\n\r\nコンピューター ポリシーの更新が正常に完了しました。\r\n\r\n"),
        ("fr-FR", "Mise à jour de la stratégie...\r\n\r\nLa mise à jour de la stratégie d'ordinateur s'est terminée sans erreur.\r\n\r\n"),
    ],
)
def test_gpupdate_speaks_the_hosts_language(language: str, text: str) -> None:
    """The text is localised, the exit code 0; without a target the user's line comes as well."""
    target = host(language=language)
    done = run(target, "gpupdate", "/target:Computer")
    assert (done.exit_code, done.stdout) == (0, text)
    assert len(run(target, "gpupdate", "").stdout.splitlines()) == len(text.splitlines()) + 1


def test_the_security_extension_changes_start_types_only() -> None:
    """gpupdate starts nothing and leaves delayed start alone."""
    target = host(
        services={"AppMgmt": {"state": "Stopped"}, "Lab": {"path": "l", "start": "Auto", "delayed": True}},
        group_policies=[{"name": "P", "pending": True, "services": {"AppMgmt": "automatic", "Lab": "automatic"}}],
    )
    run(target, "gpupdate", "/force")
    assert mode(target, "AppMgmt") == ("Auto", "Stopped")
    assert instance(target, "Win32_Service", Name="Lab")["DelayedAutoStart"] is True


def test_anybody_may_call_gpupdate_and_it_is_done_when_it_ends() -> None:
    """No rights are needed, because Windows does the work; /wait:0 is taken."""
    target = host(group_policies=[{**BASELINE, "pending": True}])
    assert run(target, "gpupdate", "/target:computer /wait:0", USER).exit_code == 0
    assert target.registry.value("hklm", KEY, "Number") == 7


def test_gpupdate_for_the_user_changes_nothing_here() -> None:
    """/target:user leaves the computer's policy alone; an unknown option ends with 1 and does nothing."""
    target = host(group_policies=[{**BASELINE, "pending": True}])
    assert run(target, "gpupdate", "/target:user /force").exit_code == 0
    assert [run(target, "gpupdate", line).exit_code for line in ("/target:printer", "/now", "/wait:soon")] == [1, 1, 1]
    assert (rows(target, "RSOP_GPO"), target.journal.entries) == ([], [])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "a"}, "is a list"),
        ("Server baseline", "is a list"),
        ([{"guid": GUID}], "a group policy has a name"),
        ([{"name": "a", "colour": "red"}], "a group policy has a name"),
        ([{"name": "a", "guid": "31B2F340"}], "is no GUID"),
        ([{"name": "a"}, {"name": "a"}], "are the same"),
        ([{"name": "a", "registry": {r"HKLM\SOFTWARE\X": {"b": 1}}}], "without the hive"),
        ([{"name": "a", "registry": {KEY: {"b": True}}}], "neither a text nor a number"),
        ([{"name": "a", "registry": {KEY: {"b": -1}}}], "neither a text nor a number"),
        ([{"name": "a", "registry": {KEY: {"b": [1]}}}], "neither a text nor a number"),
        ([{"name": "a", "firewall": {"rules": {"x": "no rule"}}}], "not a firewall rule"),
        ([{"name": "a", "firewall": {"profiles": {"Standard": {"b": 1}}}}], "unknown in firewall: Standard"),
        ([{"name": "a", "firewall": {"groups": {}}}], "unknown in firewall: groups"),
        ([{"name": "a", "services": {"Spooler": "boot"}}], "start mode of Spooler"),
    ],
)
def test_mistakes_are_told_at_once(options: Any, sentence: str) -> None:
    """A policy that can't be is refused when the host is made, with a sentence that says what is wrong."""
    with pytest.raises(ValueError, match=sentence):
        host(group_policies=options)


def test_the_labs_policy_waits() -> None:
    """ws2016 has a policy that nobody sees before gpupdate; then local firewall rules do not count any more."""
    fleet = load_fleet(LAB)
    target = fleet.windows(next(spec for spec in fleet.hosts if spec.name == "ws2016"))
    assert (target.policies.applied, target.firewall.policy_value("Domain", "AllowLocalPolicyMerge")) == ((), None)
    run(target, "gpupdate", "/target:computer /force")
    assert target.firewall.policy_value("Domain", "AllowLocalPolicyMerge") == 0
    assert _types(target, rf"{FIREWALL}\DomainProfile") == {Type.REG_DWORD}


def _types(target: Windows, path: str) -> set[Type]:
    key = target.registry.open("hklm", path)
    values: Iterable[Any] = key.values.values() if key else ()
    return {value.type for value in values}
