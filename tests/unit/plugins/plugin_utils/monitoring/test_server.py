# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's list of agents, what curl.exe says of a connection, and what is accepted as a server's result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import OperatingSystem
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._monitoring import ServerView, _reach
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._monitoring._agents_xml import agents_in
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Completed

HEAD = '<?xml version="1.0" encoding="utf-16"?>\r\n'


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + "<Agents><Agent><Name>pc1</Name><UniqID>a-1</UniqID><EncryptedPassword>secret</EncryptedPassword></Agent></Agents>",
        '<Agents><Agent Name="pc1" UniqID="a-1" EncryptedPassword="secret"/></Agents>\r\n',
        '<x:r xmlns:x="urn:x"><!-- c --><x:n><x:ComputerName> pc1 </x:ComputerName><x:deep><x:y/></x:deep><x:uniqid>a-1</x:uniqid></x:n></x:r>',
    ],
)
def test_agents_are_found_whatever_the_list_looks_like(text: str) -> None:
    """The schema is not published: any node with a UniqID counts, as attribute or child, and nothing but name and id is taken over."""
    assert agents_in(text) == [{"name": "pc1", "uniq_id": "a-1"}]


def test_an_agent_without_a_known_name_is_kept() -> None:
    """Its id is what it is known by."""
    assert agents_in("<A><B><UniqID>1</UniqID></B><B><UniqID></UniqID></B></A>") == [{"name": "", "uniq_id": "1"}]


@pytest.mark.parametrize("text", ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<!doctype a><a/>", "<a>", ""])
def test_a_list_that_is_no_plain_xml_is_refused(text: str) -> None:
    """A document type may declare entities, with which a small file grows without limit."""
    with pytest.raises(BadRequest, match=r"Agents\.xml"):
        agents_in(text)


TARGETS = [_reach.Target("pc1", "192.0.2.10", 9003), _reach.Target("pc2", "2001:db8::1", 9003)]


class Curl:
    """A host whose cmd.exe gives one answer after the other."""

    def __init__(self, answers: Sequence[str]) -> None:
        self.system = OperatingSystem(client=False, bits=64, directory="C:\\Windows", version=(10, 0, 17763))
        self.lines: list[str] = []
        self._answers = list(answers)

    def cmd(self, line: str, **_options: Any) -> Completed:
        """Remember the line, and say what comes next."""
        self.lines.append(line)
        return Completed(0, self._answers.pop(0), "")


def _attempt(text: str) -> _reach.Attempt:
    host: Any = Curl([f"#0\r\n{text}"])
    return next(_reach.attempts(host, TARGETS[:1], 3, 60, lambda: 0.0))


@pytest.mark.parametrize(
    ("text", "ok", "words"),
    [
        ("\n=0.000412 5.001200\ncurl: (28) Operation timed out\r\n", True, "could be made"),
        ("curl: (28) Connection timed out\r\n\n=0.000000 3.002100\n", False, "no answer within 3 seconds"),
        # A clock of 16 ms: connecting took no time, but the whole took longer than connecting may.
        ("\n=0,000000 5,016000\ncurl: (28) Operation timed out\r\n", True, "could be made"),
        ("\n=0.000000 0.016000\n", True, "could be made"),
        ("\n=0.001000 0.002000\ncurl: (56) Recv failure: Connection was reset\r\n", True, "could be made"),
        ("\n=0.000000 2.031000\ncurl: (7) Failed to connect\r\n", False, "refused"),
        ("\n=0.000000 0.010000\ncurl: (6) Could not resolve host: pc1\r\n", False, "name is unknown"),
        ("\n=0.000000 0.010000\ncurl: (2) Failed initialization\r\n", None, "exit code 2"),
        ("Der Befehl ist falsch geschrieben.\r\n", None, "no answer"),
        ("", None, "no answer"),
    ],
)
def test_what_curl_says_is_understood_without_its_words(text: str, ok: bool | None, words: str) -> None:
    """Only the exit code in parentheses and the two times count; code 28 is told apart by them."""
    attempt = _attempt(text)
    assert (attempt.ok, words in attempt.how) == (ok, True), attempt


def test_several_connections_are_tried_by_one_command() -> None:
    """Each answer belongs to its own target, and an IPv6 address stands in brackets."""
    fake = Curl(["#0\r\n\n=0.001 5.0\ncurl: (28) x\r\n#1 \r\n\n=0.0 1.0\ncurl: (7) x\r\n"])
    host: Any = fake
    assert [attempt.ok for attempt in _reach.attempts(host, TARGETS, 3, 60, lambda: 0.0)] == [True, False]
    assert len(fake.lines) == 1
    assert '"telnet://192.0.2.10:9003" <nul' in fake.lines[0]
    assert '"telnet://[2001:db8::1]:9003" <nul' in fake.lines[0]
    assert "%UAMOPS_PERCENT%{time_connect}" in fake.lines[0]


def test_trying_ends_when_its_time_is_over() -> None:
    """Ten are tried at once; those that are left when the time is over are told as not tried."""
    times = iter([0.0, 0.0, 61.0])
    fake = Curl(["".join(f"#{number}\r\n\n=0.001 5.0\n" for number in range(10))])
    host: Any = fake
    found = list(_reach.attempts(host, TARGETS * 6, 3, 60, lambda: next(times)))
    assert [attempt.ok for attempt in found] == [True] * 10 + [None] * 2
    assert found[-1].how == _reach.NOT_TRIED
    assert len(fake.lines[0]) < 8191


def test_the_longest_names_fit_into_one_command_line() -> None:
    """cmd.exe takes 8,191 characters."""
    fake = Curl([""])
    host: Any = fake
    list(_reach.attempts(host, [_reach.Target("pc", "x" * 255, 65535)] * 10, 3600, 60, lambda: 0.0))
    assert len(fake.lines[0]) < 8191


RESULT: dict[str, Any] = {
    "version": None,
    "service": {"state": "running"},
    "ports_listening": [9004],
    "agents": [{"name": "pc1", "uniq_id": "{AB}"}],
    "connections": [{"local_port": "9004", "remote_address": "::ffff:192.0.2.10", "remote_port": 50100}],
    "reach": [],
}


@pytest.mark.parametrize("given", [RESULT, {"server": RESULT, "changed": False}])
def test_a_servers_result_is_taken_whole_or_in_part(given: dict[str, Any]) -> None:
    """Users register the whole result; its numbers may have become text on the way."""
    view = ServerView.of(given)
    assert (view.ports, view.agents, view.connections) == (frozenset({9004}), (("pc1", "ab"),), ((9004, "192.0.2.10", 50100),))
    assert view.running


def test_what_a_server_could_not_tell_stays_unknown() -> None:
    """None is not the same as nothing."""
    view = ServerView.of({**RESULT, "ports_listening": None, "agents": None, "connections": None, "service": None})
    assert (view.ports, view.agents, view.connections, view.running) == (None, None, None, False)


@pytest.mark.parametrize("given", [{}, {"server": None}, {**RESULT, "agents": "x"}, {**RESULT, "connections": [{}]}, {**RESULT, "ports_listening": ["x"]}])
def test_anything_else_is_no_servers_result(given: dict[str, Any]) -> None:
    """A wrong variable is told at once, and not as a failed check."""
    with pytest.raises(BadRequest, match="server_info"):
        ServerView.of(given)
