# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""MSFT_NetConnectionProfile: the networks that the host is connected to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..networks import DOMAIN, PRIVATE, PUBLIC, ConnectedNetwork
from ..records import CimError
from .catalogue import E_ACCESS_DENIED, E_INVALID_PARAMETER, E_NOT_FOUND, CimClass

if TYPE_CHECKING:
    from ..host import Windows

# LocalNetwork and NoTraffic: a network without Internet and without IPv6.
IPV4_CONNECTIVITY, IPV6_CONNECTIVITY = 3, 1


class ConnectionProfile(CimClass):
    """Key InstanceID. Only NetworkCategory can be changed, and only between public and private."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        return [self._instance(network) for network in host.networks]

    def _instance(self, network: ConnectedNetwork) -> dict[str, Any]:
        known = {
            "InstanceID": network.id,
            "InterfaceAlias": network.alias,
            "InterfaceIndex": network.index,
            "IPv4Connectivity": IPV4_CONNECTIVITY,
            "IPv6Connectivity": IPV6_CONNECTIVITY,
            "Name": network.name,
            "NetworkCategory": network.category,
        }
        return {prop.name: known.get(prop.name) for prop in self.properties}

    def _modify(self, host: Windows, keys: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        wanted = str(keys.get("InstanceID") or "").lower()
        network = next((network for network in host.networks if network.id.lower() == wanted), None)
        if network is None:
            raise CimError(6, host.text("wmi.not_found"), E_NOT_FOUND)
        changed = self.differing(host, self._instance(network), properties, {"NetworkCategory"})
        if changed:
            self._recategorise(host, network, changed["NetworkCategory"])
        return self._instance(network)

    def _recategorise(self, host: Windows, network: ConnectedNetwork, category: object) -> None:
        if category not in (PUBLIC, PRIVATE):
            raise CimError(4, host.text("network.domain_only"), E_INVALID_PARAMETER)
        if network.category == DOMAIN:
            raise CimError(2, host.text("network.refused"), E_ACCESS_DENIED)
        before, network.category = network.category, int(str(category))
        host.journal.write("network", network.alias, {"action": "change", "before": before, "after": network.category})
