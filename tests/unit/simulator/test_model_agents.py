# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What agents and the Auditor server do while they run. The services are made by hand here, under names of their own."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from simulator.network import FleetNetwork
from simulator.windows import Windows
from simulator.windows.firewall.rule import parsed
from simulator.windows.registry import Type
from simulator.windows.services import OWN_PROCESS, Service
from unit.simulator.model_hosts import ADMIN, Clock, cim, instance, later, run, service

AGENT_KEY = r"SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent"
SERVER_KEY = r"SOFTWARE\WOW6432Node\Netwrix Auditor\User Activity Video Reporter"
AGENT_PROGRAM = r'"C:\Program Files (x86)\Netwrix Auditor\User Activity Core Service\UAVRAgent.exe"'
SERVER_PROGRAM = r'"C:\Program Files (x86)\Netwrix Auditor\User Activity Video Recording\UAVRServer.exe"'
STATE_FILE = r"C:\ProgramData\Netwrix Auditor\User Activity Video Reporter\Agents.xml"
LISTEN, SYN_SENT, ESTABLISHED = 2, 3, 5


def _open(port: int) -> dict[str, Any]:
    return {"rules": {"open": f"v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort={port}|"}}


def _windows(name: str, address: str, **options: Any) -> Windows:
    made = Windows(name=name, release="2022", domain="lab.test", address=address, accounts=[ADMIN], options=options)
    made.clock = Clock()
    return made


def _server(*, port: int = 9004, opened: bool = True) -> Windows:
    """An Auditor server whose service is not started."""
    found = _windows("NA01", "127.0.0.2", firewall=_open(port) if opened else {})
    found.registry.put("hklm", SERVER_KEY, "ServerPort", Type.REG_DWORD, port)
    found.services.add(Service("Audit", "Audit", SERVER_PROGRAM, kind=OWN_PROCESS))
    found.journal.clear()
    return found


def _agent(name: str = "PC01", address: str = "127.0.0.3", *, uniq_id: str = "", opened: bool = True, program: str = AGENT_PROGRAM, **options: Any) -> Windows:
    """A computer with an agent whose service is not started."""
    found = _windows(name, address, **{"firewall": _open(9003) if opened else {}, **options})
    for value, text in (("ServerName", "na01"), ("ServerPort", "9004"), ("CallbackPort", "9003"), ("UniqID", uniq_id)):
        if text:
            found.registry.put("hklm", AGENT_KEY, value, Type.REG_SZ, text)
    found.services.add(Service("Core", "Core", program, kind=OWN_PROCESS))
    found.journal.clear()
    return found


def _start(*hosts: Windows) -> None:
    for target in hosts:
        name = "Audit" if target.services.find("Audit") else "Core"
        assert service(target, name, "StartService") == 0


def _rows(target: Windows, port: int, state: int = ESTABLISHED) -> list[tuple[str, int, int]]:
    """Remote address, local and remote port of the connections that have the port at one end."""
    found = cim(target, "MSFT_NetTCPConnection").instances(target, ADMIN)
    rows = [item for item in found if item["State"] == state and port in (item["LocalPort"], item["RemotePort"])]
    return [(item["RemoteAddress"], item["LocalPort"], item["RemotePort"]) for item in rows]


def _known(target: Windows) -> dict[str, str]:
    """Identity and name of the agents in the server's file."""
    root = ET.fromstring(target.files.read(STATE_FILE).decode("utf-8-sig"))
    return {str(node.findtext("UniqID")): str(node.findtext("Name")) for node in root.iter("Agent")}


def _put(target: Windows, name: str, text: str) -> None:
    target.registry.put("hklm", AGENT_KEY, name, Type.REG_SZ, text)


def _restart(target: Windows) -> None:
    assert service(target, "Core", "StopService") == 0
    assert service(target, "Core", "StartService") == 0


def test_an_agent_and_its_server_are_connected_both_ways() -> None:
    """Agent to server at 9004, server to agent at 9003; each connection is seen at both ends with matching ports."""
    server, agent = _server(), _agent()
    FleetNetwork([server, agent])
    _start(server, agent)
    ((to, own, remote),) = _rows(agent, 9004)
    assert (to, remote) == ("127.0.0.2", 9004)
    assert _rows(server, 9004) == [("127.0.0.3", 9004, own)]
    ((back, local, distant),) = _rows(server, 9003)
    assert (back, distant) == ("127.0.0.3", 9003)
    assert _rows(agent, 9003) == [("127.0.0.2", 9003, local)]


def test_the_order_of_starts_does_not_matter() -> None:
    """An agent keeps trying: a server that starts later finds it."""
    server, agent = _server(), _agent()
    FleetNetwork([server, agent])
    _start(agent)
    assert _rows(agent, 9004) == []
    assert _rows(agent, 9004, SYN_SENT) != []
    _start(server)
    assert len(_rows(agent, 9004)) == 1
    assert list(_known(server).values()) == ["pc01.lab.test"]


