# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files over SMB 2 and 3 by the library smbprotocol; `_smb` imports this when a file is first brought over SMB.

One connection of its own for each transfer, so nothing of it (session, ticket, password) is left for another host. Signed always,
encrypted where the host can. Several writes and reads are under way at a time, since one alone waits a round trip for each megabyte.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import errno
import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from .._plan import ApplyFailed
from ._smb import SmbOptions, Unavailable

_ERRORS: tuple[type[Exception], ...] = (ValueError, OSError)
try:
    from smbprotocol.connection import Connection, Dialects
    from smbprotocol.exceptions import SMBConnectionClosed, SMBException
    from smbprotocol.file_info import FileEndOfFileInformation, InfoType
    from smbprotocol.open import (
        CreateDisposition,
        CreateOptions,
        FileAttributes,
        FilePipePrinterAccessMask,
        ImpersonationLevel,
        Open,
        ShareAccess,
        SMB2SetInfoRequest,
    )
    from smbprotocol.session import Session
    from smbprotocol.tree import TreeConnect
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None
    # What the library raises: its own errors, ValueError for a host that can't be reached, and those of sockets.
    _ERRORS = (SMBException, ValueError, OSError)

CONNECT_SECONDS = 5
# Login and opening a file; then one write or read.
_OPERATION_SECONDS = 60.0
_PIECE = 1024 * 1024
_UNDER_WAY = 8
# Pieces may arrive in any order: what was under way when a transfer broke off may have left a hole before the end.
_UNCERTAIN = _PIECE * _UNDER_WAY
_PROBE = 64 * 1024
_CREDIT = 64 * 1024
# No room, too large, a broken disk: errors of the controller's own file, which no socket raises.
_OF_THE_CONTROLLER = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
# By NTSTATUS (MS-ERREF 2.3.1): what no other way would change, and what another way may get round.
_FINAL = {
    0xC000007F: "its disk is full",
    0xC000003A: "its folder isn't there",
    0xC0000034: "it isn't there",
    0xC00000BA: "it is a folder",
}
_REFUSED = {
    0xC0000043: "another program has it open",
    0xC0000022: "access is denied",
}

# Without a handler Python prints the library's warnings into the play's output.
logging.getLogger("smbprotocol").addHandler(logging.NullHandler())


def upload(options: SmbOptions, share: str, path: str, source: BinaryIO, size: int) -> int:
    """Write `source`, `size` bytes, to a file of a share, going on where one of the same beginning ends; return the bytes sent.

    Raises:
        Unavailable: the library, the host's SMB or this account's access is missing, or the connection broke: another way may do.
        ApplyFailed: the disk is full, or the file's folder is missing: no way does.
    """
    with _tree(options, share) as tree, _translated(options, path), _file(tree, path, writing=True) as file:
        start = _resume_at(file, source, size)
        source.seek(start)
        _Pipeline(file).write(source, start)
        return size - start


def download(options: SmbOptions, share: str, path: str, sink: Callable[[bytes], object]) -> int:
    """Read a file of a share into `sink` and return its size; raises as `upload` does."""
    with _tree(options, share) as tree, _translated(options, path), _file(tree, path, writing=False) as file:
        size = int(file.end_of_file)
        _Pipeline(file).read(size, sink)
        return size


def stamp(options: SmbOptions, share: str, path: str) -> str:
    """Size and time of the last change of a file of a share, in a form to compare; raises as `upload` does."""
    with _tree(options, share) as tree, _translated(options, path), _file(tree, path, writing=False) as file:
        return f"{int(file.end_of_file)} {file.last_write_time.isoformat()}"


@contextmanager
def _tree(options: SmbOptions, share: str) -> Iterator[TreeConnect]:
    """A connection, logged on, with one share; all of it is closed again."""
    connection = _connection(options)
    try:
        yield _log_on(connection, options, share)
    finally:
        _end(connection)


