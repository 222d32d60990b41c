# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet file, the command line and the control endpoint."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simulator import FleetError, load_fleet, parse_fleet, serve
from simulator.__main__ import main
from unit.simulator.soap import WMI, Raw

TESTS = Path(__file__).parents[2]
LAB = TESTS / "simulator" / "fleets" / "lab.yml"
SMALL = """
ports: {http: 0, https: 0}
accounts: [{name: localadmin, password: Lab-Passw0rd!, certificate: true}]
hosts:
  - {name: one, release: "2019", address: 127.12.0.1}
  - {name: two, release: "2016", address: 127.12.0.2, language: ja-JP}
"""


def test_the_lab_is_complete() -> None:
    """Seven hosts in three languages on the lab's addresses; two kinds of administrators, a filtered one and a viewer."""
    fleet = load_fleet(LAB)
    assert {host.name: host.address for host in fleet.hosts}["auditor01"] == "127.10.0.10"
    assert {host.language for host in fleet.hosts} == {"en-US", "de-DE", "ja-JP"}
    accounts = {account.name: account for account in fleet.accounts_of(fleet.hosts[0])}
    assert accounts["labadmin"].qualified == "LAB\\labadmin"
    assert (accounts["localadmin"].elevated, accounts["filtered"].elevated, accounts["viewer"].elevated) == (True, False, False)
    assert accounts["localadmin"].sid.endswith("-500")
    assert (fleet.http_port, fleet.https_port) == (15985, 15986)


def test_every_lab_host_answers(tmp_path: Path) -> None:
    """The lab on free ports: each host tells its name."""
    with serve(load_fleet(LAB).with_ports(0, 0), folder=tmp_path) as running:
        for name, host in running.hosts.items():
            reply = Raw(host.https_url, str(running.ca_file), "LAB\\labadmin").get(WMI + "root/cimv2/Win32_OperatingSystem")
            assert name.lower() in reply.text.lower()


def test_hosts_are_generated_and_start_quickly() -> None:
    """200 hosts on the wire in less than three seconds, releases and languages in turn."""
    description = {
        "ports": {"http": 0, "https": 0},
        "accounts": [{"name": "localadmin", "password": "Lab-Passw0rd!"}],
        "generate": {"count": 200, "prefix": "pc", "first_address": "127.13.0.250", "release": ["10", "11"], "language": ["en-US", "de-DE", "ja-JP"]},
    }
    started = time.monotonic()
    with serve(parse_fleet(description)) as running:
        assert time.monotonic() - started < 3
        hosts = list(running.hosts.values())
        assert (hosts[0].address, hosts[199].address, hosts[199].windows.name) == ("127.13.0.250", "127.13.1.193", "pc200")
        assert [host.windows.release for host in hosts[:3]] == ["10", "11", "10"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"hosts": []}, "the fleet has no hosts"),
        ({"other": 1}, "the fleet file has the unknown key 'other'"),
        ({"hosts": [{"name": "a", "release": "2019"}]}, "host a: address is missing"),
        ({"hosts": [{"name": "a", "release": "2019", "address": "10.0.0.1"}]}, "host a: 10.0.0.1 is not a loopback address"),
        ({"hosts": [{"name": "a", "release": "2019", "address": f"127.0.0.{n}"} for n in (1, 2)]}, "two hosts have the name a"),
        ({"accounts": [{"name": "a", "password": "x", "kind": "domain"}]}, "there are domain accounts but no domain"),
        ({"accounts": [{"name": "a", "password": "x", "role": "king"}]}, "account a: kind is local or domain"),
        ({"accounts": [{"name": "a", "password": "x:y"}]}, "account a: a colon"),
        ({"winrm": {"auth": ["digest"]}}, "winrm.auth: digest is not one of"),
    ],
)
def test_mistakes_in_the_file_are_told(change: dict[str, Any], sentence: str) -> None:
    """One sentence that names the place."""
    good = {"hosts": [{"name": "a", "release": "2019", "address": "127.0.0.1"}]}
    with pytest.raises(FleetError, match=sentence):
        parse_fleet({**good, **change})


@pytest.mark.parametrize("changes", [{"release": "3.11"}, {"language": "tlh"}, {"options": {"nothing": 1}}])
def test_unknown_releases_languages_and_options_are_told(changes: dict[str, Any]) -> None:
    """When the host is built, with its name."""
    fleet = parse_fleet({"hosts": [{"name": "a", "release": "2019", "address": "127.0.0.1", **changes}]})
    with pytest.raises(FleetError, match="host a: "):
        fleet.windows(fleet.hosts[0])


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A fleet started from the command line, ended by SIGTERM."""
    (tmp_path / "fleet.yml").write_text(SMALL)
    state = tmp_path / "state"
    command = [sys.executable, "-m", "simulator", "start", str(tmp_path / "fleet.yml"), "--state", str(state)]
    started = subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(TESTS)})
    try:
        yield started, state
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGTERM)
        started.wait(10)
        assert started.stdout is not None
        started.stdout.close()


def test_command_line(process: tuple[subprocess.Popen[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    """start prints a line per host and writes state.json and ca.pem; counters, journal, reset-counters and stop do what they say."""

    def ask(*arguments: str) -> tuple[int, str]:
        code = main([arguments[0], "--state", str(state), *arguments[1:]])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    running, state = process
    assert running.stdout is not None
    lines = [running.stdout.readline() for _line in range(2)]
    told = json.loads((state / "state.json").read_text())
    assert [line.split(":")[0] for line in lines] == ["one", "two"]
    assert told["pid"] == running.pid
    client = Raw(told["hosts"]["two"]["https_url"], told["ca_file"])
    assert client.get(WMI + "root/cimv2/Win32_OperatingSystem").status == 200
    counters = json.loads(ask("counters")[1])
    assert [counters["hosts"][name]["wsman_messages"] for name in ("one", "two")] == [0, 1]
    assert counters["total"]["wsman_messages"] == 1
    assert json.loads(ask("journal", "--host", "two")[1]) == {"two": []}
    assert ask("journal", "--host", "nobody") == (1, "simulator: no host nobody\n")
    assert ask("reset-counters") == (0, "")
    assert json.loads(ask("counters")[1])["total"]["wsman_messages"] == 0
    assert ask("stop")[0] == 0
    assert running.wait(10) == 0
    assert "no fleet is running" in ask("counters")[1]
