# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trying TCP connections from a host without PowerShell: curl.exe, which Windows has since Windows 10 1803 and Server 2019.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .._host import Host, quote, quote_for_cmd

_FIRST_BUILD = 17134
# The agent does not speak first and nothing is said to it, so a connection stands until this many seconds after its limit.
_HOLD_SECONDS = 2
_AT_ONCE = 10
NO_TOOL = "this release of Windows has no tool for it: a connection can't be tried from this server"
NOT_TRIED = "not tried: the time for trying was over (reach_seconds)"
Clock = Callable[[], float]
# curl's exit codes where there was no connection (its manual, EXIT CODES).
_FAILURES = {5: "its name is unknown there", 6: "its name is unknown there", 7: "it was refused, or the network knows no way"}
_TIMED_OUT = 28
# curl prints its exit code in every language: "curl: (7) ...". The times are printed by our own format.
_CODE = re.compile(r"^curl: \((\d+)\)", re.MULTILINE)
_TIMES = re.compile(r"^=(\S*) (\S*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to connect to; `address` is an IP address or a name."""

    name: str
    address: str
    port: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """How it went: `ok` None if that can't be said, `how` in words."""

    target: Target
    ok: bool | None
    how: str


def can_try(host: Host) -> bool:
    """True if the host's release brought curl.exe."""
    return host.system.version[2] >= _FIRST_BUILD


def attempts(host: Host, targets: Sequence[Target], connect_timeout: int, limit: float, clock: Clock) -> Iterator[Attempt]:
    """Try one target after the other, some in one command; those whose turn has not come after `limit` seconds are told as not tried."""
    end = clock() + limit
    waiting = list(targets)
    while waiting and clock() < end:
        batch, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
        yield from _batch(host, batch, connect_timeout)
    yield from (Attempt(target, None, NOT_TRIED) for target in waiting)


def _batch(host: Host, targets: Sequence[Target], connect_timeout: int) -> Iterator[Attempt]:
    lines = [f"echo #{number}&{_command(host, target, connect_timeout)}" for number, target in enumerate(targets)]
    done = host.cmd("&".join(lines), time_limit=60.0 + len(targets) * (connect_timeout + _HOLD_SECONDS))
    sections = re.split(r"^#\d+[ ]*\r?\n", done.stdout, flags=re.MULTILINE)[1:]
    for number, target in enumerate(targets):
        yield _outcome(target, sections[number] if number < len(sections) else "", connect_timeout)


def _program(host: Host) -> str:
    return f"{host.system.directory}\\System32\\curl.exe"


def _command(host: Host, target: Target, connect_timeout: int) -> str:
    address = f"[{target.address}]" if ":" in target.address else target.address
    form = quote_for_cmd("\\n=%{time_connect} %{time_total}\\n")
    limits = f"--connect-timeout {connect_timeout} --max-time {connect_timeout + _HOLD_SECONDS}"
    return f"{quote(_program(host))} -sS -o nul {limits} -w {form} {quote(f'telnet://{address}:{target.port}')} <nul 2>&1"


def _outcome(target: Target, text: str, connect_timeout: int) -> Attempt:
    """What curl said, as an attempt.

    Code 28 is both a connection that could not be made in time and one that stood until the end of the time, so the time that
    connecting took tells them apart. curl before 7.60 measures it in ticks of 16 ms, so that 0 may mean fast; then the whole time does.
    """
    code, times = _CODE.search(text), _TIMES.search(text)
    if times is None:
        return Attempt(target, None, "curl.exe on the server gave no answer")
    connect, total = (_seconds(part) for part in times.groups())
    number = int(code[1]) if code else 0
    if number == 0 or connect > 0 or (number == _TIMED_OUT and total > connect_timeout + _HOLD_SECONDS / 2):
        return Attempt(target, True, "a connection could be made")
    if number == _TIMED_OUT:
        return Attempt(target, False, f"no answer within {connect_timeout} seconds, as when a firewall drops it")
    if number in _FAILURES:
        return Attempt(target, False, _FAILURES[number])
    return Attempt(target, None, f"curl.exe on the server failed (exit code {number})")


def _seconds(text: str) -> float:
    """A time; some versions print the decimal separator of the host's language."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0
