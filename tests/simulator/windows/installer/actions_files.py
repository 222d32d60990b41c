# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions for files and folders (win32 "File Table", "REINSTALLMODE Property", "File Versioning Rules")."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatch

from ..files import FileError
from ..registry import Type
from .cabinet import CabinetError, extract
from .changes import Place
from .codes import file_version
from .database import Row
from .request import InstallError, NotModelled
from .session import ABSENT, LOCAL, Session, long_name

SHARING_VIOLATION = 32
NOT_COMPRESSED = 0x2000
SESSION_MANAGER = r"SYSTEM\CurrentControlSet\Control\Session Manager"
PENDING = "PendingFileRenameOperations"
_INSTALL, _REMOVE = 1, 2


def create_folders(session: Session) -> None:
    """Make the folders of the CreateFolder table."""
    for row in session.chosen("CreateFolder", LOCAL):
        _made(session, session.folders[str(row["Directory_"])])


def remove_folders(session: Session) -> None:
    """Remove the folders of the CreateFolder table if nothing is in them."""
    for row in session.chosen("CreateFolder", ABSENT):
        _prune(session, str(row["Directory_"]))


def install_files(session: Session) -> None:
    """Put the files there, from the cabinets of the package."""
    for row in session.chosen("RemoveFile", LOCAL):
        if int(row["InstallMode"] or 0) & _INSTALL:
            _remove_named(session, row)
    rows = sorted(session.chosen("File", LOCAL), key=lambda row: int(row["Sequence"] or 0))
    wanted = [row for row in rows if _replaces(session, row)]
    contents: dict[str, dict[str, bytes]] = {}
    for row in wanted:
        cabinet = _cabinet(session, int(row["Sequence"] or 0), int(row["Attributes"] or 0))
        if cabinet not in contents:
            contents[cabinet] = _opened(session, cabinet)
        if str(row["File"]) not in contents[cabinet]:
            raise InstallError(1335, file=cabinet.lstrip("#"), reason=f"It has no file {row['File']}")
        _put(session, row, contents[cabinet][str(row["File"])])


def remove_files(session: Session) -> None:
    """Remove the installed files and what the RemoveFile table names, then the folders that have become empty."""
    for row in session.chosen("RemoveFile", ABSENT):
        if int(row["InstallMode"] or 0) & _REMOVE:
            _remove_named(session, row)
    for row in session.chosen("File", ABSENT):
        _remove(session, session.file_path(str(row["File"])))
    for name in session.components:
        if session.takes_part(name, ABSENT):
            _prune(session, str(session.components[name]["Directory_"]))


def _cabinet(session: Session, sequence: int, attributes: int) -> str:
    if attributes & NOT_COMPRESSED:
        raise NotModelled("files beside the package")
    for row in sorted(session.database.rows("Media"), key=lambda row: int(row["LastSequence"] or 0)):
        if sequence <= int(row["LastSequence"] or 0) and row["Cabinet"]:
            return str(row["Cabinet"])
    raise NotModelled("files beside the package")


def _opened(session: Session, cabinet: str) -> dict[str, bytes]:
    if not cabinet.startswith("#"):
        raise NotModelled("cabinets beside the package")
    try:
        return extract(session.database.streams[cabinet[1:]])
    except KeyError:
        raise InstallError(1335, file=cabinet[1:], reason="It is missing") from None
    except CabinetError as exc:
        raise InstallError(1335, file=cabinet[1:], reason=str(exc)) from exc


def _replaces(session: Session, row: Row) -> bool:
    """Whether the package's file takes the place of the one on disk. A file without a version that somebody has changed stays."""
    path, mode = session.file_path(str(row["File"])), session.properties["REINSTALLMODE"].lower()
    if not session.host.files.exists(path) or "a" in mode:
        return True
    known = session.host.installer.versions.get(path.lower())
    content = hashlib.sha256(session.host.files.read(path)).hexdigest()
    present = known.version if known and known.digest == content else ""
    offered = str(row["Version"] or "")
    if not offered:
        # Versioned over unversioned wins; a changed file without a version is its user's.
        return not present and known is not None and known.digest == content
    if not present:
        return True
    older, same = file_version(present) < file_version(offered), file_version(present) == file_version(offered)
    return ("o" in mode and older) or ("e" in mode and (older or same)) or ("d" in mode and not same)


def _made(session: Session, folder: str) -> None:
    try:
        session.changes.make_folder(folder)
    except FileError as exc:
        raise InstallError(1304, file=folder, code=exc.code) from exc


def _put(session: Session, row: Row, data: bytes) -> None:
    path = session.file_path(str(row["File"]))
    _made(session, path.rpartition("\\")[0])
    try:
        if session.host.installer.in_use(path):
            _later(session, path, data)
        else:
            session.changes.write(path, data)
    except FileError as exc:
        raise InstallError(1304, file=path, code=exc.code) from exc
    session.host.installer.note_file(path, str(row["Version"] or ""), data)


def _remove(session: Session, path: str) -> None:
    files = session.host.files
    if not files.exists(path) or files.is_folder(path):
        return
    if session.host.installer.in_use(path):
        _pending(session, path, "")
        return
    try:
        session.changes.remove(path)
    except FileError as exc:
        raise InstallError(1306, file=path) from exc


def _later(session: Session, path: str, data: bytes) -> None:
    """The file is in use: the new one waits beside it for the next start of Windows."""
    beside = f"{path.rpartition('.')[0]}.{hashlib.sha256(data).hexdigest()[:4]}.tmp"
    session.changes.write(beside, data)
    _pending(session, beside, f"!\\??\\{path}")


def _pending(session: Session, path: str, target: str) -> None:
    place = Place("hklm", SESSION_MANAGER)
    before = session.host.registry.value("hklm", SESSION_MANAGER, PENDING)
    entries = before if isinstance(before, tuple) else ()
    session.changes.put(place, PENDING, Type.REG_MULTI_SZ, (*entries, f"\\??\\{path}", target))
    session.reboot = True
    session.log.note(f"The file {path} is in use. A reboot is needed.", "i")


def _remove_named(session: Session, row: Row) -> None:
    folder = session.folders.get(str(row["DirProperty"])) or session.properties.get(str(row["DirProperty"]), "")
    if not folder or not session.host.files.is_folder(folder):
        return
    if row["FileName"] is None:
        session.changes.remove_folder(folder)
        return
    pattern = long_name(str(row["FileName"])).lower()
    for name in session.host.files.list(folder):
        if fnmatch(name.lower(), pattern):
            _remove(session, folder.rstrip("\\") + "\\" + name)


def _prune(session: Session, directory: str) -> None:
    """Remove a folder of the Directory table and those above it as long as they are empty; Windows' own folders stay."""
    rows = {str(row["Directory"]): row for row in session.database.rows("Directory")}
    while directory in rows and rows[directory]["Directory_Parent"] and long_name(str(rows[directory]["DefaultDir"])) != ".":
        if session.host.files.exists(session.folders[directory]) and not session.changes.remove_folder(session.folders[directory].rstrip("\\")):
            return
        directory = str(rows[directory]["Directory_Parent"])
