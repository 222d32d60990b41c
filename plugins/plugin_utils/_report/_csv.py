# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a table for spreadsheets (RFC 4180).

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._texts import Document, clean, findings_by_control, joined

COLUMNS = (
    "host computer groups control title section severity status found resource stored required effective overridden_by fix waiver_reason waiver_expires since "
    "explanation"
).split()
# Without it, Excel takes the file for one in the machine's old code page.
BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet take a cell for a formula; the last four are the full-width forms that Excel accepts too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def render_csv(document: Document) -> str:
    """One row for each host and control, and one for each host of which nothing is known; lines end with CR LF."""
    target = io.StringIO()
    target.write(BYTE_ORDER_MARK)
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for host in document["hosts"]:
        for row in _rows(host, document["controls"]):
            writer.writerow([_cell(row.get(column)) for column in COLUMNS])
    return target.getvalue()


def _rows(host: Mapping[str, Any], controls: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, object]]:
    base = {"host": host["name"], "computer": host["computer"], "groups": joined(host["groups"], ", ")}
    if host["status"] in ("unreachable", "error") and host["message"]:
        yield {**base, "status": host["status"], "found": host["status"], "explanation": host["message"]}
    findings = findings_by_control(host)
    for control in controls:
        if status := host["controls"].get(control["id"]):
            about = {"control": control["id"], "title": control["title"], "section": control["section"], "severity": control["severity"]}
            yield {**base, **about, "status": status, **_told(findings.get(control["id"], []), status)}


def _told(findings: Sequence[Mapping[str, Any]], status: str) -> dict[str, object]:
    """What the findings of one control say, in one row."""
    differences = [difference for finding in findings for difference in finding["differences"]]
    overrides = [override for finding in findings for override in finding["overrides"]]
    waivers = [finding["waiver"] for finding in findings if finding["waiver"]]
    return {
        "found": joined(finding["found"] for finding in findings) or status,
        "resource": joined(finding["resource"] for finding in findings),
        "stored": joined(
            [f"{difference['setting']}: {difference['stored']}" for difference in differences]
            or [f"{override['what']}: {override['stored']}" for override in overrides]
        ),
        "required": joined(f"{difference['setting']}: {difference['required']}" for difference in differences),
        "effective": joined(f"{override['what']}: {override['effective'] or 'not told by Windows'}" for override in overrides),
        "overridden_by": joined(override["by"] for override in overrides),
        "fix": joined((override["fix"] for override in overrides), " "),
        "waiver_reason": joined(waiver["reason"] for waiver in waivers),
        "waiver_expires": min((str(waiver["expires"]) for waiver in waivers), default=""),
        "since": min((str(finding["since"]) for finding in findings if finding["since"]), default=""),
        "explanation": joined((finding["explanation"] for finding in findings), " "),
    }


def _cell(value: object) -> str:
    text = clean(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
