# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""XML: bounded reading, safe writing.

Reading refuses document types (and with them every entity but the five of XML itself). Writing refuses what
XML 1.0 cannot carry, instead of sending something that the host reads differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from ._errors import ProtocolError, ResponseTooLarge

MAX_DOCUMENT = 64 * 1024 * 1024
"""Largest answer that is parsed, in bytes."""

_SPECIAL = re.compile('[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _Builder(TreeBuilder):
    """A tree without a document type."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        """Refuse the declaration before the parser reads any entity of it."""
        raise ProtocolError("the answer holds a document type declaration, which WS-Management forbids")


def parse(data: bytes, *, limit: int = MAX_DOCUMENT) -> Element:
    """Parse one document of at most `limit` bytes.

    Raises ResponseTooLarge above the limit, ProtocolError for anything that is not well-formed XML without a document type.
    """
    if len(data) > limit:
        raise ResponseTooLarge(f"the answer has {len(data)} bytes, more than the {limit} that are read")
    # _Builder refuses document types, and so every attack that needs an entity; the size is bounded.
    parser = XMLParser(target=_Builder())  # noqa: S314
    try:
        parser.feed(data)
        root = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise ProtocolError(f"the answer is not XML: {error}") from error
    if not isinstance(root, Element):
        raise ProtocolError("the answer is empty")
    return root


def escape(text: str) -> str:
    """Escape `text` for an element or an attribute in double quotes.

    Raises ValueError for a character that XML 1.0 cannot carry.
    """
    if not _SPECIAL.search(text):
        return text
    bad = _FORBIDDEN.search(text)
    if bad:
        raise ValueError(f"the text holds the character U+{ord(bad.group()):04X}, which cannot be sent to the host")
    # Line ends are escaped too: a parser would otherwise turn CR LF into LF.
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found.group(), found.group()), text)


def name(text: str) -> str:
    """Return `text` if it is a CIM name (letter or underscore, then letters, digits, underscores).

    Raises ValueError otherwise: names become element names, where nothing can be escaped.
    """
    if not _NAME.fullmatch(text):
        raise ValueError(f"{text!r} is not a name of a CIM class, method or property")
    return text


def local(element: Element) -> str:
    """Return the element's name without its namespace; the case of Windows' namespaces varies (surface 1.1)."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return the element's namespace, "" for none."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def children(element: Element, wanted: str) -> Iterator[Element]:
    """Yield the direct children with that local name."""
    return (child for child in element if local(child) == wanted)


def child(element: Element | None, *path: str) -> Element | None:
    """Follow local names downwards; None where the path ends early."""
    for step in path:
        if element is None:
            return None
        element = next(children(element, step), None)
    return element


def descendant(element: Element | None, wanted: str) -> Element | None:
    """Return the first element below (or at) `element` with that local name, in document order."""
    return None if element is None else next((one for one in element.iter() if local(one) == wanted), None)


def text_of(element: Element | None) -> str | None:
    """Return the element's stripped text; None if there is no element or no text."""
    if element is None or element.text is None:
        return None
    return element.text.strip() or None
