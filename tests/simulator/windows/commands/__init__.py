# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of System32 that this model has: reg, sc, netsh advfirewall, whoami, hostname."""

from __future__ import annotations

from .dispatch import run

__all__ = ["run"]
