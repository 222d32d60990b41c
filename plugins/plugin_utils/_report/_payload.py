# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document in a compact form for the page's script: a text that occurs often is there once, and a check is one character.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .._controls import SEVERITIES
from ._texts import BY_KEY, STATUSES, Document, clean

# Inside a script element nothing is an entity, so these are written as JSON's own escapes: no text can end the element or begin a comment.
# Everything beyond ASCII is escaped by json itself, line separators and halves of characters too.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
# A control that was not looked at.
_ABSENT = "-"


class _Pool:
    """Texts by number."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def __call__(self, text: object) -> int:
        return self.texts.setdefault(clean(text), len(self.texts))


def payload(document: Document) -> str:
    """JSON that is safe inside a script element. What its lists hold is read again in page/data.js."""
    pool = _Pool()
    columns = {control["id"]: place for place, control in enumerate(document["controls"])}
    hosts = [_host(host, columns, pool) for host in document["hosts"]]
    rows = {host["name"]: place for place, host in enumerate(document["hosts"])}
    told = {
        "generated": clean(document["generated"]),
        "statuses": [[status.key, status.letter, status.label, status.meaning] for status in STATUSES],
        "severities": SEVERITIES,
        "controls": [[clean(control[key]) for key in ("id", "title", "section", "severity", "why")] for control in document["controls"]],
        "hosts": hosts,
        "changes": _changes(document["changes"], rows),
        "texts": list(pool.texts),
    }
    return json.dumps(told, separators=(",", ":")).translate(_ESCAPES)


def _host(host: Mapping[str, Any], columns: Mapping[str, int], pool: _Pool) -> list[object]:
    cells = [_ABSENT] * len(columns)
    for control, status in host["controls"].items():
        if control in columns:
            cells[columns[control]] = BY_KEY[status].letter
    return [
        clean(host["name"]),
        clean(host["computer"]),
        [pool(group) for group in host["groups"]],
        BY_KEY[host["status"]].letter,
        pool(host["message"]),
        "".join(cells),
        [_finding(finding, columns, pool) for finding in host["findings"]],
    ]


def _finding(finding: Mapping[str, Any], columns: Mapping[str, int], pool: _Pool) -> list[object]:
    waiver = finding["waiver"]
    return [
        columns.get(finding["control"], -1),
        BY_KEY[finding["status"]].letter,
        BY_KEY[finding["found"]].letter,
        pool(finding["resource"]),
        pool(finding["explanation"]),
        [_pooled(difference, ("setting", "stored", "required"), pool) for difference in finding["differences"]],
        [_pooled(override, ("what", "stored", "effective", "by", "fix"), pool) for override in finding["overrides"]],
        _pooled(waiver, ("reason", "expires"), pool) if waiver else 0,
        pool(finding["since"]),
    ]


def _pooled(entry: Mapping[str, Any], keys: Sequence[str], pool: _Pool) -> list[int]:
    return [pool(entry[key]) for key in keys]


def _changes(changes: Mapping[str, Any] | None, rows: Mapping[str, int]) -> dict[str, list[int]]:
    """The hosts of each list, by their place; a host that is not in this report can't be shown."""
    if changes is None:
        return {}
    return {key: sorted({rows[entry["host"]] for entry in changes[key] if entry["host"] in rows}) for key in ("new", "fixed", "open", "unseen")}
