# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""WinRS: the dialogue of a command (MS-WSMV 3.1.4.11 to 3.1.4.14, surface 1.12)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import CommandTimedOut, ConnectionFailed, ProtocolError, WSManFault

RSP = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"
WSMAN = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
Replay = Callable[..., Any]

CREATED = (
    "<x:ResourceCreated><a:Address>x</a:Address><a:ReferenceParameters>"
    "<w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd</w:ResourceURI>"
    '<w:SelectorSet><w:Selector Name="ShellId">SHELL-1</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>'
)
STARTED = "<rsp:CommandResponse><rsp:CommandId>COMMAND-1</rsp:CommandId></rsp:CommandResponse>"
SILENT = '<s:Fault><s:Detail><f:WSManFault Code="2150858793"/></s:Detail></s:Fault>'
DONE = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done"
RUNNING = '<rsp:CommandState CommandId="COMMAND-1" State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Running"/>'


def output(*chunks: tuple[str, bytes], code: int | None = None) -> str:
    streams = "".join(f'<rsp:Stream Name="{name}" CommandId="COMMAND-1">{base64.b64encode(data).decode()}</rsp:Stream>' for name, data in chunks)
    state = RUNNING if code is None else f'<rsp:CommandState CommandId="COMMAND-1" State="{DONE}"><rsp:ExitCode>{code}</rsp:ExitCode></rsp:CommandState>'
    return f'<rsp:ReceiveResponse>{streams}<rsp:Stream Name="stdout" CommandId="COMMAND-1" End="true"/>{state}</rsp:ReceiveResponse>'


def actions(transport: Any) -> list[str]:
    path = ".//{http://schemas.xmlsoap.org/ws/2004/08/addressing}Action"
    return [(ElementTree.fromstring(one).findtext(path) or "").rpartition("/")[2] for one in transport.requests]


def options(request: str) -> dict[str | None, str | None]:
    return {one.get("Name"): one.text for one in ElementTree.fromstring(request).iter(WSMAN + "Option")}


def test_dialogue(replay: Replay) -> None:
    """Create, Command, Receive, Delete; no Signal, as Done and Delete end everything."""
    client, sent = replay(CREATED, STARTED, output(("stdout", b"hello\r\n"), ("stderr", b"oops"), code=3), "")
    with client.shell() as shell:
        completed = shell.run("whoami.exe /all", skip_cmd=True)
    assert (completed.exit_code, completed.stdout, completed.stderr) == (3, "hello\r\n", "oops")
    assert actions(sent) == ["Create", "Command", "Receive", "Delete"]
    assert options(sent.requests[0]) == {"WINRS_NOPROFILE": "TRUE", "WINRS_CODEPAGE": "65001"}
    assert options(sent.requests[1]) == {"WINRS_CONSOLEMODE_STDIN": "TRUE", "WINRS_SKIP_CMD_SHELL": "TRUE"}
    assert ElementTree.fromstring(sent.requests[1]).findtext(f".//{RSP}Command") == "whoami.exe /all"
    assert all("SHELL-1" in one for one in sent.requests[1:])
    assert "COMMAND-1" in sent.requests[2]


def test_a_shell_that_is_not_used_costs_nothing(replay: Replay) -> None:
    """The shell is opened by its first command."""
    client, sent = replay()
    with client.shell():
        pass
    assert sent.requests == []


def test_one_shell_for_several_commands(replay: Replay) -> None:
    """Commands of one shell share it; the text passes unchanged, markup and all."""
    client, sent = replay(CREATED, STARTED, output(code=0), STARTED, output(code=0), "")
    with client.shell(profile=True) as shell:
        shell.run("a", skip_cmd=False)
        shell.run('echo "<&>" | more', skip_cmd=False)
    assert actions(sent) == ["Create", "Command", "Receive", "Command", "Receive", "Delete"]
    assert options(sent.requests[0])["WINRS_NOPROFILE"] == "FALSE"
    assert options(sent.requests[3])["WINRS_SKIP_CMD_SHELL"] == "FALSE"
    assert ElementTree.fromstring(sent.requests[3]).findtext(f".//{RSP}Command") == 'echo "<&>" | more'


def test_output_is_joined_before_it_is_decoded(replay: Replay) -> None:
    """A character may be cut in two by the end of a message; bytes that are no UTF-8 are replaced."""
    data = "größe 日本".encode()
    client, _transport = replay(CREATED, STARTED, output(("stdout", data[:4])), output(("stdout", data[4:]), ("stderr", b"\xff"), code=0), "")
    with client.shell() as shell:
        completed = shell.run("x", skip_cmd=True)
    assert (completed.stdout, completed.stderr) == ("größe 日本", "\ufffd")


