# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of this package.

    WSManError
    ├── ConnectionFailed          no answer, or no usable HTTP answer: refused, reset, timed out, wrong path
    │   ├── Unauthorized          the host did not accept the user (HTTP 401), or the login itself failed
    │   └── CertificateRejected   the host's TLS certificate is not trusted here
    ├── ProtocolError             an answer that is not what WS-Management says
    │   └── ResponseTooLarge      an answer above the size limit
    ├── CommandTimedOut           a WinRS command that did not end in its time
    └── WSManFault                the host understood and refused (in _faults.py)

Every message is one sentence for the reader of a play. None of them holds a password.
"""

from __future__ import annotations


class WSManError(Exception):
    """Anything that goes wrong between a Client and its host."""


class ConnectionFailed(WSManError):
    """The host gave no usable HTTP answer."""


class Unauthorized(ConnectionFailed):
    """The host did not accept the credentials, or the login failed before it was asked."""


class CertificateRejected(ConnectionFailed):
    """The host's certificate could not be validated."""


class ProtocolError(WSManError):
    """An answer that breaks the protocol, or a value that is not of its type."""


class ResponseTooLarge(ProtocolError):
    """An answer above the size limit; it is not read to its end."""


class CommandTimedOut(WSManError):
    """A command that was still running at its time limit and was told to stop."""

    def __init__(self, command_line: str, time_limit: float) -> None:
        """Take the command line as it was sent and its limit in seconds."""
        # The arguments may hold a secret (an MSI property, for one), the program's name does not.
        program = command_line.strip().split(" ", 1)[0]
        super().__init__(f"the command {program} did not end within {time_limit:g} seconds and was stopped")
        self.command_line = command_line
        self.time_limit = time_limit
