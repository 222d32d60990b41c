# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP table of one host: who listens, and which connections the product's programs have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .processes import SYSTEM

if TYPE_CHECKING:
    from .host import Windows

LISTEN, SYN_SENT, ESTABLISHED = 2, 3, 5
ANY, ANY6 = "0.0.0.0", "::"
_TERMINAL_SERVER = r"SYSTEM\CurrentControlSet\Control\Terminal Server"
# Service, port and the process: the service's own, or the kernel (System), which holds the ports of SMB and HTTP.sys.
_KERNEL = (("LanmanServer", 445), ("WinRM", 5985), ("WinRM", 5986), ("WinRM", 47001))
_OWN = (("RpcEptMapper", 135), ("SamSs", 49664), ("EventLog", 49666), ("Schedule", 49667), ("Spooler", 49668))
_PROCESSES = (("wininit.exe", 49665), ("services.exe", 49669))


@dataclass(frozen=True)
class Row:
    """One row; ``state`` as MSFT_NetTCPConnection numbers it (2 listen, 3 SYN sent, 5 established), ``pid`` the owning process."""

    local_address: str
    local_port: int
    remote_address: str
    remote_port: int
    state: int
    pid: int


def table(host: Windows) -> list[Row]:
    """All rows, listeners first."""
    return [*listeners(host), *host.network.connections(host)]


def listeners(host: Windows) -> list[Row]:
    """Who listens now."""
    found = [_listen(ANY6, port, SYSTEM) for name, port in _KERNEL if _pid(host, name)]
    if _pid(host, "LanmanServer"):
        # NetBIOS sits on the address of the adapter.
        found.append(_listen(host.address, 139, SYSTEM))
    for port, pid in _user_mode(host):
        found += [_listen(ANY, port, pid), _listen(ANY6, port, pid)]
    found += [_listen(ANY, agent.callback_port, agent.pid) for agent in host.programs.agents() if not agent.deaf]
    return found + [_listen(ANY, server.port, server.pid) for server in host.programs.servers()]


def listener(host: Windows, port: int) -> Row | None:
    """Who answers on a port of the host's address, or None."""
    return next((row for row in listeners(host) if row.local_port == port), None)


def _listen(address: str, port: int, pid: int) -> Row:
    return Row(address, port, ANY6 if address == ANY6 else ANY, 0, LISTEN, pid)


def _user_mode(host: Windows) -> Iterator[tuple[int, int]]:
    owners = [(port, _pid(host, name)) for name, port in _OWN]
    if host.registry.value("hklm", _TERMINAL_SERVER, "fDenyTSConnections") == 0:
        owners.append((3389, _pid(host, "TermService")))
    yield from ((port, pid) for port, pid in owners if pid)
    for name, port in _PROCESSES:
        yield from ((port, process.pid) for process in host.processes.by_image(name))


def _pid(host: Windows, service: str) -> int:
    found = host.services.find(service)
    return found.process_id if found is not None and found.state == "Running" else 0
