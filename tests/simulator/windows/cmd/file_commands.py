# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd's built-in commands for files: type, md, rd, del, copy, move, ren, dir."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..files import FileError
from ..files.names import FILE_NOT_FOUND, folder_of, joined, name_of
from .console import Console, NotModelled
from .texts import text as text_of
from .wildcards import has_wildcards, matches

_TOKEN = re.compile(r'/(?P<option>[A-Za-z\-][^\s/"]*)|(?P<word>(?:"[^"]*"?|[^\s,;="/])(?:"[^"]*"?|[^\s,;="])*)|[\s,;=]+|/')


class Given(NamedTuple):
    """What stands after a command: options in lower case, and names without quotes."""

    options: frozenset[str]
    names: list[str]


def _given(rest: str, known: str) -> Given:
    """Take a command's rest apart; an option that is not among ``known`` is not modelled."""
    options: set[str] = set()
    names: list[str] = []
    for found in _TOKEN.finditer(rest):
        if found["option"]:
            options.add(found["option"].lower())
        elif found["word"]:
            names.append(found["word"].replace('"', ""))
    if unknown := sorted(options - set(known.split())):
        raise NotModelled(f"/{unknown[0]} in{rest}")
    return Given(frozenset(options), names)


def _type(console: Console, rest: str) -> int:
    given = _given(rest, "")
    code = 0 if given.names else _syntax(console)
    for name in given.names:
        if name.lower().rstrip(":") == "nul":
            continue
        code |= _shown(console, name, title=len(given.names) > 1)
    return code


def _shown(console: Console, name: str, *, title: bool) -> int:
    try:
        data = console.files.read(console.absolute(name))
    except FileError as exc:
        console.tell(exc)
        return 1
    if title:
        console.stderr += f"\r\n{name}\r\n\r\n\r\n"
    if data.startswith(b"\xff\xfe"):
        console.stdout += data[2:].decode("utf-16-le", "replace")
    else:
        console.stdout += console.decode(data)
    return 0


def _md(console: Console, rest: str) -> int:
    given = _given(rest, "")
    code = 0 if given.names else _syntax(console)
    for name in given.names:
        path = console.absolute(name)
        try:
            if console.host.files.exists(path):
                console.stderr += text_of("exists", console.host.language, name=name) + "\r\n"
                code = 1
            else:
                console.files.make_folder(path)
        except FileError as exc:
            console.tell(exc)
            code = 1
    return code


def _rd(console: Console, rest: str) -> int:
    given = _given(rest, "s q")
    code = 0 if given.names else _syntax(console)
    for name in given.names:
        path, tree = console.absolute(name), "s" in given.options
        if tree and "q" not in given.options and not console.answered(text_of("sure", console.host.language, name=name)):
            continue
        try:
            console.files.remove_folder(path, tree=tree)
        except FileError as exc:
            console.tell(exc)
            code = exc.code
    return code


def _del(console: Console, rest: str) -> int:
    """The exit code says nothing about what could not be removed: del gives 0 for all but wrong arguments."""
    given = _given(rest, "f q")
    if not given.names:
        return _syntax(console)
    for name in given.names:
        path = console.absolute(name)
        if console.host.files.is_folder(path):
            path += "\\*"
        everything = path.endswith(("\\*", "\\*.*"))
        if everything and "q" not in given.options and not console.answered(text_of("sure", console.host.language, name=path)):
            continue
        found = [item for item in matches(console, path) if not console.host.files.is_folder(item)] if has_wildcards(path) else [path]
        if not found or not console.host.files.exists(found[0]):
            console.stderr += text_of("could_not_find", console.host.language, name=path) + "\r\n"
        else:
            _removed(console, found, force="f" in given.options)
    return 0


def _removed(console: Console, paths: list[str], *, force: bool) -> None:
    for path in paths:
        try:
            console.files.check(path)
            if force:
                console.host.files.set_read_only(path, on=False)
            console.files.remove(path)
        except FileError as exc:
            console.stderr += path + "\r\n"
            console.tell(exc)


def _copy(console: Console, rest: str) -> int:
    if "+" in re.sub(r'"[^"]*"', "", rest):
        return _joined_copy(console, rest)
    given = _given(rest, "y b v z -y")
    if not given.names or len(given.names) > 2:
        return _syntax(console)
    source = console.absolute(given.names[0])
    target = console.absolute(given.names[1]) if len(given.names) > 1 else console.directory
    return _each(console, _sources(console, source), target, "copied", _copied, yes="y" in given.options)


