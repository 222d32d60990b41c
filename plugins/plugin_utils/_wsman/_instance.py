# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One CIM instance (or the outputs of a method) as a host sent it.

The wire carries no types, so the reader says what a property is: `service.boolean("Started")`. Names match in any
letter case and in any XML namespace (surface 1.1, 1.5, 1.8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias, TypeVar, Union
from xml.etree.ElementTree import Element

from . import _namespaces as ns
from . import _values as values
from . import _xml as xml
from ._errors import ProtocolError
from ._values import Reference, Resource

T = TypeVar("T")
Raw: TypeAlias = Union[str, Reference, "Instance", None]


class Instance(Mapping[str, Raw | tuple[Raw, ...]]):
    """Properties by name.

    A property that was not sent is not in the mapping; one that was sent as xsi:nil is, with the value None.
    `instance[name]` gives a text, a Reference, an Instance or None, and a tuple where the property came more than
    once; an array of one element cannot be told from a scalar, so use the accessors. Each accessor returns None (or
    an empty tuple) for absent and nil, and raises ProtocolError for a value that is not of its type.
    """

    def __init__(self, element: Element, *, class_name: str = "", namespace: str = "", epr: Reference | None = None) -> None:
        """Take the element that holds the properties.

        `class_name` and `namespace` say what is known from the request; the answer's own, where it names them, count more.
        """
        self._properties: dict[str, list[Element]] = {}
        self._names: dict[str, str] = {}
        self.epr = epr
        self.class_name, self.namespace = _identity(element, class_name, namespace)
        for child in element:
            name = xml.local(child)
            key = name.casefold()
            self._names.setdefault(key, name)
            self._properties.setdefault(key, []).append(child)

    # -- Mapping

    def __getitem__(self, name: str) -> Raw | tuple[Raw, ...]:
        elements = self._properties[name.casefold()]
        if len(elements) > 1:
            return tuple(_raw(element) for element in elements)
        return _raw(elements[0])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.casefold() in self._properties

    def __repr__(self) -> str:
        # Names only: a value may be a secret, and this ends up in logs.
        return f"<{self.class_name or 'instance'} with {', '.join(self)}>"

    # -- typed access

    def text(self, name: str) -> str | None:
        """Return a text as it was sent, spaces included; an empty one is "", not None."""
        return self._scalar(name, lambda text: text)

    def integer(self, name: str) -> int | None:
        """Return an integer of any CIM width."""
        return self._scalar(name, values.read_integer)

    def boolean(self, name: str) -> bool | None:
        """Return a boolean; its letter case does not matter."""
        return self._scalar(name, values.read_boolean)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return an array of texts; nil elements are left out."""
        return tuple(self._convert(name, element, lambda text: text) for element in self._present(name))

    def integers(self, name: str) -> tuple[int, ...]:
        """Return an array of integers; bytes(...) of it for uint8[]."""
        return tuple(self._convert(name, element, values.read_integer) for element in self._present(name))

    def time(self, name: str) -> datetime | None:
        """Return a time with its zone, from cim:Datetime, xs:dateTime or the DMTF form."""
        return self._scalar(name, values.read_time)

    def reference(self, name: str) -> Reference | None:
        """Return the instance that the property points to."""
        element = next(self._present(name), None)
        return None if element is None else self._reference(name, element)

    def embedded(self, name: str) -> Instance | None:
        """Return an instance that was sent by value."""
        return next(iter(self.embeddeds(name)), None)

    def embeddeds(self, name: str) -> tuple[Instance, ...]:
        """Return an array of instances that were sent by value."""
        return tuple(Instance(element) for element in self._present(name))

    # -- the inside

    def _present(self, name: str) -> Iterator[Element]:
        return (element for element in self._properties.get(name.casefold(), ()) if not values.is_nil(element))

    def _scalar(self, name: str, read: Callable[[str], T]) -> T | None:
        elements = list(self._present(name))
        if len(elements) > 1:
            raise ProtocolError(f"property {name} of {self.class_name or 'the answer'} has {len(elements)} values where one is expected")
        return self._convert(name, elements[0], read) if elements else None

    def _convert(self, name: str, element: Element, read: Callable[[str], T]) -> T:
        holder = xml.child(element, "Datetime")
        text = (element if holder is None else holder).text or ""
        try:
            return read(text)
        except ProtocolError as error:
            raise ProtocolError(f"property {name} of {self.class_name or 'the answer'}: {error}") from error

    def _reference(self, name: str, element: Element) -> Reference:
        found = values.read_reference(element)
        if found is None:
            raise ProtocolError(f"property {name} of {self.class_name or 'the answer'} is not a reference")
        return found


def _identity(element: Element, class_name: str, namespace: str) -> tuple[str, str]:
    """Return class and CIM namespace: from the type or the namespace URI if they say it, else as given."""
    uri = xml.namespace(element)
    kind = element.get(f"{{{ns.XSI}}}type", "").rpartition(":")[2]
    if uri.casefold().startswith(ns.WMI.casefold()):
        resource = Resource.from_uri(uri)
        # A property's element has the namespace of the class around it; only the type names its own class.
        return kind.removesuffix("_Type") if kind.endswith("_Type") else resource.class_name, resource.namespace
    if kind.endswith("_Type"):
        return kind.removesuffix("_Type"), namespace
    return class_name, namespace


def _raw(element: Element) -> Raw:
    if values.is_nil(element):
        return None
    if not len(element):
        return element.text or ""
    holder = xml.child(element, "Datetime")
    if holder is not None:
        return holder.text or ""
    return values.read_reference(element) or Instance(element)
