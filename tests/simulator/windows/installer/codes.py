# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Product codes and versions as Windows Installer writes them."""

from __future__ import annotations

import re

_GUID = re.compile(r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")


def is_code(text: str) -> bool:
    """True for a GUID in braces."""
    return bool(_GUID.fullmatch(text))


def packed(code: str) -> str:
    """The form of the registry: 32 digits, each of the first three groups reversed, in the others each pair of digits."""
    first, second, third, *rest = code.strip("{}").upper().split("-")
    tail = "".join(rest)
    return first[::-1] + second[::-1] + third[::-1] + "".join(tail[place + 1] + tail[place] for place in range(0, 16, 2))


def unpacked(text: str) -> str:
    """The code behind a packed one."""
    digits = text[7::-1] + text[11:7:-1] + text[15:11:-1] + "".join(text[place + 1] + text[place] for place in range(16, 32, 2))
    return f"{{{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}}}"


def version(text: str) -> tuple[int, int, int]:
    """The three fields of a product version that count; a fourth is ignored by Windows Installer."""
    fields = [int(field) if field.isdigit() else 0 for field in (*text.split("."), "0", "0", "0")]
    return fields[0], fields[1], fields[2]


def file_version(text: str) -> tuple[int, ...]:
    """The four fields of a file version."""
    fields = [int(field) if field.isdigit() else 0 for field in (*text.split("."), "0", "0", "0", "0")]
    return tuple(fields[:4])


def number(text: str) -> int:
    """A product version as the DWORD ``Version``: major, minor and build in 8, 8 and 16 bits."""
    major, minor, build = version(text)
    return major << 24 | minor << 16 | build


def from_number(value: int) -> tuple[int, int, int]:
    """The version behind that DWORD."""
    return value >> 24, value >> 16 & 0xFF, value & 0xFFFF
