# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions of Windows Installer (win32 "Conditional Statement Syntax"): ``NOT Installed AND VersionNT >= 601``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Term = str | int | None
# An installation state as &Feature, !Feature, $Component and ?Component give it; None while it is unknown.
State = Callable[[str, str], int | None]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"[^"]*")
  | (?P<number>-?\d+)
  | (?P<operator>~?(?:<>|<=|>=|><|<<|>>|=|<|>))
  | (?P<bracket>[()])
  | (?P<symbol>%?[A-Za-z_][\w.]*|[$?&!][A-Za-z_][\w.]*)
)""",
    re.VERBOSE,
)
_LOGICAL = ("IMP", "EQV", "XOR", "OR", "AND")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_TEXT: Mapping[str, Callable[[str, str], bool]] = {"><": operator.contains, "<<": str.startswith, ">>": str.endswith}
_BITS: Mapping[str, Callable[[int, int], bool]] = {
    "><": lambda left, right: bool(left & right),
    "<<": lambda left, right: left >> 16 & 0xFFFF == right,
    ">>": lambda left, right: left & 0xFFFF == right,
}
_JOIN: Mapping[str, Callable[[bool, bool], bool]] = {
    "AND": operator.and_,
    "OR": operator.or_,
    "XOR": operator.xor,
    "EQV": operator.eq,
    "IMP": lambda left, right: not left or right,
}


class ConditionError(Exception):
    """The text is no condition."""


@dataclass(frozen=True)
class Surroundings:
    """What a condition can name: properties (case counts), environment variables, and states of features and components."""

    properties: Mapping[str, str]
    environment: Mapping[str, str]
    state: State


def holds(text: str, around: Surroundings) -> bool:
    """True if the condition is true; an empty one is. Raises ConditionError."""
    if not text.strip():
        return True
    parser = _Parser(_tokens(text), around)
    found = parser.joined(0)
    if parser.rest:
        raise ConditionError(f"{parser.rest[0][1]!r} is not expected in {text!r}")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ConditionError(f"{text[place:]!r} in {text!r}")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        place = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], around: Surroundings) -> None:
        self.rest = tokens
        self._around = around

    def joined(self, level: int) -> bool:
        """An expression of operators that bind no weaker than ``level`` of _LOGICAL."""
        if level == len(_LOGICAL):
            return self._negated()
        found = self.joined(level + 1)
        while self._word() == _LOGICAL[level]:
            self.rest.pop(0)
            found = _JOIN[_LOGICAL[level]](found, self.joined(level + 1))
        return found

    def _word(self) -> str:
        return self.rest[0][1].upper() if self.rest and self.rest[0][0] == "symbol" else ""

    def _negated(self) -> bool:
        if self._word() == "NOT":
            self.rest.pop(0)
            return not self._negated()
        if self.rest and self.rest[0] == ("bracket", "("):
            self.rest.pop(0)
            found = self.joined(0)
            if not self.rest or self.rest.pop(0) != ("bracket", ")"):
                raise ConditionError("a closing bracket is missing")
            return found
        return self._comparison()

    def _comparison(self) -> bool:
        left = self._term()
        if not self.rest or self.rest[0][0] != "operator":
            # A property counts as true if it has any value, a number if it is not 0.
            return bool(left)
        sign = self.rest.pop(0)[1]
        return compared(left, sign, self._term())

    def _term(self) -> Term:
        if not self.rest:
            raise ConditionError("the condition ends too early")
        kind, text = self.rest.pop(0)
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return int(text)
        if kind != "symbol" or text.upper() in (*_LOGICAL, "NOT"):
            raise ConditionError(f"{text!r} is no value")
        if text[0] in "$?&!":
            return self._around.state(text[0], text[1:])
        if text[0] == "%":
            known = {name.lower(): value for name, value in self._around.environment.items()}
            return known.get(text[1:].lower())
        return self._around.properties.get(text)


def compared(left: Term, sign: str, right: Term) -> bool:
    """Numbers as numbers where both sides can be one, texts by letters (without case after ``~``); a text and a number only differ."""
    ignore_case, sign = sign.startswith("~"), sign.removeprefix("~")
    if isinstance(left, int) or isinstance(right, int):
        one, other = _number(left), _number(right)
        if one is None or other is None:
            return sign == "<>"
        return _BITS[sign](one, other) if sign in _BITS else _COMPARE[sign](one, other)
    texts = [(side or "").lower() if ignore_case else side or "" for side in (left, right)]
    return _TEXT[sign](texts[0], texts[1]) if sign in _TEXT else _COMPARE[sign](texts[0], texts[1])


def _number(value: Term) -> int | None:
    if isinstance(value, int):
        return value
    return int(value) if value and re.fullmatch(r"-?\d+", value.strip()) else None
