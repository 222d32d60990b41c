# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What went wrong, from the end of a Windows Installer log.

The texts are in the host's language; the numbers, the dashes in front of an error and the engine's own notes are not.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re

_MOST = 3
# A line of the engine: its stamp, the product in the host's language, two dashes, and the error with its number.
_ERROR = re.compile(r" -- (?P<text>.*\b\d{4}\b.*)")
_STAMP = re.compile(r"^MSI \([a-z]\) \([0-9A-F:!]+\) \[[0-9:]+\]: ")


def errors_in(tail: bytes) -> list[str]:
    """The last error lines, at most three, oldest first; the last lines of any kind if none looks like an error."""
    lines = [_STAMP.sub("", line).strip() for line in _text(tail).splitlines()]
    lines = [line for line in lines if line]
    errors = list(dict.fromkeys(match["text"].strip() for line in lines if (match := _ERROR.search(line))))
    return errors[-_MOST:] or lines[-_MOST:]


def _text(tail: bytes) -> str:
    """Verbose logs are UTF-16, others in the host's code page, whose letters beyond ASCII are not worth a guess."""
    if tail.count(b"\0") * 3 > len(tail):
        # A tail may begin in the middle of a character; the second byte of most is zero.
        start = 1 if tail[0::2].count(0) > tail[1::2].count(0) else 0
        return tail[start:].decode("utf-16-le", errors="replace").lstrip("\ufeff")
    return tail.decode("utf-8", errors="replace")
