# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shares of one host, and who may read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .host import Windows

DISK, ADMINISTRATIVE, IPC = 0, 0x80000000, 3
READERS = frozenset({"Everyone", "computers", "administrators", "none"})
# The name is Netwrix's (netwrix-facts 1.6), the folder is not published [I].
PRODUCT_SHARE = ("Netwrix_UAVR$", r"C:\ProgramData\Netwrix Auditor\User Activity Video Reporter\Data")


@dataclass(frozen=True)
class Share:
    """One share. ``kind`` as Win32_Share numbers it; ``readers``: Everyone, computers (of the domain), administrators."""

    name: str
    path: str
    kind: int = DISK
    description: str = ""
    readers: frozenset[str] = frozenset({"Everyone"})


def shares(host: Windows) -> list[Share]:
    """The shares that the Server service offers now; none if it does not run."""
    service = host.services.find("LanmanServer")
    if service is None or service.state != "Running":
        return []
    administrators = frozenset({"administrators"})
    found = [Share("IPC$", "", ADMINISTRATIVE | IPC, "Remote IPC", frozenset())]
    if host.options.get("admin_shares", True):
        found.append(Share("ADMIN$", r"C:\Windows", ADMINISTRATIVE, "Remote Admin", administrators))
        found.append(Share("C$", "C:\\", ADMINISTRATIVE, "Default share", administrators))
    if host.options.get("server"):
        found.append(Share(*PRODUCT_SHARE, readers=administrators))
    return sorted([*found, *own_shares(host.options.get("shares", {}))], key=lambda share: share.name.lower())


def own_shares(options: Mapping[str, Mapping[str, Any]]) -> list[Share]:
    """The shares that a fleet asks for: ``{name: {path: 'C:\\Deploy', read: [Everyone]}}``; ValueError for what cannot be."""
    found = []
    for name, settings in options.items():
        readers = settings.get("read", ["Everyone"])
        words = frozenset([readers] if isinstance(readers, str) else readers)
        if set(settings) - {"path", "read"} or not settings.get("path") or words - READERS:
            raise ValueError(f"share {name}: path and read (of {', '.join(sorted(READERS))}) are what it takes")
        found.append(Share(str(name), str(settings["path"]), readers=words - {"none"}))
    return found
