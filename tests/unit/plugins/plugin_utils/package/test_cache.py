# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages kept on the controller, and the locks between processes."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import Cache, default_folder, slots
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package._cache import file_name
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest

CONTENT = b"a package" * 300000
DIGITS = hashlib.sha256(CONTENT).hexdigest()
# As Ansible makes its workers.
FORK = multiprocessing.get_context("fork")


class Broken:
    """A stream that ends in an error."""

    def __init__(self) -> None:
        self._pieces = [CONTENT[:100000]]

    def read(self, size: int, /) -> bytes:
        if not self._pieces:
            raise ConnectionResetError("gone")
        return self._pieces.pop()


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_added_is_found(tmp_path: Path) -> None:
    """A file is kept under its checksum and its name, and found by its checksum, however that is written."""
    cache = Cache(tmp_path / "cache")
    assert cache.find(DIGITS) is None
    kept = cache.add(io.BytesIO(CONTENT), "agent.msi", DIGITS)
    assert kept == tmp_path / "cache" / DIGITS / "agent.msi"
    assert kept.read_bytes() == CONTENT
    assert cache.find(f"SHA256:{DIGITS.upper()}") == kept
    assert Cache(tmp_path / "cache").add(kept, "agent.msi") == kept
    assert _files(cache.folder) == [f"{DIGITS}/agent.msi"]


def test_only_the_user_reads_the_cache(tmp_path: Path) -> None:
    """Folders are made for the user alone, whatever the umask allows."""
    before = os.umask(0)
    try:
        kept = Cache(tmp_path / "cache").add(io.BytesIO(CONTENT), "a.msi")
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (kept.parent.parent, kept.parent, kept)] == [0o700, 0o700, 0o600]


def test_changed_files_do_not_count(tmp_path: Path) -> None:
    """A kept file whose content is another one is not given out, and is replaced by the next that is added."""
    cache = Cache(tmp_path)
    kept = cache.add(io.BytesIO(CONTENT), "a.msi")
    kept.write_bytes(CONTENT[:-1] + b"?")
    assert cache.find(DIGITS) is None
    cache.add(io.BytesIO(CONTENT), "a.msi")
    assert cache.find(DIGITS) == kept


def test_wrong_or_interrupted_additions_leave_nothing(tmp_path: Path) -> None:
    """A wrong checksum is told with both values, an error of the source comes through, and neither leaves a file."""
    cache = Cache(tmp_path)
    with pytest.raises(BadRequest, match=f"its SHA-256 is {DIGITS}, and asked for is {'0' * 64}"):
        cache.add(io.BytesIO(CONTENT), "a.msi", "0" * 64)
    with pytest.raises(ConnectionResetError):
        cache.add(Broken(), "a.msi", DIGITS)
    assert _files(tmp_path) == []


def test_what_killed_processes_left_is_taken_away_after_a_day(tmp_path: Path) -> None:
    """An unfinished file of another process is left alone for a day."""
    old, new = tmp_path / ".partial-old", tmp_path / ".partial-new"
    for path in (old, new):
        path.touch()
    os.utime(old, (time.time() - 25 * 3600,) * 2)
    Cache(tmp_path).add(io.BytesIO(CONTENT), "a.msi")
    assert (old.exists(), new.exists()) == (False, True)


def test_folder_that_can_not_be_used(tmp_path: Path) -> None:
    """A cache below a file is refused with its path, and finds nothing."""
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file" / "cache")
    assert cache.find(DIGITS) is None
    with pytest.raises(BadRequest, match=r"Packages can't be kept in .*/file/cache on the controller: Not a directory"):
        cache.add(io.BytesIO(CONTENT), "a.msi")
    with pytest.raises(BadRequest, match=r"can't be used for locks: Not a directory"), cache.lock("x"):
        pass


