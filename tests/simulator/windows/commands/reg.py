# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""reg.exe: query, add, delete, load and unload; every failure has exit code 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import Account, Completed
from ..registry import HIVES
from ..registry_access import RegistryAccess
from . import arguments as command_line
from . import reg_hive
from .reg_change import add, delete
from .reg_query import query
from .reg_request import RegError, Request

if TYPE_CHECKING:
    from ..host import Windows


# Options with a value; "v" takes one only if the next word is no option.
_VALUED: dict[str, frozenset[str]] = {"query": frozenset("f t se".split()), "add": frozenset("v t s d".split()), "delete": frozenset(["v"])}
_FLAGS: dict[str, frozenset[str]] = {
    "query": frozenset("v ve s k d c e z reg:32 reg:64".split()),
    "add": frozenset("ve f reg:32 reg:64".split()),
    "delete": frozenset("ve va f reg:32 reg:64".split()),
}


def run(host: Windows, account: Account, arguments: str, view: int = 64) -> Completed:
    """Run one command line of reg.exe; ``view`` is the one that the program itself sees."""
    words = command_line.split(arguments)
    verb = words[0].lower() if words else ""
    if verb in ("load", "unload"):
        return reg_hive.run(host, account, verb, words[1:])
    if verb not in _FLAGS:
        return Completed(1, "", host.text("reg.usage") + "\r\n")
    try:
        request = _parse(host, account, verb, words[1:], view)
        return {"query": query, "add": add, "delete": delete}[verb](request)
    except RegError as error:
        return Completed(1, "", f"{error}\r\n")


def _parse(host: Windows, account: Account, verb: str, words: list[str], view: int) -> Request:
    syntax = RegError(host.text("reg.syntax", verb=verb.upper()))
    if not words or words[0].startswith("/"):
        raise syntax
    options = _options(words[1:], verb, syntax)
    if "reg:32" in options and "reg:64" in options:
        raise syntax
    hive, path = _key(host, verb, words[0])
    chosen = {"reg:32": 32, "reg:64": 64}
    access = RegistryAccess(host, account, next((chosen[name] for name in options if name in chosen), view))
    return Request(host, access, verb, hive, path, options)


def _options(words: list[str], verb: str, syntax: RegError) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name = word[1:].lower()
        known = name in _VALUED[verb] or name in _FLAGS[verb]
        if not word.startswith("/") or not known or name in found:
            raise syntax
        optional = name == "v" and verb == "query" and rest and not rest[0].startswith("/")
        if name in _VALUED[verb] and not rest:
            raise syntax
        found[name] = rest.pop(0) if name in _VALUED[verb] or optional else None
    return found


def _key(host: Windows, verb: str, text: str) -> tuple[str, str]:
    root, _backslash, path = text.partition("\\")
    long_names = {full.lower(): short for short, full in HIVES.items()}
    hive = long_names.get(root.lower(), root.lower())
    if hive not in HIVES:
        raise RegError(host.text("reg.key_name", verb=verb.upper()))
    return hive, path
