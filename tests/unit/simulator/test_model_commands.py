# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding programs, taking command lines apart, output and code pages."""

from __future__ import annotations

import pytest
from simulator.windows.commands.arguments import split
from unit.simulator.model_hosts import ADMIN, host, registry, run


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("a  b\tc", ["a", "b", "c"]),
        ('"a b" c', ["a b", "c"]),
        ('name="a b" x', ["name=a b", "x"]),
        (r'"C:\Dir\\" x', ["C:\\Dir\\", "x"]),
        (r'"a\"b" c', ['a"b', "c"]),
        (r"C:\a\b", [r"C:\a\b"]),
        ('"a""b"', ['a"b']),
        ('""', [""]),
        ('"open end', ["open end"]),
    ],
)
def test_command_lines_split_like_the_c_runtime(line: str, words: list[str]) -> None:
    """Quotes protect blanks, backslashes escape quotes only."""
    assert split(line) == words


@pytest.mark.parametrize("image", ["reg", "REG.EXE", r"C:\Windows\System32\reg.exe", r'"%SystemRoot%\system32\REG"', r"C:/Windows/System32/reg.exe"])
def test_programs_are_found_however_they_are_written(image: str) -> None:
    """With and without folder, ending and variables."""
    assert run(host(), image, r"query HKLM\SOFTWARE").exit_code == 0


@pytest.mark.parametrize("image", ["format", r"C:\Temp\reg.exe", "ipconfig", "cscript", ""])
def test_other_programs_do_not_exist(image: str) -> None:
    """What the model does not have is not there."""
    assert host().run(ADMIN, image, "", code_page=65001) is None


def test_the_32_bit_reg_sees_the_32_bit_view() -> None:
    """SysWOW64 holds 32-bit copies."""
    target = host()
    run(target, r"C:\Windows\SysWOW64\reg.exe", r"add HKLM\SOFTWARE\Lab /v a /d 1 /f")
    assert registry(target, "EnumValues", key=r"SOFTWARE\WOW6432Node\Lab")["sNames"] == ["a"]
    assert run(target, r"C:\Windows\SysWOW64\reg.exe", r"query HKLM\SOFTWARE\Lab /reg:64").exit_code == 1


def test_code_page_loses_what_it_cannot_show() -> None:
    """Japanese text in code page 437 is question marks; in 65001 and 932 it survives."""
    target = host(language="ja-JP")
    texts = {page: run(target, "reg", r"query HKLM\Nothing", code_page=page).stderr for page in (437, 932, 65001)}
    assert texts[932] == texts[65001]
    assert "エラー" in texts[932]
    assert "?" in texts[437]


def test_powershell_is_there_and_refuses() -> None:
    """An honest answer instead of a silent success."""
    done = run(host(), "powershell", "-NoProfile -EncodedCommand AAAA")
    assert done.exit_code == 1
    assert "simulated" in done.stderr


def test_hostname() -> None:
    """The name and nothing else."""
    assert run(host(), "hostname", "").stdout == "HOST\r\n"


def test_whoami_refuses_unknown_options() -> None:
    """A word that is no option is exit code 1."""
    assert [run(host(), "whoami", line).exit_code for line in ("/user", "user", "xuser", "/fo csv", "/user /fo xml", "/priv /nh /fo csv")] == [0, 1, 1, 1, 1, 0]


def test_netsh_knows_no_other_context() -> None:
    """Everything outside advfirewall is unknown here, exit code 1."""
    assert run(host(), "netsh", "interface ip show config").exit_code == 1
