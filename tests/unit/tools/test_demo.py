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

RECAP = """\
PLAY RECAP *********************************************************************
auditor01                  : ok=3    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
pc10                       : ok=3    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0
"""
COST = {"connections": 1, "wsman_messages": 12, "bytes_received": 40_000}


def test_the_recap_is_read_by_host() -> None:
    """Changed, unreachable and failed of each host come from Ansible's own recap."""
    assert demo.recap(RECAP) == {"auditor01": demo.Recap(1, 0, 0), "pc10": demo.Recap(0, 1, 0)}


def test_a_check_within_the_limits_passes() -> None:
    """The limits themselves are still allowed."""
    demo.check_cost("pc10", COST)


@pytest.mark.parametrize("counter", sorted(COST))
def test_a_check_above_a_limit_is_a_surprise(counter: str) -> None:
    """Each limit is held by itself, and the sentence names host and counter."""
    with pytest.raises(demo.Surprise, match=f"pc10.*{counter}"):
        demo.check_cost("pc10", {**COST, counter: COST[counter] + 1})


def answers(monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    monkeypatch.setattr(demo, "run", lambda command: output)
    monkeypatch.setattr(demo, "FLEET", ("auditor01", "pc10"))


def test_an_unreachable_host_is_a_surprise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that could not be reached is never counted as unchanged."""
    answers(monkeypatch, RECAP)
    with pytest.raises(demo.Surprise, match="unreachable: pc10"):
        demo.play(demo.CHECK, changing=["auditor01"])


def test_a_missing_host_is_a_surprise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that the recap does not name has not been checked."""
    answers(monkeypatch, RECAP.replace("pc10 ", "pc11 "))
    with pytest.raises(demo.Surprise, match="does not name pc10"):
        demo.play(demo.CHECK, changing=["auditor01"])


@pytest.mark.parametrize("changing", [[], ["auditor01", "pc10"]])
def test_other_changes_than_expected_are_a_surprise(monkeypatch: pytest.MonkeyPatch, changing: list[str]) -> None:
    """Exactly the expected hosts may report a change, neither more nor fewer."""
    answers(monkeypatch, RECAP.replace("unreachable=1", "unreachable=0"))
    with pytest.raises(demo.Surprise, match="changed on auditor01"):
        demo.play(demo.CHECK, changing=changing)


def test_stopping_what_does_not_run_is_one_sentence(tmp_path: Path) -> None:
    """``make lab-stop`` without a lab says so and ends with 1."""
    done = subprocess.run([sys.executable, str(lab.ROOT / "tools/lab.py"), "stop", "--state", str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "The lab is not running.\n")
