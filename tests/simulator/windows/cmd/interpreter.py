# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd.exe: runs a parsed line with its built-in commands, and everything else through the model."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..context import Given, Input
from ..files import FileError
from ..records import Completed
from . import batch, builtins, conditions, file_commands
from .console import NOT_MODELLED, Console, Exited, NotModelled
from .line import Group, If, Joined, Node, Simple, SyntaxRefused, parse, program_name, split_command
from .redirect import Routes, cannot
from .texts import text as text_of

NOT_RECOGNIZED = 1
LINE_LIMIT = 8191
# Commands that leave %ERRORLEVEL% as it was.
_QUIET = frozenset("echo rem setlocal endlocal".split())
_NOT_MODELLED = frozenset("for goto pushd popd pause prompt path title color date time assoc ftype mklink shift subst verify vol break cls dpath keys".split())
_GLUED = re.compile(rf"({'|'.join(sorted([*builtins.BUILTINS, *file_commands.COMMANDS], key=len, reverse=True))})(?=[.:\\/(+\[\]])", re.IGNORECASE)


class Cmd:
    """One cmd.exe process."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._host = console.host
        # The arguments of the batch file that runs, its own path first.
        self.arguments: list[str] | None = None

    def run(self, line: str) -> Completed:
        """Run one line as ``cmd /c`` does and return what it printed and its exit code."""
        console = self.console
        if len(line) > LINE_LIMIT:
            console.stderr += text_of("too_long", self._host.language) + "\r\n"
            return Completed(1, console.stdout, console.stderr, console.delay)
        try:
            code = self.line(line)
        except Exited as done:
            code = done.code
        except NotModelled as exc:
            console.stderr += f"The simulator does not model this: {exc}\r\n"
            code = NOT_MODELLED
        return Completed(code & 0xFFFFFFFF, console.stdout, console.stderr, console.delay, console.process)

    def line(self, text: str) -> int:
        """Run one line of the command line: variables are replaced, then it is parsed."""
        return self.parsed(lambda: parse(text, self.variables()))

    def parsed(self, read: batch.Read) -> int:
        """Run what ``read`` makes of a line; a wrong one is refused as a whole."""
        try:
            node = read()
        except SyntaxRefused:
            self.console.stderr += self._host.text("cmd.syntax")
            return 1
        return 0 if node is None else self._node(node)

    def variables(self) -> dict[str, str]:
        """The environment with cmd's own variables."""
        level = self.console.errorlevel & 0xFFFFFFFF
        signed = level - 2**32 if level >= 2**31 else level
        return {"CD": self.console.directory, "ERRORLEVEL": str(signed), **self.console.environment}

    def _node(self, node: Node) -> int:
        if isinstance(node, Simple):
            return self._routed(node)
        if isinstance(node, Group):
            return self._routed(node)
        if isinstance(node, If):
            if conditions.holds(node, self.console):
                return self._node(node.body)
            return self._node(node.otherwise) if node.otherwise else 0
        return self._joined(node)

    def _joined(self, node: Joined) -> int:
        if node.operator == "|":
            return self._pipe(node)
        code = self._node(node.left)
        if (node.operator == "&&" and code != 0) or (node.operator == "||" and code == 0):
            return code
        return self._node(node.right)

    def _pipe(self, node: Joined) -> int:
        """Each side is a cmd.exe of its own; the left side's output is the right side's input."""
        left = self._side(node.left, self.console.stdin)
        right = self._side(node.right, Given(self.console.encode(left.stdout)))
        self.console.stdout += right.stdout
        self.console.stderr += left.stderr + right.stderr
        self.console.delay += max(left.delay, right.delay)
        self.console.errorlevel = right.exit_code
        return right.exit_code

    def _side(self, node: Node, stdin: Input) -> Completed:
        console = self.console.child(stdin)
        try:
            code = Cmd(console)._node(node)
        except Exited as done:
            code = done.code
        return Completed(code, console.stdout, console.stderr, console.delay)

    def _routed(self, command: Simple | Group) -> int:
        """Open the redirections, run, and put the output where it belongs."""
        try:
            routes = Routes(self.console, command.redirections)
        except FileError as exc:
            return cannot(self.console, exc)
        try:
            with routes.applied():
                return self._node(command.inner) if isinstance(command, Group) else self._simple(command.text)
        except FileError as exc:
            return cannot(self.console, exc)

    def _simple(self, text: str) -> int:
        code = self.dispatch(text)
        if split_command(text)[0].lower().partition(".")[0] not in _QUIET:
            self.console.errorlevel = code
        return code

    def dispatch(self, text: str) -> int:
        """Run one command without redirections: a built-in one, cmd itself, a batch file or a program."""
        stripped = text.lstrip(" \t,;=@")
        name, rest = split_command(text)
        glued = None if name.lower().endswith((".exe", ".com", ".cmd", ".bat")) else _GLUED.match(name)
        if glued:
            name, rest = glued.group(1), stripped[glued.end() :]
        known = name.lower()
        if known in builtins.BUILTINS:
            # echo, and only it, sees the character after its name.
            return builtins.BUILTINS[known](self, stripped[len(name) :] if known == "echo" else rest)
        if known in file_commands.COMMANDS:
            return file_commands.COMMANDS[known](self.console, stripped[len(name) :])
        if known in _NOT_MODELLED and not stripped.startswith('"'):
            raise NotModelled(f"cmd's {known}")
        if program_name(name) == "cmd":
            return self._nested(rest)
        path = batch.find(self.console, name)
        return self._transfer(path, rest) if path else self._program(name, rest)

    def _transfer(self, path: str, rest: str) -> int:
        """A batch file without ``call``: when it has ended, so has the batch file that named it."""
        code = batch.run(self, path, rest)
        if self.arguments is not None:
            raise Exited(code, batch_only=True)
        return code

    def _program(self, name: str, rest: str) -> int:
        console = self.console
        with self._host.contexts.entered(console.context()):
            done = self._host.run(console.account, name, rest, code_page=console.code_page)
        if done is None:
            console.stderr += self._host.text("cmd.not_recognized", name=name)
            return NOT_RECOGNIZED
        console.stdout += done.stdout
        console.stderr += done.stderr
        console.delay += done.delay
        console.process = done.process or console.process
        return done.exit_code

    def _nested(self, rest: str) -> int:
        line = inner_line(rest, self._is_file)
        if line is None:
            return 0
        done = Cmd(self.console.child()).run(line)
        if done.exit_code == NOT_MODELLED:
            raise NotModelled(line)
        self.console.stdout += done.stdout
        self.console.stderr += done.stderr
        self.console.delay += done.delay
        self.console.process = done.process or self.console.process
        return done.exit_code

    def _is_file(self, name: str) -> bool:
        path = self.console.absolute(name)
        return any(self._host.files.exists(path + ending) for ending in ("", ".com", ".exe", ".bat", ".cmd"))


def inner_line(rest: str, is_program: Callable[[str], bool]) -> str | None:
    """The line after ``cmd /c`` or ``/k`` with cmd's own quote rule, None if there is none.

    The quotes stay if there are exactly two, nothing special is between them and the content is a program's name; else the first and the last go.
    """
    found = re.match(r"\s*(?:/[a-z](?::\w+)?\s*)*?/(?:c|k)\s*(.*)", rest, re.IGNORECASE | re.DOTALL)
    if found is None:
        return None
    line = found.group(1)
    strip_always = bool(re.match(r"\s*(?:/[a-z](?::\w+)?\s*)*?/s", rest[: found.start(1)], re.IGNORECASE))
    if not line.startswith('"'):
        return line
    if not strip_always and line.count('"') == 2 and re.fullmatch(r'"[^&<>()@^|"]*\s[^&<>()@^|"]*"', line.strip()) and is_program(line.strip()[1:-1]):
        return line
    last = line.rfind('"')
    return line[1:last] + line[last + 1 :] if last > 0 else line[1:]
