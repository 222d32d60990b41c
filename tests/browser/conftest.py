# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page in a real browser: only with UAMOPS_TEST_TOOLS=1, because Chromium is one of the tools from Debian (CONTRIBUTING.md)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from browser.chromium import Opened
    from playwright.sync_api import Browser

collect_ignore_glob = [] if os.environ.get("UAMOPS_TEST_TOOLS") == "1" else ["test_*.py"]

Show = Callable[..., "Opened"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file."""
    from browser.chromium import started, unavailable

    if reason := unavailable():
        pytest.fail(f"UAMOPS_TEST_TOOLS=1 promises the tools from Debian, but {reason}.")
    with started() as browser:
        yield browser


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[Show]:
    """Render a document and open it; after the test, no page may have complained."""
    from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import render_html
    from browser.chromium import open_page

    pages: list[Opened] = []

    def _show(document: dict[str, Any], fragment: str = "", **options: Any) -> Opened:
        file = tmp_path / f"report-{len(pages)}.html"
        file.write_text(render_html(document), encoding="utf-8")
        pages.append(open_page(chromium, file, fragment, **options))
        return pages[-1]

    yield _show
    for opened in pages:
        opened.page.context.close()
    assert [complaint for opened in pages for complaint in opened.complaints] == []
