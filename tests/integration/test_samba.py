# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drives of simulated hosts over SMB, with Debian's smbd. Collected only with UAMOPS_TEST_TOOLS=1 (conftest.py)."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from integration.samba import SmbServer, serve_smb
from simulator.windows import Account, Windows
from simulator.windows.cmd import Cmd, Console
from smbprotocol.connection import Connection, Dialects
from smbprotocol.exceptions import AccessDenied, BadNetworkName, LogonFailure, ObjectNameNotFound
from smbprotocol.open import CreateDisposition, CreateOptions, FileAttributes, FilePipePrinterAccessMask, ImpersonationLevel, Open, ShareAccess
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

ADMIN = Account("labadmin", "LAB", "Lab-Passw0rd!", "S-1-5-21-1-2-3-1104", administrator=True)
SECOND = Account("second", "LAB", "Other-Passw0rd!", "S-1-5-21-1-2-3-1105", administrator=True)
FILTERED = Account("filtered", "HOST", "Lab-Passw0rd!", "S-1-5-21-9-9-9-1002", administrator=True, filtered=True)
USER = Account("joe", "LAB", "Lab-Passw0rd!", "S-1-5-21-1-2-3-1106")
CONTENT = bytes(range(256)) * 300


def host(number: int, **options: object) -> Windows:
    """A host at 127.0.8.<number>."""
    return Windows(name=f"H{number}", release="2022", address=f"127.0.8.{number}", accounts=[ADMIN, SECOND, FILTERED, USER], options=options)


HOSTS = {"one": host(1), "two": host(2), "denied": host(3, smb="denied"), "off": host(4, smb="off"), "bare": host(5, admin_shares=False)}


