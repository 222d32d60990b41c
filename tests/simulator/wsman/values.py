# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM values in XML, both ways, by the types that the class declares (surface 1.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from ..windows import Catalogue, CimClass, Embedded, Parameter, Property, Reference
from . import namespaces as ns
from .envelope import Endpoint, parse_endpoint
from .faults import SCHEMA_VALIDATION, UNEXPECTED_SELECTORS, WMI_PROVIDER, Fault
from .resources import resolve, uri_of

SIZES = (8, 16, 32, 64)
INTEGERS = {f"uint{bits}": (0, (1 << bits) - 1) for bits in SIZES} | {f"sint{bits}": (-(1 << bits - 1), (1 << bits - 1) - 1) for bits in SIZES}
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
XS_DATETIME = re.compile(r"^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$")
NIL = f"{{{ns.XSI}}}nil"
TYPE = f"{{{ns.XSI}}}type"


def text_of(value: object) -> str:
    """The XML text of a scalar; control characters become question marks."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return datetime_text(value)
    return escape(CONTROLS.sub("?", str(value)))


def datetime_text(value: datetime) -> str:
    """``xs:dateTime`` with 0, 3 or 6 fraction digits, as many as the value needs; UTC is written Z."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    spec = "seconds" if aware.microsecond == 0 else "milliseconds" if aware.microsecond % 1000 == 0 else "microseconds"
    return aware.isoformat(timespec=spec).replace("+00:00", "Z")


