# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security descriptors: read from SDDL (MS-DTYP 2.5.1), and what a child inherits from its parent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

ALLOW, DENY = 0, 1
OBJECT_INHERIT, CONTAINER_INHERIT, NO_PROPAGATE, INHERIT_ONLY, INHERITED = 1, 2, 4, 8, 16
DACL_PRESENT, DACL_AUTO_INHERITED, DACL_PROTECTED, SELF_RELATIVE = 0x4, 0x400, 0x1000, 0x8000

_ALIASES = {
    "AN": "S-1-5-7",
    "AU": "S-1-5-11",
    "BA": "S-1-5-32-544",
    "BG": "S-1-5-32-546",
    "BO": "S-1-5-32-551",
    "BU": "S-1-5-32-545",
    "CG": "S-1-3-1",
    "CO": "S-1-3-0",
    "IU": "S-1-5-4",
    "LS": "S-1-5-19",
    "NS": "S-1-5-20",
    "NU": "S-1-5-2",
    "SU": "S-1-5-6",
    "SY": "S-1-5-18",
    "WD": "S-1-1-0",
}
_RIGHTS = {
    "GA": 0x10000000,
    "GX": 0x20000000,
    "GW": 0x40000000,
    "GR": 0x80000000,
    "RC": 0x20000,
    "SD": 0x10000,
    "WD": 0x40000,
    "WO": 0x80000,
    "CC": 0x1,
    "DC": 0x2,
    "LC": 0x4,
    "SW": 0x8,
    "RP": 0x10,
    "WP": 0x20,
    "DT": 0x40,
    "LO": 0x80,
    "CR": 0x100,
    "FA": 0x1F01FF,
    "FR": 0x120089,
    "FW": 0x120116,
    "FX": 0x1200A0,
    "KA": 0xF003F,
    "KR": 0x20019,
    "KW": 0x20006,
    "KX": 0x20019,
}
_FLAGS = {"OI": OBJECT_INHERIT, "CI": CONTAINER_INHERIT, "NP": NO_PROPAGATE, "IO": INHERIT_ONLY, "ID": INHERITED}
_SDDL = re.compile(r"(?:O:(?P<owner>.+?))?(?:G:(?P<group>.+?))?(?:D:(?P<flags>[A-Z_]*?)(?P<aces>(?:\([^()]*\))*))?$")
_ACCOUNT = r"S-[\d-]+|[A-Z]{2}|\{[^{}]+\}"


@dataclass(frozen=True)
class Ace:
    """One entry: ``kind`` ALLOW or DENY, ``flags`` of inheritance, the rights as a mask, and whom it is about."""

    kind: int
    flags: int
    mask: int
    sid: str


@dataclass(frozen=True)
class Descriptor:
    """``aces`` None is a null DACL: everybody may do everything; an empty one lets nobody in."""

    owner: str
    group: str
    aces: tuple[Ace, ...] | None
    control: int = DACL_PRESENT | SELF_RELATIVE

    @property
    def protected(self) -> bool:
        """True if nothing is inherited from above."""
        return bool(self.control & DACL_PROTECTED)


def parse(sddl: str, sid_of: Callable[[str], str]) -> Descriptor:
    r"""A descriptor from SDDL; ``{DOMAIN\name}`` in place of a SID is asked of ``sid_of``. Raises ValueError."""
    found = _SDDL.fullmatch(sddl.strip())
    if found is None:
        raise ValueError(f"{sddl!r} is no security descriptor")
    control = SELF_RELATIVE
    aces: tuple[Ace, ...] | None = None
    if found["aces"] is not None:
        flags = found["flags"]
        control |= DACL_PRESENT
        control |= DACL_AUTO_INHERITED if "AI" in flags else 0
        control |= DACL_PROTECTED if flags.replace("NO_ACCESS_CONTROL", "").startswith("P") else 0
        if "NO_ACCESS_CONTROL" not in flags:
            aces = tuple(_ace(text, sid_of) for text in re.findall(r"\(([^()]*)\)", found["aces"]))
    return Descriptor(_sid(found["owner"] or "BA", sid_of), _sid(found["group"] or "SY", sid_of), aces, control)


def _ace(text: str, sid_of: Callable[[str], str]) -> Ace:
    kind, flags, rights, _type, _inherited, account = [*text.split(";"), "", "", "", "", ""][:6]
    if kind not in ("A", "D"):
        raise ValueError(f"({text}): only A and D are modelled")
    return Ace(ALLOW if kind == "A" else DENY, _bits(flags, _FLAGS), _mask(rights), _sid(account, sid_of))


def _mask(text: str) -> int:
    return int(text, 16) if text.startswith("0x") else _bits(text, _RIGHTS)


def _bits(text: str, names: dict[str, int]) -> int:
    found = 0
    for start in range(0, len(text), 2):
        if text[start : start + 2] not in names:
            raise ValueError(f"{text!r} holds something that is no right or flag of SDDL")
        found |= names[text[start : start + 2]]
    return found


def _sid(text: str, sid_of: Callable[[str], str]) -> str:
    if not re.fullmatch(_ACCOUNT, text):
        raise ValueError(f"{text!r} is no account of SDDL")
    if text.startswith("{"):
        return sid_of(text[1:-1])
    if text.startswith("S-"):
        return text
    if text not in _ALIASES:
        raise ValueError(f"{text!r} is no alias of SDDL that is known here")
    return _ALIASES[text]


def inherited(aces: Iterable[Ace]) -> tuple[Ace, ...]:
    """What a new folder or key below gets of these entries."""
    found = []
    for ace in aces:
        if ace.flags & CONTAINER_INHERIT:
            kept = 0 if ace.flags & NO_PROPAGATE else ace.flags & (OBJECT_INHERIT | CONTAINER_INHERIT)
            # CREATOR OWNER stays what it is for those below.
            kept |= INHERIT_ONLY if ace.sid.startswith("S-1-3-") else 0
            found.append(replace(ace, flags=kept | INHERITED))
        elif ace.flags & OBJECT_INHERIT and not ace.flags & NO_PROPAGATE:
            found.append(replace(ace, flags=OBJECT_INHERIT | INHERIT_ONLY | INHERITED))
    return tuple(found)


def sid_bytes(sid: str) -> list[int]:
    """A SID in its binary form (MS-DTYP 2.4.2)."""
    _s, revision, authority, *parts = sid.split("-")
    data = bytes([int(revision), len(parts)]) + int(authority).to_bytes(6, "big")
    return list(data + b"".join(int(part).to_bytes(4, "little") for part in parts))


def sid_text(data: Iterable[int]) -> str:
    """A binary SID as text; ValueError if it is none."""
    raw = bytes(data)
    if len(raw) < 8 or raw[0] != 1 or len(raw) != 8 + 4 * raw[1]:
        raise ValueError("no SID")
    parts = (int.from_bytes(raw[start : start + 4], "little") for start in range(8, len(raw), 4))
    return "-".join(str(part) for part in ("S", raw[0], int.from_bytes(raw[2:8], "big"), *parts))
