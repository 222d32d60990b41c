# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the program that a command line names, and runs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ..paths import expanded
from ..records import Account, Completed
from ..text_codes import decoded, encoded
from . import curl as curl_module
from .bitsadmin import run as bitsadmin
from .certutil import run as certutil
from .codec_setup import is_installer as is_codec
from .codec_setup import run as codec_setup
from .dism import run as dism
from .filters import find, findstr, more, sort
from .gpupdate import run as gpupdate
from .hostname import run as hostname
from .icacls import run as icacls
from .msiexec import run as msiexec
from .ndp48 import is_installer
from .ndp48 import run as ndp48
from .net import run as net
from .netsh import run as netsh
from .powershell import run as powershell
from .reg import run as reg
from .rundll32 import run as rundll32
from .sc import run as sc
from .schtasks import run as schtasks
from .shutdown import run as shutdown
from .taskkill import run as taskkill
from .waiting import ping, timeout
from .whoami import run as whoami

if TYPE_CHECKING:
    from ..host import Windows

Program = Callable[["Windows", Account, str], Completed]
SYSTEM32 = r"c:\windows\system32"
_PROGRAMS: dict[str, tuple[str, Program]] = {
    "reg": (SYSTEM32, reg),
    "sc": (SYSTEM32, sc),
    "net": (SYSTEM32, net),
    "net1": (SYSTEM32, net),
    "netsh": (SYSTEM32, netsh),
    "whoami": (SYSTEM32, whoami),
    "gpupdate": (SYSTEM32, gpupdate),
    "hostname": (SYSTEM32, hostname),
    "certutil": (SYSTEM32, certutil),
    "icacls": (SYSTEM32, icacls),
    "find": (SYSTEM32, find),
    "findstr": (SYSTEM32, findstr),
    "more": (SYSTEM32, more),
    "sort": (SYSTEM32, sort),
    "schtasks": (SYSTEM32, schtasks),
    "shutdown": (SYSTEM32, shutdown),
    "taskkill": (SYSTEM32, taskkill),
    "curl": (SYSTEM32, curl_module.run),
    "bitsadmin": (SYSTEM32, bitsadmin),
    "msiexec": (SYSTEM32, msiexec),
    "rundll32": (SYSTEM32, rundll32),
    "ping": (SYSTEM32, ping),
    "timeout": (SYSTEM32, timeout),
    "dism": (SYSTEM32, dism),
    "powershell": (rf"{SYSTEM32}\windowspowershell\v1.0", powershell),
}


def run(host: Windows, account: Account, image: str, arguments: str, code_page: int) -> Completed | None:
    """Run ``image``; None if this host has no such program. Output that the code page cannot show becomes "?"."""
    program = _find(host, image)
    if program is None:
        return None
    done = program(host, account, arguments.strip())
    return Completed(done.exit_code & 0xFFFFFFFF, _shown(done.stdout, code_page), _shown(done.stderr, code_page), done.delay, done.process)


def _find(host: Windows, image: str) -> Program | None:
    path = expanded(image.strip().strip('"'), host.environment).replace("/", "\\").lower()
    folder, _backslash, name = path.rpartition("\\")
    entry = _PROGRAMS.get(name.removesuffix(".com" if name == "more.com" else ".exe"))
    if entry is None:
        return _on_the_drive(host, path)
    if entry[1] is curl_module.run and host.features.build < curl_module.FIRST_BUILD:
        return None
    if host.bits == 64 and folder == entry[0].replace("system32", "syswow64"):
        # The 32-bit copy: for these two it makes a difference, and that of dism.exe is left out.
        if entry[1] in (reg, rundll32):
            return partial(entry[1], view=32)
        return None if entry[1] is dism else entry[1]
    return entry[1] if folder in ("", entry[0]) else None


def _on_the_drive(host: Windows, path: str) -> Program | None:
    """A program that somebody has put there, known by its content; None for what the simulator can't run."""
    place = host.context.absolute(path)
    if place.startswith("\\\\") or not host.files.exists(place) or host.files.is_folder(place):
        return None
    data = host.files.read(place)
    return ndp48 if is_installer(data) else codec_setup if is_codec(data) else None


def _shown(text: str, code_page: int) -> str:
    return decoded(encoded(text, code_page), code_page)
