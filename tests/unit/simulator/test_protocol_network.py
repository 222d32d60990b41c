# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes, connections and the product's programs as clients see them over WS-Management."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import winrm
from simulator import RunningFleet, parse_fleet, serve
from simulator.windows.registry import Type
from simulator.windows.services import OWN_PROCESS, Service
from unit.simulator.soap import WMI, Raw, local

TCP = f"{WMI}root/standardcimv2/MSFT_NetTCPConnection"
PROCESS = f"{WMI}root/cimv2/Win32_Process"
PASSWORD = "Lab-Passw0rd!"
AGENT_KEY = r"SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent"
AGENT_PROGRAM = r'"C:\Program Files (x86)\Netwrix Auditor\User Activity Core Service\UAVRAgent.exe"'
STATE_FILE = r"C:\ProgramData\Netwrix Auditor\User Activity Video Reporter\Agents.xml"
OPEN = {"rules": {"open": "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort2_10=9003-9004|"}}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFleet]:
    """An Auditor server and two computers, on which an agent is installed by hand."""
    hosts = [
        {"name": "NA01", "release": "2022", "address": "127.14.0.1", "options": {"server": True, "firewall": OPEN}},
        *({"name": f"PC0{number}", "release": "2022", "address": f"127.14.0.{number + 1}", "options": {"firewall": OPEN}} for number in (1, 2)),
    ]
    description = {
        "domain": {"dns": "lab.test", "netbios": "LAB"},
        "ports": {"http": 0, "https": 0},
        "accounts": [{"name": "localadmin", "password": PASSWORD}],
        "hosts": hosts,
    }
    folder: Path = tmp_path_factory.mktemp("network")
    with serve(parse_fleet(description), folder=folder) as fleet:
        for name in ("PC01", "PC02"):
            windows = fleet.hosts[name].windows
            windows.registry.put("hklm", AGENT_KEY, "ServerName", Type.REG_SZ, "na01.lab.test")
            windows.services.add(Service("Core", "Core", AGENT_PROGRAM, kind=OWN_PROCESS))
        yield fleet


def _client(fleet: RunningFleet, name: str) -> Raw:
    return Raw(fleet.hosts[name].https_url, str(fleet.ca_file))


def _query(client: Raw, namespace: str, text: str) -> list[dict[str, str]]:
    items = client.all(client.query(namespace, text), f"{WMI}{namespace}/*")
    return [{local(node): node.text or "" for node in item} for item in items]


def test_connections_can_be_asked_for_by_wql_and_by_key(running: RunningFleet) -> None:
    """A filter by state and port gives the listener; its key leads to the same row."""
    client = _client(running, "PC01")
    (row,) = _query(
        client, "root/standardcimv2", "SELECT InstanceID, LocalAddress, OwningProcess FROM MSFT_NetTCPConnection WHERE State = 2 AND LocalPort = 445"
    )
    assert (row["LocalAddress"], row["OwningProcess"], row["InstanceID"]) == ("::", "4", "::++445++::++0")
    found = client.get(TCP, {"InstanceID": row["InstanceID"]})
    assert found.status == 200
    assert found.texts(".//{*}LocalPort") == ["445"]


def test_connections_can_be_asked_for_by_selectors(running: RunningFleet) -> None:
    """The Selector dialect works for this class as for the others."""
    client = _client(running, "PC01")
    dialect = "http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter"
    selectors = '<w:SelectorSet><w:Selector Name="InstanceID">::++5985++::++0</w:Selector></w:SelectorSet>'
    (item,) = client.all(client.enumerate(TCP, f'<w:Filter Dialect="{dialect}">{selectors}</w:Filter>'), TCP)
    assert {local(node): node.text for node in item}["LocalPort"] == "5985"


def test_an_agent_over_the_wire(running: RunningFleet) -> None:
    """Started by WMI, seen as a process and as connections on both hosts, known to the server's file, and gone when it is terminated."""
    agent, server = _client(running, "PC01"), _client(running, "NA01")
    key = {"Name": "Core"}
    assert agent.invoke(f"{WMI}root/cimv2/Win32_Service", "StartService", selectors=key).texts(".//{*}ReturnValue") == ["0"]
    (process,) = _query(agent, "root/cimv2", "SELECT ProcessId, Handle FROM Win32_Process WHERE Name = 'UAVRAgent.exe'")
    rows = "SELECT RemoteAddress FROM MSFT_NetTCPConnection WHERE State = 5 AND OwningProcess = "
    assert [row["RemoteAddress"] for row in _query(agent, "root/standardcimv2", rows + process["ProcessId"])] == ["127.14.0.1"] * 2
    established = "SELECT RemoteAddress FROM MSFT_NetTCPConnection WHERE State = 5 AND RemotePort = 9003"
    assert [row["RemoteAddress"] for row in _query(server, "root/standardcimv2", established)] == ["127.14.0.2"]
    session = winrm.Session(running.hosts["NA01"].https_url, auth=("localadmin", PASSWORD), transport="ntlm", ca_trust_path=str(running.ca_file))
    assert b"<Name>pc01.lab.test</Name>" in session.run_cmd(f'type "{STATE_FILE}"').std_out
    assert agent.invoke(PROCESS, "Terminate", "<p:Reason>0</p:Reason>", {"Handle": process["Handle"]}).texts(".//{*}ReturnValue") == ["0"]
    assert _query(server, "root/standardcimv2", established) == []


def test_hosts_that_look_at_each_other_do_not_wait_for_each_other(running: RunningFleet) -> None:
    """Many questions to both ends of a connection at once are all answered."""
    _client(running, "PC02").invoke(f"{WMI}root/cimv2/Win32_Service", "StartService", selectors={"Name": "Core"})

    def ask(name: str) -> list[int]:
        client = _client(running, name)
        return [len(_query(client, "root/standardcimv2", "SELECT InstanceID FROM MSFT_NetTCPConnection WHERE State = 5")) for _turn in range(8)]

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, ["NA01", "PC02"] * 3, timeout=60))
    assert {count for counts in answers for count in counts} == {2}
