# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page says before anybody clicks: the verdict, counts, controls, worst hosts and changes.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from .._compliance import FAILING
from .._controls import SEVERITIES
from ._texts import STATUSES, Document, clean, count

WORST_HOSTS = 10
LISTED = 50
LEAST_SHARE = 0.02
_CHANGES = (
    ("new", "New", "as required before, not any more"),
    ("fixed", "Fixed", "not as required before, and now it is"),
    ("open", "Still open", "not as required before, and still not"),
    ("unseen", "Not looked at", "not as required before, and this time nobody could look"),
)


def verdict(document: Document) -> str:
    """The result in one plain sentence."""
    total = len(document["hosts"])
    if not total:
        return "No host was looked at."
    hosts = document["summary"]["hosts"]
    differing = hosts["drift"] + hosts["ineffective"]
    parts = [_first_part(total, differing, hosts)]
    if hosts["error"]:
        parts.append(f"on {hosts['error']:,} the check failed")
    if hosts["unreachable"]:
        parts.append(f"{hosts['unreachable']:,} could not be reached")
    if hosts["unknown"]:
        parts.append(f"on {hosts['unknown']:,} Windows does not tell everything")
    if accepted := document["summary"]["checks"]["waived"]:
        parts.append(count(accepted, "accepted exception"))
    return f"{'; '.join(parts)}."


def _first_part(total: int, differing: int, hosts: Mapping[str, int]) -> str:
    if differing:
        return f"{differing:,} of {count(total, 'host')} {'differs' if differing == 1 else 'differ'} from what is required"
    good = hosts["compliant"] + hosts["waived"]
    if good == total:
        return f"All {count(total, 'host')} are as required" if total > 1 else "The host is as required"
    return f"{good:,} of {count(total, 'host')} {'is' if good == 1 else 'are'} as required"


def kind(document: Document) -> str:
    """Whether the hosts were changed, in a sentence."""
    if document["mode"] == "check":
        return "This was a check: it looked at the hosts and changed nothing."
    return "This was a rollout: what differed was changed, and this is what is left."


def tiles(document: Document) -> list[dict[str, Any]]:
    """The hosts of each status."""
    hosts = document["summary"]["hosts"]
    return [{"key": status.key, "letter": status.letter, "label": status.label, "meaning": status.meaning, "count": hosts[status.key]} for status in STATUSES]


def controls(document: Document) -> list[dict[str, Any]]:
    """Each control with its number and the hosts of each status as parts of a bar that is 1 wide."""
    numbers = Counter((control, status) for host in document["hosts"] for control, status in host["controls"].items())
    return [
        {**control, "number": place, "link": link(control=control["id"]), **_bar(control["id"], numbers)}
        for place, control in enumerate(document["controls"], 1)
    ]


def _bar(control: str, numbers: Counter[tuple[str, str]]) -> dict[str, Any]:
    there = [(status, number) for status in STATUSES if (number := numbers[control, status.key])]
    widths = _widths([number for status, number in there])
    parts = [
        {"key": status.key, "label": status.label, "count": number, "x": x, "width": width, "link": link(status=status.key, control=control)}
        for (status, number), (x, width) in zip(there, widths, strict=True)
    ]
    failing = sum(numbers[control, status] for status in FAILING)
    words = ", ".join(f"{status.label} {number:,}" for status, number in there)
    return {"parts": parts, "failing": failing, "words": words}


def _widths(numbers: Sequence[int]) -> list[tuple[str, str]]:
    """Where each part begins and how wide it is; one host of thousands can still be seen, so small parts are wider than they are."""
    shares = [max(number / sum(numbers), LEAST_SHARE) for number in numbers]
    scaled = [share / sum(shares) for share in shares]
    return [(f"{sum(scaled[:place]):.4f}", f"{share:.4f}") for place, share in enumerate(scaled)]


def worst_hosts(document: Document) -> list[dict[str, Any]]:
    """Those with the most severe failing controls, at most ten."""
    severities = {control["id"]: control["severity"] for control in document["controls"]}
    titles = {control["id"]: control["title"] for control in document["controls"]}
    found = []
    for host in document["hosts"]:
        failing = [control for control, status in host["controls"].items() if status in FAILING]
        if failing:
            numbers = Counter(severities.get(control, "") for control in failing)
            failing.sort(key=lambda control: _severity_rank(severities.get(control)))
            first = titles.get(failing[0], failing[0])
            found.append((tuple(-numbers[severity] for severity in SEVERITIES), host["name"], numbers, first))
    found.sort(key=lambda entry: entry[:2])
    return [
        {"name": name, "link": link(host=name), "numbers": [numbers[severity] for severity in SEVERITIES], "first": first}
        for order, name, numbers, first in found[:WORST_HOSTS]
    ]


def _severity_rank(severity: str | None) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def changes(document: Document) -> dict[str, Any] | None:
    """What is different from the previous report; the lists are cut, and `more` says by how many. None if there is no earlier report."""
    if document["changes"] is None:
        return None
    titles = {control["id"]: control["title"] for control in document["controls"]}
    present = {host["name"] for host in document["hosts"]}
    lists = []
    for key, label, meaning in _CHANGES:
        entries: Sequence[Mapping[str, str]] = document["changes"][key]
        listed = [_change(entry, titles, present) for entry in entries[:LISTED]]
        shown = any(entry["host"] in present for entry in entries)
        lists.append(
            {"key": key, "label": label, "meaning": meaning, "count": len(entries), "entries": listed, "more": len(entries) - len(listed), "shown": shown}
        )
    return {"since": document["changes"]["since"], "lists": lists}


def _change(entry: Mapping[str, str], titles: Mapping[str, str], present: set[str]) -> dict[str, str]:
    host, control = entry["host"], entry["control"]
    return {"host": host, "title": titles.get(control, control), "link": link(host=host) if host in present else ""}


def link(**state: str) -> str:
    """The address, inside the page, of a filtered view or of a host."""
    return "#" + "&".join(f"{key}={quote(clean(value), safe='')}" for key, value in state.items())
