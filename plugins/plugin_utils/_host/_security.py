# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security descriptors of the host's shares, folders and registry keys.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .._plan import ApplyFailed, BadRequest
from .._wsman import Client, Embedded, Instance, Resource, Value, WSManFault
from ._registry import HIVES, split

_PROVIDER = Resource("root/cimv2", "StdRegProv")
_SHARE = Resource("root/cimv2", "Win32_Share")
_OF_SHARE = Resource("root/cimv2", "Win32_LogicalShareSecuritySetting")
_OF_FILE = Resource("root/cimv2", "Win32_LogicalFileSecuritySetting")
ALLOW, DENY = 0, 1
INHERIT_ONLY, INHERITED, CONTAINER_INHERIT = 8, 16, 2
_DACL_PRESENT = 0x4
# Win32_Share.Type: shares that Windows makes for administrators have this bit.
_ADMINISTRATIVE = 0x80000000
_NOT_FOUND, _DENIED = 2, 5
_REASONS = {2: "access is denied", 5: "access is denied", 9: "a privilege is missing", 1307: "the owner can't be set", 1314: "a privilege is missing"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an access control list: `kind` ALLOW, DENY or another of winnt.h, `name` as the host shows it."""

    kind: int
    flags: int
    mask: int
    sid: str
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.sid


@dataclass(frozen=True, slots=True)
class AccessList:
    """The entries in the host's order; None is a null DACL, which lets everybody do everything.

    `unsure`: the host says that there is a DACL and shows no entry, which stands for an empty one and for a null one alike.
    """

    entries: tuple[Entry, ...] | None
    unsure: bool = False


# A share without a descriptor of its own: everybody may read (Windows' default).
DEFAULT_SHARE = AccessList((Entry(ALLOW, 0, 0x1200A9, "S-1-1-0", "Everyone"),))


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """A share: where it lies, and both lists that guard it. `administrative`: Windows made it for administrators."""

    name: str
    path: str
    administrative: bool
    share: AccessList
    folder: AccessList


class Security:
    """Descriptors are read once, and remembered until `forget`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._shares: dict[str, SharedFolder | None] = {}
        self._keys: dict[str, Instance | None] = {}

    def forget(self) -> None:
        """Read anew from now on."""
        self._shares.clear()
        self._keys.clear()

    def share(self, name: str, host: str) -> SharedFolder | None:
        """A share with its lists; None if the host has none of this name. `host` is what people call the host.

        Raises:
            BadRequest: Windows does not show the lists to this account.
        """
        key = name.lower()
        if key not in self._shares:
            self._shares[key] = self._read_share(name, host)
        return self._shares[key]

    def _read_share(self, name: str, host: str) -> SharedFolder | None:
        try:
            row = self._client.get(_SHARE, {"Name": name})
        except WSManFault as fault:
            if fault.not_found or fault.invalid_selectors:
                return None
            raise
        path, administrative = row.text("Path") or "", bool((row.integer("Type") or 0) & _ADMINISTRATIVE)
        if administrative or not path:
            return SharedFolder(name, path, True, AccessList(()), AccessList(()))
        of_share = self._descriptor(_OF_SHARE, {"Name": row.text("Name") or name}, f"share {name} on {host}")
        of_folder = self._descriptor(_OF_FILE, {"Path": path}, f"folder {path} on {host}")
        if of_folder is None:
            raise BadRequest(f"The folder {path} of share {name} is not on {host}; make it, or remove the share.")
        return SharedFolder(name, path, False, DEFAULT_SHARE if of_share is None else access_list(of_share), access_list(of_folder))

    def _descriptor(self, resource: Resource, keys: Mapping[str, str], what: str) -> Instance | None:
        try:
            answer = self._client.invoke(resource, "GetSecurityDescriptor", {}, keys)
        except WSManFault as fault:
            if fault.not_found or fault.invalid_selectors:
                return None
            raise
        found, code = answer.embedded("Descriptor"), answer.integer("ReturnValue") or 0
        if code or found is None:
            raise BadRequest(f"Windows does not show the permissions of the {what}: {_reason(code)}.")
        return found

    def key(self, path: str) -> AccessList | None:
        """The list of a registry key; None if there is no such key.

        Raises:
            BadRequest: Windows does not show it to this account.
        """
        found = self._key(path)
        return access_list(found) if found else None

    def _key(self, path: str) -> Instance | None:
        hive, below = split(path)
        key = f"{hive}\\{below}".lower()
        if key not in self._keys:
            answer = self._client.invoke(_PROVIDER, "GetSecurityDescriptor", {"hDefKey": HIVES[hive][1], "sSubKeyName": below})
            found, code = answer.embedded("Descriptor"), answer.integer("ReturnValue") or 0
            if code not in (0, _NOT_FOUND) or (code == 0 and found is None):
                raise BadRequest(f"Windows does not show the permissions of {path}: {'access is denied' if code == _DENIED else f'error {code}'}.")
            self._keys[key] = found
        return self._keys[key]

    def allow_on_key(self, path: str, sid: str, mask: int) -> None:
        """Add one entry that allows, inherited by keys below; all the others, owner and group stay as they are.

        Raises:
            ApplyFailed: Windows refuses, or the key is gone.
        """
        self.forget()
        found = self._key(path)
        if found is None:
            raise ApplyFailed(f"There is no key {path} any more.")
        hive, below = split(path)
        arguments: dict[str, Value] = {"hDefKey": HIVES[hive][1], "sSubKeyName": below, "Descriptor": _with_entry(found, sid, mask)}
        code = self._client.invoke(_PROVIDER, "SetSecurityDescriptor", arguments).integer("ReturnValue") or 0
        self.forget()
        if code:
            raise ApplyFailed(f"Windows refused to change the permissions of {path}: {_reason(code)}.")


def access_list(descriptor: Instance) -> AccessList:
    """The DACL of an embedded descriptor."""
    if not (descriptor.integer("ControlFlags") or 0) & _DACL_PRESENT:
        return AccessList(None)
    entries = tuple(map(_entry, descriptor.embeddeds("DACL")))
    return AccessList(entries, unsure=not entries)


def _entry(row: Instance) -> Entry:
    trustee = row.embedded("Trustee")
    name, domain = (trustee.text("Name"), trustee.text("Domain")) if trustee else (None, None)
    return Entry(
        kind=_number(row, "AceType"),
        flags=_number(row, "AceFlags"),
        mask=_number(row, "AccessMask") & 0xFFFFFFFF,
        sid=_sid_of(trustee) if trustee else "",
        name=f"{domain}\\{name}" if domain and name else name or "",
    )


def _number(row: Instance, name: str) -> int:
    return row.integer(name) or 0


def _sid_of(trustee: Instance) -> str:
    """As text where the host gives it, else from the bytes."""
    return trustee.text("SIDString") or sid_text(trustee.integers("SID"))


def sid_text(data: Sequence[int]) -> str:
    """A binary SID (MS-DTYP 2.4.2) as text, empty if it is none."""
    raw = bytes(data)
    if len(raw) < 8 or len(raw) != 8 + 4 * raw[1]:
        return ""
    parts = [int.from_bytes(raw[start : start + 4], "little") for start in range(8, len(raw), 4)]
    return "-".join(map(str, ("S", raw[0], int.from_bytes(raw[2:8], "big"), *parts)))


def sid_bytes(sid: str) -> list[int]:
    """A SID in its binary form."""
    _s, revision, authority, *parts = sid.split("-")
    head = bytes([int(revision), len(parts)]) + int(authority).to_bytes(6, "big")
    return list(head + b"".join(int(part).to_bytes(4, "little") for part in parts))


def _with_entry(descriptor: Instance, sid: str, mask: int) -> Embedded:
    """The descriptor as it came, in the host's own classes, with one entry more: behind what is denied and before what is inherited."""
    rows = list(descriptor.embeddeds("DACL"))
    place = next((place for place, row in enumerate(rows) if _number(row, "AceFlags") & INHERITED or row.integer("AceType") == ALLOW), len(rows))
    written: list[Value] = [_rewritten_entry(row) for row in rows]
    entry_class, trustee_class = _classes(descriptor, rows)
    trustee = Embedded(trustee_class, {"SID": sid_bytes(sid)})
    written.insert(place, Embedded(entry_class, {"AccessMask": mask, "AceFlags": CONTAINER_INHERIT, "AceType": ALLOW, "Trustee": trustee}))
    properties: dict[str, Value] = {"ControlFlags": _number(descriptor, "ControlFlags") | _DACL_PRESENT, "DACL": written}
    for name in ("Owner", "Group"):
        if found := descriptor.embedded(name):
            properties[name] = _rewritten_trustee(found)
    return Embedded(_class_of(descriptor), properties)


def _classes(descriptor: Instance, rows: Sequence[Instance]) -> tuple[Resource, Resource]:
    """The classes of an entry and of a trustee: as the others are, else those that belong to the descriptor's."""
    trustee = rows[0].embedded("Trustee") if rows else descriptor.embedded("Owner")
    system = _class_of(descriptor).class_name.startswith("__")
    entry = _class_of(rows[0]) if rows else Resource("root/cimv2", "__ACE" if system else "Win32_ACE")
    return entry, _class_of(trustee) if trustee else Resource("root/cimv2", "__Trustee" if system else "Win32_Trustee")


def _class_of(found: Instance) -> Resource:
    return Resource(found.namespace or "root/cimv2", found.class_name)


def _rewritten_entry(row: Instance) -> Embedded:
    properties: dict[str, Value] = {name: _number(row, name) for name in ("AccessMask", "AceFlags", "AceType")}
    for name in ("GuidInheritedObjectType", "GuidObjectType"):
        if text := row.text(name):
            properties[name] = text
    if trustee := row.embedded("Trustee"):
        properties["Trustee"] = _rewritten_trustee(trustee)
    return Embedded(_class_of(row), properties)


def _rewritten_trustee(trustee: Instance) -> Embedded:
    """By its SID alone: names are in the host's language."""
    return Embedded(_class_of(trustee), {"SID": list(trustee.integers("SID")) or sid_bytes(_sid_of(trustee))})


def _reason(code: int) -> str:
    return f"{_REASONS[code]} (error {code})" if code in _REASONS else f"error {code}"
