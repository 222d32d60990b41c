# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits that a request can set, and quotas of the service (surface 1.11)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ..windows import Account, Limits
from .envelope import Request
from .faults import QUOTA_OPERATIONS, QUOTA_SHELLS, Fault, WmiError

# What Windows 2008 to 2022 put into one Pull although more was allowed: about 50 services (surface 1.5).
PULL_BYTES = 75_000
ENVELOPE_RESERVE = 2_000


def timeout_of(request: Request, limits: Limits) -> float:
    """Seconds that this operation may take: OperationTimeout, cut to MaxTimeoutms, which is also the default."""
    longest = limits.MaxTimeoutms / 1000
    return min(request.timeout or longest, longest)


def envelope_of(request: Request, limits: Limits) -> int:
    """Bytes that the answer may have: the client's MaxEnvelopeSize, cut to the service's."""
    allowed = limits.MaxEnvelopeSizekb * 1024
    return min(request.max_envelope or allowed, allowed)


def too_many_shells(limits: Limits) -> Fault:
    """One shell more than MaxShellsPerUser, reported as MSFT_WmiError (surface 1.10, winrb)."""
    message = (
        f"The WS-Management service cannot process the request. The maximum number of concurrent shells for this user has been exceeded. "
        f"Close existing shells or raise the quota for this user. This user is allowed a maximum number of {limits.MaxShellsPerUser} concurrent shells. "
    )
    # The recorded fault carries no RelatesTo.
    return Fault(QUOTA_SHELLS, message, error=WmiError(27, message, QUOTA_SHELLS), relates=False)


class Operations:
    """Operations in progress per account: requests being answered and enumerations left open."""

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.MaxConcurrentOperationsPerUser
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one(self, account: Account, open_enumerations: int) -> Iterator[None]:
        """Count one operation; raises the quota fault if it is one too many."""
        with self._lock:
            if self._running[account.qualified] + open_enumerations >= self._limit:
                raise Fault(QUOTA_OPERATIONS, f"This user has exceeded the allowed number of concurrent operations. The limit is {self._limit}. ")
            self._running[account.qualified] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[account.qualified] -= 1
