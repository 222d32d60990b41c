# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headers, HTTP and authentication."""

from __future__ import annotations

import socket

import pytest
import requests
from simulator import RunningFleet
from unit.simulator.soap import DECLARED, NS, TRANSFER, WMI, Raw, envelope

WIDGET = WMI + "root/cimv2/Sim_Widget"
IDENTIFY = (
    f'<s:Envelope {DECLARED} xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>'
)
AUTH = ("localadmin", "Lab-Passw0rd!")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ReplyTo": ""}, 2150858769),
        ({"ReplyTo": "<a:ReplyTo><a:Address>http://elsewhere/</a:Address></a:ReplyTo>"}, 2150858818),
        ({"FaultTo": "<a:FaultTo><a:Address>http://elsewhere/</a:Address></a:FaultTo>"}, 2150858818),
        ({"MessageID": ""}, 2150858767),
        ({"MessageID": f"<a:MessageID>{'x' * 2049}</a:MessageID>"}, 2150858767),
        ({"Fragment": "<w:FragmentTransfer>Name</w:FragmentTransfer>"}, 2150858767),
        ({"Fragment": '<w:FragmentTransfer s:mustUnderstand="true">/Name</w:FragmentTransfer>'}, 2150858778),
        ({"Action": ""}, 2150858769),
        ({"ResourceURI": ""}, 2150858769),
        ({"Locale": '<w:Locale xml:lang="en-US" s:mustUnderstand="true"/>'}, 2150858818),
        ({"Locale": '<q:Other xmlns:q="urn:q" s:mustUnderstand="true"/>'}, 2150858768),
        ({"OperationTimeout": "<w:OperationTimeout>60</w:OperationTimeout>"}, 2150858767),
        ({"OperationTimeout": "<w:OperationTimeout>PT0S</w:OperationTimeout>"}, 2150858767),
        ({"MaxEnvelopeSize": "<w:MaxEnvelopeSize>8191</w:MaxEnvelopeSize>"}, 2150858805),
    ],
)
def test_bad_headers_are_refused(alpha: Raw, changed: dict[str, str], code: int) -> None:
    """Missing or wrong headers, mustUnderstand on Locale or on something unknown, bad time-out, envelope below 8192 bytes (MS-WSMV 3.1.4.1)."""
    assert alpha.call(TRANSFER + "Get", WIDGET, selectors={"Name": "w2"}, **changed).code == code


def test_a_message_id_is_good_for_one_message(alpha: Raw) -> None:
    """The same MessageID a second time is an invalid header; the answer relates to it."""
    text = envelope(TRANSFER + "Get", WIDGET, selectors={"Name": "w2"}, MessageID="<a:MessageID>uuid:ONCE</a:MessageID>")
    assert alpha.post(text).texts(".//a:RelatesTo") == ["uuid:ONCE"]
    assert alpha.post(text).code == 2150858767


def test_unknown_options_are_ignored(alpha: Raw) -> None:
    """Windows ignores options it does not know on CIM resources, even with MustComply (MS-WSMV <52>)."""
    option = '<w:OptionSet><w:Option Name="nothing" MustComply="true">1</w:Option></w:OptionSet>'
    assert alpha.get(WIDGET, {"Name": "w2"}, extra=option).status == 200


@pytest.mark.parametrize("text", ["", "no xml", "<a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_malformed_messages_fault_without_relates_to(alpha: Raw, text: str) -> None:
    """Something that is no SOAP message cannot be related to one."""
    reply = alpha.post(text)
    if text:
        assert reply.status == 500
        assert reply.texts(".//a:RelatesTo") == []
    else:
        assert (reply.status, reply.text) == (200, "")


def test_identify(alpha: Raw, stub_fleet: RunningFleet) -> None:
    """The version of Windows is for authenticated callers; the anonymous path and header hide it."""
    host = stub_fleet.hosts["alpha"]
    assert "OS: 10.0.20348 SP: 0.0 Stack: 3.0" in alpha.post(IDENTIFY).text
    session = requests.Session()
    session.trust_env = False
    anonymous = session.post(host.http_url.replace("/wsman", "/wsman-anon/identify"), data=IDENTIFY, timeout=5)
    assert "OS: 0.0.0" in anonymous.text
    assert "OS: 0.0.0" in session.post(host.http_url, data=IDENTIFY, headers={"WSMANIDENTIFY": "unauthenticated"}, timeout=5).text


def test_configuration_is_for_administrators(alpha: Raw, stub_fleet: RunningFleet) -> None:
    """Get on winrm/config."""
    config = "http://schemas.microsoft.com/wbem/wsman/1/config"
    assert alpha.get(config).body.findtext(f"{{{config}}}MaxEnvelopeSizekb") == "500"
    assert Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file), "viewer").get(config).code == 5


