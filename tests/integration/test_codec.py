# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The video codec: a stand-in of the vendor's archive, built here from text, is installed on simulated hosts with and without it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from simulator import codec_archive
from simulator.codec_archive import ARCHIVE

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

STAGING = "C:\\Windows\\uamops"
KEY = "SOFTWARE\\{}Microsoft\\Windows NT\\CurrentVersion\\Drivers32"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts; each is installed to by one test only."""
    with open_lab(tmp_path_factory.mktemp("codec"), HERE / "fleets" / "codec.yml") as opened:
        yield opened


def _play(lab: Lab, hosts: Sequence[str], *, check: bool = False, **options: Any) -> dict[str, Outcome]:
    results = lab.play([task("codec", "video_codec", delivery="connection", **options)], hosts, check=check)
    return {host: results.get("codec", host) for host in hosts}


def _left(lab: Lab, host: str) -> list[str]:
    files = lab.fleet.hosts[host].windows.files
    return list(files.list(STAGING)) if files.exists(STAGING) else []


def _driver(lab: Lab, host: str, node: str = "") -> str:
    """Another tool's view of the registered driver."""
    return lab.session(host).run_cmd(f'reg query "HKLM\\{KEY.format(node)}" /v vidc.spv1').std_out.decode()


def test_the_archive_brings_it_to_the_programs_that_lack_it(lab: Lab, tmp_path: Path) -> None:
    """Check mode writes nothing and tells the same drift; each kind of programs gets its own .inf; nothing of ours stays; a second run has nothing to do."""
    hosts, package = ["pc64", "pc32", "half", "have"], codec_archive.write(tmp_path / "codec.zip")
    sha256 = hashlib.sha256(Path(package).read_bytes()).hexdigest()
    before = [lab.writes(host) for host in hosts]
    check = _play(lab, hosts, check=True, package=package, sha256=sha256)
    assert [lab.writes(host) for host in hosts] == before
    run = _play(lab, hosts, package=package, sha256=sha256)
    after = [lab.writes(host) for host in hosts]
    again = _play(lab, hosts, package=package, sha256=sha256)
    assert [lab.writes(host) for host in hosts] == after
    for host in hosts:
        assert run[host].outcome == "ok", run[host].message
        assert check[host].result["drift"] == run[host].result["drift"]
        assert (run[host].result["changed"], again[host].result["changed"]) == (host != "have", False)
        assert _left(lab, host) == []
        assert "vidc.spv1" in _driver(lab, host)
    assert run["half"].result["drift"][0]["differences"] == {"32-bit": {"before": None, "after": "present"}}
    assert "spv1.dll" in _driver(lab, "half")
    assert "scpr64.dll" in _driver(lab, "pc64")
    for host in ("pc64", "half"):
        assert "scpr.dll" in _driver(lab, host, "WOW6432Node\\")
        assert lab.fleet.hosts[host].windows.files.read("C:\\Windows\\SysWOW64\\scpr.dll") == b"thirty-two"
    assert "scpr.dll" in _driver(lab, "pc32")
    assert not lab.fleet.hosts["half"].windows.files.exists("C:\\Windows\\System32\\scpr64.dll")
    assert lab.writes("have") == 0


def test_without_a_package_it_is_checked(lab: Lab) -> None:
    """A plan tells which programs lack it and where to get it; the run fails with that; nothing is written."""
    before = lab.writes("bare")
    check, run = _play(lab, ["bare"], check=True)["bare"], _play(lab, ["bare"])["bare"]
    assert check.result["changed"]
    assert "bare lacks the codec vidc.spv1 for 64-bit and 32-bit programs; give package" in check.result["warnings"][0]
    assert run.outcome == "failed"
    assert "ScreenPressorNetwrix.zip" in run.message
    assert lab.writes("bare") == before


