# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each module's quartet on every host of the lab: check mode, nothing changed, apply, again unchanged.

All cases go through one playbook for each phase, so that the journal of writes can be held between the phases.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import winrm
import yaml

from .harness import HERE, Lab, Results, open_hosts

CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "cases" / "quartets.yml").read_text(encoding="utf-8"))
TASKS = [{"name": case["name"], f"uamops.netwrix_auditor.{case['module']}": case["arguments"], "ignore_errors": True} for case in CASES]
Texts = dict[tuple[str, str], str]


@dataclass
class Quartet:
    """What came out of the phases; `writes` counts the journal's entries after each of them."""

    lab: Lab
    check: Results
    before: Texts
    applied: Results
    after: Texts
    again: Results
    writes: dict[str, list[int | None]]


@pytest.fixture(scope="module")
def quartet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quartet]:
    """All four phases of all cases on all hosts."""
    with open_hosts(tmp_path_factory.mktemp("quartets"), HERE / "fleets" / "wide.yml") as lab:
        writes: dict[str, list[int | None]] = {host: [] for host in lab.hosts}

        def count() -> None:
            for host in lab.hosts:
                writes[host].append(lab.writes(host))

        _on_all(lab, _prepare)
        count()
        check = lab.play(TASKS, check=True)
        before = _on_all(lab, _read_back)
        count()
        applied = lab.play(TASKS)
        after = _on_all(lab, _read_back)
        count()
        again = lab.play(TASKS)
        count()
        yield Quartet(lab, check, before, applied, after, again, writes)


def _prepare(session: winrm.Session, case: dict[str, Any]) -> str:
    for command in case["prepare"]:
        session.run_cmd(command)
    return ""


def _read_back(session: winrm.Session, case: dict[str, Any]) -> str:
    """What the command prints, nothing if it fails."""
    done = session.run_cmd(case["read_back"])
    return "" if done.status_code else str(done.std_out.decode("utf-8", "replace"))


def _on_all(lab: Lab, do: Callable[[winrm.Session, dict[str, Any]], str]) -> Texts:
    def on_host(host: str) -> Texts:
        session = lab.session(host)
        return {(case["name"], host): do(session, case) for case in CASES}

    with ThreadPoolExecutor(4) as pool:
        return {key: text for texts in pool.map(on_host, lab.hosts) for key, text in texts.items()}


def _matches(pattern: str, text: str) -> bool:
    return bool(re.search(pattern, text, re.DOTALL | re.IGNORECASE)) if pattern else text == ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_check_mode_tells_what_a_run_would_change(quartet: Quartet, case: dict[str, Any]) -> None:
    """Check mode reports the change with its keys, and the run reports the very same."""
    for host in quartet.lab.hosts:
        check, applied = quartet.check.get(case["name"], host), quartet.applied.get(case["name"], host)
        assert check.outcome == "ok", f"{host}: {check.message}"
        assert check.result["changed"], host
        assert applied.result.get("drift") == check.result["drift"], f"{host}: {applied.message}"
        keys = set(check.result["drift"][0]["differences"])
        assert set(case["keys"]) <= keys if case["keys"] else keys, host
        assert case.get("notes", "") in " ".join(check.result["notes"]), host


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_check_mode_changes_nothing(quartet: Quartet, case: dict[str, Any]) -> None:
    """Another tool still finds the state before."""
    for host in quartet.lab.hosts:
        text = quartet.before[case["name"], host]
        assert _matches(case["before"], text), f"{host}: {text}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_run_brings_it_about(quartet: Quartet, case: dict[str, Any]) -> None:
    """The run reports changed, and another tool finds the state after."""
    for host in quartet.lab.hosts:
        applied = quartet.applied.get(case["name"], host)
        assert (applied.outcome, applied.result["changed"]) == ("ok", True), f"{host}: {applied.message}"
        text = quartet.after[case["name"], host]
        assert _matches(case["after"], text), f"{host}: {text}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_second_run_changes_nothing(quartet: Quartet, case: dict[str, Any]) -> None:
    """A run after a run is unchanged and finds no drift."""
    for host in quartet.lab.hosts:
        again = quartet.again.get(case["name"], host)
        assert (again.outcome, again.result["changed"], again.result["drift"], again.result["diff"]) == ("ok", False, [], []), f"{host}: {again.message}"


def test_the_journal_counts_writes_in_the_run_alone(quartet: Quartet) -> None:
    """Check mode and the second run write nothing on any simulated host; the run writes at least once for each case."""
    if quartet.lab.fleet is None:
        pytest.skip("real hosts keep no journal")
    for host, (prepared, checked, applied, again) in quartet.writes.items():
        assert checked is not None
        assert applied is not None
        assert checked == prepared, host
        assert applied >= checked + len(CASES), host
        assert again == applied, host
