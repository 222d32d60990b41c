# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Windows keeps which products are installed, read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..registry import Key
from .codes import from_number, is_code, packed, unpacked

if TYPE_CHECKING:
    from ..host import Windows

WINDOWS = r"SOFTWARE\Microsoft\Windows\CurrentVersion"
CLASSES = r"SOFTWARE\Classes\Installer"
MACHINE = rf"{WINDOWS}\Installer\UserData\S-1-5-18"
UPGRADES = (rf"{CLASSES}\UpgradeCodes", rf"{WINDOWS}\Installer\UpgradeCodes")


class Product(NamedTuple):
    """One installed product. ``cached`` is Windows' copy of its package, ``source`` where it was installed from."""

    code: str
    name: str
    version: tuple[int, int, int]
    package_code: str
    cached: str
    source: str


def product(host: Windows, code: str) -> Product | None:
    """The product of this code, None if it is not installed."""
    key = host.registry.open("hklm", rf"{CLASSES}\Products\{packed(code)}") if is_code(code) else None
    if key is None:
        return None
    details = host.registry.open("hklm", rf"{MACHINE}\Products\{packed(code)}\InstallProperties")
    sources = key.walk(("SourceList",))
    last = _text(sources, "LastUsedSource").rpartition(";")[2]
    stored = key.values.get("version")
    return Product(
        code.upper(),
        _text(key, "ProductName"),
        from_number(stored.data if stored and isinstance(stored.data, int) else 0),
        _unpacked(_text(key, "PackageCode")),
        _text(details, "LocalPackage"),
        last + _text(sources, "PackageName"),
    )


def related(host: Windows, upgrade_code: str) -> Iterator[Product]:
    """The installed products of an upgrade code."""
    key = host.registry.open("hklm", rf"{UPGRADES[0]}\{packed(upgrade_code)}")
    for value in list(key.values.values()) if key else []:
        found = product(host, unpacked(value.name)) if len(value.name) == 32 else None
        if found is not None:
            yield found


def clients(host: Windows, component: str) -> list[str]:
    """The codes of the products that have installed a component."""
    key = host.registry.open("hklm", rf"{MACHINE}\Components\{packed(component)}")
    return [unpacked(value.name) for value in key.values.values()] if key else []


def _text(key: Key | None, name: str) -> str:
    value = key.values.get(name.lower()) if key else None
    return str(value.data) if value else ""


def _unpacked(text: str) -> str:
    return unpacked(text) if len(text) == 32 else ""
