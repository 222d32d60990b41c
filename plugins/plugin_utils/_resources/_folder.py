# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder on the host: that it is there, or that it is gone with all that is in it.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from .._host import Host, quote
from .._host._paths import checked, name_of
from .._plan import BadRequest, Change, Resource, State
from ._folder_guard import check_removable

# Folders with variables in their paths, which are known only after the first read: then they are asked for together.
_waiting: WeakKeyDictionary[Host, list[Folder]] = WeakKeyDictionary()


class Folder(Resource[Host]):
    """`path`: where it is, with the host's own folders in place of variables."""

    kind = "folder"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self.name: str = options["path"].rstrip("\\/")
        self._present = options["state"] == "present"
        self._path: str = self.name
        if "%" not in self.name:
            checked(self.name)

    def expect(self, host: Host) -> None:
        """Its entry in the folder above goes along with the registry's reads."""
        if "%" in self.name:
            host.expect_folders()
            _waiting.setdefault(host, []).append(self)
        else:
            self._expect_listing(host)

    def read(self, host: Host) -> State | None:
        """From the listing of the folder above, which needs no right on the folder itself.

        Raises:
            BadRequest: the path is none, or a file is in the folder's place.
        """
        for folder in _waiting.pop(host, []):
            folder._expect_listing(host)
        path = self._resolve(host)
        if _lists(host, _folders_like(path), path):
            return {"path": path}
        if self._present and _lists(host, _files_like(path), path):
            raise BadRequest(f"{path} on {host.name} is a file where a folder is asked for; give another path, or remove the file.")
        return None

    def want(self, have: State | None) -> State | None:
        """What is there, or the folder; nothing if it is to be gone."""
        return (have or {"path": self._path}) if self._present else None

    def check(self, host: Host, change: Change) -> None:
        """Windows' own folders are not removed."""
        if change.after is None:
            check_removable(self._resolve(host), host.system.directory)

    def apply(self, host: Host, change: Change) -> None:
        """Make it with those above it, or remove it with all that is in it."""
        path = self._resolve(host)
        if change.after is None:
            host.files.remove_tree(path)
        else:
            host.files.make_folder(path)

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Says so when a file has the name of the folder that is to be gone: it stays."""
        if have is None and not self._present and _lists(host, _files_like(self._path), self._path):
            return (f"{self._path} is a file and stays: the module is about folders",)
        return ()

    def _resolve(self, host: Host) -> str:
        self._path = checked(host.expand(self.name) if "%" in self.name else self.name)
        return self._path

    def _expect_listing(self, host: Host) -> None:
        path = self._resolve(host)
        host.registry.expect_command(_folders_like(path))
        host.registry.expect_command(_files_like(path))


def _folders_like(path: str) -> str:
    return f"dir /b /ad {quote(f'{path}*')}"


def _files_like(path: str) -> str:
    return f"dir /b /a-d {quote(f'{path}*')}"


def _lists(host: Host, command: str, path: str) -> bool:
    """True if the listing has just this name: an asterisk makes `dir` show the entry itself, and all that begin like it."""
    found = host.registry.command(command) or ""
    return name_of(path).lower() in (name.strip().lower() for name in found.splitlines())
