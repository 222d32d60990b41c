# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables in texts."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"%([^%]+)%")


def expanded(text: str, environment: Mapping[str, str]) -> str:
    """Replace %NAME% of known variables, whatever their case; unknown ones stay as they are."""
    known = {name.lower(): value for name, value in environment.items()}
    return _VARIABLE.sub(lambda match: known.get(match[1].lower(), match[0]), text)
