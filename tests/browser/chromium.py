# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Chromium, driven by Playwright: a browser that talks to nobody, and pages that report everything unexpected."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Error, Page, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_LISTS = (
    """names => JSON.stringify([...document.querySelectorAll("#rows tr[data-place] th .text")].map(cell => cell.innerText.trim())) === JSON.stringify(names)"""
)
_PATIENCE_MILLISECONDS = 5_000


def unavailable() -> str | None:
    """Why there is no browser, None if there is one."""
    return None if shutil.which("chromium") else "there is no command chromium; apt-get install chromium brings it"


@contextmanager
def started() -> Iterator[Browser]:
    """A running browser; Playwright's own browsers are neither used nor downloaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Opened:
    """A page, and what it did that a report has no business to do: it is empty for a good page."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def complain(self, complaint: str) -> None:
        self.complaints.append(complaint)

    def dismiss(self, dialog: Dialog) -> None:
        """A page waits for ever for the answer to a question that nobody closes."""
        self.complain(f"dialog: {dialog.message}")
        dialog.dismiss()

    def asked(self, address: str, own: str) -> None:
        """The page may ask for its own file only."""
        if address.split("#", maxsplit=1)[0] != own:
            self.complain(f"request: {address}")

    def texts(self, selector: str) -> list[str]:
        """The texts that can be seen, line breaks as spaces."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def hosts(self) -> list[str]:
        """The names in the list, as far as they are in sight."""
        return self.texts("#rows tr[data-place] th .text")

    def lists(self, names: Sequence[str]) -> bool:
        """Whether the list comes to hold these names: what a click or a key sets off is done when the browser gets to it."""
        with suppress(Error):
            self.page.wait_for_function(_LISTS, arg=list(names), timeout=_PATIENCE_MILLISECONDS)
        return self.hosts() == list(names)

    def fragment(self) -> str:
        """The address behind the page's name."""
        return str(self.page.evaluate("location.hash"))


def open_page(browser: Browser, file: Path, fragment: str = "", **options: Any) -> Opened:
    """The file in a window of its own. `options` are those of Playwright's `new_context`."""
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}).new_page()
    opened = Opened(page)
    page.on("console", lambda message: opened.complain(f"console: {message.text}"))
    page.on("pageerror", lambda error: opened.complain(f"error: {error}"))
    page.on("dialog", opened.dismiss)
    page.on("request", lambda request: opened.asked(request.url, file.as_uri()))
    page.goto(f"{file.as_uri()}{fragment}")
    return opened
