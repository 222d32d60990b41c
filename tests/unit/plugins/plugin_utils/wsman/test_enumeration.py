# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Enumerations and method results: what real servers do (surface 1.5, 1.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import ConnectionFailed, ProtocolError, Reference, Resource, WSManFault

SERVICE = Resource("root/cimv2", "Win32_Service")
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2"
Replay = Callable[..., Any]

TIMED_OUT = '<s:Fault><s:Detail><f:WSManFault Code="2150858793"/></s:Detail></s:Fault>'


def service(name: str) -> str:
    return f'<p:Win32_Service xmlns:p="{WMI}/Win32_Service" xsi:type="p:Win32_Service_Type"><p:Name>{name}</p:Name></p:Win32_Service>'


def first(*items: str, context: str = "uuid:1", end: bool = False) -> str:
    ended = "<w:EndOfSequence/>" if end else ""
    return f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext><w:Items>{''.join(items)}</w:Items>{ended}</n:EnumerateResponse>"


def pulled(*items: str, context: str = "", end: bool = False) -> str:
    new = f"<n:EnumerationContext>{context}</n:EnumerationContext>" if context else ""
    ended = "<n:EndOfSequence/>" if end else ""
    return f"<n:PullResponse>{new}<n:Items>{''.join(items)}</n:Items>{ended}</n:PullResponse>"


def names(found: Any) -> list[str | None]:
    return [one.text("Name") for one in found]


def actions(transport: Any) -> list[str]:
    """Return the last part of each sent action."""
    path = ".//{http://schemas.xmlsoap.org/ws/2004/08/addressing}Action"
    return [(ElementTree.fromstring(one).findtext(path) or "").rpartition("/")[2] for one in transport.requests]


def context_of(request: str) -> str | None:
    return ElementTree.fromstring(request).findtext(".//{http://schemas.xmlsoap.org/ws/2004/09/enumeration}EnumerationContext")


def test_pull_until_the_end(replay: Replay) -> None:
    """One item in the first answer, the rest in Pulls, each with the context of the answer before."""
    client, sent = replay(first(service("a")), pulled(service("b"), service("c"), context="uuid:2"), pulled(service("d"), end=True))
    assert names(client.query("root/cimv2", "select * from Win32_Service")) == ["a", "b", "c", "d"]
    assert actions(sent) == ["Enumerate", "Pull", "Pull"]
    assert [context_of(one) for one in sent.requests[1:]] == ["uuid:1", "uuid:2"]
    assert "<n:MaxElements>32000</n:MaxElements>" in sent.requests[1]


def test_one_instance_with_an_empty_context(replay: Replay) -> None:
    """A result of one comes with an empty context and EndOfSequence at once."""
    client, sent = replay(first(service("a"), context="", end=True))
    assert names(client.enumerate(SERVICE)) == ["a"]
    assert actions(sent) == ["Enumerate"]


def test_missing_items(replay: Replay) -> None:
    """Items may be missing in any answer."""
    client, _transport = replay(
        "<n:EnumerateResponse><n:EnumerationContext>uuid:1</n:EnumerationContext></n:EnumerateResponse>",
        "<n:PullResponse><n:EnumerationContext>uuid:2</n:EnumerationContext></n:PullResponse>",
        pulled(service("a"), end=True),
    )
    assert names(client.enumerate(SERVICE)) == ["a"]


def test_end_without_a_word(replay: Replay) -> None:
    """An answer without a context is the last one, said or not."""
    client, sent = replay(first(service("a")), pulled(service("b")))
    assert names(client.enumerate(SERVICE)) == ["a", "b"]
    assert actions(sent) == ["Enumerate", "Pull"]


def test_projection(replay: Replay) -> None:
    """A projection comes as XmlFragment, its properties without namespace; the class is known from the query."""
    fragment = '<w:XmlFragment xmlns:m="x"><FreeSpace xsi:nil="true"/><Name>A:</Name></w:XmlFragment>'
    client, _transport = replay(first(fragment, end=True))
    (found,) = client.query("root/cimv2", "select Name, FreeSpace from Win32_LogicalDisk")
    assert (found.class_name, found.namespace, found.text("name"), found["FreeSpace"]) == ("Win32_LogicalDisk", "root/cimv2", "A:", None)


def test_subclasses_keep_their_class(replay: Replay) -> None:
    """Enumerating a base class returns instances of its subclasses."""
    client, _transport = replay(first(service("a"), end=True))
    (found,) = client.enumerate(Resource("root/cimv2", "Win32_BaseService"))
    assert found.class_name == "Win32_Service"


def test_references(replay: Replay) -> None:
    """In reference mode each item is an object and its reference; a singleton's has no selectors."""
    reference = (
        "<a:EndpointReference><a:Address>x</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{WMI}/Win32_Service</w:ResourceURI>{{}}</a:ReferenceParameters></a:EndpointReference>"
    )
    selectors = '<w:SelectorSet><w:Selector Name="Name">a</w:Selector></w:SelectorSet>'
    items = (f"<w:Item>{service('a')}{reference.format(selectors)}</w:Item>", f"<w:Item>{service('b')}{reference.format('')}</w:Item>")
    client, _transport = replay(first(*items, end=True))
    found = list(client.enumerate(SERVICE, with_references=True))
    assert names(found) == ["a", "b"]
    assert [one.epr for one in found] == [Reference(SERVICE, {"Name": "a"}), Reference(SERVICE, {})]


