# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd.exe of a simulated host."""

from __future__ import annotations

from .batch import find as batch_file
from .console import NOT_MODELLED, Console
from .interpreter import Cmd, inner_line

__all__ = ["NOT_MODELLED", "Cmd", "Console", "batch_file", "inner_line"]
