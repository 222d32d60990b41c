# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions over pywinrm, from the options of ansible.builtin.winrm."""

from __future__ import annotations

import inspect
import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlunsplit

from .._errors import ConnectionFailed, Unauthorized
from ._base import HttpStatus, LoginFailed, LoginRefused, NotSetUp, Session, Timeouts, within
from ._kerberos import Kinit, Ticket, environment_names, explained
from ._tls import bound, share_context

# Imported when this file is, so that forked workers inherit it (130 ms each otherwise).
try:
    import winrm.transport
    from winrm.exceptions import AuthenticationError, WinRMError, WinRMTransportError
    from winrm.protocol import Protocol
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

KERBEROS_ERRORS: tuple[type[Exception], ...] = ()
try:
    from winrm.vendor.requests_kerberos.exceptions import KerberosExchangeError, MutualAuthenticationError
except ImportError:
    # Without the Kerberos library there is no such login and no such error; _log_in says what is missing.
    pass
else:
    KERBEROS_ERRORS = (KerberosExchangeError, MutualAuthenticationError)

PREFIX = "ansible_winrm_"
READ_MARGIN = 10.0
"""Seconds between operation timeout and read timeout, as in the plugin."""
DEFAULT_OPERATION = 60.0
"""Not pywinrm's 20 seconds: these are made for polling, while starting a service may take 30."""

# Arguments of Protocol that the plugin sets itself, whatever the extras say.
_OWN_ARGUMENTS = frozenset({"self", "endpoint", "transport", "username", "password", "scheme", "path", "kinit_mode", "kinit_cmd"})
_TIMEOUTS = frozenset({"read_timeout_sec", "operation_timeout_sec"})


@dataclass(frozen=True)
class Arguments:
    """What a session is made of. protocol: keyword arguments of winrm.protocol.Protocol except transport."""

    endpoint: str
    authentications: tuple[str, ...]
    protocol: Mapping[str, Any]
    timeouts: Timeouts
    kinit: Kinit | None


def arguments_from(options: Mapping[str, object]) -> Arguments:
    """Translate the plugin's resolved options as the plugin does. Raises ConnectionFailed for what pywinrm cannot do."""
    port = int(str(options.get("port") or 5986))
    scheme = str(options.get("scheme") or ("http" if port == 5985 else "https"))
    user, password = _text(options, "remote_user"), _text(options, "remote_password")
    endpoint = urlunsplit((scheme, f"{_host(str(options['remote_addr']))}:{port}", str(options.get("path") or "/wsman"), "", ""))
    authentications = _authentications(options.get("transport"), user, scheme)
    extras = _extras(options)
    timeouts = _timeouts(options.get("connection_timeout"), extras)
    protocol = {
        "endpoint": endpoint,
        "username": user,
        "password": password,
        "operation_timeout_sec": int(timeouts.operation),
        "read_timeout_sec": int(timeouts.read),
        **{name: value for name, value in extras.items() if name not in _TIMEOUTS},
    }
    return Arguments(endpoint, authentications, protocol, timeouts, _kinit(options, authentications, user, password, extras))


def hurried(arguments: Arguments, seconds: float | None) -> Arguments:
    """The same with other limits, if there are any."""
    if seconds is None:
        return arguments
    limits = within(seconds)
    own = {"operation_timeout_sec": int(limits.operation), "read_timeout_sec": int(limits.read)}
    return replace(arguments, protocol={**arguments.protocol, **own}, timeouts=limits)


def _text(options: Mapping[str, object], name: str) -> str | None:
    value = options.get(name)
    return None if value is None else str(value)


def _host(address: str) -> str:
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return address
    return f"[{address}]"


def _authentications(option: object, user: str | None, scheme: str) -> tuple[str, ...]:
    chosen = [option] if isinstance(option, str) else list(option) if isinstance(option, (list, tuple)) else []
    wanted = tuple(str(one) for one in chosen if one)
    if not wanted:
        # A user principal name belongs to a domain.
        return ("kerberos",) if user and "@" in user else ("ssl",) if scheme == "https" else ("plaintext",)
    unknown = [one for one in wanted if one not in winrm.FEATURE_SUPPORTED_AUTHTYPES]
    if unknown:
        raise ConnectionFailed(f"the installed pywinrm does not support ansible_winrm_transport {', '.join(unknown)}")
    return wanted


def _extras(options: Mapping[str, object]) -> dict[str, Any]:
    """Return the ansible_winrm_* extras that Protocol takes, without their prefix; the plugin ignores the others too."""
    given = options.get("_extras")
    known = set(inspect.signature(Protocol.__init__).parameters) - _OWN_ARGUMENTS
    extras = given if isinstance(given, Mapping) else {}
    names = {str(name).removeprefix(PREFIX): value for name, value in extras.items()}
    return {name: value for name, value in names.items() if name in known}