def free_port() -> int:
    """A port that nobody has on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmbServer]:
    with serve_smb(HOSTS.values(), tmp_path_factory.mktemp("smb"), free_port()) as running:
        yield running


@contextmanager
def tree(
    server: SmbServer, name: str, share: str = "C$", user: str = r"LAB\labadmin", password: str = ADMIN.password, dialect: Dialects | None = None
) -> Iterator[TreeConnect]:
    """A share of one host, as one user."""
    address = HOSTS[name].address
    connection = Connection(uuid.uuid4(), address, server.port, require_signing=True)
    connection.connect(dialect, timeout=20)
    try:
        session = Session(connection, user, password, require_encryption=False)
        session.connect()
        found = TreeConnect(session, rf"\\{address}\{share}")
        found.connect(require_secure_negotiate=dialect is None)
        yield found
    finally:
        connection.disconnect()


def opened(share: TreeConnect, path: str, disposition: int) -> Open:
    """Open a file for reading and writing."""
    file = Open(share, path)
    access = FilePipePrinterAccessMask.GENERIC_READ | FilePipePrinterAccessMask.GENERIC_WRITE
    normal, mode = FileAttributes.FILE_ATTRIBUTE_NORMAL, CreateOptions.FILE_NON_DIRECTORY_FILE
    file.create(ImpersonationLevel.Impersonation, access, normal, ShareAccess.FILE_SHARE_READ, disposition, mode)
    return file


def put(share: TreeConnect, path: str, data: bytes) -> None:
    """Write a file as a client does, in pieces that every dialect takes."""
    file = opened(share, path, CreateDisposition.FILE_OVERWRITE_IF)
    for place in range(0, len(data), 65536):
        file.write(data[place : place + 65536], place)
    file.close()


def typed(windows: Windows, path: str) -> bytes:
    """What ``type`` prints on the host."""
    console = Console(windows, ADMIN, 65001, dict(windows.environment), "C:\\")
    return console.encode(Cmd(console).run(f"type {path}").stdout)


def test_a_file_that_is_written_over_smb_is_on_the_host(server: SmbServer) -> None:
    """Through C$ or ADMIN$, under another spelling of the folder; the host reads it, and no other host has it."""
    with tree(server, "one") as share:
        put(share, r"WINDOWS\temp\smb.bin", CONTENT)
    with tree(server, "one", "ADMIN$") as share:
        put(share, r"Temp\admin.txt", b"admin")
    one, two = HOSTS["one"], HOSTS["two"]
    assert one.files.read(r"C:\Windows\Temp\smb.bin") == CONTENT == typed(one, r"C:\Windows\Temp\smb.bin")
    assert one.files.list(r"C:\Windows\Temp") == ["admin.txt", "smb.bin"]
    assert not two.files.exists(r"C:\Windows\Temp\smb.bin")


def test_a_file_of_the_host_is_read_over_smb(server: SmbServer) -> None:
    """What the host writes is there at once; a file that is not there is not found."""
    HOSTS["two"].files.write(r"C:\Windows\Temp\host.txt", b"from the host")
    with tree(server, "two") as share:
        file = opened(share, r"Windows\Temp\HOST.TXT", CreateDisposition.FILE_OPEN)
        assert file.read(0, 100) == b"from the host"
        file.close()
        with pytest.raises(ObjectNameNotFound):
            opened(share, r"Windows\Temp\none", CreateDisposition.FILE_OPEN)


def test_the_read_only_attribute_is_seen_over_smb(server: SmbServer) -> None:
    """Set on the host, it is there over SMB, and another file has none. (That smbd as root writes such a file all the same is in FIDELITY.md.)"""
    drive = HOSTS["one"].files
    for name in ("fixed", "free"):
        drive.write(rf"C:\Windows\Temp\{name}", b"")
    drive.set_read_only(r"C:\Windows\Temp\fixed", on=True)
    with tree(server, "one") as share:
        found = {name: opened(share, rf"Windows\Temp\{name}", CreateDisposition.FILE_OPEN).file_attributes for name in ("fixed", "free")}
    assert {name: bool(attributes & FileAttributes.FILE_ATTRIBUTE_READONLY) for name, attributes in found.items()} == {"fixed": True, "free": False}


@pytest.mark.parametrize("user", [r"LAB\labadmin", "labadmin", "LABADMIN", r"LAB\second"])
def test_names_of_administrators(server: SmbServer, user: str) -> None:
    """With and without the domain, in any case; every account has its own password."""
    password = SECOND.password if "second" in user else ADMIN.password
    with tree(server, "one", user=user, password=password):
        pass
    with pytest.raises(LogonFailure), tree(server, "one", user=user, password="wrong"):
        pass


def test_an_unknown_account_is_refused(server: SmbServer) -> None:
    """At the login, as a wrong password is; nobody is a guest, and the Unix accounts behind the names are not accounts."""
    for user in ("nobody", "daemon", "root", "LAB\\stranger"):
        with pytest.raises(LogonFailure), tree(server, "one", user=user, password="x"):
            pass


@pytest.mark.parametrize("user", ["joe", "filtered"])
def test_who_is_no_administrator_gets_no_administrative_share(server: SmbServer, user: str) -> None:
    """Access denied at the share: also for a local administrator whose token is cut down."""
    with pytest.raises(AccessDenied), tree(server, "one", user=user, password=USER.password):
        pass


def test_options(server: SmbServer) -> None:
    """denied: no share opens, though the login is good; admin_shares false: there is no such share; off: nobody listens."""
    with pytest.raises(AccessDenied), tree(server, "denied"):
        pass
    with pytest.raises(BadNetworkName), tree(server, "bare"):
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOSTS["off"].address, server.port), timeout=20)


@pytest.mark.parametrize("dialect", [Dialects.SMB_2_0_2, Dialects.SMB_2_1_0, Dialects.SMB_3_0_2, Dialects.SMB_3_1_1])
def test_dialects(server: SmbServer, dialect: Dialects) -> None:
    """SMB 2.02 to 3.1.1, signed."""
    with tree(server, "one", dialect=dialect) as share:
        put(share, rf"Windows\Temp\{dialect}.bin", b"x" * 70000)
    assert HOSTS["one"].files.size(rf"C:\Windows\Temp\{dialect}.bin") == 70000


def test_the_server_is_ended_with_its_children(tmp_path: Path) -> None:
    """Nothing listens afterwards, and no process of it is left."""
    port = free_port()
    with serve_smb([HOSTS["one"]], tmp_path, port) as running, tree(running, "one"):
        folder = str(tmp_path).encode()
        assert any(folder in line for line in commands())
    assert not any(folder in line for line in commands())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOSTS["one"].address, port), timeout=20)


def commands() -> list[bytes]:
    """The command lines of all processes."""
    found: list[bytes] = []
    for process in (entry for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        try:
            found.append((process / "cmdline").read_bytes())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def test_what_can_not_be_served_is_refused(tmp_path: Path) -> None:
    """No host with SMB, an unknown word, and two accounts of one name with different passwords."""
    with pytest.raises(RuntimeError, match="no host"), serve_smb([HOSTS["off"]], tmp_path, 1):
        pass
    with pytest.raises(ValueError, match="perhaps"), serve_smb([host(6, smb="perhaps")], tmp_path, 1):
        pass
    other = Windows(name="X", release="2022", address="127.0.8.7", accounts=[Account("joe", "X", "another", "S-1-5-21-4")])
    with pytest.raises(RuntimeError, match="joe"), serve_smb([HOSTS["one"], other], tmp_path, 1):
        pass