def test_http_statuses(stub_fleet: RunningFleet) -> None:
    """404 for other paths, 405 for other methods, 401 with the challenges in http.sys' order, 413 above the envelope limit."""
    host = stub_fleet.hosts["small"]
    session = requests.Session()
    session.trust_env = False
    assert session.post(host.http_url + "/other", data="x", timeout=5).status_code == 404
    assert session.get(host.http_url, timeout=5).status_code == 405
    refused = session.post(host.http_url, data="x", timeout=5)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Negotiate, Kerberos, Basic realm="WSMAN"')
    assert session.post(host.http_url, data="x" * 40_000, auth=AUTH, timeout=5).status_code == 413


def test_unencrypted_traffic_is_refused_with_an_empty_500(stub_fleet: RunningFleet) -> None:
    """Basic over HTTP without AllowUnencrypted."""
    text = envelope(TRANSFER + "Get", WIDGET, selectors={"Name": "w2"})
    answer = requests.post(stub_fleet.hosts["alpha"].http_url, data=text, auth=AUTH, timeout=5)
    assert (answer.status_code, answer.content) == (500, b"")


@pytest.mark.parametrize(
    ("user", "status"),
    [
        ("localadmin", 200),
        (".\\localadmin", 200),
        ("ALPHA\\LocalAdmin", 200),
        ("LAB\\labadmin", 200),
        ("labadmin@lab.test", 200),
        ("labadmin", 401),
        ("BETA\\localadmin", 401),
    ],
)
def test_names_of_accounts(stub_fleet: RunningFleet, user: str, status: int) -> None:
    """Local accounts by name, .\\name or HOST\\name; domain accounts by DOMAIN\\name or name@dns; in any case."""
    client = Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file), user)
    assert client.get(WIDGET, {"Name": "w2"}).status == status


def test_a_wrong_password_is_401(stub_fleet: RunningFleet) -> None:
    """And the challenges come again."""
    assert Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file), password="wrong").get(WIDGET).status == 401


def test_certificates_name_the_host(stub_fleet: RunningFleet) -> None:
    """The certificate is valid for the host's address; another CA is not trusted."""
    with pytest.raises(requests.exceptions.SSLError):
        requests.post(stub_fleet.hosts["alpha"].https_url, data="x", timeout=5)


def test_counters(stub_fleet: RunningFleet) -> None:
    """HTTP requests, SOAP messages, body bytes and connections, per host."""
    host = stub_fleet.hosts["beta"]
    before = stub_fleet.counters("beta")
    client = Raw(host.https_url, str(stub_fleet.ca_file))
    text = envelope(TRANSFER + "Get", WIDGET, selectors={"Name": "w2"})
    reply = client.post(text)
    client.post(IDENTIFY)
    gained = {name: value - before[name] for name, value in stub_fleet.counters("beta").items()}
    assert (gained["http_requests"], gained["wsman_messages"], gained["connections"], gained["tls_handshakes"], gained["writes"]) == (2, 2, 1, 1, 0)
    assert gained["bytes_received"] == len(text.encode()) + len(IDENTIFY.encode())
    assert gained["bytes_sent"] > len(reply.text.encode())


def test_a_connection_that_speaks_no_http_is_closed(stub_fleet: RunningFleet) -> None:
    """400 and the end of the connection."""
    host = stub_fleet.hosts["alpha"]
    with socket.create_connection((host.address, host.http_port), timeout=5) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400")


def test_faults_name_the_host(alpha: Raw) -> None:
    """WSManFault's Machine is how the caller addressed the host."""
    fault = alpha.get(WMI + "root/cimv2/Sim_Nothing").root.find(".//f:WSManFault", NS)
    assert fault is not None
    assert fault.get("Machine") == "127.11.0.1"