def _timeouts(connection_timeout: object, extras: Mapping[str, object]) -> Timeouts:
    if connection_timeout:
        operation = float(str(connection_timeout))
        read = operation + READ_MARGIN
    else:
        operation = float(str(extras.get("operation_timeout_sec") or DEFAULT_OPERATION))
        read = float(str(extras.get("read_timeout_sec") or operation + READ_MARGIN))
        if "operation_timeout_sec" not in extras:
            operation = min(operation, max(1.0, read - READ_MARGIN))
    return Timeouts(operation, read, min(30.0, read))


def _kinit(
    options: Mapping[str, object], authentications: tuple[str, ...], user: str | None, password: str | None, extras: Mapping[str, object]
) -> Kinit | None:
    """Return how to log in, or None where the user brings a ticket."""
    mode = options.get("kerberos_mode")
    managed = bool(password) if mode is None else mode == "managed"
    if "kerberos" not in authentications or not managed or not user:
        return None
    return Kinit(
        principal=user,
        command=str(options.get("kerberos_command") or "kinit"),
        arguments=_text(options, "kinit_args"),
        delegation=str(extras.get("kerberos_delegation", "")).casefold() in ("true", "yes", "on", "y", "t", "1"),
        environment=environment_names(options.get("kinit_env_vars")),
    )


class WinrmSession(Session):
    """A Transport over pywinrm. Of several authentications the first that works is kept."""

    def __init__(self, arguments: Arguments) -> None:
        """Take the arguments; nothing is opened before the first message."""
        password = str(arguments.protocol["password"] or "")
        proxy = str(arguments.protocol.get("proxy") or "")
        user = str(arguments.protocol["username"] or "")
        super().__init__(arguments.endpoint, user=user, secrets=(password, proxy), timeouts=arguments.timeouts)
        self._arguments = arguments
        self._authentications = arguments.authentications
        self._transport: winrm.transport.Transport | None = None
        self._ticket: Ticket | None = None

    def _open(self) -> None:
        if self._transport is None:
            # Opening may send a message: encryption begins with an empty one.
            with _errors():
                self._transport = self._logged_in(self._authentications[0])

    def _post(self, message: bytes) -> bytes:
        if self._transport is None:
            raise self._not_open()
        with _errors():
            return self._transport.send_message(message)

    def _translated(self, message: bytes) -> bytes:
        """Try the authentications in turn until one has worked, as the plugin does.

        Only a login that failed is a reason to try the next one: after any other error the host may have acted on the message.
        """
        problems: list[str] = []
        while True:
            try:
                answer = super()._translated(message)
            except (Unauthorized, NotSetUp) as error:
                if len(self._authentications) == 1:
                    problems.append(str(error))
                    raise type(error)("; ".join(dict.fromkeys(problems))) from error
                problems.append(f"{self._authentications[0]}: {error}")
                self._drop()
                self._authentications = self._authentications[1:]
            else:
                self._authentications = self._authentications[:1]
                return answer

    def _logged_in(self, authentication: str) -> winrm.transport.Transport:
        if authentication == "kerberos":
            self._log_in()
        transport = Protocol(**{**self._arguments.protocol, "transport": authentication}).transport
        # pywinrm hands this on to requests, which takes a pair as well: a host that is off shows sooner.
        transport.read_timeout_sec = (self._timeouts.connect, self._timeouts.read)  # type: ignore[assignment]
        session = transport.build_session()
        bound(session, self._limit)
        if transport.encryption is None:
            # With message encryption the session has logged its connection in already; a new adapter would lose that.
            share_context(session)
        return transport

    def _log_in(self) -> None:
        if not winrm.transport.HAVE_KERBEROS:
            raise Unauthorized("Kerberos needs the Python library pykerberos or gssapi on the controller (pip install pywinrm[kerberos])")
        if self._arguments.kinit is not None:
            self._ticket = Ticket(self._arguments.kinit, str(self._arguments.protocol["password"] or ""))

    def _drop(self) -> None:
        if self._transport is not None:
            self._transport.close_session()
            self._transport = None
        if self._ticket is not None:
            self._ticket.close()
            self._ticket = None


@contextmanager
def _errors() -> Iterator[None]:
    """Bring pywinrm's errors into the form that Session translates."""
    try:
        yield
    except AuthenticationError as error:
        raise LoginRefused(str(error)) from error
    except KERBEROS_ERRORS as error:
        raise LoginFailed(explained(str(error))) from error
    except WinRMTransportError as error:
        # pywinrm decoded the body as UTF-8, so this gives the bytes back.
        raise HttpStatus(error.code, error.response_text.encode()) from error
    except WinRMError as error:
        # Settings that do not go together, or an encrypted answer that was tampered with.
        raise ValueError(str(error)) from error
