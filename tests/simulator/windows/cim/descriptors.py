# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security descriptors as embedded instances: Win32_SecurityDescriptor with Win32_ACE and Win32_Trustee, or the system classes they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..principals import by_sid
from ..records import Embedded
from ..security import ALLOW, DACL_PRESENT, DENY, Ace, Descriptor, sid_bytes, sid_text

if TYPE_CHECKING:
    from ..host import Windows

WIN32 = {"descriptor": "Win32_SecurityDescriptor", "ace": "Win32_ACE", "trustee": "Win32_Trustee"}
SYSTEM = {"descriptor": "__SecurityDescriptor", "ace": "__ACE", "trustee": "__Trustee"}


def shown(host: Windows, descriptor: Descriptor, names: Mapping[str, str]) -> Embedded:
    """A descriptor as a caller without SeSecurityPrivilege gets it: no SACL. A null DACL and an empty one look alike on the wire."""
    aces = [
        Embedded(names["ace"], {"AccessMask": ace.mask, "AceFlags": ace.flags, "AceType": ace.kind, "Trustee": _trustee(host, ace.sid, names)})
        for ace in descriptor.aces or ()
    ]
    known = {
        "ControlFlags": descriptor.control,
        "DACL": aces or None,
        "Group": _trustee(host, descriptor.group, names),
        "Owner": _trustee(host, descriptor.owner, names),
    }
    return Embedded(names["descriptor"], known)


def _trustee(host: Windows, sid: str, names: Mapping[str, str]) -> Embedded:
    """Name and domain are in the host's language, and missing for an account that is gone."""
    found = by_sid(host, sid)
    data = sid_bytes(sid)
    known = {"Domain": found.domain or None if found else None, "Name": found.name if found else None}
    return Embedded(names["trustee"], {**known, "SID": data, "SidLength": len(data), "SIDString": sid})


def taken(given: Any, before: Descriptor) -> Descriptor:
    """The descriptor that a caller has sent, over the one that is there; ValueError for what Windows can't take.

    Without SE_DACL_PRESENT the DACL stays, without an owner or a group those stay (win32 SetSecurityDescriptor).
    """
    if not isinstance(given, Embedded) or given.properties.get("ControlFlags") is None:
        raise ValueError("no descriptor")
    found = given.properties
    owner, group = (_sid_of(found[name]) if found.get(name) else kept for name, kept in (("Owner", before.owner), ("Group", before.group)))
    control = int(found["ControlFlags"])
    if not control & DACL_PRESENT:
        return Descriptor(owner, group, before.aces, before.control)
    entries = found.get("DACL")
    return Descriptor(owner, group, None if entries is None else tuple(_ace(entry) for entry in entries), control)


def _ace(given: Embedded) -> Ace:
    kind, flags, mask = (given.properties.get(name) for name in ("AceType", "AceFlags", "AccessMask"))
    if kind not in (ALLOW, DENY) or not isinstance(flags, int) or not isinstance(mask, int) or flags & ~0x1F:
        raise ValueError("an entry that is none")
    return Ace(kind, flags, mask, _sid_of(given.properties.get("Trustee")))


def _sid_of(given: Any) -> str:
    """The SID's bytes count, and alone: names are not looked up [I]."""
    data = given.properties.get("SID") if isinstance(given, Embedded) else None
    if not data:
        raise ValueError("a trustee without a SID")
    return sid_text(data)
