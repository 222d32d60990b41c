# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Windows a host runs: its release, as WMI says, and its edition, as its registry says.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._wsman import Instance
    from ._registry import Registry

_KEY = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """`client` False on servers; `directory` is Windows' folder, `C:\\Windows`; `version` is (6, 1, 7601) for Windows 7 and Server 2008 R2."""

    client: bool
    bits: int
    directory: str
    version: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Edition:
    """`installation`: Server, Server Core or Client; `edition_id`: ServerStandard, ProfessionalN and so on. Not localised, surface 5.3."""

    installation: str
    edition_id: str

    @property
    def core(self) -> bool:
        """True for Server Core, which has no desktop."""
        return self.installation.lower() == "server core"

    @property
    def n(self) -> bool:
        """True for the editions without media: N, and KN of Korea. The capital tells them from `Education`."""
        return self.edition_id.endswith("N")


class Editions:
    """Reads the edition along with the other keys of a task."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def expect(self) -> None:
        """`current` will be asked for."""
        self._registry.expect(_KEY)

    @property
    def current(self) -> Edition:
        """The host's edition; empty texts if its registry does not tell."""
        key = self._registry.key(_KEY)
        installation, edition = (key.data("InstallationType"), key.data("EditionID")) if key else (None, None)
        return Edition(str(installation or ""), str(edition or ""))


def operating_system(row: Instance) -> OperatingSystem:
    """What Win32_OperatingSystem says."""
    return OperatingSystem(
        client=row.integer("ProductType") == 1,
        # The text is localised ("64-Bit", "64 bits"), the number is not.
        bits=64 if "64" in (row.text("OSArchitecture") or "") else 32,
        directory=row.text("WindowsDirectory") or "C:\\Windows",
        version=_version(row.text("Version") or ""),
    )


def _version(text: str) -> tuple[int, int, int]:
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else (0, 0, 0)
