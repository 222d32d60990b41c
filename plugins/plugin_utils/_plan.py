# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: what differs between a host and what is asked of it.

One frozen `Change` per resource crosses every layer: `changed`, `--diff`, check mode, drift and the reports derive
from it. This file knows neither Ansible nor Windows; a host only has to be able to forget what it has read.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Generic, Protocol, TypeVar

from ._state import (
    ApplyFailed,
    BadRequest,
    Change,
    Missing,
    NotConverged,
    Override,
    Refusal,
    RestartNeeded,
    State,
    StateError,
    Value,
    shown,
)

__all__ = [
    "ApplyFailed",
    "BadRequest",
    "Change",
    "Missing",
    "NotConverged",
    "Override",
    "Refusal",
    "Resource",
    "RestartNeeded",
    "State",
    "StateError",
    "Target",
    "Value",
    "converge",
    "plan",
    "shown",
]


class Target(Protocol):
    """All that the plan itself asks of a host."""

    def ready(self) -> None:
        """Make sure that the host can be managed at all; StateError if not."""

    def expect_restart(self) -> None:
        """Something in the list can leave the host waiting for a restart: find out with the next reads whether it does."""

    def forget(self) -> None:
        """Drop everything that was read, so that the next read asks the host again."""


HostT = TypeVar("HostT", bound=Target)


