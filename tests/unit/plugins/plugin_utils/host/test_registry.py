# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reg.exe prints is understood, and many keys cost one command line."""

from __future__ import annotations

import re
from typing import cast

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._commands import quote
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._registry import Registry, RegistryValue, split
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Client

KEY = "HKLM\\SOFTWARE\\Example"
OUTPUT = (
    "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Example\r\n"
    "    (Standard)    REG_SZ    a default\r\n"
    "    Text    REG_SZ    C:\\Program Files (x86)\\Ünïcode\r\n"
    "    Empty    REG_SZ    \r\n"
    "    Raw    REG_EXPAND_SZ    %SystemRoot%\\x\r\n"
    "    Number    REG_DWORD    0x1f\r\n"
    "    Big    REG_QWORD    0x100000000\r\n"
    "    List    REG_MULTI_SZ    one\\0two\r\n"
    "    Bytes    REG_BINARY    00FF10\r\n"
    "    Lines    REG_SZ    first\r\nsecond\r\n"
    "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Example\\Below\r\n"
    "    Inner    REG_SZ    value    with    gaps\r\n"
)


class Console:
    """Answers each query of a line with a fixed text, and fails those that it has none for."""

    def __init__(self, **answers: str) -> None:
        self.answers = {path.replace("/", "\\"): text for path, text in answers.items()}
        self.lines: list[str] = []

    def __call__(self, line: str) -> str:
        self.lines.append(line)
        out = []
        for command in line.split(" & "):
            mark = re.findall(r"echo (\w+)\+", command)[0]
            text = next((text for path, text in self.answers.items() if path in command), None)
            out.append(f"{mark}- \r\n" if text is None else f"{text}{mark}+\r\n")
        return "".join(out)


def registry(console: Console) -> Registry:
    """A registry that reads from the console alone."""
    return Registry(cast(Client, None), console)


def test_every_type_is_read_as_raw_data() -> None:
    """Numbers are numbers, lists tuples, bytes hex digits, text is raw, in spite of gaps, line breaks and a localised default name."""
    key = registry(Console(Example=OUTPUT)).key(KEY, recursive=True)
    assert key is not None
    found = {name: key.data(name) for name in ("text", "EMPTY", "Raw", "number", "Big", "List", "Bytes", "Lines")}
    assert found == {
        "text": "C:\\Program Files (x86)\\Ünïcode",
        "EMPTY": "",
        "Raw": "%SystemRoot%\\x",
        "number": 31,
        "Big": 2**32,
        "List": ("one", "two"),
        "Bytes": "00ff10",
        "Lines": "first\nsecond",
    }
    assert key.subkeys["below"].values["inner"] == RegistryValue("Inner", "REG_SZ", "value    with    gaps")


def test_what_is_expected_is_fetched_by_one_line() -> None:
    """Expected keys and commands share one command line; a second read of the same costs none."""
    console = Console(Example=OUTPUT, whoami="S-1-16-12288\r\n")
    store = registry(console)
    store.expect(KEY)
    store.expect_command("whoami")
    store.expect("HKLM\\SOFTWARE\\Absent")
    assert store.key(KEY) is not None
    assert store.key("HKLM\\SOFTWARE\\Absent") is None
    assert store.command("whoami") == "S-1-16-12288\r\n"
    assert len(console.lines) == 1


def test_forget_reads_again() -> None:
    """After a write the next read asks the host."""
    console = Console(Example=OUTPUT)
    store = registry(console)
    store.key(KEY)
    store.forget()
    store.key(KEY)
    assert len(console.lines) == 2


def test_a_line_stays_within_the_limit_of_cmd() -> None:
    """cmd.exe takes 8,191 characters; more keys than fit go into further lines."""
    console = Console(Key="x\r\n")
    store = registry(console)
    for number in range(200):
        store.expect(f"HKLM\\SOFTWARE\\Key{number:04}\\{'x' * 40}")
    store.command("whoami")
    assert 2 <= len(console.lines) <= 5
    assert max(map(len, console.lines)) < 8000


def test_a_truncated_answer_is_an_error() -> None:
    """A host that stops in the middle of a line is not taken for one that has no such key."""
    store = Registry(cast(Client, None), lambda _line: "half an answer")
    with pytest.raises(ApplyFailed):
        store.key(KEY)


@pytest.mark.parametrize("path", ["HKLM:\\SOFTWARE\\X", "hkey_local_machine\\SOFTWARE\\X", "HKLM\\SOFTWARE\\X\\"])
def test_paths_have_one_spelling(path: str) -> None:
    """Long and short hive names and PowerShell's colon mean the same."""
    assert split(path) == ("HKLM", "SOFTWARE\\X")


@pytest.mark.parametrize("path", ["HKCU\\Software\\X", "C:\\X", "SOFTWARE\\X", 'HKLM\\a"b', "HKLM\\%x%"])
def test_other_paths_are_refused(path: str) -> None:
    """A user's hive of the network logon, a file path and characters of the command line are refused."""
    with pytest.raises(BadRequest):
        split(path)


@pytest.mark.parametrize("value", ['a"b', "100%", "%PATH%", "line\nbreak", "ends\\"])
def test_a_value_that_a_command_line_could_bend_is_refused(value: str) -> None:
    """What cmd.exe or the program would read differently is refused, not escaped in hope."""
    with pytest.raises(BadRequest):
        quote(value)


def test_other_values_are_quoted() -> None:
    """Everything else means the same with and without cmd.exe inside quotation marks."""
    assert quote("a & b | (c) ^ !x! <y>") == '"a & b | (c) ^ !x! <y>"'
