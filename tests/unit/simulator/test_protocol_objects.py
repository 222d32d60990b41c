# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Get, Put, Create, Delete and Invoke over the wire."""

from __future__ import annotations

from typing import cast

import pytest
from simulator import RunningFleet
from unit.simulator.soap import NS, TRANSFER, WMI, Raw, local
from unit.simulator.stub_model import StubWindows

WIDGET = WMI + "root/cimv2/Sim_Widget"
RULE = WMI + "root/standardcimv2/Sim_Rule"
NIL = f"{{{NS['xsi']}}}nil"


def model(fleet: RunningFleet, name: str = "alpha") -> StubWindows:
    return cast(StubWindows, fleet.hosts[name].windows)


def test_get_answers_the_whole_instance_in_alphabetical_order(alpha: Raw) -> None:
    """Get: properties in the class' namespace, xsi:type, alphabetical; names and values of selectors without regard to case."""
    body = alpha.get(WIDGET, {"nAmE": "W2"}).body
    names = [local(child) for child in body]
    assert body.tag == f"{{{WIDGET}}}Sim_Widget"
    assert body.get(f"{{{NS['xsi']}}}type") == "p:Sim_Widget_Type"
    assert names == sorted(names, key=str.lower)


@pytest.mark.parametrize(("name", "text"), [("w0", "2024-05-06T07:08:09Z"), ("w4", "2024-05-06T07:08:09.120Z"), ("w2", "2024-05-06T07:08:09.123456Z")])
def test_datetimes_have_no_three_or_six_fraction_digits(alpha: Raw, name: str, text: str) -> None:
    """cim:Datetime as recorded on Server 2012: as many digits as needed, in steps of three."""
    assert alpha.get(WIDGET, {"Name": name}).texts(".//cim:Datetime") == [text]


def test_null_scalars_are_nil_and_null_arrays_absent(alpha: Raw) -> None:
    """A null scalar is an element with xsi:nil, a null array writes nothing, control characters become question marks."""
    body = alpha.get(WIDGET, {"Name": "w1"}).body
    assert body.findtext(f"{{{WIDGET}}}Tags") is None
    assert [local(child) for child in body if child.get(NIL) == "true"] == ["Made", "Note"]
    assert alpha.get(WIDGET, {"Name": "w3"}).body.findtext(f"{{{WIDGET}}}Note") == "note 3 <&> ?"


def test_references_and_embedded_instances(alpha: Raw) -> None:
    """A reference is an endpoint reference, an embedded instance an element in its own class' namespace."""
    reply = alpha.get(WIDGET, {"Name": "w2"})
    assert reply.texts(".//w:Selector") == ["2"]
    assert reply.root.findtext(f".//{{{WMI}root/cimv2/Sim_Part}}Weight") == "2"


def test_the_dmtf_form_needs_its_namespace_selector(alpha: Raw) -> None:
    """Both URI forms are accepted; __cimnamespace names the namespace, and must agree with the Microsoft form."""
    dmtf = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/Sim_Rule"
    assert alpha.get(dmtf, {"__cimnamespace": "root/StandardCimv2", "InstanceID": "r1"}).status == 200
    assert alpha.get(dmtf, {"InstanceID": "r1"}).code == 2150858752
    assert alpha.get(RULE, {"__cimnamespace": "root/cimv2", "InstanceID": "r1"}).subcode == "w:InternalError"


def test_a_namespace_comes_back_as_windows_spells_it(alpha: Raw) -> None:
    """The case of the namespace in an answer is the repository's, not the request's."""
    assert alpha.get(RULE, {"InstanceID": "r1"}).body.tag == f"{{{WMI}root/StandardCimv2/Sim_Rule}}Sim_Rule"


def test_missing_things_are_refused(alpha: Raw) -> None:
    """Class and instance not found 2150858752, unknown selector 2150858843, missing selector 2150858842."""
    assert alpha.get(WMI + "root/cimv2/Sim_Nothing").code == 2150858752
    assert alpha.get(WMI + "root/nothing/Sim_Widget").code == 2150858752
    missing = alpha.get(WIDGET, {"Name": "nothing"})
    assert (missing.status, missing.code, missing.subcode) == (500, 2150858752, "wsa:DestinationUnreachable")
    assert "__ExtendedStatus" in missing.text
    assert alpha.get(WIDGET, {"Count": "1"}).code == 2150858843
    assert alpha.get(WIDGET).code == 2150858842


