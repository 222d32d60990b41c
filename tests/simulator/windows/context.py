# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process has from the one that started it: account, directory, variables and standard input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import local
from typing import Protocol

from .records import Account

SYSTEM = Account("SYSTEM", "NT AUTHORITY", "", "S-1-5-18", administrator=True)


class Input(Protocol):
    """Standard input."""

    def read(self) -> bytes:
        """All that comes, up to its end; waits for it. Nothing the second time."""


class Given:
    """Input that is there already: a file, the output of the left side of a pipe, or nothing."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = data

    def read(self) -> bytes:
        """The data, once."""
        data, self._data = self._data, b""
        return data


@dataclass
class Context:
    """One process' surroundings. ``directory`` is its current directory."""

    account: Account = SYSTEM
    directory: str = r"C:\Windows\system32"
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: Input = field(default_factory=Given)
    code_page: int = 65001

    def absolute(self, path: str) -> str:
        r"""A path as the process means it, as ``C:\...`` or ``\\server\share\...``; ``..`` is worked out, quotes go."""
        text = path.strip().strip('"').replace("/", "\\")
        if text.startswith("\\\\"):
            return text
        if text[1:2] == ":":
            drive, rest = text[:2], text[2:]
            text = text if rest.startswith("\\") or drive.lower() != self.directory[:2].lower() else f"{self.directory}\\{rest}"
        elif text.startswith("\\"):
            text = self.directory[:2] + text
        else:
            text = f"{self.directory}\\{text}"
        return _without_dots(text)


def _without_dots(path: str) -> str:
    drive, *names = path.split("\\")
    found: list[str] = []
    for name in names:
        if name == ".." and found:
            found.pop()
        elif name not in ("", ".", ".."):
            found.append(name)
    return f"{drive}\\" + "\\".join(found)


class Contexts(local):
    """The context of the program that this thread runs: whoever starts a program enters it."""

    current: Context | None = None

    @contextmanager
    def entered(self, context: Context) -> Iterator[None]:
        """Run a program in ``context``."""
        before, self.current = self.current, context
        try:
            yield
        finally:
            self.current = before
