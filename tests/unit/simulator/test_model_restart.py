# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restarts of the model: shutdown.exe, what waits for a restart, and a host that is gone from the network for a while."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

import pytest
from simulator import parse_fleet, serve
from simulator.windows import Windows
from unit.simulator.model_hosts import ADMIN, USER, host, later

SERVICING = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing"


def _shutdown(target: Windows, arguments: str, *, admin: bool = True) -> int:
    done = target.run(ADMIN if admin else USER, "shutdown.exe", arguments, code_page=65001)
    assert done is not None
    return done.exit_code


def test_shutdown_runs_on_the_hosts_clock() -> None:
    """Scheduled once, aborted once, done when its time has come; each order stands in the journal."""
    target = host()
    booted = target.booted
    assert _shutdown(target, '/r /t 60 /d p:4:1 /c "updates"') == 0
    assert _shutdown(target, "/r /t 5") == 1190
    assert _shutdown(target, "/a") == 0
    assert _shutdown(target, "/a") == 1116
    later(target, 61)
    target.power.tick()
    assert target.booted == booted
    assert _shutdown(target, "/r /t 60 /f") == 0
    later(target, 61)
    target.power.tick()
    assert target.booted > booted
    assert [entry["detail"]["action"] for entry in target.journal.entries] == ["shutdown /r", "shutdown /a", "shutdown /r"]


@pytest.mark.parametrize("arguments", ["", "/r /s", "/r /t x", "/r /d nonsense", '/r /c ""', "/r /x"])
def test_shutdown_refuses_a_wrong_line(arguments: str) -> None:
    """87 and no restart."""
    target = host()
    booted = target.booted
    assert _shutdown(target, arguments) == 87
    assert (target.booted, target.journal.entries) == (booted, [])


def test_shutdown_needs_rights_and_speaks_the_hosts_language() -> None:
    """Access denied is 5, in words of the host."""
    target = host(language="de-DE")
    done = target.run(USER, "shutdown", "/r /t 0", code_page=65001)
    assert done is not None
    assert (done.exit_code, done.stderr) == (5, "Zugriff verweigert(5)\r\n")
    assert _shutdown(host(shutdown_refused=True), "/r") == 5


def test_a_restart_clears_what_waited_for_it() -> None:
    """Keys and values are there before and gone afterwards; a new computer name is in force."""
    target = host(pending_restart=["cbs", "cbs_packages", "windows_update", "file_renames", "update_exe", "computer_name", "domain_join"])
    names = r"SYSTEM\CurrentControlSet\Control\ComputerName"
    manager = r"SYSTEM\CurrentControlSet\Control\Session Manager"
    assert target.registry.open("hklm", rf"{SERVICING}\RebootPending")
    assert target.registry.value("hklm", manager, "PendingFileRenameOperations")
    target.reboot()
    assert not target.registry.open("hklm", rf"{SERVICING}\RebootPending")
    assert target.registry.value("hklm", manager, "PendingFileRenameOperations") is None
    assert target.registry.value("hklm", r"SOFTWARE\Microsoft\Updates", "UpdateExeVolatile") is None
    assert target.registry.value("hklm", rf"{names}\ActiveComputerName", "ComputerName") == "RENAMED"
    with pytest.raises(ValueError, match="unknown nonsense"):
        host(pending_restart=["nonsense"])


def test_a_host_on_the_wire_is_really_gone() -> None:
    """Open connections are cut, new ones refused, and it comes back on the same ports."""
    description = {
        "accounts": [{"name": "admin", "password": "Lab-Passw0rd!"}],
        "hosts": [{"name": "gone", "release": "2022", "address": "127.15.1.1", "options": {"reboot_seconds": 0.4}}],
    }
    with serve(parse_fleet(description).with_ports(0, 0)) as fleet:
        server = fleet.hosts["gone"]
        ports = (server.http_port, server.https_port)
        with socket.create_connection((server.address, ports[0]), 5) as connection:
            with server.windows.lock:
                server.windows.reboot()
            # Reset if it was cut before the host had taken it: ended all the same.
            with suppress(ConnectionResetError):
                assert connection.recv(1) == b""
        assert server.windows.power.phase() == "down"
        for port in ports:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((server.address, port), 5)
        while server.windows.power.phase() == "down":
            time.sleep(0.02)
        time.sleep(0.1)
        for port in ports:
            socket.create_connection((server.address, port), 5).close()
        assert (server.http_port, server.https_port) == ports
