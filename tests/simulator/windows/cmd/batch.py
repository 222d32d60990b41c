# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batch files: line by line, each with its own percent expansion. Labels and commands over several lines are not modelled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..files import FileError
from .console import Console, Exited, NotModelled
from .line import Node, modify, parse_expanded

if TYPE_CHECKING:
    from .interpreter import Cmd

Read = Callable[[], Node | None]
_PERCENT = re.compile(r"%%|%\*|%(?P<modifiers>~[fdpnxs]*)?(?P<argument>\d)|%(?P<name>[^%:\r\n]+)(?::(?P<modifier>[^%\r\n]*))?%|%")

# Seconds after which nobody waits any more.
_NEVER_ENDS = 1e9


def find(console: Console, name: str) -> str | None:
    """The batch file that a command's name means, with or without its ending, None if there is none."""
    path = console.absolute(name)
    candidates = [path] if path.lower().endswith((".cmd", ".bat")) else [path + ".bat", path + ".cmd"]
    return next((item for item in candidates if not item.startswith("\\\\") and console.host.files.exists(item)), None)


def run(cmd: Cmd, path: str, rest: str) -> int:
    """Run a batch file in this cmd.exe; gives its exit code. ``exit`` without /b passes through as Exited."""
    console = cmd.console
    try:
        data = console.files.read(path)
    except FileError as exc:
        console.tell(exc)
        return 1
    before, cmd.arguments = cmd.arguments, [path, *words(rest)]
    echo, depth, console.echo = console.echo, len(console.saved), True
    try:
        _lines(cmd, data)
    except Exited as done:
        if not done.batch_only:
            raise
        console.errorlevel = done.code
    finally:
        cmd.arguments, console.echo = before, echo
        while len(console.saved) > depth:
            console.environment = console.saved.pop()
    return console.errorlevel


def _lines(cmd: Cmd, data: bytes) -> None:
    for raw in re.split(rb"\r?\n", data):
        # In the code page of the moment: a line before may have changed it.
        line = cmd.console.decode(raw)
        stripped = line.strip()
        if not stripped or stripped.startswith(":"):
            continue
        if re.fullmatch(r"@?goto\s*:eof", stripped, re.IGNORECASE):
            raise Exited(cmd.console.errorlevel, batch_only=True)
        expanded = expand(line, cmd.variables(), cmd.arguments or [])
        if expanded.count("(") > expanded.count(")") and expanded.rstrip().endswith("("):
            raise NotModelled("parentheses over several lines of a batch file")
        if cmd.console.echo and not stripped.startswith("@"):
            cmd.console.stdout += f"\r\n{cmd.console.directory}>{expanded.strip()} \r\n"
        cmd.parsed(lambda ready=expanded: parse_expanded(ready))  # type: ignore[misc]
        if cmd.console.delay >= _NEVER_ENDS:
            # cmd.exe waits for every program of a batch file: what stands behind one that hangs is never read.
            return


def words(rest: str) -> list[str]:
    """The arguments of a batch file: blanks, commas, semicolons and equals signs separate, quotes stay."""
    return re.findall(r'(?:"[^"]*"?|[^\s,;="])+', rest)


def expand(line: str, environment: Mapping[str, str], arguments: list[str]) -> str:
    """A line of a batch file: ``%%`` is a percent sign, ``%1`` an argument, and an undefined variable is empty."""
    known = {name.upper(): value for name, value in environment.items()}

    def replace(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[0] == "%*":
            return " ".join(arguments[1:])
        if found["argument"]:
            return _argument(arguments, int(found["argument"]), found["modifiers"])
        value = known.get((found["name"] or "").upper())
        return "" if value is None else value if found["modifier"] is None else modify(value, found["modifier"])

    return _PERCENT.sub(replace, line)


def _argument(arguments: list[str], number: int, modifiers: str | None) -> str:
    value = arguments[number] if number < len(arguments) else ""
    if modifiers is None:
        return value
    value = value.strip('"')
    folder, backslash, name = value.rpartition("\\")
    if modifiers == "~":
        return value
    if modifiers == "~dp":
        return folder + backslash
    if modifiers in ("~f", "~nx"):
        return value if modifiers == "~f" else name
    raise NotModelled(f"%{modifiers}{number}")
