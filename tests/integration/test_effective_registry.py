# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registry values that are stored as required and beside which, or in the place of which, a policy decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from simulator.windows.profiles import profiles_of

from .harness import HERE, Lab, open_lab
from .test_bad_input import task

EDGE = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge"
LOCKDOWN = "Microsoft\\Internet Explorer\\Main\\FeatureControl\\FEATURE_LOCALMACHINE_LOCKDOWN"
ZONE = "Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Zones\\1"
LEVEL = {"path": EDGE, "name": "InternetExplorerIntegrationLevel", "type": "dword", "data": 1}
SITES = {"path": EDGE, "name": "InternetExplorerIntegrationSiteList", "type": "string", "data": "file:///C:/sites.xml"}
MACHINE: list[dict[str, Any]] = [
    {"control": {"id": "level", "title": "Level"}, "registry_value": LEVEL},
    {"control": {"id": "sites", "title": "Sites"}, "registry_value": SITES},
    {
        "control": {"id": "lockdown", "title": "Lockdown"},
        "registry_value": {"path": f"HKLM\\SOFTWARE\\{LOCKDOWN}", "name": "iexplore.exe", "type": "dword", "data": 0},
    },
]
DOWNLOADS = {"path": f"Software\\{ZONE}", "name": "1803", "type": "dword", "data": 0}
USERS: list[dict[str, Any]] = [
    {"control": {"id": "alice", "title": "Alice"}, "user_registry_value": {"user": "LAB\\alice", **DOWNLOADS}},
    {"control": {"id": "all", "title": "Everybody"}, "user_registry_value": {"user": "all", **DOWNLOADS}},
]
# Where anything holds besides "compliant" for all controls.
VERDICTS = {
    "healthy": {},
    "agreed": {},
    "fought": {"level": "ineffective", "sites": "ineffective"},
    "shadowed": {"lockdown": "ineffective", "alice": "ineffective", "all": "ineffective"},
    "machineonly": {"alice": "ineffective", "all": "ineffective"},
    "personal": {"all": "ineffective"},
}
WITH_USERS = ["healthy", "shadowed", "machineonly", "personal"]


def asked(host: str) -> list[dict[str, Any]]:
    """Only some have users."""
    return [*MACHINE, *(USERS if host in WITH_USERS else [])]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts, brought to the state that is asked for; Bob has a policy of his own."""
    with open_lab(tmp_path_factory.mktemp("effective"), HERE / "fleets" / "effective_registry.yml") as opened:
        bobs = {"user": "LAB\\bob", "path": f"Software\\Policies\\{ZONE}", "name": "1803", "type": "dword", "data": 3}
        done = opened.play([task("his", "user_registry_value", **bobs)], ["personal"])
        assert done.exit_code == 0, done.output
        for host in opened.hosts:
            done = opened.play([task("it", "desired_state", resources=asked(host))], [host])
            assert done.exit_code == 0, done.output
        yield opened


def look(lab: Lab, host: str) -> dict[str, dict[str, Any]]:
    """The verdicts of a check, by control."""
    found = lab.play([task("it", "desired_state", resources=asked(host))], [host], check=True).get("it", host).result
    return {check["control"]: check for check in found["compliance"]["checks"]}


@pytest.fixture(scope="module")
def checks(lab: Lab) -> dict[str, dict[str, dict[str, Any]]]:
    """By host and control."""
    return {host: look(lab, host) for host in lab.hosts}


@pytest.mark.parametrize("host", VERDICTS)
def test_the_verdict_is_about_what_holds(checks: dict[str, dict[str, dict[str, Any]]], host: str) -> None:
    """All of it is stored as required on every host."""
    found = {control: check["status"] for control, check in checks[host].items()}
    assert found == {**dict.fromkeys(found, "compliant"), **VERDICTS[host]}


@pytest.mark.parametrize(
    ("host", "control", "stored", "effective", "by"),
    [
        ("fought", "level", "1", "0 when the policy is refreshed", f"Group Policy 'Browser' sets it ({EDGE}, InternetExplorerIntegrationLevel)"),
        ("fought", "sites", SITES["data"], "https://intranet/sites.xml when", "Group Policy 'Browser' sets it"),
        ("shadowed", "lockdown", "0", "1", f"a policy of the machine sets it (HKLM\\Software\\Policies\\{LOCKDOWN}, iexplore.exe)"),
        ("shadowed", "alice", "0", "3", f"Group Policy 'Zones' sets it (HKLM\\Software\\Policies\\{ZONE}, 1803)"),
        ("shadowed", "all", "dword 0", "3", "Group Policy 'Zones' sets it"),
        ("machineonly", "alice", "0", "no effect", "a policy makes the security zones of the machine count, not those of users"),
        ("personal", "all", "dword 0", "3", f"a policy of the user sets it (Software\\Policies\\{ZONE}, 1803)"),
    ],
)
def test_who_overrides_it_is_told(checks: dict[str, dict[str, dict[str, Any]]], host: str, control: str, stored: str, effective: str, by: str) -> None:
    """By the policy's name where Windows has logged it, else by the key."""
    (override,) = checks[host][control]["overrides"]
    assert override["stored"] == stored
    assert override["effective"].startswith(effective)
    assert override["by"].startswith(by)


def test_which_user_it_is_about_is_told(lab: Lab, checks: dict[str, dict[str, dict[str, Any]]]) -> None:
    """By the SID, which the change itself has too."""
    (override,) = checks["personal"]["all"]["overrides"]
    (bob,) = (profile for profile in profiles_of(lab.fleet.hosts["personal"].windows) if profile.name == "bob")
    assert override["what"] == f"data of {bob.sid}"


def test_the_policy_really_takes_the_value_back(lab: Lab) -> None:
    """What the verdict foretells happens at the next refresh, and is drift then, with the policy's name."""
    assert lab.session("fought").run_cmd("gpupdate /force").status_code == 0
    found = look(lab, "fought")["level"]
    assert (found["status"], found["differences"][0]["stored"]) == ("drift", "0")
    assert "Browser" in found["overrides"][0]["by"]


def test_only_who_asks_for_a_policys_value_pays_for_it(lab: Lab) -> None:
    """One message for all such values of a list, if no policy sets one of them."""
    messages = {}
    for name, resources in {"none": MACHINE[2:], "one": MACHINE[1:], "two": MACHINE}.items():
        found = lab.play([task("it", "desired_state", resources=resources)], ["healthy"], check=True).get("it", "healthy").result
        messages[name] = found["transport"]["messages"]
    assert messages["two"] == messages["one"] == messages["none"] + 1
