# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a neutral name of a Windows feature is on each release and edition. Data only.

Marks: [D] documented by Microsoft, [C] seen in public code or outputs, [I] inference. Builds: 7601 is Windows 7 SP1 and Server 2008 R2 SP1,
9200 Server 2012, 9600 Server 2012 R2 and Windows 8.1, 14393 Server 2016, 17763 Server 2019 and Windows 10 1809, 22000 Windows 11, 26100 Server 2025.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["server", "core", "client", "n"]


@dataclass(frozen=True, slots=True)
class Row:
    """From build `first` to `last`, both included, on an edition of `kinds`: features in the order in which they are enabled, or a capability, or why not.

    `lacking`: the host can't have it and something does not work without it; otherwise `reason` says that nothing is missing.
    """

    first: int
    last: int
    kinds: tuple[Kind, ...]
    features: tuple[str, ...] = ()
    capability: str = ""
    reason: str = ""
    lacking: bool = False


_LAST = 999999
_SERVERS: tuple[Kind, ...] = ("server", "core")
_CLIENTS: tuple[Kind, ...] = ("client", "n")
_NO_DESKTOP = "Server Core does not have it; playback on the Auditor server needs an installation with Desktop Experience"
_ON_CLIENTS = "it is part of every client edition of Windows"
_SINCE_2016 = "it is part of the edition with Desktop Experience since Server 2016"
# amd64 or x86 stands in place of the braces.
_EXPLORER = "Internet-Explorer-Optional-{architecture}"
_EXPLORER_CAPABILITY = "Browser.InternetExplorer~~~~0.0.11.0"

NEUTRAL: Mapping[str, tuple[Row, ...]] = {
    "media-foundation": (
        # [I]: no feature of its own there (surface 5.3).
        Row(0, 9199, ("server",), reason="it is part of Desktop Experience on Server 2008 R2; ask for desktop-experience"),
        Row(0, 9199, ("core",), reason=_NO_DESKTOP, lacking=True),
        # [D] for 2012 and 2012 R2, [C] for 2016, 2019 and 2025, [I] for 2022 (surface 5.3).
        Row(9200, _LAST, _SERVERS, features=("ServerMediaFoundation",)),
        Row(0, _LAST, ("client",), reason=_ON_CLIENTS),
        # The capability is there since 1809 [I] (surface 5.3); before it, the pack is a download for each release [D].
        Row(17763, _LAST, ("n",), capability="Media.MediaFeaturePack~~~~0.0.1.0"),
        Row(0, 17762, ("n",), reason="this release of Windows N gets it by the Media Feature Pack, a download from Microsoft; install that", lacking=True),
    ),
    "ink-and-handwriting": (
        Row(0, 9199, ("server",), features=("InkSupport",)),  # [C]
        Row(9200, 14392, _SERVERS, features=("InkAndHandwritingServices",)),  # [I]; by its ServerManager name [C]
        Row(14393, _LAST, ("server",), reason=_SINCE_2016),  # [D]
        Row(0, _LAST, ("core",), reason=_NO_DESKTOP, lacking=True),
        Row(0, _LAST, _CLIENTS, reason=_ON_CLIENTS),  # [I]
    ),
    "desktop-experience": (
        # Server Manager asks for Ink along with it; DISM of 2008 R2 has no /all, so it is named [I].
        Row(0, 9199, ("server",), features=("InkSupport", "DesktopExperience")),  # [C]
        Row(9200, 14392, _SERVERS, features=("DesktopExperience",)),  # [C]
        Row(14393, _LAST, ("server",), reason=_SINCE_2016),  # [D]
        Row(0, _LAST, ("core",), reason=_NO_DESKTOP, lacking=True),
        Row(0, _LAST, _CLIENTS, reason=_ON_CLIENTS),
    ),
    "internet-explorer": (
        Row(0, _LAST, ("core",), reason="Server Core has no Internet Explorer; watch videos from another computer", lacking=True),
        # [D]: Microsoft's KB 4013567 names the feature for 2008 R2 to 2019 and Windows 7 to 10; [I] for 2022.
        Row(0, 26099, ("server",), features=(_EXPLORER,)),
        Row(26100, _LAST, ("server",), capability=_EXPLORER_CAPABILITY),  # [I]
        Row(0, 21999, _CLIENTS, features=(_EXPLORER,)),
        Row(22000, _LAST, _CLIENTS, capability=_EXPLORER_CAPABILITY),  # [C]
    ),
}
