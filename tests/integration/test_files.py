# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files through the WS-Management connection, on simulated hosts; over SMB see test_files_smb.py."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import simulator
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import _relay
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import ConnectionFailed

from .file_hosts import AWKWARD, FLEET, TARGET, TEMP, opened, sample

SIZES = [0, 1, 57, 570_000, 3_000_001]
SEGMENT = 200_000


@pytest.fixture(scope="module")
def fleet() -> Iterator[Any]:
    """All hosts of the fleet."""
    with simulator.serve(simulator.load_fleet(FLEET).with_ports(0, 0)) as served:
        yield served


@pytest.fixture(name="clean", autouse=True)
def clean_fixture(fleet: Any) -> Iterator[None]:
    """Every test finds and leaves Windows' folder Temp empty, but for a file that is in use."""
    yield
    for served in fleet.hosts.values():
        for name in served.windows.files.list(TEMP):
            with suppress(simulator.windows.files.FileError):
                served.windows.files.remove(f"{TEMP}\\{name}")


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of some size has many segments."""
    monkeypatch.setattr(_relay, "SEGMENT", SEGMENT)


@pytest.mark.parametrize("host", ["plain", "older"])
@pytest.mark.parametrize("size", SIZES)
def test_a_file_arrives_as_it_is_and_comes_back_so(fleet: Any, tmp_path: Path, host: str, size: int) -> None:
    """Of any size, under any name that Windows allows, in any language; nothing else is left in the folder."""
    file, copy, windows = sample(tmp_path, size), tmp_path / "copy", fleet.hosts[host].windows
    with opened(fleet, host) as found:
        delivery = found.files.deliver(file.path, AWKWARD, file.sha256)
        assert (delivery.way, delivery.bytes) == ("connection", size)
        assert windows.files.read(AWKWARD) == file.data
        assert found.files.sha256(AWKWARD) == file.sha256
        assert found.files.fetch(AWKWARD, copy).bytes == size
        assert found.files.read_tail(AWKWARD, 1000) == file.data[-1000:]
    assert copy.read_bytes() == file.data
    assert windows.files.list(TEMP) == [AWKWARD.rpartition("\\")[2]]


def test_the_reason_for_the_way_is_told(fleet: Any, tmp_path: Path) -> None:
    """A connection without a password can't do SMB, and a person reads so."""
    file = sample(tmp_path, 10)
    with opened(fleet, "plain") as host:
        delivery = host.files.deliver(file.path, TARGET, file.sha256)
        assert delivery.reason == "SMB can't be used: the connection has neither a password nor a Kerberos ticket"
        assert host.files.deliver(file.path, rf"{TEMP}\b.msi", file.sha256, "connection").reason == "as asked"
        with pytest.raises(BadRequest, match="neither a password nor a Kerberos ticket"):
            host.files.deliver(file.path, rf"{TEMP}\c.msi", file.sha256, "smb")
        with pytest.raises(BadRequest, match="no way"):
            host.files.deliver(file.path, rf"{TEMP}\c.msi", file.sha256, "ftp")


@pytest.mark.parametrize("size", [0, 3_000_000])
def test_a_file_that_is_there_is_not_sent_again(fleet: Any, tmp_path: Path, size: int) -> None:
    """The second delivery writes nothing and costs a few messages, whatever the size."""
    file, journal = sample(tmp_path, size), fleet.hosts["plain"].windows.journal
    with opened(fleet, "plain") as host:
        host.files.deliver(file.path, TARGET, file.sha256)
        writes, messages = len(journal.entries), host.client.statistics.messages
        delivery = host.files.deliver(file.path, TARGET, file.sha256.upper())
        assert (delivery.way, delivery.bytes) == ("present", 0)
        assert host.client.statistics.messages - messages <= 4
    assert len(journal.entries) == writes


def test_another_file_of_the_name_is_replaced(fleet: Any, tmp_path: Path) -> None:
    """Its content counts, not its name or size."""
    first, second = sample(tmp_path, 5000), sample(tmp_path, 5000, seed=2)
    with opened(fleet, "plain") as host:
        for file in (first, second):
            assert host.files.deliver(file.path, TARGET, file.sha256).way == "connection"
            assert fleet.hosts["plain"].windows.files.read(TARGET) == file.data


@contextmanager
def _broken(fleet: Any, name: str, sends: int) -> Iterator[Any]:
    """A host whose connection breaks for good at one of the messages that carry the file."""
    seen = 0

    def before(_number: int, message: bytes) -> None:
        nonlocal seen
        seen += b"shell/Send</a:Action>" in message
        if seen >= sends:
            raise ConnectionFailed("the connection broke")

    with opened(fleet, name, before=before) as host:
        yield host
    assert seen >= sends, "the connection was meant to break"


@pytest.mark.usefixtures("small_segments")
def test_an_upload_that_broke_off_is_continued(fleet: Any, tmp_path: Path) -> None:
    """What has arrived whole is not sent again, and no trace of the broken run is left."""
    file, files = sample(tmp_path, 3_000_000), fleet.hosts["plain"].windows.files
    with _broken(fleet, "plain", 9) as host, pytest.raises(ConnectionFailed):
        host.files.deliver(file.path, TARGET, file.sha256)
    assert not files.exists(TARGET)
    left = len(files.list(TEMP))
    assert left > 5
    with opened(fleet, "plain") as host:
        assert host.files.deliver(file.path, TARGET, file.sha256).bytes == 3_000_000 - 8 * SEGMENT
    assert (files.list(TEMP), files.read(TARGET)) == (["agent.msi"], file.data)


@pytest.mark.usefixtures("small_segments")
def test_a_damaged_leftover_is_sent_anew(fleet: Any, tmp_path: Path) -> None:
    """A segment is taken from an earlier run by its hash, not by its name."""
    file, files = sample(tmp_path, 1_000_000), fleet.hosts["older"].windows.files
    with _broken(fleet, "older", 4) as host, pytest.raises(ConnectionFailed):
        host.files.deliver(file.path, TARGET, file.sha256)
    files.write(f"{TARGET}.{file.sha256[:8]}.part.0001", bytes(SEGMENT))
    with opened(fleet, "older") as host:
        assert host.files.deliver(file.path, TARGET, file.sha256).bytes == 1_000_000 - 2 * SEGMENT
    assert (files.list(TEMP), files.read(TARGET)) == (["agent.msi"], file.data)


@pytest.mark.usefixtures("small_segments")
def test_leftovers_of_another_content_go_and_those_of_others_stay(fleet: Any, tmp_path: Path) -> None:
    """Only names that this collection gives are deleted, and only beside the same target."""
    old, new, files = sample(tmp_path, 900_000), sample(tmp_path, 300_000, seed=2), fleet.hosts["plain"].windows.files
    with _broken(fleet, "plain", 3) as host, pytest.raises(ConnectionFailed):
        host.files.deliver(old.path, TARGET, old.sha256)
    kept = ["agent.msi.0123456.part", "agent.msi.part", "other.msi.01234567.part", "agent.msi.01234567.parts"]
    for name in kept:
        files.write(f"{TEMP}\\{name}", b"theirs")
    with opened(fleet, "plain") as host:
        host.files.deliver(new.path, TARGET, new.sha256)
    assert sorted(files.list(TEMP)) == sorted([*kept, "agent.msi"])


def test_a_file_that_is_not_the_one_is_refused(fleet: Any, tmp_path: Path) -> None:
    """A wrong hash never reaches the target's name, and nothing is left."""
    file = sample(tmp_path, 2000)
    with opened(fleet, "plain") as host, pytest.raises(BadRequest, match="isn't the one whose SHA-256 is"):
        host.files.deliver(file.path, TARGET, "0" * 64)
    assert fleet.hosts["plain"].windows.files.list(TEMP) == []


def test_a_full_drive_is_found_before_it_is_full(fleet: Any, tmp_path: Path) -> None:
    """Windows needs its system drive more than this file: nothing is written."""
    file, files = sample(tmp_path, 3_000_000), fleet.hosts["full"].windows.files
    with opened(fleet, "full") as host, pytest.raises(ApplyFailed, match=r"Drive C: of full has 4,000,000 bytes left.*make room"):
        host.files.deliver(file.path, TARGET, file.sha256)
    assert (files.list(TEMP), files.free) == ([], 4_000_000)


@pytest.mark.usefixtures("small_segments")
def test_a_drive_that_gets_full_meanwhile_breaks_the_upload_and_no_more(fleet: Any, tmp_path: Path) -> None:
    """The target's name is never taken by half a file; with room again the next run goes on."""
    file, files = sample(tmp_path, 1_000_000), fleet.hosts["full"].windows.files

    def before(number: int, message: bytes) -> None:
        if b"shell/Send</a:Action>" in message and len(files.list(TEMP)) > 3:
            files.free = 1000

    with opened(fleet, "full", before=before) as host, pytest.raises(ApplyFailed, match="did not arrive on full as it was sent"):
        host.files.deliver(file.path, TARGET, file.sha256)
    assert not files.exists(TARGET)
    files.free = 4_000_000
    with opened(fleet, "full") as host:
        assert host.files.deliver(file.path, TARGET, file.sha256).bytes < 1_000_000
    assert (files.list(TEMP), files.read(TARGET)) == (["agent.msi"], file.data)


def test_a_file_in_use_is_not_replaced(fleet: Any, tmp_path: Path) -> None:
    """The refusal names the file, it keeps its content, and what was brought is taken away again."""
    file, files = sample(tmp_path, 2000), fleet.hosts["busy"].windows.files
    with opened(fleet, "busy") as host, pytest.raises(ApplyFailed, match=r"agent\.msi can't be replaced on busy"):
        host.files.deliver(file.path, TARGET, file.sha256)
    assert (files.list(TEMP), files.read(TARGET)) == (["agent.msi"], b"in use")


def test_a_missing_folder_is_said(fleet: Any, tmp_path: Path) -> None:
    """No folder is made by the way."""
    file = sample(tmp_path, 2000)
    with opened(fleet, "plain") as host, pytest.raises(ApplyFailed, match="did not arrive on plain"):
        host.files.deliver(file.path, rf"{TEMP}\nowhere\agent.msi", file.sha256)
    assert fleet.hosts["plain"].windows.files.list(TEMP) == []


@pytest.mark.parametrize("host", ["plain", "older"])
def test_messages_are_as_large_as_the_release_takes_and_hold_little(fleet: Any, tmp_path: Path, host: str) -> None:
    """Some 270 kB of the file in a message since Server 2012, and none above the host's limit."""
    file, sizes = sample(tmp_path, 3_000_000), list[int]()

    def before(_number: int, message: bytes) -> None:
        found = re.search(rb'<r:Stream Name="stdin"[^>]*>([^<]*)<', message)
        # Lines of 78 bytes carry 57.
        sizes.append(len(base64.b64decode(found[1])) * 57 // 78 if found else 0)
        assert len(message) < 500 * 1024

    with opened(fleet, host, before=before) as found:
        found.files.deliver(file.path, TARGET, file.sha256)
    assert max(sizes) > 250_000


def test_slots_are_held_while_a_file_is_sent(fleet: Any, tmp_path: Path) -> None:
    """An upload waits for its slot and gives it back; one that has nothing to send takes none."""
    held: list[str] = []

    @contextmanager
    def slot() -> Iterator[None]:
        held.append("taken")
        yield
        held.append("given back")

    file = sample(tmp_path, 2000)
    with opened(fleet, "plain", slots=slot) as host:
        for _time in range(2):
            host.files.deliver(file.path, TARGET, file.sha256)
    assert held == ["taken", "given back"]


def test_a_file_that_is_not_there_can_not_be_fetched(fleet: Any, tmp_path: Path) -> None:
    """The controller's file of that name stays, and no part is left beside it."""
    copy = tmp_path / "copy"
    copy.write_bytes(b"mine")
    with opened(fleet, "plain") as host:
        assert host.files.sha256(TARGET) is None
        for path in (TARGET, rf"{TEMP}\nowhere\x"):
            with pytest.raises(ApplyFailed, match="There is no file"):
                host.files.fetch(path, copy)
        with pytest.raises(ApplyFailed, match="There is no file"):
            host.files.read_tail(TARGET, 10)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("copy", b"mine")]


def test_a_file_that_the_controller_lacks_is_the_plays_mistake(fleet: Any, tmp_path: Path) -> None:
    """Neither a missing file to send nor a missing folder to fetch into is blamed on the host."""
    fleet.hosts["plain"].windows.files.write(TARGET, b"x")
    with opened(fleet, "plain") as host:
        for action in (lambda: host.files.deliver(tmp_path / "no.msi", TARGET, "0" * 64), lambda: host.files.fetch(TARGET, tmp_path / "no" / "x")):
            with pytest.raises(BadRequest, match=r"The controller can't read or write its file .*: No such file"):
                action()


