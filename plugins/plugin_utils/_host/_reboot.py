# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restarting a host, and waiting until it is back (surface 9.2).

Each look at the host goes over a new connection with short time limits: a host that starts refuses connections, resets them,
accepts them and says nothing, or answers 503 and 401 for a moment.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .._plan import ApplyFailed
from .._wsman import ConnectionFailed, Resource, WSManError
from ._commands import quote
from ._registry import HIVES, split
from ._restart import SERVICING

if TYPE_CHECKING:
    from . import Host

_SYSTEM = Resource("root/cimv2", "Win32_OperatingSystem")
_REGISTRY = Resource("root/cimv2", "StdRegProv")
# ERROR_SHUTDOWN_IN_PROGRESS, ERROR_SHUTDOWN_IS_SCHEDULED
_IN_PROGRESS, _SCHEDULED = 1115, 1190
# Restart, and do not wait for programs that hang.
_FORCED_REBOOT = 2 + 4
_FIRST, _LONGEST = 1.0, 5.0
_JITTER = timedelta(seconds=1)
"""LastBootUpTime is counted back from the clock and differs by parts of a second from one answer to the next."""


@dataclass(frozen=True, slots=True)
class Boot:
    """What the host says of its start. The clock is asked with it: only their difference is safe from corrections of the clock."""

    at: datetime
    now: datetime

    @property
    def up(self) -> timedelta:
        """How long it has been running."""
        return self.now - self.at

    def follows(self, before: Boot, elapsed: float) -> bool:
        """Whether this is another start than `before`, made after the order that is `elapsed` seconds old.

        A corrected clock moves LastBootUpTime too, but not the time that the host has been up.
        """
        return abs(self.at - before.at) > _JITTER and self.up <= timedelta(seconds=elapsed) and self.up < before.up + timedelta(seconds=elapsed) - _JITTER


@dataclass(frozen=True, slots=True)
class Terms:
    """`delay` in seconds before the shutdown, `timeout` until the host is back, `connect_timeout` for one connection."""

    message: str
    delay: int
    timeout: float
    connect_timeout: float
    services: Sequence[str] = ()


class TooLate(Exception):
    """The time is over; the text says what was seen last."""


def last_boot(host: Host) -> Boot:
    """Ask the host, by one message.

    Raises:
        ApplyFailed: it does not say.
    """
    row = host.client.get(_SYSTEM)
    at, now = row.time("LastBootUpTime"), row.time("LocalDateTime")
    if at is None or now is None:
        raise ApplyFailed(f"{host.name} does not say when Windows was started, so nobody could tell whether it has restarted.")
    return Boot(at, now)


def order(host: Host, terms: Terms) -> None:
    """Have the host restart itself after `delay` seconds, by shutdown.exe or, where that is refused, by CIM.

    An answer that does not come because the host is already going down is as good as one.

    Raises:
        ApplyFailed: it refuses both.
    """
    try:
        code = _shutdown(host, terms)
        if code == _SCHEDULED:
            # Somebody's restart may be hours away; ours takes its place.
            host.run("shutdown.exe", "/a")
            code = _shutdown(host, terms)
        if code not in (0, _IN_PROGRESS):
            _by_cim(host, code)
    except ConnectionFailed:
        return


def _shutdown(host: Host, terms: Terms) -> int:
    return host.run("shutdown.exe", f"/r /t {terms.delay} /d p:4:1 /c {quote(terms.message)}").exit_code


def _by_cim(host: Host, code: int) -> None:
    refused = host.client.invoke(_SYSTEM, "Win32Shutdown", {"Flags": _FORCED_REBOOT, "Reserved": 0}).integer("ReturnValue")
    if refused:
        raise ApplyFailed(
            f"{host.name} can't be restarted: shutdown.exe ended with {code} and Win32Shutdown with {refused}; "
            "the account needs the right to shut down the system from a remote system."
        )


def wait_until_back(host: Host, terms: Terms, before: Boot, ordered: float) -> Boot:
    """Wait for another start of Windows, the end of its servicing and the services asked for; returns that start.

    Raises:
        ApplyFailed: not in time; the sentence says what was seen last.
    """
    found: list[Boot] = []

    def look() -> str:
        host.reconnect(terms.connect_timeout)
        now = last_boot(host)
        if not now.follows(before, time.monotonic() - ordered):
            return "it still answered without having restarted"
        found[:] = [now]
        return _unfinished(host, terms.services)

    try:
        until_done(look, terms.timeout - (time.monotonic() - ordered), first=terms.delay)
    except TooLate as late:
        raise ApplyFailed(
            f"{host.name} was told to restart and was not ready within {terms.timeout:g} seconds; seen last: {late}. "
            "Look at its console; if it only needs longer, raise timeout."
        ) from None
    finally:
        host.reconnect()
    return found[0]


def until_done(
    look: Callable[[], str], timeout: float, *, first: float = 0.0, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Look again and again, at growing distances, until `look` returns nothing.

    `look` returns what is not as it has to be; that a host can't be talked to is expected. `first`: seconds before the first look.

    Raises:
        TooLate: with what was seen last.
    """
    ends, pause, delay = clock() + timeout, first, _FIRST
    while True:
        sleep(min(pause, max(ends - clock(), 0.0)))
        try:
            seen = look()
        except WSManError as error:
            seen = str(error).rstrip(".")
        if not seen:
            return
        if clock() >= ends:
            raise TooLate(seen)
        pause, delay = delay, min(delay * 1.5, _LONGEST)


def _unfinished(host: Host, services: Sequence[str]) -> str:
    """What is still to come after the start, empty if nothing."""
    hive, path = split(SERVICING)
    names = host.client.invoke(_REGISTRY, "EnumKey", {"hDefKey": HIVES[hive][1], "sSubKeyName": path}).texts("sNames")
    if "rebootinprogress" in (name.lower() for name in names):
        return "it is back, and Windows still works on updates or features (RebootInProgress)"
    for name in services:
        service = host.services.get(name)
        if service is None:
            raise ApplyFailed(f"{host.name} has restarted, and there is no service {name}; check wait_for_services.")
        if service.state != "running":
            return f"it is back, and service {name} is {service.state}"
    return ""
