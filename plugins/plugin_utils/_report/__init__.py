# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compliance report: one document, and the files that are made of it. This plugin util is PRIVATE: for use inside this collection only."""

from __future__ import annotations

from ._csv import render_csv
from ._document import SCHEMA, UNREACHABLE, VERSION, Fleet
from ._files import FORMATS, Reports
from ._history import DamagedReport
from ._html import render_html
from ._junit import render_junit
from ._openmetrics import render_openmetrics
from ._terminal import collection_version, summary_lines

__all__ = [
    "FORMATS",
    "SCHEMA",
    "UNREACHABLE",
    "VERSION",
    "DamagedReport",
    "Fleet",
    "Reports",
    "collection_version",
    "render_csv",
    "render_html",
    "render_junit",
    "render_openmetrics",
    "summary_lines",
]
