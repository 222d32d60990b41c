# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's WS-Management service: a message in, a message out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ..windows import Account, CimError, Windows
from ..winrs.service import Shells
from . import namespaces as ns
from .caller import Caller
from .enumeration import Enumerations
from .envelope import Request, build, message_id_of, parse_request, parse_xml
from .faults import ACTION_NOT_SUPPORTED, ENVELOPE_TOO_LARGE, INVALID_HEADER, Fault
from .identify import configuration, identity
from .operations import Operations, provider_fault
from .quotas import Operations as Running
from .quotas import envelope_of
from .resources import split
from .values import Writer

# Their providers are of the old kind: a query that fails there is no MSFT_WmiError.
CLASSIC_NAMESPACES = frozenset(("root/cimv2", "root/rsop/computer"))
REMEMBERED_MESSAGES = 4096


@dataclass(frozen=True)
class Answer:
    """HTTP status and SOAP body."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Settings:
    """What ``winrm/config`` says about the service's authentication."""

    basic: bool = True
    certificate: bool = True
    allow_unencrypted: bool = False


class Service:
    """Checks, dispatches and answers messages; the host's lock is held around every operation but waiting Receives."""

    def __init__(self, host: Windows, settings: Settings | None = None) -> None:
        self._host = host
        self._settings = settings or Settings()
        writer = Writer(host.cim, loud_booleans=host.release in ("2012", "2012R2"))
        self._enumerations = Enumerations(host, writer)
        self._operations = Operations(host, writer)
        self.shells = Shells(host)
        self._running = Running(host.limits)
        self._recent: deque[str] = deque(maxlen=REMEMBERED_MESSAGES)
        self._seen: set[str] = set()

    def left_open(self) -> dict[str, int]:
        """Shells and enumerations that nobody has closed yet."""
        return {"open_shells": self.shells.count(), "open_enumerations": self._enumerations.count()}

    def handle(self, message: bytes, caller: Caller) -> Answer:
        """Answer one message."""
        message_id = None
        try:
            envelope = parse_xml(message)
            message_id = message_id_of(envelope)
            body = envelope.find(f"{{{ns.SOAP}}}Body")
            if body is not None and len(body) and body[0].tag == f"{{{ns.IDENTITY}}}Identify":
                return Answer(200, self._identify(caller))
            request = parse_request(envelope)
            self._remember(request.message_id)
            return Answer(200, self._answer(request, caller))
        except Fault as fault:
            return self._fault(fault, message_id)

    def _identify(self, caller: Caller) -> bytes:
        content = identity(f"{self._host.features.version}.{self._host.features.build}" if caller.account else None)
        return f'<s:Envelope xml:lang="en-US" xmlns:s="{ns.SOAP}"><s:Header/><s:Body>{content}</s:Body></s:Envelope>'.encode()

    def _fault(self, fault: Fault, message_id: str | None) -> Answer:
        return Answer(500, build(fault.action, fault.body(self._host.address), message_id if fault.relates else None))

    def _remember(self, message_id: str) -> None:
        with self._host.lock:
            if message_id in self._seen:
                raise Fault(INVALID_HEADER)
            if len(self._recent) == REMEMBERED_MESSAGES:
                self._seen.discard(self._recent[0])
            self._recent.append(message_id)
            self._seen.add(message_id)

    def _answer(self, request: Request, caller: Caller) -> bytes:
        account = caller.account
        if account is None:
            raise Fault(5)
        self._admit(account)
        with self._running.one(account, self._enumerations.open(account)):
            if self.shells.owns(request.resource):
                body = self.shells.handle(request, caller)
            else:
                with self._host.lock:
                    body = self._cim(request, account)
        answer = build(self._reply_action(request), body, request.message_id, f' xmlns:rsp="{ns.SHELL}"')
        if len(answer) > envelope_of(request, self._host.limits):
            raise Fault(ENVELOPE_TOO_LARGE)
        return answer

    def _admit(self, account: Account) -> None:
        """RootSDDL: Administrators (with an unfiltered token) and Remote Management Users only."""
        if not (account.elevated or account.remote_management_user):
            raise Fault(5, self._host.text("access_denied"))

    def _reply_action(self, request: Request) -> str:
        return f"{request.action}Response"

    def _cim(self, request: Request, account: Account) -> str:
        if request.resource.partition("?")[0].lower() == ns.CONFIG:
            return self._configuration(request, account)
        operation = self._operation(request)
        try:
            return operation(request, account)
        except CimError as error:
            namespace, name, _selectors = split(request.resource, request.selectors)
            cls = self._host.cim.find(namespace, name)
            mi = cls.mi_provider if cls else namespace.lower() not in CLASSIC_NAMESPACES
            raise provider_fault(namespace, error, request.action.rpartition("/")[2], mi=mi) from error

    def _operation(self, request: Request) -> Callable[[Request, Account], str]:
        known: dict[str, Callable[[Request, Account], str]] = {
            f"{ns.TRANSFER}/Get": self._operations.get,
            f"{ns.TRANSFER}/Put": self._operations.put,
            f"{ns.TRANSFER}/Create": self._operations.create,
            f"{ns.TRANSFER}/Delete": self._operations.delete,
            f"{ns.ENUMERATION}/Enumerate": self._enumerations.enumerate,
            f"{ns.ENUMERATION}/Pull": self._enumerations.pull,
            f"{ns.ENUMERATION}/Release": self._enumerations.release,
        }
        if request.action in known:
            return known[request.action]
        if request.action.startswith((ns.TRANSFER, ns.ENUMERATION)):
            raise Fault(ACTION_NOT_SUPPORTED)
        return self._operations.invoke

    def _configuration(self, request: Request, account: Account) -> str:
        if request.action != f"{ns.TRANSFER}/Get":
            raise Fault(ACTION_NOT_SUPPORTED)
        if not account.elevated:
            raise Fault(5, self._host.text("access_denied"))
        settings = self._settings
        return configuration(self._host.limits, basic=settings.basic, certificate=settings.certificate, allow_unencrypted=settings.allow_unencrypted)
