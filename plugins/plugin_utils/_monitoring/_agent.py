# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audited computer says about its agent, read in few messages.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from .._host import Connection, Host
from .._host._accounts import is_sid
from .._host._services import Service
from ._model import Facts, Wanted
from ._product import product_named
from ._waiting import delays

_AGENT = "HKLM\\SOFTWARE\\WOW6432Node\\Netwrix\\User Activity Video Reporter Agent"
_DOTNET = "HKLM\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full"
_FILE_SERVER = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters"
_HOST_NAME = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"
_ADMINISTRATORS = "S-1-5-32-544"


class AgentProbe:
    """Reads one audited computer; made from the module's arguments, which are checked before anything is sent."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        """BadRequest for an argument that can't be."""
        self.wanted = Wanted.of(arguments)

    def read(self, host: Host) -> Facts:
        """Everything that the checks need.

        What takes no time is read first, so that it fills the settle time.
        """
        wanted = self.wanted
        for path in (_AGENT, _DOTNET, _FILE_SERVER, _HOST_NAME):
            host.registry.expect(host.native(path))
        host.installer.expect(None, None, wanted.product_name)
        host.ready()
        services = host.services.running(wanted.image)
        began = time.monotonic()
        share = f"{host.system.directory[0]}$".upper()
        shares = frozenset(host.network.shares(["ADMIN$", share]))
        members = host.network.members(_ADMINISTRATORS) if wanted.data_account else None
        product = product_named(host, wanted.product_name)
        later = self._later(host, services[0], began) if services else None
        connections = self._connections(host, later)
        return Facts(
            names=tuple(filter(None, dict.fromkeys((host.name, *_names(host))))),
            settings=_settings(host),
            product=product,
            services=tuple(services),
            later=later,
            connections=connections,
            holder=self._holder(host, connections, later),
            dotnet_release=_number(host, _DOTNET, "Release"),
            system_share=share,
            shares=shares,
            members=members,
            account=_account(host, wanted.data_account) if is_sid(wanted.data_account) else None,
            remote_registry=_mode(host, "RemoteRegistry"),
            file_server=_mode(host, "LanmanServer"),
            smb2=_number(host, _FILE_SERVER, "SMB2"),
        )

    def _later(self, host: Host, service: Service, began: float) -> Service:
        """The service again after the settle time; one that does not run now isn't waited for."""
        if service.state != "running":
            return service
        time.sleep(max(0.0, began + self.wanted.settle_seconds - time.monotonic()))
        return host.services.now(service.name)

    def _connections(self, host: Host, later: Service | None) -> list[Connection] | None:
        """The TCP rows of the agent, as soon as it is connected or the time for waiting is over."""
        process_id = later.process_id if later and later.state == "running" else 0
        if not process_id:
            return []
        ports = [self.wanted.callback_port]
        ends = time.monotonic() + self.wanted.wait_seconds
        rows = host.network.connections(process_id=process_id, ports=ports)
        for delay in delays(ends):
            if rows is None or Facts((), services=(), later=later, connections=rows).connected(self.wanted):
                break
            time.sleep(delay)
            rows = host.network.connections(process_id=process_id, ports=ports)
        return rows

    def _holder(self, host: Host, rows: list[Connection] | None, later: Service | None) -> str:
        """The program that listens on the callback port in the agent's place."""
        listening = [row.process_id for row in rows or () if row.listens and row.local_port == self.wanted.callback_port]
        if later is None or not listening or later.process_id in listening:
            return ""
        return host.network.process_name(listening[0]) or f"process {listening[0]}"


def _account(host: Host, sid: str) -> tuple[str, str] | None:
    found = host.accounts.find(sid)
    return (found.domain, found.name) if found else None


def _settings(host: Host) -> Mapping[str, str] | None:
    key = host.registry.key(host.native(_AGENT))
    return None if key is None else {name: str(value.data) for name, value in key.values.items() if isinstance(value.data, (str, int))}


def _names(host: Host) -> list[str]:
    key = host.registry.key(_HOST_NAME)
    name, domain = ((str(key.data(value) or "") if key else "") for value in ("Hostname", "Domain"))
    return [f"{name}.{domain}", name] if name and domain else [name]


def _number(host: Host, path: str, name: str) -> int | None:
    key = host.registry.key(host.native(path))
    data = key.data(name) if key else None
    return data if isinstance(data, int) else None


def _mode(host: Host, name: str) -> str | None:
    service = host.services.get(name)
    return service.start_mode if service else None
