# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd.exe with files: redirections, pipes, built-in commands, conditions and batch files."""

from __future__ import annotations

import pytest
from simulator.windows import Account, Completed, Windows
from simulator.windows.cmd import NOT_MODELLED, Cmd, Console
from simulator.windows.context import Given
from unit.simulator.model_hosts import ADMIN, USER, host


def cmd(target: Windows, line: str, stdin: bytes = b"", account: Account = ADMIN, page: int = 65001) -> Completed:
    """Run one line in C:\\t."""
    console = Console(target, account, page, dict(target.environment), r"C:\t", Given(stdin))
    return Cmd(console).run(line)


@pytest.fixture
def machine() -> Windows:
    return host(files={r"C:\t\a.txt": "one\r\ntwo\r\n", r"C:\t\b c.txt": "three\r\n"})


def content(target: Windows, name: str) -> str:
    return target.files.read(rf"C:\t\{name}").decode()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("echo x>out", "x\r\n"),
        ("echo x>out& echo y>>out", "x\r\ny\r\n"),
        ("type a.txt >out", "one\r\ntwo\r\n"),
        ('type "b c.txt" > out', "three\r\n"),
        ("(echo x & echo y) > out", "x \r\ny\r\n"),
        ("type missing >out 2>&1", "The system cannot find the file specified.\r\n"),
        ("type missing 2>out", "The system cannot find the file specified.\r\n"),
        ('find "t" <a.txt >out', "two\r\n"),
        ('type a.txt | find /v "one" > out', "two\r\n"),
        ("sort /r < a.txt > out", "two\r\none\r\n"),
        ("more a.txt > out", "one\r\ntwo\r\n"),
        ("copy /y a.txt out >nul", "one\r\ntwo\r\n"),
        ("copy a.txt b.tmp >nul & move /y b.tmp out >nul", "one\r\ntwo\r\n"),
        ("if exist a.txt (echo yes>out) else (echo no>out)", "yes\r\n"),
        ("(if exist a.txt (echo yes) else (echo no)) >out", "yes\r\n"),
        ("rem>out", ""),
    ],
)
def test_output_goes_into_files(machine: Windows, line: str, expected: str) -> None:
    """``>`` replaces, ``>>`` adds, ``2>`` takes the errors, ``<`` gives the input; a group's file is opened once."""
    cmd(machine, line)
    assert content(machine, "out") == expected


@pytest.mark.parametrize(
    ("line", "code", "stdout", "stderr"),
    [
        ("echo x>none\\out", 1, "", "cannot find the path"),
        ("echo x>in_use", 1, "", "being used by another process"),
        ("echo x>fixed", 1, "", "Access is denied"),
        ("echo x>D:\\out", 1, "", "cannot find the path"),
        ("sort <missing", 1, "", "cannot find the file"),
    ],
)
def test_a_file_that_can_not_be_opened(machine: Windows, line: str, code: int, stdout: str, stderr: str) -> None:
    """The command does not run: exit code 1 and the text of the Win32 error."""
    machine.files.write(r"C:\t\fixed", b"")
    machine.files.set_read_only(r"C:\t\fixed", on=True)
    machine.files.hold(r"C:\t\in_use")
    done = cmd(machine, line)
    assert (done.exit_code, done.stdout) == (code, stdout)
    assert stderr in done.stderr


def test_a_full_disk_cuts_the_output(machine: Windows) -> None:
    """Exit code 1, text, and a part of the file."""
    machine.files.free = 3
    done = cmd(machine, "type a.txt > out")
    assert (done.exit_code, content(machine, "out")) == (1, "one")
    assert "not enough space" in done.stderr


