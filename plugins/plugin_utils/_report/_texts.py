# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all forms of the report share: the words for a status, and texts that are safe to write.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .._compliance import FAILING

# The document is described where it is made; every renderer takes it as it is.
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Status:
    """One status: `letter` stands for it where there is room for one character only."""

    key: str
    letter: str
    label: str
    meaning: str


# Worst first.
STATUSES = (
    Status("unreachable", "U", "Unreachable", "The host could not be reached, so nothing is known about it."),
    Status("error", "E", "Error", "The check itself failed."),
    Status("drift", "D", "Differs", "The stored value is not the required one."),
    Status("ineffective", "N", "No effect", "Stored as required, but something overrides it."),
    Status("unknown", "?", "Not known", "Windows does not tell."),
    Status("waived", "A", "Accepted", "It differs, and that is accepted until a date."),
    Status("compliant", "C", "As required", "Nothing is to be done."),
)
BY_KEY = {status.key: status for status in STATUSES}
RANKS = {status.key: rank for rank, status in enumerate(STATUSES)}
FAILING_HOST = FAILING | {"unreachable"}

# Everything that XML 1.0 does not allow. HTML, CSV and people have no use for it either.
_UNREADABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def clean(text: object) -> str:
    """The text with U+FFFD for control characters, lone surrogates and noncharacters; None is the empty text."""
    return "" if text is None else _UNREADABLE.sub("\ufffd", str(text))


def count(number: int, one: str, many: str = "") -> str:
    """A number and its noun: `1 host`, `5,000 hosts`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def moment(text: object) -> datetime | None:
    """A time of the document, None if it is none: earlier reports can be damaged."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def in_words(text: object, clock: bool = True) -> str:
    """A time for people: `26 November 2026, 18:00 UTC`; without `clock` the day alone."""
    found = moment(text)
    if found is None:
        return clean(text)
    day = f"{found.day} {found:%B %Y}"
    return f"{day}, {found:%H:%M} UTC" if clock else day


def findings_by_control(host: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The host's findings, under the id of their control."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for finding in host["findings"]:
        found.setdefault(finding["control"], []).append(finding)
    return found


def joined(texts: Iterable[object], separator: str = "; ") -> str:
    """The texts without empty ones and repetitions."""
    return separator.join(dict.fromkeys(clean(text) for text in texts if text))
