# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The offline installer of .NET Framework 4.8: any program on the drive whose content begins with MARK. Surface 6.

From a network logon Windows' servicing refuses it, as a task of SYSTEM it works [I]. The new release counts at once, a restart
that it asks for or not [I].
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ..context import SYSTEM
from ..files import FileError
from ..records import Account, Completed
from ..registry import Type
from ..registry_seed import DOTNET_FULL
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

MARK = b"NDP48-STANDIN"
RELEASE, OLDEST_4_8 = 528049, 528040
ACCESS_DENIED, BLOCKED, REBOOT_REQUIRED = 5, 5100, 3010
# It runs on 2012 (not on Windows 8), 2012 R2 / 8.1 and later, and on 2008 R2 SP1 / 7 SP1.
_OLDEST = 601


def is_installer(data: bytes) -> bool:
    """True for a stand-in of the installer."""
    return data.startswith(MARK)


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Install. Without /q or /passive it shows a window, which ends only with its process."""
    words = command_line.split(arguments)
    options = [word.lower() for word in words if word.startswith(("/", "-"))]
    log = next((word for option, word in pairwise(words) if option.lower() == "/log"), "")
    if not {"/q", "/quiet", "/passive"} & set(options):
        outcome = host.installer.stand(f"ndp48-x86-x64-allos-enu.exe {arguments}".strip())
        return Completed(outcome.code, "", delay=outcome.delay, process=outcome.process)
    code = _code(host, account)
    if log:
        _write_log(host, log, code)
    return Completed(code, "")


def _code(host: Windows, account: Account) -> int:
    release = host.features
    if release.order[0] < _OLDEST or (release.order[0] == 602 and not release.server):
        return BLOCKED
    before = host.registry.value("hklm", DOTNET_FULL[0], "Release")
    if isinstance(before, int) and before >= OLDEST_4_8:
        return 0
    if account.sid != SYSTEM.sid:
        return ACCESS_DENIED
    for key in DOTNET_FULL[: host.bits // 32]:
        host.registry.put("hklm", key, "Release", Type.REG_DWORD, RELEASE)
        host.registry.put("hklm", key, "Version", Type.REG_SZ, "4.8.03761")
        host.registry.put("hklm", key, "Install", Type.REG_DWORD, 1)
    host.journal.write("dotnet", "4.8", {"before": before, "after": RELEASE})
    return REBOOT_REQUIRED if host.options.get("dotnet_reboot") else 0


def _write_log(host: Windows, path: str, code: int) -> None:
    """An HTML file, or one in a folder."""
    target = host.context.absolute(path)
    if host.files.is_folder(target):
        target += "\\Microsoft .NET Framework 4.8 Setup.html"
    elif not target.lower().endswith((".html", ".htm")):
        target += ".html"
    try:
        host.files.write(target, f"<html><body>Final Result: Installation with result 0x{code:08X}</body></html>".encode())
    except FileError:
        return
