# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callers' access to the registry: rights, journal, Win32 error codes. Used by StdRegProv and by reg.exe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .records import Account
from .registry import HIVES, Data, Key, Type, Value, split
from .security import Descriptor

if TYPE_CHECKING:
    from .host import Windows

ERROR_FILE_NOT_FOUND = 2
ERROR_ACCESS_DENIED = 5
ERROR_INVALID_PARAMETER = 87
# Nobody but SYSTEM may look into these.
_CLOSED = (("sam", "sam"), ("security",))
# The antivirus lets nobody write here.
_GUARDED = ("software", "microsoft", "windows defender")


@dataclass(frozen=True)
class RegistryAccess:
    """The registry as one account sees it through one view (64 or 32)."""

    host: Windows
    account: Account
    view: int = 64

    def open(self, hive: str, path: str) -> tuple[int, Key | None]:
        """(0, key), (2, None) if there is no such key, (5, None) if the account may not look."""
        if self._closed(hive, path):
            return ERROR_ACCESS_DENIED, None
        key = self.host.registry.open(hive, path, view=self.view, user=self.account.sid)
        return (0, key) if key is not None else (ERROR_FILE_NOT_FOUND, None)

    def create(self, hive: str, path: str) -> int:
        """Make a key with its parents; an existing one is no error and no write."""
        if error := self._may_write(hive, path):
            return error
        if self.open(hive, path)[1] is None:
            if self._rootless(hive, path):
                return ERROR_INVALID_PARAMETER
            self.host.registry.make(hive, path, view=self.view, user=self.account.sid)
            self._write(hive, path, {"action": "create key"})
        return 0

    def put(self, hive: str, path: str, name: str, kind: Type, data: Data) -> int:
        """Set a value of an existing key."""
        if error := self._may_write(hive, path):
            return error
        error, key = self.open(hive, path)
        if key is None:
            return error
        before = key.values.get(name.lower())
        key.put(name, kind, data)
        self._write(hive, path, {"action": "set", "value": name, "type": kind.name, "before": plain(before), "after": plain(key.values[name.lower()])})
        return 0

    def delete_value(self, hive: str, path: str, name: str) -> int:
        """Delete one value."""
        if error := self._may_write(hive, path):
            return error
        error, key = self.open(hive, path)
        if key is None:
            return error
        before = key.values.pop(name.lower(), None)
        if before is None:
            return ERROR_FILE_NOT_FOUND
        self._write(hive, path, {"action": "delete value", "value": name, "before": plain(before)})
        return 0

    def delete_key(self, hive: str, path: str, *, recursive: bool) -> int:
        """Delete one key; without ``recursive`` one with subkeys answers 5."""
        if error := self._may_write(hive, path):
            return error
        error, key = self.open(hive, path)
        if key is None:
            return error
        if key.subkeys and not recursive:
            return ERROR_ACCESS_DENIED
        self.host.registry.remove(hive, path, view=self.view, user=self.account.sid)
        self._write(hive, path, {"action": "delete key"})
        return 0

    def secure(self, hive: str, path: str, descriptor: Descriptor) -> int:
        """Replace a key's security descriptor: administrators only, others do not have WRITE_DAC."""
        if not self.account.elevated or self._closed(hive, path):
            return ERROR_ACCESS_DENIED
        before = self.host.security.key(hive, path)
        self.host.security.set_key(hive, path, descriptor)
        self._write(hive, path, {"action": "secure", "before": len(before.aces or ()), "after": len(descriptor.aces or ())})
        return 0

    def _may_write(self, hive: str, path: str) -> int:
        own = hive == "hkcu" or (hive == "hku" and split(path)[:1] == (self.account.sid,))
        if not split(path) or self._closed(hive, path) or self._guarded(hive, path) or self._kept(hive, path):
            return ERROR_ACCESS_DENIED
        allowed = self.account.elevated or own
        return 0 if allowed else ERROR_ACCESS_DENIED

    def _kept(self, hive: str, path: str) -> bool:
        """True for keys whose access list leaves writing to others than administrators (option ``registry_closed``)."""
        key = "\\".join((hive, *split(path))).lower()
        return any(f"{key}\\".startswith(f"{closed}\\".lower()) for closed in self.host.options.get("registry_closed") or ())

    def _rootless(self, hive: str, path: str) -> bool:
        """True if the key would be a new one right below HKLM or HKU: only a hive can be there. The caller's own profile is loaded with its logon."""
        first = split(path)[0].lower()
        if hive == "hku":
            return first not in self.host.registry.users.subkeys and first != self.account.sid.lower()
        return hive == "hklm" and first not in self.host.registry.machine.subkeys

    def _closed(self, hive: str, path: str) -> bool:
        parts = tuple(part.lower() for part in split(path))
        return hive == "hklm" and any(_starts(parts, closed) for closed in _CLOSED)

    def _guarded(self, hive: str, path: str) -> bool:
        parts = tuple(part.lower() for part in split(path))
        there = self.host.registry.machine.walk(_GUARDED) is not None
        return hive == "hklm" and there and self.view == 64 and _starts(parts, _GUARDED)

    def _write(self, hive: str, path: str, detail: dict[str, object]) -> None:
        suffix = " (32-bit view)" if self.view == 32 else ""
        self.host.journal.write("registry", "\\".join((HIVES[hive], *split(path))) + suffix, detail)


def _starts(parts: Sequence[str], prefix: Sequence[str]) -> bool:
    return tuple(parts[: len(prefix)]) == tuple(prefix)


def plain(value: Value | None) -> object:
    """A value's data for the journal: bytes as hexadecimal digits."""
    if value is None:
        return None
    return value.data.hex() if isinstance(value.data, bytes) else value.data
