# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Features of Windows on simulated hosts of each release and edition: neutral names, restarts, damaged stores, files that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

PLAYBACK = ["media-foundation", "ink-and-handwriting", "desktop-experience"]
# How each host stands before it is asked: what differs, in the order of PLAYBACK.
DRIFT = {
    "ws2008r2": ["ink-and-handwriting", "desktop-experience"],
    "ws2012": PLAYBACK,
    "ws2012r2": PLAYBACK,
    "ws2016": [],
    "ws2019core": ["media-foundation"],
    "ws2022": [],
    "ws2025": [],
    "pc10n": ["media-foundation"],
    "pc11": [],
    "pc7n": [],
}
PENDING_KEY = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts; each test uses its own of them."""
    with open_lab(tmp_path_factory.mktemp("features"), HERE / "fleets" / "features.yml") as opened:
        yield opened


def _steps(lab: Lab, host: str, *steps: dict[str, Any]) -> list[Outcome]:
    """One task after the other in one playbook; `_check_mode` is the task's keyword."""
    results = lab.play([task(str(number), "windows_feature", **step) for number, step in enumerate(steps)], [host])
    return [results.get(str(number), host) for number in range(len(steps))]


def _all(lab: Lab, hosts: Sequence[str], names: Sequence[str], *, check: bool = False) -> dict[str, dict[str, Any]]:
    resources = [{"windows_feature": {"name": name}} for name in names]
    results = lab.play([task("it", "desired_state", resources=resources)], hosts, check=check)
    for host in hosts:
        assert results.get("it", host).outcome == "ok", f"{host}: {results.get('it', host).message}"
    return {host: results.get("it", host).result for host in hosts}


def _state(lab: Lab, host: str, name: str) -> str:
    """What DISM tells another tool."""
    done = lab.session(host).run_cmd(f"dism /online /english /get-featureinfo /featurename:{name}")
    return next(line for line in done.std_out.decode().splitlines() if line.startswith("State : ")).removeprefix("State : ")


def _pending(lab: Lab, host: str) -> bool:
    return lab.fleet.hosts[host].windows.registry.open("hklm", PENDING_KEY) is not None


def _written(lab: Lab, host: str) -> list[str]:
    return [entry["target"] for entry in lab.fleet.hosts[host].windows.journal.entries if entry["kind"] == "servicing"]


def test_what_playback_needs_comes_on_every_release(lab: Lab) -> None:
    """Check mode tells the drift and writes nothing; a run brings it and wants a restart; a run after it, and one after the restart, change nothing.

    What needs nothing or can't have it says why.
    """
    hosts = list(DRIFT)
    check = _all(lab, hosts, PLAYBACK, check=True)
    assert {host: [entry["name"] for entry in check[host]["drift"]] for host in hosts} == DRIFT
    assert [lab.writes(host) for host in hosts] == [0] * len(hosts)
    assert not any(check[host]["reboot_required"] for host in hosts)
    _has_or_cannot_have(check)
    run = _all(lab, hosts, PLAYBACK)
    writes = {host: _written(lab, host) for host in hosts}
    for host in hosts:
        assert run[host]["drift"] == check[host]["drift"], host
        assert run[host]["reboot_required"] is bool(DRIFT[host]) is _pending(lab, host), host
        assert bool(writes[host]) is bool(DRIFT[host]), host
    assert writes["ws2012r2"] == ["ServerMediaFoundation", "InkAndHandwritingServices", "DesktopExperience"]
    assert writes["pc10n"] == ["Media.MediaFeaturePack~~~~0.0.1.0"]
    again = _all(lab, hosts, PLAYBACK)
    for host in hosts:
        assert not again[host]["changed"], host
        assert again[host]["reboot_required"] is bool(DRIFT[host]), host
        assert bool([text for text in again[host].get("warnings", []) if "waits for a restart" in text]) is bool(DRIFT[host]), host
        lab.fleet.hosts[host].windows.reboot()
    restarted = [host for host in hosts if DRIFT[host]]
    after = _all(lab, restarted, PLAYBACK)
    for host in restarted:
        assert not after[host]["changed"], host
        assert not after[host]["reboot_required"], host
        assert not _pending(lab, host), host
        assert _written(lab, host) == writes[host]
    assert _state(lab, "ws2012r2", "DesktopExperience") == _state(lab, "ws2008r2", "InkSupport") == "Enabled"


def _has_or_cannot_have(found: dict[str, dict[str, Any]]) -> None:
    """Nothing to do is a note with its reason, what is lacking for good is a warning."""
    assert "ink-and-handwriting: it is part of the edition with Desktop Experience since Server 2016" in " ".join(found["ws2016"]["notes"])
    assert "desktop-experience: Server Core does not have it" in " ".join(found["ws2019core"]["warnings"])
    assert len([note for note in found["pc11"]["notes"] if "part of every client edition" in note]) == 3
    assert "Media Feature Pack, a download" in " ".join(found["pc7n"]["warnings"])


@pytest.mark.parametrize(("host", "name"), [("ws2022", "Internet-Explorer-Optional-amd64"), ("pc11", "Browser.InternetExplorer~~~~0.0.11.0")])
def test_internet_explorer_is_a_feature_or_a_capability(lab: Lab, host: str, name: str) -> None:
    """Each release is switched by its own means."""
    absent = {"name": "Internet-Explorer", "state": "absent"}
    there, planned, gone, again = _steps(lab, host, {"name": "internet-explorer"}, {**absent, "_check_mode": True}, absent, absent)
    assert not there.result["changed"], there.message
    assert planned.result["drift"] == gone.result["drift"] != [], gone.message
    assert (gone.result["reboot_required"], again.result["changed"]) == (True, False)
    assert _written(lab, host) == [name]


