# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands on the host through one WinRS shell that is opened by the first of them.

Before Server 2012 R2 a command can be started without cmd.exe; later releases ignore that wish and always run
`cmd /c` (MS-WSMV, product behaviour note 117). So a line with a value in it is only sent if it means the same either way:
every value stands in quotation marks and holds neither a quotation mark nor a percent sign.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .._plan import BadRequest
from .._wsman import STDIN_PART, Client, Completed, Shell, Sink, Stdin

# cmd.exe takes 8,191 characters, of which the program's path needs some.
LINE_LIMIT = 8000
# Windows 7 and Server 2008 R2 allow 15 operations for a shell's whole life, the end of a command gives none back (MS-WSMV <118>).
_SHELL_COMMANDS = 12
# Seconds for the reads of a task: DISM, which goes along with them, takes its time on a busy host.
_READ_LIMIT = 600.0
_METACHARACTERS = re.compile(r'["%&|<>^()\r\n]')
# Control characters, and what XML can't carry.
UNPRINTABLE = "\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff"
UNSAFE = re.compile(f'["%{UNPRINTABLE}]')
_UNWRITABLE = re.compile(f"[{UNPRINTABLE}]")
PERCENT = "UAMOPS_PERCENT"
"""The variable of our shell that holds a percent sign."""


def quote(value: str) -> str:
    """A value as one quoted argument that cmd.exe and the program read alike.

    Raises:
        BadRequest: the value can't be written on a Windows command line safely.
    """
    if UNSAFE.search(value) or value.endswith("\\"):
        raise BadRequest(
            f"{value!r} can't be passed to a Windows command: it holds a quotation mark, a percent sign or a control character, or ends with a backslash."
        )
    return f'"{value}"'


def quote_for_cmd(value: str) -> str:
    """A value as one quoted argument of a line that surely goes through cmd.exe of this collection's shell (`Commands.cmd`).

    There a percent sign can be written: cmd.exe replaces variables once and does not look at the result again. A quotation
    mark in the value is for the caller to write as the program wants it.

    Raises:
        BadRequest: the value holds a control character.
    """
    if _UNWRITABLE.search(value):
        raise BadRequest(f"{value!r} can't be passed to a Windows command: it holds a control character.")
    return '"' + value.replace("%", f"%{PERCENT}%") + '"'


def check_arguments(arguments: str) -> None:
    """The last guard before a line leaves: nothing in it may mean something to cmd.exe, and cmd.exe must be able to take it.

    Raises:
        BadRequest: the line can't be sent.
    """
    if len(arguments) > LINE_LIMIT:
        raise BadRequest(
            f"This needs a command line of {len(arguments)} characters, and Windows takes {LINE_LIMIT}; give networks instead of single addresses."
        )
    if _METACHARACTERS.search(re.sub(r'"[^"%]*"', "", arguments)):
        raise BadRequest(f"{arguments!r} holds a character that cmd.exe would act on.")


class Commands:
    """Runs programs of the system directory, and harmless lines of cmd.exe."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._shell: Shell | None = None
        self._started = 0

    def program(self, directory: str, name: str, arguments: str) -> Completed:
        """Run a program of the system directory; the values in `arguments` come from `quote`."""
        check_arguments(arguments)
        return self._open().run(f"{directory}\\{name} {arguments}", skip_cmd=True)

    def line(self, line: str) -> str:
        """Run a line of cmd.exe that holds no value of a user, and return what it prints."""
        return self._open().run(line, skip_cmd=False, time_limit=_READ_LIMIT).stdout

    def cmd(
        self,
        line: str,
        *,
        stdin: Stdin = b"",
        stdin_part: int = STDIN_PART,
        stdout: Sink | None = None,
        time_limit: float = 60.0,
        waiting: Callable[[], object] | None = None,
    ) -> Completed:
        """Run a line of cmd.exe; the values in it come from `quote` or `quote_for_cmd`. For the rest see `Shell.run`."""
        return self._open().run(line, skip_cmd=False, stdin=stdin, stdin_part=stdin_part, stdout=stdout, time_limit=time_limit, waiting=waiting)

    def close(self) -> None:
        """Delete the shell on the host; the next command opens a new one."""
        if self._shell is not None:
            self._shell.close()
            self._shell = None

    def abandon(self) -> None:
        """Forget the shell without a message: its host has gone down, or the connection to it has."""
        self._shell = None

    def _open(self) -> Shell:
        """The shell for one more command; the one before has ended, as each is waited for."""
        if self._started >= _SHELL_COMMANDS:
            self.close()
        if self._shell is None:
            self._started = 0
            self._shell = self._client.shell(environment={PERCENT: "%"})
        self._started += 1
        return self._shell
