# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names with ``*`` and ``?`` in the last part of a path."""

from __future__ import annotations

import re

from ..files import FileError
from .console import Console


def matches(console: Console, path: str) -> list[str]:
    """The paths that an absolute path with wildcards names, files and folders, sorted; none if its folder is missing."""
    folder, _backslash, pattern = path.rpartition("\\")
    try:
        names = console.host.files.list(folder + "\\")
    except FileError:
        return []
    return [f"{folder}\\{name}" for name in names if fits(name, pattern)]


def fits(name: str, pattern: str) -> bool:
    """True if a name has the pattern's form; ``*.*`` is everything."""
    if pattern in ("*", "*.*"):
        return True
    expression = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.fullmatch(expression, name, re.IGNORECASE) is not None


def has_wildcards(path: str) -> bool:
    """True if a path has ``*`` or ``?`` in it."""
    return "*" in path or "?" in path
