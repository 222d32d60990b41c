# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSoP's logging-mode data of the computer: which policies are in force and what each of them sets."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from ..group_policy import Policy, Setting
from ..records import Account
from ..service_manager import ERROR_SERVICE_DOES_NOT_EXIST
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

NAMESPACE = "root/rsop/computer"
# The client-side extensions for registry values (MS-GPREG) and security settings (MS-GPSB).
REGISTRY_EXTENSION, SECURITY_EXTENSION = "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}", "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}"
VERSION = 65537
# RSOP_SecuritySettings.Status.
_DONE, _FAILED = 1, 3
_Content = TypeVar("_Content")


class RsopClass(CimClass):
    """Only administrators get in."""

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        self._must_be_elevated(host, account)
        return [{prop.name: row.get(prop.name) for prop in self.properties} for row in self._rows(host)]

    def _rows(self, host: Windows) -> Iterator[dict[str, Any]]:
        yield from ()


class Gpo(RsopClass):
    """Key id."""

    def _rows(self, host: Windows) -> Iterator[dict[str, Any]]:
        for policy in host.policies.applied:
            extensions = [REGISTRY_EXTENSION] * bool(policy.settings) + [SECURITY_EXTENSION] * bool(policy.services)
            yield {
                "accessDenied": False,
                "enabled": True,
                "extensionIds": extensions or None,
                "fileSystemPath": policy.path,
                "filterAllowed": True,
                "guidName": policy.guid,
                "id": policy.id,
                "name": policy.name,
                "version": VERSION,
            }


class RegistryPolicySetting(RsopClass):
    """Keys id and precedence: a value that two policies set has one id and two rows."""

    def _rows(self, host: Windows) -> Iterator[dict[str, Any]]:
        settings = [(setting.target, policy, setting) for policy in host.policies.applied for setting in policy.settings]
        for precedence, policy, setting in _ranked(settings):
            yield {**_common(host, policy, precedence, setting.target), **_value(setting)}


class SystemService(RsopClass):
    """Keys Service and precedence."""

    def _rows(self, host: Windows) -> Iterator[dict[str, Any]]:
        modes = [(name.lower(), policy, (name, start)) for policy in host.policies.applied for name, start in policy.services.items()]
        for precedence, policy, (name, start) in _ranked(modes):
            there = host.services.find(name) is not None
            yield {
                **_common(host, policy, precedence, ("service", name.lower())),
                "ErrorCode": 0 if there else ERROR_SERVICE_DOES_NOT_EXIST,
                "name": name,
                "SDDLString": "",
                "Service": name,
                "StartupMode": start,
                "Status": _DONE if there else _FAILED,
            }


def _ranked(rows: Iterable[tuple[Hashable, Policy, _Content]]) -> Iterator[tuple[int, Policy, _Content]]:
    """Rows with their precedence: of those with the same target the last one wins and has 1."""
    by_target: defaultdict[Hashable, list[tuple[Policy, _Content]]] = defaultdict(list)
    for target, policy, content in rows:
        by_target[target].append((policy, content))
    for found in by_target.values():
        for precedence, (policy, content) in enumerate(reversed(found), 1):
            yield precedence, policy, content


def _common(host: Windows, policy: Policy, precedence: int, target: tuple[str, str]) -> dict[str, Any]:
    identity = str(uuid.uuid5(uuid.NAMESPACE_DNS, "\\".join(target))).upper()
    return {"creationTime": host.policies.since, "GPOID": policy.id, "id": f"{{{identity}}}", "precedence": precedence, "SOMID": policy.som}


def _value(setting: Setting) -> dict[str, Any]:
    return {
        "command": "",
        "deleted": False,
        "name": setting.name,
        "registryKey": setting.key,
        "value": list(setting.raw),
        "valueName": setting.name,
        "valueType": int(setting.type),
    }
