# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an Auditor server says: its service, its port, the agents that it knows, and whom it reaches.

Where things are: netwrix-facts 1.1. The parent of the key that holds the port is spelt in two ways in the vendor's articles.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from .._host import Connection, Host, quote
from .._host._network import plain_address
from .._plan import BadRequest
from . import _reach as reaching
from ._agents_xml import agents_in
from ._names import checked_address, checked_port, checked_seconds, is_address
from ._product import product_named
from ._reach import Attempt, Target
from ._waiting import delays

DEFAULT_PORT = 9004
_PRODUCT = "HKLM\\SOFTWARE\\WOW6432Node\\Netwrix Auditor"
_PORT_KEYS = (f"{_PRODUCT}\\User Activity Video Reporter", "HKLM\\SOFTWARE\\WOW6432Node\\Netwrix\\User Activity Video Reporter")
_DATA_KEY = f"{_PRODUCT}\\DataPathOverride"
_WORKING_FOLDER = "%ProgramData%\\Netwrix Auditor"
_AGENTS = "User Activity Video Reporter\\Agents.xml"


class ServerProbe:
    """Reads one server; made from the module's arguments, which are checked before anything is sent."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        """BadRequest for a port, address or time that is none."""
        self._image = str(arguments["image"])
        self._product = str(arguments["product_name"])
        self._port = checked_port(arguments["port"], "port") if arguments["port"] else 0
        self._targets = [_target(entry) for entry in arguments["reach"]]
        self._connect_timeout = max(1, checked_seconds(arguments["connect_timeout"], "connect_timeout"))
        self._reach_seconds = checked_seconds(arguments["reach_seconds"], "reach_seconds")
        self._wait_seconds = checked_seconds(arguments["wait_seconds"], "wait_seconds")

    def read(self, host: Host) -> tuple[dict[str, Any], list[str]]:
        """The server as the module returns it, and notes about what could not be read."""
        self._expect(host)
        host.ready()
        service = next(iter(host.services.running(self._image)), None)
        process_id = service.process_id if service else 0
        registered = _registered_port(host)
        connections = self._connections(host, process_id, self._port or registered or DEFAULT_PORT)
        agents, notes = _agents(host)
        product = product_named(host, self._product)
        found = {
            "version": product.version if product else None,
            "service": service and {"name": service.name, "state": service.state, "start_mode": service.start_mode, "process_id": process_id},
            "install_path": _text(host, _PRODUCT, "InstallPath"),
            "working_folder": _working_folder(host),
            "port_registered": registered,
            "ports_listening": connections and sorted({row.local_port for row in connections if row.listens and row.process_id == process_id}),
            "agents": agents,
            "connections": None if connections is None else [_shown(row) for row in connections if row.established and row.process_id == process_id],
            "reach": [_told(attempt) for attempt in self._reach(host, connections or [])],
        }
        if connections is None:
            notes.append("Windows before Server 2012 does not tell its TCP connections by CIM.")
        return found, notes

    def _expect(self, host: Host) -> None:
        for path in (_PRODUCT, _DATA_KEY, *_PORT_KEYS):
            host.registry.expect(host.native(path))
        host.expect_folders()
        host.installer.expect(None, None, self._product)
        # The list comes along with the registry, unless agents are waited for, which are not in it yet.
        if not self._wait_seconds:
            host.registry.expect_command(_type(f"{host.system.directory[:2]}\\ProgramData\\Netwrix Auditor\\{_AGENTS}"))

    def _connections(self, host: Host, process_id: int, port: int) -> list[Connection] | None:
        """The rows of the server's process and port, as soon as every target with an address is connected or the time for waiting is over."""
        ends = time.monotonic() + (self._wait_seconds if process_id else 0)
        awaited = [target for target in self._targets if is_address(target.address)]
        rows = host.network.connections(process_id=process_id, ports=[port])
        for delay in delays(ends):
            if rows is None or all(_has_called(rows, target, port) and _connection_to(rows, target) for target in awaited):
                break
            time.sleep(delay)
            rows = host.network.connections(process_id=process_id, ports=[port])
        return rows

    def _reach(self, host: Host, connections: Sequence[Connection]) -> list[Attempt]:
        """In the order of the targets: whoever is connected is not tried again."""
        proofs = {target: row for target in self._targets if (row := _connection_to(connections, target))}
        found = {target: Attempt(target, True, f"the server is connected to it (its port {row.local_port})") for target, row in proofs.items()}
        left = [target for target in self._targets if target not in found]
        if left and not reaching.can_try(host):
            return [found.get(target) or Attempt(target, None, reaching.NO_TOOL) for target in self._targets]
        tried = reaching.attempts(host, left, self._connect_timeout, self._reach_seconds, time.monotonic)
        found |= {attempt.target: attempt for attempt in tried}
        return [found[target] for target in self._targets]


def _target(entry: Mapping[str, Any]) -> Target:
    return Target(entry["name"], checked_address(entry["address"], "address"), checked_port(entry["port"], "port"))


def _connection_to(rows: Sequence[Connection], target: Target) -> Connection | None:
    """The server's own connection to an agent's port. A name can't be told in the TCP table."""
    wanted = plain_address(target.address)
    return next((row for row in rows if row.established and row.remote_port == target.port and row.remote_address == wanted), None)


def _has_called(rows: Sequence[Connection], target: Target, port: int) -> bool:
    wanted = plain_address(target.address)
    return any(row.established and row.local_port == port and row.remote_address == wanted for row in rows)


def _registered_port(host: Host) -> int | None:
    for path in _PORT_KEYS:
        key = host.registry.key(host.native(path))
        data = key.data("ServerPort") if key else None
        if isinstance(data, int) or (isinstance(data, str) and data.strip().isdecimal()):
            return int(data)
    return None


def _text(host: Host, path: str, name: str) -> str | None:
    key = host.registry.key(host.native(path))
    data = key.data(name) if key else None
    return host.expand(data).rstrip("\\") if isinstance(data, str) and data else None


def _working_folder(host: Host) -> str:
    return _text(host, _DATA_KEY, "Default") or host.expand(_WORKING_FOLDER)


def _agents(host: Host) -> tuple[list[dict[str, str]] | None, list[str]]:
    """The agents that the server knows, None with a note where its list can't be read."""
    path = f"{_working_folder(host)}\\{_AGENTS}"
    text = host.registry.command(_type(path))
    if text is None:
        return None, [f"{path} is not there or can't be read, so it is not known which agents the server knows."]
    try:
        return agents_in(text), []
    except BadRequest as error:
        return None, [str(error)]


def _type(path: str) -> str:
    return f"type {quote(path)}"


def _shown(row: Connection) -> dict[str, Any]:
    return {"local_port": row.local_port, "remote_address": row.remote_address, "remote_port": row.remote_port}


def _told(attempt: Attempt) -> dict[str, Any]:
    return {"name": attempt.target.name, "address": attempt.target.address, "port": attempt.target.port, "ok": attempt.ok, "how": attempt.how}