@pytest.mark.parametrize(
    ("line", "code", "stdout"),
    [
        ("type a.txt", 0, "one\r\ntwo\r\n"),
        ("type missing", 1, ""),
        ("type .", 1, ""),
        ("dir /b", 0, "a.txt\r\nb c.txt\r\n"),
        ("dir /b *.txt", 0, "a.txt\r\nb c.txt\r\n"),
        ('dir /b "C:\\t\\b c.txt"', 0, "b c.txt\r\n"),
        ("dir /b missing", 1, ""),
        ("dir /s /b C:\\t\\*.txt", 0, "C:\\t\\a.txt\r\nC:\\t\\b c.txt\r\n"),
        ("md x\\y & md x\\y", 1, ""),
        ("md x & rd x & dir /b x", 1, ""),
        ("md x & copy a.txt x\\q.txt >nul & rd x", 145, ""),
        ("md x & copy a.txt x >nul & rd /s /q x & dir /b x", 1, ""),
        ("rd missing", 2, ""),
        ("del a.txt & type a.txt", 1, ""),
        ("del missing", 0, ""),
        ("del /q *.txt & dir /b", 1, ""),
        ("copy a.txt n.txt", 0, "        1 file(s) copied.\r\n"),
        ("copy missing n.txt", 1, "        0 file(s) copied.\r\n"),
        ("copy a.txt none\\n.txt", 1, "        0 file(s) copied.\r\n"),
        ("copy /y a.txt \\\\server\\share\\x", 1, "        0 file(s) copied.\r\n"),
        ("type \\\\server\\share\\x", 1, ""),
        ("move a.txt n.txt", 0, "        1 file(s) moved.\r\n"),
        ("ren a.txt n.txt & type n.txt", 0, "one\r\ntwo\r\n"),
        ('ren a.txt "b c.txt"', 1, ""),
        ("cd C:\\Windows & cd", 0, "C:\\Windows\r\n"),
        ("cd none", 1, ""),
    ],
)
def test_built_in_commands(machine: Windows, line: str, code: int, stdout: str) -> None:
    """What they print on stdout, and their exit codes: del gives 0 whatever it could not remove, rd the Win32 error."""
    done = cmd(machine, line)
    assert (done.exit_code, done.stdout) == (code, stdout)


def test_questions_take_their_answer_from_the_input(machine: Windows) -> None:
    """copy onto an existing file asks; no input means no, /y does not ask."""
    assert cmd(machine, 'copy a.txt "b c.txt"').exit_code == 1
    assert content(machine, "b c.txt") == "three\r\n"
    assert cmd(machine, 'copy a.txt "b c.txt"', b"y\r\n").exit_code == 0
    assert content(machine, "b c.txt") == "one\r\ntwo\r\n"


def test_a_tree_stays_without_an_answer(machine: Windows) -> None:
    """rd /s without /q asks."""
    cmd(machine, "rd /s C:\\t")
    assert machine.files.exists(r"C:\t\a.txt")
    cmd(machine, "rd /s C:\\t", b"Y\r\n")
    assert not machine.files.exists(r"C:\t")


@pytest.mark.parametrize(
    ("line", "stdout"),
    [
        ("if exist a.txt echo yes", "yes\r\n"),
        ("if not exist a.txt echo yes", ""),
        ('if exist "b c.txt" (echo yes) else echo no', "yes\r\n"),
        ('if exist "none" (echo yes) else echo no & echo more', "no \r\nmore\r\n"),
        ("if exist none echo a & echo b", ""),
        ("if exist *.txt echo yes", "yes\r\n"),
        ("if exist C:\\t\\nul echo yes", "yes\r\n"),
        ("if exist C:\\t\\ echo yes", "yes\r\n"),
        ("if defined COMPUTERNAME (echo yes)", "yes\r\n"),
        ("if not defined NOTHING echo yes", "yes\r\n"),
        ("type none 2>nul & if errorlevel 1 echo bad", "bad\r\n"),
        ("if errorlevel 1 echo bad", ""),
        ("if a==A (echo yes) else (echo no)", "no\r\n"),
        ("if /i a==A (echo yes) else (echo no)", "yes\r\n"),
        ("if 10 gtr 9 echo yes", "yes\r\n"),
        ("if exist a.txt if exist none (echo a) else (echo b)", "b\r\n"),
        ('if exist a.txt (type a.txt | find "two")', "two\r\n"),
    ],
)
def test_conditions(machine: Windows, line: str, stdout: str) -> None:
    """All the rest of the line belongs to the condition, and an else only to parentheses."""
    assert cmd(machine, line).stdout == stdout


