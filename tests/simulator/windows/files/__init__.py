# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drive C: of a simulated host, kept as a real folder on disk."""

from __future__ import annotations

from .names import FileError
from .system import FileSystem

__all__ = ["FileError", "FileSystem"]
