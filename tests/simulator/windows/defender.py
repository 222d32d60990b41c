# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft Defender Antivirus: its lists of exclusions, who may change them and which of them count.

Windows 10, Server 2016 and later have it, unless its feature was removed from a server. Locally made lists stand in the registry below
its own key, which nobody else may write to; those of Group Policy below the policies' key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .records import Account, CimError
from .registry import Data, Registry, Type
from .releases import Release

if TYPE_CHECKING:
    from .host import Windows

ROOT = r"SOFTWARE\Microsoft\Windows Defender"
POLICIES = r"SOFTWARE\Policies\Microsoft\Windows Defender"
# Option of a fleet, property of MSFT_MpPreference, key in the registry, value of the policy that came by MDM.
LISTS = (
    ("paths", "ExclusionPath", "Paths", "ExcludedPaths"),
    ("processes", "ExclusionProcess", "Processes", "ExcludedProcesses"),
    ("extensions", "ExclusionExtension", "Extensions", "ExcludedExtensions"),
)
# The service does not run: what the cmdlets print then.
NOT_RUNNING = 0x800106BA
_SWITCHES = ("tamper_protected", "tamper_exclusions", "local_merge", "hidden")
_KNOWN = frozenset(("exclusions", "policy", "mdm", *_SWITCHES))
_STATES = ("absent", "passive", "off")


def check(name: str, release: Release, options: Mapping[str, Any]) -> None:
    """Refuse an option ``defender`` that can't be; ValueError."""
    given = options.get("defender")
    if given is None:
        return
    if not release.windows_10_or_later:
        raise ValueError(f"{name}: Windows {release.key} has no Defender of its own")
    if isinstance(given, str) and given not in _STATES:
        raise ValueError(f"{name}: defender is one of {', '.join(_STATES)} or a mapping")
    if isinstance(given, Mapping) and (unknown := sorted(set(given) - _KNOWN)):
        raise ValueError(f"{name}: unknown options of defender: {', '.join(unknown)}")


def is_there(release: Release, options: Mapping[str, Any]) -> bool:
    """True if the host has it at all."""
    return release.windows_10_or_later and options.get("defender") != "absent"


def seed(registry: Registry, options: Mapping[str, Any]) -> None:
    """Write what is in the registry of a host that has it."""
    given = options.get("defender")
    asked: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    for option, _property, key, managed in LISTS:
        registry.make("hklm", rf"{ROOT}\Exclusions\{key}")
        _put(registry, rf"{ROOT}\Exclusions\{key}", asked.get("exclusions", {}).get(option, ()))
        if entries := asked.get("policy", {}).get(option):
            registry.put("hklm", rf"{POLICIES}\Exclusions", f"Exclusions_{key}", Type.REG_DWORD, 1)
            _put(registry, rf"{POLICIES}\Exclusions\{key}", entries, Type.REG_SZ, "0")
        if entries := asked.get("mdm", {}).get(option):
            registry.put("hklm", rf"{POLICIES}\Policy Manager", managed, Type.REG_SZ, "|".join(entries))
    registry.put("hklm", rf"{ROOT}\Features", "TamperProtection", Type.REG_DWORD, 5 if asked.get("tamper_protected") else 0)
    if asked.get("tamper_exclusions"):
        registry.put("hklm", rf"{ROOT}\Features", "TPExclusions", Type.REG_DWORD, 1)
    if asked.get("local_merge", True) is False:
        registry.put("hklm", POLICIES, "DisableLocalAdminMerge", Type.REG_DWORD, 1)
    if asked.get("hidden"):
        registry.put("hklm", POLICIES, "HideExclusionsFromLocalAdmins", Type.REG_DWORD, 1)


def _put(registry: Registry, path: str, entries: Iterable[str], kind: Type = Type.REG_DWORD, data: Data = 0) -> None:
    for entry in entries:
        registry.put("hklm", path, entry, kind, data)


class Defender:
    """The antivirus of one host that has it."""

    def __init__(self, host: Windows) -> None:
        self._host = host

    @property
    def running(self) -> bool:
        """False where another antivirus has taken its place and it is off."""
        return self._host.options.get("defender") != "off"

    @property
    def passive(self) -> bool:
        """True where it runs beside another antivirus."""
        return self._host.options.get("defender") == "passive"

    @property
    def tamper_protected(self) -> bool:
        """Whether tamper protection is on."""
        return self._host.registry.value("hklm", rf"{ROOT}\Features", "TamperProtection") == 5

    @property
    def locked(self) -> bool:
        """Whether tamper protection covers the exclusions."""
        return self._host.registry.value("hklm", rf"{ROOT}\Features", "TPExclusions") == 1

    def shown(self, account: Account) -> dict[str, list[str] | None]:
        """The lists by the names of their properties, as an account sees them."""
        if not self.running:
            raise CimError(1, "Operation failed with the following error: 0x%1!x!", NOT_RUNNING)
        if not account.elevated:
            return {name: ["N/A: Must be an administrator to view exclusions"] for _option, name, _key, _managed in LISTS}
        if self._policy("HideExclusionsFromLocalAdmins"):
            return {name: ["N/A: Administrators are not allowed to view exclusions"] for _option, name, _key, _managed in LISTS}
        return {name: self._effective(key, managed) or None for _option, name, key, managed in LISTS}

    def change(self, arguments: Mapping[str, Any], *, add: bool) -> None:
        """Add or remove entries of the local lists; what is there, or is not, already is no error."""
        if not self.running:
            raise CimError(1, "Operation failed with the following error: 0x%1!x!", NOT_RUNNING)
        for _option, name, key, _managed in LISTS:
            for entry in arguments.get(name) or ():
                self._change(key, str(entry), add=add)

    def _change(self, key: str, entry: str, *, add: bool) -> None:
        path = rf"{ROOT}\Exclusions\{key}"
        detail = {"action": "add" if add else "remove", "list": key, "locked": self.locked}
        self._host.journal.write("defender", entry, detail)
        if self.locked:
            return
        values = self._host.registry.make("hklm", path)
        if add:
            values.put(entry, Type.REG_DWORD, 0)
        else:
            values.values.pop(entry.lower(), None)

    def _effective(self, key: str, managed: str) -> list[str]:
        found = [*self._names(rf"{POLICIES}\Exclusions\{key}"), *str(self._policy(managed, "Policy Manager") or "").split("|")]
        if not self._policy("DisableLocalAdminMerge"):
            found += self._names(rf"{ROOT}\Exclusions\{key}")
        return sorted({entry.lower(): entry for entry in found if entry}.values(), key=str.lower)

    def _names(self, path: str) -> list[str]:
        key = self._host.registry.open("hklm", path)
        return [value.name for value in key.values.values()] if key else []

    def _policy(self, name: str, below: str = "") -> Data | None:
        return self._host.registry.value("hklm", f"{POLICIES}\\{below}".rstrip("\\"), name)
