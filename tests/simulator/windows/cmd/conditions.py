# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions of ``if``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..files import FileError
from .console import Console
from .line import If
from .wildcards import matches

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equ": operator.eq,
    "neq": operator.ne,
    "lss": operator.lt,
    "leq": operator.le,
    "gtr": operator.gt,
    "geq": operator.ge,
}


def holds(node: If, console: Console) -> bool:
    """True if the command of an ``if`` shall run."""
    return _test(node.condition, console, ignore_case=node.ignore_case) != node.negated


def _test(text: str, console: Console, *, ignore_case: bool) -> bool:
    word, _blank, rest = text.partition(" ")
    kind, rest = word.lower(), rest.strip()
    if kind == "exist":
        return exists(console, rest)
    if kind == "defined":
        return rest.strip('"').lower() in {name.lower() for name in console.environment} | {"cd", "errorlevel"}
    if kind == "errorlevel":
        level = console.errorlevel & 0xFFFFFFFF
        return (level - 2**32 if level >= 2**31 else level) >= int(rest)
    return _compared(text, ignore_case=ignore_case)


def _compared(text: str, *, ignore_case: bool) -> bool:
    """``a==b`` as texts; ``a equ b`` and its like as numbers where both are numbers."""
    found = re.fullmatch(r"(.*?)(?:\s*(==)\s*|\s+(equ|neq|lss|leq|gtr|geq)\s+)(.*)", text.strip(), re.IGNORECASE)
    assert found is not None
    left, right = (part.lower() if ignore_case else part for part in (found[1], found[4].strip()))
    comparison = _COMPARISONS[(found[3] or "equ").lower()]
    if found[3] and re.fullmatch(r"-?\d+", left) and re.fullmatch(r"-?\d+", right):
        return comparison(int(left), int(right))
    return comparison(left, right)


def exists(console: Console, path: str) -> bool:
    r"""True for a file or folder; the name may have wildcards, and ``folder\nul`` is there if the folder is."""
    wanted = console.absolute(path)
    if wanted.lower().endswith("\\nul"):
        return console.host.files.is_folder(wanted[:-4] + "\\")
    if wanted.startswith("\\\\"):
        try:
            console.files.read(wanted)
        except FileError:
            return False
        return True
    return bool(matches(console, wanted)) if set("*?") & set(wanted) else console.host.files.exists(wanted)
