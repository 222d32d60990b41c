# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows paths: what they name, and the errors that they earn."""

from __future__ import annotations

FILE_NOT_FOUND = 2
PATH_NOT_FOUND = 3
ACCESS_DENIED = 5
SHARING_VIOLATION = 32
FILE_EXISTS = 80
DISK_FULL = 112
BAD_NAME = 123
NOT_EMPTY = 145
ALREADY_EXISTS = 183
NOT_A_FOLDER = 267

_FORBIDDEN = frozenset('<>"|?*:').union(map(chr, range(32)))
_DEVICES = frozenset("con prn aux nul".split()) | {f"{name}{digit}" for name in ("com", "lpt") for digit in range(1, 10)}


class FileError(Exception):
    """What Windows answers instead of doing the work; ``code`` is the Win32 error, ``path`` the path as the caller wrote it."""

    def __init__(self, code: int, path: str) -> None:
        super().__init__(f"Win32 error {code}: {path}")
        self.code = code
        self.path = path


def parts(path: str) -> list[str]:
    """The names below the drive C: of an absolute path, as written. Raises FileError 3 (another drive) or 123 (not a usable path)."""
    text = path.replace("/", "\\").removeprefix("\\\\?\\")
    drive, rest = text[:2], text[2:]
    if len(drive) < 2 or drive[1] != ":" or not drive[0].isalpha() or (rest and not rest.startswith("\\")):
        raise FileError(BAD_NAME, path)
    if drive.lower() != "c:":
        raise FileError(PATH_NOT_FOUND, path)
    return [_checked(name, path) for name in rest.split("\\") if name not in ("", ".")]


def _checked(name: str, path: str) -> str:
    """A name as Windows keeps it: without blanks and dots at its end."""
    kept = name.rstrip(" .")
    if not kept or _FORBIDDEN & set(kept) or kept.split(".")[0].rstrip().lower() in _DEVICES or len(kept) > 255:
        raise FileError(BAD_NAME, path)
    return kept


def key(path: str) -> str:
    r"""The path in the form in which two spellings of it are equal: ``c:\windows\temp``. Raises FileError as ``parts``."""
    return "\\".join(["c:", *parts(path)]).lower()


def joined(path: str, name: str) -> str:
    """``name`` in the folder ``path``."""
    return path.rstrip("\\") + "\\" + name


def name_of(path: str) -> str:
    """The last name of a path."""
    return path.rpartition("\\")[2]


def folder_of(path: str) -> str:
    """The path without its last name."""
    return path.rpartition("\\")[0]
