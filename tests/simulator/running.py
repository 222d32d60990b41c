# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in operation, in this process."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .authentication import Directory
from .counters import total
from .fleet import Fleet, HostSpec
from .kerberos import own_keytab
from .network import FleetNetwork
from .server import HostServer, Server, authority_in
from .windows import Windows


class RunningFleet:
    """Hosts on the wire. ``hosts[name]`` has http_url, https_url, address, http_port, https_port, windows and counters."""

    def __init__(self, fleet: Fleet, folder: Path, build: Callable[[HostSpec], Windows] | None = None) -> None:
        authority = authority_in(folder)
        self.ca_file = authority.ca_file
        self.hosts: Mapping[str, HostServer] = {}
        found: dict[str, HostServer] = {}
        lock = threading.RLock()
        for spec in fleet.hosts:
            windows = (build or fleet.windows)(spec)
            # One lock for the fleet: what one host answers can depend on the others (network.py), and two locks could wait for each other.
            windows.lock = lock
            windows.files_folder = folder / "hosts" / windows.address / "C"
            directory = Directory(
                spec.name,
                fleet.accounts_of(spec),
                dns_domain=fleet.domain if spec.domain_member else None,
                netbios_domain=fleet.netbios if spec.domain_member else None,
                folder=folder,
                keytab=_keytab(fleet, spec, windows, folder),
            )
            found[spec.name] = HostServer(windows, directory, fleet.methods, authority, (fleet.http_port, fleet.https_port))
        self.hosts = found
        self.network = FleetNetwork([host.windows for host in found.values()], authority.ca_file)
        self.client_certificates = {item.name: authority.client(item.name) for item in fleet.accounts if item.certificate}
        self._server = Server(found.values())

    def start(self) -> None:
        """Begin to accept connections."""
        self._server.start()

    def stop(self) -> None:
        """End all listeners and connections."""
        self._server.stop()
        for host in self.hosts.values():
            host.close()

    def close_connections(self) -> None:
        """Close the HTTP connections as a host may at any time; clients have to connect and log in again."""
        self._server.close_connections()

    def counters(self, name: str) -> dict[str, int]:
        """Counters of one host; ``writes`` is the length of its journal without kinds ``hive`` and ``policy``, ``open_*`` what clients have not closed."""
        host = self.hosts[name]
        return {**host.counters.read(), "writes": host.windows.journal.writes, **host.service.left_open()}

    def totals(self) -> dict[str, int]:
        """The sum over all hosts."""
        return total([self.counters(name) for name in self.hosts])

    def reset_counters(self) -> None:
        """Set all counters to zero and clear the journals."""
        for host in self.hosts.values():
            host.counters.reset()
            with host.windows.lock:
                host.windows.journal.clear()

    def journal(self, name: str) -> list[dict[str, Any]]:
        """A copy of one host's journal."""
        host = self.hosts[name]
        with host.windows.lock:
            return list(host.windows.journal.entries)


def _keytab(fleet: Fleet, spec: HostSpec, windows: Windows, folder: Path) -> Path | None:
    """The host's own part of the fleet's keytab. The realm is the domain in capitals, as in Active Directory."""
    if fleet.keytab is None or fleet.domain is None or not spec.domain_member:
        return None
    return own_keytab(fleet.keytab, fleet.domain.upper(), (windows.fqdn, windows.name), folder / f"keytab-{spec.name}")


@contextmanager
def serve(fleet: Fleet, *, folder: Path | None = None, build: Callable[[HostSpec], Windows] | None = None) -> Iterator[RunningFleet]:
    """Run a fleet in threads of this process; files (certificates, accounts) go to ``folder`` or a temporary one.

    ``build`` makes the model of a host; by default it is the fleet's own.
    """
    with tempfile.TemporaryDirectory(prefix="simulator-") as temporary:
        running = RunningFleet(fleet, folder or Path(temporary), build)
        running.start()
        try:
            yield running
        finally:
            running.stop()
