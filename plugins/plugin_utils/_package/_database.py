# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of a Windows Installer database, read from its compound file.

Microsoft documents the tables but not how they are stored; the layout here is the one that Wine's and GNOME's readers agree on. Every
table is a stream of columns, one after the other; texts are numbers of strings that all tables share, in the code page of the database.
Only the streams that are asked for are read: cabinets stay on the disk.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Cell = str | int | None
Row = Mapping[str, Cell]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
_TABLE = "\u4840"
_LONG_REFERENCES = 0x80000000
# Code pages whose Python name is not "cp" and the number.
_CODE_PAGES = {936: "gbk", 951: "cp950", 1361: "johab", 10000: "mac_roman", 20127: "ascii", 65000: "utf-7", 65001: "utf-8"}
_ISO_8859 = range(28591, 28606)
# A text in a neutral database should be ASCII; where it is not, tools of today write UTF-8 and those of old were Western European.
_NEUTRAL = "utf-8"
_NEUTRAL_OLD = "cp1252"
# Bits of a column's type.
_STRING, _SIZE = 0x0800, 0x00FF
_STREAM = 0x0900
_STREAM_BITS = 0x0F00
_PERSISTENT_COLUMNS = ("Table", "Number", "Name", "Type")


def stream_name(table: str) -> str:
    """A table's name as its stream has it: two characters of 64 in one, above U+3800, so that long names fit."""
    digits = [_ALPHABET.index(character) for character in table]
    pairs = (digits[place : place + 2] for place in range(0, len(digits), 2))
    return _TABLE + "".join(chr(0x3800 + pair[0] + (pair[1] << 6)) if len(pair) == 2 else chr(0x4800 + pair[0]) for pair in pairs)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    type: int

    @property
    def is_text(self) -> bool:
        return bool(self.type & _STRING) and self.type & _STREAM_BITS != _STREAM

    def width(self, reference: int) -> int:
        if self.is_text:
            return reference
        return 4 if self.type & _SIZE == 4 and not self.type & _STRING else 2


class _Strings:
    """All texts of a database. Number 0 is no text."""

    def __init__(self, pool: bytes, data: bytes) -> None:
        (head,) = struct.unpack_from("<I", pool)
        self.reference = 3 if head & _LONG_REFERENCES else 2
        self._encoding = _encoding(head & ~_LONG_REFERENCES)
        self._neutral = not head & ~_LONG_REFERENCES
        self._data = data
        self._places = list(_places(pool))
        if self._places and self._places[-1][1] > len(data):
            raise ValueError("the texts end too early")

    def text(self, number: int) -> str | None:
        if not number:
            return None
        start, end = self._places[number - 1]
        try:
            return self._data[start:end].decode(self._encoding)
        except UnicodeDecodeError:
            return self._data[start:end].decode(_NEUTRAL_OLD if self._neutral else self._encoding, "replace")


def _places(pool: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of every string. A length of 0 with a reference count says that the next four bytes are the length."""
    start, place = 0, 4
    while place + 4 <= len(pool):
        length, references = struct.unpack_from("<HH", pool, place)
        place += 4
        if not length and references:
            (length,) = struct.unpack_from("<I", pool, place)
            place += 4
        yield start, start + length
        start += length


def _encoding(page: int) -> str:
    name = _CODE_PAGES.get(page) or (f"iso8859-{page - _ISO_8859.start + 1}" if page in _ISO_8859 else f"cp{page}" if page else _NEUTRAL)
    try:
        return codecs.lookup(name).name
    except LookupError:
        # What counts is ASCII in every code page: codes, versions, names of tables.
        return "ascii"


class Database:
    """The tables behind `read`, a function from a stream's name to its bytes, None if there is no such stream.

    Raises:
        ValueError, struct.error, IndexError: the stored tables contradict each other, here and when rows are asked for.
    """

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read
        pool, data = read(stream_name("_StringPool")), read(stream_name("_StringData"))
        if pool is None or data is None:
            raise ValueError("no strings")
        self._strings = _Strings(pool, data)
        self._columns = self._schema()

    def __contains__(self, table: str) -> bool:
        return table in self._columns

    def rows(self, table: str) -> list[Row]:
        """All rows of a table by column; no rows if there is no such table. A stream in a row is left out as None."""
        return self._rows(table, self._columns.get(table, []))

    def _schema(self) -> dict[str, list[_Column]]:
        found: dict[str, list[_Column]] = {}
        kinds = zip(_PERSISTENT_COLUMNS, (_STRING, 2, _STRING, 2), strict=True)
        for row in self._rows("_Columns", [_Column(*kind) for kind in kinds]):
            # Sorted by table and number already: that is the table's key, and Windows Installer keeps it so.
            found.setdefault(str(row["Table"]), []).append(_Column(str(row["Name"]), int(row["Type"] or 0) & 0xFFFF))
        return found

    def _rows(self, table: str, columns: list[_Column]) -> list[Row]:
        content = self._read(stream_name(table)) or b""
        widths = [column.width(self._strings.reference) for column in columns]
        if not columns or len(content) % sum(widths):
            if content:
                raise ValueError(f"table {table} has a broken row")
            return []
        count = len(content) // sum(widths)
        cells = []
        start = 0
        for column, width in zip(columns, widths, strict=True):
            block = content[start : start + count * width]
            cells.append([self._cell(column, block[place : place + width]) for place in range(0, len(block), width)])
            start += len(block)
        return [dict(zip((column.name for column in columns), row, strict=True)) for row in zip(*cells, strict=True)]

    def _cell(self, column: _Column, raw: bytes) -> Cell:
        number = int.from_bytes(raw, "little")
        if column.is_text:
            return self._strings.text(number)
        if column.type & _STRING or not number:
            return None
        # Numbers are stored with the sign bit turned over, so that 0 is left for null.
        return number - (1 << (8 * len(raw) - 1))