def _joined_copy(console: Console, rest: str) -> int:
    """``copy /b a+b c``: one file after the other into one; bytes only, and with /y."""
    given = _given(re.sub(r'"[^"]*"|\s*\+\s*', lambda found: found[0] if found[0].startswith('"') else " ", rest), "y b")
    if given.options != {"y", "b"} or len(given.names) < 3:
        raise NotModelled(f"copy{rest}")
    *sources, target = (console.absolute(name) for name in given.names)
    try:
        console.files.write(target, b"".join([console.files.read(source) for source in sources]))
    except FileError as exc:
        console.tell(exc)
        return 1
    console.stdout += text_of("copied", console.host.language, count=f"{1:>9}") + "\r\n"
    return 0


def _copied(console: Console, source: str, target: str) -> None:
    console.files.write(target, console.files.read(source))


def _move(console: Console, rest: str) -> int:
    given = _given(rest, "y -y")
    if len(given.names) != 2:
        return _syntax(console)
    source, target = (console.absolute(name) for name in given.names)
    if source.startswith("\\\\"):
        raise NotModelled("move from a share")
    return _each(console, _sources(console, source), target, "moved", _moved, yes="y" in given.options)


def _moved(console: Console, source: str, target: str) -> None:
    console.files.move(source, target)


def _sources(console: Console, path: str) -> list[str]:
    return matches(console, path) if has_wildcards(path) else [path]


Action = Callable[[Console, str, str], None]


def _each(console: Console, sources: list[str], target: str, word: str, action: Action, *, yes: bool) -> int:
    """Copy or move one source after the other until one fails; the last line counts them."""
    done = 0
    try:
        if not sources:
            raise FileError(FILE_NOT_FOUND, target)
        for source in sources:
            place = joined(target, name_of(source)) if console.host.files.is_folder(target) else target
            if console.host.files.exists(place) and not yes and not console.answered(text_of("overwrite", console.host.language, name=place)):
                continue
            action(console, source, place)
            done += 1
    except FileError as exc:
        console.tell(exc)
    console.stdout += text_of(word, console.host.language, count=f"{done:>9}") + "\r\n"
    return 0 if done == len(sources) and done else 1


def _ren(console: Console, rest: str) -> int:
    given = _given(rest, "")
    if len(given.names) != 2 or "\\" in given.names[1]:
        return _syntax(console)
    source = console.absolute(given.names[0])
    target = joined(folder_of(source), given.names[1])
    try:
        if console.host.files.exists(target) and source.lower() != target.lower():
            console.stderr += text_of("duplicate", console.host.language) + "\r\n"
            return 1
        console.files.move(source, target)
    except FileError as exc:
        console.tell(exc)
        return 1
    return 0


def _dir(console: Console, rest: str) -> int:
    given = _given(rest, "b a s a-d ad")
    if "b" not in given.options:
        raise NotModelled("dir without /b")
    path = console.absolute(given.names[0] if given.names else ".")
    if path.startswith("\\\\"):
        raise NotModelled("dir of a share")
    found = _listed(console, path, given.options)
    if not found:
        console.stderr += text_of("file_not_found", console.host.language) + "\r\n"
        return 1
    console.stdout += "".join(f"{item if 's' in given.options else name_of(item)}\r\n" for item in found)
    return 0


def _listed(console: Console, path: str, options: frozenset[str]) -> list[str]:
    drive = console.host.files
    pattern = path.rstrip("\\") + "\\*" if drive.is_folder(path) else path
    found = matches(console, pattern) if has_wildcards(pattern) else [path] if drive.exists(path) else []
    kept = [item for item in found if not ("a-d" in options and drive.is_folder(item)) and not ("ad" in options and not drive.is_folder(item))]
    if "s" in options:
        folder, _backslash, name = pattern.rpartition("\\")
        for inner in [item for item in matches(console, folder + "\\*") if drive.is_folder(item)]:
            kept += _listed(console, f"{inner}\\{name}", options)
    return kept


def _syntax(console: Console) -> int:
    console.stderr += console.host.text("cmd.syntax")
    return 1


COMMANDS: Mapping[str, Callable[[Console, str], int]] = {
    "type": _type,
    "md": _md,
    "mkdir": _md,
    "rd": _rd,
    "rmdir": _rd,
    "del": _del,
    "erase": _del,
    "copy": _copy,
    "move": _move,
    "ren": _ren,
    "rename": _ren,
    "dir": _dir,
}
