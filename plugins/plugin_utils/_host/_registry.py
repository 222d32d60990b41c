# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's registry: read in batches by `reg query`, written by StdRegProv.

StdRegProv costs a message for each value, and expands REG_EXPAND_SZ; `reg query` gives raw data with its type. All keys
that are expected are fetched by one command line of one shell.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .._plan import ApplyFailed, BadRequest
from .._wsman import Client, Resource, Value
from ._commands import UNSAFE

HIVES: Mapping[str, tuple[str, int]] = {
    "HKLM": ("HKEY_LOCAL_MACHINE", 0x80000002),
    "HKU": ("HKEY_USERS", 0x80000003),
    "HKCR": ("HKEY_CLASSES_ROOT", 0x80000000),
    "HKCC": ("HKEY_CURRENT_CONFIG", 0x80000005),
}
_SHORT = {long.lower(): short for short, (long, _handle) in HIVES.items()}
_PROVIDER = Resource("root/cimv2", "StdRegProv")
_SETTERS = {
    "REG_SZ": ("SetStringValue", "sValue"),
    "REG_EXPAND_SZ": ("SetExpandedStringValue", "sValue"),
    "REG_MULTI_SZ": ("SetMultiStringValue", "sValue"),
    "REG_DWORD": ("SetDWORDValue", "uValue"),
    "REG_QWORD": ("SetQWORDValue", "uValue"),
    "REG_BINARY": ("SetBinaryValue", "uValue"),
}
_TYPE_NAMES = {1: "REG_SZ", 2: "REG_EXPAND_SZ", 3: "REG_BINARY", 4: "REG_DWORD", 7: "REG_MULTI_SZ", 11: "REG_QWORD"}
_NUMBERS, _TEXTS = ("REG_DWORD", "REG_QWORD"), ("REG_SZ", "REG_EXPAND_SZ")
_ACCESS_DENIED = 5
_VALUE = re.compile(r"^    (?P<name>.*?)    (?P<type>REG_[A-Z_]+)(?:    (?P<data>.*))?$")
# cmd.exe takes 8,191 characters a line; the rest is left to the shell's own wrapping.
_LINE_LIMIT = 7000

Data = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegistryValue:
    """One value. `data`: str; int for REG_DWORD and REG_QWORD; a tuple for REG_MULTI_SZ; lower-case hex digits for REG_BINARY."""

    name: str
    type: str
    data: Data

    @staticmethod
    def of_bytes(name: str, number: int, raw: bytes) -> RegistryValue:
        """A value from the number of its type and the bytes that the registry keeps."""
        kind = _TYPE_NAMES.get(number, str(number))
        if kind in _NUMBERS:
            return RegistryValue(name, kind, int.from_bytes(raw, "little"))
        text = raw.decode("utf-16-le", "replace").rstrip("\0")
        if kind == "REG_MULTI_SZ":
            return RegistryValue(name, kind, tuple(text.split("\0")) if text else ())
        return RegistryValue(name, kind, text if kind in _TEXTS else raw.hex())


@dataclass(slots=True)
class Key:
    """One key: its values by lower-case name, and the keys under it by lower-case path below it (all levels if read recursively)."""

    values: dict[str, RegistryValue] = field(default_factory=dict)
    subkeys: dict[str, Key] = field(default_factory=dict)

    def data(self, name: str) -> Data | None:
        """The data of a value, None if there is no such value."""
        value = self.values.get(name.lower())
        return value.data if value else None

    @staticmethod
    def parse(output: str, path: str) -> Key:
        """The key `path` from what `reg query` printed of it."""
        return _parse(output, path)


def is_registry(path: str) -> bool:
    r"""True if `path` is written as a registry path (`HKLM\...`), False if as a folder."""
    return bool(re.match(r"HK[A-Z_]+:?\\", path, re.IGNORECASE))


