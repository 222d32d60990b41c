# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restarts of simulated hosts that are really gone for a while, and come back in all the ways that hosts do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .harness import HERE, Lab, open_lab
from .test_bad_input import task

BACK = ["plain", "servicing", "late", "nologon", "drift", "refused", "old"]
KEY = "HKLM\\SOFTWARE\\uamops"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """Fresh hosts, as a restart can't be taken back."""
    with open_lab(tmp_path, HERE / "fleets" / "reboot.yml") as opened:
        yield opened


def _psrp(lab: Lab, host: str) -> None:
    """Reach this host by the other connection plugin."""
    known = lab.variables[host]
    lab.variables[host] = {
        **{name: known[name] for name in ("ansible_host", "ansible_port", "ansible_user", "ansible_password")},
        "ansible_connection": "psrp",
        "ansible_psrp_protocol": "https",
        "ansible_psrp_auth": "ntlm",
        "ansible_psrp_ca_cert": known["ansible_winrm_ca_trust_path"],
    }


def _reboot(name: str = "restart", **options: Any) -> dict[str, Any]:
    return task(name, "reboot", **{"delay": 2, "connect_timeout": 1, "timeout": 40, **options})


def _orders(lab: Lab, host: str) -> list[str]:
    """How this host was told to restart, in order."""
    return [entry["detail"]["action"] for entry in lab.fleet.hosts[host].windows.journal.entries if entry["kind"] == "system"]


def test_check_mode_says_who_would_be_restarted_and_restarts_nobody(lab: Lab) -> None:
    """A host is restarted for Windows' own reasons, for what was asked, and for file renames only if they are to count."""
    tasks = [
        _reboot(),
        _reboot("with renames", file_renames=True),
        _reboot("requested", requested=True),
        _reboot("always", when="always"),
    ]
    before = [lab.writes(host) for host in lab.hosts]
    found = lab.play(tasks, ["plain", "renames", "servicing"], check=True)
    reasons = {(name, host): found.get(name, host).result["reasons"] for name in ("restart", "with renames", "requested", "always") for host in found.hosts}
    assert reasons["restart", "plain"] == []
    assert reasons["restart", "renames"] == []
    assert "PendingFileRenameOperations" in " ".join(found.get("restart", "renames").result["notes"])
    assert reasons["restart", "servicing"] == ["servicing", "computer_name"]
    assert reasons["with renames", "renames"] == ["file_renames"]
    assert reasons["with renames", "plain"] == []
    assert reasons["requested", "plain"] == ["requested"]
    assert reasons["always", "plain"] == ["always"]
    for (name, host), why in reasons.items():
        result = found.get(name, host).result
        assert result["changed"] is bool(why)
        assert result["rebooted"] is False
    assert found.get("restart", "servicing").result["reboot_reasons"] == ["servicing", "computer_name"]
    assert [lab.writes(host) for host in lab.hosts] == before


def test_hosts_come_back_late_and_the_play_goes_on(lab: Lab) -> None:
    """Refused, hanging and unavailable WinRM, refused logins, a clock that is set, a refused shutdown.exe: all come back, once, and work."""
    _psrp(lab, "servicing")
    _psrp(lab, "nologon")
    value = {"path": KEY, "name": "Restarts", "type": "dword", "data": 1}
    tasks = [
        _reboot(requested="{{ inventory_hostname == 'plain' }}", wait_for_services=["Winmgmt"], settle=0),
        task("goes on", "registry_value", **value),
        _reboot("again"),
    ]
    boots = {host: lab.fleet.hosts[host].windows.booted for host in BACK}
    run = lab.play(tasks, BACK)
    for host in BACK:
        first = run.get("restart", host)
        assert first.outcome == "ok", first.message
        assert (first.result["changed"], first.result["rebooted"], first.result["reboot_required"]) == (True, True, False)
        assert first.result["boot_time_before"] < first.result["boot_time_after"]
        assert first.result["elapsed"] >= (0 if host == "refused" else 2)
        assert run.get("goes on", host).result["changed"]
        assert not run.get("again", host).result["changed"]
        assert lab.fleet.hosts[host].windows.booted > boots[host]
        assert _orders(lab, host) == (["Win32Shutdown"] if host == "refused" else ["shutdown /r"])
        assert lab.fleet.counters(host)["open_shells"] == 0


def test_restarts_that_somebody_else_has_begun_or_scheduled(lab: Lab) -> None:
    """A scheduled one gives way to ours; one that is under way is waited for; a host that does not come back has failed and is not unreachable."""
    scheduled, going = lab.fleet.hosts["scheduled"].windows, lab.fleet.hosts["going"].windows
    with scheduled.lock:
        assert scheduled.power.schedule(3600) == 0

    def begin() -> None:
        # Once the play has asked for the time of the last start.
        while lab.fleet.counters("going")["wsman_messages"] < 1:
            time.sleep(0.02)
        with going.lock:
            going.power.order()

    helper = threading.Thread(target=begin)
    helper.start()
    run = lab.play([_reboot(when="always", timeout=12)], ["scheduled", "going", "never"])
    helper.join()
    assert run.get("restart", "scheduled").result["rebooted"]
    assert _orders(lab, "scheduled") == ["shutdown /a", "shutdown /r"]
    assert run.get("restart", "going").result["rebooted"], run.get("restart", "going").message
    assert _orders(lab, "going") == []
    failed = run.get("restart", "never")
    assert failed.outcome == "failed"
    assert "never was told to restart and was not ready within 12 seconds; seen last: https" in failed.message
    assert "refuses the connection" in failed.message


def test_bad_options_are_refused_before_anything_is_sent(lab: Lab) -> None:
    """One clear sentence for each, and no host is asked."""
    tasks = [
        {**_reboot("delay", delay=1), "ignore_errors": True},
        {**_reboot("message", msg='say "no"'), "ignore_errors": True},
        {**_reboot("timeout", timeout=0), "ignore_errors": True},
    ]
    lab.fleet.reset_counters()
    run = lab.play(tasks, ["never"])
    assert "delay is 1, and has to be at least 2" in run.get("delay", "never").message
    assert "without quotation marks" in run.get("message", "never").message
    assert "timeout is 0" in run.get("timeout", "never").message
    assert lab.fleet.counters("never")["wsman_messages"] == 0


def test_what_may_need_a_restart_says_that_windows_waits_for_one(lab: Lab) -> None:
    """Also if nothing was done, in check mode too; kinds that never need one do not ask. Without a reason nothing is restarted."""
    hosts = ["plain", "servicing", "renames"]
    tasks = [
        task("dotnet", "dotnet_framework", release=378389),
        task("folder", "folder", path="C:\\nowhere", state="absent"),
        {**_reboot("none needed"), "when": "inventory_hostname != 'servicing'"},
    ]
    for check in (True, False):
        found = lab.play(tasks, hosts, check=check)
        assert [found.get("dotnet", host).result["reboot_reasons"] for host in hosts] == [[], ["servicing", "computer_name"], []]
        assert [found.get("dotnet", host).result["reboot_required"] for host in hosts] == [False, True, False]
        assert not any(found.get("folder", host).result["reboot_required"] for host in hosts)
        assert check or not any(found.get("none needed", host).result["changed"] for host in ("plain", "renames"))
        assert [found.get("dotnet", host).result["transport"]["messages"] for host in hosts] == [4, 4, 4]
