# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary information of an MSI file (MS-OLEPS property set, win32 "Summary Information Stream Property Set")."""

from __future__ import annotations

import struct
from dataclasses import dataclass

SUMMARY = "\x05SummaryInformation"
_TEMPLATE, _REVISION, _PAGES, _WORDS = 7, 9, 14, 15
_I2, _I4, _TEXT = 2, 3, 30


@dataclass(frozen=True)
class Summary:
    """What Windows Installer needs of it. ``installer_version`` 310 is 3.1; ``package_code`` in braces, capitals."""

    platform: str
    languages: str
    package_code: str
    installer_version: int
    source_type: int


def read_summary(data: bytes) -> Summary:
    """Read the stream. Raises ValueError, LookupError or struct.error for anything else."""
    order, _version, _system, _class, count = struct.unpack_from("<HHI16sI", data)
    if order != 0xFFFE or count < 1:
        raise ValueError("not a property set")
    (start,) = struct.unpack_from("<I", data, 44)
    _size, entries = struct.unpack_from("<II", data, start)
    found: dict[int, int | bytes] = {}
    for number in range(entries):
        identifier, offset = struct.unpack_from("<II", data, start + 8 + 8 * number)
        found[identifier] = _value(data, start + offset)
    template = _text(found.get(_TEMPLATE, b""))
    platform, _semicolon, languages = template.partition(";")
    code = _text(found[_REVISION])[:38].upper()
    return Summary(platform or "Intel", languages, code, _number(found.get(_PAGES, 0)), _number(found.get(_WORDS, 0)))


def _value(data: bytes, place: int) -> int | bytes:
    (kind,) = struct.unpack_from("<I", data, place)
    if kind == _TEXT:
        (length,) = struct.unpack_from("<I", data, place + 4)
        return data[place + 8 : place + 8 + length].rstrip(b"\0")
    if kind == _I2:
        return int(struct.unpack_from("<h", data, place + 4)[0])
    return int(struct.unpack_from("<i", data, place + 4)[0]) if kind == _I4 else b""


def _text(value: int | bytes) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else ""


def _number(value: int | bytes) -> int:
    return value if isinstance(value, int) else 0
