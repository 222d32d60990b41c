# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders that are Windows' own, or a person's, and are never removed.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re

from .._host._paths import deletable
from .._plan import BadRequest

_PROGRAMS = "common files|internet explorer|modifiablewindowsapps|msbuild|reference assemblies|uninstall information|windows[^\\\\]*"
# Several of these are other names (junctions) of folders elsewhere, so that what is below them belongs to Windows too.
_DATA = "microsoft onedrive|package cache|packages|regid\\.[^\\\\]*|softwaredistribution|ssh|usoprivate|usoshared|windowsholographicdevices"
_JUNCTIONS = "application data|desktop|documents|favorites|start menu|templates"
# All that programs keep for a person and may be theirs to remove; anything else in a profile is the person's work, or Windows'.
_PROFILE_DATA = r"appdata\\(?:local|locallow|roaming)\\(?!(?:microsoft|packages|application data|history|temporary internet files)(?:\\|$)|(?:programs|temp)$)"
_OWN = re.compile(
    rf"program files(?: \(x86\))?(?:\\(?:{_PROGRAMS}))?"
    rf"|programdata(?:\\(?:{_DATA}|(?:microsoft|{_JUNCTIONS})(?:\\.*)?))?"
    rf"|users(?:\\[^\\]*|\\(?:all users|default|default user)\\.*|\\[^\\]*\\(?!{_PROFILE_DATA}).*)?"
    r"|(?:program files\\)?windowsapps(?:\\.*)?"
    r"|(?:documents and settings|system volume information|recovery|boot|\$[^\\]*)(?:\\.*)?"
)


def check_removable(path: str, windows: str) -> None:
    r"""Refuse to remove a folder that the host or somebody's work depends on; `windows` is Windows' own folder.

    Raises:
        BadRequest: it is a drive, right below one, in Windows' folder, or one of those that Windows makes for programs, data and users.
    """
    plain = deletable(path, windows)
    if _OWN.fullmatch(plain[3:].lower()):
        raise BadRequest(f"{plain} is one of Windows' own folders or a user's, and is not removed; give the folder of the product itself.")
