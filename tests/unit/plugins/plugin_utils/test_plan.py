# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan engine on a host of two dictionaries."""

from __future__ import annotations

from typing import ClassVar

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import (
    BadRequest,
    Change,
    Missing,
    NotConverged,
    Resource,
    RestartNeeded,
    State,
    converge,
    plan,
)


class Shelf:
    """A host that keeps states by name, counts its reads and can be deaf to writes."""

    def __init__(self, **states: State) -> None:
        self.stored: dict[str, State] = dict(states)
        self.log: list[str] = []
        self.deaf = False

    def ready(self) -> None:
        self.log.append("ready")

    def expect_restart(self) -> None:
        self.log.append("expect restart")

    def forget(self) -> None:
        self.log.append("forget")


class Thing(Resource[Shelf]):
    """A resource whose asked state is a mapping, or None for absent."""

    kind = "thing"

    def __init__(self, name: str, asked: State | None) -> None:
        self.name = name
        self.asked = asked

    def expect(self, host: Shelf) -> None:
        host.log.append(f"expect {self.name}")

    def read(self, host: Shelf) -> State | None:
        host.log.append(f"read {self.name}")
        if self.name.startswith(("broken", "Broken")):
            raise BadRequest("It is broken.")
        return host.stored.get(self.name)

    def want(self, have: State | None) -> State | None:
        return None if self.asked is None else {**(have or {}), **self.asked}

    def apply(self, host: Shelf, change: Change) -> None:
        host.log.append(f"write {self.name} {','.join(sorted(change.keys))}")
        if not host.deaf and change.after is not None:
            host.stored[self.name] = change.after


class Fixed(Thing):
    """A kind that can't be created."""

    kind = "fixed"
    creatable = False


class Cut(Thing):
    """A kind whose write never comes to its end."""

    def apply(self, host: Shelf, change: Change) -> None:
        raise KeyboardInterrupt


def test_a_plan_writes_nothing() -> None:
    """A plan reads, says what would change, and leaves the host alone."""
    host = Shelf(a={"x": 1})
    (change,) = plan(host, [Thing("a", {"x": 2})])
    assert (change.changed, change.before, change.after) == (True, {"x": 1}, {"x": 2})
    assert host.stored == {"a": {"x": 1}}
    assert not [line for line in host.log if line.startswith("write")]


def test_everything_is_expected_before_anything_is_read() -> None:
    """The host learns of all reads first, so that it can fetch them together."""
    host = Shelf(a={}, b={})
    plan(host, [Thing("a", {}), Thing("b", {})])
    assert host.log == ["expect a", "expect b", "ready", "read a", "read b"]


def test_what_was_not_asked_for_never_differs() -> None:
    """Only the keys asked for are compared."""
    (change,) = plan(Shelf(a={"x": 1, "y": 2}), [Thing("a", {"x": 1})])
    assert not change.changed


def test_converge_writes_only_what_differs_and_reads_back() -> None:
    """Apply gets the keys that differ; afterwards everything is read again."""
    host = Shelf(a={"x": 1, "y": 2}, b={"x": 1})
    changes = converge(host, [Thing("a", {"x": 5, "y": 2}), Thing("b", {"x": 1})])
    assert [change.changed for change in changes] == [True, False]
    assert [line for line in host.log if line.startswith("write")] == ["write a x"]
    assert host.log.count("read a") == 2


def test_a_second_converge_reads_once_and_writes_nothing() -> None:
    """A run after a run costs what a check costs."""
    host = Shelf()
    converge(host, [Thing("a", {"x": 1})])
    host.log.clear()
    assert not any(change.changed for change in converge(host, [Thing("a", {"x": 1})]))
    assert host.log == ["expect a", "ready", "read a"]


def test_check_and_run_agree() -> None:
    """A plan reports exactly the changes that the run then makes."""
    wanted = [Thing("a", {"x": 2}), Thing("b", None), Thing("c", {"z": 1})]
    host = Shelf(a={"x": 1})
    assert plan(host, wanted) == converge(host, wanted)


def test_a_host_that_does_not_obey_is_told() -> None:
    """Writes that were accepted and are not there afterwards raise, naming resource and values."""
    host = Shelf(a={"x": 1})
    host.deaf = True
    with pytest.raises(NotConverged, match="thing a: x 1 -> 2"):
        converge(host, [Thing("a", {"x": 2})])


def test_nothing_is_written_if_one_resource_cannot_be_had() -> None:
    """Bad input in the last resource stops the first from being written."""
    host = Shelf(a={"x": 1})
    with pytest.raises(BadRequest):
        converge(host, [Thing("a", {"x": 2}), Thing("broken", {})])
    assert host.stored == {"a": {"x": 1}}


def test_what_cannot_be_had_is_told_at_once_and_the_rest_is_planned() -> None:
    """Each thing that can't be had is said once, in the order of the list, and the error carries what would change of the others."""
    shelf = Shelf(fine={"a": 1})
    with pytest.raises(BadRequest, match=r"^It is broken\.$") as caught:
        plan(shelf, [Thing("broken", {"a": 1}), Thing("fine", {"a": 2}), Thing("Broken too", {"a": 1})])
    assert [change.describe() for change in caught.value.planned] == ["thing fine: a 1 -> 2"]
    assert shelf.stored == {"fine": {"a": 1}}


def test_a_missing_prerequisite_is_drift_in_a_plan_and_an_error_in_a_run() -> None:
    """A service whose package is to come shows as drift; a run refuses it before the first write."""
    host = Shelf(a={"x": 1})
    wanted = [Thing("a", {"x": 2}), Fixed("service", {"x": 1})]
    assert [change.changed for change in plan(host, wanted)] == [True, True]
    with pytest.raises(Missing, match="no fixed service"):
        converge(host, wanted)
    assert host.stored == {"a": {"x": 1}}


