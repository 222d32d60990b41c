# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the terminal says of the report, and which version of the collection made it.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .._compliance import FAILING
from ._texts import FAILING_HOST

_COLLECTION = Path(__file__).parents[3]
_WORDS = {
    "unreachable": "could not be reached",
    "error": "could not be checked",
    "drift": "not as required",
    "ineffective": "stored as required, but not in force",
    "unknown": "as required as far as Windows tells",
    "waived": "as required but for accepted exceptions",
    "compliant": "as required",
}


def collection_version() -> str:
    """The collection's version, installed or in a checkout; empty if neither file tells."""
    manifest, source = _COLLECTION / "MANIFEST.json", _COLLECTION / "galaxy.yml"
    if manifest.is_file():
        return str(json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"])
    match = re.search(r"^version: *(\S+)", source.read_text(encoding="utf-8"), re.MULTILINE) if source.is_file() else None
    return match[1] if match else ""


def summary_lines(document: Mapping[str, Any], most: int) -> Iterator[str]:
    """A line for each status, one for each of at most so many hosts that need somebody, and what has changed."""
    hosts = document["hosts"]
    counts = document["summary"]["hosts"]
    for status, words in _WORDS.items():
        if counts[status]:
            yield f"{counts[status]:>6} of {len(hosts)} hosts {words}"
    bad = [host for host in hosts if host["status"] in FAILING_HOST]
    bad.sort(key=lambda host: list(_WORDS).index(host["status"]))
    for host in bad[:most]:
        yield f"  {host['name']}: {host['status']}{_detail(host)}"
    if len(bad) > most:
        yield f"  and {len(bad) - most} more"
    if changes := document["changes"]:
        yield f"Since {changes['since']}: {len(changes['new'])} new, {len(changes['fixed'])} fixed, {len(changes['open'])} still open" + (
            f", {len(changes['unseen'])} not looked at" if changes["unseen"] else ""
        )
    yield from (f"Note: {warning}" for warning in document["warnings"])


def _detail(host: Mapping[str, Any]) -> str:
    failing = [control for control, status in host["controls"].items() if status in FAILING]
    return f" - {', '.join(failing)}" if failing else f" - {host['message']}" if host["message"] else ""
