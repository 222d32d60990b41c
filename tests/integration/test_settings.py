# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registry values that a service reads when it starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

KEY = "HKLM\\SOFTWARE\\WOW6432Node\\Vendor"
HOSTS = ["settings", "settings32"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The same services on a 64-bit and a 32-bit host."""
    with open_lab(tmp_path_factory.mktemp("settings"), HERE / "fleets" / "kinds.yml") as opened:
        yield opened


def _service(lab: Lab, host: str, *settings: dict[str, Any], check: bool = False, state: str = "started", **options: Any) -> Outcome:
    entries = [{"path": KEY, **setting} for setting in settings]
    return lab.play([task("service", "service", settings=entries, state=state, **options)], [host], check=check).get("service", host)


def _journal(lab: Lab, host: str, count: int | None) -> list[str]:
    """The kinds and actions of what was written since `count` entries."""
    entries = lab.fleet.hosts[host].windows.journal.entries[count:]
    return [f"{entry['kind']} {entry['detail'].get('action', '') if isinstance(entry['detail'], dict) else entry['detail']}" for entry in entries]


def _process(lab: Lab, host: str, name: str) -> str:
    """What the service manager says of the service and its process."""
    return str(lab.session(host).run_cmd(f"sc queryex {name}").std_out.decode("utf-8", "replace"))


@pytest.mark.parametrize("host", HOSTS)
def test_a_running_service_is_restarted_once_for_all_its_values(lab: Lab, host: str) -> None:
    """Stopped, all values written, started again; on 32-bit Windows in its own place; and a second run changes nothing."""
    wanted: list[dict[str, Any]] = [{"name": "Server", "data": "new.example.com"}, {"name": "Port", "type": "dword", "data": 9014}]
    before = lab.writes(host)
    planned = _service(lab, host, *wanted, name="Reader", check=True)
    assert lab.writes(host) == before
    done = _service(lab, host, *wanted, name="Reader")
    assert done.outcome == "ok", done.message
    assert set(done.result["drift"][0]["differences"]) == {"setting Server", "setting Port"}
    assert planned.result["drift"] == done.result["drift"]
    steps = [step.split()[0] for step in _journal(lab, host, before)]
    assert (steps[0], steps[-1], steps.count("service")) == ("service", "service", 2), steps
    again = _service(lab, host, *wanted, name="Reader")
    assert (again.result["changed"], again.result["drift"]) == (False, [])
    path = KEY if host == "settings" else "HKLM\\SOFTWARE\\Vendor"
    assert b"new.example.com" in lab.session(host).run_cmd(f'reg query "{path}" /v Server').std_out
    assert ": 4 " in _process(lab, host, "Reader")


def test_a_stopped_service_stays_stopped(lab: Lab) -> None:
    """Values change without a start that nobody asked for."""
    done = _service(lab, "settings", {"name": "Mode", "data": "quiet"}, name="Idle", state="stopped")
    assert done.result["changed"], done.message
    assert ": 1 " in _process(lab, "settings", "Idle")


def test_a_value_of_another_type_is_replaced(lab: Lab) -> None:
    """The type belongs to the value, and drift tells the one that is there."""
    lab.session("settings").run_cmd(f'reg add "{KEY}" /v CallbackPort /t REG_DWORD /d 9003 /f')
    done = _service(lab, "settings", {"name": "CallbackPort", "data": 9003}, name="Reader")
    assert done.result["drift"][0]["differences"]["setting CallbackPort"]["before"] == "REG_DWORD 9003"
    assert not _service(lab, "settings", {"name": "CallbackPort", "data": 9003}, name="Reader").result["changed"]


def test_a_value_is_removed_only_if_it_is_the_one(lab: Lab) -> None:
    """Absent with data leaves other data alone; absent without data removes whatever is there."""
    other = _service(lab, "settings", {"name": "Id", "data": "another", "state": "absent"}, name="Reader")
    assert not other.result["changed"]
    same = _service(lab, "settings", {"name": "Id", "data": "copied", "state": "absent"}, name="Reader")
    assert same.result["changed"], same.message
    assert not _service(lab, "settings", {"name": "Id", "state": "absent"}, name="Reader").result["changed"]


def test_a_service_that_does_not_stop_keeps_its_values(lab: Lab) -> None:
    """Nothing is written under a service that goes on running with the old values, so that the next run tries again."""
    failed = _service(lab, "settings", {"name": "Server", "data": "third.example.com"}, name="Stuck")
    assert failed.outcome == "failed", failed.result
    assert "Stuck" in failed.message
    assert _service(lab, "settings", {"name": "Server", "data": "third.example.com"}, name="Stuck", check=True).result["changed"]


def test_a_service_that_does_not_come_up_again_is_an_error(lab: Lab) -> None:
    """The values are in place then, and the service is drift for the next run."""
    wanted = {"name": "Level", "data": "low"}
    failed = _service(lab, "settings", wanted, name="Dying")
    assert failed.outcome == "failed", failed.result
    assert "Dying" in failed.message
    drift = _service(lab, "settings", wanted, name="Dying", check=True).result["drift"]
    assert set(drift[0]["differences"]) == {"state"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ([{"name": "Port", "type": "dword", "data": "many"}], "a number from 0 to 4294967295"),
        ([{"name": "A", "data": "1"}, {"name": "a", "data": "2"}], "\\vendor\\a twice"),
        ([{"name": "A"}], "data"),
    ],
)
def test_bad_settings_are_refused(lab: Lab, settings: list[dict[str, Any]], sentence: str) -> None:
    """One sentence, and nothing is sent to the host."""
    before = lab.writes("settings")
    found = _service(lab, "settings", *settings, name="Reader")
    assert found.outcome == "failed"
    assert sentence in found.message
    assert lab.writes("settings") == before
