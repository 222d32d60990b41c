# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the ports and the remote addresses of two firewall rules have something in common, or one holds all of the other's.

Both are in the canonical form of `_rules`: an empty sequence means any. Keywords such as `RPC` and `localsubnet` are in themselves only: what
they stand for is known to the host alone.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

# What is compared (the version of IP, or 0 for ports), and the first and the last number.
Span = tuple[int, int, int]


def ports_meet(left: Iterable[str], right: Iterable[str]) -> bool:
    """True if some port is in both."""
    return _meet(left, right, _ports)


def ports_within(inner: Iterable[str], outer: Iterable[str]) -> bool:
    """True if every port of the first is in one range of the second."""
    return _within(inner, outer, _ports)


def addresses_meet(left: Iterable[str], right: Iterable[str]) -> bool:
    """True if some address is in both."""
    return _meet(left, right, _addresses)


def addresses_within(inner: Iterable[str], outer: Iterable[str]) -> bool:
    """True if every address of the first is in one network or range of the second."""
    return _within(inner, outer, _addresses)


def _meet(left: Iterable[str], right: Iterable[str], span: Callable[[str], Span | None]) -> bool:
    left, right = tuple(left), tuple(right)
    return not left or not right or any(_overlap(one, other, span) for one in left for other in right)


def _within(inner: Iterable[str], outer: Iterable[str], span: Callable[[str], Span | None]) -> bool:
    inner, outer = tuple(inner), tuple(outer)
    return not outer or (bool(inner) and all(any(_holds(other, one, span) for other in outer) for one in inner))


def _overlap(one: str, other: str, span: Callable[[str], Span | None]) -> bool:
    left, right = span(one), span(other)
    if left is None or right is None:
        return one == other
    return left[0] == right[0] and left[1] <= right[2] and right[1] <= left[2]


def _holds(outer: str, inner: str, span: Callable[[str], Span | None]) -> bool:
    whole, part = span(outer), span(inner)
    if whole is None or part is None:
        return outer == inner
    return whole[0] == part[0] and whole[1] <= part[1] and part[2] <= whole[2]


def _ports(text: str) -> Span | None:
    if not text[:1].isdecimal():
        return None
    return 0, int(text.partition("-")[0]), int(text.rpartition("-")[2])


def _addresses(text: str) -> Span | None:
    try:
        if "-" in text:
            low, high = map(ipaddress.ip_address, text.split("-"))
            return low.version, int(low), int(high)
        network = ipaddress.ip_network(text)
    except ValueError:
        return None
    return network.version, int(network.network_address), int(network.broadcast_address)
