# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""reg query: listing and searching."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable

from ..records import Completed
from ..registry import Key, Type, Value, tree
from .reg_request import RegError, Request

_TYPES = {kind.name for kind in Type}


def query(request: Request) -> Completed:
    """One of: a value (/v, /ve), a search (/f, /t, or /v with /s), or a listing (with /s of everything below)."""
    error, key = request.access.open(request.hive, request.path)
    if key is None:
        raise request.fail(error)
    if request.has("f", "t") or (request.has("v") and request.has("s")):
        return _search(request, key)
    if request.has("k", "d", "c", "e"):
        raise RegError(request.host.text("reg.syntax", verb="QUERY"))
    if request.has("ve") or request.options.get("v") is not None:
        return _one(request, key)
    return Completed(0, _listing(request, key))


def _one(request: Request, key: Key) -> Completed:
    name = request.options.get("v") or ""
    value = key.values.get(name.lower())
    if value is None and request.has("v") and name:
        raise request.fail(2)
    if value is None:
        unset = f"    {request.host.text('reg.default')}    REG_SZ    {request.host.text('reg.not_set')}\r\n"
        return Completed(0, f"\r\n{request.shown}\r\n{unset}\r\n")
    return Completed(0, f"\r\n{request.shown}\r\n{_line(request, value)}\r\n")


def _listing(request: Request, key: Key) -> str:
    text = "\r\n" + _block(request, request.shown, key.values.values()) if key.values else ""
    if request.has("s"):
        return text + "".join("\r\n" + _block(request, path, child.values.values()) for path, child in tree(key, request.shown)) + "\r\n"
    names = "".join(f"{request.shown}\\{name}\r\n" for name in key.names())
    return f"{text}\r\n{names}"


def _block(request: Request, path: str, values: Iterable[Value]) -> str:
    return f"{path}\r\n" + "".join(_line(request, value) for value in values)


def _line(request: Request, value: Value) -> str:
    name = value.name or request.host.text("reg.default")
    separator = (request.options.get("se") or "\\0") if value.type is Type.REG_MULTI_SZ else ""
    kind = f"{value.type.name} ({int(value.type)})" if request.has("z") else value.type.name
    return f"    {name}    {kind}    {shown_data(value, separator)}\r\n"


def shown_data(value: Value, separator: str = "\\0") -> str:
    """The data as reg.exe prints it."""
    if isinstance(value.data, bytes):
        return value.data.hex().upper()
    if isinstance(value.data, int):
        return f"0x{value.data:x}"
    return separator.join(value.data) if isinstance(value.data, tuple) else value.data


def _search(request: Request, root: Key) -> Completed:
    kinds = {name.strip().upper() for name in (request.options.get("t") or "").split(",") if name.strip()}
    if kinds - _TYPES:
        raise RegError(request.host.text("reg.syntax", verb="QUERY"))
    matches = _matcher(request)
    below = tree(root, request.shown) if request.has("s") else iter(())
    text, count = "", 0
    for path, key in [(request.shown, root), *below]:
        key_hit = path != request.shown and _wants(request, "k") and matches(key.name) and not kinds
        hits = [value for value in key.values.values() if (not kinds or value.type.name in kinds) and _value_matches(request, value, matches)]
        if key_hit or hits:
            text += "\r\n" + _block(request, path, hits)
            count += key_hit + len(hits)
    return Completed(0 if count else 1, f"{text}\r\n{request.host.text('reg.found', count=count)}\r\n")


def _wants(request: Request, what: str) -> bool:
    """Search in keys ("k"), names ("v") and data ("d"): all unless narrowed."""
    named = request.has("v")
    if what == "v":
        return True if named else not request.has("k", "d")
    if what == "d" and named and not request.has("f"):
        return False
    return request.has(what) or not (named or request.has("k", "d"))


def _value_matches(request: Request, value: Value, matches: Callable[[str], bool]) -> bool:
    wanted = request.options.get("v")
    if wanted is not None:
        named = wanted.lower() == value.name.lower()
        return named and (not request.has("f") or matches(shown_data(value)))
    return (_wants(request, "v") and matches(value.name)) or (_wants(request, "d") and matches(shown_data(value)))


def _matcher(request: Request) -> Callable[[str], bool]:
    pattern = request.options.get("f") or "*"
    fold: Callable[[str], str] = str if request.has("c") else str.lower
    wanted = fold(pattern)
    if request.has("e"):
        return lambda text: fold(text) == wanted
    if "*" in wanted or "?" in wanted:
        return lambda text: fnmatch.fnmatchcase(fold(text), f"*{wanted.strip('*')}*" if wanted.strip("*") else "*")
    return lambda text: wanted in fold(text)
