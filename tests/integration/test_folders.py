# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders and registry keys: what is removed, what is refused, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

HOST = "folders"
DATA = "%ProgramData%\\Vendor"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A German host with a vendor's data, of which one file is open."""
    with open_lab(tmp_path_factory.mktemp("folders"), HERE / "fleets" / "kinds.yml") as opened:
        yield opened


def _one(lab: Lab, module: str, *, check: bool = False, **options: Any) -> Outcome:
    return lab.play([task("it", module, **options)], [HOST], check=check).get("it", HOST)


def _there(lab: Lab, path: str) -> bool:
    return lab.session(HOST).run_cmd(f'dir /b "{path}"').status_code == 0


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("folder", "C:\\Windows\\System32"),
        ("folder", "%SystemRoot%\\Logs"),
        ("folder", "%ProgramFiles%"),
        ("folder", "%ProgramData%\\Microsoft"),
        ("folder", "C:\\Users\\Public"),
        ("registry_key", "HKLM\\SOFTWARE\\Microsoft"),
    ],
)
def test_windows_own_things_are_never_removed(lab: Lab, module: str, path: str) -> None:
    """One sentence in check mode as in a run, also where variables hide what is meant, and nothing is written."""
    before = lab.writes(HOST)
    for check in (True, False):
        found = _one(lab, module, path=path, state="absent", check=check)
        assert found.outcome == "failed", found.result
        assert "removed" in found.message or "deleted" in found.message
    assert lab.writes(HOST) == before


def test_a_file_in_use_is_told_and_the_next_run_finishes(lab: Lab) -> None:
    """What Windows says is quoted; what could be removed is gone, the rest goes when the file is closed."""
    found = _one(lab, "folder", path=DATA, state="absent")
    assert found.outcome == "failed", found.result
    assert "C:\\ProgramData\\Vendor" in found.message
    lab.fleet.hosts[HOST].windows.files.release("C:\\ProgramData\\Vendor\\held\\open.log")
    assert _one(lab, "folder", path=DATA, state="absent").result["changed"]
    assert not _there(lab, "C:\\ProgramData\\Vendor")
    # A folder whose name only begins alike is another one.
    assert _there(lab, "C:\\ProgramData\\Vendor data")
    assert not _one(lab, "folder", path=DATA, state="absent").result["changed"]


def test_a_file_is_no_folder(lab: Lab) -> None:
    """A file in the folder's place is refused, and left alone where no folder shall be."""
    present = _one(lab, "folder", path="C:\\ProgramData\\plain")
    assert present.outcome == "failed"
    assert "is a file where a folder is asked for" in present.message
    absent = _one(lab, "folder", path="C:\\ProgramData\\plain", state="absent")
    assert (absent.outcome, absent.result["changed"]) == ("ok", False)
    assert "is a file and stays" in absent.result["notes"][0]
    assert _there(lab, "C:\\ProgramData\\plain")


def test_many_folders_cost_what_one_costs(lab: Lab) -> None:
    """All folders are looked up by one command: plain paths by the registry's own, variables by one more."""
    plain = [{"folder": {"path": f"C:\\ProgramData\\Vendor data\\{number}"}} for number in range(4)]
    hidden = [{"folder": {"path": f"%ProgramData%\\Vendor data\\v{number}"}} for number in range(4)]
    key = [{"registry_key": {"path": "HKLM\\SOFTWARE\\Vendor\\Product"}}]
    messages = [
        _one(lab, "desired_state", resources=resources, check=True).result["transport"]["messages"]
        for resources in (key, key + plain, plain[:1], hidden[:1], hidden)
    ]
    # A key that is not there costs a message more, which tells it from one that may not be read.
    assert messages[0] == messages[1] == messages[2] + 1
    assert messages[3] == messages[4] == messages[2] + 2
