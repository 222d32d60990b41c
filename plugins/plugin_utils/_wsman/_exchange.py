# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One message out, one message in: what Client and Shell share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from xml.etree.ElementTree import Element

from . import _envelope as requests
from . import _namespaces as ns
from ._envelope import Call, Settings
from ._reply import read_body

DEFAULT_OPERATION_TIMEOUT = 60.0


class Transport(Protocol):
    """A connection that carries SOAP messages."""

    def send(self, message: bytes) -> bytes:
        """Send one message and return the answer, which may be a fault.

        Raises ConnectionFailed (Unauthorized, CertificateRejected) and ResponseTooLarge.
        """

    def close(self) -> None:
        """Close the connection; closing twice is harmless."""

    @property
    def endpoint(self) -> str:
        """The listener's URL, for messages."""


@runtime_checkable
class TimedTransport(Protocol):
    """A transport that knows how long, in seconds, an operation may take before its read timeout strikes."""

    @property
    def operation_timeout(self) -> float: ...


@dataclass
class Statistics:
    """SOAP messages sent, and bytes of SOAP in both directions (before HTTP and message encryption)."""

    messages: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0


@dataclass
class Exchange:
    """A transport with the settings of its requests and a count of its messages."""

    transport: Transport
    operation_timeout: float | None = None
    max_envelope_size: int = 512_000
    locale: str = "en-US"
    statistics: Statistics = field(default_factory=Statistics)

    def __post_init__(self) -> None:
        self._settle()

    def use(self, transport: Transport) -> None:
        """Close the transport and go on with another one."""
        self.transport.close()
        self.transport = transport
        self._settle()

    def _settle(self) -> None:
        own = self.transport.operation_timeout if isinstance(self.transport, TimedTransport) else DEFAULT_OPERATION_TIMEOUT
        timeout = own if self.operation_timeout is None else self.operation_timeout
        self.settings = Settings(self.transport.endpoint, timeout, self.max_envelope_size, self.locale)

    @property
    def endpoint(self) -> str:
        """The listener's URL."""
        return self.transport.endpoint

    def call(self, call: Call) -> Element:
        """Send one operation and return the body of its reply.

        Raises WSManFault, ProtocolError, ConnectionFailed; ValueError for text that XML cannot carry.
        """
        message_id = requests.new_message_id()
        return read_body(self._send(requests.envelope(self.settings, call, message_id)), call, message_id)

    def identify(self) -> Element:
        """Send Identify, the one message without headers, and return the body of its reply."""
        return read_body(self._send(requests.IDENTIFY), Call("", ns.IDENTITY), None)

    def close(self) -> None:
        """Close the transport."""
        self.transport.close()

    def _send(self, message: bytes) -> bytes:
        self.statistics.messages += 1
        self.statistics.bytes_sent += len(message)
        answer = self.transport.send(message)
        self.statistics.bytes_received += len(answer)
        return answer
