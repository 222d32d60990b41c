# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installations through a remote shell: they take time, and they end with what ended their command."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from simulator import RunningFleet, parse_fleet, serve
from simulator.windows import Windows
from unit.simulator.installer_hosts import AGENT, CODES, IN_PROGRESS, products
from unit.simulator.soap import Raw
from unit.simulator.test_protocol_winrs import Shell, state

TIMED_OUT = 2150858793
QUICK = "<w:OperationTimeout>PT0.2S</w:OperationTimeout>"
SOURCE = "tests/simulator/packages/UACoreSvcSetup-10.6.0.msi"
INSTALL = r"msiexec /i C:\a.msi /qn /norestart UAVR_SERVERNAME=na01"


@pytest.fixture(scope="module")
def fleet() -> Iterator[RunningFleet]:
    """A host whose installations take half a second, and some where they never end."""
    files = {r"C:\a.msi": {"source": SOURCE}}
    hosts = [{"name": "slow", "address": "127.15.0.2", "options": {"files": files, "msi_seconds": 0.5}}]
    hosts += [{"name": f"hung{number}", "address": f"127.15.0.{number}", "options": {"files": files, "msi_hangs": True}} for number in (3, 4, 5)]
    account = {"name": "localadmin", "password": "Lab-Passw0rd!", "kind": "local", "role": "administrator", "rid": 1001}
    with serve(parse_fleet({"ports": {"http": 0, "https": 0}, "accounts": [account], "hosts": [{"release": "2022", **item} for item in hosts]})) as running:
        yield running


def opened(fleet: RunningFleet, name: str) -> Shell:
    return Shell(Raw(fleet.hosts[name].https_url, str(fleet.ca_file)))


def untouched(target: Windows) -> bool:
    """True if nothing is left of an installation, and none runs."""
    nothing = products(target) == {} and not target.files.exists(AGENT) and target.services.find("UAVRAgentSvc") is None
    return nothing and target.registry.open("hklm", IN_PROGRESS) is None and not target.processes.by_image("msiexec.exe")


def test_a_slow_installation(fleet: RunningFleet) -> None:
    """Receive times out while it runs; at its end come exit code 0 and the registration."""
    target, shell = fleet.hosts["slow"].windows, opened(fleet, "slow")
    command = shell.start(INSTALL)
    assert products(target) == {}
    assert target.registry.open("hklm", IN_PROGRESS) is not None
    assert shell.receive(command, OperationTimeout=QUICK).code == TIMED_OUT
    done = shell.receive(command)
    assert (state(done), done.texts(".//rsp:ExitCode")) == ("Done", ["0"])
    with target.lock:
        target.installer.settle()
        assert products(target) == {CODES["10.6.0"]: "10.6.0"}
    shell.close()


def _taskkill(shell: Shell, command: str, target: Windows) -> None:
    process = next(item.pid for item in target.processes.by_image("msiexec.exe") if "a.msi" in item.command_line)
    assert shell.receive(shell.start(f"taskkill /f /t /pid {process}")).texts(".//rsp:ExitCode") == ["0"]
    assert shell.receive(command).texts(".//rsp:ExitCode") == ["1"]


def _terminate(shell: Shell, command: str, target: Windows) -> None:
    shell.signal(command, "terminate")


def _close(shell: Shell, command: str, target: Windows) -> None:
    shell.close()


@pytest.mark.parametrize(("name", "end"), [("hung3", _taskkill), ("hung4", _terminate), ("hung5", _close)])
def test_what_ends_the_command_ends_the_installation(fleet: RunningFleet, name: str, end: Callable[[Shell, str, Windows], None]) -> None:
    """taskkill, the signal terminate and the end of the shell each end msiexec, and the installation rolls back."""
    target, shell = fleet.hosts[name].windows, opened(fleet, name)
    command = shell.start(INSTALL)
    assert shell.receive(command, OperationTimeout=QUICK).code == TIMED_OUT
    assert not untouched(target)
    end(shell, command, target)
    with target.lock:
        assert untouched(target)
