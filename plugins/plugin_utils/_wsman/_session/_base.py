# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both kinds of session share: order of events, a second try after a lost login, errors in plain words."""

from __future__ import annotations

import struct
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass

from .._errors import (
    CertificateRejected,
    ConnectionFailed,
    ProtocolError,
    ResponseTooLarge,
    Unauthorized,
    WSManError,
)
from .._xml import MAX_DOCUMENT

try:
    import requests
    from spnego.exceptions import FeatureMissingError, SpnegoError
except ImportError as error:
    # Each is a dependency of both pywinrm and pypsrp; without them no session is ever built (see transport_from).
    MISSING: ImportError | None = error
else:
    MISSING = None

# What the libraries raise beside their own errors when an answer is not what they expect: a missing header (KeyError),
# a malformed multipart body (IndexError, ValueError, struct.error), a body that is not text (UnicodeDecodeError).
BAD_ANSWER = (LookupError, ValueError, struct.error)

IDLE_SECONDS = 90.0
"""A connection that was idle for longer is opened anew: Windows closes it after 120 seconds, and with it the login and
the key of the message encryption (surface 1.11)."""


class HttpStatus(Exception):
    """A status other than 200; body: the answer's bytes, decrypted. Never leaves this package."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class LoginRefused(Exception):
    """HTTP 401, from either library. Never leaves this package."""


class LoginFailed(Exception):
    """A login that failed here, before the host could judge it. Never leaves this package."""


class NotSetUp(ConnectionFailed):
    """Nothing was sent: settings that do not go together, or a library that is missing."""


class Unreadable(ConnectionFailed):
    """HTTP 400 without SOAP: the host could not read the message, and so has not acted on it."""


@dataclass(frozen=True)
class Timeouts:
    """In seconds. operation: what the host is given for one operation; read is larger, so that its fault arrives."""

    operation: float
    read: float
    connect: float = 30.0


def within(seconds: float) -> Timeouts:
    """Limits for a look at a host that may not be there: whole seconds, as both libraries want them, and at least 1 for the host."""
    return Timeouts(operation=max(1.0, float(int(seconds))), read=max(2.0, float(int(seconds) + 1)), connect=max(1.0, float(int(seconds))))


class Session(ABC):
    """A Transport over one library. Subclasses say how to open, post and drop."""

    def __init__(self, endpoint: str, *, user: str, secrets: tuple[str, ...], timeouts: Timeouts, limit: int = MAX_DOCUMENT) -> None:
        """Take what messages name and hide; secrets are cut out of every text that comes from a library."""
        self._endpoint = endpoint
        self._user = user
        self._secrets = tuple(secret for secret in secrets if secret)
        self._limit = limit
        self._timeouts = timeouts
        self._proven = False
        self._last = 0.0
        self._closed = False

    @property
    def endpoint(self) -> str:
        """The listener's URL."""
        return self._endpoint

    @property
    def operation_timeout(self) -> float:
        """Seconds that the host may take for one operation."""
        return self._timeouts.operation

    def send(self, message: bytes) -> bytes:
        """Send one SOAP message and return the answer (see Transport)."""
        if self._closed:
            raise self._not_open()
        if self._proven and time.monotonic() - self._last > IDLE_SECONDS:
            self._drop()
        try:
            answer = self._answer(message)
        except (ConnectionFailed, ProtocolError):
            # Whatever was broken, login and encryption keys are of no more use; the next message begins anew.
            self._drop()
            raise
        self._proven = True
        self._last = time.monotonic()
        return answer

    def close(self) -> None:
        """Close the connection."""
        if not self._closed:
            self._closed = True
            self._drop()

    @abstractmethod
    def _open(self) -> None:
        """Make the library's session if there is none; raises what the library raises."""

    @abstractmethod
    def _post(self, message: bytes) -> bytes:
        """Send over the session; raises what the library raises, with HttpStatus and LoginRefused for HTTP errors."""

    @abstractmethod
    def _drop(self) -> None:
        """Close the session, so that the next message opens a new one."""

    def _answer(self, message: bytes) -> bytes:
        try:
            return self._translated(message)
        except (Unauthorized, Unreadable):
            # NTLM and Kerberos log a TCP connection in, and encrypt for it. After a good answer these two mean that the
            # connection was replaced between two messages; the message was not acted on.
            if not self._proven:
                raise
            self._proven = False
            self._drop()
            return self._translated(message)

    def _translated(self, message: bytes) -> bytes:
        try:
            self._open_checked()
            return self._bounded(self._post(message))
        except HttpStatus as error:
            return self._soap_or_error(error)
        except LoginRefused as error:
            raise Unauthorized(self._refused()) from error
        except (LoginFailed, SpnegoError, FeatureMissingError) as error:
            raise Unauthorized(f"the login at {self._endpoint} failed: {self._clean(error)}") from error
        except OSError as error:
            raise self._network_error(error) from error
        except ImportError as error:
            raise NotSetUp(f"a Python library is missing on the controller: {self._clean(error)}") from error
        except BAD_ANSWER as error:
            raise ProtocolError(f"{self._endpoint} sent an answer that cannot be read: {self._clean(error)}") from error

    def _bounded(self, answer: bytes) -> bytes:
        if len(answer) > self._limit:
            raise too_large(self._limit)
        return answer

    def _not_open(self) -> ConnectionFailed:
        return ConnectionFailed(f"the connection to {self._endpoint} is closed")

    def _open_checked(self) -> None:
        try:
            self._open()
        except ValueError as error:
            raise NotSetUp(f"the connection to {self._endpoint} cannot be set up: {self._clean(error)}") from error

    def _soap_or_error(self, error: HttpStatus) -> bytes:
        if b"Envelope" in error.body[:4096]:
            return self._bounded(error.body)
        if error.status == 413:
            raise ProtocolError(f"{self._endpoint} refuses a message of this size (raise MaxEnvelopeSizekb on the host)") from error
        kind = Unreadable if error.status == 400 else ConnectionFailed
        raise kind(self._status_sentence(error)) from error

    def _status_sentence(self, error: HttpStatus) -> str:
        if error.status == 404:
            return f"{self._endpoint} has no WS-Management service at this path (HTTP 404): check port and path of the connection"
        if error.status == 500 and not error.body:
            return f"{self._endpoint} refuses unencrypted traffic (HTTP 500): use HTTPS, or ntlm or kerberos with message encryption"
        return f"{self._endpoint} answered with HTTP status {error.status}, which is not WS-Management"

    def _refused(self) -> str:
        return (
            f"{self._endpoint} did not accept the login of {self._user or 'the user'} (HTTP 401): check user and password,"
            " and that the host allows this kind of authentication"
        )

    def _network_error(self, error: OSError) -> WSManError:
        # urllib3 puts the name of its connection object before what happened.
        detail = self._clean(_innermost(error)).rpartition("): ")[2]
        if isinstance(error, requests.exceptions.SSLError):
            return self._tls_error(detail)
        if isinstance(error, requests.exceptions.ReadTimeout):
            return ConnectionFailed(f"{self._endpoint} did not answer within {self._timeouts.read:g} seconds")
        if isinstance(error, requests.exceptions.ConnectTimeout):
            return ConnectionFailed(f"{self._endpoint} cannot be reached within {self._timeouts.connect:g} seconds")
        if "Failed to resolve" in detail:
            return ConnectionFailed(f"the name of the host in {self._endpoint} cannot be resolved")
        if "refused" in detail.casefold():
            return ConnectionFailed(f"{self._endpoint} refuses the connection: check that WinRM listens on this port")
        if isinstance(error, requests.exceptions.RequestException):
            return ConnectionFailed(f"{self._endpoint} cannot be reached: {detail}")
        return ConnectionFailed(f"the connection to {self._endpoint} cannot be set up: {detail}")

    def _tls_error(self, detail: str) -> WSManError:
        if "CERTIFICATE_VERIFY_FAILED" in detail or "doesn't match" in detail:
            reason = detail.partition("verify failed: ")[2].partition(" (_ssl")[0] or detail
            return CertificateRejected(
                f"the certificate of {self._endpoint} is not trusted here: {reason}."
                " Give the CA's file (ansible_winrm_ca_trust_path or ansible_psrp_ca_cert) or use a certificate for this name"
            )
        return ConnectionFailed(f"no TLS connection to {self._endpoint}: {detail}")

    def _clean(self, error: BaseException) -> str:
        """Return a library's text on one line, without secrets."""
        text = " ".join(str(error).split())
        for secret in self._secrets:
            text = text.replace(secret, "********")
        return text.rstrip(".") or type(error).__name__


def _innermost(error: BaseException) -> BaseException:
    """Return the error at the bottom of those that requests and urllib3 put around each other."""
    inner = getattr(error, "reason", None)
    if not isinstance(inner, BaseException):
        inner = next((arg for arg in error.args if isinstance(arg, BaseException)), None)
    return error if inner is None else _innermost(inner)


def too_large(limit: int) -> ResponseTooLarge:
    """Return the error of an answer above `limit` bytes."""
    return ResponseTooLarge(f"the answer is larger than the {limit} bytes that are read")
