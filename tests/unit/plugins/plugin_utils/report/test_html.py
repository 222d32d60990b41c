# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as text: what it is without a browser. What it does in one is tested in tests/browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import _html, render_html
from browser import documents

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\" onload='x'",
    "{{ 7*7 }}{% if %}",
    "<!--<script>",
    "&lt;b&gt;",
    "\u2028\u202e",
    "\ud800\x00",
]
OUTSIDE = re.compile(r"""(?:src|href|action|poster|data)\s*=\s*["']?(?!#)|url\(|@import|https?:""", re.IGNORECASE)


class _Reader(HTMLParser):
    """Elements with their attributes, and the texts of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.words: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self.raw:
            self.raw[self._inside].append(data)
        else:
            self.words.append(data)


def _read(document: dict[str, Any]) -> _Reader:
    reader = _Reader()
    reader.feed(render_html(document))
    reader.close()
    return reader


def test_the_policy_names_exactly_what_is_inlined() -> None:
    """The browser runs the page's own style and script, by their hashes, and nothing else."""
    reader = _read(documents.small())
    (policy,) = [str(attributes["content"]) for tag, attributes in reader.elements if attributes.get("http-equiv") == "Content-Security-Policy"]
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (reader.raw["style"][0], reader.raw["script"][1])]
    assert policy == f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; base-uri 'none'; form-action 'none'"


def test_nothing_is_fetched() -> None:
    """No file of the page names a place outside of it, and no element of it has a style or a handler of its own."""
    for name in (*_html.STYLES, *_html.SCRIPTS):
        assert not OUTSIDE.search((_html.FOLDER / name).read_text(encoding="utf-8")), name
    for tag, attributes in _read(documents.small()).elements:
        assert not {"src", "style", "srcset", "action"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert str(attributes.get("href", "#")).startswith("#"), tag


def test_the_script_makes_no_markup_of_texts() -> None:
    """Texts go into text nodes: none of the ways that parse them is used."""
    for name in _html.SCRIPTS:
        text = (_html.FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc|DOMParser", text), name


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_make_no_elements(text: str) -> None:
    """A page with hostile texts has the elements, and the names of attributes, of a page with harmless ones."""
    shapes = [[(tag, sorted(attributes)) for tag, attributes in _read(documents.hostile(given)).elements] for given in (text, "x")]
    assert shapes[0] == shapes[1]
    render_html(documents.hostile(text)).encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_the_data_can_not_leave_its_element(text: str) -> None:
    """It is JSON of plain ASCII without a bracket or an ampersand, whatever the texts are."""
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', render_html(documents.hostile(text)), re.DOTALL)
    assert data.isascii()
    assert not set(data) & set("<>&\n")
    json.loads(data)


def test_texts_are_no_templates() -> None:
    """What looks like Jinja stays as it is."""
    words = "".join(_read(documents.hostile("{{ 7*7 }}")).words)
    assert "{{ 7*7 }}" in words
    assert "49" not in words


def test_without_a_script_the_story_is_there() -> None:
    """Verdict, counts, warnings, controls, worst hosts and changes are part of the page's markup."""
    words = " ".join("".join(_read(documents.small()).words).split())
    for told in (
        "2 of 8 hosts differ from what is required",
        "has expired on 2026-10-31",
        "26 November 2026, 18:00 UTC",
        "This was a check",
        "Remote Registry starts automatically and runs",
        "Configure Windows Firewall Inbound Connection Rules",
        "Failing hosts in 12 reports",
        "This browser does not run scripts here",
    ):
        assert told in words


def test_a_first_report_says_so() -> None:
    """No list of changes and no chart, but one sentence."""
    text = render_html(documents.document([documents.host("a", [], ["codec"], [])]))
    assert "There is no earlier report to compare with." in text
    assert "<figure" not in text


def test_repeated_texts_are_there_once() -> None:
    """A sentence that a thousand hosts share costs its length once."""
    problem = documents.finding("codec", "drift", "codec TSCC", "A sentence that many hosts share.", 0)
    text = render_html(documents.document([documents.host(f"h{number}", ["g"], ["codec"], [problem]) for number in range(1000)]))
    assert text.count("A sentence that many hosts share.") == 1
    assert len(text) < len(render_html(documents.document([]))) + 1000 * 120


def test_every_part_of_the_page_is_used() -> None:
    """A file that is forgotten in the list would be missed only by its readers."""
    files = {path.name for path in Path(_html.FOLDER).iterdir()}
    assert files == {*_html.STYLES, *_html.SCRIPTS, "page.html.j2"}