def test_an_agent_without_an_identity_makes_one() -> None:
    """UniqID is a GUID in the registry after the first start, the same after a restart, another one once it was deleted; no caller wrote it."""
    agent = _agent()
    FleetNetwork([agent])
    _start(agent)
    first = agent.registry.value("hklm", AGENT_KEY, "UniqID")
    assert uuid.UUID(str(first))
    _restart(agent)
    assert agent.registry.value("hklm", AGENT_KEY, "UniqID") == first
    agent.registry.make("hklm", AGENT_KEY).values.pop("uniqid")
    _restart(agent)
    assert agent.registry.value("hklm", AGENT_KEY, "UniqID") not in (None, first)
    assert {entry["kind"] for entry in agent.journal.entries} == {"service"}


def test_an_identity_of_the_fleet_counts_once() -> None:
    """A clone begins with the identity of its image; deleting it cures that."""
    given = "11111111-2222-4333-8444-555555555555"
    clone = _windows("PC01", "127.0.0.3", agent={"uniq_id": given})
    assert clone.registry.value("hklm", AGENT_KEY, "UniqID") == given
    clone.registry.make("hklm", AGENT_KEY).values.pop("uniqid")
    name = next(item.name for item in clone.services if "UAVRAgent.exe" in item.path)
    assert [service(clone, name, method) for method in ("StopService", "StartService")] == [0, 0]
    assert clone.registry.value("hklm", AGENT_KEY, "UniqID") not in (None, given)


def test_settings_are_read_at_the_start_only() -> None:
    """A changed port in the registry needs a restart of the service, at the agent and at the server."""
    server, agent = _server(port=9104), _agent()
    FleetNetwork([server, agent])
    _start(server, agent)
    assert _rows(agent, 9104) == []
    _put(agent, "ServerPort", "9104")
    _put(agent, "CallbackPort", "9103")
    assert _rows(agent, 9104) == []
    _restart(agent)
    assert len(_rows(agent, 9104)) == 1
    assert [len(_rows(agent, port, LISTEN)) for port in (9003, 9103)] == [0, 1]


def test_an_agent_reads_the_view_of_its_program() -> None:
    """A 64-bit agent's settings are not below WOW6432Node; where InstallPath names the program's folder, that key counts."""
    agent = _agent(program=r'"C:\Program Files\Netwrix Auditor\User Activity Core Service\UAVRAgent.exe"')
    agent.registry.put("hklm", r"SOFTWARE\Netwrix\User Activity Video Reporter Agent", "CallbackPort", Type.REG_SZ, "9203")
    _start(agent)
    assert len(_rows(agent, 9203, LISTEN)) == 1
    _put(agent, "InstallPath", "C:\\Program Files\\Netwrix Auditor\\User Activity Core Service\\")
    _restart(agent)
    assert [len(_rows(agent, port, LISTEN)) for port in (9003, 9203)] == [1, 0]


def test_a_name_that_nobody_has_leads_nowhere() -> None:
    """Without a server of that name there is no connection and no attempt in the table."""
    server, agent = _server(), _agent()
    FleetNetwork([server, agent])
    _put(agent, "ServerName", "na02")
    _start(server, agent)
    assert _rows(agent, 9004) == _rows(agent, 9004, SYN_SENT) == []
    assert not server.files.exists(STATE_FILE)


@pytest.mark.parametrize(("server_open", "agent_open", "to_server", "callback"), [(True, False, 1, 0), (False, True, 0, 0), (True, True, 1, 1)])
def test_firewalls_decide(server_open: bool, agent_open: bool, to_server: int, callback: int) -> None:
    """9004 must be open at the server, 9003 at the agent; no callback without a connection; a blocked attempt stays at SYN sent."""
    server, agent = _server(opened=server_open), _agent(opened=agent_open)
    FleetNetwork([server, agent])
    _start(server, agent)
    assert (len(_rows(agent, 9004)), len(_rows(agent, 9003))) == (to_server, callback)
    assert len(_rows(agent, 9004, SYN_SENT)) == 1 - to_server
    assert len(_rows(server, 9003, SYN_SENT)) == to_server - callback


def test_a_program_rule_opens_the_callback_port() -> None:
    """A rule for the agent's program is as good as one for the port; opening the way later is enough."""
    server, agent = _server(), _agent(opened=False)
    FleetNetwork([server, agent])
    _start(server, agent)
    assert _rows(server, 9003) == []
    agent.firewall.add(parsed("agent", f"v2.31|Action=Allow|Active=TRUE|Dir=In|App={AGENT_PROGRAM.strip(chr(34))}|"))
    assert len(_rows(server, 9003)) == 1


def test_stopping_either_side_ends_the_connections() -> None:
    """No process, no connection."""
    server, agent = _server(), _agent()
    FleetNetwork([server, agent])
    _start(server, agent)
    service(agent, "Core", "StopService")
    assert _rows(server, 9004) == _rows(server, 9003) == _rows(agent, 9003, LISTEN) == []
    _start(agent)
    service(server, "Audit", "StopService")
    assert _rows(agent, 9004) == _rows(agent, 9003) == []


