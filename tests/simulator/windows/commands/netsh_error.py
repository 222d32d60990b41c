# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception of the netsh commands."""

from __future__ import annotations


class NetshError(Exception):
    """A refusal; ``key`` names its text."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
