# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One remote shell and its commands: state, streams and time-outs, without any XML."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field

from ..windows import Account, Completed

CONTROL_C_EXIT = 0xC000013A
# Programs write in pieces, so one stream comes as several Stream elements.
CHUNK = 4096


@dataclass
class Command:
    """A started command; it is done at ``ready`` (monotonic seconds), and its output can be read from then on."""

    outcome: Completed
    code_page: str
    ready: float
    identifier: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    stdin: bytearray = field(default_factory=bytearray)
    pending: list[tuple[str, bytes]] = field(default_factory=list)
    exit_code: int = 0

    def __post_init__(self) -> None:
        self.exit_code = self.outcome.exit_code
        for name, text in (("stdout", self.outcome.stdout), ("stderr", self.outcome.stderr)):
            data = text.encode(self.code_page, errors="replace")
            self.pending += [(name, data[start : start + CHUNK]) for start in range(0, len(data), CHUNK)]

    @property
    def running(self) -> bool:
        """True until the program has ended."""
        return time.monotonic() < self.ready

    def interrupt(self) -> None:
        """Ctrl+C: a running program ends with STATUS_CONTROL_C_EXIT and its output is lost; a finished one is left alone."""
        if self.running:
            self.ready = time.monotonic()
            self.pending.clear()
            self.exit_code = CONTROL_C_EXIT

    def take(self, room: int) -> list[tuple[str, bytes]]:
        """Output pieces that fit into ``room`` bytes of base64 (at least one)."""
        taken: list[tuple[str, bytes]] = []
        while self.pending and (not taken or room > len(self.pending[0][1]) * 4 // 3 + 200):
            piece = self.pending.pop(0)
            room -= len(piece[1]) * 4 // 3 + 200
            taken.append(piece)
        return taken


@dataclass
class Shell:
    """One shell of one account. ``idle`` is its idle time-out in seconds, ``used`` its last use (monotonic)."""

    account: Account
    environment: dict[str, str]
    directory: str
    code_page: int
    idle: float
    identifier: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    commands: dict[str, Command] = field(default_factory=dict)
    used: float = field(default_factory=time.monotonic)
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def expired(self) -> bool:
        """True if nobody has used the shell for its idle time-out."""
        return time.monotonic() - self.used > self.idle

    def touch(self) -> None:
        """Note a use."""
        self.used = time.monotonic()

    def wait(self, command: Command, seconds: float) -> bool:
        """Wait until the command has ended or was signalled; False if the time was not enough."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while command.running and command.identifier in self.commands:
                left = min(command.ready, deadline) - time.monotonic()
                if time.monotonic() >= deadline:
                    return False
                self.changed.wait(max(left, 0.001))
        return True

    def notify(self) -> None:
        """Wake all waiting Receives after a signal."""
        with self.changed:
            self.changed.notify_all()
