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
from collections.abc import Callable, Iterable, Iterator, Mapping
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
LARGE_STDIN_PART = 370_000
"""The same for the 500 kB that Windows 8, Server 2012 and later take (surface 1.11)."""

Stdin = bytes | Iterable[bytes]
Sink = Callable[[bytes], object]


@dataclass(frozen=True)
class Completed:
    """A command that ended. exit_code is unsigned, 32 bits: an HRESULT is 0x8..., not negative."""

    exit_code: int
    stdout: str
    stderr: str


@dataclass
class _Output:
    """What a command has written and, once it is done, its exit code; a sink takes stdout as it comes."""

    sink: Sink | None = None
    streams: dict[str, list[bytes]] = field(default_factory=lambda: {"stdout": [], "stderr": []})
    exit_code: int | None = None

    def add(self, stream: str, data: bytes) -> None:
        if stream == "stdout" and self.sink is not None:
            self.sink(data)
        elif stream in self.streams:
            self.streams[stream].append(data)

    def text(self, stream: str, encoding: str) -> str:
        # Joined first: a character may be cut in two by the end of a message.
        return b"".join(self.streams[stream]).decode(encoding, errors="replace")


class Shell:
    """A WinRS shell; use it in a with statement, so that the host ends it and everything in it."""

    def __init__(self, exchange: Exchange, *, code_page: int = UTF_8, profile: bool = False, environment: Mapping[str, str] | None = None) -> None:
        """Take the exchange of a client; nothing is sent before the first command.

        environment: variables that the commands get besides those of the account. Raises ValueError for a code page
        that cannot be decoded here.
        """
        self._exchange = exchange
        self._encoding = _encoding(code_page)
        self._code_page = code_page
        self._profile = profile
        self._environment = dict(environment or {})
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

    def run(
        self,
        command_line: str,
        *,
        stdin: Stdin = b"",
        skip_cmd: bool,
        time_limit: float = 60.0,
        stdin_part: int = STDIN_PART,
        stdout: Sink | None = None,
        waiting: Callable[[], object] | None = None,
    ) -> Completed:
        """Run one command line to its end and return what came of it, whatever its exit code.

        skip_cmd: start the program itself; otherwise `cmd /c` does, and its metacharacters count. Windows Server
        2012 R2 and later may use cmd either way (MS-WSMV <117>), so a line has to be safe for both. stdin: bytes, or
        chunks of any size, of which never more than one message is held; stdin_part: bytes in one message. time_limit:
        seconds, from the last of stdin on, until the command is stopped and CommandTimedOut raised. stdout: takes the
        output as it comes, instead of the result. waiting: called after each message without the end. Raises WSManFault if the command cannot be started.
        """
        output = _Output(stdout)
        command = self._start(command_line, stdin, skip_cmd)
        if stdin:
            self._feed(command, output, _parts(stdin, stdin_part))
        end = time.monotonic() + time_limit
        while output.exit_code is None:
            left = end - time.monotonic()
            if left <= 0:
                self._terminate(command)
                raise CommandTimedOut(command_line, time_limit)
            self._receive(command, output, left)
            if waiting is not None and output.exit_code is None:
                waiting()
        # No terminate signal here: Done means that the command has ended, and deleting the shell frees what is left
        # of it on the host, so the signal would only cost a message.
        return Completed(output.exit_code, output.text("stdout", self._encoding), output.text("stderr", self._encoding))

    def _call(self, action: str, body: str = "", *, options: Options | None = None, timeout: float | None = None) -> Element:
        selectors = None if self._id is None else {"ShellId": self._id}
        return self._exchange.call(Call(action, ns.SHELL_CMD, body, selectors, options, typed_options=False, timeout=timeout))

    def _open(self) -> None:
        options: Options = {"WINRS_NOPROFILE": _flag(not self._profile), "WINRS_CODEPAGE": str(self._code_page)}
        # The order is that of the schema (MS-WSMV 2.2.4.37).
        streams = "<r:InputStreams>stdin</r:InputStreams><r:OutputStreams>stdout stderr</r:OutputStreams>"
        body = f'<r:Shell xmlns:r="{ns.SHELL}">{_variables(self._environment)}{streams}</r:Shell>'
        created = read_created(self._call(ns.CREATE, body, options=options), Call(ns.CREATE, ns.SHELL_CMD))
        self._id = created.key("ShellId")
        if not self._id:
            raise ProtocolError("the host opened a shell but did not say its id")

    def _start(self, command_line: str, stdin: Stdin, skip_cmd: bool) -> str:
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

    def _feed(self, command: str, output: _Output, parts: Iterator[tuple[bytes, bool]]) -> None:
        try:
            for data, last in parts:
                self._send(command, data, last)
        except WSManFault:
            # A command that ended early, over a full disk for one, has an exit code to tell; any other refusal counts itself.
            self._receive(command, output, 1.0)
            if output.exit_code is None:
                self._terminate(command)
                raise

    def _send(self, command: str, data: bytes, last: bool) -> None:
        end = ' End="true"' if last else ""
        stream = f'<r:Stream Name="stdin" CommandId="{xml.escape(command)}"{end}>{base64.b64encode(data).decode()}</r:Stream>'
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


def _parts(stdin: Stdin, size: int) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in pieces of `size`, each with True if it is the last; there is always a last one, if need be empty."""
    kept = bytearray()
    for chunk in (stdin,) if isinstance(stdin, bytes) else stdin:
        kept += chunk
        while len(kept) > size:
            yield bytes(kept[:size]), False
            del kept[:size]
    yield bytes(kept), True


def _variables(environment: Mapping[str, str]) -> str:
    if not environment:
        return ""
    variables = "".join(f'<r:Variable Name="{xml.escape(name)}">{xml.escape(value)}</r:Variable>' for name, value in environment.items())
    return f"<r:Environment>{variables}</r:Environment>"


def _flag(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _read_output(body: Element, output: _Output) -> None:
    """Add one ReceiveResponse to the output."""
    response = xml.child(body, "ReceiveResponse")
    if response is None:
        raise ProtocolError("the host answered a command's Receive with something else")
    for stream in xml.children(response, "Stream"):
        if stream.text:
            output.add(stream.get("Name", ""), _decode(stream.text))
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
