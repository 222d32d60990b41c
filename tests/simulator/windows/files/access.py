# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drive as one account may use it: rights are asked for, writes are journalled, UNC paths are read over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import ACCESS_DENIED, FileError, key

if TYPE_CHECKING:
    from ..host import Windows
    from ..records import Account

_GUARDED = ("c:\\windows", "c:\\program files", "c:\\program files (x86)")
_ADMINISTRATORS, _USERS = "S-1-5-32-544", "S-1-5-32-545"
_OPEN_TO_ALL = ("c:\\windows\\temp",)


class Access:
    r"""Files for one account; paths are absolute (``C:\...``, for reading also ``\\server\share\...``). Every method raises FileError.

    An account without a live Administrators group can't write into Windows, the program folders, other accounts' profiles and the
    drive's root. Each write is one journal entry of kind ``file`` whose detail tells the action.
    """

    def __init__(self, host: Windows, account: Account) -> None:
        self._host = host
        self._account = account

    def read(self, path: str) -> bytes:
        """The content of a file, here or on a share."""
        if path.startswith("\\\\"):
            return self._host.network.read_share(self._host, self._account, path)
        self._visible(path)
        return self._host.files.read(path)

    def write(self, path: str, data: bytes) -> None:
        """Make or replace a file."""
        self.open(path, new=True)
        self.fill(path, data, "write")

    def open(self, path: str, *, new: bool) -> None:
        """Open a file for writing at its end; ``new`` empties it. Not journalled: ``fill`` follows."""
        self.check(path)
        if new:
            self._host.files.write(path, b"")
        else:
            self._host.files.append(path, b"")

    def fill(self, path: str, data: bytes, action: str) -> None:
        """Write into a file that was opened; the journal's entry has the action and the size."""
        self._note(path, action, bytes=len(data))
        self._host.files.append(path, data)

    def remove(self, path: str) -> None:
        """Remove a file."""
        self.check(path)
        self._host.files.remove(path)
        self._note(path, "remove")

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it."""
        self.check(path)
        self._host.files.make_folder(path)
        self._note(path, "make_folder")

    def remove_folder(self, path: str, *, tree: bool) -> None:
        """Remove a folder: an empty one, or with all that it holds."""
        self.check(path)
        if tree:
            # Something may be gone even if the rest can't be removed, so this is a write in any case.
            self._note(path, "remove_tree")
            self._host.files.remove_tree(path)
        else:
            self._host.files.remove_folder(path)
            self._note(path, "remove_folder")

    def move(self, path: str, target: str) -> None:
        """Move or rename a file or folder."""
        self.check(path)
        self.check(target)
        self._host.files.move(path, target)
        self._note(path, "move", target=target)

    def restrict(self, folder: str, sids: frozenset[str], readers: frozenset[str] = frozenset()) -> None:
        """Leave a folder with all that is in it to these accounts and groups; the readers may only read there."""
        self.check(folder)
        self._host.files.private[key(folder)] = sids
        self._host.files.readable[key(folder)] = readers
        self._note(folder, "restrict", sids=sorted(sids), **({"readers": sorted(readers)} if readers else {}))

    def check(self, path: str) -> None:
        """Raise FileError 5 if the account may not write there, 50 for a share (writing to shares is not modelled)."""
        if path.startswith("\\\\"):
            raise FileError(50, path)
        if self._account.elevated:
            return
        self._visible(path, write=True)
        wanted = key(path)
        guarded = any(_inside(wanted, folder) for folder in _GUARDED) and not any(_inside(wanted, folder) for folder in _OPEN_TO_ALL)
        if guarded or wanted.count("\\") < 2:
            raise FileError(ACCESS_DENIED, path)

    def _visible(self, path: str, *, write: bool = False) -> None:
        """Profiles are closed to other accounts, private folders to all that are not named."""
        mine = {self._account.sid, _USERS, *([_ADMINISTRATORS] if self._account.elevated else [])}
        for folder, sids in self._host.files.private.items():
            allowed = sids if write else sids | self._host.files.readable.get(folder, frozenset())
            if _inside(key(path), folder) and not mine & allowed:
                raise FileError(ACCESS_DENIED, path)
        _drive, users, name, *_rest = [*key(path).split("\\"), "", ""]
        private = users == "users" and name not in ("", "public", "default", self._account.name.lower())
        if private and not self._account.elevated:
            raise FileError(ACCESS_DENIED, path)

    def _note(self, path: str, action: str, **detail: object) -> None:
        self._host.journal.write("file", path, {"action": action, **detail})


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "\\")
