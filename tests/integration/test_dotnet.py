# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .NET Framework: a stand-in of Microsoft's installer is brought to simulated hosts and run there as SYSTEM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

HOSTS = ["net472", "net472restart", "net481"]
FOLDER = "C:\\Windows\\uamops"
NAME = "ndp48-x86-x64-allos-enu.exe"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """Fresh hosts for each test, as an installation can't be taken back."""
    with open_lab(tmp_path, HERE / "fleets" / "dotnet.yml") as opened:
        yield opened


@pytest.fixture
def installer(tmp_path: Path) -> str:
    """What the simulated hosts take for the installer."""
    path = tmp_path / NAME
    path.write_bytes(b"NDP48-STANDIN" + bytes(range(256)) * 40)
    return str(path)


def _run(lab: Lab, hosts: Sequence[str] = tuple(HOSTS), *, check: bool = False, **options: Any) -> dict[str, Outcome]:
    results = lab.play([task("dotnet", "dotnet_framework", **options)], hosts, check=check)
    return {host: results.get("dotnet", host) for host in hosts}


def _left(lab: Lab, host: str) -> tuple[list[str], list[str]]:
    """The files of ours and the tasks that are on the host."""
    windows = lab.fleet.hosts[host].windows
    files = windows.files.list(FOLDER) if windows.files.exists(FOLDER) else []
    return files, [found.name for found in windows.tasks]


def test_without_an_installer_it_is_checked(lab: Lab) -> None:
    """A plan tells the drift and what is missing for a run; the run fails with the version that is there; nothing is written."""
    before = [lab.writes(host) for host in HOSTS]
    check, run = _run(lab, check=True), _run(lab)
    assert [check[host].result["changed"] for host in HOSTS] == [True, True, False]
    assert "has the .NET Framework 4.7.2 (release 461814) and needs 4.8 (release 528040); give installer" in check["net472"].result["warnings"][0]
    assert [run[host].outcome for host in HOSTS] == ["failed", "failed", "ok"]
    assert "has the .NET Framework 4.7.2 (release 461814) and needs 4.8 (release 528040)" in run["net472"].message
    assert [lab.writes(host) for host in HOSTS] == before


def test_it_is_installed_as_system_and_nothing_stays(lab: Lab, installer: str) -> None:
    """From a network logon the installer is refused, as SYSTEM it works; the restart it wants is told; a second run changes nothing."""
    before = [lab.writes(host) for host in HOSTS]
    check = _run(lab, check=True, installer=installer, delivery="connection")
    assert [lab.writes(host) for host in HOSTS] == before
    run = _run(lab, installer=installer, delivery="connection")
    for host in HOSTS:
        assert run[host].outcome == "ok", run[host].message
        assert check[host].result["drift"] == run[host].result["drift"]
        assert _left(lab, host) == ([], [])
    assert [run[host].result["changed"] for host in HOSTS] == [True, True, False]
    assert [run[host].result["reboot_required"] for host in HOSTS] == [False, True, False]
    assert "takes effect when net472restart has been restarted" in " ".join(run["net472restart"].result["notes"])
    again = _run(lab, installer=installer, delivery="connection")
    assert not any(again[host].result["changed"] for host in HOSTS)
    writers = {entry["account"] for entry in lab.fleet.hosts["net472"].windows.journal.entries if entry["kind"] == "dotnet"}
    assert writers == {"NT AUTHORITY\\SYSTEM"}


def test_a_file_that_is_no_installer_is_told_by_its_exit_code(lab: Lab, tmp_path: Path) -> None:
    """Windows can't run it, and the release stays."""
    wrong = tmp_path / "page.exe"
    wrong.write_text("<html>not found</html>")
    failed = _run(lab, ["net472"], installer=str(wrong), delivery="connection")["net472"]
    assert failed.outcome == "failed", failed.result
    assert "page.exe could not install the .NET Framework 4.8 on net472" in failed.message
    assert "exit code" in failed.message
    assert _left(lab, "net472") == (["page.exe"], [])


def test_an_installer_that_waits_for_somebody_is_ended(lab: Lab, installer: str) -> None:
    """Without /q it shows a window that nobody sees: the time limit ends it with its task, and only its file stays."""
    failed = _run(lab, ["net472"], installer=installer, delivery="connection", arguments="/norestart", time_limit=3)["net472"]
    assert failed.outcome == "failed", failed.result
    assert "SYSTEM did not install the .NET Framework 4.8 on net472 within 3 seconds" in failed.message
    assert _left(lab, "net472") == ([NAME], [])
    windows = lab.fleet.hosts["net472"].windows
    assert not windows.processes.by_image(NAME)
    assert not windows.tasks.running()


def test_the_pinned_file_is_the_only_one_that_is_run(lab: Lab, installer: str) -> None:
    """Another file than the one of sha256 is refused in check mode and before anything is sent."""
    before = lab.writes("net472")
    for check in (True, False):
        failed = _run(lab, ["net472"], check=check, installer=installer, sha256="0" * 64)["net472"]
        assert failed.outcome == "failed"
        assert "is not the file that sha256 names" in failed.message
    assert lab.writes("net472") == before
