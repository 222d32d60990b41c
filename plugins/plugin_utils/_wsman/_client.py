# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client: the operations of WS-Management on CIM classes, over any Transport."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from . import _envelope as requests
from . import _reply as replies
from . import _xml as xml
from ._envelope import Association, Call, Options
from ._errors import WSManError
from ._exchange import Exchange, Statistics, Transport
from ._faults import WSManFault
from ._instance import Instance
from ._shell import Shell
from ._values import Reference, Resource, Selectors, Value

PULL_ATTEMPTS = 10
"""How often a Pull that timed out on the host is sent: the host may still be collecting."""


@dataclass(frozen=True)
class Identity:
    """What the listener says of itself, for example "Microsoft Corporation" and "OS: 10.0.20348 SP: 0.0 Stack: 3.0"."""

    product_vendor: str
    product_version: str
    protocol_version: str


class Client:
    """One host. Not for use by several threads at a time.

    Every operation raises ConnectionFailed (or a subclass), ProtocolError or WSManFault, and ValueError for
    arguments that cannot be written as XML; those are refused before anything is sent.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        operation_timeout: float | None = None,
        max_envelope_size: int = 512_000,
        locale: str = "en-US",
    ) -> None:
        """Take a transport; it is closed with the client.

        `operation_timeout` is the time in seconds that the host may take for one operation; None for the
        transport's own one, which fits its read timeout, or 60. Windows cuts it to its MaxTimeoutms (60 s).
        """
        self._exchange = Exchange(transport, operation_timeout=operation_timeout, max_envelope_size=max_envelope_size, locale=locale)

    @property
    def statistics(self) -> Statistics:
        """Number and size of the SOAP messages so far."""
        return self._exchange.statistics

    @property
    def endpoint(self) -> str:
        """The address of the host's listener."""
        return self._exchange.endpoint

    def close(self) -> None:
        """Close the connection."""
        self._exchange.close()

    def use(self, transport: Transport) -> None:
        """Go on over another transport to the same host; the one before is closed, and the statistics go on."""
        self._exchange.use(transport)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def identify(self) -> Identity:
        """Ask the listener what it is; needs a login on Windows, but no rights."""
        response = xml.child(self._exchange.identify(), "IdentifyResponse")

        def said(name: str) -> str:
            return xml.text_of(xml.child(response, name)) or ""

        return Identity(said("ProductVendor"), said("ProductVersion"), said("ProtocolVersion"))

    def get(self, resource: Resource, selectors: Selectors | None = None, *, options: Options | None = None) -> Instance:
        """Return one instance; a singleton class needs no selectors."""
        call = requests.get(resource, selectors, options)
        return replies.read_instance(self._exchange.call(call), call)

    def put(self, resource: Resource, selectors: Selectors | None, properties: Mapping[str, Value], *, options: Options | None = None) -> Instance:
        """Change the given properties and return the instance as it is then."""
        call = requests.put(resource, selectors, properties, options)
        return replies.read_instance(self._exchange.call(call), call)

    def create(self, resource: Resource, properties: Mapping[str, Value], *, options: Options | None = None) -> Reference:
        """Create an instance and return the reference to it."""
        call = requests.create(resource, properties, options)
        return replies.read_created(self._exchange.call(call), call)

    def delete(self, resource: Resource, selectors: Selectors | None) -> None:
        """Delete one instance."""
        self._exchange.call(requests.delete(resource, selectors))

    def invoke(
        self,
        resource: Resource,
        method: str,
        arguments: Mapping[str, Value] | None = None,
        selectors: Selectors | None = None,
        *,
        options: Options | None = None,
    ) -> Instance:
        """Call a method and return its outputs.

        `outputs.integer("ReturnValue")` is None where the method returns nothing, which is success (surface 1.6).
        """
        call = requests.invoke(resource, method, arguments or {}, selectors, options)
        body = self._exchange.call(call)
        empty = Element(f"{method}_OUTPUT")
        return Instance(next(iter(body), empty), class_name=resource.class_name, namespace=resource.namespace)

    def enumerate(
        self,
        resource: Resource,
        *,
        selectors: Selectors | None = None,
        association: Association | None = None,
        with_references: bool = False,
        options: Options | None = None,
    ) -> Generator[Instance, None, None]:
        """Yield the instances of a class: all, those whose scalar properties equal `selectors`, or the associated ones.

        Nothing is sent before the first instance is asked for; closing the generator early releases the enumeration.
        """
        if selectors and association:
            raise ValueError("an enumeration takes either selectors or an association")
        if association:
            target = Resource(resource.namespace, "*")
            call = requests.enumerate_(target, requests.association_filter(association), with_references=with_references, options=options)
            return self._pull(call, target, "")
        query = requests.selector_filter(selectors) if selectors else ""
        call = requests.enumerate_(resource, query, with_references=with_references, options=options)
        return self._pull(call, resource, resource.class_name)

    def query(self, namespace: str, wql: str, *, with_references: bool = False, options: Options | None = None) -> Generator[Instance, None, None]:
        """Yield the result of a WQL query; a projection (select a, b from ...) yields only these properties.

        Nothing is sent before the first instance is asked for; closing the generator early releases the enumeration.
        """
        target = Resource(namespace, "*")
        # Neither the URI nor the fragments of a projection carry the class name.
        found = re.search(r"\bfrom\s+(\w+)", wql, re.IGNORECASE)
        class_name = found.group(1) if found else ""
        call = requests.enumerate_(target, requests.wql_filter(wql), about=class_name, with_references=with_references, options=options)
        return self._pull(call, target, class_name)

    def _pull(self, call: Call, resource: Resource, class_name: str) -> Generator[Instance, None, None]:
        part = replies.read_part(self._exchange.call(call), call, class_name=class_name, namespace=resource.namespace)
        try:
            while True:
                context = part.context
                yield from part.instances
                if context is None:
                    return
                part = self._next_part(resource, context, class_name)
        except GeneratorExit:
            self._release(resource, part.context)
            raise

    def _next_part(self, resource: Resource, context: str, class_name: str) -> replies.Part:
        call = requests.pull(resource, context, class_name)
        for attempt in range(1, PULL_ATTEMPTS + 1):
            try:
                return replies.read_part(self._exchange.call(call), call, class_name=class_name, namespace=resource.namespace)
            except WSManFault as fault:
                if not fault.timed_out or attempt == PULL_ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _release(self, resource: Resource, context: str | None) -> None:
        if context is not None:
            # The reader has what it wanted: a host that cannot release lets the context expire by itself.
            with suppress(WSManError):
                self._exchange.call(requests.release(resource, context))

    def shell(self, *, code_page: int = 65001, profile: bool = False, environment: Mapping[str, str] | None = None) -> Shell:
        """Return a WinRS shell, to be used in a with statement; the host opens it at the first command.

        `environment` holds variables that its commands get besides those of the account.
        """
        return Shell(self._exchange, code_page=code_page, profile=profile, environment=environment)
