# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of one host: keys and values of both views, without regard to case but keeping it.

It stores; who may write and what is journalled is decided by its callers (StdRegProv and reg.exe), because Windows' own parts
write here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

Data = str | int | bytes | tuple[str, ...]


class Type(IntEnum):
    """Registry value types (MS-RRP 2.2.5)."""

    REG_NONE = 0
    REG_SZ = 1
    REG_EXPAND_SZ = 2
    REG_BINARY = 3
    REG_DWORD = 4
    REG_MULTI_SZ = 7
    REG_QWORD = 11


@dataclass(frozen=True)
class Value:
    """One value: str for SZ and EXPAND_SZ, int for DWORD and QWORD, tuple of str for MULTI_SZ, else bytes."""

    name: str
    type: Type
    data: Data


@dataclass
class Key:
    """One key. Children and values are found by their lower-case names and listed as written."""

    name: str
    subkeys: dict[str, Key] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)

    def walk(self, path: Sequence[str]) -> Key | None:
        """The key below this one, or None."""
        key: Key | None = self
        for part in path:
            key = key.subkeys.get(part.lower()) if key else None
        return key

    def make(self, path: Sequence[str]) -> Key:
        """The key below this one, made with its parents if it is missing."""
        key = self
        for part in path:
            key = key.subkeys.setdefault(part.lower(), Key(part))
        return key

    def names(self) -> list[str]:
        """The names of the subkeys, sorted as Windows sorts them."""
        return [key.name for _folded, key in sorted(self.subkeys.items())]

    def copy(self, without: str = "") -> Key:
        """A copy that shares nothing but the (unchangeable) values; one child can be left out."""
        return Key(self.name, {name: key.copy() for name, key in self.subkeys.items() if name != without}, dict(self.values))

    def put(self, name: str, kind: Type, data: Data) -> None:
        """Set one value; an existing one keeps the case of its name."""
        before = self.values.get(name.lower())
        self.values[name.lower()] = Value(before.name if before else name, kind, data)


# HKLM\\SOFTWARE keys that both views share although their parents are redirected (win32 "Registry Keys Affected by WOW64").
SHARED = tuple(
    tuple(path.lower().split("\\"))
    for path in (
        "Policies",
        r"Microsoft\COM3",
        r"Microsoft\Cryptography\Calais\Current",
        r"Microsoft\Cryptography\Calais\Readers",
        r"Microsoft\EnterpriseCertificates",
        r"Microsoft\SystemCertificates",
        r"Microsoft\Windows\CurrentVersion\Group Policy",
        r"Microsoft\Windows\CurrentVersion\Policies",
        r"Microsoft\Windows\CurrentVersion\Setup",
        r"Microsoft\Windows NT\CurrentVersion\Fonts",
        r"Microsoft\Windows NT\CurrentVersion\Image File Execution Options",
        r"Microsoft\Windows NT\CurrentVersion\NetworkCards",
        r"Microsoft\Windows NT\CurrentVersion\Perflib",
        r"Microsoft\Windows NT\CurrentVersion\Print",
        r"Microsoft\Windows NT\CurrentVersion\ProfileList",
        r"Microsoft\Windows NT\CurrentVersion\Time Zones",
        "RegisteredApplications",
    )
)

HIVES = {"hklm": "HKEY_LOCAL_MACHINE", "hku": "HKEY_USERS", "hkcr": "HKEY_CLASSES_ROOT", "hkcc": "HKEY_CURRENT_CONFIG", "hkcu": "HKEY_CURRENT_USER"}


def split(path: str) -> tuple[str, ...]:
    """The parts of a key path; doubled and trailing backslashes count once."""
    return tuple(part for part in path.split("\\") if part)


class Registry:
    """The hives HKLM and HKU; HKCR, HKCC and HKCU are windows into them. Hives are named hklm, hku, hkcr, hkcc and hkcu."""

    def __init__(self) -> None:
        self.machine = Key("HKEY_LOCAL_MACHINE")
        self.users = Key("HKEY_USERS")
        self._link()

    def _link(self) -> None:
        system = self.machine.make(("SYSTEM",))
        control = system.make(("ControlSet001",))
        system.subkeys["currentcontrolset"] = Key("CurrentControlSet", control.subkeys, control.values)

    def copy(self) -> Registry:
        """An independent copy."""
        made = Registry()
        for name, key in self.machine.subkeys.items():
            made.machine.subkeys[name] = key.copy(without="currentcontrolset")
        made.users = self.users.copy()
        made._link()
        return made

    def open(self, hive: str, path: str, *, view: int = 64, user: str = "S-1-5-18") -> Key | None:
        """The key, or None. ``user`` is the SID that HKCU stands for."""
        root, parts = self._locate(hive, split(path), view, user)
        return root.walk(parts)

    def make(self, hive: str, path: str, *, view: int = 64, user: str = "S-1-5-18") -> Key:
        """The key, made if it is missing."""
        root, parts = self._locate(hive, split(path), view, user)
        return root.make(parts)

    def put(self, hive: str, path: str, name: str, kind: Type, data: Data) -> None:
        """Set one value in the 64-bit view, making the key."""
        self.make(hive, path).put(name, kind, data)

    def value(self, hive: str, path: str, name: str) -> Data | None:
        """The data of one value in the 64-bit view, or None."""
        key = self.open(hive, path)
        found = key.values.get(name.lower()) if key else None
        return found.data if found else None

    def remove(self, hive: str, path: str, *, view: int = 64, user: str = "S-1-5-18") -> None:
        """Delete a key and everything below it; nothing happens if it is not there."""
        root, parts = self._locate(hive, split(path), view, user)
        parent = root.walk(parts[:-1]) if parts else None
        if parent is not None:
            parent.subkeys.pop(parts[-1].lower(), None)

    def _locate(self, hive: str, parts: tuple[str, ...], view: int, user: str) -> tuple[Key, tuple[str, ...]]:
        match hive:
            case "hku":
                return self.users, parts
            case "hkcu":
                return self.users, (user, *parts)
            case "hkcr":
                return self.machine, _redirected(("SOFTWARE", "Classes", *parts), view)
            case "hkcc":
                return self.machine, ("SYSTEM", "CurrentControlSet", "Hardware Profiles", "0001", *parts)
            case _:
                return self.machine, _redirected(parts, view)


def _redirected(parts: tuple[str, ...], view: int) -> tuple[str, ...]:
    if view == 64 or len(parts) < 2 or parts[0].lower() != "software" or parts[1].lower() == "wow6432node":
        return parts
    below = tuple(part.lower() for part in parts[1:])
    if any(below[: len(shared)] == shared for shared in SHARED):
        return parts
    return (parts[0], "WOW6432Node", *parts[1:])


def tree(key: Key, path: str) -> Iterator[tuple[str, Key]]:
    """All keys below ``key`` with their paths, parents before children."""
    for name in key.names():
        child = key.subkeys[name.lower()]
        yield f"{path}\\{child.name}", child
        yield from tree(child, f"{path}\\{child.name}")
