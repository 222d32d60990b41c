# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play asks of msi_package, before any host is asked: properties and the order of msiexec's calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Product
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import Package, UpgradeRow
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._msi_properties import command_line
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._msi_steps import Step, steps_to

CODES = {version: f"{{00000000-0000-0000-0000-0000000{version.replace('.', ''):>05}}}" for version in ("10.6.0", "10.7.0", "10.8.0")}
FAMILY = "{11111111-2222-3333-4444-555555555555}"


def _package(version: str, *, below: str = "", code: str = "") -> Package:
    """A package that removes what is older than `below`."""
    rows = (UpgradeRow(FAMILY, "0.0.0", below, minimum_inclusive=True, maximum_inclusive=False, only_detect=False),) if below else ()
    return Package(Path("a.msi"), code or CODES[version], FAMILY, version, "A", "B", 0, "x86", 1, "0" * 64, rows)


def _product(version: str) -> Product:
    return Product(CODES[version], "A", version, "B")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", 'NAME="plain"'),
        ("with blanks", 'NAME="with blanks"'),
        ('a "b" c', 'NAME="a ""b"" c"'),
        ("C:\\folder\\", 'NAME="C:\\folder\\"'),
        ("50% of %PATH%", 'NAME="50% of %PATH%"'),
        ("a & b | c ^ (d)", 'NAME="a & b | c ^ (d)"'),
        ("", 'NAME=""'),
        (9004, 'NAME="9004"'),
    ],
)
def test_a_property_is_quoted_as_windows_installer_wants_it(value: object, written: str) -> None:
    """The value alone is quoted, quotation marks are doubled, everything else is left."""
    assert command_line({"NAME": value}, {}) == [written]


@pytest.mark.parametrize("name", ["name", "Name", "A B", "", 'A"', "A=B", "1A", "REINSTALL", "REMOVE"])
def test_a_name_that_is_not_for_a_play_to_give_is_refused(name: str) -> None:
    """Private properties, bad names and those that decide about the installation itself."""
    with pytest.raises(BadRequest):
        command_line({name: "x"}, {})


@pytest.mark.parametrize("value", ["a\nb", "a\r", "\x00", ["a"], None])
def test_a_value_that_msiexec_cant_be_given_is_refused(value: object) -> None:
    """Line breaks, other control characters, lists and null."""
    with pytest.raises(BadRequest, match="NAME"):
        command_line({"NAME": value}, {})


def test_a_refused_secret_is_not_told() -> None:
    """The message names the property and not its value."""
    with pytest.raises(BadRequest) as refused:
        command_line({}, {"KEY": "hush\nhush"})
    assert "hush" not in str(refused.value)


def test_a_property_is_not_both_plain_and_secret() -> None:
    """Nobody can tell which one is meant."""
    with pytest.raises(BadRequest, match="leave one of them"):
        command_line({"KEY": "a"}, {"KEY": "b"})


def test_nothing_installed_is_an_installation() -> None:
    """One call."""
    assert steps_to(_package("10.7.0"), [], damaged=False, keep=False) == [Step("install")]


def test_an_older_product_that_the_package_removes_is_upgraded_in_one_call() -> None:
    """A major upgrade is the package's own work."""
    assert steps_to(_package("10.7.0", below="10.7.0"), [_product("10.6.0")], damaged=False, keep=False) == [Step("install")]


def test_an_older_product_that_the_package_would_leave_is_uninstalled_first() -> None:
    """Without a fitting row in its Upgrade table both versions would stand side by side."""
    old = _product("10.6.0")
    assert steps_to(_package("10.7.0"), [old], damaged=False, keep=False) == [Step("uninstall", old), Step("install")]


def test_the_same_code_at_a_higher_version_is_a_minor_upgrade() -> None:
    """Windows Installer is told to reinstall with the new file."""
    assert steps_to(_package("10.7.0", code=CODES["10.6.0"]), [_product("10.6.0")], damaged=False, keep=False) == [Step("upgrade")]


def test_a_downgrade_uninstalls_first() -> None:
    """The package itself would refuse a newer product."""
    new = _product("10.8.0")
    assert steps_to(_package("10.7.0", below="10.7.0"), [new], damaged=False, keep=False) == [Step("uninstall", new), Step("install")]


def test_what_stands_beside_the_newest_product_goes() -> None:
    """By its own code, before anything else."""
    old = _product("10.6.0")
    assert steps_to(_package("10.7.0"), [_product("10.7.0"), old], damaged=False, keep=True) == [Step("uninstall", old)]


def test_a_damaged_product_is_repaired_with_its_own_package() -> None:
    """With the file if it is that very product, with the copy that Windows keeps if not."""
    same, newer = _product("10.7.0"), _product("10.8.0")
    assert steps_to(_package("10.7.0"), [same], damaged=True, keep=True) == [Step("repair")]
    assert steps_to(_package("10.7.0"), [newer], damaged=True, keep=True) == [Step("repair", newer)]
