# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How cmd.exe reads a line: percent expansion, then quotes, carets, operators and redirections.

Order and rules are those of cmd's parser on the command line (not in a batch file): ``%NAME%`` is replaced first and everywhere, an undefined
variable stays as it is; outside quotes ``^`` takes the special meaning from the next character; ``&``, ``&&``, ``||``, ``|`` and parentheses join commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

VARIABLE = re.compile(r"%([^%:\r\n]+)(?::([^%\r\n]*))?%")
SUBSTRING = re.compile(r"~(-?\d+)(?:,(-?\d+))?")
OPERATORS = ("&&", "||", "&", "|", "(", ")")
HANDLE_AFTER = " \t,;=&|()"
_WORD = r'(?:"[^"]*"|[^\s"()=])+'
_TEST = rf"exist\s+{_WORD}|defined\s+{_WORD}|errorlevel\s+-?\d+|{_WORD}\s*==\s*{_WORD}|{_WORD}\s+(?:equ|neq|lss|leq|gtr|geq)\s+{_WORD}"
CONDITION = re.compile(rf"[\s@]*if\s+(?P<i>/i\s+)?(?P<not>not\s+)?(?P<test>{_TEST})(?=[\s()]|$)\s*", re.IGNORECASE)
ELSE = re.compile(r"\s*else(?=[\s()]|$)\s*", re.IGNORECASE)


class SyntaxRefused(Exception):
    """cmd's "The syntax of the command is incorrect" or "... was unexpected at this time"."""


@dataclass(frozen=True)
class Redirection:
    """``handle`` 0 to 9; ``target`` a file name or ``&n``; direction is ``<``, ``>`` or ``>>``."""

    handle: int
    direction: str
    target: str


@dataclass
class Simple:
    """One command as text, carets already removed, quotes kept."""

    text: str
    redirections: list[Redirection] = field(default_factory=list)


@dataclass
class Joined:
    """``left operator right`` with & && || or |."""

    operator: str
    left: Node
    right: Node


@dataclass
class Group:
    """Commands in parentheses; their redirections are opened once for all of them."""

    inner: Node
    redirections: list[Redirection] = field(default_factory=list)


@dataclass
class If:
    """``condition`` is the text between ``if`` and the command, without ``/i`` and ``not``, which are ``ignore_case`` and ``negated``."""

    condition: str
    negated: bool
    ignore_case: bool
    body: Node
    otherwise: Node | None


Node = Simple | Joined | Group | If


def expand(line: str, environment: Mapping[str, str]) -> str:
    """Replace ``%NAME%``, ``%NAME:~1,2%`` and ``%NAME:old=new%``; names without regard to case."""
    upper = {name.upper(): value for name, value in environment.items()}

    def replace(found: re.Match[str]) -> str:
        value = upper.get(found.group(1).upper())
        if value is None:
            return found.group(0)
        return value if found.group(2) is None else modify(value, found.group(2))

    return VARIABLE.sub(replace, line)


def modify(value: str, modifier: str) -> str:
    """The part of a variable that a modifier asks for."""
    if cut := SUBSTRING.fullmatch(modifier):
        start = int(cut.group(1))
        rest = value[start if start >= 0 else max(0, len(value) + start) :]
        if cut.group(2) is None:
            return rest
        length = int(cut.group(2))
        return rest[:length]
    old, _equals, new = modifier.partition("=")
    return re.sub(re.escape(old), lambda _: new, value, flags=re.IGNORECASE) if old else value


