# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service control manager through Win32_Service and sc.exe."""

from __future__ import annotations

import pytest
from simulator.windows import CimError, Windows
from unit.simulator.model_hosts import ADMIN, USER, cim, host, instance, later, registry, run, service

REMOTE_REGISTRY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\RemoteRegistry"
IMAGE = r"SYSTEM\CurrentControlSet\Services"


def state(target: Windows, name: str) -> object:
    """The State of a service."""
    return instance(target, "Win32_Service", Name=name)["State"]


@pytest.mark.parametrize(("release", "mode"), [("2012R2", "Auto"), ("2025", "Auto"), ("10", "Disabled"), ("11", "Disabled")])
def test_remote_registry_by_edition(release: str, mode: str) -> None:
    """Servers start RemoteRegistry on demand, clients have it disabled; it does not run after boot on either."""
    found = instance(host(release), "Win32_Service", Name="RemoteRegistry")
    assert (found["StartMode"], found["State"]) == (mode, "Stopped")
    assert "TriggerInfo" in registry(host(release), "EnumKey", key=rf"{IMAGE}\RemoteRegistry")["sNames"]


def test_start_mode_reads_auto_and_is_written_automatic() -> None:
    """ChangeStartMode knows Automatic, Manual, Disabled; Auto, Boot and System are invalid parameters."""
    target = host("11")
    assert service(target, "RemoteRegistry", "ChangeStartMode", StartMode="Auto") == 21
    assert service(target, "RemoteRegistry", "ChangeStartMode", StartMode="Boot") == 21
    assert service(target, "RemoteRegistry", "ChangeStartMode", StartMode="automatic") == 0
    assert instance(target, "Win32_Service", Name="RemoteRegistry")["StartMode"] == "Auto"
    assert registry(target, "GetDWORDValue", key=rf"{IMAGE}\RemoteRegistry", name="Start")["uValue"] == 2


def test_start_passes_through_pending() -> None:
    """A slow service is Start Pending and Degraded, then Running with a process."""
    target = host()
    assert service(target, "RemoteRegistry", "StartService") == 0
    pending = instance(target, "Win32_Service", Name="RemoteRegistry")
    assert (pending["State"], pending["Status"], pending["Started"]) == ("Start Pending", "Degraded", True)
    later(target, 1)
    running = instance(target, "Win32_Service", Name="RemoteRegistry")
    assert (running["State"], running["Status"], running["ProcessId"] > 0, running["AcceptStop"]) == ("Running", "OK", True, True)
    assert service(target, "RemoteRegistry", "StartService") == 10


def test_idle_stop_unless_disabled_at_start() -> None:
    """RemoteRegistry stops after ten idle minutes; DisableIdleStop counts from the next start on."""
    target = host()
    service(target, "RemoteRegistry", "StartService")
    later(target, 1)
    assert state(target, "RemoteRegistry") == "Running"
    registry(target, "SetDWORDValue", key=REMOTE_REGISTRY, name="DisableIdleStop", uValue=1)
    later(target, 601)
    assert state(target, "RemoteRegistry") == "Stopped"
    service(target, "RemoteRegistry", "StartService")
    later(target, 1)
    later(target, 6000)
    assert state(target, "RemoteRegistry") == "Running"


def test_a_trigger_starts_it_again_without_a_journal_entry() -> None:
    """What Windows does by itself is not a caller's write."""
    target = host()
    target.services.trigger("RemoteRegistry")
    later(target, 1)
    assert state(target, "RemoteRegistry") == "Running"
    assert target.journal.entries == []


def test_disabled_service_does_not_start() -> None:
    """Start of a disabled service is 14, and one that needs it 13."""
    target = host(services={"Spooler": {"start": "Disabled", "state": "Stopped"}, "Lab": {"path": r"C:\lab.exe", "depends": ["Spooler"]}})
    assert service(target, "Spooler", "StartService") == 14
    assert service(target, "Lab", "StartService") == 13


def test_dependencies_start_first_and_dependents_block_stop() -> None:
    """A stopped dependency is started; with a running dependent a stop is refused (3)."""
    target = host(services={"Base": {"path": "b"}, "Top": {"path": "t", "depends": ["Base"]}})
    assert service(target, "Top", "StartService") == 0
    assert (state(target, "Base"), state(target, "Top")) == ("Running", "Running")
    assert service(target, "Base", "StopService") == 3
    assert service(target, "Top", "StopService") == 0
    assert service(target, "Base", "StopService") == 0
    assert service(target, "Base", "StopService") == 5


def test_services_that_fail_or_die() -> None:
    """A service may refuse to start (7, 15 ...) or end by itself with an exit code."""
    target = host(services={"Late": {"path": "l", "start_error": 1053}, "Short": {"path": "s", "dies_after": 3}})
    assert service(target, "Late", "StartService") == 7
    assert service(target, "Short", "StartService") == 0
    assert state(target, "Short") == "Running"
    later(target, 4)
    dead = instance(target, "Win32_Service", Name="Short")
    assert (dead["State"], dead["ExitCode"]) == ("Stopped", 1067)


