# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell remoting's server end (MS-PSRP over MS-WSMV), by the library psrpcore: runspace pools open, pipelines get an honest error record."""

from __future__ import annotations

import base64
import struct
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape, quoteattr

from psrpcore import PSRPCoreError, PSRPPayload, ServerPipeline, ServerRunspacePool, StreamType
from psrpcore.types import ErrorCategory, ErrorCategoryInfo, ErrorRecord, NETException, PipelineState, PSInvocationState, PSVersion

from ..windows import Account, Windows
from ..wsman import namespaces as ns
from ..wsman.envelope import Request
from ..wsman.faults import ACTION_NOT_SUPPORTED, INVALID_BODY, OPERATION_TIMED_OUT, RESOURCE_NOT_FOUND, UNEXPECTED_SELECTORS, Fault
from ..wsman.quotas import envelope_of, timeout_of, too_many_shells

SHELL = f"{{{ns.SHELL}}}"
POWERSHELL_XML = "{http://schemas.microsoft.com/powershell}"
# What psrpcore raises for fragments, messages or CLIXML that are not what they should be.
MALFORMED = (PSRPCoreError, ValueError, LookupError, AttributeError, TypeError, struct.error, ParseError)
CONFIGURATIONS = frozenset({"microsoft.powershell", "microsoft.powershell32"})
VERSIONS = {"2012": "3.0", "2012R2": "4.0"}
FRAGMENT_BYTES = 30_000
MESSAGE = (
    "This is a simulated Windows host: PowerShell remoting connects, but scripts cannot be run here. "
    "Use CIM over WS-Management or a command such as reg, sc or netsh."
)
NO_SHELL = "The request for the Windows Remote Shell with ShellId {shell} failed because the shell was not found on the server. "


@dataclass
class Pool:
    """One runspace pool of one account with the output that waits to be received, by pipeline (None: the pool's own)."""

    account: Account
    resource: str
    engine: ServerRunspacePool
    identifier: str
    output: dict[uuid.UUID | None, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    finished: set[uuid.UUID] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)
    closed: bool = False

    def feed(self, data: bytes, pipeline: uuid.UUID | None) -> None:
        """Give fragments to the engine and act on what they say."""
        with self.changed:
            if pipeline is not None and pipeline not in self.engine.pipeline_table:
                ServerPipeline(self.engine, pipeline)
            try:
                self.engine.receive_data(PSRPPayload(data, StreamType.default, pipeline))
                while (event := self.engine.next_event()) is not None:
                    self._act(event)
            except MALFORMED as exc:
                raise Fault(INVALID_BODY, str(exc)) from exc
            self._collect()
            self.changed.notify_all()

    def _act(self, event: Any) -> None:
        name = type(event).__name__
        if name in ("CreatePipelineEvent", "GetCommandMetadataEvent"):
            self._refuse(self.engine.pipeline_table[event.pipeline_id])
        elif name in ("SetMaxRunspacesEvent", "SetMinRunspacesEvent", "ResetRunspaceStateEvent"):
            self.engine.runspace_availability_response(event.ci, True)
        elif name == "GetAvailableRunspacesEvent":
            self.engine.runspace_availability_response(event.ci, self.engine.max_runspaces)

    def _refuse(self, pipeline: ServerPipeline) -> None:
        """End the pipeline as PowerShell ends one with a terminating error: state Failed with the error record."""
        record = ErrorRecord(
            Exception=NETException(Message=MESSAGE, HResult=-2147467263),
            CategoryInfo=ErrorCategoryInfo(Category=ErrorCategory.NotImplemented, Activity="Invoke", Reason="NotImplementedException"),
            FullyQualifiedErrorId="SimulatedHost",
        )
        pipeline.start()
        pipeline.prepare_message(PipelineState(PipelineState=int(PSInvocationState.Failed), ExceptionAsErrorRecord=record))
        self.finished.add(pipeline.pipeline_id)

    def stop(self, pipeline: uuid.UUID) -> None:
        """End one pipeline."""
        with self.changed:
            self.finished.add(pipeline)
            self.changed.notify_all()

    def close(self) -> None:
        """End the pool; waiting Receives return."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def _collect(self) -> None:
        while (payload := self.engine.data_to_send(FRAGMENT_BYTES)) is not None:
            self.output[payload.pipeline_id].append(payload.data)

    def take(self, pipeline: uuid.UUID | None, seconds: float, count: int) -> list[bytes] | None:
        """Up to ``count`` pieces of output, waiting up to ``seconds`` for the first; None if there was none."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while not self.output[pipeline] and not self.closed and pipeline not in self.finished:
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self.changed.wait(left)
            taken, self.output[pipeline] = self.output[pipeline][:count], self.output[pipeline][count:]
            return taken