def test_bad_names_are_refused_with_what_is_near(lab: Lab) -> None:
    """One sentence, also in check mode, and nothing is written."""
    before = lab.writes("ws2025")
    wrong = {"name": "TelnetCleint"}
    quoted = {"name": "NetFx3", "source": ['C:\\a"b']}
    *unknown, name, source = _steps(lab, "ws2025", {**wrong, "_check_mode": True}, wrong, {"name": "a & b"}, quoted)
    for failed in unknown:
        assert "Windows on ws2025 has no feature TelnetCleint; did you mean TelnetClient" in failed.message
    assert "no name of a Windows feature" in name.message
    assert "can't be passed" in source.message
    assert lab.writes("ws2025") == before


def test_a_damaged_store_is_told_and_repaired_if_asked(lab: Lab) -> None:
    """Without repair the message says what to do; with it the feature comes."""
    failed, repaired = _steps(lab, "corrupt", {"name": "TelnetClient"}, {"name": "TelnetClient", "repair": True})
    assert "could not enable TelnetClient on corrupt: the component store of Windows is damaged; set repair" in failed.message
    assert "(exit code 14098)" in failed.message
    assert repaired.result["changed"], repaired.message
    assert _written(lab, "corrupt") == ["component store", "TelnetClient"]


def test_a_store_that_cannot_be_repaired_is_told_with_both_codes(lab: Lab) -> None:
    """What failed first, and why the repair did; nothing is written."""
    (broken,) = _steps(lab, "broken", {"name": "TelnetClient", "repair": True})
    assert "could not enable TelnetClient on broken (exit code 14098), nor restore the component store" in broken.message
    assert "(exit code 0x800F081F)" in broken.message
    assert lab.writes("broken") == 0


def test_files_that_wsus_does_not_offer(lab: Lab) -> None:
    """The plan warns where they will have to come from, the run says what to change."""
    check, failed = _steps(lab, "wsus", {"name": "NetFx3", "_check_mode": True}, {"name": "NetFx3"})
    assert "the files of NetFx3 are not on the host" in check.result["warnings"][0]
    assert "WSUS server that the host uses does not offer its files" in failed.message
    assert lab.writes("wsus") == 0


def test_files_that_are_not_on_the_host_come_from_a_source(lab: Lab) -> None:
    """Each way that is closed has its own sentence; the first source that has them brings them, for the parents too."""
    nowhere = {"name": "NetFx3", "source": ["C:\\nowhere"], "limit_access": True}
    good = {**nowhere, "source": ["C:\\nowhere", "C:\\medium\\sources\\sxs\\"]}
    offline, missing, alone, found = _steps(lab, "offline", {"name": "NetFx3"}, nowhere, {"name": "NetFx3", "include_parents": False}, good)
    assert "(exit code 0x800F0906)" in offline.message
    assert "give in source the folder sources\\sxs" in missing.message
    assert "features that it builds on are missing" in alone.message
    assert found.result["changed"], found.message
    assert "warnings" not in found.result
    assert _written(lab, "offline") == ["NetFx3"]
    assert _state(lab, "offline", "NetFx3ServerFeatures") == "Enabled"


def test_what_builds_on_others_on_2008_r2(lab: Lab) -> None:
    """DISM there has no /all: the message says so, and the features one after the other do."""
    failed, _parent, done = _steps(lab, "ws2008r2", {"name": "IIS-WebServer"}, {"name": "IIS-WebServerRole"}, {"name": "IIS-WebServer"})
    assert "on Server 2008 R2 ask for those features first" in failed.message
    assert done.result["changed"], done.message


def test_another_servicing_operation_is_told(lab: Lab) -> None:
    """A plan can't be made without DISM, and says what to wait for."""
    (failed,) = _steps(lab, "busy", {"name": "TelnetClient", "_check_mode": True})
    assert "DISM could not tell which Windows features there are on busy: another servicing operation may be running" in failed.message


def test_work_that_takes_too_long_is_told(lab: Lab) -> None:
    """The time limit with what to do."""
    (failed,) = _steps(lab, "slow", {"name": "TelnetClient", "time_limit": 1})
    assert "DISM did not enable TelnetClient on slow within 1 seconds" in failed.message


def test_a_restart_that_is_due_is_asked_for_in_every_run(lab: Lab) -> None:
    """What waits for it counts as enabled, in check mode too."""
    for found in _steps(lab, "waiting", {"name": "media-foundation", "_check_mode": True}, {"name": "media-foundation"}):
        assert (found.result["changed"], found.result["reboot_required"]) == (False, True)
        assert "ServerMediaFoundation waits for a restart" in found.result["warnings"][0]
    assert lab.writes("waiting") == 0


def test_features_ride_along(lab: Lab) -> None:
    """Three features and a registry value are read for the messages of the value alone, and so is what DISM need not be asked for."""
    value = {"registry_value": {"path": "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "name": "SystemRoot", "data": "C:\\Windows"}}
    features = [{"windows_feature": {"name": name}} for name in ("TelnetClient", "IIS-WebServer", "media-foundation")]
    lists = ([value], [value, *features], [value, {"windows_feature": {"name": "desktop-experience"}}])
    tasks = [task(str(number), "desired_state", resources=resources) for number, resources in enumerate(lists)]
    results = lab.play(tasks, ["ws2025"], check=True)
    counted = [results.get(str(number), "ws2025").result["transport"]["messages"] for number in range(3)]
    assert counted == counted[:1] * 3
