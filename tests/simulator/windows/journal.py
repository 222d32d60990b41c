# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: one entry for every write that a caller made on a host."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Kinds of entries that are no writes.
UNCOUNTED = frozenset(("hive", "policy"))


class _Actor(threading.local):
    """Whose work this thread does: a command that waits for its input must not lend its account to another one."""

    account = "NT AUTHORITY\\SYSTEM"


class Journal:
    """Writes in the order they happened.

    An entry is ``{sequence, time, account, kind, target, detail}``. A write that sets what is there already is an entry too:
    the journal counts what callers did, and a client that writes without need must be seen. What Windows does by itself
    (an idle stop, the registry image of a service or rule) is not an entry.
    """

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._actor = _Actor()
        self._sequence = 0

    def write(self, kind: str, target: str, detail: Any = None) -> None:
        """Add one entry in the name of the acting account."""
        self._sequence += 1
        entry = {"sequence": self._sequence, "time": time.time(), "account": self._actor.account, "kind": kind, "target": target, "detail": detail}
        self.entries.append(entry)

    @property
    def writes(self) -> int:
        """How many entries changed a setting of their own: to load and unload a hive does not, nor to fetch the domain's policies."""
        return sum(entry["kind"] not in UNCOUNTED for entry in self.entries)

    def clear(self) -> None:
        """Forget the entries; the sequence goes on."""
        self.entries.clear()

    @contextmanager
    def acting(self, account: str) -> Iterator[None]:
        """Attribute the entries made inside to ``account``."""
        before, self._actor.account = self._actor.account, account
        try:
            yield
        finally:
            self._actor.account = before
