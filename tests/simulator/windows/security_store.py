# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The security descriptors of one host's shares, folders and registry keys: Windows' own ones, and what a fleet or a caller has set.

They are shown and written; what programs may do is decided elsewhere (``files/access.py``, ``registry_access.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from .files.names import key as file_key
from .local_groups import CLIENT_USERS
from .principals import sid_of
from .registry import HIVES, split
from .security import DACL_AUTO_INHERITED, DACL_PROTECTED, INHERITED, Descriptor, inherited, parse
from .shares import DISK, PRODUCT_SHARE, Share, shares

if TYPE_CHECKING:
    from .host import Windows

_READERS = {"administrators": "(A;;FA;;;BA)", "computers": r"(A;;0x1200a9;;;{%s\Domain Computers})"}
_PROGRAMS = "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;OICIIO;GA;;;CO)"
_FOLDERS = {
    "c:": "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;AU)(A;OICIIO;SDGXGWGR;;;AU)",
    "c:\\windows": _PROGRAMS,
    "c:\\program files": _PROGRAMS,
    "c:\\program files (x86)": _PROGRAMS,
    "c:\\programdata": "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)",
    "c:\\users": "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;OICI;0x1200a9;;;WD)",
}
_HIVE = "O:BAG:SYD:PAI(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CIIO;KA;;;CO)(A;CI;KR;;;BU)"
_CLOSED = "O:SYG:SYD:PAI(A;CI;KA;;;SY)"
# The ACL that security guides tell to leave as it is: Administrators full, LOCAL SERVICE and Backup Operators read.
_KEYS = {
    "hklm": _HIVE,
    "hku": "O:BAG:SYD:PAI(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;WD)",
    "hkcr": _HIVE,
    "hkcc": _HIVE,
    "hklm\\sam\\sam": _CLOSED,
    "hklm\\security": _CLOSED,
    "hklm\\system\\controlset001\\control\\securepipeservers\\winreg": "O:BAG:SYD:PAI(A;CI;KA;;;BA)(A;;KR;;;LS)(A;;KR;;;BO)",
}


class SecurityStore:
    """Explicit descriptors by path; everything below inherits."""

    def __init__(self, host: Windows) -> None:
        """What the options ``share_acl``, ``file_acl`` and ``registry_acl`` say comes over Windows' own; ValueError for what is no SDDL."""
        self._host = host
        self._parse = partial(parse, sid_of=partial(sid_of, host))
        self._shares = {name.lower(): sddl for name, sddl in self._option("share_acl").items()}
        self._folders = {path: self._parse(sddl) for path, sddl in _FOLDERS.items()}
        self._keys = {path: self._parse(sddl) for path, sddl in _KEYS.items()}
        product = host.groups.by_name(CLIENT_USERS)
        if product is not None:
            self._folders[file_key(PRODUCT_SHARE[1])] = self._parse(f"O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;{product.sid})")
        self._folders |= {file_key(path): self._parse(sddl) for path, sddl in self._option("file_acl").items()}
        self._keys |= {_key_of(*_hive(path)): self._parse(sddl) for path, sddl in self._option("registry_acl").items()}
        for sddl in self._shares.values():
            self._parse(sddl)

    def _option(self, name: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self._host.options.get(name, {})
        return found

    def share(self, name: str) -> Descriptor | None:
        """A share's descriptor; None if it has none of its own, or if there is no such share."""
        share = next((share for share in shares(self._host) if share.name.lower() == name.lower()), None)
        sddl = self._shares.get(name.lower()) or (self._sddl(share) if share else None)
        return self._parse(sddl) if share and sddl else None

    def _sddl(self, share: Share) -> str | None:
        product = self._host.groups.by_name(CLIENT_USERS)
        if share.name == PRODUCT_SHARE[0] and product is not None:
            return f"O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;{product.sid})"
        if share.kind != DISK or "Everyone" in share.readers:
            return None
        domain = next((account.domain for account in self._host.accounts if account.domain.lower() != self._host.name.lower()), "LAB")
        return "O:BAG:SYD:" + "".join(_READERS[word] % domain if "%" in _READERS[word] else _READERS[word] for word in sorted(share.readers))

    def folder(self, path: str) -> Descriptor:
        """The descriptor of a folder or file that is there."""
        private = {folder: self._private(sids) for folder, sids in self._host.files.private.items()}
        return _effective(file_key(path), {**self._folders, **private})

    def _private(self, sids: frozenset[str]) -> Descriptor:
        return self._parse("O:BAG:SYD:PAI" + "".join(f"(A;OICI;FA;;;{sid})" for sid in sorted(sids)))

    def key(self, hive: str, path: str) -> Descriptor:
        """The descriptor of a registry key that is there."""
        return _effective(_key_of(hive, path), self._keys)

    def set_key(self, hive: str, path: str, descriptor: Descriptor) -> None:
        """Replace a key's descriptor."""
        self._keys[_key_of(hive, path)] = descriptor


def _effective(path: str, known: Mapping[str, Descriptor]) -> Descriptor:
    own = known.get(path)
    if own is not None and (own.protected or own.aces is None or "\\" not in path):
        return own
    above = _effective(path.rpartition("\\")[0], known)
    if own is not None and own.control & DACL_AUTO_INHERITED and any(ace.flags & INHERITED for ace in own.aces or ()):
        # Written by a caller, inherited entries included.
        return own
    if own is None:
        control = above.control & ~DACL_PROTECTED | DACL_AUTO_INHERITED
        return Descriptor(above.owner, above.group, None if above.aces is None else inherited(above.aces), control)
    return replace(own, aces=(*(own.aces or ()), *inherited(above.aces or ())))


def _hive(path: str) -> tuple[str, str]:
    hive, _backslash, below = path.partition("\\")
    if hive.lower() not in HIVES or not below:
        raise ValueError(f"registry_acl: {path!r} is no key")
    return hive.lower(), below


def _key_of(hive: str, path: str) -> str:
    parts = [part.lower() for part in split(path)]
    if hive == "hklm" and parts[:2] == ["system", "currentcontrolset"]:
        parts[1] = "controlset001"
    return "\\".join((hive, *parts))
