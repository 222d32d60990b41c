# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""WinRS: commands on the host, without PowerShell and, where they need none, without cmd.exe.

Source: MS-WSMV 3.1.4.11 to 3.1.4.14, surface 1.12.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from . import _namespaces as ns
from . import _xml as xml
from ._envelope import Call, Options
from ._errors import CommandTimedOut, ProtocolError, WSManError
from ._exchange import Exchange
from ._faults import WSManFault
from ._reply import read_created
from ._values import read_integer

UTF_8 = 65001
STDIN_PART = 90_000
"""Bytes of stdin in one message: in base64 and with headers below the 150 kB that Windows 7 and 2008 R2 take."""


@dataclass(frozen=True)
class Completed:
    """A command that ended. exit_code is unsigned, 32 bits: an HRESULT is 0x8..., not negative."""

    exit_code: int
    stdout: str
    stderr: str


@dataclass
class _Output:
    """What a command has written and, once it is done, its exit code."""

    streams: dict[str, list[bytes]] = field(default_factory=lambda: {"stdout": [], "stderr": []})
    exit_code: int | None = None

    def text(self, stream: str, encoding: str) -> str:
        # Joined first: a character may be cut in two by the end of a message.
        return b"".join(self.streams[stream]).decode(encoding, errors="replace")


class Shell:
    """A WinRS shell; use it in a with statement, so that the host ends it and everything in it."""

    def __init__(self, exchange: Exchange, *, code_page: int = UTF_8, profile: bool = False) -> None:
        """Take the exchange of a client; nothing is sent before the first command.

        Raises ValueError for a code page that cannot be decoded here.
        """
        self._exchange = exchange
        self._encoding = _encoding(code_page)
        self._code_page = code_page
        self._profile = profile
        self._id: str | None = None

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the shell on the host, if it was opened.

        An error is not raised: the commands have ended, and Windows ends a forgotten shell when it is idle.
        """
        if self._id is not None:
            with suppress(WSManError):
                self._call(ns.DELETE)
            self._id = None

    def run(self, command_line: str, *, stdin: bytes = b"", skip_cmd: bool, time_limit: float = 60.0) -> Completed:
        """Run one command line to its end and return what came of it, whatever its exit code.

        skip_cmd: start the program itself; otherwise `cmd /c` does, and its metacharacters count. Windows Server
        2012 R2 and later may use cmd either way (MS-WSMV <117>), so a line has to be safe for both. time_limit:
        seconds until the command is stopped and CommandTimedOut raised. Raises WSManFault if it cannot be started.
        """
        end = time.monotonic() + time_limit
        command = self._start(command_line, stdin, skip_cmd)
        if stdin:
            self._send(command, stdin)
        output = _Output()
        while output.exit_code is None:
            left = end - time.monotonic()
            if left <= 0:
                self._terminate(command)
                raise CommandTimedOut(command_line, time_limit)
            self._receive(command, output, left)
        # No terminate signal here: Done means that the command has ended, and deleting the shell frees what is left
        # of it on the host, so the signal would only cost a message.
        return Completed(output.exit_code, output.text("stdout", self._encoding), output.text("stderr", self._encoding))

    def _call(self, action: str, body: str = "", *, options: Options | None = None, timeout: float | None = None) -> Element:
        selectors = None if self._id is None else {"ShellId": self._id}
        return self._exchange.call(Call(action, ns.SHELL_CMD, body, selectors, options, typed_options=False, timeout=timeout))

    def _open(self) -> None:
        options: Options = {"WINRS_NOPROFILE": _flag(not self._profile), "WINRS_CODEPAGE": str(self._code_page)}
        body = f'<r:Shell xmlns:r="{ns.SHELL}"><r:InputStreams>stdin</r:InputStreams><r:OutputStreams>stdout stderr</r:OutputStreams></r:Shell>'
        created = read_created(self._call(ns.CREATE, body, options=options), Call(ns.CREATE, ns.SHELL_CMD))
        self._id = created.key("ShellId")
        if not self._id:
            raise ProtocolError("the host opened a shell but did not say its id")

    def _start(self, command_line: str, stdin: bytes, skip_cmd: bool) -> str:
        if self._id is None:
            self._open()
        # A console as stdin would swallow what is sent to a program that reads a pipe.
        options: Options = {"WINRS_CONSOLEMODE_STDIN": _flag(not stdin), "WINRS_SKIP_CMD_SHELL": _flag(skip_cmd)}
        body = f'<r:CommandLine xmlns:r="{ns.SHELL}"><r:Command>{xml.escape(command_line)}</r:Command></r:CommandLine>'
        response = self._call(ns.COMMAND, body, options=options)
        command = xml.text_of(xml.child(response, "CommandResponse", "CommandId"))
        if command is None:
            raise ProtocolError("the host started a command but did not say its id")
        return command

    def _send(self, command: str, stdin: bytes) -> None:
        for start in range(0, len(stdin), STDIN_PART):
            last = ' End="true"' if start + STDIN_PART >= len(stdin) else ""
            data = base64.b64encode(stdin[start : start + STDIN_PART]).decode()
            stream = f'<r:Stream Name="stdin" CommandId="{xml.escape(command)}"{last}>{data}</r:Stream>'
            with _patience():
                self._call(ns.SEND, f'<r:Send xmlns:r="{ns.SHELL}">{stream}</r:Send>')

    def _receive(self, command: str, output: _Output, left: float) -> None:
        """Wait for output, at most `left` seconds or one operation timeout."""
        desired = f'<r:DesiredStream CommandId="{xml.escape(command)}">stdout stderr</r:DesiredStream>'
        timeout = max(0.5, min(left, self._exchange.settings.operation_timeout))
        with _patience():
            _read_output(self._call(ns.RECEIVE, f'<r:Receive xmlns:r="{ns.SHELL}">{desired}</r:Receive>', timeout=timeout), output)

    def _terminate(self, command: str) -> None:
        body = f'<r:Signal xmlns:r="{ns.SHELL}" CommandId="{xml.escape(command)}"><r:Code>{ns.SIGNAL_TERMINATE}</r:Code></r:Signal>'
        # Best effort: the caller is told of the time limit, not of this.
        with suppress(WSManError):
            self._call(ns.SIGNAL, body)


@contextmanager
def _patience() -> Iterator[None]:
    """Take an operation's time-out as no error.

    For Receive it is how Windows says that there is no output yet; a Send that timed out has been taken all the same.
    """
    try:
        yield
    except WSManFault as fault:
        if not fault.timed_out:
            raise


def _encoding(code_page: int) -> str:
    name = "utf-8" if code_page == UTF_8 else f"cp{code_page}"
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise ValueError(f"the code page {code_page} is not known here") from error


def _flag(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _read_output(body: Element, output: _Output) -> None:
    """Add one ReceiveResponse to the output."""
    response = xml.child(body, "ReceiveResponse")
    if response is None:
        raise ProtocolError("the host answered a command's Receive with something else")
    for stream in xml.children(response, "Stream"):
        if stream.text and stream.get("Name") in output.streams:
            output.streams[stream.get("Name", "")].append(_decode(stream.text))
    state = xml.child(response, "CommandState")
    if state is not None and state.get("State", "").casefold() == ns.COMMAND_DONE.casefold():
        code = xml.text_of(xml.child(state, "ExitCode"))
        if code is None:
            raise ProtocolError("the host says that the command is done but gives no exit code")
        output.exit_code = read_integer(code) & 0xFFFFFFFF


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=False)
    except binascii.Error as error:
        raise ProtocolError(f"a command's output is not base64: {error}") from error
