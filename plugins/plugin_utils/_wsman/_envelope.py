# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests: the envelope of every operation, and the bodies of those on CIM classes.

Written with templates instead of a tree: a request is 1.2 to 1.8 kB, always of the same shape, and costs 30
microseconds this way. Every inserted text goes through _xml.escape or _xml.name. Source: surface 1.3 to 1.9.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import _namespaces as ns
from . import _xml as xml
from ._values import (
    Reference,
    Resource,
    Selectors,
    Value,
    selector_text,
    write_properties,
    write_reference,
    write_selectors,
)

MAX_ELEMENTS = 32000
"""Windows' own MaxBatchItems: the host cuts its answers by size, not by this number."""

Option = str | int | bool | Sequence[str]
Options = Mapping[str, Option]
"""Operation options by name; a sequence is one option repeated (for wmiarray: names)."""


@dataclass(frozen=True)
class Settings:
    """What every request of a client says. operation_timeout in seconds, max_envelope_size in bytes."""

    endpoint: str
    operation_timeout: float = 60.0
    max_envelope_size: int = 512_000
    locale: str = "en-US"


@dataclass(frozen=True)
class Call:
    """One operation, before it becomes an envelope.

    resource is the URI; method is set for an invocation only; timeout in seconds overrides the settings' one; about is
    what messages name where the URI does not say it.
    """

    action: str
    resource: str
    body: str = ""
    selectors: Selectors | None = None
    options: Options | None = None
    typed_options: bool = True
    method: str | None = None
    timeout: float | None = None
    about: str = ""

    @property
    def subject(self) -> str:
        """What the operation is about, for messages: class name or the last part of the URI."""
        return self.about or Resource.from_uri(self.resource).class_name


def new_message_id() -> str:
    """Return a new "uuid:..." message id."""
    return f"uuid:{str(uuid.uuid4()).upper()}"


_ENVELOPE = (
    f'<s:Envelope xmlns:s="{ns.SOAP}" xmlns:a="{ns.ADDRESSING}" xmlns:w="{ns.WSMAN}" xmlns:m="{ns.MS_WSMAN}"'
    f' xmlns:xsi="{ns.XSI}"><s:Header>'
    "<a:To>{to}</a:To>"
    f'<a:ReplyTo><a:Address s:mustUnderstand="true">{ns.ANONYMOUS}</a:Address></a:ReplyTo>'
    "<a:MessageID>{message_id}</a:MessageID>"
    '<a:Action s:mustUnderstand="true">{action}</a:Action>'
    '<w:ResourceURI s:mustUnderstand="true">{resource}</w:ResourceURI>'
    '<w:MaxEnvelopeSize s:mustUnderstand="true">{size}</w:MaxEnvelopeSize>'
    "<w:OperationTimeout>PT{timeout:.3f}S</w:OperationTimeout>"
    # mustUnderstand="true" on the two locale headers is refused by Windows (MS-WSMV).
    '<w:Locale xml:lang="{locale}" s:mustUnderstand="false"/><m:DataLocale xml:lang="{locale}" s:mustUnderstand="false"/>'
    "{selectors}{options}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
)


def envelope(settings: Settings, call: Call, message_id: str) -> bytes:
    """Return the SOAP message of one operation, UTF-8. Raises ValueError for a text that XML cannot carry."""
    return _ENVELOPE.format(
        to=xml.escape(settings.endpoint),
        message_id=message_id,
        action=xml.escape(call.action),
        resource=xml.escape(call.resource),
        size=settings.max_envelope_size,
        timeout=settings.operation_timeout if call.timeout is None else call.timeout,
        locale=xml.escape(settings.locale),
        selectors=write_selectors(call.selectors),
        options=_options(call),
        body=call.body,
    ).encode()


IDENTIFY = (f'<s:Envelope xmlns:s="{ns.SOAP}" xmlns:i="{ns.IDENTITY}"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>').encode()
"""The whole Identify message: it has no headers (DSP0226 11)."""


def _options(call: Call) -> str:
    if not call.options:
        return ""
    inner = "".join(_option(name, value, call.typed_options) for name, value in call.options.items())
    return f'<w:OptionSet xmlns:xs="{ns.XS}" s:mustUnderstand="true">{inner}</w:OptionSet>'


def _option(name: str, value: Option, typed: bool) -> str:
    if not isinstance(value, (str, int)):
        return "".join(_option(name, item, typed) for item in value)
    kind = "xs:boolean" if isinstance(value, bool) else "xs:int" if isinstance(value, int) else "xs:string"
    typing = f' Type="{kind}"' if typed else ""
    return f'<w:Option Name="{xml.escape(name)}"{typing}>{xml.escape(selector_text(value))}</w:Option>'


