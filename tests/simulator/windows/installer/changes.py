# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an installation changes, each change with the way back: the rollback script of Windows Installer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..files import FileError
from ..registry import Data, Key, Type, split

if TYPE_CHECKING:
    from ..host import Windows
    from ..services import Service


class Place(NamedTuple):
    """A registry key: hive (hklm ...), path and view."""

    hive: str
    path: str
    view: int = 64


class Changes:
    """All changes since the beginning or the last ``commit``; ``roll_back`` takes them back, the last one first."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self._undo: list[Callable[[], object]] = []

    def commit(self) -> None:
        """Keep everything."""
        self._undo.clear()

    def roll_back(self) -> None:
        """Take everything back as far as it can be."""
        while self._undo:
            with suppress(FileError):
                self._undo.pop()()

    # Registry

    def key(self, place: Place) -> Key | None:
        """The key, or None."""
        return self._host.registry.open(place.hive, place.path, view=place.view)

    def make_key(self, place: Place) -> Key:
        """The key, made with its parents if it is missing."""
        parts = split(place.path)
        missing = [depth for depth in range(1, len(parts) + 1) if self.key(place._replace(path="\\".join(parts[:depth]))) is None]
        made = self._host.registry.make(place.hive, place.path, view=place.view)
        for depth in missing:
            self._undo.append(partial(self._drop_empty, place._replace(path="\\".join(parts[:depth]))))
        return made

    def put(self, place: Place, name: str, kind: Type, data: Data) -> None:
        """Set a value."""
        key = self.make_key(place)
        self._remember(key, name)
        key.put(name, kind, data)

    def delete_value(self, place: Place, name: str) -> None:
        """Remove a value if it is there."""
        key = self.key(place)
        if key is not None and name.lower() in key.values:
            self._remember(key, name)
            del key.values[name.lower()]

    def delete_key(self, place: Place) -> None:
        """Remove a key with everything below it."""
        key = self.key(place)
        if key is None:
            return
        kept = key.copy()
        self._host.registry.remove(place.hive, place.path, view=place.view)

        def back() -> None:
            made = self._host.registry.make(place.hive, place.path, view=place.view)
            made.values.update(kept.values)
            made.subkeys.update(kept.subkeys)

        self._undo.append(back)

    def prune(self, place: Place) -> None:
        """Remove a key that has become empty, and then its parents below SOFTWARE or SYSTEM."""
        parts = split(place.path)
        for depth in range(len(parts), 1, -1):
            above = place._replace(path="\\".join(parts[:depth]))
            key = self.key(above)
            if key is None:
                continue
            if key.values or key.subkeys:
                return
            self.delete_key(above)

    def _remember(self, key: Key, name: str) -> None:
        before = key.values.get(name.lower())

        def back() -> None:
            if before is None:
                key.values.pop(name.lower(), None)
            else:
                key.values[name.lower()] = before

        self._undo.append(back)

    def _drop_empty(self, place: Place) -> None:
        key = self.key(place)
        if key is not None and not key.values and not key.subkeys:
            self._host.registry.remove(place.hive, place.path, view=place.view)

    # Files

    def make_folder(self, path: str) -> None:
        """Make a folder with its parents. Raises FileError."""
        files = self._host.files
        missing = []
        folder = path.rstrip("\\")
        while len(folder) > 2 and not files.exists(folder):
            missing.append(folder)
            folder = folder.rpartition("\\")[0]
        files.make_folder(path)
        for made in reversed(missing):
            self._undo.append(partial(files.remove_folder, made))

    def write(self, path: str, data: bytes) -> None:
        """Write a file into a folder that is there. Raises FileError; what was written of it until then is taken back, too."""
        files = self._host.files
        before = files.read(path) if files.exists(path) else None
        self._undo.append(lambda: files.remove(path) if before is None else files.write(path, before))
        files.write(path, data)

    def remove(self, path: str) -> None:
        """Remove a file. Raises FileError."""
        files = self._host.files
        before = files.read(path)
        files.remove(path)
        self._undo.append(lambda: files.write(path, before))

    def remove_folder(self, path: str) -> bool:
        """Remove a folder if it is empty; False if it stays."""
        try:
            self._host.files.remove_folder(path)
        except FileError:
            return False
        self._undo.append(lambda: self._host.files.make_folder(path))
        return True

    # Services; every answer is a Win32 error code, 0 for success.

    def start_service(self, name: str) -> int:
        """Start a service and wait for it."""
        services = self._host.services
        if error := services.start(name):
            return error
        self._undo.append(lambda: services.stop(name))
        self._settled(name)
        service = services.find(name)
        return service.exit_code if service and service.stopped else 0

    def stop_service(self, name: str) -> int:
        """Stop a service and, before it, those that depend on it; wait for it."""
        services = self._host.services
        service = services.find(name)
        if service is None or service.stopped:
            return 0
        for other in services.dependents(service):
            if error := self.stop_service(other.name):
                return error
        if error := services.stop(name):
            return error
        self._undo.append(lambda: services.start(name))
        self._settled(name)
        return 0

    def _settled(self, name: str) -> None:
        """The time that a service takes is part of the installation's; here it is over."""
        service = self._host.services.find(name)
        if service is not None and service.state.endswith("Pending"):
            service.due = self._host.now()
            self._host.services.settle()

    def add_service(self, service: Service) -> int:
        """Install a service; one of the same name gets the new configuration."""
        services = self._host.services
        before = services.find(service.name)
        if before is None:
            error = services.add(service)
            if not error:
                self._undo.append(lambda: services.delete(service.name))
            return error
        fields = ("display_name", "path", "start", "account", "depends", "kind", "description")
        kept = {field: getattr(before, field) for field in fields}
        error = services.configure(service.name, **{field: getattr(service, field) for field in fields})
        if not error:
            self._undo.append(lambda: services.configure(service.name, **kept))
        return error

    def delete_service(self, name: str) -> int:
        """Remove a service; one that is not there is no error."""
        services = self._host.services
        service = services.find(name)
        if service is None:
            return 0
        kept = replace(service, state="Stopped", process_id=0, due=None, idle_at=None)
        error = services.delete(name)
        if not error:
            self._undo.append(lambda: services.add(kept))
        return error
