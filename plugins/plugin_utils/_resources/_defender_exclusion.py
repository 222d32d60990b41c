# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exclusions of Microsoft Defender Antivirus: that these are in force, or that they are not.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._host import Exclusions, Host, is_registry
from .._host._defender import POLICIES
from .._plan import Change, Override, Resource, State
from ._defender_request import asked_of, canonical, check_width, kept_by_policy, obstacle, unique, wide_folders

Lists = dict[str, tuple[str, ...]]


class DefenderExclusion(Resource[Host]):
    """`paths`, `processes`, `extensions`: the asked ones that are in force, None for none. What others have excluded never differs."""

    kind = "defender_exclusion"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._asked = asked_of(options)
        self._present = options["state"] == "present"
        shown = [candidates[-1] for entries in self._asked.values() for candidates in entries]
        self.name = shown[0] if len(shown) == 1 else f"{shown[0]} and {len(shown) - 1} more"
        self.identity = repr(self._asked)
        self._after: Lists = {}
        self._obstacle: Override | None = None
        self._kept: tuple[str, ...] = ()

    def expect(self, host: Host) -> None:
        """The policies, and what the paths need, go with the registry's other reads."""
        host.defender.expect()
        host.expect_folders()
        for candidate in (text for entries in self._asked.values() for candidates in entries for text in candidates if is_registry(text)):
            host.registry.expect(host.native(candidate).rpartition("\\")[0])

    def read(self, host: Host) -> State | None:
        """Those of the asked ones that count; a local entry does not where policy's are the only ones.

        Raises:
            Missing: no candidate of an entry leads to a folder.
        """
        found = host.defender.read()
        wanted = {kind: unique(kind, (_resolved(host, kind, candidates) for candidates in entries)) for kind, entries in self._asked.items()}
        policy = {kind: _among(host, kind, wanted[kind], found.policy) for kind in wanted}
        local = {kind: _among(host, kind, wanted[kind], found.local) if found.local_counts else {} for kind in wanted}
        have = {kind: tuple(entry for entry in wanted[kind] if entry in policy[kind] or entry in local[kind]) for kind in wanted}
        if self._present:
            self._after = wanted
        else:
            # Removed is what is stored, in the spelling of whoever stored it.
            have = {kind: tuple(local[kind].get(entry, entry) for entry in have[kind]) for kind in have}
            self._after = {kind: tuple(entry for entry in wanted[kind] if entry in policy[kind]) for kind in wanted}
        self._judge(host, found, wanted, policy, have)
        return _state(have)

    def _judge(self, host: Host, found: Exclusions, wanted: Lists, policy: Mapping[str, Mapping[str, str]], have: Lists) -> None:
        """Note why what differs can't be changed on this host."""
        if found.mode != "active" and self._present:
            left = [entry for kind in wanted for entry in wanted[kind]]
        elif found.hidden:
            left = [entry for kind in wanted for entry in wanted[kind] if entry not in policy[kind]]
        else:
            left = [entry for kind in wanted for entry in (*self._after[kind], *have[kind]) if (entry in have[kind]) != (entry in self._after[kind])]
        self._obstacle = obstacle(found, left, lambda key, value: host.policies.source(POLICIES, key, value).who, present=self._present)
        self._kept = () if self._present else tuple(entry for kind in wanted for entry in self._after[kind])

    def want(self, have: State | None) -> State | None:
        """All that were asked for, or none but policy's; what is there, where it can't be changed."""
        return have if self._obstacle else _state(self._after)

    def check(self, host: Host, change: Change) -> None:
        """What would leave the host without protection is not excluded."""
        if self._present:
            check_width((*self._after.get("paths", ()), *self._after.get("processes", ())), wide_folders(host.expand))

    def apply(self, host: Host, change: Change) -> None:
        """One message for all that differ."""
        before, after = change.before or {}, change.after or {}
        more, less = (after, before) if self._present else (before, after)
        entries = {kind: [entry for entry in _entries(more, kind) if entry not in _entries(less, kind)] for kind in self._asked}
        host.defender.change("Add" if self._present else "Remove", entries)

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """What is in the way, with what to do about it."""
        kept = (kept_by_policy(self._kept),) if self._kept else ()
        return (self._obstacle, *kept) if self._obstacle else kept


def _resolved(host: Host, kind: str, candidates: tuple[str, ...]) -> str:
    return candidates[0] if kind == "extensions" else host.locate(list(candidates)).replace("/", "\\")


def _among(host: Host, kind: str, wanted: tuple[str, ...], lists: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Those of the wanted ones that are in a list, each with its spelling there."""
    there = {canonical(kind, host.expand(entry)): entry for entry in lists.get(kind, ())}
    return {entry: there[canonical(kind, entry)] for entry in wanted if canonical(kind, entry) in there}


def _state(lists: Lists) -> State | None:
    return {kind: entries or None for kind, entries in lists.items()} if any(lists.values()) else None


def _entries(state: State, kind: str) -> tuple[str, ...]:
    value = state.get(kind)
    return value if isinstance(value, tuple) else ()
