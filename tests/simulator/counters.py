# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went over the wire, per host."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, fields


@dataclass
class Counters:
    """Totals since the start or the last reset.

    ``bytes_*`` are HTTP bodies as they stand on the wire (encrypted ones included), ``wire_*`` HTTP heads and bodies without TLS' own share;
    ``http_requests`` includes the requests of authentication, ``wsman_messages`` are SOAP messages answered.
    """

    http_requests: int = 0
    wsman_messages: int = 0
    bytes_received: int = 0
    bytes_sent: int = 0
    wire_received: int = 0
    wire_sent: int = 0
    connections: int = 0
    tls_handshakes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def add(self, **amounts: int) -> None:
        """Add to the named counters."""
        with self._lock:
            for name, amount in amounts.items():
                setattr(self, name, getattr(self, name) + amount)

    def reset(self) -> None:
        """Set all to zero."""
        with self._lock:
            for name in COUNTED:
                setattr(self, name, 0)

    def read(self) -> dict[str, int]:
        """A copy of all counters."""
        with self._lock:
            return {name: getattr(self, name) for name in COUNTED}


COUNTED = tuple(item.name for item in fields(Counters) if not item.name.startswith("_"))


def total(counters: list[dict[str, int]]) -> dict[str, int]:
    """The sum of several readings."""
    names = {name for reading in counters for name in reading}
    return {name: sum(reading.get(name, 0) for reading in counters) for name in sorted(names)}
