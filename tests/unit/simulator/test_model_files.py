# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drive of a simulated host: names, errors, rights and the options that furnish it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
from simulator import parse_fleet, serve
from simulator.windows.context import SYSTEM
from simulator.windows.files import FileError, FileSystem
from simulator.windows.files.access import Access
from unit.simulator.model_hosts import ADMIN, USER, host


def code(action: object, *arguments: object, **more: object) -> int:
    """The Win32 error of a call; 0 if there is none."""
    try:
        action(*arguments, **more)  # type: ignore[operator]
    except FileError as exc:
        return exc.code
    return 0


@pytest.fixture
def drive(tmp_path: Path) -> FileSystem:
    made = FileSystem(tmp_path / "C")
    made.make_folder(r"C:\Data\Inner")
    made.write(r"C:\Data\a.txt", b"hello")
    return made


def test_names_have_no_case_and_keep_theirs(drive: FileSystem) -> None:
    """Any spelling finds a file; the first one stays on disk, also after it is written again."""
    drive.write(r"c:/DATA/A.TXT", b"other")
    assert drive.read(r"C:\data\a.txt ") == b"other"
    assert drive.list(r"C:\Data") == ["a.txt", "Inner"]
    assert drive.resolve(r"C:\data\NEW.txt") == drive.root / "Data" / "NEW.txt"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (r"D:\x", 3),
        ("x", 123),
        (r"C:x", 123),
        (r"C:\a\..\b", 123),
        (r"C:\a*b", 123),
        (r"C:\a:b", 123),
        ("C:\\a\x01", 123),
        (r"C:\Data\nul", 123),
        (r"C:\Data\com1.txt", 123),
        (r"\\server\share\x", 123),
        (rf"C:\{'x' * 256}", 123),
    ],
)
def test_paths_that_are_none(drive: FileSystem, path: str, error: int) -> None:
    """Another drive is 3; a relative path, dots, forbidden characters, devices and names of more than 255 characters are 123."""
    assert code(drive.resolve, path) == error
    assert not drive.exists(path)


def test_reading_errors(drive: FileSystem) -> None:
    """No file 2, no folder 3, a folder 5; a list of a file 267."""
    assert [code(drive.read, path) for path in (r"C:\Data\b", r"C:\None\b", r"C:\Data")] == [2, 3, 5]
    assert [code(drive.list, path) for path in (r"C:\Data\a.txt", r"C:\Nowhere")] == [267, 2]


def test_writing_errors(drive: FileSystem) -> None:
    """No folder 3, a folder of this name 5, read-only 5, in use 32."""
    drive.write(r"C:\Data\fixed.txt", b"")
    drive.set_read_only(r"C:\Data\fixed.txt", on=True)
    with drive.open_by(r"c:\data\A.TXT"):
        paths = (r"C:\None\b", r"C:\Data\Inner", r"C:\Data\fixed.txt", r"C:\Data\a.txt")
        assert [code(drive.write, path, b"") for path in paths] == [3, 5, 5, 32]
        assert [code(drive.remove, path) for path in paths] == [3, 5, 5, 32]
        assert drive.read(r"C:\Data\a.txt") == b"hello"
    assert code(drive.remove, r"C:\Data\a.txt") == 0


def test_a_full_disk_keeps_what_fitted(drive: FileSystem) -> None:
    """112; the file has the bytes for which there was room. Removing and replacing give the room back."""
    drive.free = 4
    assert code(drive.write, r"C:\Data\b.txt", b"123456") == 112
    assert (drive.read(r"C:\Data\b.txt"), drive.free) == (b"1234", 0)
    drive.remove(r"C:\Data\b.txt")
    drive.write(r"C:\Data\a.txt", b"12")
    assert drive.free == 4 + len(b"hello") - 2
    assert code(drive.append, r"C:\Data\a.txt", b"x" * 8) == 112


def test_folders(drive: FileSystem) -> None:
    """Made with those above; only an empty one can be removed (145), a file is none (267) and stands in the way (183, 3)."""
    drive.make_folder(r"C:\Data\Inner")
    assert code(drive.remove_folder, r"C:\Data") == 145
    assert code(drive.remove_folder, r"C:\Data\a.txt") == 267
    assert code(drive.make_folder, r"C:\Data\a.txt") == 183
    assert code(drive.make_folder, r"C:\Data\a.txt\b") == 3
    drive.remove_tree(r"C:\data")
    assert not drive.exists(r"C:\Data")


def test_a_tree_is_removed_up_to_the_file_in_use(drive: FileSystem) -> None:
    """What comes before it is gone, it and the rest stay; read-only files do not stop it."""
    drive.write(r"C:\Data\Inner\x", b"")
    drive.write(r"C:\Data\z", b"")
    drive.set_read_only(r"C:\Data\a.txt", on=True)
    with drive.open_by(r"C:\Data\Inner\x"):
        assert code(drive.remove_tree, r"C:\Data") == 32
    assert drive.list(r"C:\Data") == ["Inner", "z"]


