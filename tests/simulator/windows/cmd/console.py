# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cmd.exe process has, and the ways in which it stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..context import Context, Given, Input
from ..files import FileError
from ..files.access import Access
from ..text_codes import decoded, encoded

if TYPE_CHECKING:
    from ..host import Windows
    from ..records import Account

# Not an exit code of Windows: whoever sees it has left what the simulator models.
NOT_MODELLED = 0xC0FFEE


class Exited(Exception):
    """``exit`` ended this cmd.exe, or with ``/b`` (``batch_only``) the batch file."""

    def __init__(self, code: int, *, batch_only: bool = False) -> None:
        super().__init__(str(code))
        self.code = code
        self.batch_only = batch_only


class NotModelled(Exception):
    """Something that cmd.exe can do and the simulator can't; the text names it."""


@dataclass
class Console:
    """What a cmd.exe process has: host, account, variables, directory, input, and its output so far. ``delay`` and ``process`` as in Completed."""

    host: Windows
    account: Account
    code_page: int
    environment: dict[str, str]
    directory: str
    stdin: Input = field(default_factory=Given)
    stdout: str = ""
    stderr: str = ""
    delay: float = 0.0
    process: int = 0
    errorlevel: int = 0
    echo: bool = False
    saved: list[dict[str, str]] = field(default_factory=list)

    @property
    def files(self) -> Access:
        """The drive as this process may use it."""
        return Access(self.host, self.account)

    def context(self) -> Context:
        """What a program gets that this process starts."""
        return Context(self.account, self.directory, dict(self.environment), self.stdin, self.code_page)

    def child(self, stdin: Input | None = None) -> Console:
        """The console of another cmd.exe that this one starts."""
        return Console(self.host, self.account, self.code_page, dict(self.environment), self.directory, stdin or self.stdin)

    def absolute(self, path: str) -> str:
        """See Context."""
        return self.context().absolute(path)

    def decode(self, data: bytes) -> str:
        """Bytes as the console shows them; what it can't show comes out of ``encode`` as it went in."""
        return decoded(data, self.code_page)

    def encode(self, text: str) -> bytes:
        """What a file gets of a text that was printed."""
        return encoded(text, self.code_page)

    def tell(self, error: FileError | int) -> None:
        """Print the text of a Win32 error as cmd does."""
        code = error if isinstance(error, int) else error.code
        self.stderr += self.host.error(code) + "\r\n"

    def answered(self, question: str) -> bool:
        """Ask, and take a line that begins with Y (in any language of the simulator) from the input; its end means no."""
        self.stdout += question
        answer = self.stdin.read().strip().upper()
        self.stdout += "\r\n"
        return answer.startswith((b"Y", b"J", b"O"))
