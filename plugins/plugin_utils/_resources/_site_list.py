# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An enterprise site list (schema v.2), which tells Microsoft Edge what to open in Internet Explorer mode: its text, and what is asked of it.

Source: Microsoft's "Enterprise Mode schema v.2 guidance". This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from .._plan import BadRequest

_OPEN_IN = {"ie11": "IE11", "edge": "MSEdge", "configurable": "Configurable"}
_COMPAT_MODES = ("Default", "IE11", "IE10", "IE9", "IE8", "IE7", "IE5", "IE8Enterprise", "IE7Enterprise")
_SPELLED = {name.lower(): name for name in (*_OPEN_IN.values(), "None", *_COMPAT_MODES)}
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?::\d{1,5})?", re.IGNORECASE)
_IN_PATHS = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_VERSION = re.compile(r"<site-list\b[^>]*\bversion=[\"'](\d{1,9})[\"']")


@dataclass(frozen=True, slots=True)
class Site:
    """One site as the schema spells it."""

    url: str
    open_in: str
    compat_mode: str
    allow_redirect: bool

    def __str__(self) -> str:
        redirect = " (also by redirection)" if self.allow_redirect else ""
        return f"{self.url} in {self.open_in} as {self.compat_mode}{redirect}"


@dataclass(frozen=True, slots=True)
class SiteList:
    """What a file says. `sites` in canonical order; None if it is no site list. `version` 0 if it tells none."""

    sites: tuple[Site, ...] | None
    version: int


def site(options: Mapping[str, Any]) -> Site:
    """One site from the module's options.

    Raises:
        BadRequest: its address is none.
    """
    return Site(_address(options["url"]), _OPEN_IN[options["open_in"]], options["compat_mode"], options["allow_redirect"])


def asked_sites(given: Sequence[Mapping[str, Any]]) -> tuple[Site, ...]:
    """All sites that are asked for, in canonical order.

    Raises:
        BadRequest: there is none, an address is wrong, or one is given twice.
    """
    sites = ordered([site(options) for options in given])
    if not sites:
        raise BadRequest("A site list needs at least one site; use state absent for no list.")
    for one, other in pairwise(sites):
        if one.url == other.url:
            raise BadRequest(f"The site {one.url} is given twice; leave one of them.")
    return sites


def ordered(sites: Sequence[Site]) -> tuple[Site, ...]:
    """By address: Edge takes the one that fits best, wherever it stands."""
    return tuple(sorted(sites, key=str))


def parse(text: str) -> SiteList:
    """Read what lies on the host. A document type is never needed, and could make a small file large."""
    version = _VERSION.search(text)
    number = int(version[1]) if version else 0
    try:
        # Without a document type there are no entities, and so none of the attacks that S314 is about.
        root = None if "<!DOCTYPE" in text or "<!ENTITY" in text else ET.fromstring(text.lstrip("\ufeff").strip())  # noqa: S314
    except (ET.ParseError, ValueError):
        root = None
    if root is None or root.tag != "site-list" or not version:
        return SiteList(None, number)
    return SiteList(ordered([_read(element) for element in root.iter("site")]), number)


def build(sites: Sequence[Site], version: int, now: datetime) -> bytes:
    """The file, in ASCII: what others are written as references."""
    root = ET.Element("site-list", version=str(version))
    made = ET.SubElement(root, "created-by")
    for name, text in (("tool", "uamops.netwrix_auditor"), ("version", "1"), ("date-created", now.strftime("%m/%d/%Y %H:%M:%S"))):
        ET.SubElement(made, name).text = text
    for entry in sites:
        element = ET.SubElement(root, "site", url=entry.url)
        ET.SubElement(element, "compat-mode").text = entry.compat_mode
        ET.SubElement(element, "open-in", {"allow-redirect": "true"} if entry.allow_redirect else {}).text = entry.open_in
    ET.indent(root)
    text = f"<?xml version='1.0' encoding='us-ascii'?>\n{ET.tostring(root, encoding='unicode')}\n"
    return text.replace("\n", "\r\n").encode("ascii", "xmlcharrefreplace")


def next_version(before: int, now: datetime) -> int:
    """One more than that of the file; without one the minutes since 1970: Edge remembers the version that it last took, and takes higher ones only."""
    return before + 1 if before else int(now.astimezone(UTC).timestamp() // 60)


def _read(element: ET.Element) -> Site:
    opened = element.find("open-in")
    redirect = opened is not None and opened.get("allow-redirect", "").lower() == "true"
    return Site(_lowered(element.get("url", "")), _spelled(opened, "None"), _spelled(element.find("compat-mode"), "Default"), redirect)


def _spelled(element: ET.Element | None, absent: str) -> str:
    text = (element.text or "").strip() if element is not None else absent
    return _SPELLED.get(text.lower(), text)


def _address(url: str) -> str:
    host = url.partition("/")[0]
    if "://" in url:
        raise BadRequest(f"{url!r} holds a protocol; a site list takes addresses without one, as in auditor.example.com/reports.")
    if not _HOST.fullmatch(host) or not _IN_PATHS.fullmatch(url[len(host) :]):
        raise BadRequest(
            f"{url!r} is no address of a site; write host, port and path without blanks, question marks and fragments, as in auditor.example.com/reports."
        )
    return _lowered(url)


def _lowered(url: str) -> str:
    """Host names have no case, paths may."""
    host, slash, path = url.partition("/")
    return f"{host.lower()}{slash}{path}".rstrip("/")
