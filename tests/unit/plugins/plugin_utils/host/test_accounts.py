# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts by name and by SID: which class is asked, what is remembered, and what is no account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._accounts import Account, Accounts, split_account
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest, Missing
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Instance, WSManFault

SID = "S-1-5-21-1-2-3-4"


def _row(**properties: str) -> Instance:
    element = Element("row")
    for name, value in properties.items():
        SubElement(element, name).text = value
    return Instance(element)


class FakeClient:
    """Knows instances by class; everything else is not found. Keeps the questions."""

    def __init__(self, **instances: Instance) -> None:
        self.asked: list[str] = []
        self._instances = instances

    def get(self, resource: Any, selectors: Mapping[str, str]) -> Instance:
        """One instance."""
        self.asked.append(f"{resource.class_name} {dict(selectors)}")
        if resource.class_name not in self._instances:
            known: dict[str, Any] = {"code": None, "subcode": "", "reason": "", "provider_message": None, "cim_status": 6}
            raise WSManFault(**known, resource="x", method=None, machine="")
        return self._instances[resource.class_name]


def _accounts(client: FakeClient) -> Accounts:
    given: Any = client
    return Accounts(given)


def test_a_sid_without_a_name_is_no_account() -> None:
    """Windows answers for any SID that is written rightly, with an empty name where nobody has it."""
    assert _accounts(FakeClient(Win32_SID=_row(AccountName="svc", ReferencedDomainName="LAB"))).find(SID) == Account(SID, "LAB", "svc")
    assert _accounts(FakeClient(Win32_SID=_row(AccountName="", ReferencedDomainName=""))).find(SID) is None
    assert _accounts(FakeClient()).find(SID) is None


def test_a_name_is_asked_for_by_its_keys_and_once() -> None:
    """Users come before groups, and nothing is listed; the answer is remembered in any letter case."""
    client = FakeClient(Win32_Group=_row(Domain="LAB", Name="Auditors", SID=SID))
    accounts = _accounts(client)
    assert accounts.find("LAB\\Auditors") == accounts.find("lab\\auditors")
    assert [question.partition(" ")[0] for question in client.asked] == ["Win32_UserAccount", "Win32_Group"]


def test_an_unknown_account_is_one_sentence() -> None:
    """It names the account and the host."""
    with pytest.raises(Missing, match=r"^ws2016 knows no account LAB\\nobody; check its spelling"):
        _accounts(FakeClient()).require("LAB\\nobody", "ws2016")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("LAB\\svc$", ("LAB", "svc$")), ("svc@lab.test", ("lab", "svc")), (".\\local", ("", "local")), ("local", ("", "local"))],
)
def test_the_ways_to_write_an_account(text: str, expected: tuple[str, str]) -> None:
    """Domain and name, of which the domain is empty for the host's own accounts."""
    assert split_account(text) == expected


@pytest.mark.parametrize("text", ["", "LAB\\", "a\\b\\c", 'quo"te', "per%cent"])
def test_what_is_no_account_is_refused(text: str) -> None:
    """Before anything is asked."""
    with pytest.raises(BadRequest, match="is no account"):
        split_account(text)
