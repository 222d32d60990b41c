# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a host counts as restarted, and how it is looked at until then, by a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._reboot import Boot, TooLate, until_done
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import ConnectionFailed

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _boot(up: float, clock: float = 0.0) -> Boot:
    """A host that has been up so many seconds when its clock shows noon and `clock` seconds."""
    now = NOON + timedelta(seconds=clock)
    return Boot(now - timedelta(seconds=up), now)


@pytest.mark.parametrize(
    ("after", "elapsed", "restarted"),
    [
        (_boot(5, 60), 60, True),
        (_boot(7260, 60), 60, False),
        (_boot(7260.4, 60), 60, False),
        (_boot(7260, 60 + 5000), 60, False),
        (_boot(7260, 60 - 5000), 60, False),
        (_boot(5, 60 - 5000), 60, True),
        (_boot(5, 60 + 5000), 60, True),
        (_boot(90, 60), 60, False),
    ],
    ids=["restarted", "not yet", "jitter", "clock forward", "clock back", "restarted, clock back", "restarted, clock forward", "started before the order"],
)
def test_a_restart_is_told_by_the_time_that_the_host_is_up(after: Boot, elapsed: float, *, restarted: bool) -> None:
    """A clock that is set moves LastBootUpTime, but not the time that the host has been up; a start before the order is none of ours."""
    assert after.follows(_boot(7200), elapsed) is restarted


class Clock:
    """Time that passes by sleeping, and by looking."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        """Pass the time."""
        self.slept.append(seconds)
        self.time += seconds


def _wait(looks: Iterator[str | Exception], timeout: float, first: float = 2.0, cost: float = 0.0) -> Clock:
    clock = Clock()

    def look() -> str:
        clock.time += cost
        seen = next(looks)
        if isinstance(seen, Exception):
            raise seen
        return seen

    until_done(look, timeout, first=first, clock=clock, sleep=clock.sleep)
    return clock


def test_a_host_that_cannot_be_talked_to_is_looked_at_again_at_growing_distances() -> None:
    """The first look comes after the delay; the distance grows to 5 seconds and no further."""
    clock = _wait(iter([ConnectionFailed("refused")] * 6 + [""]), 600)
    assert clock.slept == pytest.approx([2, 1, 1.5, 2.25, 3.375, 5, 5])


def test_the_time_limit_holds_and_tells_what_was_seen_last() -> None:
    """The last look is at the limit, not long after it, whatever a look costs."""
    with pytest.raises(TooLate, match="it hangs"):
        _wait(iter([ConnectionFailed("refused"), *["it hangs"] * 99]), 30, cost=2)
    looks = iter(["x"] * 99)
    with pytest.raises(TooLate):
        _wait(looks, 10)
    assert sum(1 for _left in looks) >= 93


def test_other_errors_are_not_waited_for() -> None:
    """Only what the network does is expected."""
    with pytest.raises(ZeroDivisionError):
        _wait(iter([ZeroDivisionError()]), 10)
