# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM classes: the catalogue with the schemas, and one provider per file."""
