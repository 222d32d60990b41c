# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One remote shell and its commands: state, streams and time-outs, without any XML."""

from __future__ import annotations

import math
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from ..windows import Account, Completed
from ..windows.cmd import NOT_MODELLED
from ..windows.text_codes import encoded
from ..wsman.faults import Fault

CONTROL_C_EXIT = 0xC000013A
# Programs write in pieces, so one stream comes as several Stream elements.
CHUNK = 4096


class Interrupted(Exception):
    """The command was ended while it waited for its input."""


class Pipe:
    """Standard input that comes by Send. A command that reads it waits, and gives the host's lock back meanwhile."""

    def __init__(self, lock: threading.RLock) -> None:
        self._changed = threading.Condition(lock)
        self._data = bytearray()
        self._ended = self._broken = False
        # Set as soon as the command has done what it can without (more) input: it has ended, or it waits here.
        self.settled = threading.Event()

    def read(self) -> bytes:
        """All that is sent until the end; nothing the second time. Raises Interrupted after ``abort``."""
        with self._changed:
            while not self._ended and not self._broken:
                self.settled.set()
                self._changed.wait()
            if self._broken:
                raise Interrupted
            data = bytes(self._data)
            self._data.clear()
            return data

    def feed(self, data: bytes, *, end: bool) -> None:
        """Take what was sent; ``end`` closes the pipe."""
        with self._changed:
            self._data += data
            self._ended = self._ended or end
            self._changed.notify_all()

    def abort(self) -> None:
        """End a reader, now or later."""
        with self._changed:
            self._broken = True
            self._changed.notify_all()


class Command:
    """A started command: it runs in a thread of its own as far as it gets, and its output can be read when it has ended.

    ``ready`` is its end in monotonic seconds, infinite while nobody knows it.
    """

    def __init__(self, code_page: int, lock: threading.RLock) -> None:
        self.identifier = str(uuid.uuid4()).upper()
        self.stdin = Pipe(lock)
        self.ready = math.inf
        self.pending: list[tuple[str, bytes]] = []
        self.exit_code = 0
        # The process of the host that runs for as long as the command does, 0 if none is modelled; ``end_process`` ends it.
        self.process = 0
        self.end_process: Callable[[int], object] | None = None
        self._code_page = code_page
        self._refusal: Fault | None = None

    def start(self, work: Callable[[], Completed], ended: Callable[[], None]) -> None:
        """Run ``work`` until it has ended or waits for input; ``ended`` is called at its end. Raises the Fault that it raised."""
        threading.Thread(target=self._run, args=(work, ended), name=f"command {self.identifier}", daemon=True).start()
        self.stdin.settled.wait()
        if self._refusal:
            raise self._refusal

    def _run(self, work: Callable[[], Completed], ended: Callable[[], None]) -> None:
        try:
            self._finish(work())
        except Fault as exc:
            self._refusal = exc
        except Interrupted:
            self._finish(Completed(CONTROL_C_EXIT, ""))
        finally:
            if self.ready == math.inf and self._refusal is None:
                # An error of the simulator itself, which Python prints: nobody shall wait for this command.
                self._finish(Completed(NOT_MODELLED, "", "The simulator failed.\r\n"))
            self.stdin.settled.set()
            ended()

    def _finish(self, outcome: Completed) -> None:
        if self.ready != math.inf:
            return  # interrupted meanwhile
        self.exit_code = outcome.exit_code
        self.process = outcome.process
        for name, text in (("stdout", outcome.stdout), ("stderr", outcome.stderr)):
            data = encoded(text, self._code_page)
            self.pending += [(name, data[start : start + CHUNK]) for start in range(0, len(data), CHUNK)]
        self.ready = time.monotonic() + outcome.delay

    @property
    def running(self) -> bool:
        """True until the program has ended."""
        return time.monotonic() < self.ready

    def interrupt(self) -> None:
        """Ctrl+C: a running program ends with STATUS_CONTROL_C_EXIT and its output is lost; a finished one is left alone."""
        if self.running:
            self.killed(CONTROL_C_EXIT)
            if self.process and self.end_process:
                self.end_process(self.process)
        self.stdin.abort()

    def killed(self, exit_code: int) -> None:
        """The program was ended from outside; its output is lost."""
        self.ready = time.monotonic()
        self.pending.clear()
        self.exit_code = exit_code

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
