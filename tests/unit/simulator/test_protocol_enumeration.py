# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enumerate, Pull, Release and the three filters over the wire."""

from __future__ import annotations

import time

import pytest
from simulator import RunningFleet
from unit.simulator.soap import ENUMERATION, NS, WMI, Raw, local

ALL = WMI + "root/cimv2/*"
WIDGET = WMI + "root/cimv2/Sim_Widget"
SELECTOR = "http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter"
ASSOCIATION = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter"


def selector_filter(**values: str) -> str:
    content = "".join(f'<w:Selector Name="{name}">{value}</w:Selector>' for name, value in values.items())
    return f'<w:Filter Dialect="{SELECTOR}"><w:SelectorSet>{content}</w:SelectorSet></w:Filter>'


def association(kind: str, widget: str, inside: str) -> str:
    return (
        f'<w:Filter Dialect="{ASSOCIATION}"><b:{kind}><b:Object><a:Address>{NS["a"]}/role/anonymous</a:Address>'
        f'<a:ReferenceParameters><w:ResourceURI>{WIDGET}</w:ResourceURI><w:SelectorSet><w:Selector Name="Name">{widget}</w:Selector></w:SelectorSet>'
        f"</a:ReferenceParameters></b:Object>{inside}</b:{kind}></w:Filter>"
    )


def names(items: list[object]) -> list[str]:
    return [local(item) for item in items]  # type: ignore[arg-type]


def test_the_first_answer_holds_one_item_and_pulls_about_75_kb(alpha: Raw) -> None:
    """Recorded on 2008 and 2012: one item in EnumerateResponse even with MaxElements 32000, then Pulls of about 75 kB, a new context each time."""
    first = alpha.query("root/cimv2", "select * from Sim_Widget")
    second = alpha.pull(ALL, first.texts(".//n:EnumerationContext")[0])
    items = second.find(".//n:Items")
    assert len(first.find(".//w:Items") or ()) == 1
    assert items is not None
    assert 60_000 < len(second.text) < 80_000
    assert second.texts(".//n:EnumerationContext") != first.texts(".//n:EnumerationContext")


def test_all_items_come_once(alpha: Raw) -> None:
    """Pulling until EndOfSequence gives every instance; the last answer has no context."""
    items = alpha.all(alpha.query("root/cimv2", "select * from Sim_Widget"), ALL)
    assert len({item.findtext(f"{{{WIDGET}}}Name") for item in items}) == len(items) == 300


def test_one_result_has_an_empty_context(alpha: Raw) -> None:
    """One instance: an empty EnumerationContext, Items and EndOfSequence in the first answer."""
    reply = alpha.query("root/cimv2", "select * from Sim_Only")
    assert reply.texts(".//n:EnumerationContext") == [""]
    assert reply.find(".//w:EndOfSequence") is not None


def test_no_result_has_no_items(alpha: Raw) -> None:
    """Nothing found is an empty sequence without Items, not a fault."""
    reply = alpha.query("root/cimv2", "select * from Sim_Widget where Name = 'nothing'")
    assert (reply.status, reply.find(".//w:Items")) == (200, None)
    assert reply.find(".//w:EndOfSequence") is not None


def test_projections_are_fragments_without_namespace(alpha: Raw) -> None:
    """select a, b: XmlFragment, un-namespaced children in alphabetical order whatever the query's order, nil for null."""
    reply = alpha.query("root/cimv2", "select Note, Active, Name from Sim_Widget where Name = 'w1'")
    fragment = reply.find(".//w:XmlFragment")
    assert fragment is not None
    assert [child.tag for child in fragment] == ["Active", "Name", "Note"]
    assert fragment[2].get(f"{{{NS['xsi']}}}nil") == "true"


