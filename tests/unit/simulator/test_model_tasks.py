# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task scheduler and schtasks."""

from __future__ import annotations

import csv
import io

import pytest
from simulator.windows import Completed, Windows
from simulator.windows.cmd import Cmd, Console
from simulator.windows.context import SYSTEM
from unit.simulator.model_hosts import ADMIN, USER, host, later, run
from unit.simulator.model_network import Web, filtered

NEVER = 267011
CREATE = r'/create /tn {name} /ru SYSTEM /sc ONCE /st 00:00 /rl HIGHEST /f /tr "{command}"'


def created(target: Windows, command: str, name: str = "Task") -> Completed:
    return run(target, "schtasks", CREATE.format(name=name, command=command))


def run_cmd(target: Windows, line: str) -> Completed:
    """A line as WinRS runs it."""
    return Cmd(Console(target, ADMIN, 65001, dict(target.environment), "C:\\")).run(line)


def row(target: Windows, *options: str) -> list[str]:
    """The row of the task in /v /fo csv."""
    done = run(target, "schtasks", " ".join(("/query /tn Task /v /fo csv /nh", *options)))
    assert done.exit_code == 0
    return next(csv.reader(io.StringIO(done.stdout)))


@pytest.mark.parametrize("language", ["en-US", "de-DE", "ja-JP", "fr-FR"])
def test_a_task_from_creation_to_removal(language: str) -> None:
    """Created, run as SYSTEM, queried, deleted; the columns are 28 in the same order in every language, the seventh is the result."""
    machine = host(language=language, files={r"C:\t\x.cmd": "@whoami>C:\\t\\who\r\n@exit /b 5\r\n"})
    assert created(machine, r"cmd /c C:\t\x.cmd").exit_code == 0
    assert (len(row(machine)), row(machine)[6]) == (28, str(NEVER))
    assert machine.files.exists(r"C:\Windows\System32\Tasks\Task")
    assert run(machine, "schtasks", "/run /tn Task").exit_code == 0
    assert machine.tasks.wait()
    assert row(machine)[6] == "5"
    assert machine.files.read(r"C:\t\who").decode().strip() == "nt authority\\system"
    assert run(machine, "schtasks", r"/delete /tn \task /f").exit_code == 0
    assert run(machine, "schtasks", "/query /tn Task").exit_code == 1
    assert not machine.files.exists(r"C:\Windows\System32\Tasks\Task")


def test_who_did_what_of_a_task() -> None:
    """The caller created and ran it; what it did is SYSTEM's."""
    machine = host()
    created(machine, r"cmd /c echo x>C:\t.txt")
    run(machine, "schtasks", "/run /tn Task")
    assert [(entry["kind"], entry["account"]) for entry in machine.journal.entries] == [
        ("task", ADMIN.qualified),
        ("task", ADMIN.qualified),
        ("file", SYSTEM.qualified),
    ]


def test_a_task_has_no_shell() -> None:
    """Metacharacters are arguments; a program that is not there gives 0x80070002, a batch file is run by cmd."""
    machine = host(files={r"C:\t\x.cmd": "@exit /b 4\r\n"})
    created(machine, r"hostname & echo x>C:\t\never")
    run(machine, "schtasks", "/run /tn Task")
    assert not machine.files.exists(r"C:\t\never")
    created(machine, "missing.exe")
    run(machine, "schtasks", "/run /tn Task")
    assert row(machine)[6] == str(0x80070002 - 2**32)
    created(machine, r"C:\t\x.cmd")
    run(machine, "schtasks", "/run /tn Task")
    assert row(machine)[6] == "4"


def test_system_reaches_shares_and_a_network_logon_does_not() -> None:
    """A task reads a share as the computer account; the same copy by WinRS ends with access denied."""
    machine = host()
    machine.network = Web(machine, {})
    assert run_cmd(machine, r"copy /y \\srv\share\a C:\a").exit_code == 1
    assert not machine.files.exists(r"C:\a")
    created(machine, r"cmd /c copy /y \\srv\share\a C:\a")
    run(machine, "schtasks", "/run /tn Task")
    assert (machine.files.read(r"C:\a"), row(machine)[6]) == (b"from the share", "0")