def test_the_server_remembers_its_agents() -> None:
    """Agents.xml keeps an agent that has gone; a BOM leads the file; another agent is added."""
    server, first, second = _server(), _agent(), _agent("PC02", "127.0.0.4")
    FleetNetwork([server, first, second])
    _start(server, first)
    service(first, "Core", "StopService")
    _start(second)
    assert sorted(_known(server).values()) == ["pc01.lab.test", "pc02.lab.test"]
    assert server.files.read(STATE_FILE).startswith(b"\xef\xbb\xbf<?xml")


def test_two_agents_with_one_identity_are_one_to_the_server() -> None:
    """The newcomer replaces the name; once the clone has its own identity there are two."""
    identity = "11111111-2222-4333-8444-555555555555"
    server, first, clone = _server(), _agent(uniq_id=identity), _agent("PC02", "127.0.0.4", uniq_id=identity)
    FleetNetwork([server, first, clone])
    _start(server, first)
    assert _known(server) == {identity: "pc01.lab.test"}
    _start(clone)
    assert _known(server) == {identity: "pc02.lab.test"}
    clone.registry.make("hklm", AGENT_KEY).values.pop("uniqid")
    _restart(clone)
    _restart(first)
    assert sorted(_known(server).values()) == ["pc01.lab.test", "pc02.lab.test"]


def test_reading_the_file_brings_it_up_to_date() -> None:
    """A command that names Agents.xml sees agents whose way was opened a moment ago, also of hosts that nobody has used."""
    server, agent = _server(opened=False), _agent()
    FleetNetwork([server, agent])
    _start(server, agent)
    server.firewall.add(parsed("open", "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=9004|"))
    assert not server.files.exists(STATE_FILE)
    run(server, "reg", rf'query HKLM\SOFTWARE /f "{STATE_FILE}"')
    assert list(_known(server).values()) == ["pc01.lab.test"]


def test_a_file_in_use_is_written_later() -> None:
    """A server that can't write its file tries again."""
    server, agent = _server(), _agent()
    FleetNetwork([server, agent])
    server.files.make_folder(STATE_FILE.rpartition("\\")[0])
    server.files.write(STATE_FILE, b"not XML")
    with server.files.open_by(STATE_FILE):
        _start(server, agent)
        assert len(_rows(server, 9004)) == 1
        assert server.files.read(STATE_FILE) == b"not XML"
    assert len(_rows(server, 9004)) == 1
    assert list(_known(server).values()) == ["pc01.lab.test"]


def test_an_old_framework_lets_no_agent_start() -> None:
    """Below .NET Framework 4.8 the service does not respond: 1053, WMI's 7; after an update it starts."""
    agent = _agent(dotnet_release=528039)
    assert service(agent, "Core", "StartService") == 7
    found = instance(agent, "Win32_Service", Name="Core")
    assert (found["State"], found["ExitCode"], found["ProcessId"]) == ("Stopped", 1053, 0)
    assert agent.processes.by_image("UAVRAgent.exe") == []
    agent.registry.put("hklm", r"SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "Release", Type.REG_DWORD, 528040)
    _start(agent)


def test_agents_can_be_told_to_misbehave() -> None:
    """deaf does not listen, mute never connects, dies_after ends by itself; an unknown word is refused."""
    server = _server()
    deaf = _agent("PC01", "127.0.0.3", agent_behaviour={"deaf": True})
    mute = _agent("PC02", "127.0.0.4", agent_behaviour={"mute": True})
    mortal = _agent("PC03", "127.0.0.5", agent_behaviour={"dies_after": 5})
    FleetNetwork([server, deaf, mute, mortal])
    _start(server, deaf, mute, mortal)
    assert (_rows(deaf, 9003, LISTEN), len(_rows(deaf, 9004)), _rows(deaf, 9003)) == ([], 1, [])
    assert (len(_rows(mute, 9003, LISTEN)), _rows(mute, 9004), _rows(mute, 9003)) == (1, [], [])
    assert len(_rows(mortal, 9004)) == 1
    later(mortal, 6)
    assert _rows(mortal, 9004) == _rows(mortal, 9003, LISTEN) == []
    assert instance(mortal, "Win32_Service", Name="Core")["ExitCode"] == 1067
    with pytest.raises(ValueError, match="blind"):
        _windows("PC04", "127.0.0.6", agent_behaviour={"blind": True})


def test_a_server_that_was_there_from_the_start_sees_agents_that_nobody_has_used() -> None:
    """Asking the server for its connections is enough; the agents' hosts need not have been asked anything."""
    server = _windows("NA01", "127.0.0.2", server=True, firewall=_open(9004))
    FleetNetwork([server, _windows("PC01", "127.0.0.3", agent={"server": "NA01"})])
    assert [row[0] for row in _rows(server, 9004)] == ["127.0.0.3"]


def test_a_server_keeps_its_file_in_the_working_folder() -> None:
    """DataPathOverride moves it."""
    server, agent = _server(), _agent()
    server.registry.put("hklm", SERVER_KEY.replace("User Activity Video Reporter", "DataPathOverride"), "Default", Type.REG_SZ, r"C:\Work")
    FleetNetwork([server, agent])
    _start(server, agent)
    assert server.files.exists(r"C:\Work\User Activity Video Reporter\Agents.xml")
