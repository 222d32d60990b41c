# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in of the vendor's archive with the codec: two drivers that are text, and the .inf files that install them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

INF = """; a stand-in
[Version]
Signature = "$CHICAGO$"
[DestinationDirs]
Driver = 11
[DefaultInstall]
CopyFiles = Driver
AddReg = Registry
[Driver]
{driver}
[Registry]
HKLM,"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Drivers32",%Name%,,{driver}
[Strings]
Name = "vidc.spv1"
"""
ARCHIVE: Mapping[str, bytes] = {
    "ScreenPressor/x86_version/scpr.inf": INF.format(driver="scpr.dll").encode(),
    "ScreenPressor/x86_version/scpr.dll": b"thirty-two",
    "ScreenPressor/x64_version/scpr64.inf": INF.format(driver="scpr64.dll").encode("utf-16"),
    "ScreenPressor/x64_version/scpr64.dll": b"sixty-four",
    "ScreenPressor/readme.txt": b"stays on the controller",
}


def write(path: Path, files: Mapping[str, bytes] | None = None) -> str:
    """Make the archive, of other files than the usual ones if they are given, and return its path."""
    with ZipFile(path, "w") as made:
        for name, data in (ARCHIVE if files is None else files).items():
            made.writestr(name, data)
    return str(path)
