# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""MSFT_NetTCPConnection over the host's TCP table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..tcp import LISTEN, Row, table
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

_INTERNET = 0
# What the provider gives for every connection, whatever it is doing.
_CONSTANT = {"EnabledDefault": 2, "RequestedState": 5, "TransitioningToState": 12, "OffloadState": 0}


class TcpConnection(CimClass):
    """Key InstanceID: both ends, joined by "++"."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for row in table(host):
            known = {**_CONSTANT, **_properties(host, row)}
            yield {prop.name: known.get(prop.name) for prop in self.properties}


def _properties(host: Windows, row: Row) -> dict[str, Any]:
    process = host.processes.find(row.pid)
    return {
        "AppliedSetting": None if row.state == LISTEN else _INTERNET,
        "CreationTime": process.started if process else None,
        "InstanceID": f"{row.local_address}++{row.local_port}++{row.remote_address}++{row.remote_port}",
        "LocalAddress": row.local_address,
        "LocalPort": row.local_port,
        "OwningProcess": row.pid,
        "RemoteAddress": row.remote_address,
        "RemotePort": row.remote_port,
        "State": row.state,
    }
