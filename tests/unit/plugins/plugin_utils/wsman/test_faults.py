# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults in every shape that Windows sends, written after the descriptions in the surface document (1.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Client, ProtocolError, Resource, WSManFault

SERVICE = Resource("root/cimv2", "Win32_Service")
Replay = Callable[..., Any]

FAULT = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
    '<s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason><s:Detail>{detail}</s:Detail></s:Fault>'
)
EXTENDED = (
    "<f:ExtendedError><q:__ExtendedStatus xmlns:q='http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/__ExtendedStatus'>"
    "<q:Description xsi:nil='true'/><q:Operation>ExecQuery</q:Operation><q:ParameterInfo>select</q:ParameterInfo>"
    "<q:ProviderName>WinMgmt</q:ProviderName>{status}</q:__ExtendedStatus></f:ExtendedError>"
)


def wsman(code: int, message: str = "", inner: str = "") -> str:
    return f'<f:WSManFault Code="{code}" Machine="192.0.2.7"><f:Message>{message}{inner}</f:Message></f:WSManFault>'


def provider(inner: str) -> str:
    return f'<f:ProviderFault provider="WMI Provider" path="%systemroot%\\system32\\WsmWmiPl.dll">{inner}</f:ProviderFault>'


def wmi_error(namespace: str, **properties: object) -> str:
    inner = "".join(f'<e:{name} xsi:type="cim:cimString">{value}</e:{name}>' for name, value in properties.items())
    return f'<e:MSFT_WmiError b:IsCIM_Error="true" xmlns:e="{namespace}" xsi:type="e:MSFT_WmiError_Type">{inner}</e:MSFT_WmiError>'


def fault_of(client: Client) -> WSManFault:
    with pytest.raises(WSManFault) as caught:
        client.invoke(SERVICE, "StartService", {}, {"Name": "x"})
    return caught.value


def test_shape_a_class_not_found(replay: Replay) -> None:
    """(a) A provider fault inside: its innermost message counts, the outer code and machine are kept."""
    detail = "<w:FaultDetail>http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/InvalidResourceURI</w:FaultDetail>" + wsman(
        2150858752, "", provider(wsman(2150858752, "The service cannot find  the\n resource. "))
    )
    client, _transport = replay(FAULT.format(subcode="wsa:DestinationUnreachable", reason="The service cannot process the request. ", detail=detail))
    fault = fault_of(client)
    assert (fault.code, fault.subcode, fault.machine) == (0x80338000, "DestinationUnreachable", "192.0.2.7")
    assert fault.reason == "The service cannot process the request."
    assert fault.provider_message == "The service cannot find the resource."
    assert fault.not_found and not fault.access_denied and not fault.timed_out
    assert (fault.resource, fault.method) == ("Win32_Service", "StartService")
    assert str(fault) == "Win32_Service.StartService: The service cannot find the resource (code 0x80338000, DestinationUnreachable)"


def test_the_innermost_message_counts(replay: Replay) -> None:
    """Each layer may have its own message; the one nearest to the cause is told."""
    detail = wsman(5, "Outer.", provider(wsman(5, "Middle.", provider(wsman(5, "Cause.")))))
    client, _transport = replay(FAULT.format(subcode="w:AccessDenied", reason="Reason.", detail=detail))
    assert fault_of(client).provider_message == "Cause."


@pytest.mark.parametrize(("inner", "message"), [("", "Outer."), ("<f:ProviderFault>Plain  text.</f:ProviderFault>", "Plain text.")])
def test_a_message_without_a_nested_fault(replay: Replay, inner: str, message: str) -> None:
    """A provider may give plain text, or there may be none at all."""
    client, _transport = replay(FAULT.format(subcode="w:InternalError", reason="Reason.", detail=wsman(5, "Outer.", inner)))
    assert fault_of(client).provider_message == message


def test_shape_b_extended_status(replay: Replay) -> None:
    """(b) A query for a missing class: "cannot process filter" with an extended status of nils."""
    inner = wsman(2150858778, "The specified class does not exist in the given namespace. ") + EXTENDED.format(status="<q:StatusCode xsi:nil='true'/>")
    detail = wsman(2150858778, "", provider(inner))
    client, _transport = replay(FAULT.format(subcode="n:CannotProcessFilter", reason="The data source could not process the filter. ", detail=detail))
    with pytest.raises(WSManFault) as caught:
        list(client.query("root/cimv2", "select Name from Win32_Processa where Name='sshd.exe'"))
    fault = caught.value
    assert fault.resource == "Win32_Processa"
    assert (fault.code, fault.cim_status) == (0x8033801A, None)
    assert fault.invalid_class and fault.not_found
    assert fault.provider_message == "The specified class does not exist in the given namespace."


