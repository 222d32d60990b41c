# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a cabinet file (MS-CAB): stored and MSZIP folders. LZX and Quantum are refused."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

_SIGNATURE = b"MSCF"
_PREVIOUS, _NEXT, _RESERVE = 1, 2, 4
_STORED, _MSZIP = 0, 1
_WINDOW = 32768


class CabinetError(Exception):
    """Not a cabinet, a damaged one, or one that is not modelled (the text says which)."""


@dataclass(frozen=True)
class _Folder:
    start: int
    blocks: int
    compression: int


def extract(data: bytes) -> dict[str, bytes]:
    """The files of a cabinet by their names in it. Raises CabinetError."""
    try:
        return _extract(data)
    except (struct.error, ValueError, LookupError, zlib.error) as exc:
        raise CabinetError(f"the cabinet is damaged: {exc}") from exc


def _extract(data: bytes) -> dict[str, bytes]:
    if data[:4] != _SIGNATURE:
        raise CabinetError("not a cabinet")
    files_at, _three, _minor, _major, folders, files, flags, _set, _number = struct.unpack_from("<IIBBHHHHH", data, 16)
    if flags & (_PREVIOUS | _NEXT):
        raise CabinetError("cabinets that continue in another one are not modelled")
    place, folder_reserve, data_reserve = 36, 0, 0
    if flags & _RESERVE:
        header_reserve, folder_reserve, data_reserve = struct.unpack_from("<HBB", data, place)
        place += 4 + header_reserve
    contents = []
    for number in range(folders):
        folder = _Folder(*struct.unpack_from("<IHH", data, place + number * (8 + folder_reserve)))
        contents.append(_content(data, folder, data_reserve))
    found = {}
    place = files_at
    for _file in range(files):
        size, offset, folder_number, _date, _time, attributes = struct.unpack_from("<IIHHHH", data, place)
        end = data.index(b"\0", place + 16)
        name = data[place + 16 : end].decode("utf-8" if attributes & 0x80 else "cp1252")
        found[name] = contents[folder_number][offset : offset + size]
        if len(found[name]) != size:
            raise ValueError(f"{name} is cut short")
        place = end + 1
    return found


def _content(data: bytes, folder: _Folder, reserve: int) -> bytes:
    kind = folder.compression & 0xF
    if kind not in (_STORED, _MSZIP):
        raise CabinetError(f"compression {kind} (LZX, Quantum) is not modelled")
    content = bytearray()
    place = folder.start
    for _block in range(folder.blocks):
        check, size, length = struct.unpack_from("<IHH", data, place)
        block = data[place + 8 + reserve : place + 8 + reserve + size]
        if len(block) != size or (check and check != _checksum(data[place + 4 : place + 8 + reserve], _checksum(block, 0))):
            raise ValueError("a block has the wrong checksum")
        piece = block if kind == _STORED else _inflated(block, bytes(content[-_WINDOW:]))
        if len(piece) != length:
            raise ValueError("a block has the wrong length")
        content += piece
        place += 8 + reserve + size
    return bytes(content)


def _inflated(block: bytes, before: bytes) -> bytes:
    if block[:2] != b"CK":
        raise ValueError("a block is no MSZIP")
    return zlib.decompressobj(-15, zdict=before).decompress(block[2:])


def _checksum(data: bytes, seed: int) -> int:
    """MS-CAB 3.1: exclusive or of 32-bit words; the last one to three bytes count from the other end."""
    whole = len(data) // 4 * 4
    for (word,) in struct.iter_unpack("<I", data[:whole]):
        seed ^= word
    return seed ^ int.from_bytes(data[whole:], "big")
