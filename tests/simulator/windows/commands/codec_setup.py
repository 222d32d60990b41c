# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installer of a video codec: any program on the drive whose content begins with MARK.

Nothing is published of the real one's options; this one is quiet with /S, as many are, and shows a window otherwise [I].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import codec
from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

MARK = b"CODEC-STANDIN"
ACCESS_DENIED = 5


def is_installer(data: bytes) -> bool:
    """True for a stand-in of the installer."""
    return data.startswith(MARK)


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Register the codec for all programs."""
    if "/s" not in [word.lower() for word in command_line.split(arguments)]:
        outcome = host.installer.stand(f"codec.exe {arguments}".strip())
        return Completed(outcome.code, "", delay=outcome.delay, process=outcome.process)
    if not account.elevated:
        return Completed(ACCESS_DENIED, "")
    codec.register(host.registry, host.bits, True)
    host.journal.write("codec", codec.DRIVER, {"action": "install"})
    return Completed(0, "")
