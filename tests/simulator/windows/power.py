# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restarts: who ordered one, when it happens, and how long the host can't be reached.

The model knows no sockets. What is on the wire sets ``down`` and ``up`` and asks ``phase`` before it answers; a host that is on no
wire restarts in no time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from .pending_restart import SERVICING, clear

if TYPE_CHECKING:
    from .host import Windows

Phase = Literal["up", "down", "hanging", "no service", "no logon"]
# ERROR_SHUTDOWN_IN_PROGRESS, ERROR_NO_SHUTDOWN_IN_PROGRESS, ERROR_SHUTDOWN_IS_SCHEDULED
IN_PROGRESS, NONE_IN_PROGRESS, SCHEDULED = 1115, 1116, 1190
POWER_OPTIONS = "reboot_seconds reboot_delay reboot_never winrm_hangs winrm_late logon_late servicing_late clock_drift shutdown_refused".split()


class Power:
    """One host's shutdown state; times are seconds of the host's clock."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self.down: Callable[[], None] | None = None
        self.up: Callable[[], None] | None = None
        self.booted = datetime.now(UTC) - timedelta(hours=7, minutes=13)
        self._drift = timedelta(0)
        self._due: float | None = None
        self._going = False
        self._returns = True
        self._is_down = False
        self._up_at = float("-inf")

    def local_time(self) -> datetime:
        """What the host's clock shows."""
        return datetime.now(UTC) + self._drift

    def phase(self) -> Phase:
        """How far the host is with starting: what it answers to whoever asks now."""
        if self._is_down:
            return "down"
        late = self._host.now() - self._up_at
        steps: tuple[tuple[Phase, str], ...] = (("hanging", "winrm_hangs"), ("no service", "winrm_late"), ("no logon", "logon_late"))
        for phase, option in steps:
            late -= self._seconds(option, 0.0)
            if late < 0:
                return phase
        return "up"

    def schedule(self, seconds: float, *, restart: bool = True) -> int:
        """shutdown /r and /s: returns 0, or the Win32 error that says why not."""
        self.tick()
        if self._going:
            return IN_PROGRESS
        if self._due is not None:
            return SCHEDULED
        self._returns = restart
        if seconds <= 0:
            self.order(restart=restart)
            return 0
        self._due = self._host.now() + seconds
        if self.down:
            self._later(seconds, self.tick)
        return 0

    def abort(self) -> int:
        """shutdown /a."""
        self.tick()
        if self._due is None:
            return NONE_IN_PROGRESS
        self._due = None
        return 0

    def tick(self) -> None:
        """Carry out the scheduled restart if its time has come."""
        with self._host.lock:
            if self._due is not None and self._host.now() >= self._due - 0.01:
                self._due = None
                self.order(restart=self._returns)

    def order(self, *, restart: bool = True) -> None:
        """Shut down and, unless told otherwise, start again, as a program or CIM asks: on the wire the host answers for a moment yet."""
        if self._going:
            return
        self._returns = restart
        if not self.down:
            self.restart()
            return
        self._going = True
        self._correct_clock()
        self._later(self._seconds("reboot_delay", 0.1), self._restart_locked)

    def _restart_locked(self) -> None:
        with self._host.lock:
            self.restart()

    def restart(self) -> None:
        """Go down now; without a wire the host is back at once."""
        self._going = True
        self._host.stop_everything()
        clear(self._host.registry, in_progress="servicing_late" in self._host.options)
        if self.down and not self._is_down:
            self._is_down = True
            self.down()
            if self._returns and not self._host.options.get("reboot_never"):
                self._later(self._seconds("reboot_seconds", 0.3), self._start)
        else:
            self._start()

    def _start(self) -> None:
        with self._host.lock:
            self.booted = self.local_time()
            self._going, self._due = False, None
            self._up_at = self._host.now()
            was_down, self._is_down = self._is_down, False
            if "servicing_late" in self._host.options:
                self._later(self._seconds("servicing_late", 0.0), self._serviced)
        if was_down and self.up:
            self.up()

    def _serviced(self) -> None:
        with self._host.lock:
            self._host.registry.remove("hklm", rf"{SERVICING}\RebootInProgress")

    def _correct_clock(self) -> None:
        """Time synchronisation sets the clock; the time of the last boot is counted back from it, and moves along."""
        drift = timedelta(seconds=self._seconds("clock_drift", 0.0))
        self._drift += drift
        self.booted += drift

    def _seconds(self, option: str, default: float) -> float:
        return float(self._host.options.get(option, default))

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        timer = threading.Timer(seconds, work)
        timer.daemon = True
        timer.start()
