# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play asks of Defender's exclusions, and why some of it can't be had: pure, and in words.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._host import Exclusions
from .._host._commands import UNPRINTABLE
from .._host._defender import HIDE, NO_MERGE, POLICIES
from .._plan import BadRequest, Override

LISTS = ("paths", "processes", "extensions")
_CONTROL = re.compile(f"[{UNPRINTABLE}]")
_GROUP_POLICY = "Group Policy at Computer Configuration > Administrative Templates > Windows Components > Microsoft Defender Antivirus > Exclusions"
# Who looks after the host instead, and where to exclude then: nobody can ask that one.
_ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "absent": ("This host has no Microsoft Defender Antivirus", "exclude these in the antivirus that it has"),
    "off": ("Microsoft Defender Antivirus does not run on this host", "exclude these in the antivirus that does"),
    "passive": ("Microsoft Defender Antivirus leaves this host to another antivirus (passive mode)", "exclude these in that one"),
}
_WHAT = "exclusions"
# What malware would like to see excluded: a drive, or a folder that holds much more than one product.
_WIDE = ("%systemroot%", "%systemroot%\\system32", "%programfiles%", "%programfiles(x86)%", "%programdata%", "%systemdrive%\\users", "%systemdrive%\\temp")


def asked_of(options: Mapping[str, Any]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """For each list that is asked for its entries, each as the candidates of which the first that resolves is taken.

    Raises:
        BadRequest: an entry is no text and no list of texts.
    """
    asked = {kind: tuple(_candidates(kind, entry) for entry in options[kind]) for kind in LISTS if options[kind]}
    if not asked:
        raise BadRequest("Give at least one of paths, processes and extensions that is not empty.")
    return asked


def _candidates(kind: str, entry: Any) -> tuple[str, ...]:
    texts = entry if isinstance(entry, list) else [entry]
    if not texts or not all(isinstance(text, str) and text.strip(" .\\") and not _CONTROL.search(text) for text in texts):
        raise BadRequest(f"{entry!r} in {kind} is neither a text nor a list of texts.")
    if kind == "extensions" and re.search(r"[\\/*?:]", texts[0]):
        raise BadRequest(f"{entry!r} in extensions is no extension of file names such as .log.")
    return tuple(text.strip() for text in texts)


def canonical(kind: str, entry: str) -> str:
    """The form in which two entries of a list are compared."""
    return entry.lower().lstrip(".") if kind == "extensions" else entry.replace("/", "\\").rstrip("\\").lower()


def unique(kind: str, entries: Iterable[str]) -> tuple[str, ...]:
    """Without those that mean the same as one before."""
    first: dict[str, str] = {}
    for entry in entries:
        first.setdefault(canonical(kind, entry), entry)
    return tuple(first.values())


def wide_folders(expand: Callable[[str], str]) -> frozenset[str]:
    """The folders of a host that are no exclusion, in canonical form; `expand` puts the host's folders in place of variables."""
    return frozenset(canonical("paths", expand(folder)) for folder in _WIDE)


def check_width(entries: Iterable[str], wide: frozenset[str]) -> None:
    """Refuse a path that would leave much more than one product unprotected.

    Raises:
        BadRequest: it is a drive, or a folder of all programs, of all data, of Windows or of its users.
    """
    for entry in entries:
        if re.fullmatch(r"[a-z]?:?[\\/*?.]*", entry.lower()) or canonical("paths", entry).rstrip("*?.\\") in wide:
            raise BadRequest(f"{entry} is not excluded: that would leave the host without protection; name the product's own folders.")


def obstacle(found: Exclusions, left: Sequence[str], who: Callable[[str, str], str], *, present: bool) -> Override | None:
    """Why what is left can't be brought about by this host's own lists, and what to do; None if it can.

    `who` says by a registry key and a value of it who has set that.
    """
    entries = ", ".join(left)
    told = _obstacle(found, left, who, present=present)
    return told and replace(told, fix=f"{told.fix}: {entries}")


def _obstacle(found: Exclusions, left: Sequence[str], who: Callable[[str, str], str], *, present: bool) -> Override | None:
    state = "not excluded" if present else "excluded"
    if found.mode in ("off", "absent") or (found.mode == "passive" and present):
        by, fix = _ELSEWHERE[found.mode]
        return Override(_WHAT, "not in Defender's hands", "", by, fix) if present else None
    if not left:
        return None
    if found.hidden:
        by = f"{_who(found, HIDE, who)} hides the exclusions of this host from administrators, so nobody can tell about these"
        return Override(_WHAT, "hidden", "", by, f"change them in {_GROUP_POLICY}, or in Intune")
    if found.locked:
        by = "Tamper protection locks the exclusions of this host"
        return Override(_WHAT, state, state, by, "change them where its policy comes from, Intune or Configuration Manager")
    if not found.local_counts and present:
        by = f"{_who(found, NO_MERGE, who)} lets no exclusions count but its own"
        return Override(_WHAT, state, state, by, f"add these in {_GROUP_POLICY}, or in Intune")
    return None


def _who(found: Exclusions, value: str, who: Callable[[str, str], str]) -> str:
    place = found.places.get(value)
    if place is None:
        return "A policy"
    return f"{who(place, value) if place == POLICIES else 'A policy of device management (MDM)'} ({place}, {value})"


def kept_by_policy(kept: Sequence[str]) -> Override:
    """What to do about entries that a policy sets and that are to be gone."""
    return Override(_WHAT, "set by a policy", "excluded", "A policy sets these", f"they stay until it does no more: {', '.join(kept)}")
