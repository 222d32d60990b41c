# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SHA-256 checksums as people write them.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re

from .._plan import BadRequest
from ._model import Package

_SHA256 = re.compile(r"[0-9a-f]{64}")


def checksum(text: str) -> str:
    """A SHA-256 as 64 lower-case digits; `sha256:` before it, as in `get_url`, is taken off.

    Raises:
        BadRequest: it is no SHA-256.
    """
    digits = text.strip().lower().removeprefix("sha256:").strip()
    if not _SHA256.fullmatch(digits):
        raise BadRequest(f"{text!r} is no SHA-256 checksum; one has 64 hexadecimal digits.")
    return digits


def check_hash(package: Package, expected: str) -> None:
    """Make sure that the package is the one with this SHA-256.

    Raises:
        BadRequest: it is another file, or `expected` is no SHA-256.
    """
    digits = checksum(expected)
    if package.sha256 != digits:
        raise BadRequest(f"{package.path} is not the file that is asked for: its SHA-256 is {package.sha256}, and asked for is {digits}.")
