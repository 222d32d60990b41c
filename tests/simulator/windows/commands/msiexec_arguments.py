# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of msiexec, which takes it apart by itself (win32 "Command-Line Options", surface 7.2).

A value is quoted alone, ``NAME="a value"``, with quotes inside doubled; a backslash before the closing quote is a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..installer.codes import is_code
from ..installer.log import ALL, DEBUG, DEFAULT, VERBOSE
from ..installer.request import Request, Restart

# NAME=value: names in any case, they become capitals (seen in WiX's issue 3777).
_PROPERTY = re.compile(r'(?P<name>[A-Za-z_][\w.]*)=(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^\s"]*))(?=\s|$)')
_WORD = re.compile(r'"(?P<quoted>[^"]*)"(?=\s|$)|(?P<plain>[^\s"]+)(?=\s|$)')
_OPTION = re.compile(r'[/-](?P<name>[^\s"]*)')
_REPAIR = frozenset("poedcaumsv")
_LEVELS = {"": 2, "n": 2, "b": 3, "b-": 3, "b!": 3, "b-!": 3, "b!-": 3}
# With a window at the end, or with all windows: nobody can close them.
_WINDOWS = frozenset("r f n+ b+ b+! b!+".split())
_NAMES = {"package": "i", "uninstall": "x", "quiet": "qn", "passive": "qb!-"}
_RESTART: dict[str, Restart] = {"norestart": "never", "promptrestart": "never", "forcerestart": "always"}
_UNMODELLED = re.compile(r"a|p|j[um]?|update|g|t|n|y|z|m")


class WrongLine(Exception):
    """Exit code 1639."""


class Unmodelled(Exception):
    """A real option that the simulator does not carry out; the text names it."""


@dataclass
class _Line:
    text: str
    absolute: Callable[[str], str]
    place: int = 0
    target: str = ""
    remove: bool = False
    repair: str | None = None
    window: bool = True
    interface: int = 5
    restart: Restart = "ask"
    log: str = ""
    letters: frozenset[str] = frozenset()
    properties: dict[str, str] = field(default_factory=dict)


def parsed(text: str, absolute: Callable[[str], str]) -> Request | None:
    """The request; None if msiexec would show a window instead. ``absolute`` makes a path absolute. Raises WrongLine, Unmodelled."""
    line = _Line(text, absolute)
    while _skip(line):
        if (option := _OPTION.match(text, line.place)) is not None:
            line.place = option.end()
            _option(line, option["name"])
        elif (found := _PROPERTY.match(text, line.place)) is not None:
            line.place = found.end()
            _set(line, found["name"], found["quoted"], found["plain"])
        else:
            raise WrongLine
    if not text.strip():
        return None
    if not line.target:
        raise WrongLine
    if line.window:
        return None
    return Request(line.target, line.remove, line.repair, line.properties, line.restart, line.log, line.letters, line.interface)


def _skip(line: _Line) -> bool:
    while line.place < len(line.text) and line.text[line.place].isspace():
        line.place += 1
    return line.place < len(line.text)


def _set(line: _Line, name: str, quoted: str | None, plain: str | None) -> None:
    if name.upper() in ("TRANSFORMS", "PATCH"):
        raise Unmodelled(name.upper())
    line.properties[name.upper()] = (plain or "") if quoted is None else quoted.replace('""', '"')


def _option(line: _Line, written: str) -> None:
    name = written.lower()
    if name in ("?", "h", "help"):
        line.target, line.window = "?", True
        line.place = len(line.text)
        return
    attached = "" if name in _NAMES else written[1:]
    name = _NAMES.get(name, name)
    if name in _RESTART:
        line.restart = _RESTART[name]
    elif name[:1] == "q":
        _quiet(line, name[1:])
    elif name == "log" or name[:1] == "l":
        _log(line, "*" if name == "log" else written[1:])
    elif name in ("i", "x") or (name[:1] in ("i", "x") and set(name) & set("{:\\.")):
        _what(line, attached, remove=name[0] == "x")
    elif name[:1] == "f" and not set(name[1:]) - _REPAIR:
        line.repair = name[1:]
        _what(line, "", remove=False)
    elif _UNMODELLED.fullmatch(name):
        raise Unmodelled(f"/{written}")
    else:
        raise WrongLine


def _quiet(line: _Line, level: str) -> None:
    if level not in _LEVELS and level not in _WINDOWS:
        raise WrongLine
    line.window = level in _WINDOWS
    line.interface = _LEVELS.get(level, 5)


def _log(line: _Line, letters: str) -> None:
    wanted = set(letters.lower())
    if wanted - ALL - {VERBOSE, DEBUG, "*", "+", "!"}:
        raise WrongLine
    chosen = wanted & (ALL | {VERBOSE, DEBUG}) | (ALL if "*" in wanted else set())
    line.letters = frozenset(chosen) or DEFAULT
    line.log = line.absolute(_argument(line, ""))


def _what(line: _Line, attached: str, *, remove: bool) -> None:
    if line.target:
        raise WrongLine
    text = _argument(line, attached)
    line.remove = remove
    line.target = text.upper() if is_code(text) else text if "://" in text else line.absolute(text)


def _argument(line: _Line, attached: str) -> str:
    """The argument of an option: right behind it, or the next word."""
    if attached:
        return attached
    _skip(line)
    found = _WORD.match(line.text, line.place)
    if found is None or (found["plain"] or "").startswith("/"):
        raise WrongLine
    line.place = found.end()
    return found["plain"] if found["quoted"] is None else found["quoted"]
