# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""CIM values: what goes into a request, and how the single kinds are read.

Source: surface document 1.8 (MS-WSMV 2.2.4, DSP0230). Instances are read in _instance.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeAlias, Union
from xml.etree.ElementTree import Element

from . import _namespaces as ns
from . import _xml as xml
from ._errors import ProtocolError


@dataclass(frozen=True, eq=False)
class Resource:
    """A class in its CIM namespace, for example Resource("root/cimv2", "Win32_Service").

    The class name "*" stands for all classes of the namespace (for queries only). Windows does not care for letter
    case in either part (MS-WSMV 3.1.4.1.1), so two resources that differ in case only are equal.
    """

    namespace: str
    class_name: str

    @property
    def uri(self) -> str:
        """The resource URI in Microsoft's form."""
        return f"{ns.WMI}{self.namespace}/{self.class_name}"

    @classmethod
    def from_uri(cls, uri: str) -> Resource:
        """Take a Microsoft URI apart; another URI keeps its last part as the class name and has no namespace."""
        head, _slash, class_name = uri.strip().partition("?")[0].rpartition("/")
        if head.casefold().startswith(ns.WMI.casefold()):
            return cls(head[len(ns.WMI) :], class_name)
        return cls("", class_name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resource) and self.uri.casefold() == other.uri.casefold()

    def __hash__(self) -> int:
        return hash(self.uri.casefold())

    def __str__(self) -> str:
        return f"{self.namespace}:{self.class_name}"


Selector: TypeAlias = Union[str, int, bool, "Reference", None]
Selectors: TypeAlias = Mapping[str, Selector]


@dataclass(frozen=True)
class Reference:
    """A pointer to one instance: its class and its key values.

    Values read from a host are texts, or References where a key is itself a reference (association classes).
    """

    resource: Resource
    selectors: Selectors

    def key(self, name: str) -> str | None:
        """Return the text of one key, whatever the letter case of its name; None if there is no such text key."""
        wanted = name.casefold()
        value = next((value for key, value in self.selectors.items() if key.casefold() == wanted), None)
        return None if value is None or isinstance(value, Reference) else selector_text(value)


@dataclass(frozen=True)
class Embedded:
    """An instance passed by value, as an argument or a property."""

    resource: Resource
    properties: Mapping[str, Value]


Value: TypeAlias = bool | int | str | datetime | Reference | Embedded | Sequence["Value"] | None
"""What a property or argument may be set to. bytes is a sequence of numbers, and so an uint8 array."""


# -- writing ------------------------------------------------------------------------------------------------------


def write_properties(prefix: str, properties: Mapping[str, Value], depth: int = 0) -> str:
    """Return the elements of all `properties`, named with the namespace prefix.

    Raises ValueError for a name or a text that cannot be sent.
    """
    return "".join(_write(f"{prefix}:{xml.name(name)}", value, depth) for name, value in properties.items())


def _write(tag: str, value: Value, depth: int) -> str:
    if value is None:
        return f'<{tag} xsi:nil="true"/>'
    if isinstance(value, str):
        return f"<{tag}>{xml.escape(value)}</{tag}>"
    if isinstance(value, bool):
        return f"<{tag}>{'true' if value else 'false'}</{tag}>"
    if isinstance(value, int):
        return f"<{tag}>{value}</{tag}>"
    if isinstance(value, datetime):
        return f'<{tag}><cim:Datetime xmlns:cim="{ns.CIM}">{write_time(value)}</cim:Datetime></{tag}>'
    if isinstance(value, Reference):
        return f"<{tag}>{write_reference(value)}</{tag}>"
    if isinstance(value, Embedded):
        return _write_embedded(tag, value, depth)
    return "".join(_write(tag, item, depth) for item in value)


def _write_embedded(tag: str, value: Embedded, depth: int) -> str:
    # Each level binds a prefix of its own: the inner class lives in another namespace than the outer one.
    prefix = f"e{depth}"
    kind = f"{prefix}:{xml.name(value.resource.class_name)}_Type"
    inner = write_properties(prefix, value.properties, depth + 1)
    return f'<{tag} xmlns:{prefix}="{xml.escape(value.resource.uri)}" xsi:type="{kind}">{inner}</{tag}>'