def split(path: str) -> tuple[str, str]:
    r"""`HKEY_LOCAL_MACHINE\SOFTWARE\X` or `HKLM:\SOFTWARE\X` as (`HKLM`, `SOFTWARE\X`).

    Raises:
        BadRequest: not a path into a hive that can be reached over the network.
    """
    hive, _separator, rest = path.strip("\\").partition("\\")
    hive = hive.rstrip(":")
    short = _SHORT.get(hive.lower(), hive.upper())
    if short == "HKCU" or hive.lower() == "hkey_current_user":
        raise BadRequest(f"{path} is in the profile of the account that Ansible logs on with, not of a user; give HKU\\<SID>\\... instead.")
    if short not in HIVES:
        raise BadRequest(f"{path} does not begin with one of {', '.join(HIVES)}.")
    if not all(rest.split("\\")):
        raise BadRequest(f"{path!r} is no path of a registry key: it has no key, or a doubled backslash.")
    if UNSAFE.search(path):
        raise BadRequest(f"{path!r} holds a quotation mark, a percent sign or a control character, which a registry path here must not.")
    return short, rest


class Registry:
    """Reads are remembered until `forget`; what is expected is fetched together by the first read."""

    def __init__(self, client: Client, run: Callable[[str], str]) -> None:
        """`run` runs one line through cmd.exe on the host and returns what it prints."""
        self._client = client
        self._run = run
        self._expected: dict[str, None] = {}
        self._sections: dict[str, str | None] = {}
        self._keys: dict[str, Key | None] = {}

    def forget(self) -> None:
        """Read anew from now on."""
        self._sections.clear()
        self._keys.clear()

    def expect(self, path: str, *, recursive: bool = False) -> None:
        """This key will be asked for."""
        self.expect_command(_query(path, recursive))

    def expect_command(self, command: str) -> None:
        """This harmless command's output will be asked for: it goes along with the registry's."""
        if command not in self._sections:
            self._expected[command] = None

    def key(self, path: str, *, recursive: bool = False) -> Key | None:
        """A key with its values, and the names of the keys below it; None if there is none."""
        query = _query(path, recursive)
        if query not in self._keys:
            output = self.command(query)
            self._keys[query] = None if output is None else _parse(output, path)
        return self._keys[query]

    def command(self, command: str) -> str | None:
        """What an expected command printed; None if it failed."""
        if command not in self._sections:
            self.expect_command(command)
            self._fetch()
        return self._sections[command]

    def _fetch(self) -> None:
        wanted, self._expected = list(self._expected), {}
        for batch in _batches(wanted):
            # The mark can't be in a value: it is made anew for each line.
            mark = uuid.uuid4().hex
            output = self._run(" & ".join(f"{command} 2>nul && echo {mark}+|| echo {mark}-" for command in batch))
            sections = re.split(rf"{mark}([+-])[ ]*\r?\n", output)
            if len(sections) != 2 * len(batch) + 1:
                raise ApplyFailed("The host did not answer every registry query of one command line; run the play again.")
            for command, text, outcome in zip(batch, sections[0::2], sections[1::2], strict=False):
                self._sections[command] = text if outcome == "+" else None

    def default(self, path: str) -> RegistryValue | None:
        """The key's default value; `reg query` prints its name in the host's language, so it is asked for alone.

        The data is read if it is text, and told as unread otherwise.
        """
        kind = self._types(path).get("")
        if kind is None:
            return None
        hive, rest = split(path)
        where: dict[str, Value] = {"hDefKey": HIVES[hive][1], "sSubKeyName": rest, "sValueName": ""}
        text = self._client.invoke(_PROVIDER, "GetStringValue", where).text("sValue") if kind == "REG_SZ" else None
        return RegistryValue("", kind, "not read" if text is None else text)

    def require_readable(self, path: str) -> None:
        """Tell a key that may not be read from one that is not there: `reg query` fails alike for both.

        Raises:
            BadRequest: access is denied.
        """
        self._types(path)

    def _types(self, path: str) -> dict[str, str]:
        """The types of a key's values by lower-case name, empty if there is no such key."""
        hive, rest = split(path)
        reply = self._client.invoke(_PROVIDER, "EnumValues", {"hDefKey": HIVES[hive][1], "sSubKeyName": rest})
        if reply.integer("ReturnValue") == _ACCESS_DENIED:
            raise BadRequest(f"Windows does not let this account read {path} in the registry.")
        names = (name.lower() for name in reply.texts("sNames"))
        return dict(zip(names, (_TYPE_NAMES.get(number, str(number)) for number in reply.integers("Types")), strict=False))

    def write(self, path: str, value: RegistryValue) -> None:
        """Set one value, making its key first.

        Raises:
            ApplyFailed: Windows refuses.
        """
        hive, rest = split(path)
        self._call("CreateKey", path, {"hDefKey": HIVES[hive][1], "sSubKeyName": rest})
        method, argument = _SETTERS[value.type]
        self._call(method, path, {"hDefKey": HIVES[hive][1], "sSubKeyName": rest, "sValueName": value.name, argument: _wire(value)})

    def delete(self, path: str, name: str) -> None:
        """Delete one value; one that is not there is no error."""
        hive, rest = split(path)
        self._call("DeleteValue", path, {"hDefKey": HIVES[hive][1], "sSubKeyName": rest, "sValueName": name}, accept=(0, 1, 2))

    def _call(self, method: str, path: str, arguments: Mapping[str, Value], accept: Sequence[int] = (0,)) -> None:
        code = self._client.invoke(_PROVIDER, method, arguments).integer("ReturnValue")
        if code not in accept:
            reason = "access is denied" if code == _ACCESS_DENIED else f"Windows error {code}"
            raise ApplyFailed(f"Windows refused to change {path} in the registry: {reason}.")