def _connection(options: SmbOptions) -> Connection:
    """A connection whose dialect is negotiated."""
    for attempts_left in (1, 0):
        connection = Connection(uuid.uuid4(), options.address, options.port, require_signing=True)
        try:
            connection.connect(timeout=CONNECT_SECONDS)
        except _ERRORS as error:
            _end(connection)
            # A server that has much to do may drop a connection that it has just taken; another one is worth a try. (One that was never
            # made is a ValueError, and one without an answer an SMBException.)
            if attempts_left and isinstance(error, (SMBConnectionClosed, OSError)):
                continue
            # The library's own text names sockets and threads.
            where = f"{options.address} port {options.port}"
            raise Unavailable(f"nothing answers on {where} within {CONNECT_SECONDS} seconds as SMB 2 does ({_status(error)})") from None
        return connection
    raise AssertionError("unreachable")


def _end(connection: Connection) -> None:
    with suppress(*_ERRORS), _limited(connection, CONNECT_SECONDS):
        connection.disconnect()


def _log_on(connection: Connection, options: SmbOptions, share: str) -> TreeConnect:
    where = f"{options.address} port {options.port}"
    encrypt = bool(connection.dialect >= Dialects.SMB_3_0_0 and connection.supports_encryption)
    protocol = "kerberos" if options.kerberos else "ntlm"
    session = Session(connection, options.username or None, options.password or None, require_encryption=encrypt, auth_protocol=protocol)
    try:
        with _limited(connection, _OPERATION_SECONDS):
            session.connect()
    except ImportError:
        raise Unavailable("the Python library gssapi is missing on the controller, which Kerberos needs (pip install pyspnego[kerberos])") from None
    except _ERRORS as error:
        raise Unavailable(f"{where} does not accept the account {_account(options)} by {protocol.upper()} ({_status(error)})") from None
    tree = TreeConnect(session, f"\\\\{options.address}\\{share}")
    try:
        with _limited(connection, _OPERATION_SECONDS):
            tree.connect()
    except _ERRORS as error:
        raise Unavailable(f"{where} refuses the share {share} to the account {_account(options)}, or has none ({_status(error)})") from None
    return tree


@contextmanager
def _file(tree: TreeConnect, path: str, *, writing: bool) -> Iterator[Open]:
    file, connection = Open(tree, path), tree.session.connection
    rights = FilePipePrinterAccessMask
    with _limited(connection, _OPERATION_SECONDS):
        file.create(
            ImpersonationLevel.Impersonation,
            rights.GENERIC_READ | rights.GENERIC_WRITE if writing else rights.GENERIC_READ,
            FileAttributes.FILE_ATTRIBUTE_NORMAL,
            # A file that is written is ours alone; one that is read may be a log that its owner still writes.
            0 if writing else ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE | ShareAccess.FILE_SHARE_DELETE,
            CreateDisposition.FILE_OPEN_IF if writing else CreateDisposition.FILE_OPEN,
            CreateOptions.FILE_NON_DIRECTORY_FILE,
        )
    try:
        yield file
    finally:
        with suppress(*_ERRORS), _limited(connection, _OPERATION_SECONDS):
            file.close()


def _resume_at(file: Open, source: BinaryIO, size: int) -> int:
    """Where to go on: behind what is there already, if that looks like the beginning of the same file; else 0, in an emptied file."""
    start = min(int(file.end_of_file) - _UNCERTAIN, size)
    if start > 0:
        at = max(0, start - _PROBE)
        source.seek(at)
        if file.read(at, start - at) == source.read(start - at):
            return start
    _truncate(file)
    return 0


