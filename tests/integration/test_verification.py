# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules server_info and agent_info over the wire: one agent works, and each of the others has one thing wrong with it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from simulator.windows.accounts import domain_sid

from .harness import Lab, Outcome, Results, open_lab
from .verification_hosts import FOLDER, PRODUCT, SERVER, SERVER_ADDRESS, fleet

MESSAGES = 14
# Finding the local group Administrators by its SID, and its members.
MESSAGES_FOR_ACCOUNT = 3
# Whose data collecting account is asked for, and what is said of it.
ACCOUNTS = {
    "german": "LAB\\svc-netwrix",
    "gmsa": "lab.test\\gmsa-uavr$",
    "healthy": "LAB\\svc-netwrix",
    "grouped": "svc-netwrix@lab.test",
    "bysid": domain_sid("LAB", "svc-sid"),
}
FAULTS = {
    "healthy": {"access.data_account"},
    "german": set(),
    "dies": {"agent.service_running", "server.knows_agent"},
    "deaf": {"agent.listens", "server.reaches_agent"},
    "mute": {"agent.connected", "server.knows_agent"},
    "wrong": {"agent.configured", "agent.connected", "server.knows_agent"},
    "blocked": {"server.reaches_agent"},
    "bare": {"agent.installed"},
    "outdated": {"agent.version_floor"},
    "shut": {"access.admin_shares"},
    "gmsa": set(),
    "grouped": set(),
    "bysid": set(),
    "packaged": set(),
}
# .NET Framework of a host that has no agent is as its release brought it.
NOT_LOOKED_AT = {"bare": {"agent.dotnet"}}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The fleet, whose clones have both come to the server, the second one last."""
    folder = tmp_path_factory.mktemp("verification")
    file = folder / "fleet.yml"
    file.write_text(yaml.safe_dump(fleet(), allow_unicode=True), encoding="utf-8")
    with open_lab(folder, file) as opened:
        yield opened


def _targets(lab: Lab) -> list[dict[str, Any]]:
    return [{"name": name, "address": lab.variables[name]["ansible_host"]} for name in FAULTS]


def _server_task(lab: Lab, **options: Any) -> dict[str, Any]:
    asked = {"reach": _targets(lab), "connect_timeout": 1, "wait_seconds": 1, **options}
    return {"name": "server", "uamops.netwrix_auditor.server_info": asked, "delegate_to": SERVER, "run_once": True, "register": "seen"}


def _agent_task(**options: Any) -> dict[str, Any]:
    asked = {
        "server": SERVER,
        "server_addresses": [SERVER_ADDRESS],
        "server_info": "{{ seen.server }}",
        "data_account": "{{ accounts[inventory_hostname] | default('') }}",
        "settle_seconds": 1,
        "wait_seconds": 1,
        **options,
    }
    return {"name": "agent", "uamops.netwrix_auditor.agent_info": asked}


AUDITED = [*FAULTS, "clone1", "clone2"]


@pytest.fixture(scope="module")
def results(lab: Lab) -> Results:
    """One verification of all computers."""
    # Whoever is looked at first comes to the server first.
    touch = {"name": "touch", "uamops.netwrix_auditor.agent_info": {"settle_seconds": 0, "wait_seconds": 0}}
    for host in AUDITED:
        lab.fleet.hosts[host].windows.materialise()
    lab.play([touch], ["clone1"])
    lab.play([touch], ["clone2"])
    return lab.play([_server_task(lab), _agent_task()], AUDITED, accounts=ACCOUNTS)


def _checks(outcome: Outcome) -> dict[str, dict[str, str]]:
    assert outcome.outcome == "ok", outcome.result
    return {check["id"]: check for check in outcome.result["checks"]}


@pytest.mark.parametrize("host", FAULTS)
def test_each_fault_is_named_and_nothing_else(results: Results, host: str) -> None:
    """The failed checks of a computer are those of its fault, and it is healthy exactly if there is none."""
    outcome = results.get("agent", host)
    checks = _checks(outcome)
    failed = {name for name, check in checks.items() if check["status"] == "failed"} - NOT_LOOKED_AT.get(host, set())
    assert failed == FAULTS[host], json.dumps(checks, indent=1)
    assert set(outcome.result["failed_checks"]) - NOT_LOOKED_AT.get(host, set()) == failed
    assert outcome.result["healthy"] is (not outcome.result["failed_checks"])


def test_a_working_agent_is_seen_in_full(results: Results) -> None:
    """On a German host of 2012 R2 nothing is left unknown but what the server's version would tell."""
    outcome = results.get("agent", "german")
    statuses = {name: check["status"] for name, check in _checks(outcome).items()}
    assert {name for name, status in statuses.items() if status != "ok"} == {"agent.version_skew"}, statuses
    agent = outcome.result["agent"]
    assert agent["service"].pop("process_id") > 0
    assert agent == {
        "installed": True,
        "version": "10.7.13645",
        "product_code": PRODUCT,
        "service": {"name": "UAVRAgentSvc", "state": "running", "start_mode": "auto"},
        "uniq_id": "id-2",
        "server": SERVER,
        "server_port": 9004,
        "callback_port": 9003,
        "install_path": FOLDER,
        "dotnet_release": 528040,
    }


