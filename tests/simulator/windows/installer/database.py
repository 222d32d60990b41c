# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an MSI database: string pool, tables, streams. The layout is the one that libmsi and Wine's msi.dll read.

Independent of what the collection itself uses to look into packages.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import olefile

from .summary import SUMMARY, Summary, read_summary

Row = Mapping[str, str | int | None]

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
_PAIR, _SINGLE, _TABLE = 0x3800, 0x4800, 0x4840
_STRING, _NULLABLE, _KEY = 0x0800, 0x1000, 0x2000
_STREAM = 0x0900
_LONG_REFERENCES = 0x80000000
_CODECS = {0: "cp1252", 65001: "utf-8", 20127: "ascii"}
# What is missing from every cell: the offset of integers, which leaves zero for null.
_OFFSET = {2: 0x8000, 4: 0x80000000}
_SYSTEM_COLUMNS = {
    "_Tables": [("Name", _STRING | 64)],
    "_Columns": [("Table", _STRING | 64), ("Number", 2), ("Name", _STRING | 64), ("Type", 2)],
}


class DatabaseError(Exception):
    """The file is no MSI database, or a damaged one."""


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is the number in _Columns."""

    name: str
    kind: int

    @property
    def is_stream(self) -> bool:
        """True if the cell stands for a stream of its own."""
        return self.kind & ~(_NULLABLE | _KEY) == _STREAM

    @property
    def is_string(self) -> bool:
        """True if the cell refers to the string pool."""
        return bool(self.kind & _STRING) and not self.is_stream

    def width(self, reference: int) -> int:
        """Bytes of one cell; ``reference`` are those of a string reference."""
        if self.is_string:
            return reference
        return 2 if self.is_stream or self.kind & 0xFF <= 2 else 4


class Database:
    """One MSI file, read at once. Raises DatabaseError for anything that is not a whole database."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            with olefile.OleFileIO(io.BytesIO(data)) as container:
                self.streams = {stream_name(path[-1]): container.openstream(path).read() for path in container.listdir()}
            self._pool = _StringPool(self.streams["!_StringPool"], self.streams["!_StringData"])
            self._columns = {name: [Column(*column) for column in columns] for name, columns in _SYSTEM_COLUMNS.items()}
            self.names = [str(row["Name"]) for row in self._read("_Tables")]
            for row in sorted(self._read("_Columns"), key=lambda row: (str(row["Table"]), int(row["Number"] or 0))):
                self._columns.setdefault(str(row["Table"]), []).append(Column(str(row["Name"]), int(row["Type"] or 0) & 0xFFFF))
            self.summary: Summary = read_summary(self.streams[SUMMARY])
        except (OSError, LookupError, ValueError, struct.error) as exc:
            raise DatabaseError(str(exc)) from exc

    @property
    def code_page(self) -> int:
        """The code page of the string pool; 0 is neutral."""
        return self._pool.code_page

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, none for a table that is not there."""
        return [column.name for column in self._columns.get(table, [])] if table in self.names else []

    def rows(self, table: str) -> list[Row]:
        """The rows as {column: text, number or None}; none for a table that is not there. Raises DatabaseError."""
        if table not in self.names:
            return []
        try:
            return self._read(table)
        except (LookupError, ValueError, struct.error) as exc:
            raise DatabaseError(f"{table}: {exc}") from exc

    @cached_property
    def properties(self) -> dict[str, str]:
        """The Property table."""
        return {str(row["Property"]): str(row["Value"] or "") for row in self.rows("Property")}

    def _read(self, table: str) -> list[Row]:
        columns = self._columns[table]
        data = self.streams.get(f"!{table}", b"")
        widths = [column.width(self._pool.reference) for column in columns]
        count, rest = divmod(len(data), sum(widths))
        if rest:
            raise ValueError(f"the stream of table {table} ends in the middle of a row")
        found: list[list[str | int | None]] = []
        start = 0
        for column, width in zip(columns, widths, strict=True):
            cells = [int.from_bytes(data[start + width * row : start + width * (row + 1)], "little") for row in range(count)]
            found.append([self._value(column, width, cell) for cell in cells])
            start += width * count
        names = [column.name for column in columns]
        return [dict(zip(names, cells, strict=True)) for cells in zip(*found, strict=True)]

    def _value(self, column: Column, width: int, cell: int) -> str | int | None:
        if cell == 0:
            return None
        if column.is_string:
            return self._pool.strings[cell]
        return cell if column.is_stream else cell - _OFFSET[width]


class _StringPool:
    """All texts of a database; number 0 is null."""

    def __init__(self, pool: bytes, data: bytes) -> None:
        head = int.from_bytes(pool[:4], "little")
        self.code_page = head & 0x7FFFFFFF
        self.reference = 3 if head & _LONG_REFERENCES else 2
        words = struct.unpack(f"<{len(pool) // 2}H", pool[: len(pool) // 2 * 2])
        self.strings: list[str] = [""]
        codec = codec_of(self.code_page)
        place, start = 2, 0
        while place < len(words):
            length, uses = words[place], words[place + 1]
            if length == 0 and uses:
                # A text of more than 65535 bytes: its length takes the next pair.
                length = words[place + 2] | words[place + 3] << 16
                place += 2
            if start + length > len(data):
                raise ValueError("the string pool names more text than there is")
            self.strings.append(data[start : start + length].decode(codec))
            start += length
            place += 2


def codec_of(code_page: int) -> str:
    """Python's name of a code page; 0, the neutral one, is read as 1252."""
    return _CODECS.get(code_page, f"cp{code_page}")


def stream_name(name: str) -> str:
    """The name behind a stored one, where two of 64 letters share a character; tables begin with ``!``."""
    found = ""
    for char in name:
        code = ord(char)
        if _PAIR <= code < _SINGLE:
            found += _LETTERS[code - _PAIR & 63] + _LETTERS[code - _PAIR >> 6]
        elif _SINGLE <= code < _TABLE:
            found += _LETTERS[code - _SINGLE]
        else:
            found += "!" if code == _TABLE else char
    return found
