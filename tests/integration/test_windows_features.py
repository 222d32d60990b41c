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
PENDING_KEY = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts; each test uses its own of them."""
    with open_lab(tmp_path_factory.mktemp("features"), HERE / "fleets" / "features.yml") as opened:
        yield opened


def _one(lab: Lab, host: str, *, check: bool = False, **options: Any) -> Outcome:
    return lab.play([task("it", "windows_feature", **options)], [host], check=check).get("it", host)


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
    return lab.session(host).run_cmd(f'reg query "{PENDING_KEY}"').status_code == 0


def _written(lab: Lab, host: str) -> list[str]:
    return [entry["target"] for entry in lab.fleet.hosts[host].windows.journal.entries if entry["kind"] == "servicing"]


def test_what_playback_needs_comes_on_every_release(lab: Lab) -> None:
    """Check mode tells the drift and writes nothing; a run brings it and wants a restart; a run after it, and one after the restart, change nothing."""
    hosts = list(DRIFT)
    check = _all(lab, hosts, PLAYBACK, check=True)
    assert {host: [entry["name"] for entry in check[host]["drift"]] for host in hosts} == DRIFT
    assert [lab.writes(host) for host in hosts] == [0] * len(hosts)
    assert not any(check[host]["reboot_required"] for host in hosts)
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
    after = _all(lab, hosts, PLAYBACK)
    for host in hosts:
        assert not after[host]["changed"], host
        assert not after[host]["reboot_required"], host
        assert not _pending(lab, host), host
        assert _written(lab, host) == writes[host]
    assert _state(lab, "ws2012r2", "DesktopExperience") == _state(lab, "ws2008r2", "InkSupport") == "Enabled"


def test_what_a_host_has_or_cannot_have_is_said(lab: Lab) -> None:
    """Nothing to do is a note with its reason; what is lacking for good is a warning; DISM is not asked for either."""
    found = _all(lab, ["ws2016", "ws2019core", "pc11", "pc7n"], PLAYBACK, check=True)
    assert "ink-and-handwriting: it is part of the edition with Desktop Experience since Server 2016" in " ".join(found["ws2016"]["notes"])
    assert "desktop-experience: Server Core does not have it" in " ".join(found["ws2019core"]["warnings"])
    assert len([note for note in found["pc11"]["notes"] if "part of every client edition" in note]) == 3
    assert "Media Feature Pack, a download" in " ".join(found["pc7n"]["warnings"])
    without = _one(lab, "pc11", name="desktop-experience", check=True).result["transport"]["messages"]
    asking = _one(lab, "pc11", name="TelnetClient", check=True).result["transport"]["messages"]
    assert without == asking


def test_internet_explorer_is_a_feature_or_a_capability(lab: Lab) -> None:
    """Each release is switched by its own means, and back."""
    for host, name in (("ws2022", "Internet-Explorer-Optional-amd64"), ("pc11", "Browser.InternetExplorer~~~~0.0.11.0")):
        assert not _one(lab, host, name="internet-explorer").result["changed"]
        gone = _one(lab, host, name="Internet-Explorer", state="absent")
        assert gone.result["changed"], gone.message
        assert gone.result["reboot_required"]
        assert _written(lab, host)[-1] == name
        assert not _one(lab, host, name="internet-explorer", state="absent").result["changed"]


def test_an_unknown_name_is_refused_with_what_is_near(lab: Lab) -> None:
    """One sentence, also in check mode, and nothing is written."""
    before = lab.writes("ws2022")
    for check in (True, False):
        failed = _one(lab, "ws2022", name="TelnetCleint", check=check)
        assert "Windows on ws2022 has no feature TelnetCleint; did you mean TelnetClient" in failed.message
    assert "no name of a Windows feature" in _one(lab, "ws2022", name="a & b").message
    assert "can't be passed" in _one(lab, "ws2022", name="NetFx3", source=['C:\\a"b']).message
    assert lab.writes("ws2022") == before


def test_a_damaged_store_is_told_and_repaired_if_asked(lab: Lab) -> None:
    """Without repair the message says what to do; with it the feature comes; what can't be repaired says so with both codes."""
    failed = _one(lab, "corrupt", name="TelnetClient")
    assert "could not enable TelnetClient on corrupt: the component store of Windows is damaged; set repair" in failed.message
    assert "(exit code 14098)" in failed.message
    assert lab.writes("corrupt") == 0
    assert _one(lab, "corrupt", name="TelnetClient", repair=True).result["changed"]
    assert _written(lab, "corrupt") == ["component store", "TelnetClient"]
    broken = _one(lab, "broken", name="TelnetClient", repair=True)
    assert "exit code 0x3712, nor restore the component store" in broken.message
    assert "0x800F081F" in broken.message
    assert lab.writes("broken") == 0


