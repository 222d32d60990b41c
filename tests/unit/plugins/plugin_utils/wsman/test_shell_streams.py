# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""WinRS: variables of a shell, and files through standard input and output."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import LARGE_STDIN_PART, STDIN_PART, WSManFault

from .test_shell import CREATED, RSP, STARTED, actions, output

Replay = Callable[..., Any]
SENT = "<rsp:SendResponse/>"
REFUSED = '<s:Fault><s:Detail><f:WSManFault Code="109"/></s:Detail></s:Fault>'
STILL_RUNNING = (
    '<rsp:ReceiveResponse><rsp:CommandState CommandId="COMMAND-1" '
    'State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Running"/></rsp:ReceiveResponse>'
)


def test_variables_come_before_the_streams(replay: Replay) -> None:
    """The schema of a shell is a sequence (MS-WSMV 2.2.4.37): Environment, then InputStreams and OutputStreams; values pass unchanged."""
    client, sent = replay(CREATED, STARTED, output(code=0), "")
    with client.shell(environment={"A": "%", "B": 'x&"<'}) as shell:
        shell.run("x", skip_cmd=False)
    created = ElementTree.fromstring(sent.requests[0]).find(f".//{RSP}Shell")
    assert created is not None
    assert [one.tag for one in created] == [f"{RSP}Environment", f"{RSP}InputStreams", f"{RSP}OutputStreams"]
    assert {one.get("Name"): one.text for one in created[0]} == {"A": "%", "B": 'x&"<'}


def test_no_variables_no_element(replay: Replay) -> None:
    """A shell without variables is asked for as it always was."""
    client, sent = replay(CREATED, STARTED, output(code=0), "")
    with client.shell() as shell:
        shell.run("x", skip_cmd=False)
    assert "Environment" not in sent.requests[0]


@pytest.mark.parametrize(("part", "limit"), [(STDIN_PART, 150 * 1024), (LARGE_STDIN_PART, 500 * 1024)])
def test_a_message_fits_the_envelope_of_the_release(replay: Replay, part: int, limit: int) -> None:
    """A full part, in base64 and with its headers, uses most of what the host takes, 150 kB or 500 kB, and no more."""
    client, sent = replay(CREATED, STARTED, SENT, SENT, output(code=0), "")
    with client.shell() as shell:
        shell.run("x", stdin=bytes(part + 1), stdin_part=part, skip_cmd=False)
    assert 0.75 * limit < len(sent.requests[2]) < limit - 1024


def test_chunks_of_any_size_are_sent_in_full_parts(replay: Replay) -> None:
    """The parts are cut anew, the last one is marked, and nothing is taken from the source before there is room to send it."""
    taken: list[int] = []
    client, sent = replay(CREATED, STARTED, SENT, SENT, SENT, output(code=0), "")

    def chunks() -> Iterator[bytes]:
        for number in range(10):
            taken.append(len(sent.requests))
            yield bytes([number]) * 25

    with client.shell() as shell:
        shell.run("x", stdin=chunks(), stdin_part=100, skip_cmd=False)
    streams = [ElementTree.fromstring(one).find(f".//{RSP}Stream") for one in sent.requests[2:5]]
    assert [len(base64.b64decode(one.text or "")) for one in streams if one is not None] == [100, 100, 50]
    assert b"".join(base64.b64decode(one.text or "") for one in streams if one is not None) == b"".join(bytes([number]) * 25 for number in range(10))
    assert [one.get("End") for one in streams if one is not None] == [None, None, "true"]
    assert taken == [2, 2, 2, 2, 2, 3, 3, 3, 3, 4], "one chunk more than a part is all that is ever held"


def test_a_source_without_bytes_ends_the_input(replay: Replay) -> None:
    """A command that waits for its input gets the end of it."""
    client, sent = replay(CREATED, STARTED, SENT, output(code=0), "")
    with client.shell() as shell:
        shell.run("x", stdin=iter(()), skip_cmd=False)
    assert actions(sent) == ["Create", "Command", "Send", "Receive", "Delete"]
    assert 'End="true"' in sent.requests[2]


def test_output_can_go_somewhere_else_as_it_comes(replay: Replay) -> None:
    """A sink gets the bytes of stdout as they are; the result holds none of them, and stderr as ever."""
    client, _sent = replay(CREATED, STARTED, output(("stdout", b"\xff1")), output(("stdout", b"2"), ("stderr", b"no")), output(code=0), "")
    got: list[bytes] = []
    with client.shell() as shell:
        completed = shell.run("x", skip_cmd=False, stdout=got.append)
    assert (got, completed.stdout, completed.stderr) == ([b"\xff1", b"2"], "", "no")


def test_a_command_that_ends_before_it_has_read_all_tells_its_exit_code(replay: Replay) -> None:
    """A refused Send to a command that has ended is no error of its own."""
    client, sent = replay(CREATED, STARTED, SENT, REFUSED, output(("stderr", b"disk full"), code=112), "")
    with client.shell() as shell:
        completed = shell.run("x", stdin=bytes(300), stdin_part=100, skip_cmd=False)
    assert (completed.exit_code, completed.stderr) == (112, "disk full")
    assert actions(sent) == ["Create", "Command", "Send", "Send", "Receive", "Delete"]


def test_a_refused_send_to_a_running_command_is_raised(replay: Replay) -> None:
    """The command would wait for its input for ever: it is stopped, and the refusal is told."""
    client, sent = replay(CREATED, STARTED, REFUSED, STILL_RUNNING, "", "")
    with client.shell() as shell, pytest.raises(WSManFault) as caught:
        shell.run("x", stdin=b"data", skip_cmd=False)
    assert caught.value.code == 109
    assert actions(sent) == ["Create", "Command", "Send", "Receive", "Signal", "Delete"]
