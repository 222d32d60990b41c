# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Formatted texts of Windows Installer (win32 "Formatted"): ``[PROPERTY]``, ``[#File]``, ``[$Component]``, ``[%VARIABLE]``, ``[\[]``, ``{...}``."""

from __future__ import annotations

from collections.abc import Callable

# What stands in brackets -> its value, None if it has none.
Lookup = Callable[[str], str | None]


def formatted(text: str, lookup: Lookup) -> str:
    """The text with everything replaced that is in brackets. A part in braces goes if anything in it has no value.

    What a bracket brings in is not looked at again.
    """
    found, _place, _whole = _piece(text, 0, "", lookup)
    return found


def _piece(text: str, place: int, end: str, lookup: Lookup) -> tuple[str, int, bool]:
    """The text up to ``end``: (what it gives, where it stopped, True if everything in it had a value)."""
    found, whole, start = "", True, place
    while place < len(text) and text[place] != (end or "\0\0"):
        char = text[place]
        if text.startswith("[\\", place) and text[place + 3 : place + 4] == "]":
            found += text[place + 2]
            place += 3
        elif char == "[" and _closes(text, place, "]"):
            name, place, _inner = _piece(text, place + 1, "]", lookup)
            value = lookup(name)
            whole &= bool(value)
            found += value or ""
        elif char == "{" and _closes(text, place, "}"):
            inner, after, complete = _piece(text, place + 1, "}", lookup)
            # Braces without a bracket inside are only braces.
            plain = "[" not in text[place:after]
            found += text[place : after + 1] if plain else inner if complete else ""
            place = after
        else:
            found += char
        place += 1
    return found, place, whole or place == start


def _closes(text: str, place: int, end: str) -> bool:
    return end in text[place + 1 :]
