# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote shells over the wire."""

from __future__ import annotations

import base64
import threading
import time

import pytest
from simulator import RunningFleet
from unit.simulator.soap import NS, TRANSFER, Raw, Reply

CMD = NS["rsp"] + "/cmd"
STDIN = f'<rsp:Send><rsp:Stream Name="stdin" CommandId="%s">{base64.b64encode(b"x").decode()}</rsp:Stream></rsp:Send>'


class Shell:
    """One shell, by hand."""

    def __init__(self, client: Raw, code_page: str = "65001") -> None:
        self.client = client
        options = f'<w:OptionSet><w:Option Name="WINRS_CODEPAGE">{code_page}</w:Option></w:OptionSet>'
        body = "<rsp:Shell><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>"
        self.created = client.call(TRANSFER + "Create", CMD, body, extra=options)
        self.name = "".join(self.created.texts(".//w:Selector"))

    def ask(self, action: str, body: str, **more: str) -> Reply:
        return self.client.call(f"{NS['rsp']}/{action}", CMD, body, selectors={"ShellId": self.name}, **more)

    def command(self, line: str, *, skip: bool = False) -> Reply:
        options = f'<w:OptionSet><w:Option Name="WINRS_SKIP_CMD_SHELL">{str(skip).upper()}</w:Option></w:OptionSet>'
        text = line.replace("&", "&amp;").replace("<", "&lt;")
        return self.ask("Command", f"<rsp:CommandLine><rsp:Command>{text}</rsp:Command></rsp:CommandLine>", extra=options)

    def start(self, line: str) -> str:
        return self.command(line).texts(".//rsp:CommandId")[0]

    def receive(self, command: str, **more: str) -> Reply:
        return self.ask("Receive", f'<rsp:Receive><rsp:DesiredStream CommandId="{command}">stdout stderr</rsp:DesiredStream></rsp:Receive>', **more)

    def signal(self, command: str, code: str) -> Reply:
        return self.ask("Signal", f'<rsp:Signal CommandId="{command}"><rsp:Code>{NS["rsp"]}/signal/{code}</rsp:Code></rsp:Signal>')

    def close(self) -> Reply:
        return self.client.call(TRANSFER + "Delete", CMD, selectors={"ShellId": self.name})


def output(reply: Reply, name: str = "stdout") -> bytes:
    return b"".join(base64.b64decode(element.text or "") for element in reply.root.iterfind(".//rsp:Stream", NS) if element.get("Name") == name)


def state(reply: Reply) -> str:
    found = reply.find(".//rsp:CommandState")
    assert found is not None, reply.text
    return (found.get("State") or "").rpartition("/")[2]


@pytest.fixture
def shell(alpha: Raw) -> Shell:
    return Shell(alpha)


def test_a_command_from_start_to_end(shell: Shell) -> None:
    """Create, Command, Receive with streams closed and exit code, Delete; then the shell is gone."""
    assert shell.created.texts(".//rsp:IdleTimeOut") == ["PT7200.000S"]
    reply = shell.receive(shell.start("echo out & fail 3"))
    assert (output(reply), output(reply, "stderr"), state(reply)) == (b"out \r\n", b"failed\r\n", "Done")
    assert reply.texts(".//rsp:ExitCode") == ["3"]
    assert shell.close().status == 200
    assert shell.command("echo x").code == 2150858843


def test_exit_codes_are_unsigned(shell: Shell) -> None:
    """-1 is 4294967295."""
    assert shell.receive(shell.start("exit -1")).texts(".//rsp:ExitCode") == ["4294967295"]


def test_long_output_comes_in_several_answers(shell: Shell) -> None:
    """Each Receive fits the client's envelope, streams come in pieces, only the last answer is Done."""
    small = '<w:MaxEnvelopeSize s:mustUnderstand="true">20000</w:MaxEnvelopeSize>'
    command, collected, replies = shell.start("print 20000"), b"", 0
    while True:
        reply = shell.receive(command, MaxEnvelopeSize=small)
        assert len(reply.text.encode()) <= 20_000
        collected, replies = collected + output(reply), replies + 1
        if state(reply) == "Done":
            break
    assert collected == "ä".encode() * 20000
    assert replies > 3


def test_receive_times_out_without_output(shell: Shell) -> None:
    """2150858793 after OperationTimeout; asking again gives the output."""
    command = shell.start("sleep 0.6")
    started = time.monotonic()
    reply = shell.receive(command, OperationTimeout="<w:OperationTimeout>PT0.2S</w:OperationTimeout>")
    assert (reply.code, reply.subcode) == (2150858793, "w:TimedOut")
    assert 0.15 < time.monotonic() - started < 0.5
    assert output(shell.receive(command)) == b"slept\r\n"


def test_operation_timeout_is_cut_to_the_services_maximum(small: Raw) -> None:
    """PT60S against MaxTimeoutms 500."""
    shell = Shell(small)
    started = time.monotonic()
    assert shell.receive(shell.start("sleep 5")).code == 2150858793
    assert time.monotonic() - started < 2
    shell.close()


def test_ctrl_c_ends_a_waiting_receive(shell: Shell, stub_fleet: RunningFleet) -> None:
    """The Receive returns with STATUS_CONTROL_C_EXIT."""
    command = shell.start("sleep 20")
    other = Shell.__new__(Shell)
    other.client, other.name = Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file)), shell.name
    timer = threading.Timer(0.2, other.signal, (command, "ctrl_c"))
    timer.start()
    reply = shell.receive(command)
    timer.join()
    assert reply.texts(".//rsp:ExitCode") == [str(0xC000013A)]


