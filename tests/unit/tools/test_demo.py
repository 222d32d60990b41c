# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration must not claim what it has not seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import demo
import lab
import pytest
import serve_lab
import stage
from simulator import load_fleet
from simulator.running import RunningFleet

RECAP = """\
PLAY RECAP *********************************************************************
auditor01                  : ok=3    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
pc10                       : ok=3    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0
"""
HOSTS = ("auditor01", "pc10")
COST = {"connections": 1, "wsman_messages": 14, "bytes_received": 40_000}


def test_the_recap_is_read_by_host() -> None:
    """Changed, unreachable and failed of each host come from Ansible's own recap."""
    assert stage.recap(RECAP) == {"auditor01": stage.Recap(1, 0, 0), "pc10": stage.Recap(0, 1, 0)}


def test_a_check_within_the_limits_passes() -> None:
    """The limits themselves are still allowed."""
    demo.check_cost("pc10", COST)


@pytest.mark.parametrize("counter", sorted(COST))
def test_a_check_above_a_limit_is_a_surprise(counter: str) -> None:
    """Each limit is held by itself, and the sentence names host and counter."""
    with pytest.raises(stage.Surprise, match=f"pc10.*{counter}"):
        demo.check_cost("pc10", {**COST, counter: COST[counter] + 1})


def answers(monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    monkeypatch.setattr(stage, "run", lambda command, *, brief, settings: output)


def test_an_unreachable_host_is_a_surprise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that could not be reached is never counted as unchanged."""
    answers(monkeypatch, RECAP)
    with pytest.raises(stage.Surprise, match="unreachable: pc10"):
        stage.play(demo.CHECK, HOSTS, changing=["auditor01"])


def test_a_missing_host_is_a_surprise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that the recap does not name has not been checked."""
    answers(monkeypatch, RECAP.replace("pc10 ", "pc11 "))
    with pytest.raises(stage.Surprise, match="does not name pc10"):
        stage.play(demo.CHECK, HOSTS, changing=["auditor01"])


@pytest.mark.parametrize("changing", [[], ["auditor01", "pc10"]])
def test_other_changes_than_expected_are_a_surprise(monkeypatch: pytest.MonkeyPatch, changing: list[str]) -> None:
    """Exactly the expected hosts may report a change, neither more nor fewer."""
    answers(monkeypatch, RECAP.replace("unreachable=1", "unreachable=0"))
    with pytest.raises(stage.Surprise, match="changed on auditor01"):
        stage.play(demo.CHECK, HOSTS, changing=changing)


@pytest.mark.parametrize("output", ["", "ok ok"])
def test_a_claim_that_the_output_does_not_bear_out_is_a_surprise(output: str) -> None:
    """What a step claims must stand in the output exactly as often as it says."""
    stage.expect("ok", "ok", 1)
    with pytest.raises(stage.Surprise, match="expected 1"):
        stage.expect(output, "ok", 1)


def test_a_command_that_ends_with_another_code_is_a_surprise(capfd: pytest.CaptureFixture[str]) -> None:
    """A failed command is never shown as a step that went well, and the command is named."""
    command = (sys.executable, "-c", "import sys; print('said'); sys.exit(3)")
    assert stage.run(command, 3) == "said\n"
    with pytest.raises(stage.Surprise, match=r"code 3: .*python"):
        stage.run(command)
    assert "  said" in capfd.readouterr().out


def test_only_hosts_with_something_to_say_are_shown() -> None:
    """A task in which every host was silent is left out with its heading; changes, failures, messages and warnings stay."""
    lines = [
        "TASK [quiet] ***\n",
        "ok: [pc10]\n",
        "skipping: [pc11]\n",
        "\n",
        "TASK [loud] ***\n",
        "ok: [pc10]\n",
        "changed: [pc11]\n",
        "\n",
        "PLAY RECAP ***\n",
    ]
    assert list(stage.worth_a_line(lines)) == ["TASK [loud] ***\n", "changed: [pc11]\n", "PLAY RECAP ***\n"]
    assert list(stage.worth_a_line(["TASK [said] ***\n", "ok: [pc10] => \n", "    msg: hello\n"])) == [
        "TASK [said] ***\n",
        "ok: [pc10] => \n",
        "    msg: hello\n",
    ]


def test_a_lab_without_samba_says_so_and_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where this machine can't serve the hosts' drives, the lab names the reason and runs without them."""
    monkeypatch.setattr(serve_lab, "unavailable", lambda: "smbd not found")
    fleet = load_fleet(lab.FLEET)
    with serve_lab.smb(RunningFleet(fleet.with_ports(0, 0), tmp_path), tmp_path / "smb"):
        assert "not served (smbd not found); files go through the connection" in capsys.readouterr().out
    assert not (tmp_path / "smb").exists()


def test_a_new_lab_has_no_files_of_the_one_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The hosts' drives and Samba's state of an earlier run are removed; what else lies in the folder stays."""

    def end(process: subprocess.Popen[bytes], _state: Path) -> None:
        process.terminate()
        process.wait()

    monkeypatch.setattr(lab, "_wait", end)
    for name in ("hosts", "smb", "cache"):
        (tmp_path / name).mkdir()
    lab.start(tmp_path, tmp_path / "no-fleet.yml")
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.is_dir()) == ["cache"]


def test_stopping_what_does_not_run_is_one_sentence(tmp_path: Path) -> None:
    """``make lab-stop`` without a lab says so and ends with 1."""
    done = subprocess.run([sys.executable, str(lab.ROOT / "tools/lab.py"), "stop", "--state", str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "The lab is not running.\n")
