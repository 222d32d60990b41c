# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote shells (WinRS): shells, commands and their streams, and the part of cmd.exe that reads a command line."""