class Runspaces:
    """All runspace pools of one host."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self._pools: dict[str, Pool] = {}
        self._actions: dict[str, Callable[[Request, Pool], str]] = {
            f"{ns.TRANSFER}/Delete": self._delete,
            f"{ns.SHELL}/Command": self._command,
            f"{ns.SHELL}/Send": self._send,
            f"{ns.SHELL}/Receive": self._receive,
            f"{ns.SHELL}/Signal": self._signal,
        }

    def open(self, account: Account) -> int:
        """How many pools this account has; they count against MaxShellsPerUser like cmd shells."""
        with self._host.lock:
            return sum(pool.account == account for pool in self._pools.values())

    def count(self) -> int:
        """How many pools are open, of all accounts."""
        return len(self._pools)

    def handle(self, request: Request, account: Account, other_shells: int) -> str:
        """Answer one message to a PowerShell endpoint."""
        configuration = request.resource[len(ns.POWERSHELL_PREFIX) :].lower()
        if configuration not in CONFIGURATIONS:
            raise Fault(RESOURCE_NOT_FOUND)
        if request.action == f"{ns.TRANSFER}/Create":
            return self._create(request, account, other_shells)
        action = self._actions.get(request.action)
        if action is None:
            raise Fault(ACTION_NOT_SUPPORTED)
        return action(request, self._pool(request, account))

    def _pool(self, request: Request, account: Account) -> Pool:
        name = request.selectors.get("shellid")
        pool = self._pools.get(name.upper()) if isinstance(name, str) else None
        if pool is None or pool.account != account:
            raise Fault(UNEXPECTED_SELECTORS, NO_SHELL.format(shell=name))
        return pool

    def _create(self, request: Request, account: Account, other_shells: int) -> str:
        body = request.body
        creation = None if body is None or body.tag != f"{SHELL}Shell" else body.findtext(f"{POWERSHELL_XML}creationXml")
        if body is None or not creation:
            raise Fault(INVALID_BODY)
        with self._host.lock:
            if 0 < self._host.limits.MaxShellsPerUser <= self.open(account) + other_shells:
                raise too_many_shells(self._host.limits)
            identifier = (body.get("ShellId") or str(uuid.uuid4())).upper()
            version = PSVersion(VERSIONS.get(self._host.release, "5.1"))
            pool = Pool(account, request.resource, ServerRunspacePool({"PSVersionTable": {"PSVersion": version, "PSEdition": "Desktop"}}), identifier)
            pool.feed(decoded(creation), None)
            self._pools[identifier] = pool
        return (
            f"<x:ResourceCreated><a:Address>{ns.ANONYMOUS}</a:Address><a:ReferenceParameters><w:ResourceURI>{escape(request.resource)}</w:ResourceURI>"
            f'<w:SelectorSet><w:Selector Name="ShellId">{identifier}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>'
            f'<rsp:Shell xmlns:rsp="{ns.SHELL}"><rsp:ShellId>{identifier}</rsp:ShellId><rsp:Name>{escape(body.get("Name", ""))}</rsp:Name>'
            f"<rsp:ResourceUri>{escape(request.resource)}</rsp:ResourceUri><rsp:Owner>{escape(account.qualified)}</rsp:Owner><rsp:State>Connected</rsp:State>"
            "<rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>"
            "<rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime><rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity></rsp:Shell>"
        )

    def _delete(self, request: Request, pool: Pool) -> str:
        with self._host.lock:
            self._pools.pop(pool.identifier, None)
        pool.close()
        return ""

    def _command(self, request: Request, pool: Pool) -> str:
        body = request.body
        if body is None or body.tag != f"{SHELL}CommandLine":
            raise Fault(INVALID_BODY)
        pipeline = identifier_of(body.get("CommandId")) if body.get("CommandId") else uuid.uuid4()
        for arguments in body.findall(f"{SHELL}Arguments"):
            pool.feed(decoded(arguments.text or ""), pipeline)
        return f"<rsp:CommandResponse><rsp:CommandId>{str(pipeline).upper()}</rsp:CommandId></rsp:CommandResponse>"

    def _send(self, request: Request, pool: Pool) -> str:
        for stream in () if request.body is None else request.body.findall(f"{SHELL}Stream"):
            command = stream.get("CommandId")
            pool.feed(decoded(stream.text or ""), identifier_of(command) if command else None)
        return "<rsp:SendResponse/>"

    def _receive(self, request: Request, pool: Pool) -> str:
        desired = None if request.body is None else request.body.find(f"{SHELL}DesiredStream")
        if desired is None:
            raise Fault(INVALID_BODY)
        command = desired.get("CommandId")
        pipeline = identifier_of(command) if command else None
        if pipeline is not None and pipeline not in pool.engine.pipeline_table:
            raise Fault(UNEXPECTED_SELECTORS)
        count = max(1, (envelope_of(request, self._host.limits) - 4_000) // (FRAGMENT_BYTES * 4 // 3 + 200))
        pieces = pool.take(pipeline, timeout_of(request, self._host.limits), count)
        if pieces is None:
            raise Fault(OPERATION_TIMED_OUT)
        owner = f" CommandId={quoteattr(command)}" if command else ""
        streams = "".join(f'<rsp:Stream Name="stdout"{owner}>{base64.b64encode(piece).decode()}</rsp:Stream>' for piece in pieces)
        state = "Done" if pipeline in pool.finished and not pool.output[pipeline] else "Running"
        told = f'<rsp:CommandState{owner} State="{ns.SHELL}/CommandState/{state}"/>' if command else ""
        return f"<rsp:ReceiveResponse>{streams}{told}</rsp:ReceiveResponse>"

    def _signal(self, request: Request, pool: Pool) -> str:
        if request.body is None:
            raise Fault(INVALID_BODY)
        pool.stop(identifier_of(request.body.get("CommandId")))
        return "<rsp:SignalResponse/>"


def decoded(text: str) -> bytes:
    """Base64 of the body; anything else is an invalid message."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError as exc:
        raise Fault(INVALID_BODY) from exc


def identifier_of(text: str | None) -> uuid.UUID:
    """A command identifier; anything but a UUID is refused."""
    try:
        return uuid.UUID(text or "")
    except ValueError as exc:
        raise Fault(UNEXPECTED_SELECTORS) from exc
