# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions over pypsrp, from the options of ansible.builtin.psrp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ._base import HttpStatus, LoginFailed, LoginRefused, Session, Timeouts, within
from ._kerberos import explained

# Imported when this file is, so that forked workers inherit it (130 ms each otherwise).
try:
    from pypsrp.exceptions import AuthenticationError, WinRMTransportError
    from pypsrp.wsman import WSMan
    from spnego.exceptions import SpnegoError
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

KERBEROS_ERRORS: tuple[type[Exception], ...] = ()
try:
    from krb5 import Krb5Error
except ImportError:
    # Without the Kerberos library there is no such login and no such error.
    pass
else:
    # pyspnego lets these through when it gets a ticket with user and password.
    KERBEROS_ERRORS = (Krb5Error,)

PLUGIN_DEFAULTS = (20.0, 30.0)
"""operation_timeout and read_timeout of the plugin where the user set none."""
OWN_DEFAULTS = (60.0, 70.0)
"""What is used instead: the plugin's are made for polling a pipeline, while starting a service may take 30 seconds."""

# Options that pypsrp takes under the same name.
_SAME_NAME = (
    "certificate_key_pem",
    "certificate_pem",
    "credssp_auth_mechanism",
    "credssp_disable_tlsv1_2",
    "credssp_minimum_version",
    "negotiate_send_cbt",
    "negotiate_delegate",
    "negotiate_hostname_override",
    "negotiate_service",
    "path",
    "proxy",
)


@dataclass(frozen=True)
class Arguments:
    """What a session is made of. wsman: keyword arguments of pypsrp.wsman.WSMan."""

    wsman: Mapping[str, Any]
    timeouts: Timeouts


def arguments_from(options: Mapping[str, object]) -> Arguments:
    """Translate the plugin's resolved options as the plugin does."""
    protocol, port = _protocol_and_port(options)
    timeouts = _timeouts(options)
    wsman: dict[str, Any] = {name: options[name] for name in _SAME_NAME if options.get(name) is not None}
    wsman |= {
        "server": str(options["remote_addr"]),
        "port": port,
        "username": options.get("remote_user"),
        "password": options.get("remote_password"),
        "ssl": protocol == "https",
        "auth": options.get("auth") or "negotiate",
        "cert_validation": False if options.get("cert_validation") == "ignore" else options.get("ca_cert") or True,
        "encryption": options.get("message_encryption") or "auto",
        "no_proxy": bool(options.get("ignore_proxy")),
        "connection_timeout": int(timeouts.connect),
        "operation_timeout": int(timeouts.operation),
        "read_timeout": int(timeouts.read),
        "reconnection_retries": int(str(options.get("reconnection_retries") or 0)),
        "reconnection_backoff": float(str(options.get("reconnection_backoff") or 2)),
    }
    return Arguments(wsman, timeouts)


def hurried(arguments: Arguments, seconds: float | None) -> Arguments:
    """The same with other limits, if there are any, and without tries again."""
    if seconds is None:
        return arguments
    limits = within(seconds)
    own = {"operation_timeout": int(limits.operation), "read_timeout": int(limits.read), "connection_timeout": int(limits.connect), "reconnection_retries": 0}
    return replace(arguments, wsman={**arguments.wsman, **own}, timeouts=limits)


def _protocol_and_port(options: Mapping[str, object]) -> tuple[str, int]:
    protocol, port = options.get("protocol"), options.get("port")
    if port is None:
        return str(protocol or "https"), 5985 if protocol == "http" else 5986
    number = int(str(port))
    return str(protocol or ("http" if number == 5985 else "https")), number


def _timeouts(options: Mapping[str, object]) -> Timeouts:
    given = (float(str(options.get("operation_timeout") or 20)), float(str(options.get("read_timeout") or 30)))
    operation, read = OWN_DEFAULTS if given == PLUGIN_DEFAULTS else given
    return Timeouts(operation, read, float(str(options.get("connection_timeout") or 30)))


class PsrpSession(Session):
    """A Transport over the HTTP part of pypsrp.

    pypsrp reads an answer wholly, so the size limit is checked afterwards; and it makes its own TLS context for each
    connection: neither can be changed without its private parts.
    """

    def __init__(self, arguments: Arguments) -> None:
        """Take the arguments; nothing is opened before the first message. Raises ConnectionFailed for what pypsrp refuses."""
        self._arguments = arguments
        wsman = arguments.wsman
        super().__init__(
            _endpoint(wsman),
            user=str(wsman["username"] or ""),
            secrets=(str(wsman["password"] or ""), str(wsman.get("proxy") or "")),
            timeouts=arguments.timeouts,
        )
        self._wsman: WSMan | None = None

    def _open(self) -> None:
        if self._wsman is None:
            self._wsman = WSMan(**self._arguments.wsman)

    def _post(self, message: bytes) -> bytes:
        if self._wsman is None:
            raise self._not_open()
        try:
            return bytes(self._wsman.transport.send(message))
        except AuthenticationError as error:
            raise LoginRefused(str(error)) from error
        except SpnegoError as error:
            raise LoginFailed(explained(str(error))) from error
        except KERBEROS_ERRORS as error:
            raise LoginFailed(explained(str(error))) from error
        except WinRMTransportError as error:
            raise HttpStatus(error.code, error.response_text.encode()) from error

    def _drop(self) -> None:
        if self._wsman is not None:
            self._wsman.transport.close()
            self._wsman = None


def _endpoint(wsman: Mapping[str, Any]) -> str:
    scheme = "https" if wsman["ssl"] else "http"
    host = f"[{wsman['server']}]" if ":" in wsman["server"] else wsman["server"]
    return f"{scheme}://{host}:{wsman['port']}/{wsman.get('path', 'wsman')}"
