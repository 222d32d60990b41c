# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication of one connection: Basic, Negotiate and Kerberos (with message encryption), client certificate (MS-WSMV 2.2.9.1)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import spnego
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from .certificates import upn_of
from .windows import Account

# What the client says in Content-Type and Authorization belongs together (MS-WSMV 2.2.9.1.1, 2.2.9.1.2).
PROTOCOLS = {"Negotiate": "application/HTTP-SPNEGO-session-encrypted", "Kerberos": "application/HTTP-Kerberos-session-encrypted"}
MUTUAL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
BOUNDARY = b"Encrypted Boundary"
CHANNEL_BINDINGS_AV = 10
# pyspnego's acceptor finds accounts and keys in files that only the environment names, so one step at a time.
_step_lock = threading.Lock()


class Directory:
    """The accounts that can log on to one host, found by the names that Windows accepts."""

    def __init__(
        self,
        host_name: str,
        accounts: Sequence[Account],
        *,
        dns_domain: str | None,
        netbios_domain: str | None,
        folder: Path,
        keytab: Path | None = None,
    ) -> None:
        self._names: dict[tuple[str, str], Account] = {}
        self._file = folder / f"accounts-{host_name}"
        self._written = False
        self._keytab = keytab
        self._no_keytab = folder / "no-keytab"
        for account in accounts:
            if ":" in account.password or ":" in account.name:
                raise ValueError(f"{account.name}: a colon cannot stand in a simulated account's name or password")
            domains: list[str | None] = [netbios_domain, dns_domain] if account.domain.upper() == (netbios_domain or "").upper() else [host_name, ".", ""]
            for domain in domains:
                if domain is not None:
                    self._names[(domain.upper(), account.name.upper())] = account
            if account.domain.upper() == (netbios_domain or "").upper() and dns_domain:
                self._names[("", f"{account.name}@{dns_domain}".upper())] = account

    def find(self, name: str) -> Account | None:
        """The account of ``DOMAIN\\name``, ``name`` (local only) or ``name@domain``."""
        domain, _backslash, user = name.rpartition("\\")
        return self._names.get((domain.upper(), user.upper()))

    def check(self, name: str, password: str) -> Account | None:
        """The account, if the password is right."""
        account = self.find(name)
        right = account is not None and hmac.compare_digest(account.password.encode(), password.encode())
        return account if right else None

    def credential_file(self) -> Path:
        """pyspnego's credential store, one line per accepted name; written at the first use."""
        if not self._written:
            self._file.touch(mode=0o600)
            self._file.write_text("".join(f"{domain}:{user}:{account.password}\n" for (domain, user), account in self._names.items()))
            self._written = True
        return self._file

    @property
    def kerberos(self) -> bool:
        """True if the host has keys of its own, so that it can read tickets."""
        return self._keytab is not None

    def environment(self) -> dict[str, str]:
        """Where pyspnego finds accounts and keys; a host without keys does not get those of the machine that runs it."""
        return {"NTLM_USER_FILE": str(self.credential_file()), "KRB5_KTNAME": f"FILE:{self._keytab or self._no_keytab}"}


@dataclass(frozen=True)
class Methods:
    """What one host's service allows."""

    basic: bool = True
    negotiate: bool = True
    certificate: bool = True
    allow_unencrypted: bool = False

    def challenges(self) -> list[str]:
        """WWW-Authenticate headers of a refusal, in http.sys' order."""
        return ["Negotiate", "Kerberos"] * self.negotiate + ['Basic realm="WSMAN"'] * self.basic


@dataclass
class Outcome:
    """One request's authentication: the account, or the challenges to send back; ``token`` (with its scheme) goes into a success answer."""

    account: Account | None = None
    challenges: list[str] = field(default_factory=list)
    token: str | None = None


