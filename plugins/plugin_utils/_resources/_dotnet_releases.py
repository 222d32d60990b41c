# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .NET Framework's releases by name, and its installer's exit codes in words.

Source: Microsoft, "How to determine which .NET Framework versions are installed" and ".NET Framework deployment guide for developers".

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping

# The least number of each version: Windows releases bring higher ones of the same version.
_VERSIONS = {
    378389: "4.5",
    378675: "4.5.1",
    379893: "4.5.2",
    393295: "4.6",
    394254: "4.6.1",
    394802: "4.6.2",
    460798: "4.7",
    461308: "4.7.1",
    461808: "4.7.2",
    528040: "4.8",
    533320: "4.8.1",
}
LOWEST = min(_VERSIONS)

# 0x80070BC2 is 3010 as an HRESULT.
NEEDS_REBOOT = (1641, 3010, 0x80070BC2)
_CANCELLED = "somebody or something on the host cancelled it"
_ROLLED_BACK = "a step of it failed, and what had been done was rolled back"
_RESTART_FIRST = "Windows has to be restarted before it can be installed"
_UNTRUSTED = "Windows does not trust the installer's signature; its root certificates are too old and need Windows' updates first"

REASONS: Mapping[int, str] = {
    5: "access is denied",
    1602: _CANCELLED,
    0x80070642: _CANCELLED,
    1603: _ROLLED_BACK,
    0x80070643: _ROLLED_BACK,
    1618: "another installation is running on the host; run the play again later",
    0x80070652: "another installation is running on the host; run the play again later",
    3017: _RESTART_FIRST,
    0x80070BC9: _RESTART_FIRST,
    5100: "the host does not meet its requirements; this version of Windows may be too old for it, or lack an update that it builds on",
    9009: "the installer's file is not there or can't be run",
    0x80070070: "the host's disk is full",
    0x80240017: "it does not fit this version of Windows, or the update that it builds on is missing",
    0x800B0109: _UNTRUSTED,
    0x800B010A: _UNTRUSTED,
    0x800B010B: _UNTRUSTED,
}


def version_of(release: int) -> str:
    """The version that a release belongs to, "before 4.5" below them all."""
    return next((_VERSIONS[least] for least in sorted(_VERSIONS, reverse=True) if release >= least), "before 4.5")
