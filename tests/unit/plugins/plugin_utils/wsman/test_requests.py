# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests as golden envelopes, written from MS-WSMV, DSP0226 and DSP0227."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Association, Embedded, Reference, Resource

SERVICE = Resource("root/cimv2", "Win32_Service")
REGISTRY = Resource("root/cimv2", "StdRegProv")
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2"

GOLDEN = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:m="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"'
    ' xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">'
    "<s:Header><a:To>https://host.example:5986/wsman</a:To>"
    '<a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>'
    "<a:MessageID>uuid:ID</a:MessageID>"
    '<a:Action s:mustUnderstand="true">{action}</a:Action>'
    '<w:ResourceURI s:mustUnderstand="true">{resource}</w:ResourceURI>'
    '<w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize><w:OperationTimeout>PT60.000S</w:OperationTimeout>'
    '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><m:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>'
    "{extra}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
)
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/"
ANSWER = f'<p:Win32_Service xmlns:p="{WMI}/Win32_Service"/>'
LAST = "<n:EnumerateResponse><n:EnumerationContext></n:EnumerationContext><w:Items/><w:EndOfSequence/></n:EnumerateResponse>"
FULL_REFERENCE = (
    "<a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters>"
    f"<w:ResourceURI>{WMI}/Win32_Service</w:ResourceURI>"
    '<w:SelectorSet><w:Selector Name="Name">winrm</w:Selector></w:SelectorSet></a:ReferenceParameters>'
)

Replay = Callable[..., Any]
Same = Callable[[str, str], None]


def golden(action: str, resource: str, body: str = "", extra: str = "") -> str:
    return GOLDEN.format(action=action, resource=resource, body=body, extra=extra)


def test_get(replay: Replay, same_xml: Same) -> None:
    """A Get is headers, selectors and an empty body."""
    client, sent = replay(ANSWER)
    client.get(SERVICE, {"Name": "win&rm"})
    extra = '<w:SelectorSet><w:Selector Name="Name">win&amp;rm</w:Selector></w:SelectorSet>'
    same_xml(sent.requests[0], golden(TRANSFER + "Get", f"{WMI}/Win32_Service", extra=extra))


def test_get_of_a_singleton(replay: Replay, same_xml: Same) -> None:
    """Without selectors there is no SelectorSet at all."""
    client, sent = replay(ANSWER)
    client.get(Resource("root/cimv2", "Win32_OperatingSystem"))
    same_xml(sent.requests[0], golden(TRANSFER + "Get", f"{WMI}/Win32_OperatingSystem"))


def test_query(replay: Replay, same_xml: Same) -> None:
    """WQL goes to the all-classes URI, optimised, with MaxElements in the WS-Management namespace."""
    client, sent = replay(LAST)
    assert list(client.query("root/cimv2", 'select * from Win32_Service where Name = "a<b"')) == []
    body = (
        "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements>"
        '<w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">select * from Win32_Service where Name = "a&lt;b"</w:Filter></n:Enumerate>'
    )
    same_xml(sent.requests[0], golden(ENUMERATION + "Enumerate", f"{WMI}/*", body))


def test_enumerate_by_properties_with_references(replay: Replay, same_xml: Same) -> None:
    """Selectors become a selector filter on the class; references are an enumeration mode."""
    client, sent = replay(LAST)
    assert list(client.enumerate(SERVICE, selectors={"State": "Running", "Started": True}, with_references=True)) == []
    selectors = '<w:SelectorSet><w:Selector Name="State">Running</w:Selector><w:Selector Name="Started">true</w:Selector></w:SelectorSet>'
    body = (
        "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements>"
        "<w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode>"
        f'<w:Filter Dialect="http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter">{selectors}</w:Filter></n:Enumerate>'
    )
    same_xml(sent.requests[0], golden(ENUMERATION + "Enumerate", f"{WMI}/Win32_Service", body))


def test_enumerate_associated(replay: Replay, same_xml: Same) -> None:
    """An association query goes to the all-classes URI and names object, classes and roles in the order known to work."""
    client, sent = replay(LAST)
    association = Association(Reference(SERVICE, {"Name": "winrm"}), "Win32_DependentService", "Win32_Service", role="Dependent", result_role="Antecedent")
    assert list(client.enumerate(SERVICE, association=association)) == []
    body = (
        "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements>"
        '<w:Filter Dialect="http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter"><b:AssociatedInstances>'
        f"<b:Object>{FULL_REFERENCE}</b:Object><b:AssociationClassName>Win32_DependentService</b:AssociationClassName>"
        "<b:ResultClassName>Win32_Service</b:ResultClassName><b:Role>Dependent</b:Role><b:ResultRole>Antecedent</b:ResultRole>"
        "</b:AssociatedInstances></w:Filter></n:Enumerate>"
    )
    same_xml(sent.requests[0], golden(ENUMERATION + "Enumerate", f"{WMI}/*", body))


