# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the program that a command line names, and runs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ..paths import expanded
from ..records import Account, Completed
from .hostname import run as hostname
from .netsh import run as netsh
from .powershell import run as powershell
from .reg import run as reg
from .sc import run as sc
from .whoami import run as whoami

if TYPE_CHECKING:
    from ..host import Windows

Program = Callable[["Windows", Account, str], Completed]
SYSTEM32 = r"c:\windows\system32"
_PROGRAMS: dict[str, tuple[str, Program]] = {
    "reg": (SYSTEM32, reg),
    "sc": (SYSTEM32, sc),
    "netsh": (SYSTEM32, netsh),
    "whoami": (SYSTEM32, whoami),
    "hostname": (SYSTEM32, hostname),
    "powershell": (rf"{SYSTEM32}\windowspowershell\v1.0", powershell),
}


def run(host: Windows, account: Account, image: str, arguments: str, code_page: int) -> Completed | None:
    """Run ``image``; None if this host has no such program. Output that the code page cannot show becomes "?"."""
    program = _find(host, image)
    if program is None:
        return None
    done = program(host, account, arguments.strip())
    return Completed(done.exit_code & 0xFFFFFFFF, _shown(done.stdout, code_page), _shown(done.stderr, code_page), done.delay)


def _find(host: Windows, image: str) -> Program | None:
    path = expanded(image.strip().strip('"'), host.environment).replace("/", "\\").lower()
    folder, _backslash, name = path.rpartition("\\")
    entry = _PROGRAMS.get(name.removesuffix(".exe"))
    if entry is None:
        return None
    if host.bits == 64 and folder == entry[0].replace("system32", "syswow64"):
        # The 32-bit copy: only for reg.exe that makes a difference here.
        return partial(reg, view=32) if entry[1] is reg else entry[1]
    return entry[1] if folder in ("", entry[0]) else None


def _shown(text: str, code_page: int) -> str:
    encoding = "utf-8" if code_page == 65001 else f"cp{code_page}"
    return text.encode(encoding, "replace").decode(encoding)
