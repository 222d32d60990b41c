# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows Firewall: rules and their grammar, the built-in groups, profiles, and the stores."""