def test_a_clone_is_told_to_the_one_whose_place_was_taken(results: Results) -> None:
    """Two computers have one id: the server has it under the name of the one that came last, which the other is told."""
    first, last = (_checks(results.get("agent", host))["agent.unique"] for host in ("clone1", "clone2"))
    assert {first["status"], last["status"]} == {"failed", "ok"}
    told = first if first["status"] == "failed" else last
    assert ("clone2" if told is first else "clone1") in told["text"].lower()
    assert "UniqID" in told["advice"]


def test_the_blocked_callback_was_tried_from_the_server(results: Results) -> None:
    """Without a connection the server is asked to make one by curl.exe, and its failure is the verdict."""
    check = _checks(results.get("agent", "blocked"))["server.reaches_agent"]
    assert "no answer within 1 seconds" in check["text"]
    mute = _checks(results.get("agent", "mute"))["server.reaches_agent"]
    assert (mute["status"], "a connection could be made" in mute["text"]) == ("ok", True)


def test_the_data_account_is_looked_for(results: Results) -> None:
    """A direct member is found by name and by SID, a managed service account too; behind a group of the domain it is unknown, and the group is named."""
    found = {host: _checks(results.get("agent", host))["access.data_account"] for host in (*ACCOUNTS, "deaf")}
    statuses = {host: check["status"] for host, check in found.items()}
    assert statuses == {"german": "ok", "gmsa": "ok", "healthy": "failed", "grouped": "unknown", "bysid": "ok", "deaf": "not applicable"}
    assert "LAB\\Netwrix accounts" in found["grouped"]["text"]


def test_the_server_says_what_it_knows(results: Results) -> None:
    """Service, port, agents and whom it reaches; the encrypted passwords of its list stay where they are."""
    outcome = results.get("server", "healthy")
    server = outcome.result["server"]
    assert (server["service"]["name"], server["service"]["state"]) == ("NwUserActivitySvc", "running")
    assert (server["port_registered"], server["ports_listening"]) == (9004, [9004])
    assert server["working_folder"] == r"C:\ProgramData\Netwrix Auditor"
    assert {"id-1", "id-2", "id-4", "id-7", "id-8"} <= {agent["uniq_id"] for agent in server["agents"]}
    reach = {entry["name"]: entry["ok"] for entry in server["reach"]}
    assert reach == {name: name not in ("blocked", "deaf", "dies", "bare") for name in FAULTS}
    assert "EncryptedPassword" not in json.dumps(outcome.result)
    assert "simulated" not in json.dumps(server["agents"])


@pytest.mark.parametrize(("accounts", "most"), [({}, MESSAGES), (ACCOUNTS, MESSAGES + MESSAGES_FOR_ACCOUNT)], ids=["plain", "with the account"])
def test_a_healthy_agent_costs_few_messages(lab: Lab, results: Results, accounts: dict[str, str], most: int) -> None:
    """At most 14 messages when all is well, three more for the data collecting account, and nothing is written."""
    before = lab.writes("german")
    outcome = lab.play([_server_task(lab), _agent_task()], ["german"], accounts=accounts).get("agent", "german")
    assert outcome.result["healthy"], outcome.result["failed_checks"]
    assert outcome.result["transport"]["messages"] <= most
    assert lab.writes("german") == before


