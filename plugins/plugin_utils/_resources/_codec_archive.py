# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""A codec's archive, opened on the controller: which installer or which .inf files are in it, and what they need.

ScreenPressor's has `x86_version\scpr.inf` and `x64_version\scpr64.inf`, each with its driver beside it, and perhaps an installer. Names in
an archive are somebody else's: none of them ever becomes a path on the controller, and only plain file names one on the host.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeVar
from zipfile import BadZipFile, ZipFile, ZipInfo

from .._plan import BadRequest

WIDE, NARROW = "64-bit", "32-bit"
# A codec has some hundred kilobytes; what says that it is far more is no codec.
_MOST_BYTES = 64 * 1024 * 1024
_MOST_ENTRIES = 2000
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}")
_ENCRYPTED = 0x1
_INSTALLERS = (".exe", ".msi")
_LINK = 0o120000

T = TypeVar("T")


def choose(names: Sequence[str], views: Sequence[str], asked: Sequence[str], archive: str) -> tuple[str, ...]:
    r"""What is to be installed, as it is called in the archive: one installer, or an .inf for each of the views.

    `names` with slashes; `asked` as the play names them, in any case and with either slash.

    Raises:
        BadRequest: the archive has no such file, nothing that fits, or more than one thing that does.
    """
    if asked:
        return tuple(_find(names, name, archive) for name in asked)
    installers = [name for name in names if name.lower().endswith(_INSTALLERS)]
    if len(installers) == 1:
        return (installers[0],)
    drivers = [name for name in names if name.lower().endswith(".inf")]
    if installers and not drivers:
        raise BadRequest(f"{archive} has more than one installer ({', '.join(installers)}); name one of them in installer.")
    return tuple(_driver([name for name in drivers if view_of(name) == view], view, archive) for view in views)


def view_of(name: str) -> str:
    """Which programs an .inf of this path is for: a 64 in it stands for 64-bit ones."""
    return WIDE if re.search(r"64", name) else NARROW


def _find(names: Sequence[str], asked: str, archive: str) -> str:
    wanted = asked.replace("\\", "/").strip("/").lower()
    found = next((name for name in names if name.lower() == wanted), None)
    if found is None:
        raise BadRequest(f"{archive} has no file {asked}; it has {', '.join(names[:20]) or 'none at all'}.")
    if not found.lower().endswith((*_INSTALLERS, ".inf")):
        raise BadRequest(f"{asked} in {archive} is neither an .exe nor an .inf file.")
    return found


def _driver(found: Sequence[str], view: str, archive: str) -> str:
    if len(found) != 1:
        what = f"more than one .inf file for {view} programs ({', '.join(found)})" if found else f"no .inf file for {view} programs"
        raise BadRequest(f"{archive} has {what}; name what is to be installed in installer.")
    return found[0]


def listed(path: Path, archive: str) -> tuple[str, ...]:
    """The names of the files in an archive, with slashes.

    Raises:
        BadRequest: it is no archive, or one that nobody should open.
    """
    return tuple(_opened(path, archive, _members))


def companions(path: Path, archive: str, chosen: str, *, alone: bool) -> Mapping[str, bytes]:
    """A chosen file and, unless it comes `alone`, what lies beside it, by plain file name.

    Raises:
        BadRequest: it can't be read, has names that are none on Windows, or is far too large.
    """
    return _opened(path, archive, lambda opened: _contents(opened, archive, chosen, alone=alone))


def _contents(opened: ZipFile, archive: str, chosen: str, *, alone: bool) -> dict[str, bytes]:
    folder = chosen.rpartition("/")[0]
    wanted = {name: entry for name, entry in _members(opened).items() if name == chosen or (not alone and name.rpartition("/")[0] == folder)}
    for name, entry in wanted.items():
        if not _PLAIN_NAME.fullmatch(name.rpartition("/")[2]):
            raise BadRequest(f"{archive} has a file {name!r} whose name is not taken to a host; pack it anew without.")
        if entry.flag_bits & _ENCRYPTED:
            raise BadRequest(f"{archive} is protected by a password; unpack it and pack it anew without.")
    if sum(entry.file_size for entry in wanted.values()) > _MOST_BYTES:
        raise BadRequest(f"{archive} unpacks to more than {_MOST_BYTES // 1024 // 1024} MB beside {chosen}, which is no codec.")
    return {name.rpartition("/")[2]: _read(opened.open(entry), archive, name) for name, entry in wanted.items()}


def _read(stream: IO[bytes], archive: str, name: str) -> bytes:
    """Never more than the limit, whatever the archive says about its size."""
    with stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise BadRequest(f"{name} in {archive} unpacks to more than {_MOST_BYTES // 1024 // 1024} MB, which is no codec.")
    return data


def _members(opened: ZipFile) -> dict[str, ZipInfo]:
    entries = opened.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise BadRequest(f"{opened.filename} holds {len(entries)} files, which is no codec.")
    found: dict[str, ZipInfo] = {}
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in name.split("/") or (entry.external_attr >> 16) & 0o170000 == _LINK:
            raise BadRequest(f"{opened.filename} holds {entry.filename!r}, which leads out of it; it is not used.")
        if not entry.is_dir():
            found[name] = entry
    return found


def _opened(path: Path, archive: str, work: Callable[[ZipFile], T]) -> T:
    try:
        with ZipFile(path) as opened:
            return work(opened)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadRequest(f"{archive} is no archive that can be opened: {error}.") from None
