# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enumerate, Pull and Release: contexts, batches, time-outs (surface 1.5)."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ..windows import Account, CimClass, Limits, Reference, Windows
from . import namespaces as ns
from .envelope import Request
from .faults import ENVELOPE_TOO_LARGE, INVALID_BODY, INVALID_ENUMERATION_CONTEXT, SCHEMA_VALIDATION, Fault
from .filters import Found, Selection, columns_of
from .quotas import ENVELOPE_RESERVE, PULL_BYTES, envelope_of
from .values import Writer

END = "EndOfSequence"


@dataclass
class Context:
    """An open enumeration: what is left of it, whose it is, and when it was last pulled (monotonic seconds)."""

    account: Account
    items: list[str]
    used: float
    position: int = 0

    @property
    def finished(self) -> bool:
        """True if nothing is left."""
        return self.position >= len(self.items)


class Enumerations:
    """All open enumerations of one host."""

    def __init__(self, host: Windows, writer: Writer) -> None:
        self._host = host
        self._writer = writer
        self._contexts: dict[str, Context] = {}

    def open(self, account: Account) -> int:
        """How many enumerations this account left open."""
        with self._host.lock:
            self._expire(self._host.limits)
            return sum(context.account == account for context in self._contexts.values())

    def count(self) -> int:
        """How many enumerations are open, of all accounts."""
        with self._host.lock:
            self._expire(self._host.limits)
            return len(self._contexts)

    def enumerate(self, request: Request, account: Account) -> str:
        """Answer Enumerate: at most one item in the first answer, and that only if OptimizeEnumeration is asked for."""
        body = _body(request, "Enumerate")
        found = Selection(self._host, account).find(request, body)
        items = self._items(found, (body.findtext(f"{{{ns.WSMAN}}}EnumerationMode") or "EnumerateObject").strip())
        context = Context(account, items, time.monotonic())
        if body.find(f"{{{ns.WSMAN}}}OptimizeEnumeration") is None:
            return f"<n:EnumerateResponse><n:EnumerationContext>{self._keep(context)}</n:EnumerationContext></n:EnumerateResponse>"
        if self._withholds_first(request):
            return f"<n:EnumerateResponse><n:EnumerationContext>{self._keep(context)}</n:EnumerationContext></n:EnumerateResponse>"
        batch = self._batch(context, 1, envelope_of(request, self._host.limits))
        head = "" if context.finished else self._keep(context)
        listed = f"<w:Items>{batch}</w:Items>" if batch else ""
        end = f"<w:{END}/>" if context.finished else ""
        return f"<n:EnumerateResponse><n:EnumerationContext>{head}</n:EnumerationContext>{listed}{end}</n:EnumerateResponse>"

    def pull(self, request: Request, account: Account) -> str:
        """Answer Pull: up to about 75 kB, a new context each time, none with the last batch."""
        body = _body(request, "Pull")
        context = self._take(body, account)
        wanted = (body.findtext(f"{{{ns.ENUMERATION}}}MaxElements") or "1").strip()
        if not wanted.isdigit() or int(wanted) == 0:
            raise Fault(SCHEMA_VALIDATION)
        allowed = envelope_of(request, self._host.limits)
        batch = self._batch(context, min(int(wanted), self._host.limits.MaxBatchItems), min(PULL_BYTES + ENVELOPE_RESERVE, allowed), allowed)
        head = "" if context.finished else f"<n:EnumerationContext>{self._keep(context)}</n:EnumerationContext>"
        end = f"<n:{END}/>" if context.finished else ""
        return f"<n:PullResponse>{head}<n:Items>{batch}</n:Items>{end}</n:PullResponse>"

    def release(self, request: Request, account: Account) -> str:
        """Answer Release: the context is gone."""
        self._take(_body(request, "Release"), account)
        return ""

    def _withholds_first(self, request: Request) -> bool:
        """MI providers asked for associations answer without Items although OptimizeEnumeration is set."""
        return request.body is not None and any(child.get("Dialect") == ns.ASSOCIATION_DIALECT for child in request.body)

    def _items(self, found: Found, mode: str) -> list[str]:
        if mode not in ("EnumerateObject", "EnumerateEPR", "EnumerateObjectAndEPR"):
            raise Fault(SCHEMA_VALIDATION)
        items: list[str] = []
        for cls, values in found.instances:
            epr = "" if mode == "EnumerateObject" else f"<a:EndpointReference>{self._reference(cls, values)}</a:EndpointReference>"
            if mode == "EnumerateEPR":
                items.append(epr)
                continue
            thing = self._writer.instance(cls, values) if found.columns is None else self._writer.fragment(cls, values, columns_of(cls, found.columns))
            items.append(f"<w:Item>{thing}{epr}</w:Item>" if epr else thing)
        return items

    def _reference(self, cls: CimClass, values: object) -> str:
        assert isinstance(values, dict)
        keys = {} if cls.singleton else {item.name: values.get(item.name) for item in cls.properties if item.key}
        return self._writer.reference(Reference(cls.namespace, cls.name, keys))

    def _batch(self, context: Context, count: int, size: int, allowed: int | None = None) -> str:
        chosen: list[str] = []
        room = size - ENVELOPE_RESERVE
        while not context.finished and len(chosen) < count:
            item = context.items[context.position]
            length = len(item.encode())
            if not chosen and length > (allowed or size) - ENVELOPE_RESERVE:
                raise Fault(ENVELOPE_TOO_LARGE)
            if chosen and length > room:
                break
            chosen.append(item)
            room -= length
            context.position += 1
        context.used = time.monotonic()
        return "".join(chosen)

    def _keep(self, context: Context) -> str:
        name = f"uuid:{str(uuid.uuid4()).upper()}"
        self._contexts[name] = context
        return name

    def _take(self, body: Element, account: Account) -> Context:
        self._expire(self._host.limits)
        context = self._contexts.pop((body.findtext(f"{{{ns.ENUMERATION}}}EnumerationContext") or "").strip(), None)
        if context is None or context.account != account:
            raise Fault(INVALID_ENUMERATION_CONTEXT)
        return context

    def _expire(self, limits: Limits) -> None:
        oldest = time.monotonic() - limits.EnumerationTimeoutms / 1000
        for name in [name for name, context in self._contexts.items() if context.used < oldest]:
            del self._contexts[name]


def _body(request: Request, name: str) -> Element:
    if request.body is None or request.body.tag != f"{{{ns.ENUMERATION}}}{name}":
        raise Fault(INVALID_BODY)
    return request.body