def test_an_agent_that_starts_late_is_waited_for(lab: Lab) -> None:
    """With `wait_seconds` the server is asked until the agent has come, and its list is read after that."""
    windows = lab.fleet.hosts["late"].windows
    windows.materialise()
    assert windows.services.start("UAVRAgentSvc") == 0
    target = {"name": "late", "address": lab.variables["late"]["ansible_host"]}
    outcome = lab.play([_server_task(lab, reach=[target], wait_seconds=30), _agent_task(wait_seconds=10)], ["late"], accounts={})
    assert outcome.get("agent", "late").result["failed_checks"] == []
    server = outcome.get("server", "late").result["server"]
    assert "id-15" in {agent["uniq_id"] for agent in server["agents"]}
    assert "the server is connected to it" in server["reach"][0]["how"]


def test_a_service_that_dies_within_the_settle_time_is_told(lab: Lab) -> None:
    """The service runs when it is first looked at, and is gone when it is looked at again: alive once is not enough."""
    windows = lab.fleet.hosts["fading"].windows
    windows.materialise()
    lab.fleet.reset_counters()
    # The services are read by one of the first six messages; the host's hour passes right after them.
    windows.clock = lambda: time.monotonic() + (7200 if lab.fleet.counters("fading")["wsman_messages"] > 6 else 0)
    checks = _checks(lab.play([_agent_task(server_info={}, wait_seconds=0)], ["fading"], accounts={}).get("agent", "fading"))
    assert checks["agent.service_running"]["status"] == "ok"
    assert checks["agent.service_stays"]["status"] == "failed", checks["agent.service_stays"]
    assert checks["agent.listens"]["status"] == "not applicable"


def test_the_task_fails_only_if_asked_to(lab: Lab, results: Results) -> None:
    """`fail` makes one sentence of the failed checks, and what was seen is in the result all the same."""
    outcome = lab.play([_agent_task(fail=True, server_info={}, wait_seconds=0)], ["bare"], accounts=ACCOUNTS).get("agent", "bare")
    assert outcome.outcome == "failed"
    assert "agent.installed: No service has the program UAVRAgent.exe" in outcome.message
    assert outcome.result["agent"]["installed"] is False


def test_an_old_server_cannot_try_connections(lab: Lab) -> None:
    """Before Windows 10 1803 and Server 2019 there is no curl.exe: then nothing is claimed, and the reason is told."""
    task = {"name": "server", "uamops.netwrix_auditor.server_info": {"reach": [{"name": "healthy", "address": "127.13.0.20"}]}}
    server = lab.play([task], ["deaf"]).get("server", "deaf").result["server"]
    assert server["service"] is None
    assert server["agents"] is None
    assert [(entry["ok"], "no tool" in entry["how"]) for entry in server["reach"]] == [(None, True)]


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("agent_info", {"server": "a&b"}, "neither the name of a computer nor an IP address"),
    ("agent_info", {"data_account": "svc"}, "DOMAIN\\name"),
    ("agent_info", {"callback_port": 0}, "no TCP port"),
    ("agent_info", {"settle_seconds": -1}, "no time between 0 and 3600"),
    ("agent_info", {"server_info": {"x": 1}}, "must be what module server_info returned"),
    ("agent_info", {"minimum_version": "new"}, "no version number"),
    ("server_info", {"reach": [{"name": "x", "address": '1.2.3.4" & calc'}]}, "neither the name of a computer nor an IP address"),
    ("server_info", {"reach": [{"name": "x", "address": "x", "port": 70000}]}, "no TCP port"),
]


def test_what_cannot_be_is_refused_before_anything_is_sent(lab: Lab) -> None:
    """A bad argument is one sentence and no message to the host."""
    lab.fleet.reset_counters()
    tasks = [
        {"name": f"bad {number}", f"uamops.netwrix_auditor.{module}": options, "ignore_errors": True} for number, (module, options, _said) in enumerate(BAD)
    ]
    found = lab.play(tasks, ["healthy"])
    for number, (module, options, sentence) in enumerate(BAD):
        outcome = found.get(f"bad {number}", "healthy")
        assert (outcome.outcome, sentence in outcome.message) == ("failed", True), (module, options, outcome.message)
    assert lab.fleet.counters("healthy")["wsman_messages"] == 0
