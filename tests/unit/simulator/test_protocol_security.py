# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security descriptors on the wire: embedded instances in embedded instances, both ways (surface 1.8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from simulator import RunningFleet, parse_fleet, serve
from simulator.windows.security import sid_bytes
from unit.simulator.soap import NS, WMI, Raw, local

KEY = r"SYSTEM\CurrentControlSet\Control\SecurePipeServers\winreg"
REGISTRY = f"{WMI}root/cimv2/StdRegProv"
TYPE = f"{{{NS['xsi']}}}type"
WHERE = f"<p:hDefKey>2147483650</p:hDefKey><p:sSubKeyName>{KEY}</p:sSubKeyName>"
SCHEMA_VALIDATION = 2150858817


@pytest.fixture(scope="module")
def fleet() -> Iterator[RunningFleet]:
    """One Auditor server."""
    account = {"name": "localadmin", "role": "administrator", "password": "Lab-Passw0rd!", "rid": 500}
    host = {"name": "wire", "release": "2022", "address": "127.16.1.10", "options": {"server": True, "domain_accounts": [r"LAB\alice"]}}
    with serve(parse_fleet({"domain": {"dns": "lab.test", "netbios": "LAB"}, "accounts": [account], "hosts": [host]}).with_ports(0, 0)) as running:
        yield running


@pytest.fixture
def raw(fleet: RunningFleet) -> Raw:
    """A client of the server."""
    return Raw(fleet.hosts["wire"].https_url, str(fleet.ca_file))


def _descriptor(entry: str, *, kind: str = "__SecurityDescriptor", flags: str = "<d:ControlFlags>32772</d:ControlFlags>") -> str:
    spaces = " ".join(f'xmlns:{prefix}="{WMI}root/cimv2/{name}"' for prefix, name in (("d", kind), ("e", "__ACE"), ("t", "__Trustee")))
    return f'{WHERE}<p:Descriptor {spaces} xmlns:xsi="{NS["xsi"]}" xsi:type="d:{kind}_Type">{flags}{entry}</p:Descriptor>'


def _entry(sid: str) -> str:
    numbers = "".join(f"<t:SID>{number}</t:SID>" for number in sid_bytes(sid))
    values = "<e:AccessMask>131097</e:AccessMask><e:AceFlags>2</e:AceFlags><e:AceType>0</e:AceType>"
    return f'<d:DACL xsi:type="e:__ACE_Type">{values}<e:Trustee xsi:type="t:__Trustee_Type">{numbers}</e:Trustee></d:DACL>'


def _sids(raw: Raw) -> list[str]:
    answer = raw.invoke(REGISTRY, "GetSecurityDescriptor", WHERE)
    return [element.text or "" for element in answer.root.iterfind(f".//{{{WMI}root/cimv2/__ACE}}Trustee/{{{WMI}root/cimv2/__Trustee}}SIDString")]


def test_a_descriptor_names_its_classes(raw: Raw) -> None:
    """Each level has its own namespace and type; the SID comes as text and byte by byte; nothing audits."""
    body = raw.invoke(REGISTRY, "GetSecurityDescriptor", WHERE).body
    descriptor = body.find(f"{{{REGISTRY}}}Descriptor")
    assert descriptor is not None
    assert descriptor.get(TYPE, "").endswith(":__SecurityDescriptor_Type")
    assert "SACL" not in [local(child) for child in descriptor]
    entry = next(child for child in descriptor if local(child) == "DACL")
    assert entry.get(TYPE, "").endswith(":__ACE_Type")
    assert len(entry.findall(f".//{{{WMI}root/cimv2/__Trustee}}SID")) == 16


def test_a_descriptor_is_taken_and_read_back(raw: Raw) -> None:
    """By the system classes, and by Win32's, which are derived from them."""
    assert _sids(raw) == ["S-1-5-32-544", "S-1-5-19", "S-1-5-32-551"]
    for kind, sid in (("__SecurityDescriptor", "S-1-5-20"), ("Win32_SecurityDescriptor", "S-1-5-19")):
        answer = raw.invoke(REGISTRY, "SetSecurityDescriptor", _descriptor(_entry(sid), kind=kind))
        assert answer.texts(f".//{{{REGISTRY}}}ReturnValue") == ["0"]
        assert sid in _sids(raw)


@pytest.mark.parametrize("kind", ["__ACE", "Win32_Share", "NoSuchClass"])
def test_another_class_than_the_declared_one_is_refused(raw: Raw, kind: str) -> None:
    """The schema fault, and nothing is changed."""
    before = _sids(raw)
    assert raw.invoke(REGISTRY, "SetSecurityDescriptor", _descriptor("", kind=kind, flags="")).code == SCHEMA_VALIDATION
    assert _sids(raw) == before


def test_a_share_and_its_folder(raw: Raw) -> None:
    """Win32's classes here; a share without a descriptor of its own has no instance."""
    share = raw.invoke(f"{WMI}root/cimv2/Win32_LogicalShareSecuritySetting", "GetSecurityDescriptor", selectors={"Name": "Netwrix_UAVR$"})
    assert "Win32_SecurityDescriptor_Type" in share.text
    assert "Netwrix Auditor Client Users" in share.text
    folder = raw.invoke(f"{WMI}root/cimv2/Win32_LogicalFileSecuritySetting", "GetSecurityDescriptor", selectors={"Path": r"C:\Windows"})
    assert folder.status == 200
    missing = raw.invoke(f"{WMI}root/cimv2/Win32_LogicalShareSecuritySetting", "GetSecurityDescriptor", selectors={"Name": "Nothing"})
    assert (missing.status, missing.subcode) == (500, "wsa:DestinationUnreachable")


def test_an_account_of_the_domain_is_found_by_its_keys_alone(raw: Raw) -> None:
    """Get finds it, a query does not."""
    alice = raw.get(f"{WMI}root/cimv2/Win32_UserAccount", {"Domain": "lab", "Name": "ALICE"})
    assert alice.status == 200
    found = raw.query("root/cimv2", "SELECT Name FROM Win32_UserAccount WHERE Name = 'alice'")
    assert raw.all(found, f"{WMI}root/cimv2/*") == []


def test_members_of_a_group_whose_name_holds_an_apostrophe(raw: Raw, fleet: RunningFleet) -> None:
    """A path in a query stands in quotation marks of the other kind, escaped."""
    groups = fleet.hosts["wire"].windows.groups
    groups.make("People's", "")
    made = groups.by_name("People's")
    assert made is not None
    made.members.append("S-1-5-19")
    query = r"""SELECT * FROM Win32_GroupUser WHERE GroupComponent = 'Win32_Group.Domain="WIRE",Name="People\'s"'"""
    assert len(raw.all(raw.query("root/cimv2", query), f"{WMI}root/cimv2/*")) == 1
