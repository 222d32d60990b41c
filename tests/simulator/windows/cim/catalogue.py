# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a CIM class is to the protocol side, and the catalogue of all classes of one host."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..records import Account, CimError

if TYPE_CHECKING:
    from ..host import Windows

E_ACCESS_DENIED = 0x80041003
E_NOT_FOUND = 0x80041002
E_NOT_SUPPORTED = 0x8004100C
E_INVALID_PARAMETER = 0x80041008
E_METHOD_NOT_IMPLEMENTED = 0x80041055
HRESULT_OF_WIN32 = 0x80070000
ERROR_SERVICE_DISABLED = 1058


@dataclass(frozen=True)
class Property:
    """One property; types: string boolean uint8..uint64 sint8..sint64 datetime reference:<Class> object:<Class>."""

    name: str
    type: str
    array: bool = False
    key: bool = False
    writable: bool = False


@dataclass(frozen=True)
class Parameter:
    """One method parameter, types as for properties."""

    name: str
    type: str
    array: bool = False
    optional: bool = True


@dataclass(frozen=True)
class Method:
    """One method; ``returns`` False stands for an empty OUTPUT without ReturnValue."""

    name: str
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    static: bool = False
    returns: bool = True


@dataclass(frozen=True)
class Schema:
    """The shape of one class, inherited properties included; ``methods`` has the names as Windows spells them."""

    namespace: str
    name: str
    parent: str | None
    properties: tuple[Property, ...]
    methods: Mapping[str, Method]
    singleton: bool = False
    abstract: bool = False
    mi_provider: bool = False


class CimClass:
    """A class with its provider. Subclasses fill in ``_instances`` and what else the provider can do.

    The public operations check rights, attribute the journal's entries to the caller and then ask the provider.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.namespace = schema.namespace
        self.name = schema.name
        self.parent = schema.parent
        self.properties = schema.properties
        self.methods = dict(schema.methods)
        self.singleton = schema.singleton
        self.abstract = schema.abstract
        self.mi_provider = schema.mi_provider

    def instances(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        """All instances that ``account`` may see, each with every property of the class."""
        _wake_wmi(host)
        return self._visible(host, account)

    def unlisted(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        """Further instances that are found by their keys or through an association, but not enumerated."""
        return ()

    def create(self, host: Windows, account: Account, properties: dict[str, Any]) -> dict[str, Any]:
        """Make an instance and return its keys."""
        _wake_wmi(host)
        self._must_be_elevated(host, account)
        with host.journal.acting(account.qualified):
            return self._create(host, properties)

    def modify(self, host: Windows, account: Account, keys: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        """Change the given properties only and return the whole instance."""
        _wake_wmi(host)
        self._must_be_elevated(host, account)
        with host.journal.acting(account.qualified):
            return self._modify(host, keys, properties)

    def delete(self, host: Windows, account: Account, keys: dict[str, Any]) -> None:
        """Delete one instance."""
        _wake_wmi(host)
        self._must_be_elevated(host, account)
        with host.journal.acting(account.qualified):
            self._delete(host, keys)

    def invoke(self, host: Windows, account: Account, keys: dict[str, Any] | None, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a method (name as in ``methods``); the answer holds the outputs and, if the method returns one, ReturnValue."""
        if method not in self.methods:
            raise CimError(17, host.text("wmi.method_not_found"), E_METHOD_NOT_IMPLEMENTED)
        _wake_wmi(host)
        with host.journal.acting(account.qualified):
            answer = self._invoke(host, account, keys or {}, method, arguments)
        host.look_after_programs()
        return answer

    def differing(self, host: Windows, current: Mapping[str, Any], given: Mapping[str, Any], writable: Collection[str]) -> dict[str, Any]:
        """The given properties that are not what they are already; CimError 4 if one of them is not ``writable``.

        Clients send whole instances back: what stays the same is no change.
        """
        changed = {name: value for name, value in given.items() if value != current.get(name)}
        if set(changed) - set(writable):
            raise CimError(4, host.text("wmi.invalid_parameter"), E_INVALID_PARAMETER)
        return changed

    def keys_of(self, instance: Mapping[str, Any]) -> dict[str, Any]:
        """The key properties of one instance."""
        return {prop.name: instance.get(prop.name) for prop in self.properties if prop.key}

    def _must_be_elevated(self, host: Windows, account: Account) -> None:
        if not account.elevated:
            raise CimError(2, host.text("wmi.access_denied"), E_ACCESS_DENIED)

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        """What the account may see; by default everything."""
        return self._instances(host)

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        return ()

    def _create(self, host: Windows, properties: dict[str, Any]) -> dict[str, Any]:
        raise CimError(7, host.text("wmi.not_supported"), E_NOT_SUPPORTED)

    def _modify(self, host: Windows, keys: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        raise CimError(7, host.text("wmi.not_supported"), E_NOT_SUPPORTED)

    def _delete(self, host: Windows, keys: dict[str, Any]) -> None:
        raise CimError(7, host.text("wmi.not_supported"), E_NOT_SUPPORTED)

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        raise CimError(16, host.text("wmi.not_supported"), E_NOT_SUPPORTED)


def _wake_wmi(host: Windows) -> None:
    """A call starts Winmgmt if it has stopped (DCOM does that); a disabled one cannot answer [I]."""
    service = host.services.find("Winmgmt")
    host.look_after_programs()
    if service is not None and service.stopped and host.services.activate("Winmgmt"):
        raise CimError(1, host.error(ERROR_SERVICE_DISABLED), HRESULT_OF_WIN32 | ERROR_SERVICE_DISABLED)


class Catalogue:
    """All classes of one host, found without regard to case. Immutable: hosts of one release share it."""

    def __init__(self, classes: Iterable[CimClass], namespaces: Iterable[str] = ()) -> None:
        self._classes = {(cls.namespace.lower(), cls.name.lower()): cls for cls in classes}
        self._namespaces = frozenset(cls.namespace.lower() for cls in self._classes.values()) | frozenset(namespaces)

    def namespaces(self) -> frozenset[str]:
        """Every namespace, in lower case with slashes."""
        return self._namespaces

    def find(self, namespace: str, name: str) -> CimClass | None:
        """The class of this name, or None."""
        return self._classes.get((namespace.lower().replace("\\", "/"), name.lower()))

    def subclasses(self, namespace: str, name: str) -> list[CimClass]:
        """The concrete classes below ``name``, itself included if it is concrete; empty if there is no such class."""
        root = self.find(namespace, name)
        if root is None:
            return []
        found = [] if root.abstract else [root]
        for cls in self._classes.values():
            if cls.namespace == root.namespace and cls.parent is not None and cls.parent.lower() == root.name.lower():
                found += self.subclasses(namespace, cls.name)
        return found
