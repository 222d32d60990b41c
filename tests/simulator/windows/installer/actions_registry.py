# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions for registry values (win32 "Registry Table")."""

from __future__ import annotations

from ..registry import Data, Type
from .changes import Place
from .database import Row
from .request import NotModelled
from .session import ABSENT, LOCAL, Session

# An installation for all users writes what would be the user's into the machine's hive (root -1).
_HIVES = {-1: "hklm", 0: "hkcr", 1: "hkcu", 2: "hklm", 3: "hku"}


def hive(root: object) -> str:
    """The hive of a number of the Registry table."""
    return _HIVES[int(str(root if root is not None else -1))]


def write_values(session: Session) -> None:
    """Write the values of what is installed; a repair does it with the letter m (the machine's) or u (the user's)."""
    for row in session.chosen("Registry", LOCAL):
        place = _place(session, row)
        if session.installed and not session.mode("u" if place.hive in ("hkcu", "hku") else "m"):
            continue
        name = session.formatted(row["Name"])
        if row["Value"] is None and name in ("+", "-", "*"):
            if name != "-":
                session.changes.make_key(place)
            continue
        kind, data = value_of(session, str(row["Value"] or ""), _multiple(session, place, name))
        session.changes.put(place, name, kind, data)


def remove_values(session: Session) -> None:
    """Remove the values of what is removed, and keys that become empty; values that others have added stay."""
    for row in session.chosen("Registry", ABSENT):
        place, name = _place(session, row), session.formatted(row["Name"])
        if row["Value"] is None and name in ("-", "*"):
            session.changes.delete_key(place)
        elif not (row["Value"] is None and name == "+"):
            session.changes.delete_value(place, name)
        session.changes.prune(place)
    if session.chosen("RemoveRegistry", LOCAL):
        raise NotModelled("the table RemoveRegistry")


def _place(session: Session, row: Row) -> Place:
    path = session.formatted(row["Key"]).strip("\\")
    return Place(hive(row["Root"]), path, session.view(str(row["Component_"])))


def _multiple(session: Session, place: Place, name: str) -> tuple[str, ...]:
    key = session.changes.key(place)
    value = key.values.get(name.lower()) if key else None
    return value.data if value and isinstance(value.data, tuple) else ()


def value_of(session: Session, text: str, before: tuple[str, ...] = ()) -> tuple[Type, Data]:
    """Type and data of a value: ``#%`` expandable, ``#x`` binary, ``#`` number, ``[~]`` several strings (added to ``before``), ``##`` a real #."""
    if text.startswith("#%"):
        return Type.REG_EXPAND_SZ, session.formatted(text[2:])
    if text[:2].lower() == "#x":
        digits = session.formatted(text[2:])
        return Type.REG_BINARY, bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2))
    if text.startswith("#") and not text.startswith("##"):
        digits = session.formatted(text[1:]).strip()
        if not digits.lstrip("+-").isdigit():
            return Type.REG_SZ, f"#{digits}"
        return Type.REG_DWORD, int(digits) & 0xFFFFFFFF
    found = session.formatted(text.removeprefix("#") if text.startswith("##") else text)
    if "\0" not in found:
        return Type.REG_SZ, found
    items = tuple(item for item in found.split("\0") if item)
    if found.startswith("\0") and not found.endswith("\0"):
        items = (*before, *items)
    elif found.endswith("\0") and not found.startswith("\0"):
        items = (*items, *before)
    return Type.REG_MULTI_SZ, items
