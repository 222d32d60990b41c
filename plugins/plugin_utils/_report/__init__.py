# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compliance report: from its document to a page for people, and to the formats that other programs read.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from ._csv import render_csv
from ._html import render_html
from ._junit import render_junit
from ._openmetrics import render_openmetrics

__all__ = ["render_csv", "render_html", "render_junit", "render_openmetrics"]
