# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that wait for the next start of Windows, and log files."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ..files import FileError
from .actions_files import PENDING, SESSION_MANAGER

if TYPE_CHECKING:
    from ..host import Windows

_PREFIX = "\\??\\"


def carry_out(host: Windows) -> None:
    """Rename and remove what PendingFileRenameOperations names, in pairs; the value is gone afterwards."""
    key = host.registry.open("hklm", SESSION_MANAGER)
    value = key.values.pop(PENDING.lower(), None) if key else None
    entries = list(value.data) if value and isinstance(value.data, tuple) else []
    for source, target in zip(entries[::2], entries[1::2], strict=False):
        with suppress(FileError):
            if target:
                host.files.move(source.removeprefix(_PREFIX), target.removeprefix("!").removeprefix(_PREFIX))
            else:
                host.files.remove(source.removeprefix(_PREFIX))


def write_log(host: Windows, path: str, text: str) -> None:
    """Write a log: UTF-16 with a byte order mark. What does not fit on the disk is lost, as in Windows."""
    if path:
        with suppress(FileError):
            host.files.write(path, b"\xff\xfe" + text.encode("utf-16-le"))
