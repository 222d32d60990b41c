# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hostname.exe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import Account, Completed

if TYPE_CHECKING:
    from ..host import Windows


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Print the host's name; any argument is refused."""
    if arguments:
        return Completed(1, "", "sethostname: Use the Network Control Panel Applet to set hostname.\r\nhostname -s is not supported.\r\n")
    return Completed(0, f"{host.name}\r\n")