class ConnectionSecurity:
    """The state of one TCP connection: NTLM and Kerberos authenticate connections, Basic requests."""

    def __init__(self, directory: Directory, methods: Methods, server_certificate: bytes | None, client_certificate: bytes | None) -> None:
        self._directory = directory
        self._methods = methods
        self._client_certificate = client_certificate
        self._bindings = None
        if server_certificate is not None:
            data = b"tls-server-end-point:" + hashlib.sha256(server_certificate).digest()
            self._bindings = GssChannelBindings(application_data=data)
        self._context: spnego.ContextProxy | None = None
        self._scheme = "Negotiate"
        self._account: Account | None = None

    def authenticate(self, authorization: str | None) -> Outcome:
        """Judge the Authorization header (or, without one, what the connection has proved before)."""
        if authorization is None:
            return Outcome(self._account) if self._account else self._refuse()
        scheme, _blank, rest = authorization.partition(" ")
        if authorization.strip() == MUTUAL:
            return self._certificate()
        if scheme.lower() == "basic" and self._methods.basic:
            return self._basic(rest)
        if self._methods.negotiate and (scheme.lower() == "negotiate" or (scheme.lower() == "kerberos" and self._directory.kerberos)):
            return self._token(scheme.capitalize(), rest)
        return self._refuse()

    def _refuse(self) -> Outcome:
        self._context = self._account = None
        return Outcome(challenges=self._methods.challenges())

    def _basic(self, credentials: str) -> Outcome:
        try:
            name, _colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return self._refuse()
        account = self._directory.check(name, password)
        return Outcome(account) if account else self._refuse()

    def _certificate(self) -> Outcome:
        upn = upn_of(self._client_certificate) if self._client_certificate and self._methods.certificate else None
        if upn is None or not upn.endswith("@localhost"):
            return self._refuse()
        account = self._directory.find(upn.removesuffix("@localhost"))
        return Outcome(account) if account else self._refuse()

    def _token(self, scheme: str, text: str) -> Outcome:
        if scheme != self._scheme:
            self._scheme, self._context = scheme, None
        try:
            token = base64.b64decode(text, validate=True)
            answer = self._step(token)
        except (SpnegoError, AttributeError, ValueError, struct.error):
            # AttributeError: how pyspnego 0.12 ends when the Kerberos library refuses a ticket with an error token.
            return self._refuse()
        encoded = f"{scheme} {base64.b64encode(answer).decode()}" if answer else None
        assert self._context is not None
        if not self._context.complete:
            return Outcome(challenges=[encoded] if encoded else self._methods.challenges())
        self._account = self._directory.find(self._context.client_principal or "")
        return Outcome(self._account, token=encoded) if self._account else self._refuse()

    def _step(self, token: bytes) -> bytes | None:
        with _step_lock, _environment(self._directory.environment()):
            if self._context is None or self._context.complete:
                self._context = spnego.server(protocol=self._scheme.lower())
            # CbtHardeningLevel Relaxed: bindings are checked if the client sends some. The Kerberos library looks itself.
            bindings = self._bindings if b"NTLMSSP\x00" not in token or has_channel_bindings(token) else None
            return self._context.step(token, channel_bindings=bindings)

    def unseal(self, content_type: str, body: bytes) -> bytes | None:
        """Decrypt a ``multipart/encrypted`` request; None if it is malformed or was tampered with."""
        found = re.search(rb"OriginalContent:[^\r\n]*;\s*Length=(\d+)\s*\r\n", body)
        marker = re.search(rb"Content-Type: application/octet-stream\r\n", body)
        end = body.rfind(b"--")
        end = body.rfind(b"--" + BOUNDARY, 0, end) if end > 0 else end
        if (
            self._context is None
            or not self._context.complete
            or found is None
            or marker is None
            or end < marker.end()
            or PROTOCOLS[self._scheme] not in content_type
        ):
            return None
        sealed = body[marker.end() : end]
        try:
            (length,) = struct.unpack_from("<I", sealed)
            message = self._context.unwrap_winrm(sealed[4 : 4 + length], sealed[4 + length :])
        except (SpnegoError, struct.error):
            return None
        return message if len(message) == int(found.group(1)) else None

    def seal(self, message: bytes) -> tuple[str, bytes]:
        """Encrypt an answer; returns its content type and body."""
        assert self._context is not None
        sealed = self._context.wrap_winrm(message)
        length = len(message) + sealed.padding_length
        protocol = PROTOCOLS[self._scheme]
        head = (
            b"--" + BOUNDARY + b"\r\n\tContent-Type: " + protocol.encode() + b"\r\n"
            b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=" + str(length).encode() + b"\r\n"
            b"--" + BOUNDARY + b"\r\n\tContent-Type: application/octet-stream\r\n"
        )
        body = head + struct.pack("<I", len(sealed.header)) + sealed.header + sealed.data + b"--" + BOUNDARY + b"--\r\n"
        return f'multipart/encrypted;protocol="{protocol}";boundary="{BOUNDARY.decode()}"', body


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables for a while. None is ever taken away: another thread of this process may be going through them (a test's own client)."""
    before = {name: os.environ.setdefault(name, os.devnull) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.update(before)


def has_channel_bindings(token: bytes) -> bool:
    """True if an NTLM AUTHENTICATE message in ``token`` carries MsvAvChannelBindings (MS-NLMP 2.2.1.3, 2.2.2.1)."""
    start = token.find(b"NTLMSSP\x00\x03\x00\x00\x00")
    if start < 0:
        return False
    length, _allocated, offset = struct.unpack_from("<HHI", token, start + 20)
    response = token[start + offset : start + offset + length]
    position = 44
    while position + 4 <= len(response):
        kind, size = struct.unpack_from("<HH", response, position)
        if kind == 0:
            return False
        if kind == CHANNEL_BINDINGS_AV:
            return any(response[position + 4 : position + 4 + size])
        position += 4 + size
    return False
