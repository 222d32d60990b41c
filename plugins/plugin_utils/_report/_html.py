# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one page that needs nothing else: no network, no other file, no program but a browser.

The page's style and script are inlined and named to the browser by their hashes; it runs nothing else, whatever a text of the report holds. Texts meet
the page in two places only: Jinja escapes them, or the script puts them into text nodes.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from .._controls import SEVERITIES
from . import _summary
from ._payload import payload
from ._texts import BY_KEY, STATUSES, Document, clean, count, in_words
from ._trend import HEIGHT, WIDTH, trend

FOLDER = Path(__file__).parent / "page"
STYLES = ("base.css", "parts.css", "map.css", "detail.css", "print.css")
SCRIPTS = ("data.js", "state.js", "findings.js", "detail.js", "map.js", "paper.js", "main.js")


def render_html(document: Document) -> str:
    """The whole page; a few megabytes for thousands of hosts."""
    style, script = _joined(STYLES), _joined(SCRIPTS)
    return _template().render(
        document=document,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704  our own files
        script=Markup(script),  # noqa: S704  our own files
        data=Markup(payload(document)),  # noqa: S704  escaped for this place
        verdict=_summary.verdict(document),
        kind=_summary.kind(document),
        tiles=_summary.tiles(document),
        controls=_summary.controls(document),
        worst=_summary.worst_hosts(document),
        changes=_summary.changes(document),
        trend=trend(document),
        chart=(WIDTH, HEIGHT),
        groups=sorted(Counter(clean(group) for host in document["hosts"] for group in host["groups"]).items()),
        statuses=STATUSES,
        severities=SEVERITIES,
    )


@cache
def _template() -> Template:
    """Every text of the document goes through `clean` on its way, because a browser would drop or replace what XML does not allow in its own ways."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_finalized
    )
    environment.filters.update(in_words=in_words, count=count)
    environment.globals["status"] = BY_KEY
    return environment.get_template("page.html.j2")


def _finalized(value: object) -> object:
    return value if isinstance(value, Markup | int | float) else clean(value)


@cache
def _joined(names: tuple[str, ...]) -> str:
    """The parts as one text, begun on a line of its own."""
    return "\n" + "".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def _policy(style: str, script: str) -> str:
    """What the browser may do: this style, this script, nothing else, and no connection to anywhere."""
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
