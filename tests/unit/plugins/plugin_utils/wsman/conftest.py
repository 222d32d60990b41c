# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Doubles and helpers of the WS-Management tests.

`replay` is a transport in memory: it answers from a list and keeps the requests. Answers are written here after
the public specifications (MS-WSMV, DSP0226, DSP0227) and the behaviour that the surface document lists.
`server` is an HTTP server on loopback, and `make` makes a session to it: every test that takes it runs with both libraries.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Client, Transport, transport_from

ENVELOPE = (
    '<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer"'
    ' xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common"'
    ' xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">'
    "<s:Header><a:Action>reply</a:Action><a:MessageID>uuid:1677C913-6736-441D-969C-B0675FB1F43B</a:MessageID>{relates}</s:Header>"
    "<s:Body>{body}</s:Body></s:Envelope>"
)


def message_id(request: bytes) -> str:
    """Return the MessageID of a request, "" for one without headers."""
    return ElementTree.fromstring(request).findtext(".//{http://schemas.xmlsoap.org/ws/2004/08/addressing}MessageID") or ""


class Replay:
    """A transport that answers each request with the next body; an exception in the list is raised."""

    endpoint = "https://host.example:5986/wsman"

    def __init__(self, bodies: list[str | Exception]) -> None:
        self.bodies = bodies
        self.requests: list[str] = []
        self.closed = False
        self.relates_to: str | None = "request"

    def send(self, message: bytes) -> bytes:
        self.requests.append(message.decode())
        body = self.bodies.pop(0)
        if isinstance(body, Exception):
            raise body
        identifier = message_id(message) if self.relates_to == "request" else self.relates_to
        relates = f"<a:RelatesTo>{identifier}</a:RelatesTo>" if identifier else ""
        return ENVELOPE.format(relates=relates, body=body).encode()

    def close(self) -> None:
        self.closed = True


@pytest.fixture(name="replay")
def replay_fixture() -> Callable[..., tuple[Client, Replay]]:
    """Return a maker of (client, transport) that answers with the given bodies."""

    def make(*bodies: str | Exception) -> tuple[Client, Replay]:
        transport = Replay(list(bodies))
        return Client(transport), transport

    return make


@pytest.fixture(name="same_xml")
def same_xml_fixture() -> Callable[[str, str], None]:
    """Return a comparison of two documents that ignores prefixes, attribute order and the message id."""

    def canonical(document: str) -> str:
        identifier = message_id(document.encode())
        text = document.replace(identifier, "uuid:ID") if identifier else document
        return ElementTree.canonicalize(text, rewrite_prefixes=True, strip_text=True)

    def compare(found: str, expected: str) -> None:
        assert canonical(found) == canonical(expected)

    return compare


# -- sessions

PASSWORD = "Lab-Passw0rd!"
SOAP = b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>'
Maker = Callable[..., Transport]


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the server's current answer."""

    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.answer(self)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A host with one answer for everything."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Callable[[Handler], None] = lambda handler: handler.reply(200, SOAP)
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests."""


@pytest.fixture(name="server")
def server_fixture() -> Iterator[Server]:
    """A running server on loopback."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def winrm_session(port: int, **options: object) -> Transport:
    """Return a session over pywinrm: Basic over HTTP unless the options say otherwise."""
    defaults: dict[str, object] = {"remote_addr": "127.0.0.1", "port": port, "scheme": "http", "remote_user": "u", "remote_password": PASSWORD}
    return transport_from("winrm", {**defaults, "_extras": {"ansible_winrm_proxy": None}, **options})


def psrp_session(port: int, **options: object) -> Transport:
    """Return a session over pypsrp: Basic over HTTP unless the options say otherwise."""
    defaults: dict[str, object] = {"remote_addr": "127.0.0.1", "port": port, "protocol": "http", "auth": "basic", "message_encryption": "never"}
    return transport_from("psrp", {**defaults, "remote_user": "u", "remote_password": PASSWORD, "ignore_proxy": True, **options})


@pytest.fixture(name="winrm")
def winrm_fixture() -> Maker:
    """Return the maker of sessions over pywinrm."""
    return winrm_session


@pytest.fixture(name="psrp")
def psrp_fixture() -> Maker:
    """Return the maker of sessions over pypsrp."""
    return psrp_session


@pytest.fixture(name="make", params=[winrm_session, psrp_session], ids=["winrm", "psrp"])
def make_fixture(request: pytest.FixtureRequest) -> Maker:
    """Return the maker of either, one after the other."""
    maker: Maker = request.param
    return maker
