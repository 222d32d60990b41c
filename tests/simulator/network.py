# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network between the hosts of a fleet: names, TCP connections through both firewalls, shares, and downloads.

There are no packets: who reaches whom is worked out whenever somebody asks, from the state that the hosts are in at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .download import fetched
from .product_links import ProductLinks
from .windows import Windows
from .windows.accounts import ADMINISTRATORS, member_names
from .windows.files import FileError
from .windows.firewall.evaluation import Flow, filters, permits, profile_of
from .windows.network import BAD_NETWORK_PATH, Connection
from .windows.records import Account
from .windows.shares import Share, shares
from .windows.tcp import Row, listener

ACCESS_DENIED, BAD_NET_NAME = 5, 67
SMB_PORT = 445
LOCAL_SYSTEM = "S-1-5-18"
# Any port of the dynamic range stands for the end of the one who connects.
EPHEMERAL = 49900
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NETBIOS_LENGTH = 15


class FleetNetwork:
    """The network of these hosts; making it attaches it to them. ``ca_file`` holds the certificates that https downloads are checked with."""

    def __init__(self, hosts: Iterable[Windows], ca_file: Path | None = None) -> None:
        self.hosts = list(hosts)
        self._ca_file = ca_file
        self._names: dict[str, Windows] = {}
        for host in self.hosts:
            for name in (host.name, host.name[:_NETBIOS_LENGTH], host.fqdn, host.address):
                self._names.setdefault(name.lower(), host)
            host.network = self
        self._links = ProductLinks(self)

    def resolve(self, name: str) -> Windows | None:
        """The host with this NetBIOS name, full name (a dot at its end does no harm) or address, in any case."""
        return self._names.get(name.strip().lower().removesuffix("."))

    def connect(self, source: Windows, target: str, port: int, program: str = "") -> Connection:
        """How a TCP connection ends; ``program`` is who connects, for the rules of the source's firewall that name one.

        What the source's own firewall blocks fails at once like a refused connection. A filtered port is silent, and so is one that
        nobody listens on while the target's firewall is on (stealth mode).
        """
        host = source if target.strip().lower() in _LOOPBACK else self.resolve(target)
        if host is None:
            return "unknown"
        if not permits(source, Flow(False, source.address, EPHEMERAL, host.address, port, program)):
            return "refused"
        row = listener(host, port)
        silent = host is not source and filters(host) and not _without_stealth(host)
        if row is None:
            return "timeout" if silent else "refused"
        return "open" if permits(host, _arriving(host, row, source.address)) else "timeout"

    def read_share(self, source: Windows, account: Account, path: str) -> bytes:
        r"""The file at ``\\server\share\file``. Raises FileError 2, 3, 5, 53, 67.

        LocalSystem is the computer account in a domain and nobody in a workgroup; every other account of the model has come over the
        network and cannot go on from here (no second hop).
        """
        server, _backslash, rest = path.removeprefix("\\\\").partition("\\")
        name, _backslash, below = rest.partition("\\")
        host = source if server.lower() in _LOOPBACK else self.resolve(server)
        if host is None or self.connect(source, server, SMB_PORT, "System") != "open":
            raise FileError(BAD_NETWORK_PATH, path)
        if account.sid != LOCAL_SYSTEM or source.domain is None or host.domain != source.domain:
            raise FileError(ACCESS_DENIED, path)
        share = next((share for share in shares(host) if share.name.lower() == name.lower() and share.path), None)
        if share is None:
            raise FileError(BAD_NET_NAME, path)
        if not _may_read(host, source, share):
            raise FileError(ACCESS_DENIED, path)
        return host.files.read(share.path.rstrip("\\") + "\\" + below)

    def download(self, url: str) -> bytes:
        """The content behind an http or https URL of this computer's loopback. Raises DownloadError."""
        return fetched(url, self.resolve, self._ca_file)

    def connections(self, host: Windows) -> list[Row]:
        """The connections that the product's programs on ``host`` have or try to make."""
        return self._links.rows(host)

    def settle(self, host: Windows, *, everybody: bool = False) -> None:
        """Make the product's connections from and to ``host``; the server's state file then knows who has come."""
        self._links.settle(host, everybody=everybody)


def _arriving(host: Windows, row: Row, origin: str) -> Flow:
    """The connection as the target sees it."""
    process = host.processes.find(row.pid)
    services = frozenset(service.name for service in host.services if service.process_id == row.pid)
    return Flow(True, host.address, row.local_port, origin, EPHEMERAL, process.image if process else "", services)


def _without_stealth(host: Windows) -> bool:
    """MS-GPFAS DisableStealthMode: a closed port answers."""
    return host.firewall.policy_value(profile_of(host), "DisableStealthMode") == 1


def _may_read(host: Windows, source: Windows, share: Share) -> bool:
    if share.readers & {"Everyone", "computers"}:
        return True
    machine = f"{source.name}$".lower()
    return "administrators" in share.readers and any(name.lower() == machine for _domain, name in member_names(host, ADMINISTRATORS))