def _query(path: str, recursive: bool) -> str:
    hive, rest = split(path)
    return f'reg query "{hive}\\{rest}"{" /s" if recursive else ""}'


def _batches(commands: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    length = 0
    for command in commands:
        # 90: two marks with their echo commands and operators.
        if batch and length + len(command) + 90 > _LINE_LIMIT:
            yield batch
            batch, length = [], 0
        batch.append(command)
        length += len(command) + 90
    if batch:
        yield batch


def _parse(output: str, path: str) -> Key:
    hive, rest = split(path)
    prefix = f"{HIVES[hive][0]}\\{rest}"
    root = key = Key()
    last: tuple[Key, str, str, str] | None = None
    # Not splitlines: text may hold line and paragraph separators of Unicode, which reg.exe does not break at.
    for line in output.replace("\r\n", "\n").split("\n"):
        if line[: len(prefix)].lower() == prefix.lower():
            last = None
            below = line[len(prefix) :].strip("\\").lower()
            key = root.subkeys.setdefault(below, Key()) if below else root
        elif match := _VALUE.match(line):
            last = (key, match["name"], match["type"], match["data"] or "")
            _store(*last)
        elif last and line:
            # Text data may hold line breaks, which reg.exe prints as they are.
            last = (*last[:3], f"{last[3]}\n{line}")
            _store(*last)
    return root


def _store(key: Key, name: str, kind: str, text: str) -> None:
    key.values[name.lower()] = RegistryValue(name, kind, _data(kind, text))


def _data(kind: str, text: str) -> Data:
    if kind in _NUMBERS and text.startswith("0x"):
        return int(text, 16)
    if kind == "REG_MULTI_SZ":
        return tuple(text.split("\\0")) if text else ()
    return text.lower() if kind == "REG_BINARY" else text


def _wire(value: RegistryValue) -> Value:
    if value.type == "REG_BINARY":
        return list(bytes.fromhex(str(value.data)))
    return list(value.data) if isinstance(value.data, tuple) else value.data
