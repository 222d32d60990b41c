# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sends a message, and over what."""

from __future__ import annotations

from dataclasses import dataclass

from ..windows import Account


@dataclass(frozen=True)
class Caller:
    """The authenticated account of one connection (None only for anonymous Identify), its address and the endpoint it used."""

    account: Account | None
    address: str
    endpoint: str
    encrypted: bool = False
