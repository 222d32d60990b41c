# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list of entries lets an account do, in many small cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._security import AccessList, Entry
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._effective_access import (
    FILE_READ,
    FILE_RIGHTS,
    KEY_READ,
    KEY_RIGHTS,
    Answer,
    effective,
    mapped,
)

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
ME, MINE, OTHER, DOMAIN = "S-1-5-21-1-2-3-1001", "S-1-5-32-545", "S-1-5-21-1-2-3-1002", "S-1-5-21-1-2-3-2000"
FULL, READ, READ_EXECUTE, WRITE = 0x1F01FF, 0x120089, 0x1200A9, 0x120116
GENERIC_READ, GENERIC_ALL = 0x80000000, 0x10000000
INHERIT_ONLY, INHERITED = 8, 16


def _holds(sid: str) -> Answer:
    """The account is itself and in MINE; nobody knows who is in DOMAIN."""
    return {ME: YES, MINE: YES, DOMAIN: UNKNOWN}.get(sid, NO)


def allow(sid: str, mask: int = READ, flags: int = 0) -> Entry:
    """An entry that allows."""
    return Entry(0, flags, mask, sid)


def deny(sid: str, mask: int = READ, flags: int = 0) -> Entry:
    """An entry that denies."""
    return Entry(1, flags, mask, sid)


def _verdict(*entries: Entry, holds: Callable[[str], Answer] = _holds) -> Answer:
    return effective(AccessList(entries), FILE_READ, FILE_RIGHTS, holds).answer


@pytest.mark.parametrize(
    ("entries", "answer"),
    [
        ((allow(ME),), YES),
        ((allow(MINE, READ_EXECUTE),), YES),
        ((allow(OTHER, FULL),), NO),
        ((allow(ME, WRITE),), NO),
        ((allow(ME, GENERIC_READ),), YES),
        ((allow(ME, GENERIC_ALL),), YES),
        ((allow(ME, 0x20000000),), NO),
        # Rights add up over entries.
        ((allow(ME, 0x1), allow(MINE, READ & ~0x1)), YES),
        ((allow(ME, 0x1), allow(OTHER, READ & ~0x1)), NO),
        # The first entry about a right decides it.
        ((deny(ME), allow(ME)), NO),
        ((allow(ME), deny(ME)), YES),
        ((deny(MINE), allow(ME)), NO),
        ((deny(OTHER), allow(ME)), YES),
        ((deny(ME, 0x1), allow(ME)), NO),
        # To deny what is not asked for does not matter.
        ((deny(ME, 0x2), allow(ME)), YES),
        ((deny(ME, GENERIC_ALL), allow(ME)), NO),
        # An own entry that allows stands before an inherited one that denies.
        ((allow(ME), deny(ME, flags=INHERITED)), YES),
        # What is there for those below is none of this object's.
        ((allow(ME, flags=INHERIT_ONLY),), NO),
        ((deny(ME, flags=INHERIT_ONLY), allow(ME)), YES),
        # Audit entries decide nothing, entries with a condition can't be judged.
        ((Entry(2, 0, READ, ME),), NO),
        ((Entry(9, 0, READ, ME),), UNKNOWN),
        ((Entry(10, 0, READ, ME), allow(ME)), UNKNOWN),
        ((Entry(9, 0, READ, OTHER),), NO),
        # Who is in a domain's group is not known.
        ((allow(DOMAIN),), UNKNOWN),
        ((deny(DOMAIN), allow(ME)), UNKNOWN),
        ((allow(DOMAIN), allow(ME)), YES),
        ((deny(ME), allow(DOMAIN)), NO),
        ((deny(DOMAIN),), NO),
        ((allow(DOMAIN, 0x1),), NO),
        ((allow(DOMAIN), deny(ME)), UNKNOWN),
        ((), NO),
    ],
)
def test_entries_decide_in_their_order(entries: tuple[Entry, ...], answer: Answer) -> None:
    """As Windows walks through them: deny and allow, own groups, generic rights, inheritance, and what is not known."""
    assert _verdict(*entries) is answer


def test_a_null_list_lets_everybody_in_and_an_empty_one_nobody() -> None:
    """The two must not be mixed up, and where the host does not tell which it is, nobody knows."""
    assert effective(AccessList(None), FILE_READ, FILE_RIGHTS, _holds).answer is YES
    assert effective(AccessList(()), FILE_READ, FILE_RIGHTS, _holds).answer is NO
    assert effective(AccessList((), unsure=True), FILE_READ, FILE_RIGHTS, _holds).answer is UNKNOWN


def test_the_entry_that_decides_is_told() -> None:
    """What denies, what is in doubt; nothing where no entry is about the account."""
    denied = effective(AccessList((deny(MINE), allow(ME))), FILE_READ, FILE_RIGHTS, _holds)
    assert (denied.entry, denied.denied) == (deny(MINE), True)
    missing = effective(AccessList((allow(OTHER),)), FILE_READ, FILE_RIGHTS, _holds)
    assert (missing.entry, missing.denied) == (None, False)
    assert effective(AccessList((allow(DOMAIN),)), FILE_READ, FILE_RIGHTS, _holds).entry == allow(DOMAIN)


def test_only_groups_that_count_are_asked_for() -> None:
    """Each question for a group's members costs messages: none is asked behind the entry that decides, nor for other rights."""
    asked: list[str] = []

    def holds(sid: str) -> Answer:
        asked.append(sid)
        return _holds(sid)

    _verdict(allow(OTHER, 0x2), allow(ME), allow(DOMAIN, FULL), holds=holds)
    assert asked == [ME]


def test_generic_rights_of_files_and_keys_differ() -> None:
    """KEY_READ is another mask than FILE_GENERIC_READ."""
    assert mapped(GENERIC_READ, KEY_RIGHTS) & KEY_READ == KEY_READ
    assert mapped(GENERIC_READ, FILE_RIGHTS) & FILE_READ == FILE_READ
    assert effective(AccessList((allow(ME, 0x20019),)), KEY_READ, KEY_RIGHTS, _holds).answer is YES
    assert effective(AccessList((allow(ME, 0x1),)), KEY_READ, KEY_RIGHTS, _holds).answer is NO
