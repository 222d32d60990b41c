# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play gives as data of a registry value, in the canonical form of its type.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from typing import Any

from .._host._commands import UNPRINTABLE
from .._plan import BadRequest

TYPES = {
    "string": "REG_SZ",
    "expandstring": "REG_EXPAND_SZ",
    "multistring": "REG_MULTI_SZ",
    "dword": "REG_DWORD",
    "qword": "REG_QWORD",
    "binary": "REG_BINARY",
}
NAMES = {stored: name for name, stored in TYPES.items()}
_LIMITS = {"dword": 2**32, "qword": 2**64}
_CONTROL = re.compile(f"[{UNPRINTABLE}]")


def canonical(name: str, kind: str, data: Any) -> str | int | tuple[str, ...]:
    """What the play gives, in the canonical form of the type.

    Raises:
        BadRequest: the data does not fit the type.
    """
    if data is None:
        raise BadRequest(f"{name} needs data; it is null, perhaps from an empty variable.")
    if kind in _LIMITS:
        return _number(name, kind, data)
    if kind == "multistring":
        return _texts(name, data)
    return _hex(name, data) if kind == "binary" else _text(name, data)


def _text(name: str, data: Any) -> str:
    if isinstance(data, (list, dict)) or _CONTROL.search(str(data)):
        raise BadRequest(f"{name} takes one text without line breaks and control characters, not {data!r}.")
    return str(data)


def _texts(name: str, data: Any) -> tuple[str, ...]:
    items = tuple(_text(name, item) for item in (data if isinstance(data, list) else [data]))
    # An empty text ends a list for Windows, and reg.exe shows the end of a text as a backslash and a zero.
    if not all(items) or any("\\0" in item for item in items):
        raise BadRequest(f"{name} takes a list of texts of which none is empty or holds a backslash before a zero, not {data!r}.")
    if not items:
        raise BadRequest(f"{name} takes at least one text; use state absent for no value.")
    return items


def _number(name: str, kind: str, data: Any) -> int:
    try:
        number = data if isinstance(data, int) else int(str(data), 0)
    except ValueError:
        number = -1
    if not 0 <= number < _LIMITS[kind]:
        raise BadRequest(f"{name} takes a number from 0 to {_LIMITS[kind] - 1} as {kind}, not {data!r}.")
    return int(number)


def _hex(name: str, data: Any) -> str:
    try:
        digits = bytes(data).hex() if isinstance(data, list) else bytes.fromhex(data.replace("hex:", "").replace(",", "")).hex()
    except (ValueError, TypeError, AttributeError):
        digits = ""
    if not digits:
        raise BadRequest(f"{name} takes hexadecimal digits or a list of bytes as binary, not {data!r}.")
    return digits
