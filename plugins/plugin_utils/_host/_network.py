# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's TCP connections and the processes that hold them, its shares, and who is in a local group.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from .._wsman import Client, Instance, Resource, WSManFault
from ._groups import members_query

_PROPERTIES = "LocalAddress, LocalPort, OwningProcess, RemoteAddress, RemotePort, State"
_PROCESS = Resource("root/cimv2", "Win32_Process")
# MSFT_NetTCPConnection.State (Microsoft, nettcpipprov/msft-nettcpconnection).
LISTEN, ESTABLISHED = 2, 5


@dataclass(frozen=True, slots=True)
class Connection:
    """One row of the TCP table: `state` is 2 for a listener and 5 for an established connection, `process_id` holds it."""

    local_address: str
    local_port: int
    remote_address: str
    remote_port: int
    state: int
    process_id: int

    @property
    def established(self) -> bool:
        """True if both ends are connected."""
        return self.state == ESTABLISHED

    @property
    def listens(self) -> bool:
        """True if it waits for others to connect."""
        return self.state == LISTEN


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a local group; `group` is True for a group or a system account, which stands for others."""

    domain: str
    name: str
    group: bool


class Network:
    """What one host tells about its connections. Nothing is remembered: all of this changes by itself."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def connections(self, *, process_id: int, ports: Sequence[int] = ()) -> list[Connection] | None:
        """The TCP table's rows of one process and of these local ports; None where the class is missing, as before Server 2012."""
        where = [f"OwningProcess = {process_id}"] if process_id else []
        where += [f"LocalPort = {port}" for port in ports]
        try:
            rows = self._client.query("root/standardcimv2", _wql(_PROPERTIES, "MSFT_NetTCPConnection", " OR ".join(where)))
            return [_connection(row) for row in rows]
        except WSManFault as fault:
            if fault.invalid_class:
                return None
            raise

    def process_name(self, process_id: int) -> str:
        """The file name of a process's program; empty if it has ended."""
        try:
            return self._client.get(_PROCESS, {"Handle": str(process_id)}).text("Name") or ""
        except WSManFault as fault:
            if fault.not_found or fault.invalid_selectors:
                return ""
            raise

    def shares(self, names: Iterable[str]) -> set[str]:
        """Those of these shares, none of which holds an apostrophe, that the host offers now, in upper case."""
        where = " OR ".join(f"Name = '{name}'" for name in names)
        return {(row.text("Name") or "").upper() for row in self._client.query("root/cimv2", _wql("Name", "Win32_Share", where))}

    def members(self, group_sid: str) -> list[Member] | None:
        """Who is in the local group of this SID; None if the host can't tell.

        Windows leaves out members whose SID it can't resolve.
        """
        query = _wql("Domain, Name", "Win32_Group", f"LocalAccount = TRUE AND SID = '{group_sid}'")
        try:
            group = next(iter(list(self._client.query("root/cimv2", query))), None)
            if group is None:
                return None
            rows = self._client.query("root/cimv2", members_query(group.text("Domain") or "", group.text("Name") or ""))
            return [member for member in map(_member, rows) if member]
        except WSManFault as fault:
            if fault.access_denied or fault.timed_out:
                return None
            raise


def _wql(properties: str, class_name: str, condition: str) -> str:
    return " ".join(("SELECT", properties, "FROM", class_name, "WHERE", condition))


def _connection(row: Instance) -> Connection:
    return Connection(
        plain_address(row.text("LocalAddress") or ""),
        row.integer("LocalPort") or 0,
        plain_address(row.text("RemoteAddress") or ""),
        row.integer("RemotePort") or 0,
        row.integer("State") or 0,
        row.integer("OwningProcess") or 0,
    )


def plain_address(text: str) -> str:
    """An IP address in its one shortest form, an IPv4 address in IPv6's form as IPv4; any other text in lower case."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text.lower()
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _member(row: Instance) -> Member | None:
    part = row.reference("PartComponent")
    if part is None:
        return None
    kind = part.resource.class_name.lower()
    return Member(part.key("Domain") or "", part.key("Name") or "", kind != "win32_useraccount")
