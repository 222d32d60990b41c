# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell resources of one host: cmd (here) and PowerShell (psrp.py); messages as MS-WSMV 3.1.4.1.30 to .36 describe them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from xml.sax.saxutils import escape

from ..windows import Account, Completed, Windows
from ..windows.cmd import Cmd, Console
from ..windows.cmd.line import program_name, split_command
from ..windows.context import Context, Input
from ..wsman import namespaces as ns
from ..wsman.caller import Caller
from ..wsman.envelope import Request, parse_duration
from ..wsman.faults import (
    ACTION_NOT_SUPPORTED,
    CMD_PROVIDER,
    FILE_NOT_FOUND,
    INVALID_BODY,
    OPERATION_TIMED_OUT,
    RESOURCE_NOT_FOUND,
    UNEXPECTED_SELECTORS,
    Fault,
)
from ..wsman.quotas import envelope_of, timeout_of, too_many_shells
from .psrp import Runspaces
from .shell import Command, Shell

SHELL = f"{{{ns.SHELL}}}"
NO_COMMAND = (
    "The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist. "
    "Either the command has completed execution or the client specified an invalid command identifier. "
)
NO_SHELL = "The request for the Windows Remote Shell with ShellId {shell} failed because the shell was not found on the server. "
CODE_PAGES = frozenset((65001, 1200, 437, 850, 932, 1252, 20127))
ANSWER_RESERVE = 2_000
# The exit code that taskkill gives what it ends.
KILLED_EXIT = 1
# HRESULT of ERROR_NOT_ENOUGH_QUOTA, with which a job object refuses one process too many.
NOT_ENOUGH_QUOTA = 0x80070718


