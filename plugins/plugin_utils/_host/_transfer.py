# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing files to the host and from it: over SMB if that can be had, else through the WS-Management connection.

A file is written under a name of its own beside its target (`name.<hash>.part`) and takes the target's name when all of it is there and
has the right hash. What a run that was broken off has left of the same content is used; of another content, deleted.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from .._plan import ApplyFailed, BadRequest
from .._wsman import Resource, WSManFault
from . import _smb as smb
from ._commands import quote
from ._paths import name_of
from ._relay import EMPTY, Relay, reason, room
from ._smb import SmbOptions, Unavailable

if TYPE_CHECKING:
    from . import Host

Slots = Callable[[], AbstractContextManager[object]]

_DISK = Resource("root/cimv2", "Win32_LogicalDisk")
_WAYS = ("auto", "smb", "connection")
_SEGMENT = re.compile(r"\.\d{4}")
_SHARE_PATH = re.compile(r"\\\\(?P<server>[^\\]+)\\(?P<share>[^\\]+)\\(?P<path>.+)")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a file travelled. `way`: smb, connection, or present (nothing was sent).

    `bytes`: what was sent or fetched, less than the file's size where a run that broke off had brought the rest. `reason`:
    why it took this way, for people, without a full stop.
    """

    way: str
    bytes: int
    seconds: float
    reason: str

    def describe(self) -> str:
        """One line for people, without a full stop."""
        if self.way == "present":
            return self.reason
        way = "over SMB" if self.way == "smb" else "through the connection"
        return f"{self.bytes:,} bytes {way} in {self.seconds:.1f} s ({self.reason})"


class Transfer:
    """The ways between the controller and one host; paths are checked already."""

    def __init__(self, host: Host, options: SmbOptions | None, slots: Slots) -> None:
        self._host = host
        self.options = options
        self.slots = slots
        self.relay = Relay(host)

    def deliver(self, local: Path, remote: str, sha256: str, way: str) -> Delivery:
        """See `Files.deliver`."""
        began = time.monotonic()
        _check_way(way)
        with _on_controller(local):
            size = local.stat().st_size
        digest, leftovers = self.relay.survey(remote)
        part = f"{remote}.{sha256[:8]}.part"
        if digest == sha256 or (size == 0 and self.relay.sha256(remote) == sha256):
            self.relay.remove(leftovers)
            return Delivery("present", 0, time.monotonic() - began, "the same file is there already")
        mine = [path for path in leftovers if path.lower().startswith(part.lower())]
        self.relay.remove([path for path in leftovers if path not in mine])
        self._host.rest()
        with self.slots(), _on_controller(local):
            used, sent, why = self._upload(local, part, sha256, way, mine)
        self._place(part, remote)
        return Delivery(used, sent, time.monotonic() - began, why)

    def fetch(self, remote: str, local: Path, way: str) -> Delivery:
        """See `Files.fetch`."""
        began = time.monotonic()
        _check_way(way)
        part = local.with_name(f"{local.name}.part")
        with _on_controller(local):
            try:
                with part.open("wb") as file:
                    used, why = self._download(remote, file, way)
                    size = file.tell()
                part.replace(local)
            finally:
                part.unlink(missing_ok=True)
        return Delivery(used, size, time.monotonic() - began, why)

    def receive(self, path: str, sink: Callable[[bytes], object]) -> None:
        """Read a file of the host through the connection.

        Raises:
            ApplyFailed: it isn't there, can't be read, or did not arrive as it was sent.
        """
        digest = self.relay.sha256(path)
        if digest is None:
            raise ApplyFailed(f"There is no file {path} on {self._host.name}.")
        if digest != EMPTY:
            self.relay.receive(path, sink)

    def share_stamp(self, path: str) -> str:
        """See `Files.share_stamp`."""
        return self._on_server(path, lambda options, share, rest: smb.client().stamp(options, share, rest))

    def read_share(self, path: str, local: Path) -> None:
        """See `Files.read_share`."""
        with _on_controller(local), local.open("wb") as file:
            self._on_server(path, lambda options, share, rest: str(smb.client().download(options, share, rest, file.write)))

    def _on_server(self, path: str, work: Callable[[SmbOptions, str, str], str]) -> str:
        match = _SHARE_PATH.fullmatch(path)
        if match is None:
            raise BadRequest(f"{path!r} is no file on a share; write it as \\\\server\\share\\file.")
        try:
            return work(replace(self._usable(), address=match["server"]), match["share"], match["path"])
        except (Unavailable, ApplyFailed) as refusal:
            raise BadRequest(f"The controller can't read {path} with the account of the connection: {refusal}") from None

    def _usable(self) -> SmbOptions:
        if self.options is None or not self.options.usable:
            raise Unavailable("the connection has neither a password nor a Kerberos ticket")
        return self.options

    def _over_smb(self, way: str, transfer: Callable[[SmbOptions], int]) -> tuple[int | None, str]:
        """What a transfer over SMB returned, or None, and why this way or why not."""
        if way == "connection":
            return None, "as asked"
        try:
            options = self._usable()
            self._host.rest()
            return transfer(options), "as asked" if way == "smb" else "SMB is the fastest way"
        except Unavailable as refusal:
            if way == "smb":
                raise BadRequest(f"Files can't be brought over SMB between the controller and {self._host.name}: {refusal}.") from None
            return None, f"SMB can't be used: {refusal}"

    def _upload(self, local: Path, part: str, sha256: str, way: str, found: Sequence[str]) -> tuple[str, int, str]:
        """Bring a file to `part`, once anew if it arrives as another; return the way, the bytes sent, and why this way."""
        size = local.stat().st_size
        for found_now in (found, []):
            sent, why = self._over_smb(way if size else "connection", partial(self._smb_upload, local=local, part=part, found=found_now))
            used = "connection" if sent is None else "smb"
            if sent is None:
                sent = self._relay_upload(local, part, found_now)
            if self.relay.sha256(part) == sha256:
                self.relay.remove([path for path in found if path.lower() != part.lower()])
                return used, sent, why
            self.relay.remove([part])
            if _sha256(local) != sha256:
                raise BadRequest(f"The file {local} isn't the one whose SHA-256 is {sha256}.")
        raise ApplyFailed(f"{local} did not arrive on {self._host.name} as it was sent, twice; its disk or a security product may have changed it.")

    def _smb_upload(self, options: SmbOptions, local: Path, part: str, found: Sequence[str]) -> int:
        share, path = smb.split_share(part, self._host.system.directory)
        size, there = local.stat().st_size, 0
        if part.lower() in (path.lower() for path in found):
            there = int(smb.client().stamp(options, share, path).split()[0])
        self._require_room(part, size - there)
        with local.open("rb") as source:
            return smb.client().upload(options, share, path, source, size)

    def _relay_upload(self, local: Path, part: str, found: Sequence[str]) -> int:
        if local.stat().st_size == 0:
            self.relay.write(b"", part)
            return 0
        segments = [path for path in found if _SEGMENT.fullmatch(path[len(part) :])]
        # What is of no use here, an upload over SMB for one, takes room until it is gone.
        self.relay.remove([path for path in found if path not in segments])
        self._require_room(part, room(local.stat().st_size, len(segments)))
        return self.relay.send(local, part, segments)

    def _download(self, remote: str, file: BinaryIO, way: str) -> tuple[str, str]:
        share, path = smb.split_share(remote, self._host.system.directory)
        size, why = self._over_smb(way, lambda options: smb.client().download(options, share, path, file.write))
        if size is not None:
            return "smb", why
        file.seek(0)
        file.truncate()
        self.receive(remote, file.write)
        return "connection", why

    def _require_room(self, path: str, size: int) -> None:
        """A full system drive harms more than an agent that is not there, so it is asked before and not found out.

        Raises:
            ApplyFailed: the drive has less than `size` bytes left.
        """
        try:
            free = self._host.client.get(_DISK, {"DeviceID": path[:2].upper()}).integer("FreeSpace")
        except WSManFault:
            # A drive that WMI does not know: Windows itself will tell.
            return
        if free is not None and free < size:
            raise ApplyFailed(
                f"Drive {path[:2].upper()} of {self._host.name} has {free:,} bytes left, and bringing {name_of(path)} takes {size:,}; make room there."
            )

    def _place(self, part: str, remote: str) -> None:
        done = self._host.cmd(f"move /y {quote(part)} {quote(remote)}")
        if done.exit_code:
            self.relay.remove([part])
            raise ApplyFailed(f"{remote} can't be replaced on {self._host.name}, as if a program had it open ({reason(done)}).")


@contextmanager
def _on_controller(local: Path) -> Iterator[None]:
    """What goes wrong with the controller's own file, in one sentence."""
    try:
        yield
    except OSError as error:
        raise BadRequest(f"The controller can't read or write its file {local}: {error.strerror}.") from None


def _check_way(way: str) -> None:
    if way not in _WAYS:
        raise BadRequest(f"{way!r} is no way to bring a file; the ways are {', '.join(_WAYS)}.")


def _sha256(local: Path) -> str:
    with local.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