def test_objects_and_references(alpha: Raw) -> None:
    """EnumerateObjectAndEPR wraps each object with its reference; a singleton's reference has no selectors."""
    reply = alpha.query("root/cimv2", "select * from Sim_Widget where Name='w5'", mode="EnumerateObjectAndEPR")
    assert reply.texts(".//w:Item/a:EndpointReference//w:Selector") == ["w5"]
    single = alpha.query("root/cimv2", "select * from Sim_Only", mode="EnumerateObjectAndEPR")
    assert single.find(".//w:Item/a:EndpointReference") is not None
    assert single.find(".//w:Item/a:EndpointReference//w:SelectorSet") is None
    only = alpha.query("root/cimv2", "select * from Sim_Only", mode="EnumerateEPR")
    assert names(list(only.find(".//w:Items") or ())) == ["EndpointReference"]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("Name = 'W7'", 1),
        ('Name = "w7" or Name = "w8"', 2),
        ("Count < 3 and not Active = true", 2),
        ("Count >= 250 and Count <= 255", 6),
        ("Name like 'w1_' and Active = FALSE", 5),
        ("Name like '%[89]'", 60),
        ("Name like 'w[^0-8]'", 1),
        ("not Name like 'w%'", 0),
        ("Name not like 'w%'", 0),
        ("Note is null", 1),
        ("Note is not null", 299),
        ("Note <> 'x'", 299),
        ("3 > Small and (Name='w3' or Name='w4')", 2),
        ("Large = '9223372036854775809'", 1),
        ("Made >= '20240506070809.120000+000' and Made < '20240506070809.130000+000'", 199),
    ],
)
def test_wql_conditions(alpha: Raw, where: str, count: int) -> None:
    """WQL's comparisons: text without regard to case, null never true, numbers also as text, DMTF times."""
    assert len(alpha.all(alpha.query("root/cimv2", f"select Name from Sim_Widget where {where}"), ALL)) == count


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select * from Sim_Nothing", "The specified class does not exist"),
        ("select Nothing from Sim_Widget", "The query is invalid"),
        ("select * from Sim_Widget where Nothing = 1", "The query is invalid"),
        ("select * from Sim_Widget where Tags = 'one'", "The query is invalid"),
        ("select * from Sim_Widget where Count = 'abc'", "The query is invalid"),
        ("select * from Sim_Widget where Count", "The query is invalid"),
        ("select * from Sim_Widget where (Count = 1", "The query is invalid"),
        ("select * Sim_Widget", "The query is invalid"),
        ("delete from Sim_Widget", "The query is invalid"),
        ("select * from Sim_Widget;", "The query is invalid"),
        ("select * from Sim_Widget where Name like '[z-a]'", "The query is invalid"),
    ],
)
def test_bad_queries_are_filter_faults(alpha: Raw, query: str, message: str) -> None:
    """Shape (b): n:CannotProcessFilter 2150858778 with the query in __ExtendedStatus, sent with enumeration's own fault action."""
    reply = alpha.query("root/cimv2", query)
    assert (reply.status, reply.code, reply.subcode) == (500, 2150858778, "n:CannotProcessFilter")
    assert reply.texts(".//a:Action") == [NS["n"] + "/fault"]
    assert message in reply.text
    assert "<p:ParameterInfo>" in reply.text


def test_a_base_class_gives_its_subclasses(alpha: Raw) -> None:
    """Enumerating a base class returns the subclasses' instances, each under its own class URI."""
    items = alpha.all(alpha.enumerate(WMI + "root/cimv2/Sim_Thing"), ALL)
    assert {local(item) for item in items} == {"Sim_Widget", "Sim_Gadget"}


def test_selector_filters_take_any_scalar(alpha: Raw) -> None:
    """Not only keys; no match is an empty sequence; arrays, times and values with quotes are refused."""
    assert len(alpha.all(alpha.enumerate(WIDGET, selector_filter(Active="true", Count="4")), WIDGET)) == 2
    assert alpha.enumerate(WIDGET, selector_filter(Name="nothing")).status == 200
    for bad in (selector_filter(Tags="one"), selector_filter(Made="x"), selector_filter(Name="it's"), selector_filter(Nothing="1")):
        assert alpha.enumerate(WIDGET, bad).code == 2150858778


