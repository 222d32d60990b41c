# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""powershell.exe is there, as on every Windows, but no script can run in this model, and it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import Account, Completed

if TYPE_CHECKING:
    from ..host import Windows

_TEXT = "This is a simulated Windows host: powershell.exe exists but scripts cannot be run here.\r\n"


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Refuse with exit code 1."""
    return Completed(1, "", _TEXT)
