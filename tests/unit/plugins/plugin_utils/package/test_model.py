# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Installer's notations, and what its Upgrade table means."""

from __future__ import annotations

import random
from pathlib import Path
from uuid import UUID

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import (
    Package,
    UpgradeRow,
    canonical,
    check_hash,
    checksum,
    compare_versions,
    packed,
)
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest

FAMILY, OTHER = "{5C6BE3B5-31A0-4B7D-9B5C-7E0B6F2B9A11}", "{00000000-0000-0000-0000-000000000001}"


def row(minimum: str = "", maximum: str = "", family: str = FAMILY, **more: object) -> UpgradeRow:
    """A row of the Upgrade table that excludes its bounds and removes what it finds."""
    values: dict[str, object] = {"minimum_inclusive": False, "maximum_inclusive": False, "only_detect": False, **more}
    return UpgradeRow(upgrade_code=family, minimum=minimum, maximum=maximum, **values)  # type: ignore[arg-type]


def package(*rows: UpgradeRow, language: int = 1033, removes_products: bool = True) -> Package:
    """A package of the family with this Upgrade table."""
    return Package(Path("a.msi"), OTHER, FAMILY, "10.7.0", "Agent", "Maker", language, "x86", 1, "0" * 64, rows, removes_products)


@pytest.mark.parametrize(
    ("guid", "expected"),
    [
        # The product code and its packed form as the registry of Windows 7 with Office 2010 has them.
        ("{90140000-0011-0000-0000-0000000FF1CE}", "00004109110000000000000000F01FEC"),
        ("{01234567-89AB-CDEF-0123-456789ABCDEF}", "76543210BA98FEDC1032547698BADCFE"),
        ("01234567-89ab-cdef-0123-456789abcdef", "76543210BA98FEDC1032547698BADCFE"),
    ],
)
def test_packed_guid(guid: str, expected: str) -> None:
    """A packed GUID has the digits of the first three groups backwards and those of the rest in swapped pairs."""
    assert packed(guid) == expected


def test_packing_is_a_swap_of_half_bytes_in_memory_order() -> None:
    """For every GUID the packed form is its bytes as they lie in Windows' memory, each with its halves swapped."""
    chance = random.Random(4711)
    for _case in range(500):
        guid = UUID(int=chance.getrandbits(128))
        memory = guid.bytes_le.hex()
        assert packed(str(guid)) == "".join(memory[place + 1] + memory[place] for place in range(0, 32, 2)).upper()
        assert canonical(guid.hex) == f"{{{guid}}}".upper()


@pytest.mark.parametrize("text", ["", "{}", "5C6BE3B5", "{5C6BE3B5-31A0-4B7D-9B5C-7E0B6F2B9A1G}", "{5C6BE3B5-31A0-4B7D-9B5C-7E0B6F2B9A11}x", "٠" * 32])
def test_what_is_no_guid(text: str) -> None:
    """Anything else than a GUID is refused by name."""
    with pytest.raises(BadRequest, match="is no GUID"):
        canonical(text)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("10.6.0", "10.7.0", -1),
        ("10.10.0", "10.9.0", 1),
        ("10.6", "10.6.0", 0),
        ("10.6.0.4711", "10.6.0.1", 0),
        ("10.6.00012", "10.6.12", 0),
        ("9.9.65535", "10.0.0", -1),
        (" 10.6.1 ", "10.6.1", 0),
    ],
)
def test_versions_compare_by_three_numbers(left: str, right: str, expected: int) -> None:
    """The first three fields count, as numbers; what is missing is 0, and a fourth is not looked at."""
    for pair, sign in (((left, right), 1), ((right, left), -1)):
        assert compare_versions(*pair) == sign * expected


def test_versions_are_ordered_like_windows_own_number() -> None:
    """For every two versions the order is that of the number that Windows Installer stores: major, minor and build in 8, 8 and 16 bits."""
    chance = random.Random(815)
    versions = [(chance.randrange(256), chance.randrange(256), chance.randrange(65536), chance.randrange(65536)) for _case in range(60)]
    for left in versions:
        for right in versions:
            first, second = (version[0] << 24 | version[1] << 16 | version[2] for version in (left, right))
            assert compare_versions(".".join(map(str, left)), ".".join(map(str, right))) == (first > second) - (first < second)


@pytest.mark.parametrize("text", ["", "ten", "10.", ".10", "10..6", "10.6-beta", "-1", "10,6", "1٠"])
def test_what_is_no_version(text: str) -> None:
    """Anything else than numbers with dots between them is refused by name."""
    with pytest.raises(BadRequest, match="is no version"):
        compare_versions(text, "1")


@pytest.mark.parametrize(
    ("rows", "version", "removed"),
    [
        ([row(maximum="10.7.0")], "10.6.0", True),
        ([row(maximum="10.7.0")], "10.7.0", False),
        ([row(maximum="10.7.0")], "10.7.0.99", False),
        ([row(maximum="10.7.0", maximum_inclusive=True)], "10.7.0.99", True),
        ([row(maximum="10.7.0", only_detect=True)], "10.6.0", False),
        ([row(maximum="10.7.0", partial=True)], "10.6.0", False),
        ([row(maximum="10.7.0", family=OTHER)], "10.6.0", False),
        ([row("10.0.0", "10.7.0")], "10.0.0", False),
        ([row("10.0.0", "10.7.0", minimum_inclusive=True)], "10.0.0", True),
        ([row("10.0.0", "10.7.0")], "9.9.0", False),
        ([row("10.7.0", only_detect=True), row(maximum="10.7.0")], "10.8.0", False),
        ([row("10.7.0")], "10.8.0", True),
        ([], "10.6.0", False),
    ],
)
def test_which_versions_a_package_removes(rows: list[UpgradeRow], version: str, removed: bool) -> None:
    """A package removes what a row of its own family finds, unless the row only detects, or removes features only."""
    assert package(*rows).removes(version) is removed


def test_languages_of_an_upgrade_row() -> None:
    """A row with languages finds products of these only, or of all others if it excludes them."""
    only, others = row(maximum="10.7.0", languages=(1031, 1033)), row(maximum="10.7.0", languages=(1031, 1033), languages_excluded=True)
    assert [package(only, language=number).removes("10.6.0") for number in (1033, 1041)] == [True, False]
    assert [package(others, language=number).removes("10.6.0") for number in (1033, 1041)] == [False, True]


def test_a_table_that_nobody_acts_on() -> None:
    """Without the action RemoveExistingProducts the Upgrade table removes nothing."""
    assert not package(row(maximum="10.7.0"), removes_products=False).removes("10.6.0")


def test_checksums() -> None:
    """A checksum may be written in upper case and with its kind before it; another one is refused with both, and what is none by name."""
    assert checksum(f" sha256:{'AB' * 32} ") == "ab" * 32
    check_hash(package(), "SHA256:" + "0" * 64)
    with pytest.raises(BadRequest, match=f"its SHA-256 is {'0' * 64}, and asked for is {'1' * 64}"):
        check_hash(package(), "1" * 64)
    for text in ("", "0" * 40, "0" * 63 + "g"):
        with pytest.raises(BadRequest, match="is no SHA-256"):
            check_hash(package(), text)