def test_enumerate_takes_one_filter(replay: Replay) -> None:
    """Selectors and an association exclude each other; nothing is sent."""
    client, sent = replay()
    with pytest.raises(ValueError, match="either"):
        client.enumerate(SERVICE, selectors={"Name": "a"}, association=Association(Reference(SERVICE, {"Name": "a"})))
    assert sent.requests == []


def test_invoke_static_method(replay: Replay, same_xml: Same) -> None:
    """A static method has no selectors; its arguments are in the class' namespace, numbers are decimal."""
    client, sent = replay(f'<p:EnumKey_OUTPUT xmlns:p="{WMI}/StdRegProv"><p:ReturnValue>0</p:ReturnValue></p:EnumKey_OUTPUT>')
    client.invoke(REGISTRY, "EnumKey", {"hDefKey": 0x80000002, "sSubKeyName": r"SOFTWARE\Microsoft"})
    body = (
        f'<p:EnumKey_INPUT xmlns:p="{WMI}/StdRegProv"><p:hDefKey>2147483650</p:hDefKey>'
        r"<p:sSubKeyName>SOFTWARE\Microsoft</p:sSubKeyName></p:EnumKey_INPUT>"
    )
    same_xml(sent.requests[0], golden(f"{WMI}/StdRegProv/EnumKey", f"{WMI}/StdRegProv", body))


def test_invoke_with_every_kind_of_value(replay: Replay, same_xml: Same) -> None:
    """nil, boolean, array, time, reference and embedded instance, each in the form of DSP0230 and MS-WSMV."""
    client, sent = replay("")
    trustee = Embedded(Resource("root/cimv2", "Win32_Trustee"), {"SID": bytes([1, 5])})
    arguments = {
        "Nothing": None,
        "Yes": True,
        "Many": ["a", "b"],
        "Empty": [],
        "When": datetime(2013, 3, 9, 4, 57, 32, tzinfo=timezone(timedelta(hours=2))),
        "Exact": datetime(2013, 3, 9, 2, 57, 32, 43, tzinfo=UTC),
        "Which": Reference(SERVICE, {"Name": "winrm"}),
        "Access": Embedded(Resource("root/cimv2", "Win32_ACE"), {"AceFlags": 0, "Trustee": trustee}),
    }
    client.invoke(SERVICE, "Change", arguments, {"Name": "x"})
    time = '<cim:Datetime xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common">{}</cim:Datetime>'
    body = (
        f'<p:Change_INPUT xmlns:p="{WMI}/Win32_Service"><p:Nothing xsi:nil="true"/><p:Yes>true</p:Yes><p:Many>a</p:Many><p:Many>b</p:Many>'
        f"<p:When>{time.format('2013-03-09T02:57:32Z')}</p:When><p:Exact>{time.format('2013-03-09T02:57:32.000043Z')}</p:Exact>"
        f"<p:Which>{FULL_REFERENCE}</p:Which>"
        f'<p:Access xmlns:e0="{WMI}/Win32_ACE" xsi:type="e0:Win32_ACE_Type"><e0:AceFlags>0</e0:AceFlags>'
        f'<e0:Trustee xmlns:e1="{WMI}/Win32_Trustee" xsi:type="e1:Win32_Trustee_Type"><e1:SID>1</e1:SID><e1:SID>5</e1:SID></e0:Trustee>'
        "</p:Access></p:Change_INPUT>"
    )
    # The comparison renames prefixes in names, but not inside xsi:type, so that these have to be the same.
    extra = '<w:SelectorSet><w:Selector Name="Name">x</w:Selector></w:SelectorSet>'
    same_xml(sent.requests[0], golden(f"{WMI}/Win32_Service/Change", f"{WMI}/Win32_Service", body, extra))


