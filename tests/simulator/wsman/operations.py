# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Get, Put, Create, Delete and Invoke on CIM classes (surface 1.4, 1.6, 1.7)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any
from xml.etree.ElementTree import Element

from ..windows import Account, CimClass, CimError, Reference, Windows
from .envelope import Request
from .faults import (
    ACTION_NOT_SUPPORTED,
    ALREADY_EXISTS,
    CANNOT_PROCESS_FILTER,
    INSUFFICIENT_SELECTORS,
    INVALID_BODY,
    RESOURCE_NOT_FOUND,
    UNEXPECTED_SELECTORS,
    WMI_PROVIDER,
    ExtendedStatus,
    Fault,
    WmiError,
)
from .filters import matches
from .resources import Target, resolve, spelled, uri_of
from .values import Reader, Writer, invalid, local


class Operations:
    """What one host answers to operations on single objects."""

    def __init__(self, host: Windows, writer: Writer) -> None:
        self._host = host
        self._writer = writer
        self._reader = Reader(host.cim)

    def get(self, request: Request, account: Account) -> str:
        """The instance with these keys."""
        target = self._target(request)
        keys = self._keys(target)
        for cls in self._host.cim.subclasses(target.cls.namespace, target.cls.name):
            for values in chain(cls.instances(self._host, account), cls.unlisted(self._host, account)):
                if matches(values, keys):
                    return self._shown(cls, values, request)
        raise provider_fault(target.cls.namespace, CimError(6, "Not found "), "GetObject", mi=target.cls.mi_provider)

    def put(self, request: Request, account: Account) -> str:
        """Change the properties in the body and answer the whole instance; fragments are not supported."""
        if request.fragment is not None:
            raise Fault(ACTION_NOT_SUPPORTED, provider=WMI_PROVIDER)
        target = self._target(request)
        keys = self._keys(target)
        given = self._properties(target.cls, request.body)
        if modified := [option.value for option in request.options if option.name.lower() == "wmiarray:__miinstancemodifiedpropertieslist"]:
            wanted = {name.lower() for name in modified}
            given = {name: value for name, value in given.items() if name.lower() in wanted}
        values = target.cls.modify(self._host, account, keys, {name: value for name, value in given.items() if not self._is_key(target.cls, name)})
        return self._writer.instance(target.cls, values)

    def create(self, request: Request, account: Account) -> str:
        """Make an instance and answer its endpoint reference."""
        target = self._target(request)
        keys = target.cls.create(self._host, account, self._properties(target.cls, request.body))
        reference = self._writer.reference(Reference(target.cls.namespace, target.cls.name, keys))
        return f"<x:ResourceCreated>{reference}</x:ResourceCreated>"

    def delete(self, request: Request, account: Account) -> str:
        """Delete the instance; the answer has an empty body."""
        target = self._target(request)
        target.cls.delete(self._host, account, self._keys(target))
        return ""

    def invoke(self, request: Request, account: Account) -> str:
        """Call a method; the action is ``<class URI>/<method>``."""
        target = self._target(request)
        name = request.action.rpartition("/")[2]
        method = next((found for key, found in target.cls.methods.items() if key.lower() == name.lower()), None)
        if method is None or not self._is_action(request):
            raise Fault(ACTION_NOT_SUPPORTED, provider=WMI_PROVIDER)
        keys = self._keys(target) if target.selectors or not method.static else None
        body = request.body
        if body is not None and local(body.tag).lower() != f"{name}_INPUT".lower():
            raise invalid()
        arguments = {} if body is None else self._reader.read(body, method.inputs, target.cls.namespace)
        if missing := [item.name for item in method.inputs if not item.optional and item.name not in arguments]:
            error = CimError(4, f"Invalid method parameter(s): {missing[0]} ", 0x8004102F)
            raise provider_fault(target.cls.namespace, error, "ExecMethod", mi=True)
        try:
            outputs = target.cls.invoke(self._host, account, keys, method.name, arguments)
        except CimError as error:
            raise provider_fault(target.cls.namespace, error, "ExecMethod", mi=True) from error
        return self._writer.outputs(target.cls, method.name, method.outputs, outputs, returns=method.returns)

    def _is_action(self, request: Request) -> bool:
        """The action's class part must be the resource URI (or Microsoft's form of it)."""
        base = request.action.rpartition("/")[0].lower()
        target = self._target(request)
        return base in (request.resource.lower(), uri_of(target.cls).lower())

    def _target(self, request: Request) -> Target:
        return resolve(request.resource, request.selectors, self._host.cim)

    def _is_key(self, cls: CimClass, name: str) -> bool:
        return any(item.key and item.name == name for item in cls.properties)

    def _keys(self, target: Target) -> dict[str, Any]:
        known = {item.name.lower() for item in target.cls.properties if item.key}
        if set(target.selectors) - known:
            raise Fault(UNEXPECTED_SELECTORS, provider=WMI_PROVIDER)
        if known - set(target.selectors) and not (target.cls.singleton and not target.selectors):
            raise Fault(INSUFFICIENT_SELECTORS, provider=WMI_PROVIDER)
        return self._reader.keys(target.cls, target.selectors)

    def _shown(self, cls: CimClass, values: Mapping[str, Any], request: Request) -> str:
        if request.fragment is None:
            return self._writer.instance(cls, values)
        chosen = [item for item in cls.properties if item.name == request.fragment]
        if not chosen:
            raise Fault(CANNOT_PROCESS_FILTER, provider=WMI_PROVIDER)
        return self._writer.fragment(cls, values, chosen)

    def _properties(self, cls: CimClass, body: Element | None) -> dict[str, Any]:
        if body is None:
            raise Fault(INVALID_BODY)
        if local(body.tag).lower() != cls.name.lower():
            raise invalid()
        return self._reader.read(body, cls.properties, cls.namespace)


def provider_fault(namespace: str, error: CimError, operation: str, *, mi: bool) -> Fault:
    """A provider's refusal: MSFT_WmiError from MI providers and (``mi`` too) from every method call, else __ExtendedStatus."""
    subcodes = {2: "w:AccessDenied", 6: "wsa:DestinationUnreachable", 11: "w:AlreadyExists"}
    if mi:
        detail = WmiError(error.status, error.message, error.hresult, spelled(namespace))
        return Fault(error.hresult or error.status, error.message, subcode=subcodes.get(error.status, "w:InternalError"), error=detail)
    extended = ExtendedStatus(operation, None, error.hresult)
    code = {2: 5, 6: RESOURCE_NOT_FOUND, 11: ALREADY_EXISTS}.get(error.status, error.hresult or 1)
    return Fault(code, None if code == RESOURCE_NOT_FOUND else error.message, provider=WMI_PROVIDER, extended=extended)
