# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Windows Installer package as plain values, and the two notations that Windows Installer has of its own.

Sources: win32 `Msi/upgrade-table.md`, `Msi/productversion.md`, `Msi/preparing-an-application-for-future-major-upgrades.md`.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .._plan import BadRequest

_GUID = re.compile(r"\{?([0-9A-Fa-f]{8})-?([0-9A-Fa-f]{4})-?([0-9A-Fa-f]{4})-?([0-9A-Fa-f]{4})-?([0-9A-Fa-f]{12})\}?", re.ASCII)
_VERSION = re.compile(r"\d{1,10}(\.\d{1,10})*", re.ASCII)
_FIELDS_THAT_COUNT = 3


@dataclass(frozen=True, slots=True)
class UpgradeRow:
    """One row of the Upgrade table: the installed products that the package looks for.

    `minimum` and `maximum` are versions, empty for no bound. `languages` are the only ones meant, or with `languages_excluded` the only
    ones not meant; empty for all. `partial` is True if features are removed and not the product.
    """

    upgrade_code: str
    minimum: str
    maximum: str
    minimum_inclusive: bool
    maximum_inclusive: bool
    only_detect: bool
    languages: tuple[int, ...] = ()
    languages_excluded: bool = False
    partial: bool = False

    def finds(self, version: str, language: int) -> bool:
        """Whether an installed product of this version and language is within the row's bounds; its UpgradeCode is not looked at."""
        if self.languages and (language in self.languages) == self.languages_excluded:
            return False
        lowest, highest = (compare_versions(version, bound) if bound else None for bound in (self.minimum, self.maximum))
        above = lowest is None or lowest > 0 or (lowest == 0 and self.minimum_inclusive)
        return above and (highest is None or highest < 0 or (highest == 0 and self.maximum_inclusive))


@dataclass(frozen=True, slots=True)
class Package:
    """What an MSI file says about itself. Codes are canonical GUIDs, `upgrade_code` is empty in a package without one.

    `version` is as written in the package, `language` a Windows language number (0 for neutral), `architecture` one of "x86", "x64" and
    "arm64", `size` in bytes, `sha256` in lower-case digits. `removes_products` is False if no Upgrade row is ever acted on.
    """

    path: Path
    product_code: str
    upgrade_code: str
    version: str
    name: str
    manufacturer: str
    language: int
    architecture: str
    size: int
    sha256: str
    upgrades: tuple[UpgradeRow, ...]
    removes_products: bool = True

    def removes(self, version: str) -> bool:
        """Whether installing this package removes an installed product of the same UpgradeCode, of this version and of its own language.

        A product of the same ProductCode is never removed: Windows Installer changes or refuses it instead.
        """
        if not self.removes_products or not self.upgrade_code:
            return False
        rows = (row for row in self.upgrades if row.upgrade_code == self.upgrade_code and not row.only_detect and not row.partial)
        return any(row.finds(version, self.language) for row in rows)


def canonical(guid: str) -> str:
    """A GUID in the form of the registry, `{00000000-0000-0000-0000-000000000000}` with upper-case letters.

    Raises:
        BadRequest: it is no GUID.
    """
    match = _GUID.fullmatch(guid.strip())
    if not match:
        raise BadRequest(f"{guid!r} is no GUID; one looks like {{12345678-ABCD-1234-ABCD-123456789ABC}}.")
    return f"{{{'-'.join(match.groups()).upper()}}}"


def packed(guid: str) -> str:
    """A GUID as Windows Installer names its registry keys: 32 digits, every group of digits written backwards, upper-case.

    The first three groups are reversed as a whole, of the other two every pair of digits is swapped.

    Raises:
        BadRequest: it is no GUID.
    """
    first, second, third, fourth, fifth = canonical(guid).strip("{}").split("-")
    rest = fourth + fifth
    return first[::-1] + second[::-1] + third[::-1] + "".join(rest[place : place + 2][::-1] for place in range(0, len(rest), 2))


def compare_versions(left: str, right: str) -> int:
    """-1, 0 or 1 as `left` is older than, the same as or newer than `right` for Windows Installer.

    The first three fields count and a field that is not there is 0: 10.6, 10.6.0 and 10.6.0.4711 are the same to it.

    Raises:
        BadRequest: one of them is no version.
    """
    first, second = _fields(left), _fields(right)
    return (first > second) - (first < second)


def _fields(version: str) -> tuple[int, ...]:
    text = version.strip()
    if not _VERSION.fullmatch(text):
        raise BadRequest(f"{version!r} is no version; one looks like 10.6.12345, numbers with dots between them.")
    fields = [int(field) for field in text.split(".")[:_FIELDS_THAT_COUNT]]
    return (*fields, *[0] * (_FIELDS_THAT_COUNT - len(fields)))