def test_foreign_write_to_start_waits_for_the_reboot() -> None:
    """The manager keeps what it has loaded; the registry's start type counts from the next boot on."""
    target = host()
    registry(target, "SetDWORDValue", key=rf"{IMAGE}\Spooler", name="Start", uValue=4)
    assert instance(target, "Win32_Service", Name="Spooler")["StartMode"] == "Auto"
    cim(target, "Win32_OperatingSystem").invoke(target, ADMIN, None, "Reboot", {})
    found = instance(target, "Win32_Service", Name="Spooler")
    assert (found["StartMode"], found["State"]) == ("Disabled", "Stopped")


def test_users_cannot_change_services() -> None:
    """Without administrator rights there are no instances and methods return 2."""
    target = host()
    assert list(cim(target, "Win32_Service").instances(target, USER)) == []
    assert service(target, "Spooler", "StopService", USER) == 2
    assert run(target, "sc", "config Spooler start= disabled", USER).exit_code == 5
    assert target.journal.entries == []


def test_unknown_service_is_not_found() -> None:
    """A method on a service that is not there is CIM status 6, sc's exit code 1060."""
    target = host()
    with pytest.raises(CimError) as caught:
        service(target, "Nothing", "StartService")
    assert caught.value.status == 6
    assert run(target, "sc", "query Nothing").exit_code == 1060


def test_sc_configures_and_shows() -> None:
    """sc config start= delayed-auto is shown by qc and kept in the registry; the blank is needed."""
    target = host("2012R2")
    assert run(target, "sc", "config Spooler start=auto").exit_code == 1639
    assert run(target, "sc", "config Spooler start= delayed-auto").exit_code == 0
    assert "2   AUTO_START  (DELAYED)" in run(target, "sc", "qc Spooler").stdout
    assert registry(target, "GetDWORDValue", key=rf"{IMAGE}\Spooler", name="DelayedAutostart")["uValue"] == 1
    assert [entry["target"] for entry in target.journal.entries] == ["Spooler"]


def test_sc_shows_triggers() -> None:
    """qtriggerinfo tells what starts a service."""
    target = host()
    assert "winreg" in run(target, "sc", "qtriggerinfo RemoteRegistry").stdout
    assert "has not registered" in run(target, "sc", "qtriggerinfo Winmgmt").stdout


def test_sc_failures_are_win32_errors() -> None:
    """The exit code is the error, whatever the language of the text."""
    target = host("2019", "ja-JP")
    assert [run(target, "sc", line).exit_code for line in ("start Winmgmt", "stop RemoteRegistry", "start Nothing", "stop RpcSs", "fly")] == [
        1056,
        1062,
        1060,
        1051,
        1639,
    ]


def test_dependent_service_association() -> None:
    """Antecedent is what is needed, Dependent what needs it."""
    target = host()
    pairs = [(item["Antecedent"].keys["Name"], item["Dependent"].keys["Name"]) for item in cim(target, "Win32_DependentService").instances(target, ADMIN)]
    assert ("RpcSs", "Winmgmt") in pairs


def test_firewall_service_is_locked_on_current_releases() -> None:
    """Nobody stops or reconfigures MpsSvc from 2016 on; on 2012 R2 an administrator can."""
    assert service(host("2022"), "MpsSvc", "StopService") == 4
    assert service(host("2022"), "MpsSvc", "ChangeStartMode", StartMode="Disabled") == 2
    assert service(host("2012R2"), "MpsSvc", "StopService") == 0


def test_a_disabled_winmgmt_answers_nothing() -> None:
    """A stopped Winmgmt wakes up at the next call; a disabled one fails every call."""
    target = host(services={"Winmgmt": {"state": "Stopped"}})
    assert instance(target, "Win32_OperatingSystem")["CSName"] == "HOST"
    broken = host(services={"Winmgmt": {"state": "Stopped", "start": "Disabled"}})
    with pytest.raises(CimError) as caught:
        instance(broken, "Win32_OperatingSystem")
    assert caught.value.hresult == 0x80070422


def test_product_options_install_service_and_registry() -> None:
    """server and agent bring the service and the InstallPath of the product; without them nothing is there."""
    target = host(server=True, agent=True)
    assert instance(target, "Win32_Service", Name="NwUserActivitySvc")["State"] == "Running"
    agent = registry(target, "GetStringValue", key=r"SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent", name="InstallPath")
    assert agent["sValue"].endswith("User Activity Core Service\\")
    assert registry(host(), "EnumKey", key=r"SOFTWARE\WOW6432Node\Netwrix")["ReturnValue"] == 2
