# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the releases of Windows: one table, ``data/releases.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from . import data


@dataclass(frozen=True)
class Release:
    """One release. ``firewall_schema`` is the version prefix of rule strings (MS-FASP <12>)."""

    key: str
    version: str
    build: int
    revision: int
    product: str
    product_type: int
    sku: int
    edition: str
    installation_type: str
    release_id: str
    display_version: str
    firewall_schema: str
    dotnet_release: int

    @property
    def server(self) -> bool:
        """True for the server editions."""
        return self.product_type != 1

    @property
    def core(self) -> bool:
        """True for Server Core."""
        return self.installation_type == "Server Core"

    @property
    def without_media(self) -> bool:
        """True for the N editions."""
        return self.edition.endswith("N")

    @property
    def winrm_2(self) -> bool:
        """Windows 7 and Server 2008 R2 have WinRM 2.0 with its lower limits, and no namespaces of Windows 8 (surface 1.11)."""
        return self.order < (602, 0)

    @property
    def order(self) -> tuple[int, int]:
        """Sorts releases by their NT version and build."""
        major, minor = self.version.split(".")[:2]
        return int(major) * 100 + int(minor), self.build

    @property
    def windows_10_or_later(self) -> bool:
        """True for Windows 10 / Server 2016 and everything after."""
        return self.order >= (1000, 0)

    @property
    def has_delayed_auto_start_property(self) -> bool:
        """Win32_Service.DelayedAutoStart is "not available before Windows Server 2016 and Windows 10" (surface 2.1)."""
        return self.windows_10_or_later

    @property
    def restrictive_sharing_group(self) -> bool:
        """The group -28672 came with Windows 11 24H2 and Server 2025 (surface 4.4)."""
        return self.build >= 26100

    @property
    def skips_cmd_shell(self) -> bool:
        """WINRS_SKIP_CMD_SHELL is ignored from 2012 R2 on (MS-WSMV <117>)."""
        return self.order < (603, 0)

    @property
    def value_not_found(self) -> int:
        """StdRegProv's answer for a missing value: 1 on 2016 and later, 2 before (surface 3)."""
        return 1 if self.windows_10_or_later else 2


def edition_of(found: Release, edition: str | None) -> Release:
    """Server Core (``core``) or an N edition (``n``) of a release. Raises ValueError for an edition that it does not have."""
    if edition is None:
        return found
    if edition == "core" and found.server:
        core = "Core" if found.winrm_2 else ""
        return replace(found, installation_type="Server Core", edition=found.edition + core, sku=13)
    if edition == "n" and not found.server:
        return replace(found, edition=f"{found.edition}N", product=f"{found.product} N", sku=49)
    raise ValueError(f"Windows {found.key} has no edition {edition!r}; core is for servers, n for clients")


@cache
def releases() -> Mapping[str, Release]:
    """All releases by their key."""
    table: dict[str, dict[str, Any]] = data.document("releases.json")
    return {key: Release(key=key, **values) for key, values in table.items()}


def release(key: str) -> Release:
    """One release; an unknown key raises ValueError that names the known ones."""
    try:
        return releases()[key]
    except KeyError:
        raise ValueError(f"unknown Windows release {key!r}; known: {', '.join(releases())}") from None
