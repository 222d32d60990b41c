# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`read_package`: an MSI file as a `Package`, and one sentence about a file that is none.

Sources: win32 `Msi/property-table.md`, `Msi/upgrade-table.md`, `Msi/template-summary.md`; [MS-CFB] for the compound file.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from .._plan import BadRequest
from ._database import Cell, Database, Row, stream_name
from ._model import Package, UpgradeRow, canonical, compare_versions

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What people hand over in place of an MSI, by its first bytes.
_KINDS = (
    (b"MZ", "a program (EXE); extract the MSI from it first"),
    (b"PK\x03\x04", "a ZIP archive; extract the MSI from it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; extract the MSI from it first"),
    (b"MSCF", "a cabinet (CAB)"),
    (b"version https://git-lfs", "the pointer of Git LFS; fetch the file itself"),
)
# The first words of a page that a portal or a proxy gave instead of the file.
_PAGES = (b"<!doctype html", b"<html", b"<?xml")
_OTHER_KINDS = {
    "000C1086-0000-0000-C000-000000000046": "a patch (MSP) of Windows Installer",
    "000C1082-0000-0000-C000-000000000046": "a transform (MST) of Windows Installer",
}
_SUMMARY, _TEMPLATE = "\x05SummaryInformation", 7
# Where a property set says where its section begins, and the type VT_LPSTR.
_FIRST_SECTION, _ANSI_TEXT = 44, 0x1E
_ARCHITECTURES = {"": "x86", "intel": "x86", "x64": "x64", "amd64": "x64", "arm64": "arm64"}
# Numbers from here on mean the end of a chain, a free sector, a sector of the table itself.
_SPECIAL_SECTORS = 0xFFFFFFFB
# Bits of the column Attributes of the Upgrade table.
_ONLY_DETECT, _MINIMUM_INCLUSIVE, _MAXIMUM_INCLUSIVE, _LANGUAGES_EXCLUDED = 2, 256, 512, 1024
# What olefile and struct raise where the file contradicts itself; a disk that can't be read has been found out before.
_DAMAGED = (OSError, ValueError, struct.error, IndexError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


def read_package(path: Path) -> Package:
    """What the MSI file at `path` says about itself. A file that has not changed is read once in a process.

    Raises:
        BadRequest: there is no such file, it can't be read, it is no installation package, or it is damaged.
    """
    try:
        status = path.stat()
        if not path.is_file():
            raise BadRequest(f"{path} is no file; give the path of an MSI file on the controller.")
        return _read(path, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        raise BadRequest(f"There is no file {path} on the controller; give the path of an MSI file there.") from None
    except OSError as error:
        raise BadRequest(f"The file {path} on the controller can't be read: {error.strerror or error}.") from None


@lru_cache(maxsize=64)
def _read(path: Path, _modified: int, size: int) -> Package:
    with path.open("rb") as file:
        head = file.read(512)
        if not head.startswith(COMPOUND_FILE):
            raise BadRequest(f"{path} is no MSI file but {_kind(head)}.")
        digest = hashlib.file_digest(file, lambda: hashlib.sha256(head)).hexdigest()
    with opened(path) as file:
        return _Reader(path, file).package(size, digest)


def _kind(head: bytes) -> str:
    if not head:
        return "an empty file"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(_PAGES):
        return "a web page; perhaps a download asked for a login"
    return next((kind for start, kind in _KINDS if head.startswith(start)), "something else")


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The compound file as olefile has it.

    Raises:
        BadRequest: it can't be opened.
    """
    olefile = _olefile()
    try:
        file = olefile.OleFileIO(str(path))
    except _DAMAGED as error:
        raise _damaged(path) from error
    with file:
        yield file


class _Reader:
    """An open compound file; whatever is wrong with it comes out as BadRequest."""

    def __init__(self, path: Path, file: Any) -> None:
        self._path = path
        self._file = file

    def package(self, size: int, digest: str) -> Package:
        """The package in the file; reads the tables that it needs and nothing else."""
        self._refuse_cut()
        self._refuse_kind()
        try:
            database = Database(self._stream)
            return _package(self._path, database, self._template(), size, digest)
        except _DAMAGED as error:
            raise _damaged(self._path) from error

    def _refuse_cut(self) -> None:
        """The table of sectors tells where the file has to go on."""
        sectors = len(self._file.fat)
        used = max((number for number in self._file.fat if number < _SPECIAL_SECTORS), default=0)
        starts = (entry.isectStart for entry in self._file.direntries if entry and entry.size >= self._file.minisectorcutoff)
        if used >= sectors or any(sectors <= start < _SPECIAL_SECTORS for start in starts):
            raise BadRequest(f"{self._path} is cut off: it has {self._path.stat().st_size} bytes and should have more; copy or download it again.")

    def _refuse_kind(self) -> None:
        kind = _OTHER_KINDS.get(str(self._file.root.clsid).upper())
        if kind or not self._file.exists(stream_name("_StringPool")):
            raise BadRequest(f"{self._path} is {kind or 'a document or another compound file'}, not an installation package (MSI).")

    def _stream(self, name: str) -> bytes | None:
        if not self._file.exists(name):
            return None
        with self._file.openstream([name]) as stream:
            content: bytes = stream.read()
        return content

    def _template(self) -> str:
        """`x64;1033`: the architecture and the languages, from the summary that Windows shows of a file."""
        return _summary_text(self._stream(_SUMMARY) or b"", _TEMPLATE)


def _summary_text(summary: bytes, wanted: int) -> str:
    """A text of a property set ([MS-OLEPS] 2.20 to 2.23), empty if it has none. olefile's own reader believes any count in a broken file."""
    if not summary:
        return ""
    (section,) = struct.unpack_from("<I", summary, _FIRST_SECTION)
    (count,) = struct.unpack_from("<I", summary, section + 4)
    for number in range(min(count, len(summary) // 8)):
        key, offset = struct.unpack_from("<II", summary, section + 8 + 8 * number)
        if key == wanted:
            kind, length = struct.unpack_from("<II", summary, section + offset)
            start = section + offset + 8
            return summary[start : start + length].rstrip(b"\0").decode("ascii", "replace") if kind == _ANSI_TEXT else ""
    return ""


def _olefile() -> Any:
    """Loaded at first use: most tasks never open a package."""
    try:
        return import_module("olefile")
    except ImportError:
        raise BadRequest("Reading MSI files takes the Python library olefile on the controller; install it: pip install olefile") from None


def _damaged(path: Path) -> BadRequest:
    return BadRequest(f"{path} is a damaged MSI file; copy or download it again.")


def _package(path: Path, database: Database, template: str, size: int, digest: str) -> Package:
    if "ModuleSignature" in database:
        raise BadRequest(f"{path} is a merge module (MSM), a part that others build packages from, not an installation package (MSI).")
    properties = {str(row["Property"]): str(row["Value"] or "") for row in database.rows("Property")}
    if not properties.get("ProductCode"):
        raise BadRequest(f"{path} names no ProductCode, so it can't be installed; it is no complete MSI file.")
    architecture, _separator, languages = template.partition(";")
    upgrade_code = properties.get("UpgradeCode", "")
    return Package(
        path=path,
        product_code=_code(path, "ProductCode", properties["ProductCode"]),
        upgrade_code=_code(path, "UpgradeCode", upgrade_code) if upgrade_code else "",
        version=_version(path, properties.get("ProductVersion", "")),
        name=properties.get("ProductName", ""),
        manufacturer=properties.get("Manufacturer", ""),
        language=_language(properties.get("ProductLanguage") or languages),
        architecture=_architecture(path, architecture),
        size=size,
        sha256=digest,
        upgrades=tuple(_upgrade(path, row) for row in database.rows("Upgrade")),
        removes_products=any(row["Action"] == "RemoveExistingProducts" for row in database.rows("InstallExecuteSequence")),
    )


def _code(path: Path, name: str, text: str) -> str:
    try:
        return canonical(text)
    except BadRequest:
        raise BadRequest(f"{path} has {text!r} as its {name}, which is no GUID; it is no MSI file that Windows would install.") from None


def _version(path: Path, text: str) -> str:
    try:
        compare_versions(text, "0")
    except BadRequest:
        raise BadRequest(f"{path} has {text!r} as its ProductVersion, which is no version; it is no MSI file that Windows would install.") from None
    return text.strip()


def _language(text: str) -> int:
    """The first number of a list such as `1033,1031`; 0 is neutral."""
    first = text.split(",", maxsplit=1)[0].strip()
    return int(first) if first.isdecimal() else 0


def _architecture(path: Path, platform: str) -> str:
    name = platform.strip()
    try:
        return _ARCHITECTURES[name.lower()]
    except KeyError:
        raise BadRequest(f"{path} is a package for {name!r}, and none for x86, x64 or ARM64.") from None


def _upgrade(path: Path, row: Row) -> UpgradeRow:
    attributes = int(row["Attributes"] or 0)
    features = str(row["Remove"] or "")
    return UpgradeRow(
        upgrade_code=_code(path, "UpgradeCode", str(row["UpgradeCode"])),
        minimum=_bound(path, row["VersionMin"]),
        maximum=_bound(path, row["VersionMax"]),
        minimum_inclusive=bool(attributes & _MINIMUM_INCLUSIVE),
        maximum_inclusive=bool(attributes & _MAXIMUM_INCLUSIVE),
        only_detect=bool(attributes & _ONLY_DETECT),
        languages=tuple(int(number) for number in str(row["Language"] or "").split(",") if number.strip()),
        languages_excluded=bool(attributes & _LANGUAGES_EXCLUDED),
        partial=bool(features) and features.upper() != "ALL",
    )


def _bound(path: Path, cell: Cell) -> str:
    return _version(path, str(cell)) if cell else ""