def test_default_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Packages are kept below XDG_CACHE_HOME if that is an absolute path, else below the home folder's .cache."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_folder() == tmp_path / "xdg" / "uamops" / "netwrix_auditor" / "packages"
    for unusable in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", unusable)
        assert Cache().folder == tmp_path / ".cache" / "uamops" / "netwrix_auditor" / "packages"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UACoreSvcSetup.msi", "UACoreSvcSetup.msi"),
        ("/files/10.7/UACoreSvcSetup.MSI", "UACoreSvcSetup.msi"),
        ("C:\\Temp\\agent 10.7 (new).msi", "agent_10.7_new.msi"),
        ("../../etc/passwd", "passwd.msi"),
        ("/files/..", "package.msi"),
        ("x%00&|;$(a).msi", "x_00_a.msi"),
        ("ü" * 300, "package.msi"),
        ("a" * 300, "a" * 100 + ".msi"),
    ],
)
def test_file_names_are_plain(name: str, expected: str) -> None:
    """What a file is called never leads out of its folder, and needs no quotes anywhere."""
    assert file_name(name) == expected


def _bring(folder: Path, log: Path) -> None:
    cache = Cache(folder)
    with cache.lock(DIGITS):
        if not cache.find(DIGITS):
            with log.open("a") as file:
                file.write("x")
            cache.add(io.BytesIO(CONTENT), "a.msi", DIGITS)


def test_forks_bring_a_file_once(tmp_path: Path) -> None:
    """Of many workers one brings the file, and all find it afterwards."""
    workers = [FORK.Process(target=_bring, args=(tmp_path / "cache", tmp_path / "log")) for _number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 6
    assert (tmp_path / "log").read_text() == "x"


def _hold(folder: Path, count: int, pipe: Connection) -> None:
    with slots(folder, count):
        pipe.send("in")
        pipe.recv()


class Holder:
    """Another process that takes a slot and keeps it until it is told to go on."""

    def __init__(self, folder: Path, count: int) -> None:
        self.pipe, theirs = FORK.Pipe()
        self.process = FORK.Process(target=_hold, args=(folder, count, theirs))
        self.process.start()
        theirs.close()

    def inside(self, seconds: float) -> bool:
        return self.pipe.poll(seconds)


def test_no_more_than_so_many_at_a_time(tmp_path: Path) -> None:
    """Who finds every slot taken waits until one is given back."""
    holders = [Holder(tmp_path, 2), Holder(tmp_path, 2)]
    assert all(holder.inside(30.0) for holder in holders)
    holders.append(Holder(tmp_path, 2))
    assert not holders[2].inside(0.4)
    holders[0].pipe.send("go on")
    assert holders[2].inside(30.0)
    for holder in holders[1:]:
        holder.pipe.send("go on")
    for holder in holders:
        holder.process.join()
        assert holder.process.exitcode == 0


def test_slot_of_a_killed_process_is_free(tmp_path: Path) -> None:
    """A worker that is killed gives its slot back."""
    first = Holder(tmp_path, 1)
    assert first.inside(30.0)
    second = Holder(tmp_path, 1)
    first.process.kill()
    assert second.inside(30.0)
    second.pipe.send("go on")
    for holder in (first, second):
        holder.process.join()


def test_threads_share_the_slots_too(tmp_path: Path) -> None:
    """Two threads of one process count as two."""
    entered = threading.Event()

    def enter() -> None:
        with slots(tmp_path, 1):
            entered.set()

    with slots(tmp_path, 1):
        thread = threading.Thread(target=enter)
        thread.start()
        assert not entered.wait(0.3)
    assert entered.wait(30.0)
    thread.join()


def test_slots_are_given_back_after_errors(tmp_path: Path) -> None:
    """An error inside frees the slot; no slots at all is a mistake that is named."""
    for _time in range(2):
        with pytest.raises(KeyError), slots(tmp_path, 1):
            raise KeyError
    with pytest.raises(BadRequest, match="At least one upload"), slots(tmp_path, 0):
        pass
