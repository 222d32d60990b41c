# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A restart of the host, as a resource of module reboot alone: needed, or not.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from .._host import Boot, Host, RestartTerms, last_boot, order_restart, wait_until_back
from .._host._commands import UNSAFE
from .._plan import BadRequest, Change, Resource, State

_SHORTEST_DELAY, _LONGEST_MESSAGE = 2, 512


class Restart(Resource[Host]):
    """`restart`: needed before, not needed after; what has been done in this task is not needed again."""

    kind = "restart"
    name = "Windows"
    may_restart = True

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as module reboot takes them."""
        _check(options)
        self._options = options
        self._terms = RestartTerms(options["msg"], options["delay"], float(options["timeout"]), float(options["connect_timeout"]), options["wait_for_services"])
        self._reasons: tuple[str, ...] | None = None
        self._before: Boot | None = None
        self._after: Boot | None = None
        self._seconds = 0.0

    def read(self, host: Host) -> State | None:
        """Whether a restart is due, by the host's own reasons and by what was asked."""
        if self._reasons is None:
            self._reasons = self._why(host)
        due = self._after is None and bool(self._reasons)
        return {"restart": "needed" if due else "not needed"}

    def want(self, have: State | None) -> State | None:
        """Nothing left to restart for."""
        return {"restart": "not needed"}

    def apply(self, host: Host, change: Change) -> None:
        """Order it, and wait until the host is another start of itself and ready."""
        self._before = last_boot(host)
        ordered = time.monotonic()
        order_restart(host, self._terms)
        self._after = wait_until_back(host, self._terms, self._before, ordered)
        time.sleep(self._options["settle"])
        self._seconds = time.monotonic() - ordered

    def facts(self) -> dict[str, Any]:
        """The part of the module's result that is its own."""
        return {
            "rebooted": self._after is not None,
            "reasons": list(self._reasons or ()),
            "elapsed": round(self._seconds),
            "boot_time_before": _shown(self._before),
            "boot_time_after": _shown(self._after),
        }

    def _why(self, host: Host) -> tuple[str, ...]:
        renames = ("file_renames",) if self._options["file_renames"] and host.restart.file_renames() else ()
        asked = ("always",) if self._options["when"] == "always" else ()
        requested = ("requested",) if self._options["requested"] else ()
        return (*host.restart.reasons(), *renames, *requested, *asked)


def _check(options: Mapping[str, Any]) -> None:
    """Refuse what shutdown.exe would, before anything is sent.

    Raises:
        BadRequest: an option can't be meant like this.
    """
    lowest = {"delay": _SHORTEST_DELAY, "timeout": 1, "settle": 0, "connect_timeout": 1}
    for name, least in lowest.items():
        if options[name] < least:
            raise BadRequest(f"{name} is {options[name]}, and has to be at least {least}.")
    message = options["msg"]
    if not message.strip() or len(message) > _LONGEST_MESSAGE or UNSAFE.search(message) or message.endswith("\\"):
        raise BadRequest(
            f"msg has to have 1 to {_LONGEST_MESSAGE} characters on one line, without quotation marks and percent signs, and no backslash at its end."
        )


def _shown(boot: Boot | None) -> str | None:
    return boot.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if boot else None
