# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with packages: one clear sentence, nothing half done, and the next run finishes."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .harness import HERE, Lab, open_lab
from .test_msi_package import NAME, PACKAGES, installed, run


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts with their troubles."""
    with open_lab(tmp_path_factory.mktemp("troubles"), HERE / "fleets" / "packages.yml") as opened:
        yield opened


def _damaged(folder: Path, kind: str) -> Path:
    """A file that is no package, in one of the ways in which files are not what they should be."""
    whole = (PACKAGES / "UACoreSvcSetup-10.7.0.msi").read_bytes()
    content = {"empty": b"", "text": b"<html>Not found</html>", "zip": b"PK\x03\x04" + b"\0" * 500, "truncated": whole[: len(whole) // 2]}[kind]
    path = folder / f"{kind}.msi"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["empty", "text", "zip", "truncated"])
def test_what_is_no_package_is_refused_before_anything_is_written(lab: Lab, tmp_path: Path, kind: str) -> None:
    """The sentence names the file; the host is not touched."""
    before = lab.writes("plain")
    for check in (True, False):
        found = run(lab, "plain", check=check, path=str(_damaged(tmp_path, kind)))
        assert found.outcome == "failed"
        assert f"{kind}.msi" in found.message
        assert found.message.count("\n") == 0
    assert lab.writes("plain") == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"path": "nowhere.msi"}, "nowhere.msi"),
        ({"path": "UACoreSvcSetup-10.7.0.msi", "sha256": "0" * 64}, "0000000000000000"),
        ({"path": "UACoreSvcSetup-10.7.0.msi", "signer": "Netwrix Corporation"}, "not signed"),
        ({"path": "UACoreSvcSetup-10.7.0.msi", "properties": {"UAVR_SERVERNAME": "a\nb"}}, "UAVR_SERVERNAME"),
        ({"path": "UACoreSvcSetup-10.7.0.msi", "properties": {"lower": "x"}}, "no public property"),
        ({"path": "UACoreSvcSetup-10.7.0.msi", "delivery": "host"}, "neither"),
        ({"path": "https://127.0.0.1/a.msi"}, "sha256"),
        ({"product_code": "{nonsense}", "state": "absent"}, "no GUID"),
        ({"path": "", "state": "latest"}, "path is empty"),
        ({"product_name": " ", "state": "absent"}, "product_name is empty"),
        ({"product_name": "Tool 100%", "state": "absent"}, "give product_code"),
        ({"path": "UACoreSvcSetup-10.7.0.msi", "time_limit": 0}, "time_limit"),
        ({"path": "UACoreSvcSetup-10.7.0.msi", "properties": {"ALLUSERS": ""}}, "ALLUSERS"),
        ({"path": "~nobody-here/agent.msi"}, "no home folder"),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(lab: Lab, options: dict[str, Any], sentence: str) -> None:
    """One sentence, and no write on the host."""
    before = lab.writes("plain")
    found = run(lab, "plain", **options)
    assert found.outcome == "failed"
    assert sentence in found.message
    assert lab.writes("plain") == before


def test_a_package_for_another_architecture_is_refused(lab: Lab) -> None:
    """Before it travels: 64-bit package, 32-bit Windows."""
    before = lab.writes("pc10x86")
    found = run(lab, "pc10x86", path="UACoreSvcSetup-10.8.0-x64.msi")
    assert found.outcome == "failed"
    assert "32-bit" in found.message
    assert lab.writes("pc10x86") == before


def test_a_package_that_fails_leaves_nothing_and_is_explained(lab: Lab) -> None:
    """The exit code in words, the log's error lines and its place; the next run with a good package finishes."""
    found = run(lab, "plain", path="UACoreSvcSetup-10.7.0-broken.msi")
    assert found.outcome == "failed"
    assert "(exit code 1603)" in found.message
    assert "rolled back" in found.message
    assert "Log on the host: C:\\Windows\\uamops\\" in found.message
    assert "It says:" in found.message
    assert installed(lab, "plain") == ""
    assert run(lab, "plain", path="UACoreSvcSetup-10.7.0.msi").result["changed"]
    assert installed(lab, "plain") == "10.7.0"
    assert run(lab, "plain", product_name=NAME, state="absent").result["changed"]


def test_a_failed_upgrade_says_what_is_left(lab: Lab) -> None:
    """This package removes the old version before it fails, as many do: the sentence says so, and a good package finishes."""
    found = run(lab, "old-agent", path="UACoreSvcSetup-10.7.0-broken.msi", state="latest")
    assert found.outcome == "failed"
    assert found.message.endswith("Installed now: no version of it. Nothing else was changed.")
    assert installed(lab, "old-agent") == ""
    assert run(lab, "old-agent", path="UACoreSvcSetup-10.7.0.msi", state="latest").result["changed"]