class _Scanner:
    """Cuts an expanded line into (kind, content) tokens: text, redirection, operator."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._at = 0
        self.tokens: list[tuple[str, str | Redirection]] = []
        self._text = ""

    def scan(self) -> list[tuple[str, str | Redirection]]:
        quoted = False
        while self._at < len(self._line):
            char = self._line[self._at]
            if char == '"':
                quoted = not quoted
                self._keep(char)
            elif quoted:
                self._keep(char)
            elif char == "^":
                self._at += 1
                if self._at < len(self._line):
                    self._keep(self._line[self._at])
            elif char in "\r\n":
                break
            elif char in "<>":
                self._redirection()
            elif (operator := next((known for known in OPERATORS if self._line.startswith(known, self._at)), None)) and self._is_operator(operator):
                self._flush()
                self.tokens.append(("operator", operator))
                self._at += len(operator)
            else:
                self._keep(char)
        self._flush()
        return self.tokens

    def _is_operator(self, operator: str) -> bool:
        """Parentheses group only where a command begins or a group is open."""
        if operator == "(":
            first = not self.tokens or self.tokens[-1][0] == "operator"
            return first and (not self._text.strip() or self._before_command())
        if operator == ")":
            opened = sum(token == ("operator", "(") for token in self.tokens)
            return opened > sum(token == ("operator", ")") for token in self.tokens)
        return True

    def _before_command(self) -> bool:
        """True after a condition or ``else``: what comes next is a command."""
        text = self._text
        if self.tokens[-1:] == [("operator", ")")] and (found := ELSE.match(text)):
            text = text[found.end() :]
        while found := CONDITION.match(text):
            text = text[found.end() :]
        return not text

    def _keep(self, char: str) -> None:
        self._text += char
        self._at += 1

    def _flush(self) -> None:
        # Blanks after a redirection belong to the command: "echo a>&2 && b" prints "a " (recorded so).
        if self._text.strip() or (self._text and self._inside_command()):
            self.tokens.append(("text", self._text))
        self._text = ""

    def _inside_command(self) -> bool:
        kinds = [kind for kind, _content in self.tokens[::-1]]
        until = kinds.index("operator") if "operator" in kinds else len(kinds)
        return "text" in kinds[:until]

    def _redirection(self) -> None:
        direction = self._line[self._at]
        handle = 0 if direction == "<" else 1
        if self._text[-1:].isdigit() and (len(self._text) == 1 or self._text[-2] in HANDLE_AFTER):
            handle = int(self._text[-1])
            self._text = self._text[:-1]
        self._at += 1
        if direction == ">" and self._line.startswith(">", self._at):
            direction, self._at = ">>", self._at + 1
        target = self._target()
        self._flush()
        self.tokens.append(("redirection", Redirection(handle, direction, target)))

    def _target(self) -> str:
        if self._line.startswith("&", self._at) and self._line[self._at + 1 : self._at + 2].isdigit():
            self._at += 2
            return "&" + self._line[self._at - 1]
        found = re.compile(r'[ \t,;=]*((?:"[^"]*"|[^\s"<>|&(),;=])+)').match(self._line, self._at)
        if found is None:
            raise SyntaxRefused
        self._at = found.end()
        return found.group(1).replace('"', "")


class _Parser:
    """Precedence from loose to tight: & then || then && then | then groups and commands."""

    LEVELS = ("&", "||", "&&", "|")

    def __init__(self, tokens: list[tuple[str, str | Redirection]]) -> None:
        self._tokens = tokens

    def parse(self) -> Node | None:
        if not self._tokens:
            return None
        node = self._level(0)
        if self._tokens:
            raise SyntaxRefused
        return node

    def _level(self, level: int) -> Node:
        if level == len(self.LEVELS):
            return self._command()
        node = self._level(level + 1)
        operator = self.LEVELS[level]
        while self._tokens[:1] == [("operator", operator)]:
            self._tokens.pop(0)
            if operator == "&" and (not self._tokens or self._tokens[0] == ("operator", ")")):
                break
            node = Joined(operator, node, self._level(level + 1))
        return node

    def _command(self) -> Node:
        if self._tokens[:1] == [("operator", "(")]:
            return self._group()
        text = self._tokens[0][1] if self._tokens else ""
        if isinstance(text, str) and (found := CONDITION.match(text)):
            return self._if(found)
        command = Simple("", [])
        while self._tokens and self._tokens[0][0] != "operator":
            _kind, content = self._tokens.pop(0)
            if isinstance(content, Redirection):
                command.redirections.append(content)
            else:
                command.text += content
        if not command.text.strip() or re.match(r"[\s@]*if\s", command.text, re.IGNORECASE):
            raise SyntaxRefused
        return command

    def _group(self) -> Node:
        self._tokens.pop(0)
        node = self._level(0)
        if self._tokens[:1] != [("operator", ")")]:
            raise SyntaxRefused
        self._tokens.pop(0)
        return Group(node, self._redirections())

    def _if(self, found: re.Match[str]) -> Node:
        """The command after the condition is all the rest of the line, up to an ``else`` after parentheses."""
        self._drop(found.end())
        body = self._level(0)
        otherwise = None
        text = self._tokens[0][1] if self._tokens else ""
        if isinstance(text, str) and (separator := ELSE.match(text)):
            self._drop(separator.end())
            otherwise = self._level(0)
        return If(found["test"], bool(found["not"]), bool(found["i"]), body, otherwise)

    def _drop(self, length: int) -> None:
        """Take ``length`` characters away from the text that comes next."""
        kind, text = self._tokens.pop(0)
        assert isinstance(text, str)
        if text[length:].strip():
            self._tokens.insert(0, (kind, text[length:]))

    def _redirections(self) -> list[Redirection]:
        found: list[Redirection] = []
        while self._tokens and isinstance(self._tokens[0][1], Redirection):
            found.append(self._tokens.pop(0)[1])  # type: ignore[arg-type]
        return found


def parse(line: str, environment: Mapping[str, str]) -> Node | None:
    """The commands of one line, None for an empty one; raises SyntaxRefused."""
    return parse_expanded(expand(line, environment))


def parse_expanded(line: str) -> Node | None:
    """The commands of a line whose variables are replaced already; raises SyntaxRefused."""
    return _Parser(_Scanner(line).scan()).parse()


def split_command(text: str) -> tuple[str, str]:
    """Name and raw rest of a simple command, as cmd finds them: a quoted name, or up to the first delimiter."""
    stripped = text.lstrip(" \t,;=@")
    if stripped.startswith('"'):
        end = stripped.find('"', 1)
        return (stripped[1:], "") if end < 0 else (stripped[1:end], stripped[end + 1 :].lstrip())
    found = re.match(r"[^\s,;=/\"]+", stripped)
    name = found.group(0) if found else stripped
    return name, stripped[len(name) :].lstrip(" \t,;=")


def program_name(image: str) -> str:
    """``C:\\Windows\\System32\\REG.EXE`` -> ``reg``."""
    base = image.replace("/", "\\").rpartition("\\")[2].lower()
    return base.removesuffix(".exe")
