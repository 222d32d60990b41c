# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions over a small HTTP server on loopback: time-outs, refusals, sizes, lost logins."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import ConnectionFailed, ProtocolError, ResponseTooLarge, Transport, Unauthorized
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._session import _base

PASSWORD = "Lab-Passw0rd!"
SOAP = b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>'
Maker = Callable[..., Transport]


def test_one_connection_for_all_messages(server: Any, make: Maker) -> None:
    """The bytes arrive unchanged, over one connection, which close() ends for good."""
    server.answer = lambda handler: handler.reply(200, SOAP + handler.body)
    transport = make(server.port)
    assert [transport.send(f"<m{number}/>".encode()) for number in range(3)] == [SOAP + f"<m{number}/>".encode() for number in range(3)]
    assert server.connections == 1
    transport.close()
    transport.close()
    with pytest.raises(ConnectionFailed, match="is closed"):
        transport.send(b"<m/>")
    assert server.connections == 1


def test_nothing_is_opened_before_the_first_message(server: Any, make: Maker) -> None:
    """A transport that is made and closed never connects."""
    make(server.port).close()
    assert server.connections == 0


@pytest.mark.parametrize("status", [400, 500])
def test_a_fault_is_a_normal_answer(server: Any, make: Maker, status: int) -> None:
    """A SOAP body counts, whatever the status; it keeps its characters."""
    body = SOAP.replace(b"<s:Body/>", "<s:Body>Größe 日本</s:Body>".encode())
    server.answer = lambda handler: handler.reply(status, body)
    assert make(server.port).send(b"<m/>") == body


def test_unauthorized(server: Any, make: Maker) -> None:
    """401: who, where and what to check, never the password; not tried again."""
    seen: list[bytes] = []

    def refuse(handler: Any) -> None:
        seen.append(handler.body)
        handler.reply(401, b"", WWW_Authenticate="Basic realm=WSMAN")

    server.answer = refuse
    with pytest.raises(Unauthorized, match="did not accept the login of u ") as caught:
        make(server.port).send(b"<m/>")
    assert PASSWORD not in str(caught.value)
    assert len(seen) == 1


def test_a_lost_login_is_renewed_once(server: Any, make: Maker) -> None:
    """A 401 after good answers is the sign of a replaced connection: a new one is opened, once."""
    refusals = iter([False, True, False, True, True])

    def answer(handler: Any) -> None:
        if next(refusals):
            handler.reply(401, b"")
        else:
            handler.reply(200, SOAP)

    server.answer = answer
    transport = make(server.port)
    assert transport.send(b"<a/>") == transport.send(b"<b/>") == SOAP
    with pytest.raises(Unauthorized):
        transport.send(b"<c/>")


