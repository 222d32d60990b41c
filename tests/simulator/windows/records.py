# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain records that the protocol side and the Windows model exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Account:
    """Somebody who can log on to a host.

    ``filtered`` is a local administrator whose token is cut down by UAC when it comes over the network:
    WS-Management answers "access denied" at once.
    """

    name: str
    domain: str
    password: str
    sid: str
    administrator: bool = False
    filtered: bool = False
    remote_management_user: bool = False

    @property
    def elevated(self) -> bool:
        """True if the token holds a live Administrators group."""
        return self.administrator and not self.filtered

    @property
    def qualified(self) -> str:
        """``DOMAIN\\name`` as Windows prints it."""
        return f"{self.domain}\\{self.name}"


@dataclass(frozen=True)
class Completed:
    """The outcome of one command; ``exit_code`` is unsigned 32 bit, ``delay`` in seconds before it is done.

    ``process`` is the process that goes on for the time of ``delay``, 0 if none is modelled: ending the one ends the other.
    """

    exit_code: int
    stdout: str
    stderr: str = ""
    delay: float = 0.0
    process: int = 0


class CimError(Exception):
    """A provider's refusal: ``status`` is the CIMStatusCode (1 to 17), ``hresult`` the Windows error if one is known."""

    def __init__(self, status: int, message: str, hresult: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hresult = hresult


@dataclass(frozen=True)
class Limits:
    """What ``winrm get winrm/config`` prints, under Windows' own names (surface 1.11)."""

    MaxEnvelopeSizekb: int = 500
    MaxTimeoutms: int = 60000
    MaxBatchItems: int = 32000
    MaxConcurrentOperationsPerUser: int = 1500
    MaxConnections: int = 300
    EnumerationTimeoutms: int = 240000
    MaxPacketRetrievalTimeSeconds: int = 120
    IdleTimeout: int = 7200000
    MaxConcurrentUsers: int = 10
    MaxProcessesPerShell: int = 25
    MaxMemoryPerShellMB: int = 1024
    MaxShellsPerUser: int = 30

    def overridden(self, values: Mapping[str, Any]) -> Limits:
        """Return a copy with ``values``; an unknown name raises ValueError."""
        known = {field.name for field in fields(self)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"unknown limits: {', '.join(unknown)}")
        return replace(self, **{name: int(value) for name, value in values.items()})


# WinRM 2.0: Windows 7 and Server 2008 R2 (surface 1.11).
WINRM_2 = Limits(
    MaxEnvelopeSizekb=150,
    MaxConcurrentOperationsPerUser=15,
    MaxConnections=25,
    IdleTimeout=180000,
    MaxConcurrentUsers=5,
    MaxProcessesPerShell=15,
    MaxMemoryPerShellMB=150,
    MaxShellsPerUser=5,
)


@dataclass(frozen=True)
class Reference:
    """A CIM reference: namespace with slashes, class and the key values."""

    namespace: str
    class_name: str
    keys: Mapping[str, Any]


@dataclass(frozen=True)
class Embedded:
    """An embedded instance: its class and its properties."""

    class_name: str
    properties: Mapping[str, Any]
