# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of a host: the system's, the services', and others."""

from __future__ import annotations

import pytest
from simulator.windows import Windows
from simulator.windows.processes import program_of
from simulator.windows.records import CimError
from unit.simulator.model_hosts import ADMIN, USER, cim, host, instance, later, service


def _terminate(target: Windows, pid: int, account: object = ADMIN) -> int:
    caller = USER if account is USER else ADMIN
    answer = cim(target, "Win32_Process").invoke(target, caller, {"Handle": str(pid)}, "Terminate", {})
    value = answer["ReturnValue"]
    assert isinstance(value, int)
    return value


def test_every_running_service_has_its_process() -> None:
    """Win32_Service.ProcessId is the number of a process of the service's program, 0 if it is stopped."""
    target = host()
    processes = {item["ProcessId"]: item for item in cim(target, "Win32_Process").instances(target, ADMIN)}
    services = list(cim(target, "Win32_Service").instances(target, ADMIN))
    assert all(bool(item["ProcessId"]) == (item["State"] == "Running") for item in services)
    assert all(item["ProcessId"] in processes for item in services)
    spooler = instance(target, "Win32_Service", Name="Spooler")
    assert processes[spooler["ProcessId"]]["Name"] == "spoolsv.exe"


def test_services_of_one_group_share_a_process_until_the_last_stops() -> None:
    """Services with the same svchost command line run in one process."""
    target = host(services={name: {"path": r"%SystemRoot%\system32\svchost.exe -k pair", "state": "Running"} for name in ("One", "Two")})
    one, two = target.services.find("One"), target.services.find("Two")
    assert one is not None
    assert two is not None
    pid = one.process_id
    assert pid == two.process_id
    service(target, "One", "StopService")
    assert target.processes.find(pid) is not None
    service(target, "Two", "StopService")
    assert target.processes.find(pid) is None


def test_a_restart_gives_another_number() -> None:
    """A process number is not used again: a changed ProcessId tells a restart."""
    target = host(services={"Own": {"path": r"C:\own.exe", "own": True, "start": "Auto", "state": "Running"}})
    before = instance(target, "Win32_Service", Name="Own")["ProcessId"]
    service(target, "Own", "StopService")
    service(target, "Own", "StartService")
    after = instance(target, "Win32_Service", Name="Own")["ProcessId"]
    assert after not in (0, before)
    assert after % 4 == 0


def test_a_service_that_dies_takes_its_process_along() -> None:
    """When dies_after is over neither the service nor its process is there."""
    target = host(services={"Own": {"path": r"C:\own.exe", "own": True, "dies_after": 3}})
    service(target, "Own", "StartService")
    assert len(target.processes.by_image("OWN.EXE")) == 1
    later(target, 4)
    assert all(item["Name"] != "own.exe" for item in cim(target, "Win32_Process").instances(target, ADMIN))


def test_a_deleted_service_leaves_no_process() -> None:
    """Deleting a running service ends its program here."""
    target = host(services={"Own": {"path": r"C:\own.exe", "own": True, "state": "Running"}})
    assert service(target, "Own", "Delete") == 0
    assert target.processes.by_image("own.exe") == []


def test_terminate_ends_the_service() -> None:
    """A service whose process is ended is stopped with 1067, and the journal tells who did it."""
    target = host(services={"Own": {"path": '"C:\\own.exe" -x', "own": True, "state": "Running"}})
    pid = instance(target, "Win32_Service", Name="Own")["ProcessId"]
    assert _terminate(target, pid) == 0
    found = instance(target, "Win32_Service", Name="Own")
    assert (found["State"], found["ExitCode"], found["ProcessId"]) == ("Stopped", 1067, 0)
    assert target.journal.entries[-1]["target"] == "own.exe"


def test_terminate_is_refused() -> None:
    """Without rights, and for what the system needs, the answer is 2; for a number that nobody has the call fails."""
    target = host()
    spooler = instance(target, "Win32_Service", Name="Spooler")["ProcessId"]
    assert _terminate(target, spooler, USER) == 2
    assert _terminate(target, instance(target, "Win32_Process", Name="services.exe")["ProcessId"]) == 2
    with pytest.raises(CimError):
        _terminate(target, 99999)
    assert target.journal.entries == []


def test_kill_takes_the_children_along_if_asked() -> None:
    """taskkill /t ends the tree, without it the children live on."""
    target = host()
    parent = target.processes.start(r"C:\Windows\System32\cmd.exe", "cmd /c msiexec")
    child = target.processes.start(r"%SystemRoot%\System32\msiexec.exe", "msiexec /i x.msi", parent)
    grandchild = target.processes.start(r"C:\x.exe", "x", child)
    found = target.processes.find(child)
    assert found is not None
    assert (found.image, found.name, found.parent) == (r"C:\Windows\System32\msiexec.exe", "msiexec.exe", parent)
    assert target.processes.kill(child, tree=False)
    assert target.processes.find(grandchild) is not None
    again = target.processes.start(r"C:\y.exe", "y", parent)
    assert target.processes.kill(parent)
    assert [target.processes.find(pid) for pid in (parent, again)] == [None, None]
    assert not target.processes.kill(parent)


def test_watchers_learn_of_kills_only() -> None:
    """A program model that waits for its process hears of a kill, not of a process that ends by itself."""
    target = host()
    heard: list[int] = []
    target.processes.watch(heard.append)
    pids = [target.processes.start(r"C:\x.exe", "x") for _number in range(2)]
    target.processes.end(pids[0])
    target.processes.kill(pids[1])
    assert heard == [pids[1]]


def test_a_reboot_ends_all_processes() -> None:
    """After a reboot services have new processes and nothing else is left."""
    target = host()
    stray = target.processes.start(r"C:\x.exe", "x")
    before = instance(target, "Win32_Service", Name="Spooler")["ProcessId"]
    target.reboot()
    assert target.processes.find(stray) is None
    assert target.processes.find(before) is None
    assert target.processes.find(instance(target, "Win32_Service", Name="Spooler")["ProcessId"]) is not None


def test_command_lines_are_for_administrators() -> None:
    """Others see that a process is there, not its path and command line."""
    target = host()
    seen = {item["Name"]: item for item in cim(target, "Win32_Process").instances(target, USER)}
    assert (seen["spoolsv.exe"]["CommandLine"], seen["spoolsv.exe"]["ExecutablePath"]) == (None, None)
    assert instance(target, "Win32_Process", Name="spoolsv.exe")["ExecutablePath"] == r"C:\Windows\System32\spoolsv.exe"


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ('"C:\\Program Files\\A B\\x.exe" -k', "C:\\Program Files\\A B\\x.exe"),
        ("C:\\Program Files\\A B\\x.exe -k y.exe", "C:\\Program Files\\A B\\x.exe"),
        ("%SystemRoot%\\system32\\svchost.exe -k netsvcs", "%SystemRoot%\\system32\\svchost.exe"),
        ("C:\\odd -k", "C:\\odd"),
    ],
)
def test_the_program_of_a_path_name(path: str, program: str) -> None:
    """Quotes bound the program, else it goes up to ".exe"."""
    assert program_of(path) == program