def test_terminate_forgets_the_command(shell: Shell) -> None:
    """After terminate the command id does not exist; nor does an invented one; an unknown signal is a wrong parameter (87)."""
    command = shell.start("echo x")
    assert shell.signal(command, "nothing").code == 87
    assert shell.signal(command, "terminate").status == 200
    assert shell.receive(command).code == 2150858843
    assert shell.receive("11111111-1111-1111-1111-111111111111").code == 2150858843


def test_stdin_is_taken(shell: Shell) -> None:
    """Send answers SendResponse; another stream than stdin is a wrong parameter."""
    command = shell.start("echo x")
    assert shell.ask("Send", STDIN % command).find(".//rsp:SendResponse") is not None
    assert shell.ask("Send", (STDIN % command).replace("stdin", "pr")).code == 87


def test_a_quoted_path_with_blanks_and_nothing_else_is_not_found(shell: Shell) -> None:
    """Seen on Windows 10 and 2019: 0x80070002."""
    assert shell.command('"C:\\Program Files\\x.exe"').code == 2147942402


def test_skipping_cmd_works_before_2012_r2_only(shell: Shell, stub_fleet: RunningFleet) -> None:
    """On Server 2012 the line goes to the program as it is; later versions ignore the option (MS-WSMV <117>)."""
    old = Shell(Raw(stub_fleet.hosts["gamma"].https_url, str(stub_fleet.ca_file)))
    direct = old.command("args a & %OS% ^ b", skip=True).texts(".//rsp:CommandId")[0]
    assert output(old.receive(direct)) == b"[a & %OS% ^ b]\r\n"
    assert old.command("nothing", skip=True).code == 2147942402
    through = shell.command("args a^ b", skip=True).texts(".//rsp:CommandId")[0]
    assert output(shell.receive(through)) == b"[a b]\r\n"


def test_output_is_in_the_code_page(alpha: Raw) -> None:
    """WINRS_CODEPAGE chooses the encoding; an unknown one is a wrong parameter."""
    shell = Shell(alpha, "850")
    assert output(shell.receive(shell.start("print 1"))) == "ä".encode("cp850")
    assert Shell(alpha, "4711").created.code == 87


def test_one_shell_more_than_allowed(small: Raw) -> None:
    """MaxShellsPerUser: MSFT_WmiError with 2150859173 and subcode w:QuotaLimit; a deleted shell makes room."""
    shells = [Shell(small), Shell(small)]
    refused = Shell(small).created
    assert (refused.status, refused.subcode) == (500, "w:QuotaLimit")
    assert "2150859173" in refused.text
    assert "maximum number of 2 concurrent shells" in refused.text
    shells.pop().close()
    shells.append(Shell(small))
    for shell in shells:
        assert shell.close().status == 200


def test_shells_belong_to_their_account(shell: Shell, stub_fleet: RunningFleet) -> None:
    """Another account does not find them."""
    other = Shell.__new__(Shell)
    other.client, other.name = Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file), "LAB\\labadmin"), shell.name
    assert other.command("echo x").code == 2150858843


def test_variables_and_directory_of_a_shell(shell: Shell) -> None:
    """Each command starts in the profile with the host's variables; changes end with the command."""
    reply = shell.receive(shell.start("cd & set X=1 & echo %COMPUTERNAME% %USERNAME%"))
    assert output(reply) == b"C:\\Users\\localadmin\r\nALPHA localadmin\r\n"
    assert shell.receive(shell.start("set X")).texts(".//rsp:ExitCode") == ["1"]


def test_an_idle_shell_ends(alpha: Raw) -> None:
    """After the IdleTimeOut that the client asked for the shell is gone."""
    body = "<rsp:Shell><rsp:IdleTimeOut>PT0.2S</rsp:IdleTimeOut><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>"
    shell = Shell.__new__(Shell)
    shell.client = alpha
    shell.name = alpha.call(TRANSFER + "Create", CMD, body).texts(".//w:Selector")[0]
    time.sleep(0.3)
    assert shell.command("echo x").code == 2150858843


def test_what_is_left_open_can_be_seen(alpha: Raw, stub_fleet: RunningFleet) -> None:
    """The counters tell how many shells and enumerations clients have not closed."""
    before = stub_fleet.counters("alpha")
    shell = Shell(alpha)
    alpha.query("root/cimv2", "select * from Sim_Widget")
    after = stub_fleet.counters("alpha")
    assert (after["open_shells"] - before["open_shells"], after["open_enumerations"] - before["open_enumerations"]) == (1, 1)
    shell.close()
    assert stub_fleet.counters("alpha")["open_shells"] == before["open_shells"]


def test_other_shell_resources(alpha: Raw) -> None:
    """An unknown shell resource or PowerShell configuration is not found; an unknown action is not supported."""
    assert alpha.call(TRANSFER + "Create", NS["rsp"] + "/other", "<rsp:Shell/>").code == 2150858752
    assert alpha.call(TRANSFER + "Create", "http://schemas.microsoft.com/powershell/Other", "<rsp:Shell/>").code == 2150858752
    assert alpha.call(TRANSFER + "Put", CMD, "<rsp:Shell/>").code == 2150858771


@pytest.mark.parametrize("creation", ["", "AAAA", "AAAAAAAAAAEAAAAAAAAAAAMAAADHAgAAAAIAAQD=", "no base64"])
def test_a_malformed_runspace_pool_is_refused(alpha: Raw, creation: str) -> None:
    """Fragments that are none: an invalid body."""
    body = f'<rsp:Shell><creationXml xmlns="http://schemas.microsoft.com/powershell">{creation}</creationXml></rsp:Shell>'
    assert alpha.call(TRANSFER + "Create", "http://schemas.microsoft.com/powershell/Microsoft.PowerShell", body).code == 2150858791
