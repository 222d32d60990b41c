# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: one entry for every write that a caller made on a host."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Journal:
    """Writes in the order they happened.

    An entry is ``{sequence, time, account, kind, target, detail}``. A write that sets what is there already is an entry too:
    the journal counts what callers did, and a client that writes without need must be seen. What Windows does by itself
    (an idle stop, the registry image of a service or rule) is not an entry.
    """

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.account = "NT AUTHORITY\\SYSTEM"
        self._sequence = 0

    def write(self, kind: str, target: str, detail: Any = None) -> None:
        """Add one entry in the name of the acting account."""
        self._sequence += 1
        entry = {"sequence": self._sequence, "time": time.time(), "account": self.account, "kind": kind, "target": target, "detail": detail}
        self.entries.append(entry)

    def clear(self) -> None:
        """Forget the entries; the sequence goes on."""
        self.entries.clear()

    @contextmanager
    def acting(self, account: str) -> Iterator[None]:
        """Attribute the entries made inside to ``account``."""
        before, self.account = self.account, account
        try:
            yield
        finally:
            self.account = before
