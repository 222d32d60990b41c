# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the programs of Netwrix Auditor do while they run: UAVRAgent.exe on audited computers, UAVRServer.exe on the server.

They are known by their program file, whatever the service is called. Facts: netwrix-facts 1.1, 1.3, 1.9 and 1.11 of the reference; the
name of the value that holds the server's name is not published, ``ServerName`` is invented [I]. Who reaches whom: tests/simulator/network.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .product import software
from .registry import Type
from .registry_seed import DOTNET_FULL

if TYPE_CHECKING:
    from .host import Windows
    from .registry import Data
    from .services import Service

AGENT_PROGRAM, SERVER_PROGRAM = "uavragent.exe", "uavrserver.exe"
SERVER_PORT, CALLBACK_PORT = 9004, 9003
DOTNET_4_8 = 528040
ERROR_SERVICE_REQUEST_TIMEOUT = 1053
AGENT_OPTIONS = frozenset({"dies_after", "deaf", "mute"})


@dataclass(frozen=True)
class Agent:
    """A running agent with the settings that it read when it started. ``deaf`` ones do not listen, ``mute`` ones never connect."""

    pid: int
    program: str
    server: str
    server_port: int
    callback_port: int
    uniq_id: str
    deaf: bool = False
    mute: bool = False


@dataclass
class Server:
    """A running Auditor server: the port it has listened on since its start, its state file, and the agents that are connected (name, process)."""

    pid: int
    program: str
    port: int
    state_file: str
    sessions: set[tuple[str, int]] = field(default_factory=set)


class Programs:
    """The product's programs that run on one host. ``fresh`` is set when one has started and nobody has looked since."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self._behaviour: Mapping[str, Any] = host.options.get("agent_behaviour", {})
        self._agents: dict[int, Agent] = {}
        self._servers: dict[int, Server] = {}
        self._given_id = _given_id(host)
        self.fresh = False
        if unknown := sorted(set(self._behaviour) - AGENT_OPTIONS):
            raise ValueError(f"{host.name}: unknown agent_behaviour {', '.join(unknown)}; known: {', '.join(sorted(AGENT_OPTIONS))}")

    def started(self, service: Service) -> int:
        """A service's program begins to run: it reads its settings, now and never again. The answer is the error it dies of, or 0."""
        process = self._host.processes.find(service.process_id)
        program, name = (process.image, process.name.lower()) if process else ("", "")
        if name == AGENT_PROGRAM:
            if not _has_dotnet(self._host):
                return ERROR_SERVICE_REQUEST_TIMEOUT
            if "dies_after" in self._behaviour:
                service.dies_after = float(self._behaviour["dies_after"])
            self._agents[service.process_id] = self._agent(service.process_id, program)
        elif name == SERVER_PROGRAM:
            self._servers[service.process_id] = _server(self._host, service.process_id, program)
        self.fresh |= name in (AGENT_PROGRAM, SERVER_PROGRAM)
        return 0

    def agents(self) -> list[Agent]:
        """The agents that run now."""
        self._host.services.settle()
        self._agents = {pid: agent for pid, agent in self._agents.items() if self._host.processes.find(pid)}
        return list(self._agents.values())

    def servers(self) -> list[Server]:
        """The Auditor servers that run now."""
        self._host.services.settle()
        self._servers = {pid: server for pid, server in self._servers.items() if self._host.processes.find(pid)}
        return list(self._servers.values())

    def _agent(self, pid: int, program: str) -> Agent:
        key = _agent_key(self._host, program)
        values = {name: self._host.registry.value("hklm", key, name) for name in ("ServerName", "ServerPort", "CallbackPort", "UniqID")}
        identity = str(values["UniqID"] or "") or self._new_id(key)
        # An identity that the fleet gives counts once: whoever deletes it wants another one.
        self._given_id = None
        server_port, callback_port = _port(values["ServerPort"], SERVER_PORT), _port(values["CallbackPort"], CALLBACK_PORT)
        deaf, mute = bool(self._behaviour.get("deaf")), bool(self._behaviour.get("mute"))
        return Agent(pid, program, str(values["ServerName"] or ""), server_port, callback_port, identity, deaf, mute)

    def _new_id(self, key: str) -> str:
        found = self._given_id or str(uuid.uuid4())
        self._host.registry.put("hklm", key, "UniqID", Type.REG_SZ, found)
        return found


def _given_id(host: Windows) -> str | None:
    agent = host.options.get("agent")
    return str(agent["uniq_id"]) if isinstance(agent, Mapping) and agent.get("uniq_id") else None


def _agent_key(host: Windows, program: str) -> str:
    """The agent's key: the one whose InstallPath is the program's folder, else the view of the program's Program Files folder."""
    keys = [rf"{root}\Netwrix\User Activity Video Reporter Agent" for root in dict.fromkeys((software(host.bits), "SOFTWARE"))]
    folder = program.rpartition("\\")[0].lower()
    for key in keys:
        if str(host.registry.value("hklm", key, "InstallPath") or "").rstrip("\\").lower() == folder:
            return key
    return keys[0] if "(x86)" in folder or host.bits == 32 else keys[-1]


def _server(host: Windows, pid: int, program: str) -> Server:
    root = rf"{software(host.bits)}\Netwrix Auditor"
    port = host.registry.value("hklm", rf"{root}\User Activity Video Reporter", "ServerPort")
    moved = host.registry.value("hklm", rf"{root}\DataPathOverride", "Default")
    folder = moved if isinstance(moved, str) and moved else rf"{host.environment['ProgramData']}\Netwrix Auditor"
    return Server(pid, program, _port(port, SERVER_PORT), rf"{folder}\User Activity Video Reporter\Agents.xml")


def _port(value: Data | None, default: int) -> int:
    """A port of the registry, text for the agent and a number for the server; the default for what is none [I]."""
    text = str(value).strip()
    return int(text) if text.isdecimal() and 0 < int(text) < 65536 else default


def _has_dotnet(host: Windows) -> bool:
    release = host.registry.value("hklm", DOTNET_FULL[0], "Release")
    return isinstance(release, int) and release >= DOTNET_4_8
