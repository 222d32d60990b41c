# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""MSFT_NetFirewallProfile: the local settings of the three profiles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..firewall.profile import Profile
from ..records import CimError
from .catalogue import E_INVALID_PARAMETER, E_NOT_FOUND, CimClass

if TYPE_CHECKING:
    from ..host import Windows

PREFIX = "MSFT|FW|FirewallProfile|"
_TERNARY = frozenset((0, 1, 2))
_ACTIONS = frozenset((0, 1, 2, 4))
_TEXTS = frozenset(("LogFileName", "LogMaxSizeKilobytes", "DisabledInterfaceAliases"))


class FirewallProfile(CimClass):
    """Key InstanceID."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        host.firewall.check_cim()
        return [self._instance(profile) for profile in host.firewall.profiles.values()]

    def _instance(self, profile: Profile) -> dict[str, Any]:
        known = {**profile.values(), "InstanceID": PREFIX + profile.Name}
        return {prop.name: known.get(prop.name) for prop in self.properties}

    def _modify(self, host: Windows, keys: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        host.firewall.check_cim()
        name = str(keys.get("InstanceID") or "")[len(PREFIX) :].capitalize()
        if name not in host.firewall.profiles:
            raise CimError(6, host.text("wmi.not_found"), E_NOT_FOUND)
        own = {prop.name for prop in self.properties if prop.writable} - {"Description", "ElementName", "InstanceID"}
        current = self._instance(host.firewall.profiles[name])
        given = self.differing(host, current, {prop: value for prop, value in properties.items() if prop != "InstanceID"}, own)
        if not all(_valid(prop, value) for prop, value in given.items()):
            raise CimError(4, host.text("wmi.invalid_parameter"), E_INVALID_PARAMETER)
        return self._instance(host.firewall.set_profile(name, given))


def _valid(prop: str, value: Any) -> bool:
    if prop in _TEXTS:
        return value is not None
    return value in (_ACTIONS if prop.startswith("Default") else _TERNARY)
