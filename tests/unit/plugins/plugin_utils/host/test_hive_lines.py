# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that load a hive: whatever fails, it is unloaded, and what came of each step is told apart."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._hive_lines import Batch, HiveLine, batches
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._registry import RegistryValue
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest

FILE = "C:\\Users\\anna\\NTUSER.DAT"


def _line(file: str = FILE) -> HiveLine:
    return HiveLine("uamops-S-1-5-21-1", file)


def test_a_failed_step_keeps_nothing_from_being_unloaded() -> None:
    """Commands are joined by `&`; leftovers are unloaded first; the unload is tried three times."""
    text = Batch([_line().query(["Software\\X"])], mark="M").text(["uamops-old"])
    commands = text.split(" & reg ")
    assert commands[0] == 'reg unload "HKU\\uamops-old" >nul 2>nul'
    assert text.count('reg unload "HKU\\uamops-S-1-5-21-1"') == 3
    assert "&&" not in text.replace("&& echo M+|| echo M-", "")


def test_answers_are_told_apart() -> None:
    """Loaded, read, not there, unloaded; a line that was cut off is an error."""
    batch = Batch([_line().query(["Software\\X", "Software\\Y"])], mark="M")
    [answer] = batch.answers("Done.\r\nM+\r\ntext\r\nM+\r\nM-\r\nM+\r\nM-\r\n", "host")
    assert (answer.loaded, answer.sections, answer.unloaded, answer.still) == (True, ("text\r\n", None), True, False)
    [locked] = batch.answers("ERROR: in use\r\nM-\r\nM-\r\nM-\r\nM-\r\nM-\r\n", "host")
    assert (locked.loaded, locked.said) == (False, "ERROR: in use")
    with pytest.raises(ApplyFailed, match="host did not answer"):
        batch.answers("Done.\r\nM+\r\n", "host")


@pytest.mark.parametrize(
    ("kind", "data", "written"),
    [
        ("REG_DWORD", 3, '/d "3"'),
        ("REG_SZ", "C:\\x\\", '/d "C:\\x\\\\"'),
        ("REG_EXPAND_SZ", "%A% & b", '/d "%UAMOPS_PERCENT%A%UAMOPS_PERCENT% & b"'),
        ("REG_MULTI_SZ", ("a", "b"), '/d "a\\0b"'),
        ("REG_BINARY", "00ff", '/d "00ff"'),
    ],
)
def test_data_is_written_as_reg_reads_it(kind: str, data: str | int | tuple[str, ...], written: str) -> None:
    """A closing backslash is doubled, a percent sign comes from a variable, a list is joined."""
    assert written in _line().add("Software\\X", RegistryValue("n", kind, data)).steps[0]


def test_what_can_not_be_written_is_refused() -> None:
    """A quotation mark, and a line that Windows does not take."""
    with pytest.raises(BadRequest, match="quotation mark"):
        _line().add("Software\\X", RegistryValue("n", "REG_SZ", 'a"b'))
    with pytest.raises(BadRequest, match="Windows takes 8000"):
        Batch([_line().add("Software\\X", RegistryValue("n", "REG_SZ", "x" * 9000))]).text()


def test_many_hives_take_few_lines_that_are_short_enough() -> None:
    """As many in one line as Windows takes, none lost."""
    lines = [HiveLine(f"uamops-{number}", FILE).query([f"Software\\{'x' * 100}"]) for number in range(60)]
    found = list(batches(lines))
    assert [line for batch in found for line in batch.lines] == lines
    assert 1 < len(found) < 30
    assert all(len(batch.text()) < 8000 for batch in found)
