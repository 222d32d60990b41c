# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exclusions of Microsoft Defender on hosts in all its states: what is written, and what is said instead where it can't be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, Results, open_lab
from .test_bad_input import task

WRITABLE = ["pc10", "pc10x86", "pc11", "ws2016", "ws2025"]
# Hosts on which nothing may be written, each with what it says instead.
SAID = {
    "ws2012r2": "This host has no Microsoft Defender Antivirus; exclude these in the antivirus that it has: C:\\ProgramData\\Netwrix Auditor",
    "removed": "This host has no Microsoft Defender Antivirus",
    "disabled": "Microsoft Defender Antivirus does not run on this host; exclude these in the antivirus that does",
    "passive": "leaves this host to another antivirus (passive mode); exclude these in that one: C:\\ProgramData\\Netwrix Auditor",
    "nomerge": "DisableLocalAdminMerge) lets no exclusions count but its own; add these in Group Policy at Computer Configuration > ",
    "hidden": "HideExclusionsFromLocalAdmins) hides the exclusions of this host from administrators",
    "tamper": "Tamper protection locks the exclusions of this host; change them where its policy comes from, Intune or Configuration Manager",
}
AGENT_VALUE = "HKLM\\SOFTWARE\\WOW6432Node\\Netwrix\\User Activity Video Reporter Agent\\InstallPath"
AGENT_FOLDER = "%ProgramFiles(x86)%\\Netwrix Auditor\\User Activity Core Service"
AUDITED = ["%ProgramData%\\Netwrix Auditor\\", "%SystemRoot%\\Netwrix", "c:\\windows\\netwrix", [AGENT_VALUE, AGENT_FOLDER]]
ASKED = {"paths": AUDITED, "processes": [[f"{AGENT_FOLDER}\\UAVRAgent.exe"]], "extensions": ["nwx"]}
_KEY = "HKLM\\SOFTWARE\\WOW6432Node\\Netwrix Auditor"
SERVER = [
    [f"{_KEY}\\DataPathOverride\\Default", "%ProgramData%\\Netwrix Auditor"],
    [f"{_KEY}\\InstallPath", "%ProgramFiles(x86)%\\Netwrix Auditor"],
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts; what one test excludes, later ones find."""
    with open_lab(tmp_path_factory.mktemp("defender"), HERE / "fleets" / "defender.yml") as opened:
        yield opened


@pytest.fixture(scope="module")
def quartet(lab: Lab) -> tuple[Results, Results, Results]:
    """Check mode, run and second run of the list for audited computers on all hosts; check mode and the second run write nothing."""
    asked = [task("exclusions", "defender_exclusion", **ASKED)]
    hosts = [*WRITABLE, *SAID, "policy"]
    before = {host: lab.writes(host) for host in hosts}
    check = lab.play(asked, hosts, check=True)
    assert {host: lab.writes(host) for host in hosts} == before
    run = lab.play(asked, hosts)
    after = {host: lab.writes(host) for host in hosts}
    again = lab.play(asked, hosts)
    assert {host: lab.writes(host) for host in hosts} == after
    return check, run, again


def _one(lab: Lab, host: str, *, check: bool = False, **options: Any) -> Outcome:
    return lab.play([task("it", "defender_exclusion", **options)], [host], check=check).get("it", host)


def _local(lab: Lab, host: str, key: str = "Paths") -> str:
    """Another tool's view: the local list in the registry."""
    path = f"HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\{key}"
    return lab.session(host).run_cmd(f'reg query "{path}"').std_out.decode()


def _entries(lab: Lab, host: str) -> list[dict[str, Any]]:
    return [entry for entry in lab.fleet.hosts[host].windows.journal.entries if entry["kind"] == "defender"]


@pytest.mark.parametrize("host", WRITABLE)
def test_what_is_missing_is_excluded(lab: Lab, quartet: tuple[Results, Results, Results], host: str) -> None:
    """Check mode tells the same drift as the run, which excludes all of it at once; entries that mean the same count once, and others' stay."""
    check, run, again = (results.get("exclusions", host) for results in quartet)
    assert run.outcome == "ok", run.message
    assert check.result["drift"] == run.result["drift"]
    assert (check.result["changed"], run.result["changed"], again.result["changed"]) == (True, True, False)
    programs = "C:\\Program Files" if host == "pc10x86" else "C:\\Program Files (x86)"
    agent = f"{programs}\\Netwrix Auditor\\User Activity Core Service"
    assert run.result["drift"][0]["differences"] == {
        "paths": {"before": None, "after": ["C:\\ProgramData\\Netwrix Auditor", "C:\\Windows\\Netwrix", agent]},
        "processes": {"before": None, "after": [f"{agent}\\UAVRAgent.exe"]},
        "extensions": {"before": None, "after": ["nwx"]},
    }
    assert f"    {agent}    REG_DWORD    0x0" in _local(lab, host)
    assert "UAVRAgent.exe" in _local(lab, host, "Processes")
    assert len(_entries(lab, host)) == 5
    assert not run.result.get("warnings")
    if host == "pc10":
        assert "D:\\Others" in _local(lab, host)
        assert ".iso" in _local(lab, host, "Extensions")


@pytest.mark.parametrize("host", SAID)
def test_what_cant_be_excluded_is_said(lab: Lab, quartet: tuple[Results, Results, Results], host: str) -> None:
    """No failure, no drift and nothing written where the host's own lists can't bring it about, but a warning with what to do."""
    for results in quartet:
        found = results.get("exclusions", host)
        assert (found.outcome, found.result.get("changed")) == ("ok", False), found.message
        assert found.result["drift"] == []
        (warning,) = found.result["warnings"]
        assert SAID[host] in warning
        assert "User Activity Core Service" in warning
    assert lab.writes(host) == 0


def test_what_a_policy_excludes_is_in_force(lab: Lab, quartet: tuple[Results, Results, Results]) -> None:
    """Group Policy's and MDM's entries count as they are, in any spelling; only what they lack is added."""
    run = quartet[1].get("exclusions", "policy")
    assert run.outcome == "ok", run.message
    assert run.result["drift"][0]["differences"]["paths"]["before"] == ["C:\\ProgramData\\Netwrix Auditor", "C:\\Windows\\Netwrix"]
    assert [entry["target"] for entry in _entries(lab, "policy") if entry["detail"]["list"] == "Paths"] == [
        "C:\\Program Files (x86)\\Netwrix Auditor\\User Activity Core Service"
    ]
    assert not quartet[2].get("exclusions", "policy").result["changed"]


def test_where_nothing_is_to_be_done_nothing_is_said(lab: Lab) -> None:
    """All that is asked for is policy's, or shall be gone where there is no Defender: no warning. What may be in hidden lists can't be told."""
    covered = {"nomerge": "%ProgramData%\\Netwrix Auditor", "hidden": "%SystemRoot%\\Netwrix\\"}
    gone = {"ws2012r2": "%SystemRoot%\\Netwrix", "disabled": "C:\\Elsewhere", "hidden": "C:\\Elsewhere"}
    present = task("present", "defender_exclusion", paths=["{{ covered[inventory_hostname] }}"], _when="inventory_hostname in covered")
    absent = task("absent", "defender_exclusion", paths=["{{ gone[inventory_hostname] }}"], state="absent", _when="inventory_hostname in gone")
    results = lab.play([present, absent], sorted({*covered, *gone}), check=True, covered=covered, gone=gone)
    for name, hosts in (("present", covered), ("absent", gone)):
        for host in hosts:
            found = results.get(name, host)
            assert (found.outcome, found.result["changed"]) == ("ok", False), found.result
            assert len(found.result.get("warnings", ())) == ((name, host) == ("absent", "hidden"))


def test_the_servers_folders_come_from_its_registry(lab: Lab) -> None:
    """The working folder and the folder of installation are where the product says that they are; a parent that is excluded is no reason to leave one out."""
    results = lab.play([task(name, "defender_exclusion", paths=SERVER) for name in ("run", "again")], ["auditor"])
    run = results.get("run", "auditor")
    assert run.outcome == "ok", run.message
    assert run.result["drift"][0]["differences"]["paths"]["after"] == ["E:\\Working", "C:\\Program Files (x86)\\Netwrix Auditor"]
    assert not results.get("again", "auditor").result["changed"]


def test_only_local_exclusions_are_removed(lab: Lab, quartet: tuple[Results, Results, Results]) -> None:
    """What was excluded locally goes in one message, in whatever spelling; what policy sets stays, with a warning, and the next run has nothing to do."""
    before = lab.writes("policy")
    asked: dict[str, Any] = {"paths": AUDITED, "extensions": [".NWX"], "state": "absent"}
    check = _one(lab, "policy", check=True, **asked)
    assert lab.writes("policy") == before
    results = lab.play([task(name, "defender_exclusion", **asked) for name in ("run", "again")], ["policy"])
    run, again = results.get("run", "policy"), results.get("again", "policy")
    assert run.outcome == "ok", run.message
    assert check.result["drift"] == run.result["drift"]
    assert run.result["drift"][0]["differences"]["extensions"] == {"before": ["nwx"], "after": None}
    assert "A policy sets these; they stay until it does no more: C:\\ProgramData\\Netwrix Auditor, C:\\Windows\\Netwrix" in run.result["warnings"][0]
    assert (again.result["changed"], len(again.result["warnings"])) == (False, 1)
    assert "UAVRAgent.exe" in _local(lab, "policy", "Processes")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"paths": ["C:\\"]}, "C: is not excluded: that would leave the host without protection"),
    ({"paths": ["%ProgramFiles(x86)%\\*"]}, "is not excluded"),
    ({"processes": ["*"]}, "is not excluded"),
    ({"paths": []}, "Give at least one of paths, processes and extensions"),
    ({"paths": [{"path": "C:\\X"}]}, "in paths is neither a text nor a list of texts"),
    ({"extensions": ["C:\\x.log"]}, "is no extension"),
    ({"paths": [["HKLM\\SOFTWARE\\Nobody\\Folder", "%Nowhere%\\x"]]}, "leads to a folder on ws2016; give a folder as the last candidate"),
]