@pytest.mark.parametrize(
    ("wbem", "cim", "helper"),
    [(0x80041002, 6, "not_found"), (0x80041003, 2, "access_denied"), (0x80041010, 5, "invalid_class"), (0x80041019, 11, "already_exists")],
)
def test_wbem_status_becomes_cim_status(replay: Replay, wbem: int, cim: int, helper: str) -> None:
    """A WBEM status in the extended error is the CIM status of the same meaning; it may come as a negative number."""
    for number in (wbem, wbem - 2**32):
        inner = EXTENDED.format(status=f"<q:StatusCode>{number}</q:StatusCode>")
        client, _transport = replay(FAULT.format(subcode="w:InternalError", reason="r", detail=wsman(0x80338000, "", provider(inner))))
        fault = fault_of(client)
        assert fault.cim_status == cim
        assert getattr(fault, helper)


@pytest.mark.parametrize(
    "namespace",
    [
        "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError",
        "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/standardcimv2/MSFT_WmiError",
        "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/microsoft/windows/storage/MSFT_WmiError",
    ],
)
def test_shape_c_wmi_error(replay: Replay, namespace: str) -> None:
    """(c) MSFT_WmiError alone, in any of its namespaces: status, message, and the HRESULT as the code."""
    detail = wmi_error(
        namespace, CIMStatusCode=27, Message="The maximum is exceeded. ", MessageID="HRESULT 0x803381a5", error_Code=2150859173, error_Type="HRESULT"
    )
    client, _transport = replay(FAULT.format(subcode="w:QuotaLimit", reason="r", detail=detail))
    fault = fault_of(client)
    assert (fault.code, fault.cim_status, fault.provider_message) == (0x803381A5, 27, "The maximum is exceeded.")
    assert fault.quota


@pytest.mark.parametrize(("status", "helper"), [(2, "access_denied"), (5, "invalid_class"), (6, "not_found"), (11, "already_exists")])
def test_cim_status_helpers(replay: Replay, status: int, helper: str) -> None:
    """The CIM status decides where there is no WS-Management code; a code of another kind than HRESULT is none."""
    client, _transport = replay(FAULT.format(subcode="w:InternalError", reason="r", detail=wmi_error("x", CIMStatusCode=status, error_Code=6, error_Type="MI")))
    fault = fault_of(client)
    assert fault.code is None
    assert getattr(fault, helper)
    assert f"CIM status {status}" in str(fault)


@pytest.mark.parametrize(
    ("code", "subcode", "helper"),
    [
        (2150858793, "w:TimedOut", "timed_out"),
        (2150858843, "w:InvalidSelectors", "invalid_selectors"),
        (2150858817, "w:SchemaValidationError", "invalid_value"),
        (5, "w:AccessDenied", "access_denied"),
        (2147942405, "w:InternalError", "access_denied"),
        (2147942402, "w:InternalError", "file_not_found"),
        (2150859174, "w:InternalError", "quota"),
        (2150858803, "w:AlreadyExists", "already_exists"),
        (2150858779, "n:InvalidEnumerationContext", "context_gone"),
    ],
)
def test_codes(replay: Replay, code: int, subcode: str, helper: str) -> None:
    """Every code of the surface document's table has its property."""
    client, _transport = replay(FAULT.format(subcode=subcode, reason="r", detail=wsman(code, "m")))
    assert getattr(fault_of(client), helper)


def test_nearly_empty_fault(replay: Replay) -> None:
    """A fault without code, reason and detail is still a fault with a sentence."""
    client, _transport = replay("<s:Fault/>")
    fault = fault_of(client)
    assert (fault.code, fault.subcode, fault.reason, fault.provider_message) == (None, "", "", None)
    assert str(fault) == "Win32_Service.StartService: the host gave no reason"


def test_fault_without_relates_to(replay: Replay) -> None:
    """Some faults of Windows carry no RelatesTo."""
    client, transport = replay("<s:Fault/>")
    transport.relates_to = None
    fault_of(client)


@pytest.mark.parametrize("body", ["<x/>", "<s:Fault/>"])
def test_foreign_answer(replay: Replay, body: str) -> None:
    """An answer to another message is refused, be it a result or a fault."""
    client, transport = replay(body)
    transport.relates_to = "uuid:00000000-0000-0000-0000-000000000000"
    with pytest.raises(ProtocolError, match="belongs to message"):
        client.get(SERVICE)


def test_result_without_relates_to(replay: Replay) -> None:
    """A result has to say which message it answers."""
    client, transport = replay("<x/>")
    transport.relates_to = None
    with pytest.raises(ProtocolError, match="belongs to message"):
        client.get(SERVICE)


def test_message_ids_match_in_any_case(replay: Replay) -> None:
    """A host may write the UUID in another letter case."""
    client, transport = replay("<x/>")
    send = transport.send

    def lower(message: bytes) -> bytes:
        head, mark, rest = bytes(send(message)).partition(b"<a:RelatesTo>uuid:")
        return head + mark + rest[:36].lower() + rest[36:]

    transport.send = lower
    assert client.get(SERVICE).class_name == "Win32_Service"
