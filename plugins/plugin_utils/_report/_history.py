# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Earlier reports: reading one, and what has changed since.

A report carries the trend of those before it, so that only the newest has to be read.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .._compliance import FAILING

# Two years of one report a day.
_LONGEST = 730


class DamagedReport(Exception):
    """An earlier report can't be used; the text is one sentence for the person who runs the play."""


def read_report(path: Path, schema: str, version: int) -> dict[str, Any]:
    """An earlier report.

    Raises:
        DamagedReport: it can't be read, is no report, or is one of a newer version.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DamagedReport(f"The earlier report {path} can't be read ({error.strerror}); this one is compared with none.") from error
    except ValueError as error:
        raise DamagedReport(f"The earlier report {path} is damaged ({error}); this one is compared with none. Remove it, or restore it.") from error
    if not isinstance(document, dict) or document.get("schema") != schema:
        raise DamagedReport(f"{path} is no compliance report; this one is compared with none.")
    if document.get("schema_version") != version:
        raise DamagedReport(f"The earlier report {path} is of version {document.get('schema_version')}, and this is {version}; they are not compared.")
    if (reason := _fault(document)) is not None:
        raise DamagedReport(f"The earlier report {path} is damaged ({reason}); this one is compared with none. Remove it, or restore it.")
    return document


def _fault(document: Mapping[str, Any]) -> str | None:
    """What is wrong with the parts that are compared."""
    try:
        names = [str(host["name"]) for host in document["hosts"]]
        for host in document["hosts"]:
            dict(host["controls"])
            [(finding["control"], finding["resource"], finding["since"]) for finding in host["findings"]]
        [(entry["host"], entry["control"], entry["resource"], entry["since"]) for entry in document["carried"]]
        [(entry["generated"], dict(entry["hosts"]), dict(entry["checks"])) for entry in document["trend"]]
        str(document["generated"])
    except (KeyError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) != len(names) else []
    return f"it has the host {twice[0]} twice" if twice else None


def first_seen(previous: Mapping[str, Any] | None) -> dict[tuple[str, str, str], str]:
    """Since when each finding of the report before is known, by host, control and resource."""
    if previous is None:
        return {}
    found = {(host["name"], finding["control"], finding["resource"]): finding["since"] for host in previous["hosts"] for finding in host["findings"]}
    return found | {(entry["host"], entry["control"], entry["resource"]): entry["since"] for entry in previous["carried"]}


def carried_over(previous: Mapping[str, Any] | None, document: Mapping[str, Any], inventory: Iterable[str]) -> list[dict[str, str]]:
    """The findings of before that nobody has looked at this time, of hosts that are still in the inventory: neither fixed nor forgotten."""
    if previous is None:
        return []
    seen, names = set(_looked_at(document)), set(inventory)
    found = [
        {"host": host["name"], "control": finding["control"], "resource": finding["resource"], "since": finding["since"]}
        for host in previous["hosts"]
        for finding in host["findings"]
        if finding["status"] in FAILING
    ]
    return [entry for entry in (*found, *previous["carried"]) if entry["host"] in names and (entry["host"], entry["control"]) not in seen]


def changes_since(previous: Mapping[str, Any] | None, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is new, fixed, still open, and what could not be compared because it was not looked at this time."""
    if previous is None:
        return None
    before, now, unseen = set(_failing(previous)), set(_failing(document)), set(_carried(document))
    before |= set(_carried(previous))
    return {
        "since": previous["generated"],
        "new": _listed(now - before),
        "fixed": _listed((before & set(_looked_at(document))) - now),
        "open": _listed(before & now),
        "unseen": _listed(unseen),
    }


def trend_of(previous: Mapping[str, Any] | None, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The earlier reports' counts, oldest first, and those of this one."""
    entry = {"generated": document["generated"], **document["summary"]}
    return [*(previous["trend"] if previous else ()), entry][-_LONGEST:]


def _failing(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((host["name"], control) for host in document["hosts"] for control, status in host["controls"].items() if status in FAILING)


def _looked_at(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((host["name"], control) for host in document["hosts"] for control in host["controls"])


def _carried(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((entry["host"], entry["control"]) for entry in document["carried"])


def _listed(pairs: set[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"host": host, "control": control} for host, control in sorted(pairs)]
