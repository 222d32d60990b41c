# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile texts in a real browser: whatever a host or a person has written, it is shown and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import documents
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.chromium import Opened
    from browser.conftest import Show

TEXTS = {
    "script": "<script>window.harmed=1;alert(1)</script>",
    "end of script": "</script><script>window.harmed=1;alert(1)</script>",
    "end of script with a space": "</script ><script >window.harmed=1</script >",
    "script in a comment": "<!-- <script ",
    "image": "\"'><img src=x onerror=alert(1)><svg onload=alert(1)>",
    "handler": "\" autofocus onfocus='alert(1)' style='position:fixed",
    "comment": "<!--<script>--><![CDATA[",
    "template": "{{ 7*7 }}{% raw %}${7*7}#{7*7}",
    "address": "javascript:alert(1)",
    "entities": "&lt;b&gt;&amp;&#60;",
    "direction": "\u202egnp.exe\u2066\u200f",
    "control characters": "\x00\x07\x1b[31m\x7f\x85\u2028\u2029",
    "half a character": "\ud800",
    "emoji": "\U0001f4a5\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "spaces": "  two  \r\n lines\t",
    "prototype": "__proto__",
    "percent": "%00%E0%A4%A&host=x#status=drift",
}
SHAPE = "() => [...document.querySelectorAll('*')].map((each) => [each.tagName, each.getAttributeNames().sort().join(' ')].join(' '))"


def _exercise(opened: Opened) -> list[Any]:
    """Open everything that can be opened; returns which elements and attributes there are then."""
    page = opened.page
    page.evaluate("document.querySelectorAll('details').forEach((list) => (list.open = true))")
    page.click("#rows tr >> nth=1")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shape: list[Any] = page.evaluate(SHAPE)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.keyboard.press("Escape")
    page.hover("#rows tr >> nth=0")
    page.click("#head a")
    return shape


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_texts_are_texts(show: Show, text: str) -> None:
    """The page has the elements of one with harmless texts, runs nothing, asks for nothing, and shows the text (the fixture holds the silence)."""
    harmless, harmed = (show(documents.hostile(given)) for given in ("harmless", text))
    assert _exercise(harmed) == _exercise(harmless)
    assert harmed.page.evaluate("window.harmed") is None
    assert len(harmed.hosts()) == 1


@pytest.mark.parametrize("text", [TEXTS["script"], TEXTS["template"], TEXTS["direction"], TEXTS["emoji"], TEXTS["prototype"], TEXTS["percent"]])
def test_texts_are_shown_as_they_are(show: Show, text: str) -> None:
    """In the detail and in the tables, character for character; and a link to such a host opens it."""
    opened = show(documents.hostile(text))
    opened.page.click(".worst a")
    assert opened.page.text_content("#detail-name") == text
    assert opened.page.locator("#detail .values td").all_text_contents() == [text] * 5
    again = show(documents.hostile(text), opened.fragment())
    assert again.page.text_content("#detail-name") == text


@pytest.mark.parametrize("text", ["x" * 10_000, "long words " * 900, "\U0001f4a5" * 5_000])
@pytest.mark.parametrize("width", [390, 1280])
def test_long_texts_break_nothing(show: Show, text: str, width: int) -> None:
    """Ten thousand characters wrap or are cut; the page does not grow sideways, and the host can be opened and closed."""
    opened = show(documents.hostile(text), viewport={"width": width, "height": 800})
    _exercise(opened)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    opened.page.click("#rows tr >> nth=0")
    expect(opened.page.locator("#detail .close")).to_be_in_viewport()
    opened.page.keyboard.press("Escape")
    assert opened.page.locator("#rows tr").first.evaluate("(row) => row.offsetHeight") == 28


def test_a_direction_ends_with_its_text(show: Show) -> None:
    """A mark that turns the writing direction does not turn the page's own words."""
    opened = show(documents.hostile("\u202eabc"))
    for selector in (".text",):
        styles = opened.page.locator(selector).evaluate_all("(all) => [...new Set(all.map((each) => getComputedStyle(each).unicodeBidi))]")
        assert styles == ["isolate"]


def test_the_policy_is_in_force(show: Show) -> None:
    """Even a script that got in would not run, and could not tell anybody anything."""
    opened = show(documents.small())
    opened.page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.harmed = 1";
      document.body.append(script);
      return fetch("https://example.invalid/").catch(() => null);
    }""")
    assert opened.page.evaluate("window.harmed") is None
    assert len([complaint for complaint in opened.complaints if "Content Security Policy" in complaint]) >= 2
    opened.complaints.clear()
