# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on the drive of a host before anybody uses it: the folders of Windows and the files that the fleet asks for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .names import FileError, key
from .system import FileSystem

REPOSITORY = Path(__file__).resolve().parents[4]
_FOLDERS = (
    r"Windows\System32\Tasks",
    r"Windows\System32\drivers\etc",
    r"Windows\System32\LogFiles",
    r"Windows\Temp",
    r"Windows\Logs",
    r"Windows\Installer",
    r"Program Files\Common Files",
    r"ProgramData\Microsoft",
    r"Users\Public\Documents",
    r"Users\Default",
    "PerfLogs",
)
_FOLDERS_64 = (r"Program Files (x86)\Common Files", r"Windows\SysWOW64")
_KINDS = ("base64", "source")


def furnished(folder: Path | None, bits: int, accounts: Sequence[str], options: Mapping[str, Any]) -> FileSystem:
    """A drive with Windows' folders, a profile for every account and the options ``files``, ``files_in_use`` and ``disk_free``.

    Raises ValueError for an option that can't be met.
    """
    drive = FileSystem(folder)
    profiles = [rf"Users\{account}\AppData\Local\Temp" for account in accounts]
    for name in (*_FOLDERS, *(_FOLDERS_64 if bits == 64 else ()), *profiles):
        drive.root.joinpath(*name.split("\\")).mkdir(parents=True, exist_ok=True)
    for path, content in (options.get("files") or {}).items():
        drive.make_folder(path.rpartition("\\")[0] + "\\")
        drive.write(path, content_of(path, content))
    for path in options.get("files_in_use") or ():
        drive.hold(path)
    free = options.get("disk_free")
    drive.free = None if free is None else int(free)
    return drive


def check(options: Mapping[str, Any]) -> None:
    """Refuse with ValueError what ``furnished`` could not do, without making anything."""
    for path, content in (options.get("files") or {}).items():
        content_of(path, content)
    for path in [*(options.get("files") or {}), *(options.get("files_in_use") or ())]:
        try:
            key(path)
        except FileError as exc:
            raise ValueError(f"{path!r} is not a path on drive C:") from exc


def content_of(path: str, content: Any) -> bytes:
    """The bytes of one entry of ``files``: a text (kept as UTF-8), ``{base64: ...}`` or ``{source: file of this repository}``."""
    if isinstance(content, str):
        return content.encode()
    if not isinstance(content, Mapping) or len(content) != 1 or next(iter(content)) not in _KINDS:
        raise ValueError(f"{path}: the content of a file is a text or a mapping with one of {', '.join(_KINDS)}")
    kind, value = next(iter(content.items()))
    try:
        return base64.b64decode(value, validate=True) if kind == "base64" else (REPOSITORY / value).read_bytes()
    except (binascii.Error, OSError) as exc:
        raise ValueError(f"{path}: {exc}") from exc
