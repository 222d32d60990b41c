# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""bitsadmin.exe: only /transfer, which BITS refuses to a network logon. Its texts are English on every Windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..context import SYSTEM
from ..files import FileError
from ..files.access import Access
from ..network import DownloadError
from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

NOT_LOGGED_ON = 0x800704DD
_ERRORS = {"unknown": 0x80072EE7, "refused": 0x80072EFD, "timeout": 0x80072EE2, "certificate": 0x80072F8F}
_HTTP = 0x80190000
_TITLE = "\r\nBITSADMIN version 3.0\r\nBITS administration utility.\r\n(C) Copyright Microsoft Corp.\r\n\r\n"


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """``/transfer name [/download] [/priority p] url file``: exit code 0, or the HRESULT of the failure."""
    words = command_line.split(arguments)
    if len(words) < 4 or words[0].lower() != "/transfer":
        return Completed(1, f"The simulator does not model this: bitsadmin {arguments}\r\n")
    url, path = words[-2], words[-1]
    if account.sid != SYSTEM.sid:
        return _failed(url, path, NOT_LOGGED_ON)
    try:
        Access(host, account).write(host.context.absolute(path), host.network.download(url))
    except DownloadError as exc:
        return _failed(url, path, _HTTP + exc.status if exc.reason == "status" else _ERRORS[exc.reason])
    except FileError as exc:
        return _failed(url, path, 0x80070000 + exc.code)
    return Completed(0, f"{_TITLE}Transfer complete.\r\n")


def _failed(url: str, path: str, code: int) -> Completed:
    return Completed(code, f"{_TITLE}Unable to complete transfer.\r\nERROR FILE:    {url} -> {path}\r\nERROR CODE:    0x{code:08x}\r\n")
