# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a session logs in again and when it does not: the part that both libraries share, without either."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import ConnectionFailed, ProtocolError, ResponseTooLarge, Unauthorized
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._session._base import HttpStatus, LoginFailed, LoginRefused, Session, Timeouts

PASSWORD = "Lab-Passw0rd!"


class Scripted(Session):
    """A session whose posts return or raise what the script says, with a count of its logins."""

    def __init__(self, *script: bytes | Exception, limit: int = 100) -> None:
        super().__init__("https://host.example:5986/wsman", user="u", secrets=(PASSWORD, ""), timeouts=Timeouts(60, 70), limit=limit)
        self.script = list(script)
        self.logins = 0
        self.open = False

    def _open(self) -> None:
        if not self.open:
            self.logins += 1
            self.open = True

    def _post(self, message: bytes) -> bytes:
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def _drop(self) -> None:
        self.open = False


def test_one_login_for_many_messages() -> None:
    """The login is done once, at the first message."""
    session = Scripted(b"a", b"b")
    assert (session.logins, session.send(b""), session.send(b""), session.logins) == (0, b"a", b"b", 1)


def test_a_wrong_password_is_tried_once() -> None:
    """A second try could lock the account."""
    session = Scripted(LoginRefused())
    with pytest.raises(Unauthorized):
        session.send(b"")
    assert session.logins == 1


def test_a_lost_login_is_renewed_once() -> None:
    """After a good answer a 401 is answered by one new login; if that is refused too, it stays so."""
    session = Scripted(b"a", LoginRefused(), b"b", LoginRefused(), LoginRefused(), LoginRefused())
    assert (session.send(b""), session.send(b""), session.logins) == (b"a", b"b", 2)
    with pytest.raises(Unauthorized):
        session.send(b"")
    assert session.logins == 3
    with pytest.raises(Unauthorized):
        session.send(b"")
    assert session.script == []


def test_lost_encryption_keys_are_renewed_once() -> None:
    """A host that has no keys for a connection cannot read the message: HTTP 400, and a new login helps."""
    session = Scripted(b"a", HttpStatus(400, b""), b"b", HttpStatus(400, b""), HttpStatus(400, b""))
    assert (session.send(b""), session.send(b""), session.logins) == (b"a", b"b", 2)
    with pytest.raises(ConnectionFailed, match="HTTP status 400"):
        session.send(b"")
    assert session.script == []


@pytest.mark.parametrize("error", [OSError("reset"), HttpStatus(500, b""), HttpStatus(503, b"")])
def test_what_the_host_may_have_acted_on_is_not_sent_again(error: Exception) -> None:
    """A connection that broke or an error of the host says nothing about whether the message was acted on."""
    session = Scripted(b"a", error, b"b")
    session.send(b"")
    with pytest.raises(ConnectionFailed):
        session.send(b"")
    assert session.script == [b"b"]


BROKEN: list[tuple[Callable[[], Exception], type[Exception]]] = [
    (lambda: OSError("reset"), ConnectionFailed),
    (lambda: HttpStatus(400, b""), ConnectionFailed),
    (lambda: HttpStatus(413, b""), ProtocolError),
    (lambda: LoginFailed("no ticket"), Unauthorized),
    (lambda: KeyError("Content-Type"), ProtocolError),
    (lambda: ImportError("no library"), ConnectionFailed),
    (lambda: UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), ProtocolError),
]


@pytest.mark.parametrize(("error", "kind"), BROKEN)
def test_a_broken_session_is_not_used_again(error: Callable[[], Exception], kind: type[Exception]) -> None:
    """Whatever broke, it is one of our errors, and the next message logs in anew."""
    session = Scripted(error(), b"a")
    with pytest.raises(kind):
        session.send(b"")
    assert session.send(b"") == b"a"
    assert session.logins == 2


def test_a_fault_keeps_the_session() -> None:
    """A SOAP fault is an answer like any other."""
    fault = b"<s:Envelope/>"
    session = Scripted(HttpStatus(500, fault), b"a")
    assert (session.send(b""), session.send(b""), session.logins) == (fault, b"a", 1)


def test_the_limit_holds_for_faults_too() -> None:
    """An answer above the limit is refused, whatever its status."""
    with pytest.raises(ResponseTooLarge):
        Scripted(HttpStatus(500, b"<s:Envelope>" + b"x" * 100)).send(b"")


def test_passwords_are_cut_out() -> None:
    """A library's text may hold the password; ours does not."""
    with pytest.raises(ConnectionFailed) as caught:
        Scripted(OSError(f"cannot log in with {PASSWORD}")).send(b"")
    assert PASSWORD not in str(caught.value) and "********" in str(caught.value)
