# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SOAP envelopes: one request parsed into a ``Request``, answers built from text."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from . import namespaces as ns
from .faults import (
    ENCODING_LIMIT,
    HEADER_REQUIRED,
    INVALID_BODY,
    INVALID_HEADER,
    MUST_UNDERSTAND,
    SCHEMA_VALIDATION,
    UNSUPPORTED_FEATURE,
    Fault,
)

UNDERSTOOD = frozenset(
    f"{{{uri}}}{name}"
    for uri, names in {
        ns.ADDRESSING: ("To", "ReplyTo", "Action", "MessageID", "From", "FaultTo", "RelatesTo"),
        ns.WSMAN: ("ResourceURI", "MaxEnvelopeSize", "OperationTimeout", "SelectorSet", "OptionSet", "FragmentTransfer", "RequestEPR"),
        ns.MICROSOFT: ("SessionId", "OperationID", "SequenceId", "DataLocale", "CompressionType", "ActivityId"),
    }.items()
    for name in names
)
LOCALES = (f"{{{ns.WSMAN}}}Locale", f"{{{ns.MICROSOFT}}}DataLocale")
ADDRESSES = ("ReplyTo", "FaultTo")
MINIMUM_ENVELOPE = 8192
LONGEST_MESSAGE_ID = 2048
DURATION = re.compile(r"^PT(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$|^P0*(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$")


@dataclass(frozen=True)
class Option:
    """One entry of the OptionSet."""

    name: str
    value: str


@dataclass(frozen=True)
class Endpoint:
    """A resource URI with selectors; a selector's value is text or a nested ``Endpoint``."""

    resource: str
    selectors: Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """One request; times in seconds, sizes in bytes, None where the header is absent."""

    action: str
    resource: str
    message_id: str
    body: Element | None
    selectors: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    timeout: float | None = None
    max_envelope: int | None = None
    fragment: str | None = None

    def option(self, name: str) -> str | None:
        """The value of the option ``name`` in any case, or None."""
        return next((option.value for option in self.options if option.name.lower() == name.lower()), None)


class _NoDoctype(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str, system: str) -> None:
        """Refuse every document type declaration: SOAP 1.2 forbids them."""
        raise Fault(INVALID_BODY, relates=False)


def parse_xml(data: bytes) -> Element:
    """Parse a document; anything malformed is a fault without RelatesTo."""
    parser = ElementTree.XMLParser(target=_NoDoctype())
    try:
        parser.feed(data)
        return parser.close()
    except (ElementTree.ParseError, LookupError, ValueError) as exc:
        raise Fault(INVALID_BODY, relates=False) from exc


def message_id_of(envelope: Element) -> str | None:
    """The MessageID header if there is one."""
    return envelope.findtext(f"{{{ns.SOAP}}}Header/{{{ns.ADDRESSING}}}MessageID")


def parse_request(envelope: Element) -> Request:
    """Check the headers and take the request apart; raises ``Fault`` for what Windows refuses."""
    header = envelope.find(f"{{{ns.SOAP}}}Header")
    if header is None:
        raise Fault(HEADER_REQUIRED)
    _check_understood(header)
    _check_addresses(header)
    body = envelope.find(f"{{{ns.SOAP}}}Body")
    if body is None:
        raise Fault(INVALID_BODY)
    return Request(
        action=_required(header, ns.ADDRESSING, "Action"),
        resource=_required(header, ns.WSMAN, "ResourceURI"),
        message_id=_message_id(header),
        body=body[0] if len(body) else None,
        selectors=parse_selectors(header.find(f"{{{ns.WSMAN}}}SelectorSet")),
        options=_options(header),
        timeout=_timeout(header),
        max_envelope=_max_envelope(header),
        fragment=_fragment(header),
    )


def _check_understood(header: Element) -> None:
    for child in header:
        must = child.get(f"{{{ns.SOAP}}}mustUnderstand", "false").strip().lower() in ("true", "1")
        if must and child.tag in LOCALES:
            raise Fault(UNSUPPORTED_FEATURE, fault_detail=child.tag.rpartition("}")[2])
        if must and child.tag not in UNDERSTOOD:
            raise Fault(MUST_UNDERSTAND)


