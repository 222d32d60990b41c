# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that misbehave, and Remote Registry, which stops itself when idle by design."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

HOST = "services"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The odd hosts, of which one has these services."""
    with open_lab(tmp_path_factory.mktemp("services"), HERE / "fleets" / "odd.yml") as opened:
        yield opened


def _service(lab: Lab, *, check: bool = False, **options: Any) -> Outcome:
    return lab.play([task("service", "service", **options)], [HOST], check=check).get("service", HOST)


def test_remote_registry_is_compliant_while_its_triggers_can_start_it(lab: Lab) -> None:
    """Automatic, trigger-started and stopped counts as started by default, and the output says so."""
    found = _service(lab, name="RemoteRegistry", start_mode="auto", state="started")
    assert (found.outcome, found.result["changed"]) == ("ok", False), found.result
    assert "Windows starts it when it is called, which counts as started" in found.result["notes"][0]


def test_remote_registry_can_be_held_running(lab: Lab) -> None:
    """Without its idle stop the service runs, is still there when it would have stopped, and the next run changes nothing."""
    wanted: dict[str, Any] = {"name": "RemoteRegistry", "start_mode": "auto", "state": "started", "accept_trigger_start": False, "stop_when_idle": False}
    before = lab.writes(HOST)
    assert _service(lab, check=True, **wanted).result["changed"]
    assert lab.writes(HOST) == before
    assert _service(lab, **wanted).result["changed"]
    time.sleep(10)
    again = _service(lab, **wanted)
    assert (again.result["changed"], again.result["notes"]) == (False, [])
    assert "STATE" in lab.session(HOST).run_cmd("sc query RemoteRegistry").std_out.decode()


def test_remote_registry_may_stop_again(lab: Lab) -> None:
    """Giving the idle stop back restarts the service, because it reads the value when it starts."""
    found = _service(lab, name="RemoteRegistry", stop_when_idle=True)
    assert found.result["changed"], found.result
    time.sleep(10)
    assert ": 1 " in lab.session(HOST).run_cmd("sc query RemoteRegistry").std_out.decode()


def test_a_service_that_dies_after_its_start_is_no_success(lab: Lab) -> None:
    """A start that Windows accepted is not reported as done when the service is gone."""
    found = _service(lab, name="Dying", state="started")
    assert found.outcome == "failed", found.result
    assert "Dying" in found.message


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "NoLogon", "state": "started"}, "did not start service NoLogon: the service could not log on"),
        ({"name": "RpcSs", "state": "stopped"}, "did not stop service RpcSs"),
        ({"image_path": "twin.exe", "state": "started"}, "twin.exe is the program of several services (Twin1, Twin2)"),
    ],
)
def test_refusals_are_told_in_words(lab: Lab, options: dict[str, Any], sentence: str) -> None:
    """Windows' return value becomes a reason."""
    found = _service(lab, **options)
    assert found.outcome == "failed"
    assert sentence in found.message


def test_a_slow_service_is_waited_for(lab: Lab) -> None:
    """Pending states are waited for; the service is found by its program's file name."""
    started = _service(lab, image_path="slow.exe", state="started", start_mode="auto")
    assert (started.outcome, started.result["changed"]) == ("ok", True), started.result
    assert set(started.result["drift"][0]["differences"]) == {"state", "start_mode"}
    stopped = _service(lab, image_path="C:\\Test folder\\slow.exe", state="stopped")
    assert (stopped.outcome, stopped.result["changed"]) == ("ok", True), stopped.result
