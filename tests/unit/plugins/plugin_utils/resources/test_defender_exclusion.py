# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exclusions of Microsoft Defender on a host of a few attributes: which entries are the same, which are too wide, what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Exclusions, Host
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest, NotConverged, converge, plan
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._defender_request import check_width, obstacle, unique, wide_folders

from .test_requests import resource

A, B = "C:\\Vendor\\A", "C:\\Vendor\\B"


class Fake:
    """A host with exclusions that takes changes or, if `deaf`, only says so."""

    name = "pc01"

    def __init__(self, found: Exclusions, *, deaf: bool = False) -> None:
        self.found, self._deaf = found, deaf
        self.calls: list[tuple[str, Mapping[str, Sequence[str]]]] = []
        self.defender = SimpleNamespace(read=lambda: self.found, expect=lambda: None, change=self._change)
        self.registry = SimpleNamespace(expect=lambda _path: None)

    def _change(self, method: str, entries: Mapping[str, Sequence[str]]) -> None:
        self.calls.append((method, entries))
        if self._deaf:
            return
        now = list(self.found.local.get("paths", ()))
        now = [*now, *entries["paths"]] if method == "Add" else [entry for entry in now if entry not in entries["paths"]]
        self.found = Exclusions("active", self.found.policy, {"paths": tuple(now)})

    def ready(self) -> None:
        """As Host's."""

    def forget(self) -> None:
        """As Host's."""

    def expect_folders(self) -> None:
        """As Host's."""

    def expand(self, path: str) -> str:
        """As Host's."""
        return path.replace("%ProgramData%", "C:\\ProgramData")

    def locate(self, candidates: list[str]) -> str:
        """As Host's."""
        return self.expand(candidates[0]).rstrip("\\")


def _converge(fake: Fake, **options: Any) -> list[Any]:
    return converge(cast(Host, fake), [resource("defender_exclusion", **options)])


def test_only_what_is_missing_is_sent() -> None:
    """Local and policy's entries count in any spelling; one call adds the rest."""
    fake = Fake(Exclusions("active", {"paths": ("%ProgramData%\\X\\",)}, {"paths": ("c:\\vendor\\a", "D:\\Others")}))
    (change,) = _converge(fake, paths=[A, B, "C:\\ProgramData\\X", "C:\\VENDOR\\b\\"])
    assert fake.calls == [("Add", {"paths": [B]})]
    assert change.before == {"paths": (A, "C:\\ProgramData\\X")}
    assert not _converge(fake, paths=[A, B])[0].changed


def test_what_is_stored_is_removed_in_its_own_spelling() -> None:
    """Defender may compare more strictly than people do; others' entries and policy's stay."""
    fake = Fake(Exclusions("active", {"paths": (B,)}, {"paths": ("c:\\vendor\\a\\", "D:\\Others")}))
    (change,) = _converge(fake, paths=[A, B], state="absent")
    assert fake.calls == [("Remove", {"paths": ["c:\\vendor\\a\\"]})]
    assert change.after == {"paths": (B,)}
    assert "they stay until it does no more: C:\\Vendor\\B" in change.overrides[0].describe()


def test_what_defender_only_pretends_to_take_is_told() -> None:
    """Nothing explains it, so it is an error and no success."""
    with pytest.raises(NotConverged, match="paths None -> "):
        _converge(Fake(Exclusions("active"), deaf=True), paths=[A])


@pytest.mark.parametrize(
    "found",
    [
        Exclusions("absent"),
        Exclusions("off"),
        Exclusions("passive"),
        Exclusions("active", hidden=True),
        Exclusions("active", locked=True),
        Exclusions("active", local={"paths": (A,)}, local_counts=False),
    ],
)
def test_an_obstacle_is_told_and_no_drift(found: Exclusions) -> None:
    """The plan has no change and one warning that names the entries; a run writes nothing."""
    fake = Fake(found)
    (change,) = _converge(fake, paths=[A])
    assert (change.changed, len(change.overrides), fake.calls) == (False, 1, [])
    assert A in change.overrides[0].describe()


def test_an_obstacle_without_drift_is_none() -> None:
    """Where all is in force, locks and hidden lists are nobody's business."""
    policy = {"paths": (A,)}
    for found in (Exclusions("active", policy, hidden=True), Exclusions("active", policy, locked=True, local_counts=False)):
        (change,) = plan(cast(Host, Fake(found)), [resource("defender_exclusion", paths=[A])])
        assert (change.changed, change.overrides) == (False, ())
    assert obstacle(Exclusions("absent"), [A], lambda key, value: "", present=False) is None


def test_entries_that_mean_the_same_are_one() -> None:
    """The first spelling stays, in its place."""
    assert unique("paths", ["C:\\A\\", "D:\\B", "c:/a"]) == ("C:\\A\\", "D:\\B")
    assert unique("extensions", [".log", "LOG", "tmp"]) == (".log", "tmp")


@pytest.mark.parametrize("entry", ["C:", "c:\\*", "\\", "*", "*.*", "C:\\ProgramData", "c:/programdata\\", "C:\\ProgramData\\*"])
def test_what_is_too_wide_is_refused(entry: str) -> None:
    """A drive, and a folder that all products share, with and without wildcards."""
    with pytest.raises(BadRequest, match="would leave the host without protection"):
        check_width([entry], wide_folders(lambda path: path.replace("%programdata%", "C:\\ProgramData")))


def test_a_products_folder_is_not_too_wide() -> None:
    """Also below a folder that is, and a program by its name alone."""
    check_width(["C:\\ProgramData\\Netwrix Auditor", "C:\\Windows\\Netwrix", "UAVRAgent.exe", "D:\\Data\\*"], wide_folders(lambda path: path))
