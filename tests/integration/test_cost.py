# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drift check of one audited computer costs, counted by the simulated host and not by us.

A change that adds a message here says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import LAB, Lab, open_lab

AUDITED = ["pc10", "ws2012r2", "ws2016", "ws2019", "ws2025"]
# Two of them ask which network the host is on and what policies set services to: a rule or a service can be as required and not in force.
MESSAGES = 14
BYTES_TO_HOST = 40_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab, rolled out."""
    with open_lab(tmp_path_factory.mktemp("cost"), LAB) as opened:
        yield opened


def _agent(lab: Lab, *arguments: str) -> dict[str, Any]:
    """Run the roles on the server and the audited computers with fresh counters; returns the counters of the latter by host."""
    group = {"hosts": "auditor01", "gather_facts": False, "tasks": [{"ansible.builtin.group_by": {"key": "auditor_server"}, "changed_when": False}]}
    server = {"hosts": "auditor01", "gather_facts": False, "roles": ["uamops.netwrix_auditor.server"]}
    agents = {"hosts": AUDITED, "gather_facts": False, "roles": ["uamops.netwrix_auditor.agent"], "vars": {"agent_verify": False}}
    lab.fleet.reset_counters()
    done = lab.run([group, server, agents], *arguments)
    assert done.exit_code == 0, done.output
    return {host: lab.fleet.counters(host) for host in AUDITED}


def test_the_drift_check_of_an_audited_computer_is_cheap(lab: Lab) -> None:
    """One connection, at most 14 messages and 40 kB to the host, before the rollout and after it."""
    for step in ("before the rollout", "after it"):
        for host, counted in _agent(lab, "--check").items():
            assert counted["connections"] == 1, (host, step, counted)
            assert counted["wsman_messages"] <= MESSAGES, (host, step, counted)
            assert counted["bytes_received"] <= BYTES_TO_HOST, (host, step, counted)
            assert counted["writes"] == 0, (host, step, counted)
        _agent(lab)


def test_a_second_run_costs_what_a_check_costs(lab: Lab) -> None:
    """A run with nothing to do sends the very messages of the check; verification, which a check leaves out, costs what it costs."""
    _agent(lab)
    check, run = _agent(lab, "--check"), _agent(lab)
    for host in AUDITED:
        assert run[host]["wsman_messages"] == check[host]["wsman_messages"], host
        assert run[host]["writes"] == 0, host
