# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which content a file of a share had when it was last read, so that it is not read for every host.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from ._cache import Cache


def recall(cache: Cache, stamp: str) -> Path | None:
    """The copy of what had this stamp (path, size and time of the last write), None if there is none or it was tampered with."""
    try:
        return cache.find(_entry(cache, stamp).read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def remember(cache: Cache, stamp: str, sha256: str) -> None:
    """What has this stamp has this content."""
    entry = _entry(cache, stamp)
    entry.parent.mkdir(mode=0o700, exist_ok=True)
    entry.write_text(sha256, encoding="ascii")


def _entry(cache: Cache, stamp: str) -> Path:
    return cache.folder / ".shares" / hashlib.sha256(stamp.encode()).hexdigest()