def test_an_interrupted_run_is_finished_by_the_next() -> None:
    """What was written stays, what was not is found and written by the next run."""
    host = Shelf(a={"x": 1}, b={"x": 1})
    with pytest.raises(KeyboardInterrupt):
        converge(host, [Thing("a", {"x": 2}), Cut("b", {"x": 2})])
    assert host.stored == {"a": {"x": 2}, "b": {"x": 1}}
    assert [change.changed for change in converge(host, [Thing("a", {"x": 2}), Thing("b", {"x": 2})])] == [False, True]
    assert host.stored == {"a": {"x": 2}, "b": {"x": 2}}


def test_a_change_describes_itself() -> None:
    """One line names kind, resource, key and both values."""
    assert Change("service", "X", {"a": 1, "b": 2}, {"a": 1, "b": 3}).describe() == "service X: b 2 -> 3"
    assert Change("service", "X", {"a": 1}, {"a": 1}).describe() == "service X: as required"
    assert Change("rule", "R", None, {"a": 1}).keys == {"a"}


class Package(Thing):
    """Brings the thing `service` when it is applied, in the state that its file says."""

    kind = "package"
    installs = True
    brings: ClassVar[State] = {"size": 2}

    def apply(self, host: Shelf, change: Change) -> None:
        super().apply(host, change)
        if not host.deaf:
            host.stored["service"] = self.brings


class Fixture(Thing):
    """A thing that only something else can bring."""

    kind = "fixture"
    creatable = False


def test_what_a_package_is_going_to_bring_is_drift_and_no_error() -> None:
    """In a plan, what is missing behind a package that is to be installed is neither refused nor warned of."""
    package, service = Package("package", {"size": 1}), Fixture("service", {"size": 2})
    assert [change.warnings for change in plan(Shelf(), [package, service])] == [(), ()]
    assert plan(Shelf(), [service])[0].warnings


def test_what_a_package_brings_is_planned_anew_and_reported_as_changed() -> None:
    """After the package what comes behind it is read again: only what still differs is written, all of it is reported."""
    shelf = Shelf()
    changes = converge(shelf, [Package("package", {"size": 1}), Fixture("service", {"size": 2}), Thing("rule", {"size": 3})])
    assert [change.changed for change in changes] == [True, True, True]
    assert [line for line in shelf.log if line.startswith("write")] == ["write package size", "write rule size"]


class Told(Fixture):
    """A fixture that says whether it is there."""

    def notes(self, host: Shelf, have: State | None) -> tuple[str, ...]:
        return ("missing",) if have is None else ("there",)


def test_what_is_told_of_it_is_how_it_is_then() -> None:
    """Notes from before the package would be false after it."""
    asked = [Package("package", {"size": 1}), Told("service", {"size": 2})]
    assert plan(Shelf(), asked)[1].notes == ("missing",)
    assert converge(Shelf(), asked)[1].notes == ("there",)


def test_what_a_package_brings_otherwise_than_asked_is_corrected() -> None:
    """The change that is written is the one from the state that the package brought."""
    shelf = Shelf()
    changes = converge(shelf, [Package("package", {"size": 1}), Fixture("service", {"size": 9})])
    assert shelf.stored["service"] == {"size": 9}
    assert (changes[1].before, changes[1].after) == (None, {"size": 9})


def test_a_package_that_does_not_bring_what_is_asked_is_told_with_what_was_done() -> None:
    """What is still missing behind the package fails the run and names what was changed before."""
    with pytest.raises(Missing, match=r"no fixture other on this host.*Changed before that: package package: size None -> 1"):
        converge(Shelf(), [Package("package", {"size": 1}), Fixture("other", {"size": 2})])


def test_a_package_that_is_there_brings_nothing() -> None:
    """What is missing behind an installed package is refused before anything is written."""
    shelf = Shelf(package={"size": 1})
    with pytest.raises(Missing, match="Nothing else was changed"):
        converge(shelf, [Thing("rule", {"size": 3}), Package("package", {"size": 1}), Fixture("service", {"size": 2})])
    assert not [line for line in shelf.log if line.startswith("write")]


class Framework(Package):
    """A package that takes effect after a restart."""

    kind = "framework"

    def apply(self, host: Shelf, change: Change) -> None:
        super().apply(host, change)
        self.awaits_restart = True


def test_what_needs_a_restart_first_waits_for_the_next_run() -> None:
    """The rest of the list is not begun; the error says what was changed and what to do."""
    shelf = Shelf()
    with pytest.raises(RestartNeeded, match=r"restart it and run the play again.* Changed before that: framework net: size None -> 1"):
        converge(shelf, [Framework("net", {"size": 1}), Thing("rule", {"size": 3})])
    assert "rule" not in shelf.stored


def test_a_restart_that_nothing_waits_for_is_no_error() -> None:
    """As the only or the last resource with something to do it is simply changed."""
    assert [change.changed for change in converge(Shelf(rule={"size": 3}), [Framework("net", {"size": 1}), Thing("rule", {"size": 3})])] == [True, False]


class Installing(Thing):
    """A thing that can leave its host waiting for a restart."""

    may_restart = True


def test_whether_the_host_waits_for_a_restart_is_asked_with_the_other_reads() -> None:
    """Only if something in the list can leave it waiting, once, and before anything is read."""
    shelf, other = Shelf(), Shelf()
    plan(shelf, [Thing("a", None), Installing("b", None), Installing("c", None)])
    plan(other, [Thing("a", None)])
    assert shelf.log[3:5] == ["expect restart", "ready"]
    assert shelf.log.count("expect restart") == 1
    assert "expect restart" not in other.log
