# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether SMB can be spoken with a host, and where a file of it lies there. The library is imported when it is first needed.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, cast

from .._plan import StateError

LIBRARY = "smbprotocol"


class Unavailable(StateError):
    """SMB can't be used for this host and account; another way may do. The text goes behind "SMB can't be used: "."""


@dataclass(frozen=True, slots=True)
class SmbOptions:
    """Where and as whom SMB is spoken: the account of the play's connection. `kerberos` True takes a ticket instead of NTLM."""

    address: str
    port: int = 445
    username: str = ""
    password: str = field(default="", repr=False)
    kerberos: bool = False

    @property
    def usable(self) -> bool:
        """False without password and ticket, as with a certificate."""
        return self.kerberos or bool(self.username and self.password)


class SmbClient(Protocol):
    """What `_smb_client` offers, in the share `share` of the host that the options name."""

    def upload(self, options: SmbOptions, share: str, path: str, source: BinaryIO, size: int) -> int:
        """Write a file, going on where one of the same beginning ends; the bytes sent."""

    def download(self, options: SmbOptions, share: str, path: str, sink: Callable[[bytes], object]) -> int:
        """Read a file; its size."""

    def stamp(self, options: SmbOptions, share: str, path: str) -> str:
        """Size and time of a file, to be compared."""


def client() -> SmbClient:
    """The functions that speak SMB.

    Raises:
        Unavailable: the library is missing.
    """
    module = importlib.import_module("._smb_client", __package__)
    if module.MISSING is not None:
        raise Unavailable(f"the Python library {LIBRARY} is missing on the controller (pip install {LIBRARY})")
    return cast("SmbClient", module)


def split_share(path: str, windows: str) -> tuple[str, str]:
    r"""Administrative share and path in it: `C:\Windows\Temp\x` as (`ADMIN$`, `Temp\x`), `D:\x` as (`D$`, `x`)."""
    if path.lower().startswith(f"{windows}\\".lower()):
        return "ADMIN$", path[len(windows) + 1 :]
    return f"{path[0].upper()}$", path[3:]