def test_moving(drive: FileSystem) -> None:
    """A file replaces a file, also only in case; not a folder (183), and not into nothing (3) or while in use (32)."""
    drive.move(r"C:\Data\a.txt", r"C:\Data\A.TXT")
    assert drive.list(r"C:\Data")[0] == "A.TXT"
    assert code(drive.move, r"C:\Data\a.txt", r"C:\Data\Inner") == 183
    assert code(drive.move, r"C:\Data\a.txt", r"C:\None\x") == 3
    with drive.open_by(r"C:\Data\a.txt"):
        assert code(drive.move, r"C:\Data\a.txt", r"C:\x") == 32
        assert code(drive.move, r"C:\Data", r"C:\x") == 32


def test_a_drive_without_a_folder_is_removed_with_its_object() -> None:
    """Nothing stays on the machine that runs the simulator."""
    drive = FileSystem()
    root = drive.root
    assert root.is_dir()
    del drive
    gc.collect()
    assert not root.exists()


def test_a_fleet_keeps_its_drives_in_its_folder(tmp_path: Path) -> None:
    """One folder for each address, made when it is first used and not before."""
    fleet = parse_fleet({"hosts": [{"name": "a", "release": "2022", "address": "127.0.0.41"}], "accounts": [], "ports": {"http": 0, "https": 0}})
    with serve(fleet, folder=tmp_path) as running:
        assert not (tmp_path / "hosts").exists()
        windows = running.hosts["a"].windows
        assert windows.files.is_folder(r"C:\Windows\Temp")
        assert windows.files.root == tmp_path / "hosts" / "127.0.0.41" / "C"


def test_the_folders_of_windows() -> None:
    """Windows, the program folders, ProgramData, a profile for each account; a 32-bit Windows has no (x86)."""
    drive = host().files
    for path in (r"C:\Windows\System32", r"C:\Windows\Temp", r"C:\Windows\Logs", r"C:\Program Files (x86)", r"C:\ProgramData", r"C:\Users\joe"):
        assert drive.is_folder(path)
    assert not host("10", bits=32).files.exists(r"C:\Program Files (x86)")


def test_options() -> None:
    """Files from text, base64 and this repository; files in use; free space that the files of the option do not take."""
    files = {r"C:\new\a.txt": "ä", r"C:\b.bin": {"base64": "AAE="}, r"C:\c": {"source": "galaxy.yml"}}
    drive = host(files=files, files_in_use=[r"C:\b.bin"], disk_free=10).files
    assert (drive.read(r"C:\new\a.txt"), drive.read(r"C:\b.bin"), drive.free) == ("ä".encode(), b"\0\x01", 10)
    assert drive.read(r"C:\c").startswith(b"#") or b"namespace" in drive.read(r"C:\c")
    assert code(drive.remove, r"C:\b.bin") == 32


@pytest.mark.parametrize("options", [{"files": {"x": "y"}}, {"files": {r"C:\x": 5}}, {"files": {r"C:\x": {"source": "none"}}}, {"files_in_use": [r"D:\x"]}])
def test_wrong_options_are_refused_at_once(options: dict[str, Any]) -> None:
    """Not at the first use, which may be in the middle of a test."""
    with pytest.raises(ValueError, match="x"):
        host(**options)


@pytest.mark.parametrize(
    ("path", "error"),
    [(r"C:\Windows\x", 5), (r"C:\Program Files\x", 5), (r"C:\x", 5), (r"C:\Users\labadmin\x", 5), (r"C:\Windows\Temp\x", 0), (r"C:\Users\joe\x", 0)],
)
def test_who_is_no_administrator_writes_only_into_his_own(path: str, error: int) -> None:
    """Not into Windows, programs, the root of the drive and other profiles; an administrator and SYSTEM write everywhere."""
    machine = host()
    assert code(Access(machine, USER).write, path, b"") == error
    assert code(Access(machine, ADMIN).write, path, b"") == code(Access(machine, SYSTEM).write, path, b"") == 0


def test_writes_are_journalled() -> None:
    """One entry for each write, with action and size; none for what was refused, and none for reading."""
    machine = host(files={r"C:\a": "x"})
    files = Access(machine, ADMIN)
    files.read(r"C:\a")
    files.write(r"C:\b", b"123")
    files.move(r"C:\b", r"C:\c")
    files.remove(r"C:\c")
    code(files.remove, r"C:\c")
    entries = [(entry["target"], entry["detail"]["action"]) for entry in machine.journal.entries if entry["kind"] == "file"]
    assert entries == [(r"C:\b", "write"), (r"C:\b", "move"), (r"C:\c", "remove")]
    assert machine.journal.entries[0]["detail"]["bytes"] == 3
