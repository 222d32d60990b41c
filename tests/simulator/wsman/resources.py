# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a resource URI to a class of the catalogue, and back (surface 1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..windows import Catalogue, CimClass
from . import namespaces as ns
from .faults import RESOURCE_NOT_FOUND, UNEXPECTED_SELECTORS, WMI_PROVIDER, Fault

# Windows answers with the namespace as the repository spells it, whatever case the request used: these are the ones that differ.
SPELLINGS = {"root/standardcimv2": "root/StandardCimv2", "root/rsop/computer": "root/RSOP/Computer"}
NAMESPACE_SELECTOR = "__cimnamespace"


@dataclass(frozen=True)
class Target:
    """A class with the selectors that remain after ``__cimnamespace`` (names in lower case)."""

    cls: CimClass
    selectors: Mapping[str, Any]


def spelled(namespace: str) -> str:
    """The namespace as it stands in answers."""
    return SPELLINGS.get(namespace.lower(), namespace.lower())


def uri_of(cls: CimClass) -> str:
    """The resource URI of a class, which is also the XML namespace of its objects."""
    return f"{ns.WMI_PREFIX}{spelled(cls.namespace)}/{cls.name}"


def not_found(message: str | None = None) -> Fault:
    """Class or instance not found on Get (2150858752)."""
    return Fault(RESOURCE_NOT_FOUND, message, provider=WMI_PROVIDER)


def split(resource: str, selectors: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Namespace, class name (or ``*``) and the other selectors of a CIM resource.

    Both forms are accepted; the DMTF form names its namespace in the selector ``__cimnamespace`` (root/hardware if it has none).
    """
    rest = dict(selectors)
    chosen = rest.pop(NAMESPACE_SELECTOR, None)
    chosen = chosen.replace("\\", "/").strip("/").lower() if isinstance(chosen, str) else None
    base = resource.partition("?")[0]
    if base.lower().startswith(ns.WMI_PREFIX):
        namespace, _slash, name = base[len(ns.WMI_PREFIX) :].strip("/").rpartition("/")
        if chosen is not None and chosen != namespace.lower():
            raise Fault(UNEXPECTED_SELECTORS, subcode="w:InternalError", provider=WMI_PROVIDER)
        return namespace, name, rest
    if base.lower().startswith(ns.CIM_SCHEMA_PREFIX):
        return chosen or "root/hardware", base[len(ns.CIM_SCHEMA_PREFIX) :], rest
    raise Fault(RESOURCE_NOT_FOUND)


def resolve(resource: str, selectors: Mapping[str, Any], catalogue: Catalogue) -> Target:
    """The class that a URI names; raises the "not found" fault for an unknown namespace or class."""
    namespace, name, rest = split(resource, selectors)
    cls = catalogue.find(namespace, name)
    if cls is None:
        raise not_found()
    return Target(cls, rest)