def _truncate(file: Open) -> None:
    if not int(file.end_of_file):
        return
    information = FileEndOfFileInformation()
    information["end_of_file"] = 0
    request = SMB2SetInfoRequest()
    request["info_type"] = InfoType.SMB2_0_INFO_FILE
    request["file_info_class"] = FileEndOfFileInformation.INFO_CLASS
    request["file_id"] = file.file_id
    request["buffer"] = information
    tree = file.tree_connect
    sent = file.connection.send(request, tree.session.session_id, tree.tree_connect_id)
    file.connection.receive(sent, timeout=_OPERATION_SECONDS)


class _Pipeline:
    """Several writes or reads under way at a time, as many as the host gives credits for (MS-SMB2 3.2.4.1.2: one for each 64 kB)."""

    def __init__(self, file: Open) -> None:
        self._file = file
        self._connection = file.connection
        self._under_way: deque[tuple[Any, Callable[[Any], Any]]] = deque()

    def write(self, source: BinaryIO, offset: int) -> None:
        piece = min(_PIECE, int(self._connection.max_write_size))
        while data := source.read(self._room(piece)):
            self._send(*self._file.write(data, offset, send=False))
            offset += len(data)
        while self._under_way:
            self._next()

    def read(self, size: int, sink: Callable[[bytes], object]) -> None:
        piece, offset = min(_PIECE, int(self._connection.max_read_size)), 0
        while offset < size:
            length = min(self._room(piece, sink), size - offset)
            self._send(*self._file.read(offset, length, min_length=length, send=False))
            offset += length
        while self._under_way:
            sink(self._next())

    def _send(self, message: Any, unpack: Callable[[Any], Any]) -> None:
        tree = self._file.tree_connect
        # Asking for more than is spent lets the window grow to what is wanted under way.
        request = self._connection.send(message, tree.session.session_id, tree.tree_connect_id, credit_request=2 * _PIECE // _CREDIT)
        self._under_way.append((request, unpack))

    def _next(self) -> Any:
        """The oldest answer."""
        request, unpack = self._under_way.popleft()
        if not request.response_event.wait(_OPERATION_SECONDS):
            raise TimeoutError("no answer")
        return unpack(request)

    def _room(self, piece: int, sink: Callable[[bytes], object] | None = None) -> int:
        """Bytes that may go out in the next message, after waiting for answers until there is room for any."""
        while self._under_way and (len(self._under_way) >= _UNDER_WAY or self._credits() * _CREDIT < piece):
            answer = self._next()
            if sink is not None:
                sink(answer)
        return max(1, min(piece, self._credits() * _CREDIT))

    def _credits(self) -> int:
        window = self._connection.sequence_window
        return int(window["high"] - window["low"])


@contextmanager
def _limited(connection: Connection, seconds: float) -> Iterator[None]:
    """End the connection if what is inside takes longer: the library itself would wait for ever."""
    timer = threading.Timer(seconds, connection.disconnect, [False])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _account(options: SmbOptions) -> str:
    return options.username or "of the ticket"


def _status(error: Exception) -> str:
    """An error in a form that holds no text of others: the NTSTATUS, or the kind of the error or of its cause."""
    status = getattr(error, "status", None)
    error = error.__cause__ if isinstance(error.__cause__, Exception) else error
    return f"NTSTATUS 0x{status:08x}" if isinstance(status, int) else type(error).__name__


@contextmanager
def _translated(options: SmbOptions, path: str) -> Iterator[None]:
    """The host's refusal of a file in one sentence, and whether another way is worth a try."""
    try:
        yield
    except _ERRORS as error:
        if isinstance(error, OSError) and error.errno in _OF_THE_CONTROLLER:
            raise
        status = getattr(error, "status", 0)
        if status in _FINAL:
            raise ApplyFailed(f"{options.address} refuses the file {path}: {_FINAL[status]} ({_status(error)}).") from None
        if status in _REFUSED:
            raise Unavailable(f"{options.address} refuses the file {path}: {_REFUSED[status]} ({_status(error)})") from None
        raise Unavailable(f"the connection to {options.address} broke off while {path} was under way ({_status(error)})") from None
