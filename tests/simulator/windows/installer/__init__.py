# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Installer of a simulated host, driven by the tables of real MSI files."""

from __future__ import annotations

from .database import Database, DatabaseError
from .engine import Installer
from .request import Request

__all__ = ["Database", "DatabaseError", "Installer", "Request"]
