# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports on record as a small chart: failing hosts over time.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ._texts import FAILING_HOST, Document, count, in_words, moment

WIDTH, HEIGHT = 480, 96
_LEFT, _RIGHT, _TOP, _BOTTOM = 4, 476, 8, 88
# More dots than this are a caterpillar.
_DOTTED = 40
_LISTED = 30


def trend(document: Document) -> dict[str, Any] | None:
    """The chart's coordinates and its text; None with fewer than two reports that have a time."""
    reports = [(when, report) for report in document["trend"] if (when := moment(report["generated"]))]
    if len(reports) < 2:
        return None
    figures = [(when, *_failing(report)) for when, report in reports]
    top = max(1, *(failing for when, failing, total in figures))
    points = [(_x(when, figures[0][0], figures[-1][0]), _y(failing, top)) for when, failing, total in figures]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    area = f"{_LEFT},{_BOTTOM} {line} {points[-1][0]:.1f},{_BOTTOM}"
    rows = [
        {"when": in_words(when.isoformat()), "day": in_words(when.isoformat(), clock=False), "failing": failing, "total": total}
        for when, failing, total in figures
    ]
    dots = points if len(points) <= _DOTTED else points[-1:]
    return {"line": line, "area": area, "dots": dots, "top": top, "rows": rows[: -_LISTED - 1 : -1], "text": _text(figures), "first": rows[0], "last": rows[-1]}


def _failing(report: Mapping[str, Any]) -> tuple[int, int]:
    """How many hosts fail, of how many."""
    hosts: Mapping[str, int] = report["hosts"]
    return sum(number for status, number in hosts.items() if status in FAILING_HOST), sum(hosts.values())


def _x(when: datetime, first: datetime, last: datetime) -> float:
    span = (last - first).total_seconds()
    return _LEFT + (_RIGHT - _LEFT) * ((when - first).total_seconds() / span if span else 1.0)


def _y(failing: int, top: int) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * failing / top


def _text(figures: Sequence[tuple[datetime, int, int]]) -> str:
    """The chart in words, for those who can't see it."""
    (first, failed, of), (last, fails, total) = figures[0], figures[-1]
    worst = max(figures, key=lambda figure: figure[1])
    days = in_words(first.isoformat(), clock=False), in_words(last.isoformat(), clock=False)
    told = f"Failing hosts in {count(len(figures), 'report')}: {failed:,} of {of:,} on {days[0]}, {fails:,} of {total:,} on {days[1]}"
    if worst[1] > max(failed, fails):
        told += f", and at most {worst[1]:,} on {in_words(worst[0].isoformat(), clock=False)}"
    return f"{told}."
