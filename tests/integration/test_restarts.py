# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role converge: what needs a restart in the middle of a list is brought about with one, where that is allowed, and said where it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from simulator.windows.commands.ndp48 import MARK

from .harness import HERE, Lab, Results, open_lab

HOSTS = ("never", "if-required", "handler", "other-reason")
STATE = "uamops.netwrix_auditor.converge : Bring the host to the required state"


@dataclass
class Runs:
    """The role's first and second run, and when each host was started before and after the first."""

    lab: Lab
    first: Results
    second: Results
    booted: list[dict[str, datetime]]

    def restarted(self) -> set[str]:
        """The hosts that were restarted by the first run."""
        before, after = self.booted
        return {host for host in HOSTS if after[host] > before[host]}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Both runs on all hosts."""
    folder = tmp_path_factory.mktemp("restarts")
    with open_lab(folder, HERE / "fleets" / "restarts.yml") as lab:
        for host in HOSTS:
            lab.variables[host]["converge_reboot"] = host.replace("-", "_").replace("other_reason", "if_required")
        booted = [_booted(lab)]
        first = lab.run(_playbook(folder))
        booted.append(_booted(lab))
        yield Runs(lab, first, lab.run(_playbook(folder)), booted)


def _playbook(folder: Path) -> list[dict[str, object]]:
    """A feature and .NET Framework want a restart, and a service stands behind them."""
    installer = folder / "ndp48.exe"
    installer.write_bytes(MARK)
    resources = [
        {"windows_feature": {"name": "media-foundation"}},
        {"dotnet_framework": {"installer": str(installer), "delivery": "connection"}},
        {"service": {"name": "Spooler", "start_mode": "manual"}},
    ]
    role = {"role": "uamops.netwrix_auditor.converge", "converge_resources": resources, "converge_reboot_timeout": 60}
    return [{"hosts": list(HOSTS), "gather_facts": False, "roles": [role], "tasks": [{"name": "what follows", "ansible.builtin.debug": {"msg": "here"}}]}]


def _booted(lab: Lab) -> dict[str, datetime]:
    return {host: lab.fleet.hosts[host].windows.booted for host in HOSTS}


def _recap(results: Results, host: str) -> tuple[int, int]:
    """Changed and failed tasks of a host."""
    found = re.search(rf"^{host}\s+: ok=\d+\s+changed=(\d+)\s+unreachable=0\s+failed=(\d+)", results.output, re.MULTILINE)
    assert found, results.output
    return int(found[1]), int(found[2])


def test_never_says_that_a_restart_is_due_and_the_run_fails(runs: Runs) -> None:
    """The list stops where it needs the restart; the sentence says so, and the host was not restarted."""
    assert _recap(runs.first, "never") == (0, 1)
    outcome = runs.first.get(STATE, "never")
    assert "restart it and run the play again" in outcome.message
    assert outcome.result["reboot_reasons"] == ["this_task"]


@pytest.mark.parametrize("host", ["if-required", "handler"])
def test_where_it_is_allowed_the_host_is_restarted_and_the_list_goes_on(runs: Runs, host: str) -> None:
    """After one run everything is in effect, the service behind the restart included, and a second run changes nothing."""
    assert _recap(runs.first, host)[1] == 0, runs.first.output
    session = runs.lab.session(host)
    assert re.search(rb":\s+3\s+DEMAND_START", session.run_cmd("sc qc Spooler").std_out)
    assert b"State : Enabled\r" in session.run_cmd("dism /online /english /get-featureinfo /featurename:ServerMediaFoundation").std_out
    assert _recap(runs.second, host) == (0, 0), runs.second.output


def test_only_those_are_restarted_that_need_it_for_this(runs: Runs) -> None:
    """A restart that Windows wants for reasons of its own is left to others."""
    assert runs.restarted() == {"if-required", "handler"}
    assert "windows_update" in runs.first.get(STATE, "other-reason").result["reboot_reasons"]


def test_a_handler_waits_for_the_end_of_the_play(runs: Runs) -> None:
    """What follows in the play is done before the restart."""
    output = runs.first.output
    assert output.index("TASK [what follows]") < output.index("RUNNING HANDLER")
