# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What crosses every layer: states, the change of one resource, and why something can't be had.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = str | int | bool | None | tuple[str, ...]
State = Mapping[str, Value]


class StateError(Exception):
    """A resource can't be read, planned or applied; the text is one sentence for the person who runs the play.

    `planned` holds what would change of the other resources of the list, if that could be told, and `refused` why not of the rest.
    """

    planned: Sequence[Change] = ()
    refused: Sequence[Refusal] = ()


class BadRequest(StateError):
    """What is asked for can't be had, on this host or on any: nothing was written."""


class Missing(StateError):
    """A prerequisite that this collection does not bring is not on the host."""


class RestartNeeded(StateError):
    """What was changed takes effect after a restart of the host, and the rest of the list needs it."""


class ApplyFailed(StateError):
    """Windows refused a change."""


class NotConverged(StateError):
    """Windows accepted every change, and what it says afterwards is still not what was asked."""


@dataclass(frozen=True, slots=True)
class Override:
    """Why what is stored of a resource is not what holds.

    `what`: the part of the resource that it is about, `stored`: what is stored there, `effective`: what holds, empty where Windows does
    not tell. `by`: who overrides it, as a sentence without its full stop; `fix`: what a person has to do, likewise.
    """

    what: str
    stored: str
    effective: str
    by: str
    fix: str

    def describe(self) -> str:
        """All of it in one line."""
        return f"{self.by}; {self.fix}"


@dataclass(frozen=True, slots=True)
class Change:
    """What one resource is (`before`) and shall be (`after`); None stands for absent.

    `notes` are facts that a person may want to know and that are no part of the state, `warnings` those that a person has to act on,
    `overrides` what keeps the stored state from being in force.
    """

    kind: str
    name: str
    before: State | None
    after: State | None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    identity: str = ""

    @property
    def changed(self) -> bool:
        """True if something is to be done."""
        return self.before != self.after

    @property
    def keys(self) -> frozenset[str]:
        """The keys that differ."""
        before, after = self.before or {}, self.after or {}
        return frozenset(key for key in {*before, *after} if before.get(key) != after.get(key))

    def describe(self) -> str:
        """The change in one line: `service Winmgmt: start_mode manual -> auto`."""
        before, after = self.before or {}, self.after or {}
        keys = ", ".join(f"{key} {before.get(key)} -> {after.get(key)}" for key in sorted(self.keys))
        return f"{self.kind} {self.name}: {keys or 'as required'}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A resource of a list that can't be planned, and why."""

    kind: str
    name: str
    identity: str
    reason: str


def shown(value: Value) -> str:
    """A value of a state as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, ""):
        return "none"
    if value == ():
        return "any"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