def test_bad_input_is_one_sentence(lab: Lab) -> None:
    """Refused in check mode as in a run, and nothing is written."""
    before = lab.writes("ws2016")
    tasks = [task(f"bad {number}", "defender_exclusion", **options) for number, (options, _sentence) in enumerate(BAD)]
    for check in (True, False):
        results = lab.play(tasks, ["ws2016"], check=check)
        for number, (_options, sentence) in enumerate(BAD):
            found = results.get(f"bad {number}", "ws2016")
            assert found.outcome == "failed", found.result
            assert sentence in found.message
    assert lab.writes("ws2016") == before


def test_two_resources_cost_what_one_costs(lab: Lab) -> None:
    """Defender is asked once for a task, by two queries; its policies come along with the other registry reads."""
    key = {"registry_value": {"path": "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "name": "SystemRoot", "data": "C:\\Windows"}}
    two = [{"defender_exclusion": {"paths": [path]}} for path in ("D:\\One", "D:\\Two")]
    lists = {"one": [key], "all": [key, *two]}
    results = lab.play([task(name, "desired_state", resources=resources) for name, resources in lists.items()], ["ws2025"], check=True)
    messages = [results.get(name, "ws2025").result["transport"]["messages"] for name in lists]
    assert messages[1] == messages[0] + 2
