# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security descriptors: what is read from an embedded instance, and what is written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._security import Entry, Security, access_list, sid_bytes, sid_text
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Embedded, Instance, Resource

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/"
ADMINISTRATORS, USERS, SERVICE = "S-1-5-32-544", "S-1-5-32-545", "S-1-5-19"
PATH = "HKLM\\SOFTWARE\\X"


def _trustee(parent: Element, name: str, sid: str, *, text: bool = True) -> None:
    trustee = SubElement(parent, name, {f"{XSI}type": "t:__Trustee_Type"})
    for number in sid_bytes(sid):
        SubElement(trustee, f"{{{WMI}__Trustee}}SID").text = str(number)
    if text:
        SubElement(trustee, f"{{{WMI}__Trustee}}SIDString").text = sid


def _answer(*entries: tuple[int, int, int, str], control: int = 0x8404, code: int = 0, text: bool = True) -> Instance:
    """The outputs of GetSecurityDescriptor; entries are type, flags, mask and SID."""
    output = Element("GetSecurityDescriptor_OUTPUT")
    SubElement(output, "ReturnValue").text = str(code)
    if code:
        return Instance(output)
    descriptor = SubElement(output, "Descriptor", {f"{XSI}type": "d:__SecurityDescriptor_Type"})
    SubElement(descriptor, f"{{{WMI}__SecurityDescriptor}}ControlFlags").text = str(control)
    _trustee(descriptor, f"{{{WMI}__SecurityDescriptor}}Owner", ADMINISTRATORS)
    for kind, flags, mask, sid in entries:
        entry = SubElement(descriptor, f"{{{WMI}__SecurityDescriptor}}DACL", {f"{XSI}type": "e:__ACE_Type"})
        for name, value in (("AccessMask", mask), ("AceFlags", flags), ("AceType", kind)):
            SubElement(entry, f"{{{WMI}__ACE}}{name}").text = str(value)
        _trustee(entry, f"{{{WMI}__ACE}}Trustee", sid, text=text)
    return Instance(output)


class FakeClient:
    """Gives one answer to every Get..., `code` to every Set..., and keeps what was set."""

    def __init__(self, answer: Instance, code: int = 0) -> None:
        self._answer, self._code = answer, code
        self.asked = 0
        self.written: list[Mapping[str, Any]] = []

    def invoke(self, resource: Resource, method: str, arguments: Mapping[str, Any]) -> Instance:
        """One call."""
        if method == "GetSecurityDescriptor":
            self.asked += 1
            return self._answer
        self.written.append(arguments)
        return _answer(code=self._code)


def _security(client: FakeClient) -> Security:
    given: Any = client
    return Security(given)


def _sid_of(entry: Any) -> str:
    assert isinstance(entry, Embedded)
    trustee = entry.properties["Trustee"]
    assert isinstance(trustee, Embedded)
    data: Any = trustee.properties["SID"]
    return sid_text(data)


@pytest.mark.parametrize("sid", [ADMINISTRATORS, SERVICE, "S-1-1-0", "S-1-5-21-2769372883-2155347865-783975631-25735"])
def test_sids_have_two_forms(sid: str) -> None:
    """Text and bytes are the same."""
    assert sid_text(sid_bytes(sid)) == sid


@pytest.mark.parametrize("text", [True, False])
def test_entries_are_read_in_their_order(text: bool) -> None:
    """By the SID's text, or by its bytes where the host gives no text."""
    found = access_list(_embedded(_answer((1, 0, 1, USERS), (0, 2, 0xF003F, ADMINISTRATORS), text=text)))
    assert found.entries == (Entry(1, 0, 1, USERS), Entry(0, 2, 0xF003F, ADMINISTRATORS))


def _embedded(answer: Instance) -> Instance:
    found = answer.embedded("Descriptor")
    assert found is not None
    return found


def test_no_list_and_an_empty_one_are_told_apart_as_far_as_the_host_does() -> None:
    """Without SE_DACL_PRESENT everybody may do everything; with it and no entry the host does not say which it is."""
    assert access_list(_embedded(_answer(control=0x8000))).entries is None
    assert access_list(_embedded(_answer())).unsure


def test_one_entry_comes_and_the_others_stay() -> None:
    """Behind what is denied, before what is allowed or inherited; in the host's classes; owner and flags as they were."""
    client = FakeClient(_answer((1, 0, 1, USERS), (0, 2, 0xF003F, ADMINISTRATORS), (0, 18, 0x20019, USERS)))
    _security(client).allow_on_key(PATH, SERVICE, 0x20019)
    sent = client.written[0]["Descriptor"]
    entries = sent.properties["DACL"]
    assert [_sid_of(entry) for entry in entries] == [USERS, SERVICE, ADMINISTRATORS, USERS]
    assert [entry.properties["AceFlags"] for entry in entries] == [0, 2, 2, 18]
    assert {entry.resource.class_name for entry in entries} == {"__ACE"}
    assert (sent.resource.class_name, sent.properties["ControlFlags"]) == ("__SecurityDescriptor", 0x8404)
    assert sid_text(sent.properties["Owner"].properties["SID"]) == ADMINISTRATORS
    assert "Group" not in sent.properties


def test_a_list_is_read_once() -> None:
    """Until something is written, which reads the newest list before."""
    client = FakeClient(_answer((0, 2, 0xF003F, ADMINISTRATORS)))
    security = _security(client)
    assert security.key(PATH) == security.key(PATH.lower())
    assert client.asked == 1
    security.allow_on_key(PATH, SERVICE, 0x20019)
    assert client.asked == 2


def test_what_windows_refuses_is_told() -> None:
    """A key that is not there is none; one that is closed, and a write that fails, are sentences."""
    assert _security(FakeClient(_answer(code=2))).key(PATH) is None
    with pytest.raises(BadRequest, match=r"does not show the permissions of HKLM.SOFTWARE.X: access is denied"):
        _security(FakeClient(_answer(code=5))).key(PATH)
    with pytest.raises(ApplyFailed, match=r"the owner can't be set \(error 1307\)"):
        _security(FakeClient(_answer((0, 2, 1, USERS)), 1307)).allow_on_key(PATH, SERVICE, 0x20019)
