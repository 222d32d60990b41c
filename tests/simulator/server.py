# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets: every host on its own loopback address, HTTP and HTTPS, one thread per connection, one thread that accepts."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import cast

from .authentication import ConnectionSecurity, Directory, Methods
from .certificates import Authority
from .counters import Counters
from .http import BadRequest, HttpRequest, HttpResponse, read_body, read_head
from .windows import Windows
from .wsman.caller import Caller
from .wsman.service import Service, Settings

SOAP_TYPE = "application/soap+xml;charset=UTF-8"
IDLE_SECONDS = 120.0
# What multipart/encrypted adds to a message that just fits the envelope limit.
ENCRYPTION_ALLOWANCE = 1024
BACKLOG = 256


class HostServer:
    """One host on the wire: its service, its accounts, its certificate (made at the first TLS connection) and its counters."""

    def __init__(self, host: Windows, directory: Directory, methods: Methods, authority: Authority, ports: tuple[int, int]) -> None:
        self.windows = host
        self.counters = Counters()
        self.address = host.address
        self.http_port, self.https_port = ports
        self._directory = directory
        self._methods = methods
        self._authority = authority
        self._tls: tuple[ssl.SSLContext, bytes] | None = None
        self._tls_lock = threading.Lock()
        self._closed = False
        self._settings = Settings(basic=methods.basic, certificate=methods.certificate, allow_unencrypted=methods.allow_unencrypted)
        self.service = Service(host, self._settings)

    @property
    def http_url(self) -> str:
        """Endpoint without TLS."""
        return f"http://{self.address}:{self.http_port}/wsman"

    @property
    def https_url(self) -> str:
        """Endpoint with TLS."""
        return f"https://{self.address}:{self.https_port}/wsman"

    def tls(self) -> tuple[ssl.SSLContext, bytes]:
        """The TLS context and the certificate (DER)."""
        with self._tls_lock:
            if self._tls is None:
                if self._closed:
                    raise OSError("the fleet has ended")
                names = list(dict.fromkeys([self.windows.fqdn, self.windows.name, self.windows.name.lower()]))
                self._tls = self._authority.server(names, [self.address])
            return self._tls

    def restart(self) -> None:
        """Forget shells, commands and enumerations, as a new process of the service does."""
        self.service = Service(self.windows, self._settings)

    def close(self) -> None:
        """No certificate is made from now on, and none is being made: the folder that they lie in may go."""
        with self._tls_lock:
            self._closed = True

    def security(self, connection: socket.socket) -> ConnectionSecurity:
        """The authentication state for a new connection."""
        if not isinstance(connection, ssl.SSLSocket):
            return ConnectionSecurity(self._directory, self._methods, None, None)
        return ConnectionSecurity(self._directory, self._methods, self.tls()[1], connection.getpeercert(binary_form=True))

    def respond(self, request: HttpRequest, security: ConnectionSecurity, peer: str, *, encrypted: bool) -> HttpResponse:
        """Answer one HTTP request."""
        phase = self._started()
        path = request.path.partition("?")[0].rstrip("/").lower()
        if path not in ("/wsman", "/wsman-anon/identify"):
            return HttpResponse(404)
        if phase == "no service":
            return HttpResponse(503)
        if request.method != "POST":
            return HttpResponse(405)
        caller = Caller(None, peer, self.https_url if encrypted else self.http_url, encrypted)
        if path == "/wsman-anon/identify" or request.headers.get("wsmanidentify", "").lower() == "unauthenticated":
            return self._soap(request.body, caller)
        # Before Netlogon is up the right password is refused like a wrong one.
        outcome = security.authenticate(None if phase == "no logon" else request.headers.get("authorization"))
        if outcome.account is None:
            return HttpResponse(401, challenges=outcome.challenges)
        response = self._authenticated(request, security, Caller(outcome.account, peer, caller.endpoint, encrypted))
        if outcome.token:
            response.challenges.append(outcome.token)
        return response

    def _started(self) -> str:
        """How far the host is with starting; while WinRM hangs nobody gets an answer, and then the connection ends."""
        phase = self.windows.power.phase()
        if phase != "hanging":
            return phase
        while self.windows.power.phase() == "hanging":
            time.sleep(0.05)
        raise ConnectionAbortedError(f"{self.windows.name} did not answer while it started")

    def _authenticated(self, request: HttpRequest, security: ConnectionSecurity, caller: Caller) -> HttpResponse:
        if not request.body:
            return HttpResponse(200)
        content_type = request.headers.get("content-type", "")
        if content_type.lower().startswith("multipart/encrypted"):
            message = security.unseal(content_type, request.body)
            if message is None:
                return HttpResponse(400, close=True)
            response = self._soap(message, caller)
            response.content_type, response.body = security.seal(response.body)
            return response
        if not caller.encrypted and not self._methods.allow_unencrypted:
            return HttpResponse(500)
        return self._soap(request.body, caller)

    def _soap(self, message: bytes, caller: Caller) -> HttpResponse:
        answer = self.service.handle(message, caller)
        self.counters.add(wsman_messages=1)
        return HttpResponse(answer.status, answer.body, SOAP_TYPE)


