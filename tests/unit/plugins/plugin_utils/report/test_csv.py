# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import render_csv
from browser import documents


def _rows(document: dict[str, Any]) -> list[dict[str, str]]:
    text = render_csv(document)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def test_one_row_for_each_check_and_one_for_each_host_of_which_nothing_is_known() -> None:
    """Every control that was looked at has a row, and an unreachable host has one that says why."""
    document = documents.small()
    rows = _rows(document)
    assert len(rows) == sum(len(host["controls"]) for host in document["hosts"]) + 1
    (away,) = [row for row in rows if row["status"] == "unreachable"]
    assert (away["host"], away["control"], away["explanation"]) == ("pc12", "", "Connection refused on port 5986: is WinRM switched on?")


def test_a_row_tells_the_whole_finding() -> None:
    """Several differences of one control stand in one cell, each with its setting."""
    (row,) = [row for row in _rows(documents.small()) if (row["host"], row["control"]) == ("ws2019", "remote-registry")]
    assert row["stored"] == "start_mode: disabled; state: stopped"
    assert row["required"] == "start_mode: auto; state: running"
    assert (row["computer"], row["groups"], row["severity"]) == ("WS2019", "audited_computers, servers", "critical")
    assert row["since"] == "2026-11-20T18:00:00Z"


def test_a_row_tells_what_is_in_force() -> None:
    """What overrides a stored value is told with what to do."""
    (row,) = [row for row in _rows(documents.small()) if row["status"] == "ineffective"]
    assert (row["stored"], row["effective"]) == ("Domain profile: allowed", "Domain profile: no effect")
    assert row["overridden_by"].startswith("Group Policy 'Server baseline 2026'")
    assert row["fix"] == "Add the rule to that Group Policy object, or let it merge local rules."


def test_an_exception_is_told_with_what_it_hides() -> None:
    """An accepted exception keeps its reason, its end and what would be found without it."""
    (row,) = [row for row in _rows(documents.small()) if (row["host"], row["status"]) == ("ws2016", "waived")]
    assert (row["found"], row["waiver_expires"]) == ("drift", "2027-01-31")
    assert row["waiver_reason"].startswith("Change 4711")


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_is_a_formula(lead: str) -> None:
    """What a spreadsheet would calculate has an apostrophe before it."""
    rows = _rows(documents.hostile(f"{lead}1+1"))
    cells = [cell for row in rows for cell in row.values()]
    assert f"'{lead}1+1" in cells
    assert not [cell for cell in cells if cell.startswith(lead)]


@pytest.mark.parametrize("text", ['a "b", c', "two\r\nlines", "\x00\x1b[31m", "\ud800", "\U0001f4a5", "\u202eabc"])
def test_any_text_keeps_the_shape(text: str) -> None:
    """Quotes, commas, line ends and characters that nobody can read make no new cell and no new row."""
    rows = _rows(documents.hostile(text))
    assert len(rows) == 2
    assert all(None not in row for row in rows)
    render_csv(documents.hostile(text)).encode("utf-8")


def test_lines_end_as_the_standard_says() -> None:
    """RFC 4180: CR LF after every row, the last one too."""
    text = render_csv(documents.small())
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