def test_mi_providers_report_msft_wmierror(alpha: Raw) -> None:
    """Fault shape (c): CIMStatusCode in an MSFT_WmiError instead of a WSManFault."""
    reply = alpha.get(RULE, {"InstanceID": "nothing"})
    assert reply.code is None
    assert [element.text for element in reply.root.iter() if local(element) == "CIMStatusCode"] == ["6"]


def test_a_fragment_is_one_property(alpha: Raw) -> None:
    """FragmentTransfer on Get answers an XmlFragment; with Put it is not supported here."""
    fragment = '<w:FragmentTransfer s:mustUnderstand="true">Count</w:FragmentTransfer>'
    assert alpha.get(WIDGET, {"Name": "w5"}, extra=fragment).texts(".//w:XmlFragment/*") == ["5"]
    assert alpha.call(TRANSFER + "Put", WIDGET, "<a/>", selectors={"Name": "w5"}, extra=fragment).code == 2150858771


def test_an_answer_larger_than_the_envelope_is_refused(alpha: Raw, stub_fleet: RunningFleet) -> None:
    """w:EncodingLimit 2150858824, from Get and from an enumeration whose item alone is too large."""
    model(stub_fleet).table("Sim_Only").rows[0]["Name"] = "x" * 9000
    limited = '<w:MaxEnvelopeSize s:mustUnderstand="true">8192</w:MaxEnvelopeSize>'
    try:
        for reply in (
            alpha.get(WMI + "root/cimv2/Sim_Only", MaxEnvelopeSize=limited),
            alpha.query("root/cimv2", "select * from Sim_Only", MaxEnvelopeSize=limited),
        ):
            assert (reply.code, reply.subcode) == (2150858824, "w:EncodingLimit")
    finally:
        model(stub_fleet).table("Sim_Only").rows[0]["Name"] = "only"


def test_a_singleton_needs_no_selectors(alpha: Raw) -> None:
    """Get on a singleton class without selectors."""
    assert alpha.get(WMI + "root/cimv2/Sim_Only").status == 200


def test_invoke_passes_typed_arguments(alpha: Raw, stub_fleet: RunningFleet) -> None:
    """Arguments arrive as the declared types; outputs come back in Method_OUTPUT with ReturnValue."""
    reply = alpha.invoke(WIDGET, "Say", "<p:Text>hi</p:Text><p:List>1</p:List><p:List>2</p:List>", {"Name": "w1"})
    assert [(local(child), child.text) for child in reply.body] == [("Echo", "hi"), ("List", "1"), ("List", "2"), ("ReturnValue", "0")]
    assert model(stub_fleet).table("Sim_Widget").calls[-1] == ("Say", {"Name": "w1"}, {"Text": "hi", "List": [1, 2]})


def test_a_static_method_takes_embedded_instances_and_references(alpha: Raw, stub_fleet: RunningFleet) -> None:
    """An embedded instance is typed and in its own namespace; a date without a zone is UTC."""
    part = f'<p:Part xmlns:q="{WMI}root/cimv2/Sim_Part" xsi:type="q:Sim_Part_Type"><q:Weight>7</q:Weight></p:Part>'
    owner = (
        f"<p:Owner><a:Address>{NS['a']}/role/anonymous</a:Address><a:ReferenceParameters><w:ResourceURI>{WMI}root/cimv2/Sim_Owner</w:ResourceURI>"
        '<w:SelectorSet><w:Selector Name="Id">1</w:Selector></w:SelectorSet></a:ReferenceParameters></p:Owner>'
    )
    reply = alpha.invoke(WIDGET, "Make", part + owner + "<p:When><cim:Datetime>2024-01-02T03:04:05</cim:Datetime></p:When>")
    arguments = model(stub_fleet).table("Sim_Widget").calls[-1][2]
    assert reply.status == 200, reply.text
    assert (arguments["Part"].properties, arguments["Owner"].keys) == ({"Weight": 7}, {"Id": 1})
    assert arguments["When"].isoformat() == "2024-01-02T03:04:05+00:00"


def test_a_method_without_result_answers_an_empty_output(alpha: Raw) -> None:
    """MSFT_NetFirewallRule.Enable answers an OUTPUT without ReturnValue."""
    assert list(alpha.invoke(RULE, "Enable", selectors={"InstanceID": "r1"}).body) == []


