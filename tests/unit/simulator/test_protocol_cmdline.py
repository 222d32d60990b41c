# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd.exe's reading of a line, and its built-in commands."""

from __future__ import annotations

import pytest
from simulator import parse_fleet
from simulator.windows import Completed
from simulator.windows.cmd import Cmd, Console, inner_line
from simulator.windows.cmd.line import expand, split_command
from unit.simulator.stub_model import DESCRIPTION, stub_host

ENVIRONMENT = {"Name": "value", "ProgramFiles(x86)": r"C:\Program Files (x86)", "ONE": "1"}


def run(line: str, host: int = 0) -> Completed:
    fleet = parse_fleet(DESCRIPTION)
    windows = stub_host(fleet, fleet.hosts[host])
    return Cmd(Console(windows, windows.accounts[1], 65001, dict(ENVIRONMENT), r"C:\Users\x")).run(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%NAME%", "value"),
        ("%nothing% 100%", "%nothing% 100%"),
        ("%ProgramFiles(x86)%\\x", r"C:\Program Files (x86)\x"),
        ("%NAME:~1,3%", "alu"),
        ("%NAME:~-2%", "ue"),
        ("%NAME:~0,-1%", "valu"),
        ("%NAME:a=o%", "volue"),
        ('"%NAME%"', '"value"'),
    ],
)
def test_percent_expansion(line: str, expected: str) -> None:
    """Inside quotes too; an undefined variable stays as it is on the command line."""
    assert expand(line, ENVIRONMENT) == expected


@pytest.mark.parametrize(
    ("line", "stdout"),
    [
        ("echo hello", "hello\r\n"),
        ("echo a & echo b", "a \r\nb\r\n"),
        ("echo a&&echo b||echo c", "a\r\nb\r\n"),
        ("fail 3 || echo c", "c\r\n"),
        ("fail 3 && echo b & echo c", "c\r\n"),
        ('echo "a & b"', '"a & b"\r\n'),
        ("echo a^&b", "a&b\r\n"),
        ('echo "a^&b"', '"a^&b"\r\n'),
        ("echo %NAME%^%", "value%\r\n"),
        ("echo a>nul", ""),
        ("echo a 2>nul", "a \r\n"),
        ("echo a2>nul", ""),
        ("fail 1 2>&1", "failed\r\n"),
        ("fail 1 >nul 2>&1", ""),
        ("(echo a & echo b) >nul & echo c", "c\r\n"),
        ("(echo a & echo b)", "a \r\nb\r\n"),
        ("echo a | where-am-i", "alpha\r\n"),
        ("echo.", "\r\n"),
        ("echo(x", "x\r\n"),
        ("@echo x", "x\r\n"),
        ("echo", "ECHO is on.\r\n"),
        ("cd", "C:\\Users\\x\r\n"),
        ("cd /d C:\\ & cd", "C:\\\r\n"),
        ("ver", "\r\nMicrosoft Windows [Version 10.0.20348.{revision}]\r\n"),
        ("set ONE", "ONE=1\r\n"),
        ("set TWO=2& set TWO", "TWO=2\r\n"),
        ('args a "b c"  d', '[a "b c"  d]\r\n'),
        ('args "%NAME%" ^"x^"', '["value" "x"]\r\n'),
        ("C:\\Windows\\System32\\where-am-i.exe", "alpha\r\n"),
        ('"C:\\Windows\\System32\\where-am-i.exe" x', "alpha\r\n"),
        ("cmd /c echo x", "x\r\n"),
        ('cmd.exe /d /s /c "echo x & echo y"', "x \r\ny\r\n"),
        ('cmd /c "exit 3" & echo after', "after\r\n"),
        ("exit 2 & echo never", ""),
        ("rem nothing & echo x", "x\r\n"),
    ],
)
def test_lines(line: str, stdout: str) -> None:
    """What a line prints."""
    printed = run(line).stdout
    if "{revision}" in stdout:
        assert printed.startswith(stdout.partition("{")[0])
    else:
        assert printed == stdout


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("echo x", 0),
        ("fail 5", 5),
        ("fail 5 & echo x", 0),
        ("exit 7", 7),
        ("exit /b 7", 7),
        ("exit -1", 0xFFFFFFFF),
        ("cmd /c exit 9", 9),
        ("type nul", 0),
        ("type x", 1),
        ("nothing", 1),
        ("echo (", 0),
        ("a && ", 1),
        ("& a", 1),
        ("echo x >", 1),
    ],
)
def test_exit_codes(line: str, code: int) -> None:
    """The last command's exit code, unsigned 32 bit; syntax errors and unknown programs are 1."""
    assert run(line).exit_code == code


def test_unknown_programs_are_told_in_the_hosts_language() -> None:
    """English and German text on stderr."""
    assert "'nothing' is not recognized" in run("nothing").stderr
    assert "nothing" in run("nothing", 1).stderr
    assert "is not recognized" not in run("nothing", 1).stderr


def test_a_redirection_into_a_missing_folder_runs_nothing() -> None:
    """Exit code 1, and the command's output is nowhere."""
    done = run(r"echo x > C:\nowhere\x.txt")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "cannot find the path" in done.stderr


@pytest.mark.parametrize(
    ("rest", "line"),
    [
        ("/c dir", "dir"),
        ('/c "dir a b"', "dir a b"),
        (r'/c "C:\a b.cmd"', r'"C:\a b.cmd"'),
        ('/s /c "dir a b"', "dir a b"),
        ('/c "dir "a" b"', 'dir "a" b'),
        ('/c "dir&x"', "dir&x"),
        ("/q", None),
    ],
)
def test_quotes_after_cmd_c(rest: str, line: str | None) -> None:
    """cmd /?: the quotes stay only around the name of a program with blanks in it, and without /s."""
    assert inner_line(rest, lambda name: name == r"C:\a b.cmd") == line


@pytest.mark.parametrize(
    ("text", "parts"),
    [("reg query x", ("reg", "query x")), ('"C:\\a b\\x.exe" /y', ("C:\\a b\\x.exe", "/y")), ("reg/?", ("reg", "/?")), ("sc,query", ("sc", "query"))],
)
def test_the_name_of_a_program(text: str, parts: tuple[str, str]) -> None:
    """A quoted name, or up to the first delimiter."""
    assert split_command(text) == parts


def test_a_line_that_is_too_long_is_refused() -> None:
    """cmd.exe takes 8,191 characters and not one more."""
    assert run("echo " + "x" * (8191 - len("echo "))).exit_code == 0
    refused = run("echo " + "x" * (8192 - len("echo ")))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr
