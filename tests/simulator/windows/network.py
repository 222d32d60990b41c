# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host sees of other hosts. The network of a fleet is in tests/simulator/network.py; a host by itself has ``Alone``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from .files import FileError

if TYPE_CHECKING:
    from .host import Windows
    from .records import Account
    from .tcp import Row

BAD_NETWORK_PATH = 53
Connection = Literal["open", "refused", "timeout", "unknown"]


class DownloadError(Exception):
    """A download that failed. ``reason``: unknown (no such name), refused, timeout, certificate or status (then ``status`` is the HTTP status)."""

    def __init__(self, reason: Literal["unknown", "refused", "timeout", "certificate", "status"], status: int = 0) -> None:
        super().__init__(f"{reason} {status}".strip(" 0"))
        self.reason = reason
        self.status = status


class Network(Protocol):
    """The other hosts as one host can reach them."""

    def resolve(self, name: str) -> Windows | None:
        """The host with this NetBIOS name, full name or address, in any case; None if nobody has it."""

    def connect(self, source: Windows, target: str, port: int) -> Connection:
        """How a TCP connection from ``source`` to port ``port`` of ``target`` ends; unknown: the name can't be resolved."""

    def read_share(self, source: Windows, account: Account, path: str) -> bytes:
        r"""The file at ``\\server\share\file`` as a process of ``account`` on ``source`` reads it. Raises FileError 2, 3, 5, 53, 67."""

    def download(self, url: str) -> bytes:
        """The content behind an http or https URL. Raises DownloadError."""

    def connections(self, host: Windows) -> list[Row]:
        """The rows of the host's TCP table that are no listeners."""

    def settle(self, host: Windows, *, everybody: bool = False) -> None:
        """Let the product's programs on ``host`` do what they do by themselves; ``everybody``: also with hosts that nobody has used yet."""


class Alone:
    """The network of a host without others: it reaches only itself."""

    def __init__(self, host: Windows) -> None:
        self._host = host

    def resolve(self, name: str) -> Windows | None:
        """The host itself by any of its names."""
        own = {self._host.name.lower(), self._host.fqdn.lower(), self._host.address, "localhost", "127.0.0.1"}
        return self._host if name.lower() in own else None

    def connect(self, source: Windows, target: str, port: int) -> Connection:
        """Nothing listens here."""
        return "refused" if self.resolve(target) else "unknown"

    def read_share(self, source: Windows, account: Account, path: str) -> bytes:
        """There is no server: FileError 53."""
        raise FileError(BAD_NETWORK_PATH, path)

    def download(self, url: str) -> bytes:
        """There is no web server: DownloadError."""
        raise DownloadError("unknown")

    def connections(self, host: Windows) -> list[Row]:
        """None."""
        return []

    def settle(self, host: Windows, *, everybody: bool = False) -> None:
        """There is nobody to talk to."""