def test_an_idle_connection_is_opened_anew(server: Any, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows closes a connection after 120 idle seconds; it is not used any more before that."""
    transport = make(server.port)
    transport.send(b"<a/>")
    transport.send(b"<b/>")
    assert server.connections == 1
    monkeypatch.setattr(_base, "IDLE_SECONDS", -1.0)
    transport.send(b"<c/>")
    assert server.connections == 2


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (404, b"", ConnectionFailed, "no WS-Management service at this path"),
        (500, b"", ConnectionFailed, "refuses unencrypted traffic"),
        (413, b"", ProtocolError, "refuses a message of this size"),
        (503, b"<html/>", ConnectionFailed, "HTTP status 503"),
    ],
)
def test_http_errors(server: Any, make: Maker, status: int, body: bytes, kind: type[Exception], sentence: str) -> None:
    """A status without SOAP is explained."""
    server.answer = lambda handler: handler.reply(status, body)
    with pytest.raises(kind, match=sentence):
        make(server.port).send(b"<m/>")


def test_nobody_listens(make: Maker) -> None:
    """A refused connection says so."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionFailed, match=r"127\.0\.0\.1:\d+/wsman refuses the connection"):
            make(free.getsockname()[1]).send(b"<m/>")


def test_a_name_that_nobody_knows(make: Maker) -> None:
    """An unknown name is said in a sentence, without the libraries' wrapping."""
    with pytest.raises(ConnectionFailed, match=r"^the name of the host in http://host\.invalid:1/wsman cannot be resolved$"):
        make(1, remote_addr="host.invalid").send(b"<m/>")


def test_read_timeout(server: Any, make: Maker) -> None:
    """A host that says nothing does not hold the play."""
    # Each library's options; the other one's are not looked at.
    timeouts = {"_extras": {"ansible_winrm_read_timeout_sec": 2, "ansible_winrm_operation_timeout_sec": 1}, "read_timeout": 1}
    done = threading.Event()
    server.answer = lambda handler: (done.wait(60), None)[1]
    with pytest.raises(ConnectionFailed, match="did not answer within"):
        make(server.port, **timeouts).send(b"<m/>")
    # The server is still holding its answer back: it was the client that gave up.
    assert not done.is_set()
    done.set()


def test_connection_closed_by_the_host(server: Any, make: Maker) -> None:
    """A connection that ends in the middle is a ConnectionFailed."""
    server.answer = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        make(server.port).send(b"<m/>")


def test_oversized_answer(server: Any, make: Maker) -> None:
    """An answer above the limit is an error, with and without a declared length."""
    transport = make(server.port)
    transport._limit = 100_000  # type: ignore[attr-defined]
    server.answer = lambda handler: handler.reply(200, b"x" * 100_001)
    with pytest.raises(ResponseTooLarge):
        transport.send(b"<m/>")


def test_an_endless_answer_is_not_read_to_its_end(server: Any, winrm: Maker) -> None:
    """Over pywinrm the limit works while reading."""

    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while True:
            handler.wfile.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    server.answer = endless
    transport = winrm(server.port)
    transport._limit = 100_000  # type: ignore[attr-defined]
    with pytest.raises(ResponseTooLarge):
        transport.send(b"<m/>")


def test_after_a_broken_connection_the_next_message_begins_anew(server: Any, make: Maker) -> None:
    """Login and keys of a connection that broke are not used for the next one."""
    answer = server.answer
    transport = make(server.port)
    transport.send(b"<a/>")
    server.answer = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ConnectionFailed):
        transport.send(b"<b/>")
    server.answer = answer
    assert transport.send(b"<c/>") == SOAP
    assert server.connections == 2


def test_authentications_are_tried_in_turn(server: Any, winrm: Maker) -> None:
    """The first that works is kept; if none does, each one's problem is told."""

    def basic_only(handler: Any) -> None:
        basic = handler.headers.get("Authorization", "").startswith("Basic")
        handler.reply(200 if basic else 401, SOAP if basic else b"")

    server.answer = basic_only
    transport = winrm(server.port, transport=["ntlm", "basic"])
    assert transport.send(b"<m/>") == transport.send(b"<m/>") == SOAP
    server.answer = lambda handler: handler.reply(401, b"")
    with pytest.raises(Unauthorized, match=r"ntlm: .*HTTP 401.*; .*HTTP 401"):
        winrm(server.port, transport=["ntlm", "basic"]).send(b"<m/>")


def test_an_authentication_that_cannot_be_set_up_is_passed_over(server: Any, winrm: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """kerberos,basic works on a controller without the Kerberos library, too; kerberos alone says what is missing."""
    monkeypatch.setattr("winrm.transport.HAVE_KERBEROS", False)
    assert winrm(server.port, transport=["kerberos", "basic"]).send(b"<m/>") == SOAP
    with pytest.raises(Unauthorized, match="Kerberos needs the Python library"):
        winrm(server.port, transport=["kerberos"]).send(b"<m/>")


def test_the_authentication_that_worked_is_kept(server: Any, winrm: Maker) -> None:
    """What fails later is not tried again with another one."""
    transport = winrm(server.port, transport=["basic", "ntlm"])
    transport.send(b"<m/>")
    server.answer = lambda handler: handler.reply(401, b"")
    with pytest.raises(Unauthorized) as caught:
        transport.send(b"<m/>")
    assert "; " not in str(caught.value)


def test_a_message_is_not_sent_twice(server: Any, winrm: Maker) -> None:
    """After a broken connection the host may have acted on the message, so no other authentication is tried."""
    seen: list[bytes] = []

    def hang_up(handler: Any) -> None:
        seen.append(handler.body)
        handler.connection.shutdown(socket.SHUT_RDWR)

    server.answer = hang_up
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        winrm(server.port, transport=["basic", "plaintext"]).send(b"<m/>")
    assert seen == [b"<m/>"]


def test_settings_that_a_library_refuses(server: Any, winrm: Maker, psrp: Maker) -> None:
    """A missing password or an impossible combination is said in the library's words, as an error of the connection."""
    with pytest.raises(ConnectionFailed):
        winrm(server.port, remote_password=None, transport=["ntlm"]).send(b"<m/>")
    with pytest.raises(ConnectionFailed, match="message encryption"):
        psrp(server.port, message_encryption="always").send(b"<m/>")
