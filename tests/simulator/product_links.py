# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections between Netwrix Auditor's agents and servers, and what a server remembers of its agents.

An agent connects to the server's port and keeps trying; the server enters it into Agents.xml and connects back to the agent's callback
port (netwrix-facts 1.3, 1.9). The file's name, place and the elements UniqID and EncryptedPassword are Netwrix's, the rest of its shape is
invented [I].
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from .windows.behaviour import Agent, Server
from .windows.files import FileError
from .windows.tcp import ESTABLISHED, SYN_SENT, Row

if TYPE_CHECKING:
    from .windows import Windows
    from .windows.network import Connection

_DUMMY = "AQAAANCMnd8BFdERjHoAwE/Cl+sBAAAAsimulated"


class Wire(Protocol):
    """What the links need of the network."""

    hosts: list[Windows]

    def resolve(self, name: str) -> Windows | None:
        """The host of this name."""

    def connect(self, source: Windows, target: str, port: int, program: str = "") -> Connection:
        """How a TCP connection ends."""


@dataclass(frozen=True)
class Link:
    """One agent and whom it connects to. ``server`` is None as long as no Auditor server has answered."""

    source: Windows
    agent: Agent
    target: Windows
    outcome: Connection
    server: Server | None


class ProductLinks:
    """All links of a fleet, worked out anew at each question."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def rows(self, host: Windows) -> list[Row]:
        """The connections of one host's programs."""
        return [row for link in self._settled(host, everybody=True) for row in self._rows(host, link)]

    def settle(self, host: Windows, *, everybody: bool = False) -> None:
        """Let servers take note of the agents that have come and gone."""
        self._settled(host, everybody=everybody)

    def _settled(self, host: Windows, *, everybody: bool) -> list[Link]:
        host.programs.fresh = False
        links = self._links_of(host, everybody=everybody)
        for server in host.programs.servers():
            server.sessions &= {(link.source.name, link.agent.pid) for link in links if link.server is server}
        for link in links:
            if link.server is not None and (link.source.name, link.agent.pid) not in link.server.sessions and _remember(link):
                link.server.sessions.add((link.source.name, link.agent.pid))
        return links

    def _links_of(self, host: Windows, *, everybody: bool) -> list[Link]:
        """The links that begin or end at one host."""
        if not host.programs.servers():
            return list(self._links_from(host))
        others = [other for other in self._wire.hosts if other is host or other.in_use or (everybody and _may_have_agent(other))]
        return [link for other in others for link in self._links_from(other) if host in (link.source, link.target)]

    def _links_from(self, source: Windows) -> Iterator[Link]:
        for agent in source.programs.agents():
            target = None if agent.mute or not agent.server else self._wire.resolve(agent.server)
            if target is None:
                continue
            outcome = self._wire.connect(source, agent.server, agent.server_port, agent.program)
            servers = [server for server in target.programs.servers() if server.port == agent.server_port]
            yield Link(source, agent, target, outcome, servers[0] if servers and outcome == "open" else None)

    def _rows(self, host: Windows, link: Link) -> Iterator[Row]:
        agent, source, target = link.agent, link.source, link.target
        state = {"open": ESTABLISHED, "timeout": SYN_SENT}.get(link.outcome)
        if host is source and state is not None:
            yield Row(source.address, _port_of(agent.pid), target.address, agent.server_port, state, agent.pid)
        if link.server is None:
            return
        if host is target:
            yield Row(target.address, link.server.port, source.address, _port_of(agent.pid), ESTABLISHED, link.server.pid)
        yield from self._callback(host, link, link.server)

    def _callback(self, host: Windows, link: Link, server: Server) -> Iterator[Row]:
        agent, source, target = link.agent, link.source, link.target
        outcome = self._wire.connect(target, source.address, agent.callback_port, server.program)
        own, local = _port_of(server.pid + agent.pid), (source.address, agent.callback_port)
        if outcome == "open" and host is source:
            yield Row(*local, target.address, own, ESTABLISHED, agent.pid)
        if outcome in ("open", "timeout") and host is target:
            yield Row(target.address, own, *local, ESTABLISHED if outcome == "open" else SYN_SENT, server.pid)


def _port_of(number: int) -> int:
    """The port of the end that connects: one of the dynamic range, the same for as long as the process lives."""
    return 49900 + number * 7 % 15000


def _may_have_agent(host: Windows) -> bool:
    return bool(host.options.get("agent"))


def _remember(link: Link) -> bool:
    """Enter the agent into the server's file: who has the identity already is replaced by the newcomer. False if it can't be written."""
    server, files = link.server, link.target.files
    if server is None:
        return False
    try:
        root = _parsed(files.read(server.state_file)) if files.exists(server.state_file) else ET.Element("Agents")
        _enter(root, link)
        ET.indent(root)
        files.make_folder(server.state_file.rpartition("\\")[0])
        files.write(server.state_file, f"{_DECLARATION}\n{ET.tostring(root, encoding='unicode')}\n".encode("utf-8-sig"))
    except FileError:
        return False
    return True


_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def _parsed(data: bytes) -> ET.Element:
    """The file's content; one that is not XML is begun anew."""
    try:
        return ET.fromstring(data.decode("utf-8-sig"))
    except (ET.ParseError, UnicodeDecodeError):
        return ET.Element("Agents")


def _enter(root: ET.Element, link: Link) -> None:
    known = next((node for node in root.iter("Agent") if node.findtext("UniqID") == link.agent.uniq_id), None)
    if known is None:
        known = ET.SubElement(root, "Agent")
        ET.SubElement(known, "Name")
        ET.SubElement(known, "UniqID").text = link.agent.uniq_id
        ET.SubElement(known, "CallbackPort")
        ET.SubElement(known, "EncryptedPassword").text = _DUMMY
    for tag, text in (("Name", link.source.fqdn), ("CallbackPort", str(link.agent.callback_port))):
        node = known.find(tag)
        if node is None:
            node = ET.SubElement(known, tag)
        node.text = text