def test_a_running_task() -> None:
    """267009 while its program runs, its exit code afterwards; /end makes it 267014."""
    machine = host()
    machine.network = Web(machine, {1: "open"})
    created(machine, "curl telnet://srv:1")
    run(machine, "schtasks", "/run /tn Task")
    assert [task.name for task in machine.tasks.running()] == ["Task"]
    assert (row(machine)[6], row(machine)[3]) == ("267009", "Running")
    assert not machine.tasks.wait(0.01)
    later(machine, 5)
    assert run(machine, "schtasks", "/end /tn Task").exit_code == 0
    assert row(machine)[6] == "267014"


@pytest.mark.parametrize(
    "arguments",
    [
        CREATE.format(name="T", command="x" * 262),
        "/create /tn T /ru SYSTEM /sc ONCE /tr x",
        "/create /tn T /ru SYSTEM /st 00:00 /tr x",
        r"/create /tn T /ru LAB\joe /rp secret /sc ONCE /st 00:00 /tr x",
        "/create /tn T /sc ONCE /st 00:00 /tr x",
        r"/create /tn T /xml C:\none",
        r"/create /tn T /xml C:\bad.xml",
        "/run /tn T",
        "/end /tn T",
        "/delete /tn T /f",
        "/query /tn T",
        "/nonsense",
        "",
    ],
)
def test_schtasks_refusals(arguments: str) -> None:
    """Exit code 1 and a text on stderr; no task, no entry in the journal."""
    machine = host(files={r"C:\bad.xml": "<Task/>"})
    done = run(machine, "schtasks", arguments)
    assert (done.exit_code, done.stdout, list(machine.tasks)) == (1, "", [])
    assert done.stderr
    assert machine.journal.entries == []


def test_the_longest_command_of_a_task() -> None:
    """261 characters are taken."""
    assert created(host(), "x" * 261).exit_code == 0


def test_an_existing_task_is_replaced_only_with_consent() -> None:
    """/f, or an answer; deleting asks as well."""
    machine = host()
    created(machine, "one")
    line = CREATE.format(name="Task", command="two").replace("/f ", "")
    assert run(machine, "schtasks", line).exit_code == 1
    assert filtered(machine, "schtasks", line, b"y\r\n").exit_code == 0
    assert [task.line for task in machine.tasks] == ["two"]
    assert run(machine, "schtasks", "/delete /tn Task").exit_code == 1
    assert filtered(machine, "schtasks", "/delete /tn Task", b"Y\r\n").exit_code == 0


def test_only_administrators_create_tasks_for_system() -> None:
    """Exit code 1."""
    machine = host()
    assert run(machine, "schtasks", CREATE.format(name="T", command="x"), USER).exit_code == 1
    assert list(machine.tasks) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_tasks_from_xml(encoding: str) -> None:
    """What /query /xml prints can be created again; program, arguments and principal come from the file."""
    machine = host()
    created(machine, r"cmd /c echo \"ä & b\">C:\x")
    printed = run(machine, "schtasks", "/query /tn Task /xml").stdout
    machine.files.write(r"C:\task.xml", printed.encode(encoding))
    assert run(machine, "schtasks", r"/create /tn Folder\Copy /xml C:\task.xml").exit_code == 0
    copy = machine.tasks.find(r"\folder\copy")
    original = machine.tasks.find("Task")
    assert copy is not None
    assert original is not None
    assert (copy.line, copy.highest) == (original.line, True)


def test_shapes_of_a_query() -> None:
    """csv, list and table; three columns without /v; the texts are the host's language's."""
    machine = host(language="de-DE")
    created(machine, "x")
    assert (
        run(machine, "schtasks", "/query /tn Task /fo csv").stdout == '"Aufgabenname","Nächste Laufzeit","Status"\r\n"\\Task","Nicht zutreffend","Bereit"\r\n'
    )
    assert "Status:" in run(machine, "schtasks", "/query /tn Task /fo list").stdout
    assert "====" in run(machine, "schtasks", "/query /tn Task").stdout
