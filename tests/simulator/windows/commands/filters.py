# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""find.exe, findstr.exe, more.com and sort.exe: programs that read files or, without a file, their standard input."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..files import FileError
from ..files.access import Access
from ..records import Account, Completed
from ..text_codes import decoded
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

SYNTAX = 2
_FIND = re.compile(r'\s*(?P<options>(?:/[a-z:]+\s*)*)(?P<text>"(?:[^"]|"")*")\s*(?P<more>(?:/[a-z:]+\s*)*)(?P<files>.*)', re.IGNORECASE | re.DOTALL)
_FINDSTR_OPTIONS = frozenset("b e l r i n v x c s m o p".split())


def find(host: Windows, account: Account, arguments: str) -> Completed:
    """Lines with (/v: without) a text in quotes; exit code 0 found, 1 none, 2 wrong arguments."""
    given = _FIND.fullmatch(arguments)
    options = set(((given["options"] + given["more"]).lower().replace("/", " /").split()) if given else ())
    if given is None or options - {"/v", "/c", "/n", "/i"}:
        return Completed(SYNTAX, "", "FIND: Parameter format not correct\r\n")
    wanted = given["text"][1:-1].replace('""', '"')
    names = [name.strip('"') for name in re.findall(r'"[^"]*"|\S+', given["files"])]
    output, any_found = "", False
    for name, text in _inputs(host, account, names):
        if text is None:
            return Completed(1, output, f"File not found - {name.upper()}\r\n")
        shown = [line for line in _numbered(text) if _contains(line[1], wanted, options) != ("/v" in options)]
        any_found |= bool(shown)
        output += _report(name, shown, options)
    return Completed(0 if any_found else 1, output)


def _contains(line: str, wanted: str, options: set[str]) -> bool:
    """An empty text is in no line."""
    return bool(wanted) and (wanted.lower() in line.lower() if "/i" in options else wanted in line)


def _report(name: str, shown: list[tuple[int, str]], options: set[str]) -> str:
    title = f"\r\n---------- {name.upper()}" if name else ""
    if "/c" in options:
        return f"{title}: {len(shown)}\r\n" if name else f"{len(shown)}\r\n"
    lines = "".join(f"[{number}]{line}\r\n" if "/n" in options else f"{line}\r\n" for number, line in shown)
    return (f"{title}\r\n" if name else "") + lines


def findstr(host: Windows, account: Account, arguments: str) -> Completed:
    """Lines with one of several words, or a regular expression of findstr's own kind; exit codes 0, 1, 2."""
    options: set[str] = set()
    patterns: list[str] | None = None
    names: list[str] = []
    for word in command_line.split(arguments):
        if word.startswith("/") and word[1:3].lower() == "c:":
            patterns = [*(patterns or []), word[3:]]
        elif word.startswith(("/", "-")) and len(word) > 1:
            options |= set(word[1:].lower())
        elif patterns is None:
            patterns = word.split()
        else:
            names.append(word)
    if not patterns or options - _FINDSTR_OPTIONS or "s" in options:
        return Completed(SYNTAX, "", "FINDSTR: Bad command line\r\n")
    output = ""
    expressions = [_expression(pattern, options) for pattern in patterns]
    for name, text in _inputs(host, account, names):
        if text is None:
            return Completed(1, output, f"FINDSTR: Cannot open {name}\r\n")
        prefix = f"{name}:" if len(names) > 1 else ""
        shown = [(number, line) for number, line in _numbered(text) if any(item.search(line) for item in expressions) != ("v" in options)]
        output += (f"{name}\r\n" if shown else "") if "m" in options else "".join(_findstr_line(prefix, item, options) for item in shown)
    return Completed(0 if output else 1, output)


def _findstr_line(prefix: str, item: tuple[int, str], options: set[str]) -> str:
    return f"{prefix}{f'{item[0]}:' if 'n' in options else ''}{item[1]}\r\n"


def _expression(pattern: str, options: set[str]) -> re.Pattern[str]:
    literal = "l" in options or ("r" not in options and not re.search(r"[.*^$\[\]\\]", pattern))
    text = re.escape(pattern) if literal else _translated(pattern)
    if "x" in options:
        text = f"^(?:{text})$"
    elif options & {"b", "e"}:
        text = f"^(?:{text})" if "b" in options else f"(?:{text})$"
    return re.compile(text, re.IGNORECASE if "i" in options else 0)


def _translated(pattern: str) -> str:
    r"""findstr knows ``. * ^ $ [class] \x \< \>``; everything else is literal."""
    parts = re.findall(r"\\.|\[[^\]]*\]|.", pattern)
    words = {"\\<": r"\b(?=\w)", "\\>": r"\b(?<=\w)"}
    return "".join(part if part in (".", "*", "^", "$") or part[0] == "[" else words.get(part) or re.escape(part[-1]) for part in parts)


def more(host: Windows, account: Account, arguments: str) -> Completed:
    """The input as it is, tabs as blanks: there is no console that could stop."""
    names = [word for word in command_line.split(arguments) if not word.startswith(("/", "+"))]
    output = ""
    for name, text in _inputs(host, account, names):
        if text is None:
            return Completed(1, output, f"Cannot access file {name}\r\n")
        output += "".join(f"{line.expandtabs(8)}\r\n" for _number, line in _numbered(text))
    return Completed(0, output)


def sort(host: Windows, account: Account, arguments: str) -> Completed:
    """The lines in order, capitals and small letters alike; /r the other way round."""
    words = command_line.split(arguments)
    names = [word for word in words if not word.startswith("/")]
    backwards = any(word.lower() in ("/r", "/reverse") for word in words)
    lines: list[str] = []
    for name, text in _inputs(host, account, names):
        if text is None:
            return Completed(1, "", f"{name}{host.error(2)}\r\n")
        lines += [line for _number, line in _numbered(text)]
    return Completed(0, "".join(f"{line}\r\n" for line in sorted(lines, key=str.upper, reverse=backwards)))


def _inputs(host: Windows, account: Account, names: list[str]) -> list[tuple[str, str | None]]:
    """Name and text of each file, None for one that can't be read; without names the standard input."""
    page = host.context.code_page
    if not names:
        return [("", decoded(host.context.stdin.read(), page))]
    found: list[tuple[str, str | None]] = []
    for name in names:
        try:
            found.append((name, decoded(Access(host, account).read(host.context.absolute(name)), page)))
        except FileError:
            found.append((name, None))
    return found


def _numbered(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers; a last one that does not end counts, an empty rest does not."""
    lines = re.split(r"\r?\n", text)
    return list(enumerate(lines[:-1] if not lines[-1] else lines, 1))
