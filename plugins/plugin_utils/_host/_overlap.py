# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the ports and the remote addresses of two firewall rules have something in common, or one holds all of the other's.

Both are in the canonical form of `_rules`: an empty sequence means any. What a keyword such as `RPC` or `localsubnet` stands for is known to the
host alone, so an answer may be None: not told.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# True, False, or None if nobody but the host can tell.
Answer = bool | None

_LAST_PORT, _ENDPOINT_MAPPER = 65535, 135
# Windows' default since Vista and Server 2008 (Microsoft, "Service overview and network port requirements").
_FIRST_DYNAMIC_PORT = 49152
_VERSIONS = {" (IPv4)": 4, " (IPv6)": 6}


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last number; `exact` is False if what is meant is somewhere between them."""

    first: int
    last: int
    exact: bool = True

    def overlaps(self, other: Span) -> Answer:
        """Whether a number is in both."""
        if self.last < other.first or other.last < self.first:
            return False
        return True if self.exact and other.exact else None

    def holds(self, other: Span) -> Answer:
        """Whether all of the other is in this one."""
        if self.exact and self.first <= other.first and other.last <= self.last:
            return True
        return False if self.exact and other.exact else self.overlaps(other)


def every(answers: Iterable[Answer]) -> Answer:
    """False if one is, else None if one is, else True."""
    found = set(answers)
    return False if False in found else None if None in found else True


def some(answers: Iterable[Answer]) -> Answer:
    """True if one is, else None if one is, else False."""
    found = set(answers)
    return True if True in found else None if None in found else False


def ports_meet(left: Iterable[str], right: Iterable[str]) -> Answer:
    """Whether some port is in both."""
    return _meet(left, right, _ports)


def ports_within(inner: Iterable[str], outer: Iterable[str]) -> Answer:
    """Whether every port of the first is in one range of the second."""
    return _within(inner, outer, _ports)


def addresses_meet(left: Iterable[str], right: Iterable[str]) -> Answer:
    """Whether some address is in both."""
    return _meet(left, right, _addresses)


def addresses_within(inner: Iterable[str], outer: Iterable[str]) -> Answer:
    """Whether every address of the first is in one network or range of the second."""
    return _within(inner, outer, _addresses)


def _meet(left: Iterable[str], right: Iterable[str], span: Callable[[str], Span]) -> Answer:
    left, right = tuple(left), tuple(right)
    if not left or not right:
        return True
    return some(one == other or span(one).overlaps(span(other)) for one in left for other in right)


def _within(inner: Iterable[str], outer: Iterable[str], span: Callable[[str], Span]) -> Answer:
    inner, outer = tuple(inner), tuple(outer)
    if not inner or not outer:
        return not outer
    return every(some(one == other or span(other).holds(span(one)) for other in outer) for one in inner)


def _ports(text: str) -> Span:
    if text[:1].isdecimal():
        return Span(int(text.partition("-")[0]), int(text.rpartition("-")[2]))
    if text == "RPC-EPMap":
        return Span(_ENDPOINT_MAPPER, _ENDPOINT_MAPPER)
    return Span(_FIRST_DYNAMIC_PORT if text == "RPC" else 1, _LAST_PORT, exact=False)


def _addresses(text: str) -> Span:
    """The addresses of both versions in one line: those of IPv6 begin where those of IPv4 end."""
    try:
        if "-" in text:
            low, high = map(ipaddress.ip_address, text.split("-"))
            return Span(_place(low), _place(high))
        network = ipaddress.ip_network(text)
        return Span(_place(network.network_address), _place(network.broadcast_address))
    except ValueError:
        version = next((number for mark, number in _VERSIONS.items() if text.endswith(mark)), None)
        return Span(2**32 if version == 6 else 0, 2**32 - 1 if version == 4 else 2**32 + 2**128 - 1, exact=False)


def _place(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> int:
    return int(address) + (2**32 if address.version == 6 else 0)
