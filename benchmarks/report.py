# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report of many hosts costs: seconds, memory and size of each form, and how fast the page opens and filters in Chromium.

The document is made up: one host in eight has findings, most with texts of their own. Nothing is asserted. `--hosts` and `--controls` choose the size.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import render_csv, render_html, render_junit, render_openmetrics
from browser import documents
from browser.chromium import open_page, started, unavailable

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FORMS: dict[str, Callable[[dict[str, Any]], str]] = {"html": render_html, "junit": render_junit, "csv": render_csv, "openmetrics": render_openmetrics}
ROUNDS = 5
# Each gives back when the next frame has been drawn, so that layout and painting are part of the time.
DRAWN = "await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
STEPS = {
    "filter by a status": "document.querySelector('#tiles [data-status=drift]').click()",
    "first search": "change({ q: 'oslo baseline' })",
    "search again": "change({ q: 'berlin agent' })",
    "one control": "change({ ...noView(), control: controls[0].id })",
    "all, by name": "change({ ...noView(), sort: 'name' })",
    "scroll to the end": "scroller.scrollTop = scroller.scrollHeight",
    "open a host": "openHost(shown[shown.length - 1])",
    "make the paper": "dialog.close(); view.host = ''; fillPaper()",
}


def _peak() -> float:
    """The most memory that this process has ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _render(folder: Path, document: dict[str, Any]) -> None:
    """Print one line for each form; the process' peak only grows, so the page, which matters most, comes first."""
    print(f"{'form':<14}{'MB':>8}{'seconds':>10}{'peak MB':>10}{'added MB':>10}")
    for form, render in FORMS.items():
        before, began = _peak(), time.monotonic()
        text = render(document)
        seconds = time.monotonic() - began
        (folder / f"report.{form}").write_text(text, encoding="utf-8", newline="")
        print(f"{form:<14}{len(text.encode()) / 1e6:>8.2f}{seconds:>10.2f}{_peak():>10.0f}{_peak() - before:>10.0f}")


def _browse(browser: Browser, file: Path) -> None:
    """Print how long opening takes until the list is drawn, and each step after it; the median of some rounds."""
    opening: list[float] = []
    steps: dict[str, list[float]] = {name: [] for name in STEPS}
    for _round in range(ROUNDS):
        began = time.monotonic()
        page = open_page(browser, file).page
        page.wait_for_selector("#rows tr[data-place]")
        opening.append((time.monotonic() - began) * 1000)
        for name, step in STEPS.items():
            steps[name].append(page.evaluate(f"async () => {{ const began = performance.now(); {step}; {DRAWN}; return performance.now() - began; }}"))
        page.context.close()
    print(f"\n{'in Chromium':<22}{'median ms':>10}{'worst ms':>10}")
    for name, took in {"open": opening, **steps}.items():
        print(f"{name:<22}{sorted(took)[ROUNDS // 2]:>10.0f}{max(took):>10.0f}")


def main() -> int:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=5000)
    parser.add_argument("--controls", type=int, default=40)
    arguments = parser.parse_args()
    document = documents.large(arguments.hosts, arguments.controls)
    print(f"{arguments.hosts:,} hosts, {arguments.controls} controls, {sum(len(host['findings']) for host in document['hosts']):,} findings\n")
    with tempfile.TemporaryDirectory() as temporary:
        _render(Path(temporary), document)
        if reason := unavailable():
            print(f"\nThe page can't be tried here: {reason}.")
            return 0
        with started() as browser:
            _browse(browser, Path(temporary) / "report.html")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
