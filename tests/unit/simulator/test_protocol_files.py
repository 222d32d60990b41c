# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard input of remote commands, and files through remote shells."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from simulator import RunningFleet
from unit.simulator.soap import Raw
from unit.simulator.test_protocol_winrs import Shell, output, state

QUICK = "<w:OperationTimeout>PT0.2S</w:OperationTimeout>"
TIMED_OUT = 2150858793


class Fed(Shell):
    """A shell whose commands get input."""

    def send(self, command: str, data: bytes, *, end: bool = False) -> None:
        last = ' End="true"' if end else ""
        stream = f'<rsp:Stream Name="stdin" CommandId="{command}"{last}>{base64.b64encode(data).decode()}</rsp:Stream>'
        assert self.ask("Send", f"<rsp:Send>{stream}</rsp:Send>").status == 200


@pytest.fixture
def shell(alpha: Raw) -> Iterator[Fed]:
    made = Fed(alpha)
    yield made
    made.close()


def test_input_comes_in_pieces_and_ends(shell: Fed, stub_fleet: RunningFleet) -> None:
    """A command that reads its input runs until End="true"; then it has all of it, in order."""
    command = shell.start(r'find /v "" > C:\Windows\Temp\fed.txt')
    assert shell.receive(command, OperationTimeout=QUICK).code == TIMED_OUT
    shell.send(command, b"one\r\n")
    assert shell.receive(command, OperationTimeout=QUICK).code == TIMED_OUT
    shell.send(command, b"two\r\n", end=True)
    done = shell.receive(command)
    assert (state(done), done.texts(".//rsp:ExitCode")) == ("Done", ["0"])
    drive = stub_fleet.hosts["alpha"].windows.files
    assert drive.read(r"C:\Windows\Temp\fed.txt") == b"one\r\ntwo\r\n"


def test_the_whole_way_of_a_file(shell: Fed, stub_fleet: RunningFleet) -> None:
    """Base64 by Send into a file, certutil makes the bytes of it."""
    data = bytes(range(256)) * 20
    command = shell.start(r'find /v "" > C:\Windows\Temp\way.b64')
    text = base64.encodebytes(data).replace(b"\n", b"\r\n")
    for place in range(0, len(text), 3000):
        shell.send(command, text[place : place + 3000], end=place + 3000 >= len(text))
    assert shell.receive(command).texts(".//rsp:ExitCode") == ["0"]
    done = shell.receive(shell.start(r"certutil -f -decode C:\Windows\Temp\way.b64 C:\Windows\Temp\way.bin"))
    assert done.texts(".//rsp:ExitCode") == ["0"]
    assert stub_fleet.hosts["alpha"].windows.files.read(r"C:\Windows\Temp\way.bin") == data


def test_a_command_that_reads_nothing_does_not_wait(shell: Fed) -> None:
    """What is sent to it is taken and forgotten."""
    command = shell.start("echo x")
    shell.send(command, b"unread", end=True)
    assert output(shell.receive(command)) == b"x\r\n"


def test_others_work_while_a_command_waits(shell: Fed) -> None:
    """A waiting command holds nothing that another one needs."""
    waiting = shell.start('find "x"')
    assert output(shell.receive(shell.start("echo y"))) == b"y\r\n"
    shell.send(waiting, b"x\r\n", end=True)
    assert output(shell.receive(waiting)) == b"x\r\n"


def test_a_waiting_command_can_be_ended(shell: Fed) -> None:
    """Ctrl+C gives STATUS_CONTROL_C_EXIT, and the rest of the line does not run."""
    command = shell.start(r'find "x" & echo never > C:\Windows\Temp\never.txt')
    shell.signal(command, "ctrl_c")
    assert shell.receive(command).texts(".//rsp:ExitCode") == [str(0xC000013A)]
    assert output(shell.receive(shell.start(r"if exist C:\Windows\Temp\never.txt echo there"))) == b""


def test_input_for_the_second_command_of_a_line(shell: Fed) -> None:
    """The input is that of the line: who reads first has it, a pipe has its own."""
    command = shell.start('echo a | find "a" & find "b"')
    shell.send(command, b"b\r\n", end=True)
    assert output(shell.receive(command)) == b"a \r\nb\r\n"


def test_relative_paths_are_those_of_the_shell(shell: Fed, stub_fleet: RunningFleet) -> None:
    """The profile of the account, unless the client asks for another folder."""
    shell.receive(shell.start("echo x>here.txt"))
    windows = stub_fleet.hosts["alpha"].windows
    assert any(windows.files.exists(rf"C:\Users\{account.name}\here.txt") for account in windows.accounts)