@pytest.mark.parametrize(
    "line", ["for %i in (a b) do echo %i", "dir", "pushd C:\\", "set /a x=1", "dir /p /b", "call :label", 'cmd /c "pushd x"', "cmd /c pushd x"]
)
def test_what_is_not_modelled_says_so(machine: Windows, line: str) -> None:
    """No command is passed over in silence."""
    done = cmd(machine, line)
    assert done.exit_code == NOT_MODELLED
    assert "does not model" in done.stderr


BATCH = """@echo off\r
setlocal\r
set X=%~1\r
echo [%X%] [%2] [%UNDEFINED%] 100%%\r
type missing 2>nul\r
echo %errorlevel%\r
if errorlevel 1 (exit /b 7) else (echo never)\r
echo never\r
"""


def test_batch_files(machine: Windows) -> None:
    """Arguments, percent signs and the error level of each line, exit /b; setlocal's variables go."""
    machine.files.write(r"C:\t\run.cmd", BATCH.encode())
    done = cmd(machine, 'set X=outer& run "a b" c & set X')
    assert done.stdout == "[a b] [c] [] 100%\r\n1\r\nX=outer\r\n"
    assert cmd(machine, r"C:\t\RUN x").exit_code == 7


def test_one_batch_file_from_another(machine: Windows) -> None:
    """With call it comes back; without, the first one ends. goto :eof ends a file, exit ends cmd; lines are echoed unless echo is off."""
    machine.files.write(r"C:\t\two.cmd", b"@echo two\r\n@goto :eof\r\n@echo never\r\n")
    machine.files.write(r"C:\t\one.cmd", b"@call two\r\n@echo one\r\n@two\r\n@echo never\r\n")
    assert cmd(machine, "one").stdout == "two\r\none\r\ntwo\r\n"
    machine.files.write(r"C:\t\three.cmd", b"ver>nul\r\n@exit 3\r\n")
    done = cmd(machine, "three & echo never")
    assert (done.exit_code, done.stdout) == (3, "\r\nC:\\t>ver>nul \r\n")


def test_blocks_over_several_lines_are_refused(machine: Windows) -> None:
    """They are not modelled."""
    machine.files.write(r"C:\t\block.cmd", b"@if exist a.txt (\r\necho x\r\n)\r\n")
    assert cmd(machine, "block").exit_code == NOT_MODELLED


def test_start(machine: Windows) -> None:
    """With /wait it gives the program's exit code, without it 0."""
    machine.files.write(r"C:\t\five.cmd", b"@exit /b 5\r\n")
    assert cmd(machine, 'start "" /wait five.cmd').exit_code == 5
    assert cmd(machine, "start five.cmd").exit_code == 0


@pytest.mark.parametrize("page", [437, 850, 65001])
def test_bytes_survive_the_console(machine: Windows, page: int) -> None:
    """What a file has is what another gets, in every code page; UTF-16 with its mark becomes the code page's."""
    data = bytes(range(32, 256)) + b"\r\n"
    machine.files.write(r"C:\t\data", data)
    cmd(machine, "type data > copy", page=page)
    assert machine.files.read(r"C:\t\copy") == data
    machine.files.write(r"C:\t\wide", b"\xff\xfe" + "ä\r\n".encode("utf-16-le"))
    assert cmd(machine, "type wide", page=page).stdout == "ä\r\n"


def test_redirections_are_journalled_once(machine: Windows) -> None:
    """One write for one file, with its size; a read is none."""
    cmd(machine, "type a.txt > out")
    entries = [entry for entry in machine.journal.entries if entry["kind"] == "file"]
    assert [(entry["target"], entry["detail"]) for entry in entries] == [(r"C:\t\out", {"action": "write", "bytes": 10})]


def test_rights_hold_in_cmd(machine: Windows) -> None:
    """Who is no administrator can't redirect into Windows."""
    done = cmd(machine, r"echo x>C:\Windows\x", account=USER)
    assert (done.exit_code, machine.files.exists(r"C:\Windows\x")) == (1, False)
    assert "denied" in done.stderr
