# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three filters of Enumerate: WQL, selector and association (surface 1.5). Each gives (class, instance) pairs and the columns to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from xml.etree.ElementTree import Element

from ..windows import Account, CimClass, Property, Reference, Windows
from . import namespaces as ns
from .envelope import Request, parse_endpoint, parse_selectors
from .faults import CANNOT_PROCESS_FILTER, FILTER_DIALECT_UNAVAILABLE, WMI_PROVIDER, ExtendedStatus, Fault
from .resources import not_found, resolve, split
from .values import Reader
from .wql import InvalidQuery, parse

NO_CLASS = "The specified class does not exist in the given namespace. "
BAD_QUERY = "The query is invalid. "


@dataclass(frozen=True)
class Found:
    """The result of a filter: instances with their classes, and the projection (None: whole objects)."""

    instances: Iterable[tuple[CimClass, Mapping[str, Any]]]
    columns: tuple[str, ...] | None = None


def cannot_process(query: str | None, message: str) -> Fault:
    """Shape (b): the filter is at fault."""
    return Fault(CANNOT_PROCESS_FILTER, message, provider=WMI_PROVIDER, extended=ExtendedStatus("ExecQuery", query))


class Selection:
    """Finds what one Enumerate asks for on one host."""

    def __init__(self, host: Windows, account: Account) -> None:
        self._host = host
        self._account = account
        self._catalogue = host.cim
        self._reader = Reader(host.cim)

    def find(self, request: Request, enumerate_: Element) -> Found:
        """Choose by resource and filter; raises the fault that Windows would answer."""
        filter_ = enumerate_.find(f"{{{ns.WSMAN}}}Filter")
        filter_ = enumerate_.find(f"{{{ns.ENUMERATION}}}Filter") if filter_ is None else filter_
        namespace, name, _selectors = split(request.resource, request.selectors)
        if namespace.lower() not in self._catalogue.namespaces():
            raise not_found()
        if filter_ is None:
            return self._all(namespace, name, _polymorphism(enumerate_))
        dialect = filter_.get("Dialect", "http://www.w3.org/TR/1999/REC-xpath-19991116")
        if dialect == ns.WQL_DIALECT and name == "*":
            return self._wql(namespace, filter_.text or "")
        if dialect == ns.SELECTOR_DIALECT and name != "*":
            return self._selector(namespace, name, filter_)
        if dialect == ns.ASSOCIATION_DIALECT and name == "*":
            return self._association(namespace, filter_)
        raise Fault(FILTER_DIALECT_UNAVAILABLE) if dialect not in (ns.WQL_DIALECT, ns.SELECTOR_DIALECT, ns.ASSOCIATION_DIALECT) else not_found()

    def _instances(self, cls: CimClass) -> Iterable[dict[str, Any]]:
        return cls.instances(self._host, self._account)

    def _all(self, namespace: str, name: str, polymorphism: str) -> Found:
        root = self._catalogue.find(namespace, name)
        if name == "*" or root is None:
            raise not_found()
        if polymorphism == "none":
            return Found((root, values) for values in self._instances(root))
        classes = self._catalogue.subclasses(namespace, name)
        if polymorphism == "excludesubclassproperties":
            return Found((root, values) for cls in classes for values in self._instances(cls))
        return Found((cls, values) for cls in classes for values in self._instances(cls))

    def _wql(self, namespace: str, text: str) -> Found:
        try:
            query = parse(text)
        except InvalidQuery as exc:
            raise cannot_process(text, BAD_QUERY) from exc
        root = self._catalogue.find(namespace, query.class_name)
        if root is None:
            raise cannot_process(text, NO_CLASS)
        try:
            condition = query.condition(root)
            columns = None if query.columns is None else tuple(item.name for item in columns_of(root, query.columns))
        except InvalidQuery as exc:
            raise cannot_process(text, BAD_QUERY) from exc
        classes = self._catalogue.subclasses(namespace, query.class_name)
        return Found(((cls, values) for cls in classes for values in self._instances(cls) if condition(values)), columns)

    def _selector(self, namespace: str, name: str, filter_: Element) -> Found:
        cls = self._catalogue.find(namespace, name)
        if cls is None:
            raise not_found()
        chosen = parse_selectors(filter_.find(f"{{{ns.WSMAN}}}SelectorSet"))
        by_name = {item.name.lower(): item for item in cls.properties}
        for selector, value in chosen.items():
            item = by_name.get(selector)
            if item is None or item.array or item.type.startswith(("datetime", "reference", "object")):
                raise cannot_process(None, BAD_QUERY)
            if not isinstance(value, str) or "'" in value or '"' in value:
                raise cannot_process(None, BAD_QUERY)
        keys = self._reader.keys(cls, chosen)
        classes = self._catalogue.subclasses(namespace, name)
        return Found((sub, values) for sub in classes for values in self._instances(sub) if matches(values, keys))

    def _association(self, namespace: str, filter_: Element) -> Found:
        ask = next((child for child in filter_ if child.tag in (f"{{{ns.BINDING}}}AssociatedInstances", f"{{{ns.BINDING}}}AssociationInstances")), None)
        source = None if ask is None else ask.find(f"{{{ns.BINDING}}}Object")
        if ask is None or source is None:
            raise cannot_process(None, BAD_QUERY)
        endpoint = parse_endpoint(source)
        target = resolve(endpoint.resource, endpoint.selectors, self._catalogue)
        origin = Reference(target.cls.namespace, target.cls.name, self._reader.keys(target.cls, target.selectors))
        links = self._links(namespace, ask, origin)
        if ask.tag.endswith("AssociationInstances"):
            return Found(((cls, values) for cls, values, _near_end in links))
        return Found(self._far_ends(namespace, ask, links))

    def _links(self, namespace: str, ask: Element, origin: Reference) -> Iterator[tuple[CimClass, Mapping[str, Any], Property]]:
        """(association class, instance, the property that points to the origin)."""
        only = ask.findtext(f"{{{ns.BINDING}}}AssociationClassName") or (
            ask.findtext(f"{{{ns.BINDING}}}ResultClassName") if ask.tag.endswith("AssociationInstances") else None
        )
        role = (ask.findtext(f"{{{ns.BINDING}}}Role") or "").lower()
        for cls in self._association_classes(namespace, only):
            ends = [item for item in cls.properties if item.type.startswith("reference") and role in ("", item.name.lower())]
            for values in self._instances(cls):
                for end in ends:
                    if same_object(values.get(end.name), origin):
                        yield cls, values, end

    def _association_classes(self, namespace: str, only: str | None) -> list[CimClass]:
        if only is None:
            raise cannot_process(None, "An association class name is required by this simulated host. ")
        if self._catalogue.find(namespace, only) is None:
            raise cannot_process(None, NO_CLASS)
        return self._catalogue.subclasses(namespace, only)

    def _far_ends(
        self, namespace: str, ask: Element, links: Iterable[tuple[CimClass, Mapping[str, Any], Property]]
    ) -> Iterator[tuple[CimClass, Mapping[str, Any]]]:
        wanted = ask.findtext(f"{{{ns.BINDING}}}ResultClassName")
        role = (ask.findtext(f"{{{ns.BINDING}}}ResultRole") or "").lower()
        allowed = None if wanted is None else {cls.name for cls in self._catalogue.subclasses(namespace, wanted)}
        for cls, values, near in links:
            for end in cls.properties:
                far = values.get(end.name)
                if end == near or not isinstance(far, Reference) or role not in ("", end.name.lower()):
                    continue
                if allowed is not None and far.class_name not in allowed:
                    continue
                far_class = self._catalogue.find(far.namespace, far.class_name)
                if far_class is not None:
                    known = chain(self._instances(far_class), far_class.unlisted(self._host, self._account))
                    yield from ((far_class, found) for found in known if matches(found, far.keys))


