# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hives: a part of the registry that is a file, loaded below HKLM or HKU and unloaded again.

A hive on the drive is a stand-in for Windows' binary format: a mark and the tree as JSON. It is written when the hive is unloaded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .files import FileError
from .files.access import Access
from .records import Account
from .registry import HIVES, Key, Type, Value

if TYPE_CHECKING:
    from .host import Windows

MARK = b"regf-STANDIN\n"
ACCESS_DENIED, SHARING_VIOLATION, INVALID_PARAMETER, ALREADY_EXISTS, BAD_DATABASE = 5, 32, 87, 183, 1009


def dump(key: Key) -> bytes:
    """A tree as the content of a file."""
    return MARK + json.dumps(_plain(key), sort_keys=True).encode()


def parse(content: bytes, name: str) -> Key | None:
    """The tree in a file, its root called ``name``; None if it is no hive."""
    if not content.startswith(MARK):
        return None
    return _tree(name, json.loads(content[len(MARK) :]))


def _plain(key: Key) -> dict[str, Any]:
    values = [[value.name, value.type.name, value.data.hex() if isinstance(value.data, bytes) else value.data] for value in key.values.values()]
    return {"values": values, "keys": {child.name: _plain(child) for child in key.subkeys.values()}}


def _tree(name: str, plain: dict[str, Any]) -> Key:
    key = Key(name)
    for value, kind, data in plain["values"]:
        made = bytes.fromhex(data) if kind in ("REG_BINARY", "REG_NONE") else tuple(data) if isinstance(data, list) else data
        key.values[value.lower()] = Value(value, Type[kind], made)
    key.subkeys = {child.lower(): _tree(child, below) for child, below in plain["keys"].items()}
    return key


class Hives:
    """What callers have loaded, by hive and lower-case name: the path of its file."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self.loaded: dict[tuple[str, str], str] = {}
        self._busy = int(host.options.get("hive_busy", 0))

    def _root(self, hive: str) -> Key:
        return self._host.registry.machine if hive == "hklm" else self._host.registry.users

    def load(self, account: Account, hive: str, name: str, path: str) -> int:
        """Load a file as a key right below HKLM or HKU; returns a Win32 error."""
        files = self._host.files
        try:
            content = Access(self._host, account).read(path)
        except FileError as exc:
            return exc.code
        if files.in_use(path):
            return SHARING_VIOLATION
        tree = parse(content, name)
        if tree is None:
            return BAD_DATABASE
        if name.lower() in self._root(hive).subkeys:
            return ALREADY_EXISTS
        self._root(hive).subkeys[name.lower()] = tree
        self.loaded[hive, name.lower()] = path
        files.hold(path)
        self._note(hive, name, "load", path)
        return 0

    def unload(self, hive: str, name: str) -> int:
        """Write the file and take the key away; returns a Win32 error. A user's own hive is in use, any other key is no hive."""
        path = self.loaded.get((hive, name.lower()))
        if path is None:
            user = hive == "hku" and name.lower() in self._root(hive).subkeys
            return ACCESS_DENIED if user else INVALID_PARAMETER
        if self._busy > 0:
            self._busy -= 1
            return ACCESS_DENIED
        self._put_back(hive, name, path)
        self._note(hive, name, "unload", path)
        return 0

    def restart(self) -> None:
        """A restart unloads all of them, and logs everybody off."""
        for (hive, name), path in list(self.loaded.items()):
            self._put_back(hive, name, path)
        for profile in self._host.profiles:
            tree = self._host.registry.users.subkeys.pop(profile.sid.lower(), None)
            self._host.registry.users.subkeys.pop(f"{profile.sid.lower()}_classes", None)
            if tree is not None and self._host.files.in_use(profile.hive):
                self._host.files.release(profile.hive)
                self._host.files.write(profile.hive, dump(tree))

    def _put_back(self, hive: str, name: str, path: str) -> None:
        tree = self._root(hive).subkeys.pop(name.lower())
        del self.loaded[hive, name.lower()]
        self._host.files.release(path)
        self._host.files.write(path, dump(tree))

    def _note(self, hive: str, name: str, action: str, path: str) -> None:
        self._host.journal.write("hive", f"{HIVES[hive]}\\{name}", {"action": action, "file": path})
