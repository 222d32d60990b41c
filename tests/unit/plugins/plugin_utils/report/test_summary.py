# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page says at once."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import _summary, _trend
from browser import documents


def _host(name: str, status: str) -> dict[str, Any]:
    findings = [] if status == "compliant" else [documents.finding("codec", status, "codec TSCC", "Text.", 0)]
    return documents.host(name, [], ["codec"], findings)


def _away(name: str) -> dict[str, Any]:
    return documents.host(name, [], [], [], status="unreachable", message="No answer.")


@pytest.mark.parametrize(
    ("hosts", "verdict"),
    [
        ([], "No host was looked at."),
        ([_host("a", "compliant")], "The host is as required."),
        ([_host("a", "compliant"), _host("b", "compliant")], "All 2 hosts are as required."),
        ([_host("a", "compliant"), _host("b", "waived")], "All 2 hosts are as required; 1 accepted exception."),
        ([_host("a", "drift"), _host("b", "compliant")], "1 of 2 hosts differs from what is required."),
        ([_host("a", "drift"), _host("b", "ineffective"), _away("c")], "2 of 3 hosts differ from what is required; 1 could not be reached."),
        ([_host("a", "compliant"), _away("b")], "1 of 2 hosts is as required; 1 could not be reached."),
        ([_host("a", "error"), _host("b", "unknown")], "0 of 2 hosts are as required; on 1 the check failed; on 1 Windows does not tell everything."),
    ],
)
def test_the_verdict_is_one_sentence(hosts: list[dict[str, Any]], verdict: str) -> None:
    """It counts what differs, what could not be told, and what is accepted, and says nothing of what is not there."""
    assert _summary.verdict(documents.document(hosts)) == verdict


def test_numbers_are_readable() -> None:
    """Thousands have a separator."""
    assert _summary.verdict(documents.document([_host(f"h{number}", "compliant") for number in range(1200)])) == "All 1,200 hosts are as required."


def test_worst_hosts_have_the_most_severe_failures() -> None:
    """One critical control outweighs any number of lighter ones; an exception and an unreachable host fail nothing."""

    def of(name: str, *controls: str, status: str = "drift") -> dict[str, Any]:
        return documents.host(name, [], ["wmi-service", *controls], [documents.finding(control, status, "x", "Text.", 0) for control in controls])

    hosts = [
        of("light", "codec", "media-foundation", "antivirus-agent"),
        of("severe", "agent-package"),
        of("fine", "agent-server", status="waived"),
        _away("away"),
    ]
    worst = _summary.worst_hosts(documents.document(hosts))
    assert [(host["name"], host["numbers"]) for host in worst] == [("severe", [1, 0, 0, 0]), ("light", [0, 0, 1, 2])]
    assert worst[0]["first"] == "The agent is installed in the required version"


def test_at_most_ten_hosts_are_the_worst() -> None:
    """The list is for a look, not for work."""
    assert len(_summary.worst_hosts(documents.document([_host(f"h{number}", "drift") for number in range(30)]))) == 10


def test_one_host_of_thousands_can_be_seen_in_a_bar() -> None:
    """A part is never thinner than can be seen, and the parts fill the bar."""
    hosts = [_host(f"h{number}", "compliant") for number in range(3000)] + [_host("x", "drift")]
    (row,) = [control for control in _summary.controls(documents.document(hosts)) if control["id"] == "codec"]
    widths = [float(part["width"]) for part in row["parts"]]
    assert widths[0] > 0.019
    assert sum(widths) == pytest.approx(1, abs=0.001)
    assert row["words"] == "Differs 1, As required 3,000"


def test_lists_of_changes_are_cut_and_say_so() -> None:
    """The count is of all entries, and what is left out is counted."""
    entries = [{"host": f"h{number}", "control": "codec"} for number in range(120)]
    changes = {"since": "2026-11-25T18:00:00Z", "new": entries, "fixed": [], "open": [], "unseen": []}
    found = _summary.changes(documents.document([_host("h1", "drift")], changes=changes))
    assert found is not None
    new = found["lists"][0]
    assert (new["count"], len(new["entries"]), new["more"]) == (120, 50, 70)
    assert [bool(entry["link"]) for entry in new["entries"][:3]] == [False, True, False]


def test_there_is_no_trend_of_one_report() -> None:
    """A chart needs two points that have a time."""
    assert _trend.trend(documents.document([])) is None
    assert _trend.trend(documents.document([], trend=[{"generated": "nonsense", "hosts": {}, "checks": {}}] * 2)) is None


def test_the_trend_says_in_words_what_it_draws() -> None:
    """First, last and highest number, so that nobody needs to see the chart."""
    found = _trend.trend(documents.small() | {"trend": documents.small()["trend"][:1] + documents.small()["trend"][4:]})
    assert found is not None
    assert found["text"] == "Failing hosts in 9 reports: 6 of 8 on 15 November 2026, 3 of 8 on 26 November 2026."
    assert found["top"] == 6


def test_the_trend_tells_the_highest_number_between() -> None:
    """A worse day between two good ones is not lost."""
    reports = documents.small()["trend"]
    for report, failing in zip(reports, [1, 2, 7, *[1] * 9], strict=True):
        report["hosts"] = {"drift": failing, "compliant": 8 - failing}
    found = _trend.trend({"trend": reports})
    assert found is not None
    assert found["text"].endswith("and at most 7 on 17 November 2026.")