def _check_addresses(header: Element) -> None:
    """Answers go back over the same connection: ReplyTo must be there and anonymous, FaultTo anonymous if it is there."""
    for name in ADDRESSES:
        element = header.find(f"{{{ns.ADDRESSING}}}{name}")
        if element is None and name == "ReplyTo":
            raise Fault(HEADER_REQUIRED)
        if element is not None and (element.findtext(f"{{{ns.ADDRESSING}}}Address") or "").strip().rstrip("/") != ns.ANONYMOUS:
            raise Fault(UNSUPPORTED_FEATURE, fault_detail="AddressingMode")


def _message_id(header: Element) -> str:
    text = (header.findtext(f"{{{ns.ADDRESSING}}}MessageID") or "").strip()
    if not text or len(text) > LONGEST_MESSAGE_ID:
        raise Fault(INVALID_HEADER)
    return text


def _fragment(header: Element) -> str | None:
    element = header.find(f"{{{ns.WSMAN}}}FragmentTransfer")
    if element is None:
        return None
    if element.get(f"{{{ns.SOAP}}}mustUnderstand", "false").strip().lower() not in ("true", "1"):
        raise Fault(INVALID_HEADER)
    return (element.text or "").strip()


def _required(header: Element, namespace: str, name: str) -> str:
    text = (header.findtext(f"{{{namespace}}}{name}") or "").strip()
    if not text:
        raise Fault(HEADER_REQUIRED)
    return text


def parse_selectors(element: Element | None) -> dict[str, Any]:
    """Selectors by lower-case name; a name given twice or none at all is invalid."""
    result: dict[str, Any] = {}
    for selector in () if element is None else element.findall(f"{{{ns.WSMAN}}}Selector"):
        name = selector.get("Name", "").lower()
        if not name or name in result:
            raise Fault(INVALID_HEADER)
        nested = selector.find(f"{{{ns.ADDRESSING}}}EndpointReference")
        result[name] = parse_endpoint(nested) if nested is not None else (selector.text or "")
    return result


def parse_endpoint(element: Element) -> Endpoint:
    """An endpoint reference (or an element that holds its children)."""
    parameters = element.find(f"{{{ns.ADDRESSING}}}ReferenceParameters")
    uri = None if parameters is None else parameters.findtext(f"{{{ns.WSMAN}}}ResourceURI")
    if parameters is None or not uri:
        raise Fault(SCHEMA_VALIDATION)
    return Endpoint(uri.strip(), parse_selectors(parameters.find(f"{{{ns.WSMAN}}}SelectorSet")))


def _options(header: Element) -> tuple[Option, ...]:
    element = header.find(f"{{{ns.WSMAN}}}OptionSet")
    if element is None:
        return ()
    return tuple(Option(option.get("Name", ""), option.text or "") for option in element.findall(f"{{{ns.WSMAN}}}Option"))


def _timeout(header: Element) -> float | None:
    text = header.findtext(f"{{{ns.WSMAN}}}OperationTimeout")
    if text is None:
        return None
    seconds = parse_duration(text.strip())
    if seconds is None or seconds <= 0:
        raise Fault(INVALID_HEADER)
    return seconds


def parse_duration(text: str) -> float | None:
    """Seconds of an ``xs:duration`` without years and months, None if it is not one."""
    found = DURATION.match(text)
    if found is None or not any(group is not None for group in found.groups()):
        return None
    hours, minutes, seconds, days, more_hours, more_minutes, more_seconds = (float(group or 0) for group in found.groups())
    return days * 86400 + (hours + more_hours) * 3600 + (minutes + more_minutes) * 60 + seconds + more_seconds


def _max_envelope(header: Element) -> int | None:
    text = header.findtext(f"{{{ns.WSMAN}}}MaxEnvelopeSize")
    if text is None:
        return None
    if not text.strip().isdigit():
        raise Fault(INVALID_HEADER)
    size = int(text)
    if size < MINIMUM_ENVELOPE:
        raise Fault(ENCODING_LIMIT)
    return size


def build(action: str, body: str, relates_to: str | None, extra_namespaces: str = "") -> bytes:
    """An answer; ``body`` may use the prefixes s, a, w, n, x and p."""
    relates = f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo>" if relates_to else ""
    return (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{ns.SOAP}" xmlns:a="{ns.ADDRESSING}" xmlns:n="{ns.ENUMERATION}" xmlns:x="{ns.TRANSFER}" xmlns:w="{ns.WSMAN}"'
        f'{extra_namespaces} xmlns:p="{ns.MICROSOFT}"><s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>'
        f"<a:To>{ns.ANONYMOUS}</a:To>{relates}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()