def test_another_installation_is_waited_for(lab: Lab) -> None:
    """Exit code 1618 is not the end."""
    found = run(lab, "busy", path="UACoreSvcSetup-10.7.0.msi")
    assert (found.outcome, installed(lab, "busy")) == ("ok", "10.7.0"), found.message


def test_waiting_for_another_installation_has_an_end(lab: Lab) -> None:
    """The limit is the play's."""
    found = run(lab, "always-busy", path="UACoreSvcSetup-10.7.0.msi", busy_limit=2)
    assert found.outcome == "failed"
    assert "another installation is running" in found.message


def test_an_installation_that_hangs_is_ended_with_all_it_has_started(lab: Lab) -> None:
    """No process of it is left, the sentence says what happened, and nothing is installed."""
    found = run(lab, "hanging", path="UACoreSvcSetup-10.7.0.msi", time_limit=3)
    assert found.outcome == "failed"
    assert "within 3 seconds" in found.message
    assert not list(lab.fleet.hosts["hanging"].windows.processes.by_image("msiexec.exe"))
    assert installed(lab, "hanging") == ""


def test_a_host_that_restarts_in_the_middle_is_no_success_and_the_next_run_finishes(lab: Lab) -> None:
    """Nothing is reported as installed that is not there; what was begun is begun again."""
    windows = lab.fleet.hosts["slow"].windows

    def restart() -> None:
        while not windows.processes.by_image("msiexec.exe"):
            time.sleep(0.1)
        with windows.lock:
            windows.reboot()
        lab.fleet.close_connections()

    helper = threading.Thread(target=restart)
    helper.start()
    found = run(lab, "slow", path="UACoreSvcSetup-10.7.0.msi")
    helper.join()
    while windows.power.phase() == "down":
        time.sleep(0.1)
    time.sleep(0.1)  # the listeners come a moment after
    assert found.outcome in ("failed", "unreachable")
    assert "slow" in found.message
    assert installed(lab, "slow") == ""
    assert run(lab, "slow", path="UACoreSvcSetup-10.7.0.msi", time_limit=60).result["changed"]
    assert installed(lab, "slow") == "10.7.0"


def test_a_full_disk_is_said_and_leaves_no_package(lab: Lab) -> None:
    """The package does not fit: one sentence, and no part of it stays."""
    found = run(lab, "full", path="UACoreSvcSetup-10.7.0.msi")
    assert found.outcome == "failed"
    assert "full" in found.message or "room" in found.message
    assert installed(lab, "full") == ""


def test_a_policy_that_forbids_installations_is_named(lab: Lab) -> None:
    """Exit code 1625 in words."""
    found = run(lab, "policy", path="UACoreSvcSetup-10.7.0.msi")
    assert found.outcome == "failed"
    assert "policy" in found.message


def test_a_product_of_the_same_name_from_another_vendor_is_not_touched(lab: Lab) -> None:
    """It is neither upgraded nor removed, whoever asks."""
    assert run(lab, "plain", path="LikeNamed-1.0.msi").result["changed"]
    found = run(lab, "plain", product_name=NAME, publisher="Netwrix Corporation", state="absent")
    assert found.outcome == "failed"
    assert "not from Netwrix Corporation" in found.message
    both = run(lab, "plain", path="UACoreSvcSetup-10.7.0.msi", state="latest")
    assert both.result["drift"][0]["before"] is None, both.message
    assert run(lab, "plain", path="UACoreSvcSetup-10.7.0.msi", state="absent").result["changed"]
    assert run(lab, "plain", path="LikeNamed-1.0.msi", state="absent").result["changed"]


def test_a_product_that_the_list_of_programs_has_lost_is_still_there(lab: Lab) -> None:
    """Windows Installer knows it: it is drift and repaired, and can be removed by its name."""
    path = "UACoreSvcSetup-10.7.0.msi"
    code = run(lab, "plain", path=path).result["drift"][0]["differences"]["product_code"]["after"]

    def lose() -> None:
        key = f"HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{code}"
        assert lab.session("plain").run_cmd(f'reg delete "{key}" /f').status_code == 0

    lose()
    found = run(lab, "plain", path=path)
    assert found.result["drift"][0]["differences"] == {"missing": {"before": ["entry in the list of programs"], "after": None}}, found.message
    assert (installed(lab, "plain"), run(lab, "plain", path=path).result["changed"]) == ("10.7.0", False)
    lose()
    assert run(lab, "plain", product_name=NAME, state="absent").result["changed"]
    assert not run(lab, "plain", path=path, state="absent").result["changed"]


