# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that a host is connected to, as the Network List Manager knows them: their names and categories."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .host import Windows

PUBLIC, PRIVATE, DOMAIN = 0, 1, 2
# NLM_NETWORK_CATEGORY, and the firewall profile that goes with it.
CATEGORIES = {"public": PUBLIC, "private": PRIVATE, "domain": DOMAIN}
PROFILE_NAMES = {PUBLIC: "Public", PRIVATE: "Private", DOMAIN: "Domain"}
FIRST_INDEX = 5
_KEYS = frozenset(("alias", "category", "name"))


@dataclass
class ConnectedNetwork:
    """One network: ``id`` is a GUID in braces, ``category`` the number of NLM_NETWORK_CATEGORY."""

    id: str
    alias: str
    index: int
    name: str
    category: int

    @property
    def profile(self) -> str:
        """The firewall profile that is at work on it."""
        return PROFILE_NAMES[self.category]


def networks_of(host: Windows) -> list[ConnectedNetwork]:
    """The networks of option ``networks``; without it one, Domain for members of a domain, else Public. ValueError for what can't be."""
    given = host.options.get("networks", [{}])
    if not isinstance(given, list) or not given:
        raise ValueError(f"{host.name}: networks is a list of at least one network")
    found = [_network(host, number, entry) for number, entry in enumerate(given)]
    aliases = [network.alias.lower() for network in found]
    if len(set(aliases)) < len(aliases):
        raise ValueError(f"{host.name}: two networks have the same alias")
    return found


def _network(host: Windows, number: int, entry: Mapping[str, Any]) -> ConnectedNetwork:
    if not isinstance(entry, Mapping) or set(entry) - _KEYS:
        raise ValueError(f"{host.name}: a network has {', '.join(sorted(_KEYS))}, not {entry!r}")
    category = str(entry.get("category", "domain" if host.domain else "public")).lower()
    if category not in CATEGORIES:
        raise ValueError(f"{host.name}: a network is one of {', '.join(sorted(CATEGORIES))}, not {category}")
    if category == "domain" and not host.domain:
        raise ValueError(f"{host.name}: only members of a domain have a domain network")
    suffix = f" {number + 1}" if number else ""
    default = str(host.domain) if category == "domain" else host.text("network.name") + suffix
    alias = str(entry.get("alias") or host.text("network.alias") + suffix)
    identity = uuid.uuid5(uuid.NAMESPACE_DNS, f"network {number} of {host.name.lower()}")
    return ConnectedNetwork("{" + str(identity).upper() + "}", alias, FIRST_INDEX + number, str(entry.get("name") or default), CATEGORIES[category])
