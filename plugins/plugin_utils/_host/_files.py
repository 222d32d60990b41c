# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the host: looked at, brought, fetched, moved and deleted, without PowerShell.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .._plan import ApplyFailed
from ._commands import quote
from ._paths import checked, deletable, name_of, parent
from ._relay import reason
from ._smb import SmbOptions
from ._transfer import Delivery, Slots, Transfer

if TYPE_CHECKING:
    from . import Host

__all__ = ["SMALL", "Delivery", "Files", "Slots", "SmbOptions"]

SMALL = 20_000
_DONE = "done"


class Files:
    r"""Files of one host. A path is absolute on a drive of the host (`C:\Folder\file`); BadRequest for any other."""

    def __init__(self, host: Host, options: SmbOptions | None = None, slots: Slots = nullcontext) -> None:
        """`options` None: everything goes through the connection. `slots` makes the context that an upload waits for and holds."""
        self._host = host
        self._transfer = Transfer(host, options, slots)

    def use(self, *, smb_port: int | None = None, slots: Slots | None = None) -> None:
        """From now on take this port for SMB, and these slots; what is None stays."""
        options = self._transfer.options
        if options is not None and smb_port is not None:
            self._transfer.options = replace(options, port=smb_port)
        self._transfer.slots = slots or self._transfer.slots

    def expect(self, paths: Sequence[str]) -> None:
        """`exists` will ask for these: they go along with the registry's reads and cost no message of their own."""
        for path in paths:
            self._host.registry.expect_command(_listing(path))

    def exists(self, paths: Sequence[str]) -> Mapping[str, bool]:
        """For each path whether it is there, file or folder. Remembered as long as the registry's reads are."""
        self.expect(paths)
        return {path: name_of(path).lower() in (self._host.registry.command(_listing(path)) or "").lower().splitlines() for path in paths}

    def sha256(self, path: str) -> str | None:
        """The file's SHA-256 as 64 lower-case hex digits; None if there is no such file.

        Raises:
            ApplyFailed: it can't be read.
        """
        return self._transfer.relay.sha256(checked(path))

    def deliver(self, local: Path, remote: str, sha256: str, way: str = "auto") -> Delivery:
        """Bring a file to the host, unless it is there; its folder must be there, a file of this name is replaced.

        `sha256` is that of `local`. `way` auto: over SMB, and where that is refused or out of reach, through the connection.

        Raises:
            BadRequest: `way` is unknown or can't be had here, or `local` isn't the file of that hash.
            ApplyFailed: the host refuses the file, its disk has no room for it, or it does not arrive as it was sent.
        """
        return self._transfer.deliver(local, checked(remote), sha256.lower(), way)

    def fetch(self, remote: str, local: Path, way: str = "auto") -> Delivery:
        """Bring a file of the host to the controller, where it replaces `local` when all of it is there. `way` is as in `deliver`.

        Raises:
            BadRequest: `way` is unknown or can't be had here.
            ApplyFailed: the host refuses the file, or it does not arrive as it was sent.
        """
        return self._transfer.fetch(checked(remote), local, way)

    def share_stamp(self, path: str) -> str:
        r"""Size and time of the last change of `\\server\share\file`, in a form to compare, read by the controller over SMB.

        Raises:
            BadRequest: the account of the play's connection can't read it from the controller.
        """
        return self._transfer.share_stamp(path)

    def read_share(self, path: str, local: Path) -> None:
        r"""Copy `\\server\share\file` to the controller over SMB; raises as `share_stamp` does."""
        self._transfer.read_share(path, local)

    def read_tail(self, path: str, size: int) -> bytes:
        """The last `size` bytes of a file, fewer if it is shorter. All of it comes through the connection, and little of it is held.

        Raises:
            ApplyFailed: it isn't there or can't be read.
        """
        tail = bytearray()

        def keep(data: bytes) -> None:
            tail.extend(data)
            del tail[: max(0, len(tail) - size)]

        self._transfer.receive(checked(path), keep)
        return bytes(tail)

    def write_small(self, path: str, data: bytes) -> None:
        """Write a file of less than 20 kB, a script for one, through the connection; a file of this name is replaced.

        Raises:
            ValueError: it is longer.
            ApplyFailed: the host refuses it.
        """
        if len(data) >= SMALL:
            raise ValueError(f"{len(data)} bytes are too many for write_small")
        self._transfer.relay.write(data, checked(path))

    def move(self, source: str, target: str) -> None:
        """Give a file another name, or another folder; a file of that name is replaced.

        Raises:
            ApplyFailed: Windows refuses, for one because a program has one of them open.
        """
        done = self._host.cmd(f"move /y {quote(checked(source))} {quote(checked(target))}", time_limit=300.0)
        if done.exit_code:
            raise ApplyFailed(f"{source} can't be moved to {target} on {self._host.name} ({reason(done)}).")

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it; one that is there is no error.

        Raises:
            ApplyFailed: Windows refuses.
        """
        folder = checked(path)
        line = f'(if not exist "{folder}\\" md {quote(folder)}) & if exist "{folder}\\" echo {_DONE}'
        self._ensure(line, f"The folder {path} can't be made")

    def remove(self, path: str) -> None:
        """Delete a file; one that is not there is no error.

        Raises:
            ApplyFailed: Windows refuses, or it is a folder.
        """
        file = checked(path)
        # del with a folder would delete every file in it; only a folder holds anything, be it "." alone.
        line = f'(if not exist "{file}\\*" del /f /q {quote(file)}) & if not exist {quote(file)} echo {_DONE}'
        self._ensure(line, f"The file {path} can't be deleted")

    def remove_like(self, start: str, end: str, *, middle: str, keep: str = "") -> None:
        r"""Delete the files whose paths begin and end like this (`C:\Folder\agent-`, `.msi`) and have `middle`, a regular expression, between.

        `keep` stays. Best effort.
        """
        pattern = checked(f"{start}x{end}")
        start = pattern[: len(pattern) - len(end) - 1]
        listed = self._host.cmd(f"dir /b /a-d {quote(f'{start}*{end}')} 2>nul").stdout.splitlines()
        paths = [f"{parent(pattern)}\\{name.strip()}" for name in listed if name.strip()]
        # The pattern is also compared with short names: only what is really called so goes.
        called_so = [path for path in paths if re.fullmatch(re.escape(start) + middle + re.escape(end), path, re.IGNORECASE)]
        self._transfer.relay.remove([path for path in called_so if path.lower() != keep.lower()])

    def remove_tree(self, path: str) -> None:
        """Delete a folder with all that is in it; one that is not there is no error.

        Raises:
            BadRequest: it is a drive, a folder right below one, or one of Windows, of its users or of all programs.
            ApplyFailed: Windows refuses; part of it may be gone.
        """
        folder = quote(deletable(path, self._host.system.directory))
        self._ensure(f"(if exist {folder} rd /s /q {folder}) & if not exist {folder} echo {_DONE}", f"The folder {path} can't be deleted")

    def remove_staged(self, folder: str) -> None:
        """Delete a folder below our own one with all that is in it; one that is not there is no error.

        Raises:
            ValueError: it is none of ours.
            ApplyFailed: Windows refuses; part of it may be gone.
        """
        path = checked(folder)
        if not path.lower().startswith(f"{self._host.staging}\\".lower()):
            raise ValueError(f"{folder} is not below {self._host.staging}")
        self._ensure(f"(if exist {quote(path)} rd /s /q {quote(path)}) & if not exist {quote(path)} echo {_DONE}", f"The folder {folder} can't be deleted")

    def _ensure(self, line: str, failure: str) -> None:
        """Run a line that says so if it has come true: exit codes of cmd.exe's own commands don't tell."""
        done = self._host.cmd(line, time_limit=300.0)
        if _DONE not in done.stdout.split():
            raise ApplyFailed(f"{failure} on {self._host.name} ({reason(done)}).")


def _listing(path: str) -> str:
    # With the asterisk an empty folder is found too: dir would look into it otherwise.
    return f"dir /b /a {quote(f'{checked(path)}*')}"