class Resource(ABC, Generic[HostT]):
    """One thing on a host, and the state asked of it. A kind of resource is a small subclass."""

    kind: ClassVar[str]
    creatable: ClassVar[bool] = True
    """False if the kind can only be changed where it exists: a service, unlike a firewall rule."""
    installs: ClassVar[bool] = False
    """True if it may bring others, as a package brings its service: those after it are planned anew once it was applied."""
    may_restart: ClassVar[bool] = False
    """True if it can leave the host waiting for a restart: the result then says whether it does, whoever was the cause."""

    awaits_restart: bool = False
    """Set by `apply` if what it did takes effect after a restart of the host: what comes behind it in a list then waits for the next run."""

    name: str
    identity: str = ""
    """What tells it from others of its kind, where the name does not."""

    def expect(self, host: HostT) -> None:
        """Say what `read` is going to need, so that the host can fetch it for all resources in few messages."""

    @abstractmethod
    def read(self, host: HostT) -> State | None:
        """The state on the host in canonical values, None if absent. The only reader."""

    @abstractmethod
    def want(self, have: State | None) -> State | None:
        """The state asked for, given the one that is there. Pure: what was not asked for never differs."""

    @abstractmethod
    def apply(self, host: HostT, change: Change) -> None:
        """Bring the change about, touching only the keys that differ."""

    def check(self, host: HostT, change: Change) -> None:
        """Refuse a change that can't be brought about as planned; asked before anything is written.

        Raises:
            BadRequest: it can't.
        """

    def lacks(self, host: HostT, change: Change) -> str | None:
        """What a run would need and does not have, as a sentence: a warning in a plan, an error before the first write in a run."""
        if change.before is not None or change.after is None or self.creatable:
            return None
        return f"There is no {self.kind} {self.name} on this host; check the name, or install what brings it first."

    def notes(self, host: HostT, have: State | None) -> tuple[str, ...]:
        """What a person may want to know besides the state, from what has been read already."""
        return ()

    def warnings(self, host: HostT, have: State | None) -> tuple[str, ...]:
        """What is in the way of the state and is not ours to change."""
        return ()

    def overrides(self, host: HostT, change: Change) -> tuple[Override, ...]:
        """What keeps the stored state from being in force, and is not ours to change."""
        return ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells the resource from every other in a list."""
        return (self.kind, (self.identity or self.name).lower())


def plan(host: HostT, resources: Sequence[Resource[HostT]]) -> list[Change]:
    """Read every resource and say what would change. Writes nothing.

    Raises:
        StateError: a resource can't be read or what is asked of it can't be had. All such resources are told at once, and the others are planned.
    """
    _refuse_twins(resources)
    for resource in resources:
        resource.expect(host)
    if any(resource.may_restart for resource in resources):
        host.expect_restart()
    host.ready()
    changes = _changes(host, resources)
    lacking = _lacking(host, resources, changes)
    return [
        replace(change, warnings=(*change.warnings, f"a run fails: {lacking[place]}")) if place in lacking else change for place, change in enumerate(changes)
    ]


def converge(host: HostT, resources: Sequence[Resource[HostT]]) -> list[Change]:
    """Plan everything, then write, then read back; returns what was changed.

    Raises:
        StateError: before the first write if anything can't be had, or when Windows refuses one.
        NotConverged: something differs after every change was accepted.
    """
    changes = plan(host, resources)
    done: list[Change] = []
    try:
        _refuse_lacking(_lacking(host, resources, changes))
        _write(host, resources, changes, done)
    except StateError as error:
        before = "; ".join(change.describe() for change in done)
        raise type(error)(f"{error} {f'Changed before that: {before}' if before else 'Nothing else was changed'}.") from error
    if not done:
        return changes
    host.forget()
    left = plan(host, resources)
    _refuse_leftovers(left)
    return [replace(change, overrides=now.overrides) for change, now in zip(changes, left, strict=True)]


def _write(host: HostT, resources: Sequence[Resource[HostT]], changes: list[Change], done: list[Change]) -> None:
    """Apply what differs; `done` tells how far it came, `changes` what each resource was and is now required to be."""
    pending = list(changes)
    for place, resource in enumerate(resources):
        if not pending[place].changed:
            continue
        resource.apply(host, pending[place])
        done.append(pending[place])
        if resource.awaits_restart and any(change.changed for change in pending[place + 1 :]):
            raise RestartNeeded(f"{resource.kind} {resource.name} takes effect when the host has been restarted; restart it and run the play again.")
        if resource.installs:
            host.forget()
            later = plan(host, resources[place + 1 :])
            _refuse_lacking(_lacking(host, resources[place + 1 :], later))
            pending[place + 1 :] = later
            # What was absent before the package and is as required after it has changed all the same; what is told of it is how it is now.
            changes[place + 1 :] = [
                replace(first, after=now.after, notes=now.notes, warnings=now.warnings, overrides=now.overrides)
                for first, now in zip(changes[place + 1 :], later, strict=True)
            ]


def _changes(host: HostT, resources: Sequence[Resource[HostT]]) -> list[Change]:
    changes: list[Change] = []
    errors: list[StateError] = []
    refused: list[Refusal] = []
    for resource in resources:
        try:
            changes.append(_change(host, resource))
        except StateError as error:
            errors.append(error)
            refused.append(Refusal(resource.kind, resource.name, resource.key[1], str(error)))
    if errors:
        # What is wrong with the host is said by each resource that meets it.
        together = type(errors[0])(" ".join(dict.fromkeys(str(error) for error in errors)))
        together.planned, together.refused = changes, refused
        raise together from errors[0]
    return changes


def _change(host: HostT, resource: Resource[HostT]) -> Change:
    have = resource.read(host)
    change = Change(
        resource.kind, resource.name, have, resource.want(have), resource.notes(host, have), resource.warnings(host, have), identity=resource.key[1]
    )
    if change.changed:
        resource.check(host, change)
    return replace(change, overrides=resource.overrides(host, change))


def _refuse_twins(resources: Sequence[Resource[HostT]]) -> None:
    seen: set[tuple[str, str]] = set()
    for resource in resources:
        if resource.key in seen:
            raise BadRequest(f"{resource.kind} {resource.name} is asked for twice in one list; leave one of them.")
        seen.add(resource.key)


def _lacking(host: HostT, resources: Sequence[Resource[HostT]], changes: Sequence[Change]) -> dict[int, str]:
    """What can't be brought about as things are, by its place in the list; behind a pending installation nobody knows yet."""
    found: dict[int, str] = {}
    for place, (resource, change) in enumerate(zip(resources, changes, strict=True)):
        if reason := resource.lacks(host, change):
            found[place] = reason
        if resource.installs and change.changed:
            break
    return found


def _refuse_lacking(lacking: Mapping[int, str]) -> None:
    for reason in lacking.values():
        raise Missing(reason)


def _refuse_leftovers(changes: Sequence[Change]) -> None:
    left = [change.describe() for change in changes if change.changed]
    if left:
        raise NotConverged(f"Windows accepted the changes, but read back they are not in place: {'; '.join(left)}.")
