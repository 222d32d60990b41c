# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a package on several releases, each step as a quartet: check, run, read back by another tool, run again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

PACKAGES = HERE.parent / "simulator" / "packages"
HOSTS = ["pc10x86", "ws2012", "ws2012r2", "ws2019"]
NAME = "Netwrix Auditor User Activity Core Service"
PROPERTIES = {"UAVR_SERVERNAME": "auditor", "UAVR_SERVERPORT": 9004}
KEY = "HKLM\\SOFTWARE\\{}Netwrix\\User Activity Video Reporter Agent"

Step = tuple[str, dict[str, Any], dict[str, Any], str]
# A name, what is asked, what differs, and the version that is there afterwards.
LIFE: list[Step] = [
    ("install", {"path": "UACoreSvcSetup-10.6.0.msi", "properties": PROPERTIES}, {"before": None, "after": "10.6.0"}, "10.6.0"),
    ("major upgrade", {"path": "UACoreSvcSetup-10.7.0.msi", "state": "latest", "properties": PROPERTIES}, {"before": "10.6.0", "after": "10.7.0"}, "10.7.0"),
    ("minor upgrade", {"path": "UACoreSvcSetup-10.7.1-minor.msi", "state": "latest"}, {"before": "10.7.0", "after": "10.7.1"}, "10.7.1"),
    (
        "downgrade",
        {"path": "UACoreSvcSetup-10.6.0.msi", "state": "latest", "allow_downgrade": True, "properties": PROPERTIES},
        {"before": "10.7.1", "after": "10.6.0"},
        "10.6.0",
    ),
    ("uninstall", {"product_name": NAME, "publisher": "Netwrix Corporation", "state": "absent"}, {"before": "10.6.0", "after": None}, ""),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Hosts without and with the agent."""
    with open_lab(tmp_path_factory.mktemp("packages"), HERE / "fleets" / "packages.yml") as opened:
        yield opened


def package(name: str = "package", **options: Any) -> dict[str, Any]:
    """A task with a package of the simulator's folder."""
    path = options.get("path", "")
    if path and "://" not in path and not path.startswith("~"):
        options["path"] = str(PACKAGES / path)
    return task(name, "msi_package", **options)


def run(lab: Lab, host: str, *, check: bool = False, **options: Any) -> Outcome:
    """One task on one host."""
    return lab.play([package(**options)], [host], check=check).get("package", host)


def installed(lab: Lab, host: str) -> str:
    """The agent's version as Windows' own list of programs has it, empty if it is not there."""
    for view in ("/reg:64", "/reg:32"):
        done = lab.session(host).run_cmd(f'reg query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s /d /f "{NAME}" {view}')
        for line in done.std_out.decode("utf-8", "replace").splitlines():
            if line.startswith("HKEY_"):
                shown = lab.session(host).run_cmd(f'reg query "{line.strip()}" /v DisplayVersion {view}').std_out.decode("utf-8", "replace")
                return shown.split()[-1]
    return ""


@pytest.fixture(scope="module")
def life(lab: Lab) -> dict[tuple[str, str, str], Any]:
    """Every step in check mode, for real and again, on all hosts; with the version and the number of writes after each."""
    found: dict[tuple[str, str, str], Any] = {}
    for name, options, _versions, _after in LIFE:
        for phase in ("check", "run", "again"):
            done = lab.play([package(**options)], HOSTS, check=phase == "check")
            for host in HOSTS:
                found[name, phase, host] = (done.get("package", host), lab.writes(host), installed(lab, host))
    return found


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("step", LIFE, ids=lambda step: str(step[0]))
def test_check_mode_tells_what_a_run_then_does(life: dict[tuple[str, str, str], Any], step: Step, host: str) -> None:
    """The same drift in check mode and in the run, with the version before and after."""
    name, _options, versions, _after = step
    check, done = life[name, "check", host][0], life[name, "run", host][0]
    assert (check.outcome, done.outcome) == ("ok", "ok"), f"{check.message} {done.message}"
    assert check.result["changed"]
    assert done.result["drift"] == check.result["drift"]
    assert done.result["drift"][0]["differences"]["version"] == versions


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("place", range(len(LIFE)), ids=[step[0] for step in LIFE])
def test_check_mode_and_a_second_run_write_nothing(life: dict[tuple[str, str, str], Any], place: int, host: str) -> None:
    """The host's journal does not grow, and the version stays."""
    name = LIFE[place][0]
    before = life[LIFE[place - 1][0], "again", host][1:] if place else (0, "")
    assert life[name, "check", host][1:] == before
    assert life[name, "again", host][1:] == life[name, "run", host][1:]
    assert (life[name, "again", host][0].outcome, life[name, "again", host][0].result["changed"]) == ("ok", False)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("step", LIFE, ids=lambda step: str(step[0]))
def test_another_tool_finds_the_version(life: dict[tuple[str, str, str], Any], step: Step, host: str) -> None:
    """Windows' list of programs holds what the run has reported."""
    assert life[step[0], "run", host][2] == step[3]


def test_properties_reach_the_package_unharmed(lab: Lab) -> None:
    """Blanks, quotation marks, percent signs, metacharacters and a backslash at the end arrive as they were given."""
    for value in ('a b "c & d" | %PATH% 50%', "C:\\folder with blanks\\", "^caret (x) <y>"):
        done = run(lab, "plain", path="UACoreSvcSetup-10.7.0.msi", properties={"UAVR_SERVERNAME": value})
        assert done.outcome == "ok", done.message
        stored = lab.fleet.hosts["plain"].windows.registry.value("hklm", "SOFTWARE\\WOW6432Node\\Netwrix\\User Activity Video Reporter Agent", "ServerName")
        assert stored == value
        assert run(lab, "plain", product_name=NAME, state="absent").result["changed"]


def test_a_newer_version_is_left_and_said(lab: Lab) -> None:
    """No downgrade without the switch: nothing changes, and a warning says what to do."""
    for state in ("latest", "present"):
        found = run(lab, "new-agent", path="UACoreSvcSetup-10.7.0.msi", state=state)
        assert (found.outcome, found.result["changed"]) == ("ok", False), found.message
        assert "version 10.8.0 is installed, newer than 10.7.0" in found.result["warnings"][0]


def test_present_is_content_with_an_older_version(lab: Lab) -> None:
    """State present upgrades nothing and says what is there."""
    found = run(lab, "old-agent", path="UACoreSvcSetup-10.7.0.msi")
    assert (found.outcome, found.result["changed"]) == ("ok", False), found.message
    assert "state latest upgrades it" in found.result["warnings"][0]


def test_a_half_removed_product_is_not_reported_as_installed(lab: Lab) -> None:
    """A registered product whose service is gone is drift, is repaired, and is whole afterwards."""
    lab.session("old-agent").run_cmd("sc stop UAVRAgentSvc")
    assert lab.session("old-agent").run_cmd("sc delete UAVRAgentSvc").status_code == 0
    options: dict[str, Any] = {"path": "UACoreSvcSetup-10.6.0.msi", "creates_services": ["UAVRAgent.exe"], "properties": PROPERTIES}
    check = run(lab, "old-agent", check=True, **options)
    assert check.result["drift"][0]["differences"] == {"missing": {"before": ["service UAVRAgent.exe"], "after": None}}, check.message
    assert run(lab, "old-agent", **options).result["changed"]
    assert lab.session("old-agent").run_cmd("sc query UAVRAgentSvc").status_code == 0
    assert not run(lab, "old-agent", **options).result["changed"]


def test_the_package_travels_once(lab: Lab) -> None:
    """A second installation of the same file finds it on the host: nothing is sent again."""
    first = run(lab, "plain", path="Umlauts-1.0.msi")
    assert first.result["changed"], first.message
    big = first.result["transport"]["bytes_sent"]
    lab.session("plain").run_cmd(f"msiexec /x {first.result['drift'][0]['differences']['product_code']['after']} /qn")
    again = run(lab, "plain", path="Umlauts-1.0.msi")
    assert again.result["changed"], again.message
    assert again.result["transport"]["bytes_sent"] < big
    assert any("already" in note for note in again.result["notes"]), again.result["notes"]


def test_a_run_with_nothing_to_do_is_cheap(lab: Lab) -> None:
    """At most six messages, nothing uploaded, nothing restarted."""
    options: dict[str, Any] = {"path": "UACoreSvcSetup-10.8.0.msi", "state": "latest", "creates_services": ["UAVRAgent.exe"]}
    lab.fleet.reset_counters()
    found = run(lab, "new-agent", **options)
    assert (found.outcome, found.result["changed"]) == ("ok", False), found.message
    counted = lab.fleet.counters("new-agent")
    assert counted["wsman_messages"] <= 6 + 2, counted  # two for the query of all services, which the role shares with its other resources
    assert counted["writes"] == 0
    found = run(lab, "new-agent", path="UACoreSvcSetup-10.8.0.msi", state="latest")
    assert lab.fleet.counters("new-agent")["wsman_messages"] - counted["wsman_messages"] <= 6, found.result["transport"]