def test_put_with_options(replay: Replay, same_xml: Same) -> None:
    """A Put carries the changed properties; options carry their XML type, repeated ones are repeated."""
    client, sent = replay(ANSWER)
    client.put(SERVICE, {"Name": "x"}, {"StartMode": "Manual"}, options={"wmiarray:List": ["a", "b"], "wmi:Flag": True, "wmi:N": 3})
    extra = (
        '<w:SelectorSet><w:Selector Name="Name">x</w:Selector></w:SelectorSet>'
        '<w:OptionSet s:mustUnderstand="true" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<w:Option Name="wmiarray:List" Type="xs:string">a</w:Option><w:Option Name="wmiarray:List" Type="xs:string">b</w:Option>'
        '<w:Option Name="wmi:Flag" Type="xs:boolean">true</w:Option><w:Option Name="wmi:N" Type="xs:int">3</w:Option></w:OptionSet>'
    )
    body = f'<p:Win32_Service xmlns:p="{WMI}/Win32_Service"><p:StartMode>Manual</p:StartMode></p:Win32_Service>'
    same_xml(sent.requests[0], golden(TRANSFER + "Put", f"{WMI}/Win32_Service", body, extra))


def test_create_returns_the_reference(replay: Replay, same_xml: Same) -> None:
    """Create sends the properties and reads the keys of what came into being, empty ones too."""
    selectors = '<w:SelectorSet><w:Selector Name="ID">7</w:Selector><w:Selector Name="SystemName"></w:Selector></w:SelectorSet>'
    client, sent = replay(
        "<x:ResourceCreated><a:Address>anonymous</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{WMI}/win32_service</w:ResourceURI>{selectors}</a:ReferenceParameters></x:ResourceCreated>"
    )
    assert client.create(SERVICE, {"Name": "x"}) == Reference(SERVICE, {"ID": "7", "SystemName": ""})
    body = f'<p:Win32_Service xmlns:p="{WMI}/Win32_Service"><p:Name>x</p:Name></p:Win32_Service>'
    same_xml(sent.requests[0], golden(TRANSFER + "Create", f"{WMI}/Win32_Service", body))


def test_delete_by_a_reference_key(replay: Replay, same_xml: Same) -> None:
    """A key that is itself a reference goes out as an endpoint reference; a null key as an empty selector."""
    client, sent = replay("")
    client.delete(SERVICE, {"Group": Reference(SERVICE, {"Name": "winrm"}), "Null": None})
    extra = (
        f'<w:SelectorSet><w:Selector Name="Group"><a:EndpointReference>{FULL_REFERENCE}</a:EndpointReference></w:Selector>'
        '<w:Selector Name="Null"/></w:SelectorSet>'
    )
    same_xml(sent.requests[0], golden(TRANSFER + "Delete", f"{WMI}/Win32_Service", extra=extra))


def test_identify_has_no_headers(replay: Replay, same_xml: Same) -> None:
    """Identify is a body alone, and its answer is read without RelatesTo."""
    ns = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
    client, sent = replay(
        f'<i:IdentifyResponse xmlns:i="{ns}"><i:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</i:ProtocolVersion>'
        "<i:ProductVendor>Microsoft Corporation</i:ProductVendor><i:ProductVersion>OS: 10.0.20348 SP: 0.0 Stack: 3.0</i:ProductVersion>"
        "</i:IdentifyResponse>"
    )
    identity = client.identify()
    assert (identity.product_vendor, identity.product_version) == ("Microsoft Corporation", "OS: 10.0.20348 SP: 0.0 Stack: 3.0")
    same_xml(
        sent.requests[0],
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:i="{ns}"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>',
    )


@pytest.mark.parametrize("text", ["nul\x00", "bell\x07", "\ud800", "\ufffe"])
def test_what_xml_cannot_carry_is_refused(replay: Replay, text: str) -> None:
    """A character outside XML 1.0 is a ValueError and nothing is sent."""
    client, sent = replay()
    with pytest.raises(ValueError, match="cannot be sent"):
        client.get(SERVICE, {"Name": text})
    assert sent.requests == []


@pytest.mark.parametrize("name", ["a b", "x><y", "1st", "", "a:b"])
def test_names_cannot_carry_markup(replay: Replay, name: str) -> None:
    """Class, method and property names become element names, so they have to be names."""
    client, sent = replay()
    with pytest.raises(ValueError, match="not a name"):
        client.invoke(SERVICE, "Change", {name: "x"}, {"Name": "x"})
    with pytest.raises(ValueError, match="not a name"):
        client.invoke(SERVICE, name, {}, {"Name": "x"})
    assert sent.requests == []


def test_size_of_a_request(replay: Replay) -> None:
    """A query costs less than 1.8 kB, and is counted."""
    client, sent = replay(LAST)
    list(client.query("root/cimv2", "select Name, State, StartMode from Win32_Service where Name = 'Winmgmt'"))
    assert client.statistics.messages == 1
    assert client.statistics.bytes_sent == len(sent.requests[0]) < 1800
    assert client.statistics.bytes_received > 0
