# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Where a file lies that a play names: the form of its path decides.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from typing import Literal

Place = Literal["web", "share", "host", "controller"]


def place_of(path: str) -> Place:
    r"""web: `https://...` (or http); share: `\\server\share\x.msi`; host: `C:\...`; controller: everything else."""
    if re.match(r"https?://", path, re.IGNORECASE):
        return "web"
    if path.startswith("\\\\"):
        return "share"
    return "host" if re.match(r"[A-Za-z]:[\\/]", path) else "controller"
