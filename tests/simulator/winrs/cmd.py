# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd.exe: runs a parsed line with its built-in commands, and everything else through the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from ..windows import Account, Completed, Windows
from .cmdline import Joined, Node, Redirection, Simple, SyntaxRefused, parse, program_name, split_command
from .texts import text as text_of

NOT_RECOGNIZED = 1
LINE_LIMIT = 8191


class Exited(Exception):
    """``exit`` ended this cmd.exe."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


@dataclass
class Console:
    """What a cmd.exe process has: host, account, variables, directory and its output so far."""

    host: Windows
    account: Account
    code_page: int
    environment: dict[str, str]
    directory: str
    stdout: str = ""
    stderr: str = ""
    delay: float = 0.0


class Cmd:
    """One cmd.exe process."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._host = console.host
        self._builtins: dict[str, Callable[[str], int]] = {
            "echo": self._echo,
            "exit": self._exit,
            "ver": self._ver,
            "cd": self._cd,
            "chdir": self._cd,
            "set": self._set,
            "rem": lambda _: 0,
            "call": self._call,
            "type": self._type,
        }

    def run(self, line: str) -> Completed:
        """Run one line as ``cmd /c`` does and return what it printed and its exit code."""
        if len(line) > LINE_LIMIT:
            self._console.stderr += text_of("too_long", self._host.language) + "\r\n"
            return Completed(1, self._console.stdout, self._console.stderr, self._console.delay)
        environment = {**self._console.environment, "CD": self._console.directory, "ERRORLEVEL": "0"}
        try:
            node = parse(line, environment)
            code = 0 if node is None else self._node(node)
        except SyntaxRefused:
            self._console.stderr += self._host.text("cmd.syntax")
            code = 1
        except Exited as done:
            code = done.code
        return Completed(code & 0xFFFFFFFF, self._console.stdout, self._console.stderr, self._console.delay)

    def _node(self, node: Node) -> int:
        if isinstance(node, Simple):
            return self._simple(node)
        return self._joined(node)

    def _joined(self, node: Joined) -> int:
        if node.operator == "|":
            return self._pipe(node)
        code = self._node(node.left)
        if (node.operator == "&&" and code != 0) or (node.operator == "||" and code == 0):
            return code
        return self._node(node.right)

    def _pipe(self, node: Joined) -> int:
        """The left side's output goes to a program that does not read it: none of the modelled programs reads stdin."""
        before = self._console.stdout
        with suppress(Exited):  # each side of a pipe is a process of its own, so exit ends only that side
            self._node(node.left)
        self._console.stdout = before
        try:
            return self._node(node.right)
        except Exited as done:
            return done.code

    def _simple(self, command: Simple) -> int:
        out, err = len(self._console.stdout), len(self._console.stderr)
        routes = self._routes(command.redirections)
        if routes is None:
            return 1
        try:
            return self._dispatch(command.text)
        finally:
            self._reroute(out, err, routes)

    def _routes(self, redirections: list[Redirection]) -> dict[int, str] | None:
        """Where handles 1 and 2 go: ``out``, ``err`` or ``nul``; None after a refused file."""
        routes = {1: "out", 2: "err"}
        for item in redirections:
            if item.target.startswith("&"):
                if item.direction != "<":
                    routes[item.handle] = routes.get(int(item.target[1:]), "nul")
            elif item.target.lower().rstrip(":") == "nul":
                routes[item.handle] = "nul"
            else:
                # The simulated host has no file tree that commands could write to.
                self._console.stderr += self._host.text("cmd.path_not_found")
                return None
        return routes

    def _reroute(self, out: int, err: int, routes: Mapping[int, str]) -> None:
        printed = {1: self._console.stdout[out:], 2: self._console.stderr[err:]}
        self._console.stdout, self._console.stderr = self._console.stdout[:out], self._console.stderr[:err]
        for handle, text in printed.items():
            if routes[handle] == "out":
                self._console.stdout += text
            elif routes[handle] == "err":
                self._console.stderr += text

    def _dispatch(self, text: str) -> int:
        name, rest = split_command(text)
        builtin = re.match(r"(echo|cd|chdir|exit|set|ver)(?=[.:\\/(+\[\]])", name, re.IGNORECASE)
        if builtin and not self._is_program(name):
            name, rest = builtin.group(1), text.lstrip(" \t,;=@")[builtin.end() :]
        if (known := self._builtins.get(name.lower())) is not None:
            return known(text.lstrip(" \t,;=@")[len(name) :] if name.lower() == "echo" else rest)
        if program_name(name) == "cmd":
            return self._nested(rest)
        return self._program(name, rest)

    def _is_program(self, name: str) -> bool:
        return name.lower().endswith((".exe", ".com"))

    def _program(self, name: str, rest: str) -> int:
        done = self._host.run(self._console.account, name, rest, code_page=self._console.code_page)
        if done is None:
            self._console.stderr += self._host.text("cmd.not_recognized", name=name)
            return NOT_RECOGNIZED
        self._console.stdout += done.stdout
        self._console.stderr += done.stderr
        self._console.delay += done.delay
        return done.exit_code

    def _nested(self, rest: str) -> int:
        line = inner_line(rest)
        if line is None:
            return 0
        console = Console(self._host, self._console.account, self._console.code_page, dict(self._console.environment), self._console.directory)
        done = Cmd(console).run(line)
        self._console.stdout += done.stdout
        self._console.stderr += done.stderr
        self._console.delay += done.delay
        return done.exit_code

    def _call(self, rest: str) -> int:
        return self._dispatch(rest) if rest.strip() else 0

    def _echo(self, rest: str) -> int:
        if not rest.strip():
            text = text_of("echo_on", self._host.language)
        elif rest.strip().lower() in ("on", "off"):
            return 0
        else:
            text = rest[1:]
        self._console.stdout += text + "\r\n"
        return 0

    def _type(self, rest: str) -> int:
        """Only the device nul can be read: there is no file tree."""
        if rest.strip().strip('"').lower().rstrip(":") == "nul":
            return 0
        self._console.stderr += self._host.text("error.2") + "\r\n"
        return 1

    def _exit(self, rest: str) -> int:
        words = [word for word in rest.split() if word.lower() != "/b"]
        code = re.match(r"[+-]?\d+", words[0]) if words else None
        raise Exited(int(code.group(0)) if code else 0)

    def _ver(self, rest: str) -> int:
        release = self._host.features
        self._console.stdout += self._host.text("cmd.version", version=f"{release.version}.{release.build}.{release.revision}")
        return 0

    def _cd(self, rest: str) -> int:
        target = rest.strip().strip('"')
        if target.lower().startswith("/d"):
            target = target[2:].strip().strip('"')
        if not target:
            self._console.stdout += self._console.directory + "\r\n"
            return 0
        if not re.match(r"^[A-Za-z]:\\", target):
            self._console.stderr += self._host.text("cmd.path_not_found")
            return 1
        self._console.directory = target.rstrip("\\") if len(target) > 3 else target
        return 0

    def _set(self, rest: str) -> int:
        text = rest.strip()
        if text.startswith('"') and text.endswith('"') and "=" in text:
            text = text[1:-1]
        name, equals, value = text.partition("=")
        environment = self._console.environment
        if equals:
            current = next((known for known in environment if known.lower() == name.lower()), name)
            environment.pop(current, None)
            if value:
                environment[current] = value
            return 0
        shown = sorted((item for item in environment.items() if item[0].lower().startswith(name.lower())), key=lambda item: item[0].lower())
        self._console.stdout += "".join(f"{key}={content}\r\n" for key, content in shown)
        if not shown:
            self._console.stderr += text_of("not_defined", self._host.language, name=name) + "\r\n"
        return 0 if shown else 1


def inner_line(rest: str) -> str | None:
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
    if not strip_always and line.count('"') == 2 and re.fullmatch(r'"[^&<>()@^|"]*\s[^&<>()@^|"]*"', line.strip()):
        return line
    last = line.rfind('"')
    return line[1:last] + line[last + 1 :] if last > 0 else line[1:]