@pytest.mark.parametrize(
    "inputs", ["<p:Nothing>1</p:Nothing>", "<p:List>x</p:List>", "<p:List>0x10</p:List>", "<p:List>4294967296</p:List>", "<p:Text><q/></p:Text>"]
)
def test_wrong_arguments_are_schema_faults(alpha: Raw, inputs: str) -> None:
    """An unknown parameter, no number, hexadecimal, out of range, an element in a text: 2150858817."""
    reply = alpha.invoke(WIDGET, "Say", inputs, {"Name": "w1"})
    assert (reply.code, reply.subcode) == (2150858817, "w:SchemaValidationError")


def test_unknown_method_and_missing_argument(alpha: Raw) -> None:
    """Unknown method: action not supported 2150858771; a required parameter left out: CIM status 4; a missing instance: CIM status 6."""
    assert alpha.invoke(WIDGET, "Nothing", selectors={"Name": "w1"}).code == 2150858771
    for reply, status in (
        (alpha.invoke(WIDGET, "Need", selectors={"Name": "w1"}), "4"),
        (alpha.invoke(WIDGET, "Say", selectors={"Name": "nothing"}), "6"),
    ):
        assert [element.text for element in reply.root.iter() if local(element) == "CIMStatusCode"] == [status]


def test_put_changes_only_what_is_given(alpha: Raw, stub_fleet: RunningFleet) -> None:
    """A partial Put works and answers the instance after the change; the modified-properties option limits it further."""
    body = f'<p:Sim_Widget xmlns:p="{WIDGET}"><p:Note>new</p:Note><p:Small>-5</p:Small></p:Sim_Widget>'
    option = '<w:OptionSet><w:Option Name="wmiarray:__MIInstanceModifiedPropertiesList" Type="xs:string">Note</w:Option></w:OptionSet>'
    reply = alpha.call(TRANSFER + "Put", WIDGET, body, selectors={"Name": "w9"}, extra=option)
    assert reply.body.findtext(f"{{{WIDGET}}}Note") == "new"
    assert model(stub_fleet).journal.entries[-1]["detail"] == {"Note": "new"}
    assert model(stub_fleet).journal.entries[-1]["account"] == "ALPHA\\localadmin"


def test_create_and_delete(alpha: Raw) -> None:
    """Create answers an endpoint reference; a second one is CIM status 11; Delete answers an empty body; a second one is CIM status 6."""
    body = f'<p:Sim_Rule xmlns:p="{RULE}"><p:InstanceID>r9</p:InstanceID><p:Enabled>2</p:Enabled></p:Sim_Rule>'
    assert alpha.call(TRANSFER + "Create", RULE, body).texts(".//x:ResourceCreated//w:Selector") == ["r9"]
    assert "CIMStatusCode" in alpha.call(TRANSFER + "Create", RULE, body).text
    deleted = alpha.call(TRANSFER + "Delete", RULE, selectors={"InstanceID": "r9"})
    assert (deleted.status, len(deleted.root.find("s:Body", NS) or ())) == (200, 0)
    assert alpha.call(TRANSFER + "Delete", RULE, selectors={"InstanceID": "r9"}).status == 500


def test_booleans_are_loud_on_old_mi_providers(stub_fleet: RunningFleet) -> None:
    """Clients must read TRUE as well as true."""
    beta = Raw(stub_fleet.hosts["beta"].https_url, str(stub_fleet.ca_file))
    assert [element.text for element in beta.get(RULE, {"InstanceID": "r1"}).body if local(element) == "On"] == ["TRUE"]


def test_viewers_read_and_do_not_write(stub_fleet: RunningFleet) -> None:
    """A member of Remote Management Users is let in; the provider refuses its writes."""
    viewer = Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file), "viewer")
    assert viewer.get(WIDGET, {"Name": "w2"}).status == 200
    reply = viewer.call(TRANSFER + "Put", WIDGET, f'<p:Sim_Widget xmlns:p="{WIDGET}"><p:Note>x</p:Note></p:Sim_Widget>', selectors={"Name": "w2"})
    assert (reply.code, reply.subcode) == (5, "w:AccessDenied")


@pytest.mark.parametrize("account", ["filtered", "user"])
def test_others_are_denied_at_once(stub_fleet: RunningFleet, account: str) -> None:
    """A filtered token and an ordinary user get access denied (5) for everything."""
    client = Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file), account)
    assert (client.get(WIDGET, {"Name": "w2"}).code, client.query("root/cimv2", "select * from Sim_Owner").code) == (5, 5)
