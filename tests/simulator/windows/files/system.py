# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drive C: that keeps its files in a real folder, so that a real SMB server can share it."""

from __future__ import annotations

import shutil
import stat
import tempfile
import threading
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .names import (
    ACCESS_DENIED,
    ALREADY_EXISTS,
    DISK_FULL,
    FILE_NOT_FOUND,
    NOT_A_FOLDER,
    NOT_EMPTY,
    PATH_NOT_FOUND,
    SHARING_VIOLATION,
    FileError,
    joined,
    key,
    parts,
)


class FileSystem:
    r"""Files and folders by Windows path (``C:\Windows\Temp\a.msi``), names compared without regard to case.

    ``root`` is the drive on disk; without a folder given it is a temporary one, removed with the object. ``free`` is the free space in
    bytes, None for no limit; only writes of this class count (not those of an SMB server on the same folder). All methods raise
    FileError; its codes are in names.py. Nothing here is journalled and no account is asked for its rights: see access.py.
    """

    def __init__(self, folder: Path | None = None, *, free: int | None = None) -> None:
        self.free = free
        self.root = _empty(folder) if folder else Path(tempfile.mkdtemp(prefix="simulator-c-"))
        if folder is None:
            weakref.finalize(self, shutil.rmtree, self.root, ignore_errors=True)
        self._lock = threading.RLock()
        self._held: Counter[str] = Counter()
        # Folders by key that only these SIDs may use.
        self.private: dict[str, frozenset[str]] = {}
        # Of these the SIDs that may read them besides.
        self.readable: dict[str, frozenset[str]] = {}

    def resolve(self, path: str) -> Path:
        """Where the path is on disk: existing names in their own case, the others as written. Raises FileError 3 or 123."""
        found = self.root
        for name in parts(path):
            found = _child(found, name)
        return found

    def exists(self, path: str) -> bool:
        """True for a file or a folder; False also for a path that can't be one."""
        try:
            return self.resolve(path).exists()
        except FileError:
            return False

    def is_folder(self, path: str) -> bool:
        """True for an existing folder."""
        try:
            return self.resolve(path).is_dir()
        except FileError:
            return False

    def size(self, path: str) -> int:
        """The size of a file in bytes. Raises FileError 2, 3, 5 (a folder)."""
        return self._file(path).stat().st_size

    def modified(self, path: str) -> float:
        """The time of the last change, seconds since 1970. Raises FileError 2, 3."""
        return self._existing(path).stat().st_mtime

    def read(self, path: str) -> bytes:
        """The content of a file. Raises FileError 2, 3, 5 (a folder)."""
        return self._file(path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        """Make a file or replace its content. Raises FileError 3 (no folder), 5, 32, 112; after 112 what fitted stays, as in Windows."""
        self._put(path, data, "wb")

    def append(self, path: str, data: bytes) -> None:
        """Write at the end of a file, made if missing. Raises FileError as ``write``."""
        self._put(path, data, "ab")

    def _put(self, path: str, data: bytes, mode: str) -> None:
        with self._lock:
            target = self._writable(path)
            if mode == "wb" and target.exists():
                self._return(target.stat().st_size)
            fits = data if self.free is None else data[: self.free]
            with target.open(mode) as stream:
                stream.write(fits)
            self._return(-len(fits))
            if len(fits) < len(data):
                raise FileError(DISK_FULL, path)

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it; an existing one is no error. Raises FileError 3 (a file is in the way), 183."""
        with self._lock:
            target = self.resolve(path)
            if target.is_file():
                raise FileError(ALREADY_EXISTS, path)
            try:
                target.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError) as exc:
                raise FileError(PATH_NOT_FOUND, path) from exc

    def remove(self, path: str) -> None:
        """Remove a file. Raises FileError 2, 3, 5 (a folder, read-only), 32."""
        with self._lock:
            target = self._file(path)
            self._writable(path)
            self._return(target.stat().st_size)
            target.unlink()

    def remove_folder(self, path: str) -> None:
        """Remove an empty folder. Raises FileError 2, 3, 145, 267 (a file)."""
        with self._lock:
            target = self._folder(path)
            if any(target.iterdir()):
                raise FileError(NOT_EMPTY, path)
            target.rmdir()

    def remove_tree(self, path: str) -> None:
        """Remove a folder and all that it holds. Raises FileError 2, 3, 267, and 32 or 5 at a file; what came before it is gone."""
        with self._lock:
            self._folder(path)
            for name in self.list(path):
                inner = joined(path, name)
                if self.is_folder(inner):
                    self.remove_tree(inner)
                else:
                    # The read-only attribute does not protect a file from the removal of its tree.
                    self.set_read_only(inner, on=False)
                    self.remove(inner)
            self.remove_folder(path)

    def move(self, path: str, target: str) -> None:
        """Give a file or folder another name. Raises FileError 2, 3, 5 (read-only target), 32, 183 (a folder is there or onto itself)."""
        with self._lock:
            source, new = self._existing(path), self.resolve(target)
            self._free_of_use(path)
            if new.is_dir() and new != source:
                raise FileError(ALREADY_EXISTS, target)
            if not new.parent.is_dir():
                raise FileError(PATH_NOT_FOUND, target)
            if new.exists() and new != source:
                self.remove(target)
            source.rename(new.with_name(parts(target)[-1]))

    def list(self, path: str) -> list[str]:
        """The names in a folder, sorted as NTFS does. Raises FileError 2, 3, 267 (a file)."""
        return sorted((item.name for item in self._folder(path).iterdir()), key=str.upper)

    def is_read_only(self, path: str) -> bool:
        """True if the read-only attribute is set; on disk that is a file which its owner may not write."""
        return not self._existing(path).stat().st_mode & stat.S_IWUSR

    def set_read_only(self, path: str, *, on: bool) -> None:
        """Set or clear the read-only attribute. Raises FileError 2, 3."""
        target = self._existing(path)
        mode = target.stat().st_mode
        target.chmod(mode & ~0o222 if on else mode | stat.S_IWUSR)

    def hold(self, path: str) -> None:
        """Mark a file as in use: writing and removing it fail with 32, reading does not. Counts; the file need not exist."""
        self._held[key(path)] += 1

    def release(self, path: str) -> None:
        """Take back one ``hold``."""
        self._held[key(path)] -= 1

    def in_use(self, path: str) -> bool:
        """True while at least one ``hold`` is not taken back."""
        return self._held[key(path)] > 0

    @contextmanager
    def open_by(self, path: str) -> Iterator[None]:
        """``hold`` the file inside the block."""
        self.hold(path)
        try:
            yield
        finally:
            self.release(path)

    def _existing(self, path: str) -> Path:
        found = self.resolve(path)
        if not found.exists():
            raise FileError(FILE_NOT_FOUND if found.parent.is_dir() else PATH_NOT_FOUND, path)
        return found

    def _file(self, path: str) -> Path:
        found = self._existing(path)
        if found.is_dir():
            raise FileError(ACCESS_DENIED, path)
        return found

    def _folder(self, path: str) -> Path:
        found = self._existing(path)
        if not found.is_dir():
            raise FileError(NOT_A_FOLDER, path)
        return found

    def _writable(self, path: str) -> Path:
        """Where a file is, or will be, on disk; raises what forbids to write it."""
        target = self.resolve(path)
        if not target.parent.is_dir():
            raise FileError(PATH_NOT_FOUND, path)
        if target.is_dir() or (target.exists() and not target.stat().st_mode & stat.S_IWUSR):
            raise FileError(ACCESS_DENIED, path)
        self._free_of_use(path)
        return target

    def _free_of_use(self, path: str) -> None:
        wanted = key(path)
        if any(count > 0 and (held == wanted or held.startswith(wanted + "\\")) for held, count in self._held.items()):
            raise FileError(SHARING_VIOLATION, path)

    def _return(self, size: int) -> None:
        if self.free is not None:
            self.free += size


def _child(folder: Path, name: str) -> Path:
    """The entry of a folder with this name in any case."""
    exact = folder / name
    if exact.exists() or not folder.is_dir():
        return exact
    wanted = name.upper()
    return next((item for item in folder.iterdir() if item.name.upper() == wanted), exact)


def _empty(folder: Path) -> Path:
    """A new folder: a host starts afresh, whatever an earlier run left in its place."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder
