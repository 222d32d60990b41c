# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files over SMB, against a real SMB server that shares the drives of simulated hosts (UAMOPS_TEST_TOOLS=1, see conftest.py)."""

from __future__ import annotations

import dataclasses
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import simulator
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import SmbOptions, _smb_client
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest

from .file_hosts import ACCOUNT, AWKWARD, FLEET, TARGET, TEMP, Sample, opened, sample
from .harness import PASSWORD
from .samba import serve_smb

MEGABYTE = 1024 * 1024


@dataclasses.dataclass(frozen=True)
class Lab:
    """A fleet and the port of its SMB server."""

    fleet: Any
    port: int

    def options(self, name: str, **changes: Any) -> SmbOptions:
        """How the play's connection would have it."""
        return dataclasses.replace(SmbOptions(self.fleet.hosts[name].address, self.port, ACCOUNT, PASSWORD), **changes)

    def files(self, name: str) -> Any:
        """A host's drive."""
        return self.fleet.hosts[name].windows.files


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """All hosts of the fleet, and smbd for those that have SMB."""
    with simulator.serve(simulator.load_fleet(FLEET).with_ports(0, 0)) as fleet:
        hosts = [served.windows for served in fleet.hosts.values()]
        with serve_smb(hosts, tmp_path_factory.mktemp("smb"), _free_port()) as server:
            yield Lab(fleet, server.port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(name="clean", autouse=True)
def clean_fixture(lab: Lab) -> Iterator[None]:
    """Every test leaves Windows' folder Temp empty, but for a file that is in use."""
    yield
    for name in lab.fleet.hosts:
        for left in lab.files(name).list(TEMP):
            with suppress(simulator.windows.files.FileError):
                lab.files(name).remove(f"{TEMP}\\{left}")


@pytest.mark.parametrize("host", ["plain", "older"])
@pytest.mark.parametrize("size", [1, 65_536, 65_537, 3_000_001, 20 * MEGABYTE])
def test_a_file_arrives_as_it_is_and_comes_back_so(lab: Lab, tmp_path: Path, host: str, size: int) -> None:
    """Of any size, under any name that Windows allows; what goes through the connection is small."""
    file, copy = sample(tmp_path, size), tmp_path / "copy"
    with opened(lab.fleet, host, lab.options(host)) as found:
        delivery = found.files.deliver(file.path, AWKWARD, file.sha256)
        assert (delivery.way, delivery.bytes, delivery.reason) == ("smb", size, "SMB is the fastest way")
        assert found.files.fetch(AWKWARD, copy, "smb").bytes == size
        assert found.client.statistics.bytes_sent < 30_000
    assert lab.files(host).read(AWKWARD) == copy.read_bytes() == file.data
    assert lab.files(host).list(TEMP) == [AWKWARD.rpartition("\\")[2]]


def test_an_empty_file_needs_no_smb(lab: Lab, tmp_path: Path) -> None:
    """There is nothing to send, and it comes back as empty."""
    file = sample(tmp_path, 0)
    with opened(lab.fleet, "plain", lab.options("plain")) as host:
        host.files.deliver(file.path, TARGET, file.sha256)
        assert host.files.fetch(TARGET, tmp_path / "copy").bytes == 0
    assert lab.files("plain").read(TARGET) == b""


def test_other_folders_go_over_the_share_of_the_drive(lab: Lab, tmp_path: Path) -> None:
    """ADMIN$ is only Windows' own folder."""
    file, target = sample(tmp_path, 1000), r"C:\ProgramData\agent.msi"
    with opened(lab.fleet, "plain", lab.options("plain")) as host:
        assert host.files.deliver(file.path, target, file.sha256, "smb").way == "smb"
    assert lab.files("plain").read(target) == file.data


def test_a_file_that_is_there_is_not_sent_again(lab: Lab, tmp_path: Path) -> None:
    """Not even a connection is made."""
    file = sample(tmp_path, 1000)
    with opened(lab.fleet, "plain", lab.options("plain")) as host:
        host.files.deliver(file.path, TARGET, file.sha256)
    with opened(lab.fleet, "plain", lab.options("plain", port=1)) as host:
        assert host.files.deliver(file.path, TARGET, file.sha256, "smb").way == "present"


def _part(file: Sample) -> str:
    return f"{TARGET}.{file.sha256[:8]}.part"


def test_an_upload_that_broke_off_is_continued(lab: Lab, tmp_path: Path) -> None:
    """From what was certainly written, 8 MB before the end, as the writes arrive in any order."""
    file, there = sample(tmp_path, 20 * MEGABYTE), 15 * MEGABYTE
    lab.files("plain").write(_part(file), file.data[: there - 5000] + bytes(5000))
    with opened(lab.fleet, "plain", lab.options("plain")) as host:
        assert host.files.deliver(file.path, TARGET, file.sha256).bytes == (20 - 15 + 8) * MEGABYTE
    assert (lab.files("plain").list(TEMP), lab.files("plain").read(TARGET)) == (["agent.msi"], file.data)


def test_what_is_there_already_needs_no_room(lab: Lab, tmp_path: Path) -> None:
    """A drive that has room for the rest of an upload, and not for all of it, does not stop it."""
    file, files = sample(tmp_path, 20 * MEGABYTE), lab.files("plain")
    files.write(_part(file), file.data[: 15 * MEGABYTE])
    before, files.free = files.free, 6 * MEGABYTE
    try:
        with opened(lab.fleet, "plain", lab.options("plain")) as host:
            assert host.files.deliver(file.path, TARGET, file.sha256, "smb").bytes == 13 * MEGABYTE
    finally:
        files.free = before
    assert files.read(TARGET) == file.data


def test_no_shell_idles_during_an_upload(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WinRM 2.0 ends a shell that is idle for 180 s: while a slot is waited for, and while SMB is at work, the host has none."""
    file, shells, seen = sample(tmp_path, 3000), [], []
    upload = _smb_client.upload

    def note(_number: int, message: bytes) -> None:
        shells.extend([1] * (b"transfer/Create</a:Action>" in message) + [-1] * (b"transfer/Delete</a:Action>" in message))

    @contextmanager
    def slot() -> Iterator[None]:
        seen.append(("slot", sum(shells)))
        yield

    def watched(*arguments: Any) -> int:
        seen.append(("smb", sum(shells)))
        return upload(*arguments)

    monkeypatch.setattr(_smb_client, "upload", watched)
    with opened(lab.fleet, "plain", lab.options("plain"), slots=slot, before=note) as host:
        host.files.deliver(file.path, TARGET, file.sha256, "smb")
        assert (seen, sum(shells)) == ([("slot", 0), ("smb", 0)], 1)


@pytest.mark.parametrize(
    ("left", "sent"),
    [(lambda data: bytes(15 * MEGABYTE), 20), (lambda data: data + b"more", 20), (lambda data: bytes(MEGABYTE) + data[MEGABYTE:], 20)],
    ids=["other beginning", "longer", "damaged where nobody looks"],
)
def test_a_leftover_that_is_no_beginning_is_of_no_harm(lab: Lab, tmp_path: Path, left: Any, sent: int) -> None:
    """It is emptied where it looks wrong, and where only the hash can tell, the file is sent once anew."""
    file = sample(tmp_path, 20 * MEGABYTE)
    lab.files("plain").write(_part(file), left(file.data))
    with opened(lab.fleet, "plain", lab.options("plain")) as host:
        assert host.files.deliver(file.path, TARGET, file.sha256).bytes == sent * MEGABYTE
    assert (lab.files("plain").list(TEMP), lab.files("plain").read(TARGET)) == (["agent.msi"], file.data)


@contextmanager
def _breaking(lab: Lab, name: str, limit: int) -> Iterator[SmbOptions]:
    """A way to a host's SMB server that is cut for good after so many bytes."""
    options = lab.options(name)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        worker = threading.Thread(target=_relay_some, args=(listener, (options.address, options.port), limit), daemon=True)
        worker.start()
        yield dataclasses.replace(options, address="127.0.0.1", port=int(listener.getsockname()[1]))
        worker.join(20)


def _relay_some(listener: socket.socket, server: tuple[str, int], limit: int) -> None:
    client, _address = listener.accept()
    with client, socket.create_connection(server) as upstream:
        back = threading.Thread(target=_copy, args=(upstream, client), daemon=True)
        back.start()
        while limit > 0 and (data := client.recv(65_536)):
            upstream.sendall(data)
            limit -= len(data)
        # The server takes in what it has got and closes the file before the next run comes, or its handle would be in the way.
        for end, how in ((client, socket.SHUT_RDWR), (upstream, socket.SHUT_WR)):
            with suppress(OSError):
                end.shutdown(how)
        back.join(20)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            with suppress(OSError):
                target.sendall(data)


def test_a_connection_that_breaks_is_no_disaster(lab: Lab, tmp_path: Path) -> None:
    """Asked for SMB, the task fails in one sentence and the next run goes on; left the choice, the file comes through the connection."""
    file, files = sample(tmp_path, 20 * MEGABYTE), lab.files("unshared")
    with _breaking(lab, "plain", 14 * MEGABYTE) as smb, opened(lab.fleet, "plain", smb) as host, pytest.raises(BadRequest, match="broke off"):
        host.files.deliver(file.path, TARGET, file.sha256, "smb")
    assert not lab.files("plain").exists(TARGET)
    with opened(lab.fleet, "plain", lab.options("plain")) as host:
        assert host.files.deliver(file.path, TARGET, file.sha256, "smb").bytes < 20 * MEGABYTE
    assert (lab.files("plain").list(TEMP), lab.files("plain").read(TARGET)) == (["agent.msi"], file.data)
    with _breaking(lab, "plain", 2 * MEGABYTE) as smb, opened(lab.fleet, "unshared", smb) as host:
        delivery = host.files.deliver(file.path, TARGET, file.sha256)
    assert delivery.way == "connection" and "broke off" in delivery.reason
    assert files.read(TARGET) == file.data


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("denied", {}, "refuses the share ADMIN$ to the account LAB\\labadmin"),
        ("unshared", {}, "refuses the share ADMIN$"),
        ("closed", {}, "nothing answers on"),
        ("plain", {"password": "wrong-Passw0rd!"}, "does not accept the account LAB\\labadmin by NTLM (NTSTATUS 0xc000006d)"),
        ("plain", {"username": "LAB\\nobody"}, "does not accept the account LAB\\nobody"),
        ("plain", {"port": 1}, "port 1"),
        ("plain", {"username": ""}, "neither a password nor a Kerberos ticket"),
    ],
    ids=["denied", "no share", "SMB off", "wrong password", "unknown account", "no listener", "no account"],
)
def test_what_smb_refuses_comes_through_the_connection(lab: Lab, tmp_path: Path, name: str, changes: dict[str, Any], words: str) -> None:
    """The reason is told to people, without a password; who asks for SMB alone gets it as the task's error."""
    file, copy = sample(tmp_path, 100_000), tmp_path / "copy"
    options = lab.options(name, **changes)
    with opened(lab.fleet, name, options) as host:
        with pytest.raises(BadRequest) as caught:
            host.files.deliver(file.path, TARGET, file.sha256, "smb")
        assert not lab.files(name).exists(TARGET)
        delivery = host.files.deliver(file.path, TARGET, file.sha256)
        fetched = host.files.fetch(TARGET, copy)
    for text in (str(caught.value), delivery.reason, fetched.reason):
        assert words in text and options.password not in text.split()
    assert (delivery.way, fetched.way) == ("connection", "connection")
    assert lab.files(name).read(TARGET) == copy.read_bytes() == file.data


def test_a_host_that_is_silent_does_not_hold_the_play_up(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that takes the connection and says nothing is given up like a closed port."""
    monkeypatch.setattr(_smb_client, "CONNECT_SECONDS", 1)
    file = sample(tmp_path, 1000)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        opened(lab.fleet, "plain", lab.options("plain", address="127.0.0.1", port=silent.getsockname()[1])) as host,
    ):
        delivery = host.files.deliver(file.path, TARGET, file.sha256)
    assert delivery.way == "connection" and "nothing answers" in delivery.reason


def test_a_connection_that_is_dropped_at_once_is_made_anew(lab: Lab, tmp_path: Path) -> None:
    """A busy server drops one now and then: once is taken as that, twice as a refusal."""
    file = sample(tmp_path, 1000)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        worker = threading.Thread(target=_drop, args=(listener, 1, (lab.options("plain").address, lab.port)), daemon=True)
        worker.start()
        with opened(lab.fleet, "plain", lab.options("plain", address="127.0.0.1", port=listener.getsockname()[1])) as host:
            assert host.files.deliver(file.path, TARGET, file.sha256, "smb").way == "smb"
        worker.join(20)
        threading.Thread(target=_drop, args=(listener, 2, None), daemon=True).start()
        with opened(lab.fleet, "plain", lab.options("plain", address="127.0.0.1", port=listener.getsockname()[1])) as host:
            assert "nothing answers" in host.files.fetch(TARGET, tmp_path / "copy").reason


def _drop(listener: socket.socket, times: int, server: tuple[str, int] | None) -> None:
    for _time in range(times):
        listener.accept()[0].close()
    if server is not None:
        _relay_some(listener, server, 10 * MEGABYTE)


def test_a_missing_folder_is_final(lab: Lab, tmp_path: Path) -> None:
    """No other way would find it, so none is tried."""
    file = sample(tmp_path, 1000)
    with opened(lab.fleet, "plain", lab.options("plain")) as host:
        with pytest.raises(ApplyFailed, match="its folder isn't there"):
            host.files.deliver(file.path, rf"{TEMP}\nowhere\agent.msi", file.sha256)
        with pytest.raises(ApplyFailed, match="it isn't there"):
            host.files.fetch(TARGET, tmp_path / "copy")
    assert not (tmp_path / "copy").exists() and not (tmp_path / "copy.part").exists()


def test_a_file_in_use_is_not_replaced(lab: Lab, tmp_path: Path) -> None:
    """It is written beside, can't take the name, and is taken away again."""
    file = sample(tmp_path, 1000)
    with opened(lab.fleet, "busy", lab.options("busy")) as host, pytest.raises(ApplyFailed, match=r"agent\.msi can't be replaced on busy"):
        host.files.deliver(file.path, TARGET, file.sha256)
    assert (lab.files("busy").list(TEMP), lab.files("busy").read(TARGET)) == (["agent.msi"], b"in use")


def test_what_travels_is_encrypted_and_nothing_is_left_open(lab: Lab) -> None:
    """A host that offers encryption gets it, and a transfer leaves no thread behind."""
    before = set(threading.enumerate())
    with _smb_client._tree(lab.options("plain"), "ADMIN$") as tree:  # what was negotiated is seen nowhere else
        assert tree.session.encrypt_data
    assert not set(threading.enumerate()) - before


def test_no_password_in_the_log(lab: Lab, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The libraries log much when they are asked to, but never that."""
    file = sample(tmp_path, 1000)
    with caplog.at_level(logging.DEBUG), opened(lab.fleet, "plain", lab.options("plain")) as host:
        host.files.deliver(file.path, TARGET, file.sha256, "smb")
    assert any(record.name.startswith("smbprotocol") for record in caplog.records)
    assert PASSWORD not in caplog.text


def test_a_file_on_a_share_is_read_by_the_controller(lab: Lab, tmp_path: Path) -> None:
    """Its stamp changes with it; a path that can't be read is the play's mistake."""
    lab.files("plain").write(rf"{TEMP}\a.msi", b"first")
    copy, path = tmp_path / "copy", rf"\\{lab.options('plain').address}\C$\Windows\Temp\a.msi"
    with opened(lab.fleet, "older", lab.options("older", port=1)) as host:
        host.files.use(smb_port=lab.port)
        stamp = host.files.share_stamp(path)
        host.files.read_share(path, copy)
        assert copy.read_bytes() == b"first"
        assert host.files.share_stamp(path) == stamp
        lab.files("plain").write(rf"{TEMP}\a.msi", b"second")
        assert host.files.share_stamp(path) != stamp
        for wrong in (path + "x", r"\\server", path.replace("C$", "D$")):
            with pytest.raises(BadRequest):
                host.files.share_stamp(wrong)
