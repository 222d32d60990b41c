# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redirections: where the output of a command goes, and what it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..context import Given
from ..files import FileError
from .console import Console
from .line import Redirection

OUT, ERR, NUL = "out", "err", "nul"


@dataclass
class Target:
    """An opened file; all handles that lead to it share it, so their texts do not overwrite each other."""

    path: str
    action: str
    text: str = ""


class Routes:
    """The handles 1 and 2 of one command or group, opened by cmd before it runs."""

    def __init__(self, console: Console, redirections: Sequence[Redirection]) -> None:
        """Open the files in their order; raises FileError for the first that can't be."""
        self._console = console
        self._routes: dict[int, str | Target] = {1: OUT, 2: ERR}
        self._stdin = console.stdin
        for item in redirections:
            self._open(item)

    def _open(self, item: Redirection) -> None:
        if item.target.startswith("&"):
            if item.direction != "<":
                self._routes[item.handle] = self._routes.get(int(item.target[1:]), NUL)
        elif item.target.lower().rstrip(":") == "nul":
            if item.direction == "<":
                self._stdin = Given()
            else:
                self._routes[item.handle] = NUL
        elif item.direction == "<":
            self._stdin = Given(self._console.files.read(self._console.absolute(item.target)))
        else:
            self._routes[item.handle] = self._target(item)

    def _target(self, item: Redirection) -> Target:
        path, new = self._console.absolute(item.target), item.direction == ">"
        self._console.files.open(path, new=new)
        return Target(path, "write" if new else "append")

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Run a command inside. Afterwards its output is where it belongs; raises FileError if a file does not take it (112)."""
        console, before = self._console, self._console.stdin
        out, err = len(console.stdout), len(console.stderr)
        console.stdin = self._stdin
        try:
            yield
        finally:
            # An input that this command has read is read for the ones after it, too; a file was its own.
            console.stdin = before
            printed = {1: console.stdout[out:], 2: console.stderr[err:]}
            console.stdout, console.stderr = console.stdout[:out], console.stderr[:err]
            self._deliver(printed)

    def _deliver(self, printed: dict[int, str]) -> None:
        for handle, text in printed.items():
            route = self._routes[handle]
            if route == OUT:
                self._console.stdout += text
            elif route == ERR:
                self._console.stderr += text
            elif isinstance(route, Target):
                route.text += text
        targets: list[Target] = []
        for route in self._routes.values():
            if isinstance(route, Target) and route not in targets:
                targets.append(route)
        for target in targets:
            self._console.files.fill(target.path, self._console.encode(target.text), target.action)


def cannot(console: Console, error: FileError) -> int:
    """Print why a file could not be opened or filled, and give the exit code."""
    console.tell(error)
    return 1