def test_files_are_looked_for_along_with_the_registry(fleet: Any) -> None:
    """What is expected costs no message of its own, with wildcard-free names in any letter case; a folder with something in it is there."""
    files = fleet.hosts["plain"].windows.files
    files.write(AWKWARD, b"x")
    paths = [AWKWARD.replace("Netwrix", "NETWRIX"), TARGET, r"C:\Windows", r"C:\Nowhere\x"]
    with opened(fleet, "plain") as host:
        host.files.expect(paths)
        host.registry.key(r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion")
        messages = host.client.statistics.messages
        assert list(host.files.exists(paths).values()) == [True, False, True, False]
        assert host.client.statistics.messages == messages


@pytest.mark.parametrize("data", [b"", b"@echo off\r\nexit /b %1\r\n", bytes(range(256)) * 78])
def test_a_script_is_written(fleet: Any, data: bytes) -> None:
    """Byte by byte, over what was there, and with nothing left beside it."""
    files = fleet.hosts["older"].windows.files
    files.write(AWKWARD, b"before, and longer than what comes now")
    with opened(fleet, "older") as host:
        host.files.write_small(AWKWARD, data)
        with pytest.raises(ValueError, match="too many"):
            host.files.write_small(AWKWARD, bytes(20_000))
    assert (files.list(TEMP), files.read(AWKWARD)) == ([AWKWARD.rpartition("\\")[2]], data)


def test_folders_and_files_come_and_go(fleet: Any) -> None:
    """Made with those above, moved over another, deleted; twice is no error, and the result is what counts."""
    files = fleet.hosts["plain"].windows.files
    folder = rf"{TEMP}\uamops (1) & ä\inner"
    with opened(fleet, "plain") as host:
        for _time in range(2):
            host.files.make_folder(folder)
        assert files.is_folder(folder)
        for name in ("a.msi", "b.msi"):
            files.write(rf"{folder}\{name}", name.encode())
        host.files.move(rf"{folder}\a.msi", rf"{folder}\b.msi")
        assert (files.list(folder), files.read(rf"{folder}\b.msi")) == (["b.msi"], b"a.msi")
        with pytest.raises(ApplyFailed, match="can't be moved"):
            host.files.move(rf"{folder}\a.msi", rf"{folder}\b.msi")
        with pytest.raises(ApplyFailed, match="can't be deleted"):
            host.files.remove(folder)
        assert files.list(folder) == ["b.msi"], "no file of a folder that was given as a file"
        for _time in range(2):
            host.files.remove(rf"{folder}\b.msi")
        for _time in range(2):
            host.files.remove_tree(rf"{TEMP}\uamops (1) & ä")
        with pytest.raises(BadRequest):
            host.files.remove_tree(r"C:\Windows\System32")
    assert files.list(TEMP) == []


def test_older_versions_of_a_file_are_tidied(fleet: Any) -> None:
    """Those that begin and end alike, but the one to keep, and no other."""
    files = fleet.hosts["plain"].windows.files
    for name in ("Agent-1.0.msi", "agent-2.0.MSI", "Agent-3.0.msi", "Agent-3.0.log", "Other.msi"):
        files.write(rf"{TEMP}\{name}", b"x")
    with opened(fleet, "plain") as host:
        host.files.remove_like(rf"{TEMP}\Agent-", ".msi", middle=r"[0-9.]+", keep=rf"{TEMP}\agent-3.0.msi")
    assert sorted(files.list(TEMP)) == ["Agent-3.0.log", "Agent-3.0.msi", "Other.msi"]


def test_what_windows_refuses_is_told(fleet: Any) -> None:
    """A file that a program has open can't be deleted, hashed or not."""
    with opened(fleet, "busy") as host:
        with pytest.raises(ApplyFailed, match=r"The file .*agent\.msi can't be deleted on busy"):
            host.files.remove(TARGET)
        with pytest.raises(ApplyFailed, match="can't be moved"):
            host.files.move(TARGET, rf"{TEMP}\b.msi")
    assert fleet.hosts["busy"].windows.files.read(TARGET) == b"in use"


def test_a_percent_sign_reaches_the_program(fleet: Any) -> None:
    """cmd.exe of our shell replaces the variable that stands for it, and nothing else is replaced."""
    from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import quote_for_cmd

    with opened(fleet, "plain") as host:
        assert host.cmd(f"echo {quote_for_cmd('100% %PATH% & (x)')}").stdout.strip() == '"100% %PATH% & (x)"'
