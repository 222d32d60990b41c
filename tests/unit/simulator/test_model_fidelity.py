# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of behaviours stays honest."""

from __future__ import annotations

import re
from pathlib import Path

import simulator
import simulator.windows
from simulator.windows.options import OPTIONS

ROOT = Path(simulator.__file__).parent
TEXT = (ROOT / "FIDELITY.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in TEXT.splitlines() if line.startswith("| ")]
BEHAVIOURS = [row for row in ROWS if len(row) == 4 and row[0] != "Behaviour"]


def test_every_behaviour_has_a_mark() -> None:
    """Each row says how sure it is; "-" stands for our own choices."""
    assert len(BEHAVIOURS) > 50
    wrong = [row[0] for row in BEHAVIOURS if not re.fullmatch(r"-|\[[DCI]\](/\[[DCI]\])*", row[3])]
    assert wrong == []


def test_every_named_file_exists() -> None:
    """The column "where" leads to the code."""
    named = {name for row in BEHAVIOURS for name in re.findall(r"`([\w/]+\.\w+)`", row[1])}
    assert sorted(name for name in named if not (ROOT / "windows" / name).exists()) == []


def test_every_option_is_described() -> None:
    """The table of options names each one that a host knows."""
    assert sorted(option for option in OPTIONS if f"`{option}" not in TEXT) == []