def test_an_installer_runs_as_system_and_quietly(lab: Lab, tmp_path: Path) -> None:
    """Inside an archive as alone; one without its quiet option is ended in time, and its file does not end up installed."""
    alone = tmp_path / "setup.exe"
    alone.write_bytes(b"CODEC-STANDIN")
    stuck = _play(lab, ["byexe"], package=str(alone), arguments="/interactive", time_limit=2)["byexe"]
    assert stuck.outcome == "failed"
    assert "SYSTEM did not install setup.exe on byexe within 2 seconds" in stuck.message
    package = codec_archive.write(tmp_path / "codec.zip", {**ARCHIVE, "setup/codec.exe": b"CODEC-STANDIN"})
    tasks = [task(name, "video_codec", package=package, arguments="/S", delivery="connection") for name in ("run", "again")]
    results = lab.play(tasks, ["byexe"])
    run = results.get("run", "byexe")
    assert run.outcome == "ok", run.message
    assert run.result["changed"]
    writers = {entry["account"] for entry in lab.fleet.hosts["byexe"].windows.journal.entries if entry["kind"] == "codec"}
    assert writers == {"NT AUTHORITY\\SYSTEM"}
    assert _left(lab, "byexe") == ["setup.exe"]
    assert not results.get("again", "byexe").result["changed"]


def test_what_does_not_register_it_is_no_success(lab: Lab, tmp_path: Path) -> None:
    """rundll32 has no exit code of its own: an .inf without its driver's file, and one for another codec, are told by the read back."""
    package = codec_archive.write(tmp_path / "hollow.zip", {name: data for name, data in ARCHIVE.items() if not name.endswith(".dll")})
    failed = _play(lab, ["bare"], package=package)["bare"]
    assert failed.outcome == "failed"
    assert "read back they are not in place: video_codec vidc.spv1: 32-bit None -> present" in failed.message
    assert _left(lab, "bare") == []


def test_bad_packages_are_refused_before_anything_is_written(lab: Lab, tmp_path: Path) -> None:
    """One sentence in check mode as in a run: broken, wrong, dangerous, ambiguous and unfit ones."""
    good, broken = codec_archive.write(tmp_path / "good.zip"), tmp_path / "broken.zip"
    broken.write_bytes(Path(good).read_bytes()[:200])
    script, infs = tmp_path / "codec.ps1", [name for name in ARCHIVE if name.endswith(".inf")]
    bad: list[tuple[dict[str, Any], str]] = [
        ({"package": good, "sha256": "0" * 64}, "is not the file that sha256 names"),
        ({"package": f"{good}.gone.zip"}, "can't be read on the controller"),
        ({"package": str(broken)}, "broken.zip is no archive that can be opened"),
        ({"package": codec_archive.write(tmp_path / "out.zip", {**ARCHIVE, "../x.inf": b""})}, "leads out of it"),
        ({"package": codec_archive.write(tmp_path / "narrow.zip", {infs[0]: b""})}, "narrow.zip has no .inf file for 64-bit programs"),
        ({"package": codec_archive.write(tmp_path / "twice.zip", {**ARCHIVE, "b/x64.inf": b""})}, "more than one .inf file for 64-bit programs"),
        ({"package": good, "installer": ["x64_version/none.inf"]}, "good.zip has no file x64_version/none.inf; it has ScreenPressor/"),
        ({"package": codec_archive.write(tmp_path / "msi.zip", {"codec.msi": b""})}, "install it by module msi_package"),
        ({"package": codec_archive.write(tmp_path / "exe.zip", {"codec.exe": b""})}, "give the arguments that keep it quiet"),
        ({"package": str(script)}, "is neither a .zip nor an .exe file"),
        ({"package": "\\\\fs01\\x\\codec.zip", "sha256": "0" * 64}, "is opened on the controller"),
        ({"package": "https://example.com/codec.zip"}, "comes from a web server and needs sha256"),
        ({"drivers": [" "]}, "Give at least one value of Drivers32"),
    ]
    before = lab.writes("bare")
    tasks = [task(f"bad {number}", "video_codec", **{"delivery": "auto", **options}) for number, (options, _sentence) in enumerate(bad)]
    for check in (True, False):
        results = lab.play(tasks, ["bare"], check=check)
        for number, (_options, sentence) in enumerate(bad):
            found = results.get(f"bad {number}", "bare")
            assert found.outcome == "failed", found.result
            assert sentence in found.message
    assert lab.writes("bare") == before