def columns_of(cls: CimClass, names: Iterable[str]) -> list[Property]:
    """The properties of these names; raises InvalidQuery for an unknown one."""
    by_name = {item.name.lower(): item for item in cls.properties}
    if unknown := [name for name in names if name.lower() not in by_name]:
        raise InvalidQuery(unknown[0])
    return [by_name[name.lower()] for name in names]


def _polymorphism(enumerate_: Element) -> str:
    return (enumerate_.findtext(f"{{{ns.BINDING}}}PolymorphismMode") or "").lower()


def matches(values: Mapping[str, Any], keys: Mapping[str, Any]) -> bool:
    """True if the instance has these values; text without regard to case, empty and null text are the same."""
    return all(same(values.get(name), wanted) for name, wanted in keys.items())


def same(left: Any, right: Any) -> bool:
    """Equality of key values."""
    if isinstance(left, Reference) and isinstance(right, Reference):
        return same_object(left, right)
    if isinstance(left, str) or isinstance(right, str):
        return str(left or "").casefold() == str(right or "").casefold()
    return bool(left == right)


def same_object(left: Any, right: Reference) -> bool:
    """True if both references name one object: same class and agreeing keys."""
    if not isinstance(left, Reference) or left.class_name.lower() != right.class_name.lower():
        return False
    theirs = {name.lower(): value for name, value in left.keys.items()}
    return all(same(theirs.get(name.lower()), value) for name, value in right.keys.items())