class Shells:
    """All shells of one host. The host's lock is held while a command runs, never while a Receive waits."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self._shells: dict[str, Shell] = {}
        self._runspaces = Runspaces(host)
        self._watching = False
        self._actions: dict[str, Callable[[Request, Caller], str]] = {
            f"{ns.TRANSFER}/Create": self._create,
            f"{ns.TRANSFER}/Delete": self._delete,
            f"{ns.SHELL}/Command": self._command,
            f"{ns.SHELL}/Send": self._send,
            f"{ns.SHELL}/Receive": self._receive,
            f"{ns.SHELL}/Signal": self._signal,
        }

    def count(self) -> int:
        """How many shells and runspace pools are open, of all accounts."""
        with self._host.lock:
            self._expire()
            return len(self._shells) + self._runspaces.count()

    def owns(self, resource: str) -> bool:
        """True for the resource URIs of shells."""
        return resource.startswith((ns.SHELL, ns.POWERSHELL_PREFIX))

    def handle(self, request: Request, caller: Caller) -> str:
        """Answer one message to a shell."""
        assert caller.account is not None
        if request.resource.startswith(ns.POWERSHELL_PREFIX):
            with self._host.lock:
                self._expire()
                open_here = sum(shell.account == caller.account for shell in self._shells.values())
            return self._runspaces.handle(request, caller.account, open_here)
        if request.resource != ns.CMD_SHELL:
            raise Fault(RESOURCE_NOT_FOUND)
        action = self._actions.get(request.action)
        if action is None:
            raise Fault(ACTION_NOT_SUPPORTED)
        return action(request, caller)

    def _create(self, request: Request, caller: Caller) -> str:
        account = caller.account
        assert account is not None
        body = request.body
        if body is None or body.tag != f"{SHELL}Shell":
            raise Fault(INVALID_BODY)
        page = request.option("WINRS_CODEPAGE") or str(self._host.speech.oem)
        idle = parse_duration((body.findtext(f"{SHELL}IdleTimeOut") or "").strip())
        if not page.isdigit() or int(page) not in CODE_PAGES:
            raise Fault(87, provider=CMD_PROVIDER)
        given = {item.get("Name", ""): item.text or "" for item in body.findall(f"{SHELL}Environment/{SHELL}Variable")}
        with self._host.lock:
            self._admit(account)
            profile = rf"C:\Users\{account.name}"
            environment = {**self._host.environment, "USERNAME": account.name, "USERDOMAIN": account.domain, "USERPROFILE": profile, **given}
            seconds = idle or self._host.limits.IdleTimeout / 1000
            shell = Shell(account, environment, body.findtext(f"{SHELL}WorkingDirectory") or profile, int(page), seconds)
            self._shells[shell.identifier] = shell
        return self._created(shell, caller, body.findtext(f"{SHELL}InputStreams") or "stdin", body.findtext(f"{SHELL}OutputStreams") or "stdout stderr")

    def _admit(self, account: Account) -> None:
        self._expire()
        opened = sum(shell.account == account for shell in self._shells.values()) + self._runspaces.open(account)
        if 0 < self._host.limits.MaxShellsPerUser <= opened:
            raise too_many_shells(self._host.limits)

    def _created(self, shell: Shell, caller: Caller, inputs: str, outputs: str) -> str:
        owner = shell.account.qualified if shell.account.domain.upper() != self._host.name.upper() else shell.account.name
        return (
            f"<x:ResourceCreated><a:Address>{caller.endpoint}</a:Address><a:ReferenceParameters><w:ResourceURI>{ns.CMD_SHELL}</w:ResourceURI>"
            f'<w:SelectorSet><w:Selector Name="ShellId">{shell.identifier}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>'
            f'<rsp:Shell xmlns:rsp="{ns.SHELL}"><rsp:ShellId>{shell.identifier}</rsp:ShellId><rsp:ResourceUri>{ns.CMD_SHELL}</rsp:ResourceUri>'
            f"<rsp:Owner>{escape(owner)}</rsp:Owner><rsp:ClientIP>{caller.address}</rsp:ClientIP><rsp:IdleTimeOut>PT{shell.idle:.3f}S</rsp:IdleTimeOut>"
            f"<rsp:InputStreams>{escape(inputs)}</rsp:InputStreams><rsp:OutputStreams>{escape(outputs)}</rsp:OutputStreams>"
            "<rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime><rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity></rsp:Shell>"
        )

    def _expire(self) -> None:
        for name in [name for name, shell in self._shells.items() if shell.expired]:
            shell = self._shells.pop(name)
            for command in shell.commands.values():
                command.interrupt()
            shell.notify()

    def _shell(self, request: Request, caller: Caller) -> Shell:
        name = request.selectors.get("shellid")
        with self._host.lock:
            self._expire()
            shell = self._shells.get(name.upper()) if isinstance(name, str) else None
        if shell is None or shell.account != caller.account or len(request.selectors) != 1:
            raise Fault(UNEXPECTED_SELECTORS, NO_SHELL.format(shell=name))
        shell.touch()
        return shell

    def _delete(self, request: Request, caller: Caller) -> str:
        shell = self._shell(request, caller)
        with self._host.lock:
            self._shells.pop(shell.identifier, None)
        for command in list(shell.commands.values()):
            command.interrupt()
        shell.commands.clear()
        shell.notify()
        return ""

    def _command(self, request: Request, caller: Caller) -> str:
        shell = self._shell(request, caller)
        body = request.body
        text = None if body is None or body.tag != f"{SHELL}CommandLine" else body.findtext(f"{SHELL}Command")
        if body is None or not text:
            raise Fault(INVALID_BODY)
        if 0 < self._host.limits.MaxProcessesPerShell <= sum(command.running for command in shell.commands.values()):
            raise Fault(NOT_ENOUGH_QUOTA, "Not enough quota is available to process this command. ", provider=CMD_PROVIDER)
        line = " ".join([text, *(item.text or "" for item in body.findall(f"{SHELL}Arguments"))])
        skip = (request.option("WINRS_SKIP_CMD_SHELL") or "false").strip().lower() in ("true", "1") and self._host.winrs_skip_cmd_shell
        command = Command(shell.code_page, self._host.lock)
        command.end_process = self._end_process
        run = self._run_directly if skip else self._run_in_cmd

        def work() -> Completed:
            with self._host.lock:
                self._host.look_after_programs(line)
                done = run(shell, line, command.stdin)
                if done.process and not self._watching:
                    self._watching = True
                    self._host.processes.watch(self._process_killed)
                return done

        command.start(work, shell.notify)
        shell.commands[command.identifier] = command
        return f"<rsp:CommandResponse><rsp:CommandId>{command.identifier}</rsp:CommandId></rsp:CommandResponse>"

    def _end_process(self, process: int) -> None:
        with self._host.lock:
            self._host.processes.kill(process)

    def _process_killed(self, process: int) -> None:
        """Somebody has ended a process (taskkill): the command whose program it was has ended with it, exit code 1."""
        for shell in list(self._shells.values()):
            for command in list(shell.commands.values()):
                if command.process == process and command.running:
                    command.killed(KILLED_EXIT)
                    shell.notify()

    def _run_in_cmd(self, shell: Shell, line: str, stdin: Input) -> Completed:
        stripped = line.strip()
        # Seen on Windows 10 and 2019: a quoted path with spaces and nothing after it is not found (surface 1.12).
        if stripped.startswith('"') and stripped.find('"', 1) == len(stripped) - 1 and " " in stripped:
            raise Fault(FILE_NOT_FOUND, provider=CMD_PROVIDER)
        return Cmd(self._console(shell, stdin)).run(line)

    def _console(self, shell: Shell, stdin: Input) -> Console:
        return Console(self._host, shell.account, shell.code_page, dict(shell.environment), shell.directory, stdin)

    def _run_directly(self, shell: Shell, line: str, stdin: Input) -> Completed:
        image, arguments = split_command(line)
        if program_name(image) == "cmd":
            return Cmd(self._console(shell, stdin)).run(line)
        context = Context(shell.account, shell.directory, dict(shell.environment), stdin, shell.code_page)
        with self._host.contexts.entered(context):
            outcome = self._host.run(shell.account, image, arguments, code_page=shell.code_page)
        if outcome is None:
            raise Fault(FILE_NOT_FOUND, provider=CMD_PROVIDER)
        return outcome

    def _found(self, shell: Shell, identifier: str | None) -> Command:
        if not identifier:
            raise Fault(87, provider=CMD_PROVIDER)
        command = shell.commands.get(identifier.upper())
        if command is None:
            raise Fault(UNEXPECTED_SELECTORS, NO_COMMAND)
        return command

    def _send(self, request: Request, caller: Caller) -> str:
        shell = self._shell(request, caller)
        streams = [] if request.body is None else request.body.findall(f"{SHELL}Stream")
        if not streams:
            raise Fault(INVALID_BODY)
        for stream in streams:
            command = self._found(shell, stream.get("CommandId"))
            if stream.get("Name") != "stdin":
                raise Fault(87, provider=CMD_PROVIDER)
            try:
                command.stdin.feed(base64.b64decode(stream.text or "", validate=True), end=stream.get("End", "").lower() in ("true", "1"))
            except binascii.Error as exc:
                raise Fault(87, provider=CMD_PROVIDER) from exc
        return "<rsp:SendResponse/>"

    def _receive(self, request: Request, caller: Caller) -> str:
        shell = self._shell(request, caller)
        desired = None if request.body is None else request.body.find(f"{SHELL}DesiredStream")
        if desired is None:
            raise Fault(INVALID_BODY)
        command = self._found(shell, desired.get("CommandId"))
        wanted = set((desired.text or "").split())
        if not wanted or wanted - {"stdout", "stderr"}:
            raise Fault(87, provider=CMD_PROVIDER)
        if not shell.wait(command, timeout_of(request, self._host.limits)):
            raise Fault(OPERATION_TIMED_OUT)
        shell.touch()
        self._found(shell, command.identifier)
        return self._received(command, wanted, envelope_of(request, self._host.limits) - ANSWER_RESERVE)

    def _received(self, command: Command, wanted: set[str], room: int) -> str:
        pieces = [piece for piece in command.take(room) if piece[0] in wanted]
        streams = "".join(self._stream(name, command, data) for name, data in pieces)
        state = f'<rsp:CommandState CommandId="{command.identifier}" State="{ns.SHELL}/CommandState/'
        if command.pending:
            return f'<rsp:ReceiveResponse>{streams}{state}Running"/></rsp:ReceiveResponse>'
        closed = [name for name in ("stdout", "stderr") if name in wanted]
        ends = "".join(f'<rsp:Stream Name="{name}" CommandId="{command.identifier}" End="true"></rsp:Stream>' for name in closed)
        return f'<rsp:ReceiveResponse>{streams}{ends}{state}Done"><rsp:ExitCode>{command.exit_code}</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>'

    def _stream(self, name: str, command: Command, data: bytes) -> str:
        return f'<rsp:Stream Name="{name}" CommandId="{command.identifier}">{base64.b64encode(data).decode()}</rsp:Stream>'

    def _signal(self, request: Request, caller: Caller) -> str:
        shell = self._shell(request, caller)
        body = request.body
        if body is None or body.tag != f"{SHELL}Signal":
            raise Fault(INVALID_BODY)
        command = self._found(shell, body.get("CommandId"))
        code = (body.findtext(f"{SHELL}Code") or "").rpartition("/")[2].lower()
        if code not in ("ctrl_c", "ctrl_break", "terminate"):
            raise Fault(87, provider=CMD_PROVIDER)
        command.interrupt()
        if code == "terminate":
            shell.commands.pop(command.identifier, None)
        shell.notify()
        return "<rsp:SignalResponse/>"
