# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages kept on the controller, each under its checksum.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from .._plan import BadRequest
from ._checksum import checksum
from ._locks import locked

_PIECE = 1 << 20
_PARTIAL = ".partial-"
_STALE = 24 * 3600
"""Seconds after which a file that nobody finished is taken away."""
# What a file may be called on Windows and here, and in a command line without quotes; the rest is replaced.
_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)


class Readable(Protocol):
    """Bytes from anywhere."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes, none at the end."""


def default_folder() -> Path:
    """Where packages are kept unless a play says otherwise: below `XDG_CACHE_HOME`, else `~/.cache`."""
    # The XDG specification has relative paths ignored.
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "uamops" / "netwrix_auditor" / "packages"


class Cache:
    """Files by SHA-256: `<folder>/<sha256>/<name>.msi`. Two processes at once do not disturb each other.

    A file counts only if its content still has the checksum, so that neither a disk nor a person can slip something in.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_folder()

    def find(self, sha256: str) -> Path | None:
        """The file with this checksum, None if there is none.

        Raises:
            BadRequest: `sha256` is no checksum.
        """
        digits = checksum(sha256)
        try:
            files = sorted(path for path in (self.folder / digits).iterdir() if path.is_file())
            return next((path for path in files if _digest(path) == digits), None)
        except OSError:
            # Not there, or not to be read: it will be brought again, and whoever writes then says what is wrong.
            return None

    def add(self, source: Readable | Path, name: str, expected_sha256: str | None = None) -> Path:
        """Keep a copy of a file or of what a stream holds; `name` is what it is called, `.msi` is added where it is missing.

        Raises:
            BadRequest: its checksum is not `expected_sha256`, or the cache can't be written.
            OSError: the source can't be read.
        """
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return self.add(stream, name, expected_sha256)
        expected = checksum(expected_sha256) if expected_sha256 else None
        partial = self._partial()
        try:
            digits = self._write(source, partial)
            if expected and digits != expected:
                raise BadRequest(f"{name} is not the file that is asked for: its SHA-256 is {digits}, and asked for is {expected}.")
            return self._keep(partial, digits, name)
        finally:
            partial.unlink(missing_ok=True)

    def lock(self, key: str) -> AbstractContextManager[None]:
        """Be the only one who works on `key`, so that one fork downloads and the others find it. Waits."""
        return locked(self.folder / ".locks" / hashlib.sha256(key.encode()).hexdigest()[:32])

    def _partial(self) -> Path:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._clean()
            descriptor, path = tempfile.mkstemp(prefix=_PARTIAL, dir=self.folder)
        except OSError as error:
            raise self._unwritable(error) from None
        os.close(descriptor)
        return Path(path)

    def _clean(self) -> None:
        """Take away what killed processes left."""
        for path in self.folder.glob(f"{_PARTIAL}*"):
            try:
                if time.time() - path.stat().st_mtime > _STALE:
                    path.unlink()
            except FileNotFoundError:
                # Another process was faster.
                continue

    def _write(self, source: Readable, partial: Path) -> str:
        digest = hashlib.sha256()
        with partial.open("wb") as file:
            while piece := source.read(_PIECE):
                digest.update(piece)
                try:
                    file.write(piece)
                except OSError as error:
                    raise self._unwritable(error) from None
        return digest.hexdigest()

    def _keep(self, partial: Path, digits: str, name: str) -> Path:
        kept = self.folder / digits / file_name(name)
        try:
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            partial.replace(kept)
        except OSError as error:
            raise self._unwritable(error) from None
        return kept

    def _unwritable(self, error: OSError) -> BadRequest:
        return BadRequest(f"Packages can't be kept in {self.folder} on the controller: {error.strerror}.")


def file_name(name: str) -> str:
    """A plain name of an MSI file: the last part of a path or a URL's path, without blanks and other unusual characters."""
    last = re.split(r"[/\\]", name)[-1]
    stem = _UNUSUAL.sub("_", last[:-4] if last.lower().endswith(".msi") else last).strip("._")
    return f"{stem[:100] or 'package'}.msi"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