def test_early_close_releases(replay: Replay) -> None:
    """Stopping early sends a Release with the last context."""
    client, sent = replay(first(service("a")), pulled(service("b"), service("c"), context="uuid:2"), "")
    found = client.enumerate(SERVICE)
    assert (next(found).text("Name"), next(found).text("Name")) == ("a", "b")
    found.close()
    assert actions(sent) == ["Enumerate", "Pull", "Release"]
    assert context_of(sent.requests[-1]) == "uuid:2"


def test_early_close_of_an_ended_enumeration(replay: Replay) -> None:
    """There is nothing to release when the host has sent everything."""
    client, sent = replay(first(service("a"), service("b"), end=True))
    found = client.enumerate(SERVICE)
    next(found)
    found.close()
    assert actions(sent) == ["Enumerate"]


def test_a_failing_release_is_silent(replay: Replay) -> None:
    """The reader has what it wanted, so that an error of the Release is not one of the reader."""
    client, sent = replay(first(service("a")), ConnectionFailed("gone"))
    found = client.enumerate(SERVICE)
    next(found)
    found.close()
    assert actions(sent) == ["Enumerate", "Release"]


def test_a_slow_pull_is_repeated(replay: Replay) -> None:
    """A Pull that timed out on the host is sent again with the same context."""
    client, sent = replay(first(service("a")), TIMED_OUT, TIMED_OUT, pulled(service("b"), end=True))
    assert names(client.enumerate(SERVICE)) == ["a", "b"]
    assert [context_of(one) for one in sent.requests[1:]] == ["uuid:1"] * 3


def test_a_pull_is_not_repeated_forever(replay: Replay) -> None:
    """After ten time-outs the fault is raised."""
    client, sent = replay(first(service("a")), *[TIMED_OUT] * 20)
    with pytest.raises(WSManFault) as caught:
        list(client.enumerate(SERVICE))
    assert caught.value.timed_out
    assert len(sent.requests) == 11


def test_another_fault_of_a_pull_is_raised_at_once(replay: Replay) -> None:
    """Only a time-out is a reason to ask again; an expired context is not."""
    expired = "<s:Fault><s:Code><s:Subcode><s:Value>n:InvalidEnumerationContext</s:Value></s:Subcode></s:Code></s:Fault>"
    client, sent = replay(first(service("a")), expired)
    with pytest.raises(WSManFault) as caught:
        list(client.enumerate(SERVICE))
    assert caught.value.context_gone
    assert len(sent.requests) == 2


def test_nothing_is_sent_before_it_is_asked_for(replay: Replay) -> None:
    """An enumeration that nobody reads costs nothing."""
    client, sent = replay()
    client.query("root/cimv2", "select * from Win32_Service").close()
    assert sent.requests == []


def test_an_answer_to_something_else(replay: Replay) -> None:
    """A body that is no part of an enumeration is refused."""
    client, _transport = replay(service("a"))
    with pytest.raises(ProtocolError, match="not a part of an enumeration"):
        list(client.enumerate(SERVICE))


def test_one_name_of_a_method(replay: Replay) -> None:
    """One element of an output array is an array; outputs know their class."""
    client, _transport = replay(f'<p:EnumKey_OUTPUT xmlns:p="{WMI}/StdRegProv"><p:sNames>Only</p:sNames><p:ReturnValue>0</p:ReturnValue></p:EnumKey_OUTPUT>')
    outputs = client.invoke(Resource("root/cimv2", "StdRegProv"), "EnumKey", {"hDefKey": 1})
    assert (outputs.texts("sNames"), outputs.integer("ReturnValue"), outputs.class_name) == (("Only",), 0, "StdRegProv")


@pytest.mark.parametrize("inner", [None, "", '<p:ReturnValue xsi:nil="true"/>'])
def test_a_method_without_a_return_value(replay: Replay, inner: str | None) -> None:
    """Empty outputs, none at all and a nil ReturnValue are all success without a number."""
    client, _transport = replay("" if inner is None else f'<p:X_OUTPUT xmlns:p="{WMI}/Win32_Service">{inner}</p:X_OUTPUT>')
    assert client.invoke(SERVICE, "X").integer("ReturnValue") is None


def test_an_empty_get(replay: Replay) -> None:
    """A Get has to return something."""
    client, _transport = replay("")
    with pytest.raises(ProtocolError, match="empty"):
        client.get(SERVICE)


def test_the_client_closes_its_transport(replay: Replay) -> None:
    """Leaving the with statement closes the connection."""
    client, transport = replay()
    with client:
        assert client.endpoint == "https://host.example:5986/wsman"
    assert transport.closed
