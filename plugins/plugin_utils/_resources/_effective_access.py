# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an access control list lets an account do. Pure: no host is asked.

Windows goes through the entries in the order in which they stand (MS-DTYP 2.5.3.2): each right that is asked for is decided by the first
entry about it that meets the account or one of its groups, and what no entry allows is refused.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from .._host._security import ALLOW, DENY, INHERIT_ONLY, AccessList, Entry

# What GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE and GENERIC_ALL stand for (winnt.h).
FILE_RIGHTS: Mapping[int, int] = {0x80000000: 0x120089, 0x40000000: 0x120116, 0x20000000: 0x1200A0, 0x10000000: 0x1F01FF}
KEY_RIGHTS: Mapping[int, int] = {0x80000000: 0x20019, 0x40000000: 0x20006, 0x20000000: 0x20019, 0x10000000: 0xF003F}
FILE_READ, KEY_READ = 0x120089, 0x20019
# Entries with a condition, which only the host itself can judge (ACCESS_ALLOWED_CALLBACK_ACE_TYPE and its opposite).
_CONDITIONAL = {9: ALLOW, 10: DENY}


class Answer(Enum):
    """Three values: the members of a domain's groups are not known to the host."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entry` is the one that decides: what denies, what lets in last, or what can't be judged; None if nothing is about the account."""

    answer: Answer
    entry: Entry | None = None

    @property
    def denied(self) -> bool:
        """True if an entry denies, so that one more that allows would not help."""
        return self.answer is Answer.NO and self.entry is not None


Holds = Callable[[str], Answer]
"""Whether the account is, or is a member of, what has this SID."""


def effective(listed: AccessList, wanted: int, rights: Mapping[int, int], holds: Holds) -> Verdict:
    """Whether all rights of the mask `wanted` are granted; `rights` maps the generic ones."""
    if listed.entries is None:
        return Verdict(Answer.YES)
    if listed.unsure:
        return Verdict(Answer.UNKNOWN)
    doubts: list[Entry] = []
    surely = _walk(listed.entries, wanted, rights, holds, doubts, doubt_helps=False)
    if surely.answer is Answer.YES or not doubts:
        return surely
    maybe = _walk(listed.entries, wanted, rights, holds, [], doubt_helps=True)
    return maybe if maybe.answer is Answer.NO else Verdict(Answer.UNKNOWN, doubts[0])


def _walk(entries: tuple[Entry, ...], wanted: int, rights: Mapping[int, int], holds: Holds, doubts: list[Entry], *, doubt_helps: bool) -> Verdict:
    """One way through; `doubt_helps` takes what is unknown in the account's favour, else against it. `doubts` gets what was unknown."""
    left = wanted
    for entry in entries:
        kind = _CONDITIONAL.get(entry.kind, entry.kind)
        meant = left & mapped(entry.mask, rights)
        if not meant or entry.flags & INHERIT_ONLY or kind not in (ALLOW, DENY):
            continue
        met = holds(entry.sid)
        if met is Answer.YES and entry.kind in _CONDITIONAL:
            met = Answer.UNKNOWN
        if met is Answer.UNKNOWN:
            doubts.append(entry)
            met = Answer.YES if doubt_helps == (kind == ALLOW) else Answer.NO
        if met is Answer.NO:
            continue
        if kind == DENY:
            return Verdict(Answer.NO, entry)
        left &= ~meant
        if not left:
            return Verdict(Answer.YES, entry)
    return Verdict(Answer.NO)


def mapped(mask: int, rights: Mapping[int, int]) -> int:
    """A mask with what its generic rights stand for."""
    for generic, specific in rights.items():
        if mask & generic:
            mask |= specific
    return mask