class Connection:
    """One TCP connection until either side ends it."""

    def __init__(self, server: HostServer, connection: socket.socket, peer: str, *, tls: bool) -> None:
        self._server = server
        self._socket = connection
        self._peer = peer
        self._tls = tls

    def run(self) -> None:
        """Serve requests one after the other; the end of the connection, clean or not, ends the thread."""
        self._server.counters.add(connections=1)
        try:
            self._socket.settimeout(IDLE_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                self._socket = self._server.tls()[0].wrap_socket(self._socket, server_side=True)
                self._server.counters.add(tls_handshakes=1)
            security = self._server.security(self._socket)
            with self._socket.makefile("rb", 65536) as stream:
                while self._one(cast(BufferedReader, stream), security):
                    pass
        except OSError:
            # A client that hangs up, a failed handshake and an idle time-out all end the connection and concern nobody else.
            return
        finally:
            self._socket.close()

    def cut(self) -> None:
        """End it from outside, in the middle of whatever it does."""
        try:
            # Not SSLSocket's own method: that would take the TLS state from under the thread that reads.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            return  # already gone, which is what is wanted

    def _one(self, stream: BufferedReader, security: ConnectionSecurity) -> bool:
        try:
            head = read_head(stream)
            if head is None:
                return False
            if head.headers.get("expect", "").lower() == "100-continue":
                self._socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            limit = self._server.windows.limits.MaxEnvelopeSizekb * 1024 + ENCRYPTION_ALLOWANCE
            request = read_body(stream, head, limit)
        except BadRequest as bad:
            self._send(HttpResponse(bad.status, close=True), 0, 0)
            return False
        response = self._server.respond(request, security, self._peer, encrypted=self._tls)
        response.close = response.close or not request.keep_alive
        self._send(response, request.head_size, len(request.body))
        return not response.close

    def _send(self, response: HttpResponse, head: int, body: int) -> None:
        data, _head_size = response.render()
        # Counted before the answer leaves: who has the answer may read the counters.
        self._server.counters.add(http_requests=1, bytes_received=body, bytes_sent=len(response.body), wire_received=head + body, wire_sent=len(data))
        self._socket.sendall(data)


class Server:
    """All listeners of a fleet."""

    def __init__(self, hosts: Iterable[HostServer]) -> None:
        self._selector = selectors.DefaultSelector()
        self._wake, self._waker = socket.socketpair()
        self._open: set[socket.socket] = set()
        self._connections: dict[Connection, HostServer] = {}
        self._open_lock = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._accept, name="simulator-accept", daemon=True)
        self._selector.register(self._wake, selectors.EVENT_READ, None)
        try:
            for host in hosts:
                self._listen(host, tls=False)
                self._listen(host, tls=True)
                host.windows.power.down, host.windows.power.up = partial(self._go_down, host), partial(self._come_up, host)
        except OSError:
            self._close_listeners()
            raise

    def start(self) -> None:
        """Begin to accept."""
        self._thread.start()

    def stop(self) -> None:
        """Close the listeners and all connections."""
        self._waker.send(b"x")
        self._thread.join()
        self._close_listeners()
        self.close_connections()

    def close_connections(self) -> None:
        """Close all connections without TLS; with TLS, those whose handshake has not begun."""
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # already gone, which is what is wanted

    def _listen(self, host: HostServer, *, tls: bool) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = host.https_port if tls else host.http_port
        try:
            listener.bind((host.address, port))
        except OSError as exc:
            listener.close()
            raise OSError(exc.errno, f"cannot listen on {host.address}:{port}: {exc.strerror}") from exc
        listener.listen(BACKLOG)
        listener.setblocking(False)
        if tls:
            host.https_port = listener.getsockname()[1]
        else:
            host.http_port = listener.getsockname()[1]
        self._selector.register(listener, selectors.EVENT_READ, (host, tls))

    def _accept(self) -> None:
        while True:
            for key, _events in self._selector.select():
                if key.data is None:
                    return
                host, tls = key.data
                try:
                    connection, peer = cast(socket.socket, key.fileobj).accept()
                except OSError:
                    continue  # the client gave up before it was its turn
                connection.setblocking(True)
                threading.Thread(target=self._serve, args=(host, connection, peer[0], tls), daemon=True).start()

    def _serve(self, host: HostServer, connection: socket.socket, peer: str, tls: bool) -> None:
        served = Connection(host, connection, peer, tls=tls)
        with self._open_lock:
            self._open.add(connection)
            self._connections[served] = host
        try:
            if host.windows.power.phase() != "down":
                served.run()
        finally:
            connection.close()
            with self._open_lock:
                self._open.discard(connection)
                del self._connections[served]

    def _go_down(self, host: HostServer) -> None:
        """The host shuts down: nobody listens on its ports any more, and what is open is cut."""
        with self._open_lock:
            for key in [key for key in self._selector.get_map().values() if key.data and key.data[0] is host]:
                self._selector.unregister(key.fileobj)
                cast(socket.socket, key.fileobj).close()
            cut = [connection for connection, whose in self._connections.items() if whose is host]
        for connection in cut:
            connection.cut()
        host.restart()

    def _come_up(self, host: HostServer) -> None:
        """The host has started: it listens on the same ports as before."""
        with self._open_lock:
            if not self._stopped:
                self._listen(host, tls=False)
                self._listen(host, tls=True)

    def _close_listeners(self) -> None:
        with self._open_lock:
            self._stopped = True
        for key in list(self._selector.get_map().values()):
            cast(socket.socket, key.fileobj).close()
        self._selector.close()
        self._waker.close()


def authority_in(folder: Path) -> Authority:
    """The fleet's certificate authority with its files in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    return Authority(folder)
