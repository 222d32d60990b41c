# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DISM's exit codes in words. HRESULTs of Win32 errors come as the error. Sources: surface 5.2, Microsoft's CBS error list; most are [I].

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping

DONE, RESTART = (0, 3010), 3010
SOURCE_MISSING = 0x800F081F
# The component store itself is damaged, or lacks what the feature is made of.
CORRUPT = frozenset({14098, 14081, 0x800F0831, 0x800F0900, SOURCE_MISSING})

_CORRUPT = "the component store of Windows is damaged; set repair to have DISM restore it, with source if the host can't reach Windows Update"
_BUSY = "another servicing operation is running on the host, such as Windows Update; run the play again later"
_NO_PAYLOAD = "its files are not on the host and were not found; give in source the folder sources\\sxs of the installation medium of this very release"
_LOST_CALL = "the servicing stack did not answer, twice; restart the host and run the play again"

REASONS: Mapping[int, str] = {
    2: "a file or folder is not there; check source",
    5: "access is denied; a source on a share must be readable by the host's computer account",
    11: "the 32-bit DISM ran on 64-bit Windows",
    50: "it can't be had alone: features that it builds on are missing; set include_parents, or on Server 2008 R2 ask for those features first",
    87: "this release of DISM does not know the name or an option; look at the names that dism /online /get-features prints",
    112: "the host's disk is full; make room on it",
    740: "the account is no full administrator on the host; use one",
    1460: "Windows did not finish it in time; restart the host and run the play again",
    1618: _BUSY,
    1722: _LOST_CALL,
    1726: _LOST_CALL,
    0x20: _BUSY,
    14081: _CORRUPT,
    14098: _CORRUPT,
    0x800F0806: "an earlier change waits for a restart of the host; restart it and run the play again",
    0x800F080C: "Windows does not know the name; look at the names that dism /online /get-features prints",
    0x800F081E: "it does not fit this edition of Windows",
    SOURCE_MISSING: _NO_PAYLOAD,
    0x800F0823: "Windows' servicing stack is too old for it; install the latest updates first",
    0x800F082F: _BUSY,
    0x800F0831: _CORRUPT,
    0x800F0900: _CORRUPT,
    0x800F0906: "its files could not be downloaded; let the host reach Windows Update, or give source",
    0x800F0907: "its files could not be downloaded, as Group Policy forbids it (optional component installation and repair); change the policy, or give source",
    0x800F0922: "a step of it failed and Windows took it back; restart the host, see that the system partition has room, and run the play again",
    0x800F0950: "its files could not be downloaded from Windows Update; let the host reach it, or give source",
    0x800F0954: "the WSUS server that the host uses does not offer its files; allow downloads from Windows Update by Group Policy "
    "(optional component installation and repair), or give source",
    0x8024402C: "Windows Update can't be reached; check the host's proxy, or give source",
    0x80240438: "Windows Update can't be reached; check the host's proxy, or give source",
}


def shown(code: int) -> str:
    """An exit code as Microsoft writes it."""
    return str(code) if code < 0x80000000 else f"0x{code:08X}"


def sentence(code: int) -> str:
    """What an exit code means and what to do, with the code."""
    return f"{REASONS.get(code, 'see its log')} (exit code {shown(code)})"
