# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two names, addresses, accounts, ids or versions are the same, and which may be given at all."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._network import plain_address
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._monitoring import _names as names
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("pc1", "PC1", True),
        ("PC1", "pc1.lab.test.", True),
        ("pc1.lab.test", "pc1.other.test", False),
        ("pc1", "pc10", False),
        ("workstation-0001", "WORKSTATION-000", True),
        ("workstation-0001.lab.test", "WORKSTATION-000", True),
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192", False),
        ("", "", False),
    ],
)
def test_a_short_name_stands_for_the_full_one(one: str, other: str, same: bool) -> None:
    """Case does not matter, NetBIOS cuts names after 15 characters, and addresses have no short form."""
    for pair in ((one, other), (other, one)):
        assert names.same_computer(*pair) is same


@pytest.mark.parametrize(
    ("wanted", "same"),
    [("LAB\\gmsa$", True), ("lab.test\\GMSA$", True), ("gmsa$@lab.test", True), ("OTHER\\gmsa$", False), ("LAB\\gmsa", False), (".\\gmsa$", False)],
)
def test_an_account_is_compared_with_its_domain(wanted: str, same: bool) -> None:
    """The short name of a domain is the first part of its full one; the name has to be the same in full."""
    assert names.same_account(wanted, "LAB", "gmsa$", "PC1") is same


@pytest.mark.parametrize("text", ["svc", "\\svc", "LAB\\", "@lab.test"])
def test_an_account_without_a_domain_is_refused(text: str) -> None:
    """Which account is meant must not be guessed."""
    with pytest.raises(BadRequest, match="data_account"):
        names.split_account(text)


@pytest.mark.parametrize("text", ["auditor01", "auditor01.lab.test", "192.0.2.1", "2001:db8::1", "a_b-c"])
def test_names_and_addresses_are_taken(text: str) -> None:
    """Whatever DNS, NetBIOS and IP allow."""
    assert names.checked_address(text, "server") == text


@pytest.mark.parametrize("text", ["", "a b", 'a"b', "a&b", "a%b", "-o", "a\nb", "a\n", "x" * 256, "http://a"])
def test_what_a_command_line_would_read_otherwise_is_refused(text: str) -> None:
    """Neither metacharacters nor options get into a command."""
    with pytest.raises(BadRequest, match="server"):
        names.checked_address(text, "server")


@pytest.mark.parametrize(("text", "version"), [("10.7.13645", (10, 7, 13645)), ("10.5.0.0", (10, 5)), (" 9.96 beta", (9, 96)), ("", ()), ("new", ())])
def test_versions_are_numbers(text: str, version: tuple[int, ...]) -> None:
    """10.10 is later than 10.9, and zeros at the end mean nothing."""
    assert names.version_of(text) == version


@pytest.mark.parametrize(
    ("text", "plain"),
    [("::ffff:192.0.2.1", "192.0.2.1"), ("FE80::0001%12", "fe80::1"), ("192.0.2.1", "192.0.2.1"), ("Name", "name")],
)
def test_an_address_has_one_form(text: str, plain: str) -> None:
    """A dual-stack socket shows IPv4 addresses in IPv6's form, and a link-local one its interface."""
    assert plain_address(text) == plain