def test_files_that_are_not_on_the_host(lab: Lab) -> None:
    """The plan warns where they will come from; each way that is closed has its own sentence; source brings them, parents with it."""
    check = _one(lab, "wsus", name="NetFx3", check=True)
    assert "the files of NetFx3 are not on the host" in check.result["warnings"][0]
    assert "WSUS server that the host uses does not offer its files" in _one(lab, "wsus", name="NetFx3").message
    assert "(exit code 0x800F0906)" in _one(lab, "offline", name="NetFx3").message
    nowhere = _one(lab, "offline", name="NetFx3", source=["C:\\nowhere"], limit_access=True)
    assert "give in source the folder sources\\sxs" in nowhere.message
    assert "features that it builds on are missing" in _one(lab, "offline", name="NetFx3", include_parents=False).message
    assert lab.writes("offline") == lab.writes("wsus") == 0
    found = _one(lab, "offline", name="NetFx3", source=["C:\\nowhere", "C:\\medium\\sources\\sxs\\"], limit_access=True)
    assert found.result["changed"], found.message
    assert "warnings" not in found.result
    assert _state(lab, "offline", "NetFx3ServerFeatures") == "Enabled"


def test_what_builds_on_others_on_2008_r2(lab: Lab) -> None:
    """DISM there has no /all: the message says so, and the features one after the other do."""
    failed = _one(lab, "ws2008r2", name="IIS-WebServer")
    assert "on Server 2008 R2 ask for those features first" in failed.message
    resources = [{"windows_feature": {"name": name}} for name in ("IIS-WebServerRole", "IIS-WebServer")]
    done = lab.play([task("it", "desired_state", resources=resources)], ["ws2008r2"]).get("it", "ws2008r2")
    assert done.result["changed"], done.message


def test_another_servicing_operation_is_told(lab: Lab) -> None:
    """A plan can't be made without DISM, and says what to wait for."""
    failed = _one(lab, "busy", name="TelnetClient", check=True)
    assert "DISM could not tell which Windows features there are on busy: another servicing operation may be running" in failed.message


def test_work_that_takes_too_long(lab: Lab) -> None:
    """The time limit is told with what to do."""
    failed = _one(lab, "slow", name="TelnetClient", time_limit=1)
    assert "DISM did not enable TelnetClient on slow within 1 seconds" in failed.message


def test_a_restart_that_is_due_is_asked_for_in_every_run(lab: Lab) -> None:
    """What waits for it counts as enabled, in check mode too; taken back before the restart it needs none."""
    for check in (True, False):
        found = _one(lab, "waiting", name="media-foundation", check=check)
        assert (found.result["changed"], found.result["reboot_required"]) == (False, True)
        assert "ServerMediaFoundation waits for a restart" in found.result["warnings"][0]
    assert lab.writes("waiting") == 0


def test_features_ride_along(lab: Lab) -> None:
    """Three features and a registry value are read for the messages of the value alone."""
    value = {"registry_value": {"path": "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "name": "SystemRoot", "data": "C:\\Windows"}}
    features = [{"windows_feature": {"name": name}} for name in ("TelnetClient", "IIS-WebServer", "media-foundation")]
    counted = [
        lab.play([task("it", "desired_state", resources=resources)], ["ws2025"], check=True).get("it", "ws2025").result["transport"]["messages"]
        for resources in ([value], [value, *features])
    ]
    assert counted[0] == counted[1]