class Writer:
    """Writes instances and method outputs of one host.

    ``loud_booleans`` makes MI providers write TRUE and FALSE, which clients must accept too.
    """

    def __init__(self, catalogue: Catalogue, *, loud_booleans: bool = False) -> None:
        self._catalogue = catalogue
        self._loud = loud_booleans

    def instance(self, cls: CimClass, values: Mapping[str, Any], properties: Sequence[Property] | None = None) -> str:
        """The instance as ``<p:Class xsi:type="p:Class_Type">``, properties in alphabetical order."""
        shown = sorted(properties or cls.properties, key=lambda item: item.name.lower())
        content = "".join(self.value(f"p:{item.name}", item, values.get(item.name), loud=cls.mi_provider) for item in shown)
        return f'<p:{cls.name} xmlns:xsi="{ns.XSI}" xmlns:p="{uri_of(cls)}" xmlns:cim="{ns.CIM}" xsi:type="p:{cls.name}_Type">{content}</p:{cls.name}>'

    def fragment(self, cls: CimClass, values: Mapping[str, Any], properties: Sequence[Property]) -> str:
        """A projection: ``w:XmlFragment`` whose children have no namespace and stand in alphabetical order (MS-WSMV <58>, <59>)."""
        shown = sorted(properties, key=lambda item: item.name.lower())
        content = "".join(self.value(item.name, item, values.get(item.name), loud=cls.mi_provider) for item in shown)
        return f'<w:XmlFragment xmlns:xsi="{ns.XSI}" xmlns:cim="{ns.CIM}">{content}</w:XmlFragment>'

    def outputs(self, cls: CimClass, method: str, parameters: Sequence[Parameter], values: Mapping[str, Any], *, returns: bool) -> str:
        """``<p:Method_OUTPUT>``; an absent output is nil, a null array is left out, ReturnValue only if the method has one."""
        content = "".join(self.value(f"p:{item.name}", item, values[item.name]) for item in parameters if item.name in values)
        if returns:
            content += self.value("p:ReturnValue", Property("ReturnValue", "uint32"), values.get("ReturnValue"))
        return f'<p:{method}_OUTPUT xmlns:xsi="{ns.XSI}" xmlns:p="{uri_of(cls)}" xmlns:cim="{ns.CIM}">{content}</p:{method}_OUTPUT>'

    def value(self, tag: str, item: Property | Parameter, value: Any, *, loud: bool = False) -> str:
        """One property; arrays repeat the element, a null or empty array writes nothing."""
        if item.array:
            return "".join(self._scalar(tag, item.type, element, loud=loud) for element in value or ())
        return self._scalar(tag, item.type, value, loud=loud)

    def _scalar(self, tag: str, kind: str, value: Any, *, loud: bool) -> str:
        if value is None:
            return f'<{tag} xsi:nil="true"/>'
        if isinstance(value, Reference):
            return f"<{tag}>{self.reference(value)}</{tag}>"
        if isinstance(value, Embedded):
            return self._embedded(tag, value)
        if kind == "datetime":
            return f"<{tag}><cim:Datetime>{text_of(value)}</cim:Datetime></{tag}>"
        text = text_of(value)
        return f"<{tag}>{text.upper() if loud and self._loud and kind == 'boolean' else text}</{tag}>"

    def reference(self, value: Reference) -> str:
        """The inside of an endpoint reference; a singleton has no SelectorSet."""
        cls = self._catalogue.find(value.namespace, value.class_name)
        uri = uri_of(cls) if cls else f"{ns.WMI_PREFIX}{value.namespace}/{value.class_name}"
        selectors = "".join(f"<w:Selector Name={quoteattr(name)}>{self._selector(key)}</w:Selector>" for name, key in value.keys.items())
        chosen = f"<w:SelectorSet>{selectors}</w:SelectorSet>" if selectors else ""
        return f"<a:Address>{ns.ANONYMOUS}</a:Address><a:ReferenceParameters><w:ResourceURI>{uri}</w:ResourceURI>{chosen}</a:ReferenceParameters>"

    def _selector(self, value: Any) -> str:
        if isinstance(value, Reference):
            return f"<a:EndpointReference>{self.reference(value)}</a:EndpointReference>"
        return "" if value is None else text_of(value)

    def _embedded(self, tag: str, value: Embedded) -> str:
        cls = next((found for space in sorted(self._catalogue.namespaces()) if (found := self._catalogue.find(space, value.class_name))), None)
        if cls is None:
            raise LookupError(f"the model returned an embedded {value.class_name}, which is no class of its catalogue")
        shown = sorted(cls.properties, key=lambda item: item.name.lower())
        # Each level has a prefix of its own: the element itself is in the namespace of the class around it.
        outer = tag.partition(":")[0]
        prefix = f"e{outer}" if outer.startswith("e") else "e"
        content = "".join(self.value(f"{prefix}:{item.name}", item, value.properties.get(item.name)) for item in shown)
        return f'<{tag} xmlns:{prefix}="{uri_of(cls)}" xsi:type="{prefix}:{cls.name}_Type">{content}</{tag}>'


def invalid(message: str | None = None) -> Fault:
    """The schema validation fault (2150858817)."""
    return Fault(SCHEMA_VALIDATION, message, provider=WMI_PROVIDER)


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


