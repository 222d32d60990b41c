# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One value in the registry, with its type.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._host import Host, RegistryValue, split
from .._host._commands import UNPRINTABLE
from .._plan import BadRequest, Change, Resource, State

_TYPES = {
    "string": "REG_SZ",
    "expandstring": "REG_EXPAND_SZ",
    "multistring": "REG_MULTI_SZ",
    "dword": "REG_DWORD",
    "qword": "REG_QWORD",
    "binary": "REG_BINARY",
}
_NAMES = {stored: name for name, stored in _TYPES.items()}
_LIMITS = {"dword": 2**32, "qword": 2**64}
# The firewall service keeps its own state: rules written here would be seen by everybody but the firewall.
_FIREWALL = re.compile(r"system\\(?:currentcontrolset|controlset\d+)\\services\\sharedaccess\\parameters\\firewallpolicy", re.IGNORECASE)
_CONTROL = re.compile(f"[{UNPRINTABLE}]")
# In reg.exe's output such a name could not be told from its type.
_BAD_NAME = re.compile(f"[{UNPRINTABLE}]|    REG_|^\\(default\\)$", re.IGNORECASE)


class RegistryValueResource(Resource[Host]):
    """`type` as the module names it (or as Windows does, if the module has no name for it), `data` as str, int or tuple."""

    kind = "registry_value"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._path: str = options["path"]
        self._value: str = options["name"]
        hive, below = split(self._path)
        self.name = f"{hive}\\{below}\\{self._value or '(Default)'}"
        if _BAD_NAME.search(self._value):
            raise BadRequest(f"{self._value!r} is no name of a registry value; leave name out for the default value of {self._path}.")
        if _FIREWALL.match(below):
            raise BadRequest(f"{self._path} belongs to the firewall service, which does not notice changes there; use firewall_rule or firewall_group.")
        self._asked: State | None = None
        if options["state"] == "present":
            kind = options["type"]
            if not self._value and kind != "string":
                raise BadRequest(f"The default value of {self._path} can be a string only.")
            self._asked = {"type": kind, "data": _data(self.name, kind, options["data"])}

    def expect(self, host: Host) -> None:
        """The key goes with the others in one command."""
        if self._value:
            host.registry.expect(self._path)

    def read(self, host: Host) -> State | None:
        """The raw data with its type, None if there is no such value."""
        if not self._value:
            found = host.registry.default(self._path)
        elif key := host.registry.key(self._path):
            found = key.values.get(self._value.lower())
        else:
            host.registry.require_readable(self._path)
            found = None
        return {"type": _NAMES.get(found.type, found.type), "data": found.data} if found else None

    def want(self, have: State | None) -> State | None:
        """Both type and data, or nothing at all."""
        return self._asked

    def apply(self, host: Host, change: Change) -> None:
        """Set the value with its type, or delete it; keys are made and never deleted."""
        if change.after is None:
            host.registry.delete(self._path, self._value)
            return
        data = change.after["data"]
        if data is not None:
            host.registry.write(self._path, RegistryValue(self._value, _TYPES[str(change.after["type"])], data))


def _data(name: str, kind: str, data: Any) -> str | int | tuple[str, ...]:
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
