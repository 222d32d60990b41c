# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TCP connections, shares and group members: what is asked, and what stands for "the host can't tell"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._network import Connection, Network
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Instance, WSManFault

CANNOT_PROCESS_FILTER, ACCESS_DENIED, UNREACHABLE = 2150858812, 5, 2150858752


def _row(**properties: str) -> Instance:
    element = Element("row")
    for name, value in properties.items():
        SubElement(element, name).text = value
    return Instance(element)


def _fault(**known: Any) -> WSManFault:
    return WSManFault(
        **{"code": None, "subcode": "", "reason": "", "provider_message": None, "cim_status": None, "resource": "x", "method": None, "machine": "", **known}
    )


class FakeClient:
    """Answers every question alike, or raises; keeps the questions."""

    def __init__(self, *answers: Instance | WSManFault) -> None:
        self.asked: list[str] = []
        self._answers = answers

    def query(self, namespace: str, wql: str) -> Any:
        """The rows one after the other; a fault comes with the first of them, as it does from a host."""
        self.asked.append(f"{namespace}: {wql}")
        for answer in self._answers:
            if isinstance(answer, WSManFault):
                raise answer
            yield answer

    def get(self, resource: Any, selectors: Mapping[str, str]) -> Instance:
        """The first answer."""
        self.asked.append(f"{resource.class_name} {dict(selectors)}")
        if isinstance(self._answers[0], WSManFault):
            raise self._answers[0]
        return self._answers[0]


def _network(*answers: Instance | WSManFault) -> tuple[Network, FakeClient]:
    client = FakeClient(*answers)
    given: Any = client
    return Network(given), client


def test_one_query_reads_a_process_and_a_port() -> None:
    """The host looks for the rows, so that a busy server does not send its whole table."""
    row = _row(LocalAddress="::ffff:192.0.2.1", LocalPort="9003", RemoteAddress="192.0.2.5", RemotePort="60000", State="5", OwningProcess="100")
    network, client = _network(row)
    assert network.connections(process_id=100, ports=[9003]) == [Connection("192.0.2.1", 9003, "192.0.2.5", 60000, 5, 100)]
    assert client.asked[0].endswith("FROM MSFT_NetTCPConnection WHERE OwningProcess = 100 OR LocalPort = 9003")


def test_a_windows_without_the_class_cannot_tell() -> None:
    """Before Server 2012 there is no such class: None, which is not "no connection"."""
    for fault in (_fault(cim_status=3), _fault(cim_status=5)):
        assert _network(fault)[0].connections(process_id=100) is None
    with pytest.raises(WSManFault):
        _network(_fault(code=ACCESS_DENIED))[0].connections(process_id=100)


def test_a_process_that_has_ended_has_no_name() -> None:
    """It may end between the TCP table and the question for it."""
    assert _network(_row(Name="other.exe"))[0].process_name(8) == "other.exe"
    assert _network(_fault(cim_status=6))[0].process_name(8) == ""
    with pytest.raises(WSManFault):
        _network(_fault(code=ACCESS_DENIED))[0].process_name(8)


def test_shares_are_asked_for_by_name() -> None:
    """A file server may have thousands of them."""
    network, client = _network(_row(Name="Admin$"))
    assert network.shares(["ADMIN$", "C$"]) == {"ADMIN$"}
    assert client.asked[0].endswith("WHERE Name = 'ADMIN$' OR Name = 'C$'")


def test_a_group_is_found_by_its_sid() -> None:
    """Its name is in the host's language, and a name with an apostrophe does not end the text of the query."""
    network, client = _network(_row(Domain="PC1", Name="Groupe d'essai"))
    assert network.members("S-1-5-32-544") == []
    assert "SID = 'S-1-5-32-544'" in client.asked[0]
    assert client.asked[1].endswith(r"""GroupComponent = 'Win32_Group.Domain="PC1",Name="Groupe d\'essai"'""")


def test_a_host_without_the_group_cannot_tell_its_members() -> None:
    """None, also where the account may not ask or the domain does not answer in time."""
    assert _network()[0].members("S-1-5-32-544") is None
    assert _network(_fault(code=ACCESS_DENIED))[0].members("S-1-5-32-544") is None
    with pytest.raises(WSManFault):
        _network(_fault(cim_status=4))[0].members("S-1-5-32-544")