class Reader:
    """Reads property and parameter elements into Python values; whatever does not fit the declared type is a schema fault."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def read(self, element: Element, declared: Sequence[Property] | Sequence[Parameter], namespace: str) -> dict[str, Any]:
        """The children of ``element`` by their declared names (any case on the wire); unknown names are refused."""
        by_name = {item.name.lower(): item for item in declared}
        grouped: dict[str, list[Element]] = {}
        for child in element:
            name = local(child.tag).lower()
            if name not in by_name:
                raise invalid()
            grouped.setdefault(name, []).append(child)
        return {by_name[name].name: self._read(elements, by_name[name], namespace) for name, elements in grouped.items()}

    def _read(self, elements: list[Element], item: Property | Parameter, namespace: str) -> Any:
        if item.array:
            if len(elements) == 1 and is_nil(elements[0]):
                return None
            return [self.scalar(element, item.type, namespace) for element in elements]
        if len(elements) != 1:
            raise invalid()
        return self.scalar(elements[0], item.type, namespace)

    def scalar(self, element: Element, kind: str, namespace: str) -> Any:
        """One value of the CIM type ``kind``."""
        if is_nil(element):
            return None
        if kind.startswith("reference"):
            return self.reference(parse_endpoint(element))
        if kind.startswith("object"):
            return self._embedded(element, kind.partition(":")[2], namespace)
        if kind == "datetime":
            child = element[0] if len(element) == 1 and local(element[0].tag) in ("Datetime", "Date") else element
            return parse_datetime((child.text or "").strip())
        if len(element):
            raise invalid()
        return parse_text(element.text or "", kind)

    def _embedded(self, element: Element, class_name: str, namespace: str) -> Embedded:
        """The type names the class that is declared or one that is derived from it; a client has to say which."""
        kind = element.get(TYPE, "").rpartition(":")[2]
        cls = self._catalogue.find(namespace, kind[: -len("_type")]) if kind.lower().endswith("_type") else None
        if cls is None or not self._derives(cls, class_name):
            raise invalid()
        return Embedded(cls.name, self.read(element, cls.properties, namespace))

    def _derives(self, cls: CimClass, class_name: str) -> bool:
        above: CimClass | None = cls
        while above is not None and above.name.lower() != class_name.lower():
            above = self._catalogue.find(above.namespace, above.parent) if above.parent else None
        return above is not None

    def reference(self, endpoint: Endpoint) -> Reference:
        """A reference value with typed keys."""
        target = resolve(endpoint.resource, endpoint.selectors, self._catalogue)
        return Reference(target.cls.namespace, target.cls.name, self.keys(target.cls, target.selectors))

    def keys(self, cls: CimClass, selectors: Mapping[str, Any]) -> dict[str, Any]:
        """Selectors as the class' key values; an empty one stands for an empty or null key."""
        by_name = {item.name.lower(): item for item in cls.properties}
        if set(selectors) - set(by_name):
            raise Fault(UNEXPECTED_SELECTORS, provider=WMI_PROVIDER)
        return {by_name[name].name: self._key(value, by_name[name].type) for name, value in selectors.items()}

    def _key(self, value: Any, kind: str) -> Any:
        if isinstance(value, Endpoint):
            return self.reference(value)
        return None if value == "" and kind != "string" else parse_text(value, kind)


def is_nil(element: Element) -> bool:
    """True for ``xsi:nil="true"``."""
    return element.get(NIL, "false").strip().lower() in ("true", "1")


def parse_text(text: str, kind: str) -> Any:
    """A scalar of the simple type ``kind`` from its text."""
    if kind == "string":
        return text
    stripped = text.strip()
    if kind == "boolean":
        if stripped.lower() not in ("true", "false", "1", "0"):
            raise invalid()
        return stripped.lower() in ("true", "1")
    if kind == "datetime":
        return parse_datetime(stripped)
    return parse_integer(stripped, kind)


def parse_integer(text: str, kind: str) -> int:
    """A decimal number within the type's range; hexadecimal is refused."""
    if kind not in INTEGERS or not re.fullmatch(r"[+-]?[0-9]+", text):
        raise invalid()
    number, (low, high) = int(text), INTEGERS[kind]
    if not low <= number <= high:
        raise invalid()
    return number


def parse_datetime(text: str) -> datetime:
    """``xs:dateTime``; without a zone it is UTC (surface 1.8)."""
    found = XS_DATETIME.match(text)
    if found is None:
        raise invalid()
    *whole, fraction, zone = found.groups()
    try:
        return datetime(*(int(part) for part in whole), int((fraction or "0").ljust(6, "0")[:6]), tzinfo=_zone(zone))  # type: ignore[misc,arg-type]
    except ValueError as exc:
        raise invalid() from exc


def _zone(text: str | None) -> timezone:
    if text in (None, "Z"):
        return UTC
    assert text is not None
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))
