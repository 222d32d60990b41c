# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that are used to let time pass: ping.exe and timeout.exe. Here no time passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows


def ping(host: Windows, account: Account, arguments: str) -> Completed:
    """One line for each echo; the host itself and those of its network answer, a name that nobody has gives exit code 1."""
    words = command_line.split(arguments)
    count = 4
    names: list[str] = []
    while words:
        word = words.pop(0)
        if word.lower() in ("-n", "-w", "-l", "/n", "/w", "/l") and words:
            value = words.pop(0)
            count = int(value) if word[1].lower() == "n" and value.isdigit() else count
        elif not word.startswith(("-", "/")):
            names.append(word)
    if len(names) != 1:
        return Completed(1, "", host.error(87) + "\r\n")
    if names[0] not in ("127.0.0.1", "localhost", "::1") and host.network.resolve(names[0]) is None:
        return Completed(1, f"Ping request could not find host {names[0]}. Please check the name and try again.\r\n")
    return Completed(0, f"Reply from {names[0]}: bytes=32 time<1ms TTL=128\r\n" * count)


def timeout(host: Windows, account: Account, arguments: str) -> Completed:
    """It needs a console as input, and there is none under WinRM."""
    return Completed(1, "", "ERROR: Input redirection is not supported, exiting the process immediately.\r\n")