def test_another_code_page(replay: Replay) -> None:
    """The output is decoded with the code page that was asked for."""
    client, _transport = replay(CREATED, STARTED, output(("stdout", "ö".encode("cp850")), code=0), "")
    with client.shell(code_page=850) as shell:
        assert shell.run("x", skip_cmd=True).stdout == "ö"
    with pytest.raises(ValueError, match="code page 99999"):
        client.shell(code_page=99999)


def test_silence_is_not_an_error(replay: Replay) -> None:
    """A Receive that timed out says that there is no output yet."""
    client, sent = replay(CREATED, STARTED, SILENT, SILENT, output(code=0), "")
    with client.shell() as shell:
        assert shell.run("x", skip_cmd=True).exit_code == 0
    assert actions(sent).count("Receive") == 3


@pytest.mark.parametrize(("sent", "code"), [(2147942402, 0x80070002), (-2147024894, 0x80070002), (0, 0), (3010, 3010)])
def test_exit_codes_are_unsigned(replay: Replay, sent: int, code: int) -> None:
    """An HRESULT is the same number however it is written."""
    client, _transport = replay(CREATED, STARTED, output(code=sent), "")
    with client.shell() as shell:
        assert shell.run("x", skip_cmd=True).exit_code == code


def test_time_limit(replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that does not end is told to, and the caller gets its name but not its arguments."""
    now = iter(range(0, 1000, 25))
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    client, sent = replay(CREATED, STARTED, SILENT, SILENT, "", "")
    with client.shell() as shell, pytest.raises(CommandTimedOut, match=r"command msiexec did not end within 60 seconds") as caught:
        shell.run("msiexec /i x.msi PASSWORD=Lab-Passw0rd!", skip_cmd=True, time_limit=60)
    assert "Lab-Passw0rd!" not in str(caught.value)
    assert actions(sent) == ["Create", "Command", "Receive", "Receive", "Signal", "Delete"]
    assert ElementTree.fromstring(sent.requests[4]).findtext(f".//{RSP}Code") == "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate"
    assert "PT10.000S" in sent.requests[3], "the host waits no longer than the limit"


def test_stdin(replay: Replay) -> None:
    """stdin goes out in parts that fit an envelope, the last one marked; a pipe is asked for instead of a console; a slow Send counts."""
    client, sent = replay(CREATED, STARTED, "<rsp:SendResponse/>", SILENT, output(code=0), "")
    data = bytes(range(256)) * 500
    with client.shell() as shell:
        shell.run("x", stdin=data, skip_cmd=True)
    streams = [ElementTree.fromstring(one).find(f".//{RSP}Stream") for one in sent.requests[2:4]]
    assert b"".join(base64.b64decode(one.text or "") for one in streams if one is not None) == data
    assert [one.get("End") for one in streams if one is not None] == [None, "true"]
    assert options(sent.requests[1])["WINRS_CONSOLEMODE_STDIN"] == "FALSE"
    assert all(len(one) < 150_000 for one in sent.requests)


def test_a_program_that_is_not_there(replay: Replay) -> None:
    """The fault of Command is raised, and the shell is deleted all the same."""
    fault = '<s:Fault><s:Detail><f:WSManFault Code="2147942402"><f:Message>not found</f:Message></f:WSManFault></s:Detail></s:Fault>'
    client, sent = replay(CREATED, fault, "")
    with pytest.raises(WSManFault) as caught, client.shell() as shell:
        shell.run("nothing.exe", skip_cmd=True)
    assert caught.value.file_not_found
    assert actions(sent) == ["Create", "Command", "Delete"]


def test_a_failing_delete_is_silent(replay: Replay) -> None:
    """The commands have ended, so that an error of Delete changes nothing for the caller."""
    client, _transport = replay(CREATED, STARTED, output(code=0), ConnectionFailed("gone"))
    with client.shell() as shell:
        assert shell.run("x", skip_cmd=True).exit_code == 0


@pytest.mark.parametrize(
    "answers",
    [
        (CREATED.replace("ShellId", "Other"),),
        (CREATED, "<rsp:CommandResponse/>", ""),
        (CREATED, STARTED, "<rsp:Other/>", ""),
        (CREATED, STARTED, f'<rsp:ReceiveResponse><rsp:CommandState State="{DONE}"/></rsp:ReceiveResponse>', ""),
        (CREATED, STARTED, '<rsp:ReceiveResponse><rsp:Stream Name="stdout">abc</rsp:Stream></rsp:ReceiveResponse>', ""),
    ],
)
def test_broken_dialogues(replay: Replay, answers: tuple[str, ...]) -> None:
    """A missing shell id, command id, response, exit code, or output that is not base64: ProtocolError."""
    client, _transport = replay(*answers)
    with pytest.raises(ProtocolError), client.shell() as shell:
        shell.run("x", skip_cmd=True)