def test_a_downgrade_that_fails_says_what_it_had_done(lab: Lab) -> None:
    """The new version is gone by then, and the sentence does not hide it."""
    found = run(lab, "new-agent", path="UACoreSvcSetup-10.7.0-broken.msi", state="latest", allow_downgrade=True)
    assert found.outcome == "failed"
    assert found.message.endswith("Before that: uninstall 10.8.0. Installed now: no version of it. Nothing else was changed."), found.message


def test_another_product_of_the_name_is_told(lab: Lab) -> None:
    """It neither counts as the package nor is it removed; a warning names it."""
    assert run(lab, "plain", path="LikeNamed-1.0.msi").result["changed"]
    found = run(lab, "plain", check=True, path="UACoreSvcSetup-10.7.0.msi", state="latest")
    assert found.result["changed"]
    assert "a product of the same name, version 1.0" in found.result["warnings"][0], found.result["warnings"]
    assert run(lab, "plain", path="LikeNamed-1.0.msi", state="absent").result["changed"]


def test_an_empty_folder_is_there(lab: Lab) -> None:
    """What the package creates may be a folder with nothing in it."""
    options: dict[str, Any] = {"path": "UACoreSvcSetup-10.7.0.msi", "creates": ["%ProgramData%\\Netwrix Auditor\\User Activity Core Service"]}
    assert run(lab, "plain", **options).result["changed"]
    assert not run(lab, "plain", **options).result["changed"]
    assert run(lab, "plain", product_name=NAME, state="absent").result["changed"]


def test_packages_of_other_products_stay_on_the_host(lab: Lab) -> None:
    """Only what is called like this product, with a version and a checksum, is tidied away."""
    files = lab.fleet.hosts["plain"].windows.files
    files.make_folder("C:\\Windows\\uamops")
    other = "C:\\Windows\\uamops\\Netwrix-Auditor-User-Activity-Core-Service-Tools-1.0-aaaaaaaa.msi"
    files.write(other, b"x")
    assert run(lab, "plain", path="UACoreSvcSetup-10.7.0.msi").result["changed"]
    assert run(lab, "plain", path="UACoreSvcSetup-10.7.0.msi", state="absent").result["changed"]
    assert [name for name in files.list("C:\\Windows\\uamops") if name.endswith(".msi")] == [other.rpartition("\\")[2]]


def test_a_package_beside_the_playbook_is_found(lab: Lab) -> None:
    """A relative path is looked up in the folder files, as other actions do."""
    folder = lab.folder / "files"
    folder.mkdir()
    shutil.copy(PACKAGES / "Umlauts-1.0.msi", folder / "beside.msi")
    found = lab.play([{"name": "package", "uamops.netwrix_auditor.msi_package": {"path": "beside.msi"}}], ["plain"], check=True).get("package", "plain")
    assert (found.outcome, found.result["changed"]) == ("ok", True), found.message


def test_secrets_are_nowhere(lab: Lab) -> None:
    """Not in the result, not in the output, not in the log on the host that is brought back."""
    secret = "Very-Secret-Value-4711"
    done = lab.play(
        [
            {
                "name": "package",
                "uamops.netwrix_auditor.msi_package": {
                    "path": str(PACKAGES / "UACoreSvcSetup-10.7.0-broken.msi"),
                    "secret_properties": {"LICENSE_KEY": secret},
                },
            }
        ],
        ["plain"],
    )
    assert done.get("package", "plain").outcome == "failed"
    assert secret not in done.output
    assert secret not in str(done.get("package", "plain").result)
    log = done.get("package", "plain").message.split("Log on the host: ")[1].split(".log")[0] + ".log"
    windows = lab.fleet.hosts["plain"].windows
    content = windows.files.read(log)
    assert secret.encode() not in content
    assert secret.encode("utf-16-le") not in content


def test_a_file_of_the_host_is_installed_from_there(lab: Lab, tmp_path: Path) -> None:
    """The controller reads its codes, and nothing is sent to the host."""
    windows = lab.fleet.hosts["plain"].windows
    windows.files.make_folder("C:\\Deploy")
    shutil.copy(PACKAGES / "UACoreSvcSetup-10.7.0.msi", windows.files.resolve("C:\\Deploy\\agent.msi"))
    task = {"name": "package", "uamops.netwrix_auditor.msi_package": {"path": "C:\\Deploy\\agent.msi"}}
    found = lab.play([task], ["plain"]).get("package", "plain")
    assert (found.outcome, installed(lab, "plain")) == ("ok", "10.7.0"), found.message
    assert not lab.play([task], ["plain"]).get("package", "plain").result["changed"]
    assert run(lab, "plain", product_name=NAME, state="absent").result["changed"]
