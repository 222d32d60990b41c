# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""chcp: the console's code page, in which cmd.exe reads the lines of a batch file that it has not read yet."""

from __future__ import annotations

import codecs

from ..text_codes import codec
from .console import Console

_TEXTS = {
    "en-US": "Active code page: {page}",
    "de-DE": "Aktive Codepage: {page}.",
    "fr-FR": "Page de codes active : {page}",
    "ja-JP": "現在のコード ページ: {page}",
}
_INVALID = {
    "en-US": "Invalid code page",
    "de-DE": "Unzulässige Codepage",
    "fr-FR": "Page de codes non valide",
    "ja-JP": "無効なコード ページです",
}


def chcp(console: Console, rest: str) -> int:
    """Show the code page, or change it; 1 for one that there is not."""
    wanted = rest.strip()
    if wanted:
        if not wanted.isdecimal() or not _known(int(wanted)):
            console.stdout += f"{_INVALID[console.host.language]}\r\n"
            return 1
        console.code_page = int(wanted)
    console.stdout += _TEXTS[console.host.language].format(page=console.code_page) + "\r\n"
    return 0


def _known(page: int) -> bool:
    try:
        codecs.lookup(codec(page))
    except LookupError:
        return False
    return True
