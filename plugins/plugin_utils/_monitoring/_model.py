# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks are made from: what is wanted, what the audited computer says, and what its server says.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._host import Connection, Product
from .._host._accounts import is_sid
from .._host._network import Member, plain_address
from .._host._services import Service
from .._plan import BadRequest
from ._names import checked_address, checked_port, checked_seconds, is_address, plain_id, same_computer, split_account, version_of

OK, FAILED, UNKNOWN, NOT_APPLICABLE = "ok", "failed", "unknown", "not applicable"


@dataclass(frozen=True, slots=True)
class Check:
    """One verdict: `status` ok, failed, unknown or not applicable; `text` what was seen, `advice` what to do if it failed."""

    id: str
    title: str
    status: str
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class ServerView:
    """The parts of `server_info`'s result that matter here; None stands for what the server could not tell."""

    version: str | None
    ports: frozenset[int] | None
    agents: tuple[tuple[str, str], ...] | None
    connections: tuple[tuple[int, str, int], ...] | None
    reach: tuple[Mapping[str, Any], ...]
    running: bool

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> ServerView:
        """From the module's whole result or its `server`; agents as (name, plain id), connections as (local port, remote address and port).

        Raises:
            BadRequest: it is something else.
        """
        found = given.get("server", given)
        try:
            agents, connections, ports = found["agents"], found["connections"], found["ports_listening"]
            return cls(
                found["version"],
                None if ports is None else frozenset(map(int, ports)),
                None if agents is None else tuple((str(agent["name"]), plain_id(str(agent["uniq_id"]))) for agent in agents),
                None if connections is None else tuple(map(_row, connections)),
                tuple(found["reach"]),
                bool(found["service"]) and found["service"]["state"] == "running",
            )
        except (KeyError, TypeError, ValueError):
            raise BadRequest("server_info must be what module server_info returned for this computer's server.") from None


def _row(row: Mapping[str, Any]) -> tuple[int, str, int]:
    return int(row["local_port"]), plain_address(str(row["remote_address"])), int(row["remote_port"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """The module's arguments, checked."""

    server: str = ""
    server_addresses: tuple[str, ...] = ()
    server_port: int = 9004
    callback_port: int = 9003
    server_value: str = "ServerName"
    image: str = "UAVRAgent.exe"
    product_name: str = "Netwrix Auditor User Activity Core Service"
    server_info: ServerView | None = None
    data_account: str = ""
    minimum_version: str = "10.5"
    expected_version: str = ""
    settle_seconds: int = 5
    wait_seconds: int = 60

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Wanted:
        """From the module's arguments.

        Raises:
            BadRequest: one of them can't be.
        """
        account = arguments["data_account"] or ""
        if account and not is_sid(account):
            split_account(account)
        for name in ("minimum_version", "expected_version"):
            if arguments[name] and not version_of(arguments[name]):
                raise BadRequest(f"{name} {arguments[name]!r} is no version number.")
        return cls(
            server=checked_address(arguments["server"], "server") if arguments["server"] else "",
            server_addresses=tuple(checked_address(address, "server_addresses") for address in arguments["server_addresses"]),
            server_port=checked_port(arguments["server_port"], "server_port"),
            callback_port=checked_port(arguments["callback_port"], "callback_port"),
            server_value=arguments["server_value"],
            image=arguments["image"],
            product_name=arguments["product_name"],
            server_info=ServerView.of(arguments["server_info"]) if arguments["server_info"] else None,
            data_account=account,
            minimum_version=arguments["minimum_version"] or "",
            expected_version=arguments["expected_version"] or "",
            settle_seconds=checked_seconds(arguments["settle_seconds"], "settle_seconds"),
            wait_seconds=checked_seconds(arguments["wait_seconds"], "wait_seconds"),
        )

    @property
    def addresses(self) -> frozenset[str]:
        """The server's IP addresses; names are left out, as no name stands in a TCP table."""
        return frozenset(plain_address(address) for address in (*self.server_addresses, self.server) if is_address(address))


@dataclass(frozen=True, slots=True)
class Facts:
    """What an audited computer says.

    `names` are those that it goes by; `settings` the values of the agent's key by lower-case name, None without that key;
    `services` those with the agent's program, `later` the first of them after the settle time; `connections` the TCP rows of
    its process and of the callback port, None where Windows can't tell; `holder` the program that listens on that port if
    it is another; `members` those of the local group Administrators, None if unknown or not asked for; `shares` in upper case.
    """

    names: tuple[str, ...]
    settings: Mapping[str, str] | None = None
    product: Product | None = None
    services: Sequence[Service] = ()
    later: Service | None = None
    connections: Sequence[Connection] | None = ()
    holder: str = ""
    dotnet_release: int | None = None
    system_share: str = "C$"
    shares: frozenset[str] = frozenset()
    members: Sequence[Member] | None = None
    account: tuple[str, str] | None = None
    remote_registry: str | None = None
    file_server: str | None = None
    smb2: int | None = None

    @property
    def service(self) -> Service | None:
        """The agent's service as it was at first."""
        return self.services[0] if self.services else None

    @property
    def installed(self) -> bool:
        """True if the agent is there in any way."""
        return bool(self.services or self.product)

    @property
    def process_id(self) -> int:
        """The agent's process after the settle time; 0 if it does not run."""
        return self.later.process_id if self.later and self.later.state == "running" else 0

    def setting(self, name: str) -> str:
        """A value of the agent's key; empty if there is none."""
        return (self.settings or {}).get(name.lower(), "")

    def goes_by(self, name: str) -> bool:
        """True if a name can be this computer's."""
        return any(same_computer(own, name) for own in self.names)

    def port(self, name: str, default: int) -> int | None:
        """A port of the agent's key, the default if it is not set, None if it is no port."""
        text = self.setting(name).strip()
        if not text:
            return default
        return int(text) if text.isascii() and text.isdecimal() and 0 < int(text) < 65536 else None

    def to_server(self, wanted: Wanted) -> list[Connection]:
        """The agent's established connections to the server's port, whatever the address."""
        own = [row for row in self.connections or () if row.established and row.process_id == self.process_id]
        return [row for row in own if row.remote_port == wanted.server_port]

    def connected(self, wanted: Wanted) -> Connection | None:
        """The connection that surely leads to the wanted server: by its address, or because the server sees the other end."""
        rows = self.to_server(wanted)
        view = wanted.server_info
        seen = {(address, port) for local, address, port in (view.connections or () if view else ()) if local == wanted.server_port}
        if not wanted.addresses and not seen:
            return rows[0] if rows else None
        return next((row for row in rows if row.remote_address in wanted.addresses or (row.local_address, row.local_port) in seen), None)