# -- CIM classes --------------------------------------------------------------------------------------------------


def get(resource: Resource, selectors: Selectors | None, options: Options | None = None) -> Call:
    """Get one instance."""
    return Call(ns.GET, resource.uri, selectors=selectors, options=options)


def put(resource: Resource, selectors: Selectors | None, properties: Mapping[str, Value], options: Options | None = None) -> Call:
    """Change the given properties of one instance."""
    return Call(ns.PUT, resource.uri, _object(resource, properties), selectors, options)


def create(resource: Resource, properties: Mapping[str, Value], options: Options | None = None) -> Call:
    """Create an instance (Windows 8 / Server 2012 and later)."""
    return Call(ns.CREATE, resource.uri, _object(resource, properties), options=options)


def delete(resource: Resource, selectors: Selectors | None) -> Call:
    """Delete one instance (Windows 8 / Server 2012 and later)."""
    return Call(ns.DELETE, resource.uri, selectors=selectors)


def _object(resource: Resource, properties: Mapping[str, Value]) -> str:
    tag = f"p:{xml.name(resource.class_name)}"
    return f'<{tag} xmlns:p="{xml.escape(resource.uri)}">{write_properties("p", properties)}</{tag}>'


def invoke(resource: Resource, method: str, arguments: Mapping[str, Value], selectors: Selectors | None, options: Options | None = None) -> Call:
    """Call a method; without selectors a static one."""
    tag = f"p:{xml.name(method)}_INPUT"
    body = f'<{tag} xmlns:p="{xml.escape(resource.uri)}">{write_properties("p", arguments)}</{tag}>'
    return Call(f"{resource.uri}/{method}", resource.uri, body, selectors, options, method=method)


# -- enumeration --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Association:
    """What is associated with an object.

    With associations_only the association instances themselves are returned (role and result_class only apply), else
    the objects at their other end.
    """

    object: Reference
    association_class: str | None = None
    result_class: str | None = None
    role: str | None = None
    result_role: str | None = None
    associations_only: bool = False


def wql_filter(query: str) -> str:
    """Return the filter of a WQL query."""
    return f'<w:Filter Dialect="{ns.DIALECT_WQL}">{xml.escape(query)}</w:Filter>'


def selector_filter(selectors: Selectors) -> str:
    """Return a filter by scalar properties, not only keys; quotes in values are refused by Windows."""
    return f'<w:Filter Dialect="{ns.DIALECT_SELECTOR}">{write_selectors(selectors)}</w:Filter>'


def association_filter(association: Association) -> str:
    """Return the filter of an association query; elements in the order that is known to work."""
    tag = "b:AssociationInstances" if association.associations_only else "b:AssociatedInstances"
    limits = {
        "AssociationClassName": association.association_class,
        "ResultClassName": association.result_class,
        "Role": association.role,
        "ResultRole": association.result_role,
    }
    inner = "".join(f"<b:{tag}>{xml.name(value)}</b:{tag}>" for tag, value in limits.items() if value)
    target = f"<b:Object>{write_reference(association.object)}</b:Object>"
    return f'<w:Filter Dialect="{ns.DIALECT_ASSOCIATION}"><{tag} xmlns:b="{ns.CIM_BINDING}">{target}{inner}</{tag}></w:Filter>'


def enumerate_(resource: Resource, query: str = "", *, about: str = "", with_references: bool = False, options: Options | None = None) -> Call:
    """Open an enumeration; `query` is one of the filters above or nothing for all instances."""
    mode = "<w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode>" if with_references else ""
    body = f'<n:Enumerate xmlns:n="{ns.ENUMERATION}"><w:OptimizeEnumeration/><w:MaxElements>{MAX_ELEMENTS}</w:MaxElements>{mode}{query}</n:Enumerate>'
    return Call(ns.ENUMERATE, resource.uri, body, options=options, about=about)


def pull(resource: Resource, context: str, about: str = "") -> Call:
    """Get the next part. MaxElements is in the enumeration namespace here and in WS-Management's above."""
    inner = f"{_context(context)}<n:MaxElements>{MAX_ELEMENTS}</n:MaxElements>"
    return Call(ns.PULL, resource.uri, f'<n:Pull xmlns:n="{ns.ENUMERATION}">{inner}</n:Pull>', about=about)


def release(resource: Resource, context: str) -> Call:
    """Give an enumeration up before its end."""
    return Call(ns.RELEASE, resource.uri, f'<n:Release xmlns:n="{ns.ENUMERATION}">{_context(context)}</n:Release>')


def _context(context: str) -> str:
    return f"<n:EnumerationContext>{xml.escape(context)}</n:EnumerationContext>"
