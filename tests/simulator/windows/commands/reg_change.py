# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""reg add and reg delete. Without /f an existing thing asks first; nobody answers here, so the operation is cancelled."""

from __future__ import annotations

from ..records import Completed
from ..registry import Data, Type
from .reg_request import RegError, Request

_LIMITS = {Type.REG_DWORD: 0xFFFFFFFF, Type.REG_QWORD: 0xFFFFFFFFFFFFFFFF}


def add(request: Request) -> Completed:
    """Make a key, or set a value of it."""
    if not request.has("v", "ve", "t", "d"):
        return _finish(request, request.access.create(request.hive, request.path))
    if request.has("v") and request.has("ve"):
        raise _syntax(request)
    name = request.options.get("v") or ""
    _error, key = request.access.open(request.hive, request.path)
    if key is not None and name.lower() in key.values and not request.has("f"):
        return _cancelled(request)
    kind, data = _value(request)
    error = request.access.create(request.hive, request.path)
    return _finish(request, error or request.access.put(request.hive, request.path, name, kind, data))


def delete(request: Request) -> Completed:
    """Delete a key with everything below, one value, the default value (/ve) or all values (/va)."""
    error, key = request.access.open(request.hive, request.path)
    if key is None:
        raise request.fail(error)
    if sum(request.has(name) for name in ("v", "ve", "va")) > 1:
        raise _syntax(request)
    if request.has("v", "ve") and (request.options.get("v") or "").lower() not in key.values:
        raise request.fail(2)
    if not request.has("f"):
        return _cancelled(request)
    if request.has("va"):
        errors = [request.access.delete_value(request.hive, request.path, value.name) for value in list(key.values.values())]
        return _finish(request, max(errors, default=0))
    if request.has("v", "ve"):
        return _finish(request, request.access.delete_value(request.hive, request.path, request.options.get("v") or ""))
    return _finish(request, request.access.delete_key(request.hive, request.path, recursive=True))


def _value(request: Request) -> tuple[Type, Data]:
    try:
        kind = Type[(request.options.get("t") or "REG_SZ").upper()]
    except KeyError:
        raise _syntax(request) from None
    text = request.options.get("d") or ""
    if kind in _LIMITS:
        return kind, _number(request, text or "0", _LIMITS[kind])
    if kind is Type.REG_MULTI_SZ:
        separator = request.options.get("s") or "\\0"
        return kind, tuple(text.split(separator)) if text else ()
    if kind in (Type.REG_BINARY, Type.REG_NONE):
        try:
            return kind, bytes.fromhex(text if len(text) % 2 == 0 else f"0{text}")
        except ValueError:
            raise _syntax(request) from None
    return kind, text


def _number(request: Request, text: str, limit: int) -> int:
    try:
        value = int(text, 16 if text.lower().startswith("0x") else 10)
    except ValueError:
        raise _syntax(request) from None
    if not 0 <= value <= limit:
        raise _syntax(request)
    return value


def _syntax(request: Request) -> RegError:
    return RegError(request.host.text("reg.syntax", verb=request.verb.upper()))


def _finish(request: Request, error: int) -> Completed:
    if error:
        raise request.fail(error)
    return Completed(0, request.host.text("reg.done") + "\r\n")


def _cancelled(request: Request) -> Completed:
    return Completed(1, "", request.host.text("reg.cancelled") + "\r\n")
