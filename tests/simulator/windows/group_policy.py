# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group Policy objects of a host: what the fleet links to it, what of it is in force, and how it gets into force.

A host applies its policies when it starts and when gpupdate asks for it; the refresh every 90 minutes is left out.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from .firewall.image import GPO
from .firewall.profile import NAMES
from .firewall.rule import parsed
from .registry import Registry, Type, split
from .services import AUTO, DISABLED, MANUAL

if TYPE_CHECKING:
    from datetime import datetime

    from .host import Windows

_KEYS = frozenset(("name", "guid", "pending", "registry", "firewall", "services"))
START_MODES = {"automatic": AUTO, "manual": MANUAL, "disabled": DISABLED}
_GUID = re.compile(r"\{?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?")
LOCAL_ID, LOCAL_NAME, LOCAL_SOM, LOCAL_PATH = "LocalGPO", "Local Group Policy", "Local", r"C:\Windows\System32\GroupPolicy\Machine"
_MAX_DWORD = 0xFFFFFFFF


class Setting(NamedTuple):
    """One registry value of a policy: the key below HKLM, a number (REG_DWORD) or a text (REG_SZ)."""

    key: str
    name: str
    data: int | str

    @property
    def type(self) -> Type:
        """The value's type."""
        return Type.REG_DWORD if isinstance(self.data, int) else Type.REG_SZ

    @property
    def raw(self) -> bytes:
        """The data as the registry stores it: little endian, or UTF-16 with a zero at its end."""
        return self.data.to_bytes(4, "little") if isinstance(self.data, int) else f"{self.data}\0".encode("utf-16-le")

    @property
    def target(self) -> tuple[str, str]:
        """What two policies that set the same have in common."""
        return self.key.lower(), self.name.lower()


@dataclass(frozen=True)
class Policy:
    """One Group Policy object; ``services`` maps names to start types."""

    name: str
    guid: str
    id: str
    path: str
    som: str
    pending: bool
    settings: tuple[Setting, ...]
    services: Mapping[str, int]


class GroupPolicy:
    """The Group Policy client of one host. ``applied`` are the policies in force, the last one wins; ``since`` is when that was done."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self.linked = policies_of(host)
        self.applied = tuple(policy for policy in self.linked if not policy.pending)
        self.since: datetime = host.booted

    def write(self, registry: Registry) -> None:
        """The registry values of the policies in force."""
        for policy in self.applied:
            for setting in policy.settings:
                registry.put("hklm", setting.key, setting.name, setting.type, setting.data)

    def start_modes(self) -> dict[str, int]:
        """Start types by service, names in lower case."""
        return {name.lower(): start for policy in self.applied for name, start in policy.services.items()}

    def refresh(self, *, force: bool) -> list[str]:
        """Fetch and apply: everything if a policy is new or ``force`` is set, else nothing. Returns the names of what was applied.

        Not journalled: Windows does it. The registry's other values and the services' states stay as they are.
        """
        if not force and self.applied == self.linked:
            return []
        self.applied = self.linked
        self.since = self._host.power.local_time()
        self.write(self._host.registry)
        for name, start in self.start_modes().items():
            self._host.services.enforce(name, start)
        return [policy.name for policy in self.applied]


def policies_of(host: Windows) -> tuple[Policy, ...]:
    """The policies of option ``group_policies``, in the order in which they are applied; ValueError for what can't be."""
    given = host.options.get("group_policies", [])
    entries = given if isinstance(given, list) else None
    if entries is None:
        raise ValueError(f"{host.name}: group_policies is a list")
    found = tuple(_policy(host, entry) for entry in entries)
    if len({policy.id.lower() for policy in found}) < len(found):
        raise ValueError(f"{host.name}: two group policies are the same; a host outside a domain has only the local one")
    return found


def _policy(host: Windows, entry: Any) -> Policy:
    if not isinstance(entry, Mapping) or set(entry) - _KEYS or not entry.get("name"):
        raise ValueError(f"{host.name}: a group policy has a name and {', '.join(sorted(_KEYS - {'name'}))}, not {entry!r}")
    name, pending = str(entry["name"]), bool(entry.get("pending", False))
    where = f"{host.name}: group policy {name}"
    settings = (*_registry(where, entry.get("registry") or {}), *_firewall(where, entry.get("firewall") or {}))
    services = _services(where, entry.get("services") or {})
    if host.domain is None:
        if pending or "guid" in entry:
            raise ValueError(f"{where}: the local policy of a host outside a domain has no GUID and is never pending")
        return Policy(LOCAL_NAME, LOCAL_NAME, LOCAL_ID, LOCAL_PATH, LOCAL_SOM, False, settings, services)
    guid = _guid(where, str(entry.get("guid") or uuid.uuid5(uuid.NAMESPACE_DNS, f"{name} of {host.domain.lower()}")))
    som = ",".join(f"DC={part}" for part in host.domain.split("."))
    path = rf"\\{host.domain}\SysVol\{host.domain}\Policies\{guid}\Machine"
    return Policy(name, guid, f"cn={guid},cn=policies,cn=system,{som}", path, som, pending, settings, services)


def _guid(where: str, text: str) -> str:
    found = _GUID.fullmatch(text)
    if found is None:
        raise ValueError(f"{where}: {text!r} is no GUID")
    return "{" + found[1].upper() + "}"


def _registry(where: str, keys: Mapping[str, Mapping[str, Any]]) -> Iterator[Setting]:
    for key, values in keys.items():
        parts = split(str(key))
        if not parts or parts[0].lower() not in ("software", "system"):
            raise ValueError(f"{where}: {key!r} is no key below HKLM\\SOFTWARE or HKLM\\SYSTEM, named without the hive")
        for name, data in values.items():
            yield _setting(where, "\\".join(parts), str(name), data)


def _setting(where: str, key: str, name: str, data: Any) -> Setting:
    if isinstance(data, bool) or not isinstance(data, int | str) or (isinstance(data, int) and not 0 <= data <= _MAX_DWORD):
        raise ValueError(f"{where}: {name} is neither a text nor a number of 32 bits: {data!r}")
    return Setting(key, name, data)


def _firewall(where: str, parts: Mapping[str, Mapping[str, Any]]) -> Iterator[Setting]:
    if wrong := sorted(set(parts) - {"rules", "profiles"}) + sorted(set(parts.get("profiles") or {}) - set(NAMES)):
        raise ValueError(f"{where}: unknown in firewall: {', '.join(wrong)}")
    for identifier, text in (parts.get("rules") or {}).items():
        parsed(str(identifier), str(text))
        yield Setting(rf"{GPO}\FirewallRules", str(identifier), str(text))
    for profile, values in (parts.get("profiles") or {}).items():
        for name, data in values.items():
            yield _setting(where, rf"{GPO}\{profile}Profile", str(name), data)


def _services(where: str, modes: Mapping[str, Any]) -> dict[str, int]:
    if wrong := sorted(name for name, mode in modes.items() if str(mode).lower() not in START_MODES):
        raise ValueError(f"{where}: the start mode of {wrong[0]} is none of {', '.join(START_MODES)}")
    return {str(name): START_MODES[str(mode).lower()] for name, mode in modes.items()}
