# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often something that takes a while is asked for.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

_FIRST, _LONGEST = 1.0, 5.0


def delays(ends: float) -> Iterator[float]:
    """Seconds to sleep before each new look, from 1 to 5, until `time.monotonic()` has come to `ends`."""
    delay = _FIRST
    while (left := ends - time.monotonic()) > 0:
        yield min(delay, left)
        delay = min(delay + _FIRST, _LONGEST)