def write_time(value: datetime) -> str:
    """Return an xs:dateTime in UTC; a time without zone is taken as UTC, as Windows does."""
    known = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return known.replace(tzinfo=None).isoformat(timespec="microseconds" if known.microsecond else "seconds") + "Z"


def write_reference(value: Reference) -> str:
    """Return the inside of an endpoint reference."""
    return (
        f"<a:Address>{ns.ANONYMOUS}</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{xml.escape(value.resource.uri)}</w:ResourceURI>{write_selectors(value.selectors)}</a:ReferenceParameters>"
    )


def write_selectors(selectors: Selectors | None) -> str:
    """Return a SelectorSet; nothing for no selectors (a singleton's reference has no set either)."""
    if not selectors:
        return ""
    inner = "".join(f'<w:Selector Name="{xml.escape(name)}">{_write_selector(value)}</w:Selector>' for name, value in selectors.items())
    return f"<w:SelectorSet>{inner}</w:SelectorSet>"


def _write_selector(value: Selector) -> str:
    if value is None:
        return ""
    if isinstance(value, Reference):
        return f"<a:EndpointReference>{write_reference(value)}</a:EndpointReference>"
    return xml.escape(selector_text(value))


def selector_text(value: str | int | bool) -> str:
    """Return a key's text form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


# -- reading ------------------------------------------------------------------------------------------------------


def is_nil(element: Element) -> bool:
    """Tell whether the element says xsi:nil."""
    return element.get(f"{{{ns.XSI}}}nil", "").strip() in ("true", "1")


def read_boolean(text: str) -> bool:
    """Read true/false/1/0 in any letter case; ProtocolError otherwise."""
    found = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().casefold())
    if found is None:
        raise ProtocolError(f"{text!r} is not a boolean")
    return found


def read_integer(text: str) -> int:
    """Read decimal digits with an optional sign; ProtocolError otherwise."""
    if not re.fullmatch(r"\s*[+-]?[0-9]{1,40}\s*", text):
        raise ProtocolError(f"{text[:80]!r} is not an integer")
    return int(text)


_XS_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DMTF_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})([+-]\d{3})", re.ASCII)


def read_time(text: str) -> datetime:
    """Read a time in either dialect, with its zone; without one it is UTC.

    xs:dateTime has 0 to 9 fraction digits and "Z" or an offset in hours and minutes; DMTF is
    yyyymmddHHMMSS.mmmmmmsUUU with the offset in minutes. Raises ProtocolError for anything else (also an interval).
    """
    found = _XS_TIME.fullmatch(text.strip()) or _DMTF_TIME.fullmatch(text.strip())
    if not found:
        raise ProtocolError(f"{text[:80]!r} is not a date and time")
    *parts, fraction, offset = found.groups()
    try:
        moment = datetime(*(int(part) for part in parts), tzinfo=_zone(offset))  # type: ignore[misc, arg-type]
    except ValueError as error:
        raise ProtocolError(f"{text!r} is not a date and time: {error}") from error
    return moment.replace(microsecond=int((fraction or "").ljust(6, "0")[:6]))


def _zone(offset: str | None) -> timezone:
    if offset is None or offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    minutes = int(offset[1:3]) * 60 + int(offset[4:]) if ":" in offset else int(offset[1:])
    return timezone(sign * timedelta(minutes=minutes))


def read_reference(element: Element) -> Reference | None:
    """Read an endpoint reference from the element that holds Address and ReferenceParameters; None if it is none."""
    inner = xml.child(element, "EndpointReference")
    parameters = xml.child(element if inner is None else inner, "ReferenceParameters")
    uri = xml.text_of(xml.child(parameters, "ResourceURI"))
    if uri is None:
        return None
    selectors = xml.child(parameters, "SelectorSet")
    return Reference(Resource.from_uri(uri), {} if selectors is None else read_selectors(selectors))


def read_selectors(element: Element) -> Selectors:
    """Read a SelectorSet; an empty selector is the empty text."""
    found: dict[str, Selector] = {}
    for selector in xml.children(element, "Selector"):
        found[selector.get("Name", "")] = read_reference(selector) or selector.text or ""
    return found
