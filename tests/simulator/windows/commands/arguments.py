# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program's command line taken apart as the C runtime does it (CommandLineToArgvW)."""

from __future__ import annotations

import re

_BACKSLASHES = re.compile(r'(\\*)(")?')


def split(line: str) -> list[str]:
    """The arguments: blanks separate, quotes protect, backslashes escape quotes, two quotes inside quotes are one."""
    words: list[str] = []
    position = 0
    while True:
        while position < len(line) and line[position] in " \t":
            position += 1
        if position >= len(line):
            return words
        word, position = _word(line, position)
        words.append(word)


def _word(line: str, position: int) -> tuple[str, int]:
    word, quoted = "", False
    while position < len(line):
        char = line[position]
        if char == "\\":
            text, position, toggles = _backslashes(line, position)
            word += text
            quoted ^= toggles
        elif char == '"':
            if quoted and line[position + 1 : position + 2] == '"':
                word += '"'
                position += 1
            else:
                quoted = not quoted
            position += 1
        elif char in " \t" and not quoted:
            break
        else:
            word += char
            position += 1
    return word, position


def _backslashes(line: str, position: int) -> tuple[str, int, bool]:
    match = _BACKSLASHES.match(line, position)
    assert match is not None
    slashes, quote = match[1], match[2]
    if quote is None:
        return slashes, match.end(), False
    half = "\\" * (len(slashes) // 2)
    return (half + '"', match.end(), False) if len(slashes) % 2 else (half, match.end(), True)
