# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of one host: the system's own, one for each running service (or group of services), and what is started besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from .paths import expanded

IDLE, SYSTEM = 0, 4
_SERVICES = 588
# Ending one of these stops the whole system; Windows refuses it ("This is critical system process").
CRITICAL = frozenset({"system idle process", "system", "smss.exe", "csrss.exe", "wininit.exe", "services.exe", "winlogon.exe", "lsass.exe"})
_SYSTEM32 = r"C:\Windows\System32"


@dataclass(frozen=True)
class Process:
    """One process. ``image`` is the full path of its program (``System`` has none), ``started`` in UTC, ``session`` 0 is the services'."""

    pid: int
    image: str
    command_line: str
    parent: int
    started: datetime
    session: int = 0

    @property
    def name(self) -> str:
        """The program's file name."""
        return self.image.rpartition("\\")[2]


class Processes:
    """All processes by their number, which is a multiple of four and never used twice between two boots.

    Nothing here is journalled: whoever starts or ends a process for a caller writes the entry.
    """

    def __init__(self, environment: Mapping[str, str], booted: datetime) -> None:
        self._environment = environment
        self._watchers: list[Callable[[int], None]] = []
        self._found: dict[int, Process] = {}
        self._next = 600
        self.boot(booted)

    def __iter__(self) -> Iterator[Process]:
        return iter(sorted(self._found.values(), key=lambda process: process.pid))

    def boot(self, booted: datetime) -> None:
        """Only the system's own processes are there."""
        self._found = {process.pid: process for process in _system(booted)}

    def start(self, image: str, command_line: str, parent: int = 0) -> int:
        """Start a program and return its number; variables in ``image`` and ``command_line`` are replaced."""
        self._next += 52
        path, line = expanded(image, self._environment), expanded(command_line, self._environment)
        self._found[self._next] = Process(self._next, path, line, parent, datetime.now(UTC))
        return self._next

    def start_service(self, path: str) -> int:
        """Start the program of a service from its PathName."""
        return self.start(program_of(path), path, _SERVICES)

    def end(self, pid: int) -> None:
        """A process has ended by itself; nobody is told. Nothing happens if there is none of this number."""
        self._found.pop(pid, None)

    def kill(self, pid: int, tree: bool = True) -> bool:
        """End a process, with ``tree`` also those it started. False if there is none, or if Windows needs it."""
        process = self.find(pid)
        if process is None or process.name.lower() in CRITICAL:
            return False
        children = [other.pid for other in self if other.parent == pid] if tree else []
        self.end(pid)
        for watcher in self._watchers:
            watcher(pid)
        for child in children:
            self.kill(child)
        return True

    def find(self, pid: int) -> Process | None:
        """The process of this number, or None."""
        return self._found.get(pid)

    def by_image(self, name: str) -> list[Process]:
        """The processes of this file name, case does not matter."""
        return [process for process in self if process.name.lower() == name.lower()]

    def watch(self, watcher: Callable[[int], None]) -> None:
        """Call ``watcher`` with the number of each process that is killed."""
        self._watchers.append(watcher)


def program_of(path: str) -> str:
    """The program in a service's PathName: what is in quotes, else up to ``.exe``, else the first word."""
    text = path.strip()
    if text.startswith('"'):
        return text[1:].partition('"')[0]
    end = f"{text.lower()} ".find(".exe ")
    return text[: end + 4] if end >= 0 else text.partition(" ")[0]


def _system(booted: datetime) -> Iterator[Process]:
    yield Process(IDLE, "System Idle Process", "", 0, booted)
    yield Process(SYSTEM, "System", "", 0, booted)
    rows = (
        (340, "smss", 4, 0),
        (444, "csrss", 432, 0),
        (516, "wininit", 432, 0),
        (524, "csrss", 508, 1),
        (580, "winlogon", 508, 1),
        (_SERVICES, "services", 516, 0),
    )
    for pid, name, parent, session in rows:
        image = rf"{_SYSTEM32}\{name}.exe"
        yield Process(pid, image, f"{name}.exe", parent, booted, session)
