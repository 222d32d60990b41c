# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data files of the model, read once for each process and shared by all hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a text file without comments, blank lines and trailing blanks."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def document(name: str) -> Any:
    """A JSON file. Callers must not change what they get."""
    return json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def rows(name: str) -> Iterator[list[str]]:
    """The cells of a table whose columns are separated by `` | ``."""
    for line in lines(name):
        yield [cell.strip() for cell in line.split(" | ")]
