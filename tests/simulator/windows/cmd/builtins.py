# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd's built-in commands that are not about files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from . import batch
from .code_page import chcp
from .console import Exited, NotModelled
from .line import split_command
from .texts import text as text_of

if TYPE_CHECKING:
    from .interpreter import Cmd


def _echo(cmd: Cmd, rest: str) -> int:
    console = cmd.console
    word = rest.strip().lower()
    if word in ("on", "off"):
        console.echo = word == "on"
        return 0
    empty = not word and rest[:1] not in (".", ":", "(", "/", "\\", "+", "[", "]")
    console.stdout += (text_of("echo_on", console.host.language) if empty else rest[1:]) + "\r\n"
    return 0


def _exit(cmd: Cmd, rest: str) -> int:
    words = rest.split()
    numbers = [word for word in words if word.lower() != "/b"]
    code = re.match(r"[+-]?\d+", numbers[0]) if numbers else None
    ends_batch = len(numbers) < len(words) and cmd.arguments is not None
    raise Exited(int(code.group(0)) if code else cmd.console.errorlevel, batch_only=ends_batch)


def _ver(cmd: Cmd, rest: str) -> int:
    release = cmd.console.host.features
    cmd.console.stdout += cmd.console.host.text("cmd.version", version=f"{release.version}.{release.build}.{release.revision}")
    return 0


def _cd(cmd: Cmd, rest: str) -> int:
    console = cmd.console
    target = rest.strip().strip('"')
    if target.lower().startswith("/d"):
        target = target[2:].strip().strip('"')
    if not target:
        console.stdout += console.directory + "\r\n"
        return 0
    path = console.absolute(target)
    if not console.host.files.is_folder(path):
        console.stderr += console.host.text("cmd.path_not_found")
        return 1
    console.directory = path
    return 0


def _set(cmd: Cmd, rest: str) -> int:
    text = rest.strip()
    if re.match(r"/[ap]\b", text, re.IGNORECASE):
        raise NotModelled("set /a and set /p")
    if text.startswith('"') and text.endswith('"') and "=" in text:
        text = text[1:-1]
    name, equals, value = text.partition("=")
    environment = cmd.console.environment
    if equals:
        current = next((known for known in environment if known.lower() == name.lower()), name)
        environment.pop(current, None)
        if value:
            environment[current] = value
        return 0
    shown = sorted((item for item in environment.items() if item[0].lower().startswith(name.lower())), key=lambda item: item[0].lower())
    cmd.console.stdout += "".join(f"{key}={content}\r\n" for key, content in shown)
    if not shown:
        cmd.console.stderr += text_of("not_defined", cmd.console.host.language, name=name) + "\r\n"
    return 0 if shown else 1


def _call(cmd: Cmd, rest: str) -> int:
    """The command after ``call`` comes back, a batch file too."""
    if not rest.strip():
        return 0
    if rest.startswith(":"):
        raise NotModelled("call of a label")
    name, arguments = split_command(rest)
    path = batch.find(cmd.console, name)
    return batch.run(cmd, path, arguments) if path else cmd.dispatch(rest)


def _start(cmd: Cmd, rest: str) -> int:
    """``start "title" [/wait] [/b] [/min] program``: without /wait nobody waits, and the exit code is 0."""
    found = re.match(r'\s*(?:"[^"]*"\s*)?((?:/(?:wait|w|b|min|max|i|low|normal|high)\s*)*)(.*)', rest, re.IGNORECASE | re.DOTALL)
    assert found is not None
    options, command = found[1].lower(), found[2]
    if not command.strip() or command.startswith("/"):
        raise NotModelled(f"start {rest.strip()}")
    before = cmd.console.delay
    code = cmd.dispatch(command)
    if "/w" in options:
        return code
    cmd.console.delay = before
    return 0


def _setlocal(cmd: Cmd, rest: str) -> int:
    if "enabledelayedexpansion" in rest.lower():
        raise NotModelled("delayed expansion")
    if cmd.arguments is not None:
        cmd.console.saved.append(dict(cmd.console.environment))
    return 0


def _endlocal(cmd: Cmd, rest: str) -> int:
    if cmd.console.saved:
        cmd.console.environment = cmd.console.saved.pop()
    return 0


def _chcp(cmd: Cmd, rest: str) -> int:
    return chcp(cmd.console, rest)


BUILTINS: Mapping[str, Callable[[Cmd, str], int]] = {
    "echo": _echo,
    "exit": _exit,
    "ver": _ver,
    "cd": _cd,
    "chdir": _cd,
    "chcp": _chcp,
    "set": _set,
    "rem": lambda _cmd, _rest: 0,
    "call": _call,
    "start": _start,
    "setlocal": _setlocal,
    "endlocal": _endlocal,
}