def test_association_filters(alpha: Raw) -> None:
    """Associated instances and the associations themselves; the first answer carries no Items although it was asked for."""
    wanted = "<b:AssociationClassName>Sim_Link</b:AssociationClassName><b:ResultClassName>Sim_Owner</b:ResultClassName>"
    first = alpha.enumerate(ALL, association("AssociatedInstances", "w4", wanted + "<b:Role>Antecedent</b:Role>"))
    items = alpha.all(first, ALL)
    assert first.find(".//w:Items") is None
    assert [item.findtext(f"{{{WMI}root/cimv2/Sim_Owner}}Id") for item in items] == ["1"]
    assert alpha.all(alpha.enumerate(ALL, association("AssociatedInstances", "w4", wanted + "<b:Role>Dependent</b:Role>")), ALL) == []
    links = alpha.all(alpha.enumerate(ALL, association("AssociationInstances", "w4", "<b:ResultClassName>Sim_Link</b:ResultClassName>")), ALL)
    assert names(list(links)) == ["Sim_Link"]


def test_dialects_and_wildcards(alpha: Raw) -> None:
    """An unknown dialect is unavailable; "*" needs a filter; WQL needs "*"."""
    assert alpha.enumerate(WIDGET, '<w:Filter Dialect="urn:other">x</w:Filter>').code == 2150858777
    assert alpha.enumerate(ALL).code == 2150858752
    assert alpha.enumerate(WIDGET, '<w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">select * from Sim_Widget</w:Filter>').status == 500


def test_a_context_is_good_for_one_pull(alpha: Raw) -> None:
    """A used, released or invented context is invalid: 2150858779."""
    first = alpha.query("root/cimv2", "select * from Sim_Widget").texts(".//n:EnumerationContext")[0]
    assert alpha.pull(ALL, first, 1).status == 200
    assert alpha.pull(ALL, first, 1).code == 2150858779
    context = alpha.query("root/cimv2", "select * from Sim_Widget").texts(".//n:EnumerationContext")[0]
    release = f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>"
    assert alpha.call(ENUMERATION + "Release", ALL, release).status == 200
    assert alpha.pull(ALL, context).code == 2150858779


def test_another_account_cannot_pull(alpha: Raw, stub_fleet: RunningFleet) -> None:
    """An enumeration belongs to the account that opened it."""
    context = alpha.query("root/cimv2", "select * from Sim_Widget").texts(".//n:EnumerationContext")[0]
    viewer = Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file), "viewer")
    assert viewer.pull(ALL, context).code == 2150858779


def test_idle_contexts_end(small: Raw) -> None:
    """After EnumerationTimeoutms without a Pull the context is gone."""
    context = small.query("root/cimv2", "select * from Sim_Widget").texts(".//n:EnumerationContext")[0]
    time.sleep(0.4)
    assert small.pull(ALL, context).code == 2150858779


def test_open_enumerations_count_against_the_quota(small: Raw) -> None:
    """More than MaxConcurrentOperationsPerUser at a time: 2150859174, until they are released or time out."""
    replies = [small.query("root/cimv2", "select * from Sim_Widget") for _attempt in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 500]
    assert (replies[3].code, replies[3].subcode) == (2150859174, "w:InternalError")
    time.sleep(0.4)


def test_answers_fit_the_envelope(alpha: Raw, small: Raw) -> None:
    """A Pull holds what fits MaxEnvelopeSize of the client or the service, whichever is smaller."""
    limited = '<w:MaxEnvelopeSize s:mustUnderstand="true">20000</w:MaxEnvelopeSize>'
    context = alpha.query("root/cimv2", "select * from Sim_Widget").texts(".//n:EnumerationContext")[0]
    assert 10_000 < len(alpha.pull(ALL, context, MaxEnvelopeSize=limited).text.encode()) <= 20_000
    context = small.query("root/cimv2", "select * from Sim_Widget").texts(".//n:EnumerationContext")[0]
    assert len(small.pull(ALL, context).text.encode()) <= 32 * 1024


def test_without_optimisation_the_first_answer_is_only_a_context(alpha: Raw) -> None:
    """No OptimizeEnumeration, no Items; a Pull without MaxElements gives one item."""
    reply = alpha.call(ENUMERATION + "Enumerate", WIDGET, "<n:Enumerate/>")
    context = reply.texts(".//n:EnumerationContext")[0]
    assert reply.find(".//w:Items") is None
    pulled = alpha.call(ENUMERATION + "Pull", WIDGET, f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext></n:Pull>")
    assert len(pulled.find(".//n:Items") or ()) == 1
