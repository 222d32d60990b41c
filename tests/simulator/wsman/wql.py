# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""WQL: a parser for data queries and the evaluation of their condition (win32 WmiSdk/wql-sql-for-wmi.md).

``select * | a, b from Class [where condition]`` with = <> != < > <= >= LIKE IS [NOT] NULL, AND, OR, NOT and parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..windows import CimClass, Property, Reference

Condition = Callable[[Mapping[str, Any]], bool]
TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\["'\\])*"|'(?:[^'\\]|\\["'\\])*')"""
    r"""|(?P<number>[+-]?\d+(?:\.\d+)?)|(?P<operator><>|!=|<=|>=|=|<|>)|(?P<mark>[(),*])|(?P<word>[A-Za-z_]\w*))""",
    re.DOTALL,
)
KEYWORDS = frozenset({"select", "from", "where", "and", "or", "not", "like", "is", "null", "true", "false", "isa"})


class InvalidQuery(Exception):
    """Syntax that WMI refuses with WBEM_E_INVALID_QUERY."""


@dataclass(frozen=True)
class Query:
    """A parsed query; ``columns`` None stands for ``*``. The condition is bound to a class by ``condition(cls)``."""

    class_name: str
    columns: tuple[str, ...] | None
    tokens: tuple[tuple[str, str], ...]

    def condition(self, cls: CimClass) -> Condition:
        """Compile the where clause for ``cls``; raises InvalidQuery for unknown or array properties and impossible comparisons."""
        if not self.tokens:
            return lambda values: True
        return _Compiler(self.tokens, cls).compile()


def tokenize(text: str) -> list[tuple[str, str]]:
    """Split into (kind, text); raises InvalidQuery at the first character that fits nowhere."""
    tokens: list[tuple[str, str]] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise InvalidQuery(text)
        kind, value = found.lastgroup, found.group(found.lastgroup)
        tokens.append(("keyword", value.lower()) if kind == "word" and value.lower() in KEYWORDS else (kind, value))
        position = found.end()
    return tokens


def parse(text: str) -> Query:
    """Parse a data query; raises InvalidQuery."""
    tokens = tokenize(text)
    if not tokens or tokens.pop(0) != ("keyword", "select"):
        raise InvalidQuery(text)
    try:
        at = tokens.index(("keyword", "from"))
    except ValueError as exc:
        raise InvalidQuery(text) from exc
    columns = _columns(tokens[:at], text)
    rest = tokens[at + 1 :]
    if not rest or rest[0][0] != "word":
        raise InvalidQuery(text)
    if len(rest) > 1 and (rest[1] != ("keyword", "where") or len(rest) < 3):
        raise InvalidQuery(text)
    return Query(rest[0][1], columns, tuple(rest[2:]))


def _columns(tokens: list[tuple[str, str]], text: str) -> tuple[str, ...] | None:
    if tokens == [("mark", "*")]:
        return None
    names, separators = tokens[::2], tokens[1::2]
    if len(tokens) % 2 == 0 or any(kind != "word" for kind, _word in names) or any(token != ("mark", ",") for token in separators):
        raise InvalidQuery(text)
    return tuple(name for _kind, name in names)


class _Compiler:
    """Recursive descent over the tokens of the where clause: or < and < not < comparison."""

    def __init__(self, tokens: tuple[tuple[str, str], ...], cls: CimClass) -> None:
        self._tokens = list(tokens)
        self._properties = {item.name.lower(): item for item in cls.properties}

    def compile(self) -> Condition:
        condition = self._either()
        if self._tokens:
            raise InvalidQuery(self._tokens[0][1])
        return condition

    def _take(self, kind: str, value: str | None = None) -> str | None:
        if self._tokens and self._tokens[0][0] == kind and value in (None, self._tokens[0][1]):
            return self._tokens.pop(0)[1]
        return None

    def _either(self) -> Condition:
        terms = [self._both()]
        while self._take("keyword", "or"):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else lambda values: any(term(values) for term in terms)

    def _both(self) -> Condition:
        terms = [self._negation()]
        while self._take("keyword", "and"):
            terms.append(self._negation())
        return terms[0] if len(terms) == 1 else lambda values: all(term(values) for term in terms)

    def _negation(self) -> Condition:
        if self._take("keyword", "not"):
            inner = self._negation()
            return lambda values: not inner(values)
        if self._take("mark", "("):
            inner = self._either()
            if not self._take("mark", ")"):
                raise InvalidQuery("missing )")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        if self._tokens and self._tokens[0][0] == "word":
            item = self._property()
            if self._take("keyword", "is"):
                return self._null(item)
            negated = bool(self._take("keyword", "not"))
            if self._take("keyword", "like"):
                return self._like(item, negated=negated)
            operator = self._take("operator")
            if operator is None or negated:
                raise InvalidQuery(item.name)
            return _compare(item, operator, self._constant())
        constant = self._constant()
        operator = self._take("operator")
        if operator is None:
            raise InvalidQuery("no operator")
        return _compare(self._property(), operator.translate(str.maketrans("<>", "><")) if operator not in ("<>", "!=") else operator, constant)

    def _property(self) -> Property:
        name = self._take("word")
        item = self._properties.get((name or "").lower())
        if item is None or item.array or item.type.startswith("object"):
            raise InvalidQuery(name or "no property")
        return item

    def _null(self, item: Property) -> Condition:
        negated = bool(self._take("keyword", "not"))
        if not self._take("keyword", "null"):
            raise InvalidQuery("is without null")
        return lambda values: (values.get(item.name) is None) != negated

    def _like(self, item: Property, *, negated: bool) -> Condition:
        pattern = self._take("string")
        if pattern is None or item.type != "string":
            raise InvalidQuery(item.name)
        expression = like(unquote(pattern))
        return lambda values: values.get(item.name) is not None and bool(expression.fullmatch(values[item.name])) != negated

    def _constant(self) -> Any:
        if (text := self._take("string")) is not None:
            return unquote(text)
        if (text := self._take("number")) is not None:
            return float(text) if "." in text else int(text)
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self._take("keyword", word):
                return value
        raise InvalidQuery("no constant")


def unquote(text: str) -> str:
    """The value of a string literal: a backslash protects the next character, which is a backslash or a quote."""
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def like(pattern: str) -> re.Pattern[str]:
    """A LIKE pattern, or InvalidQuery: % any run, _ one character, [abc] [a-z] [^a] sets; without regard to case."""
    parts = re.findall(r"\[[^\]]*\]|.", pattern, flags=re.DOTALL)
    try:
        return re.compile("".join(_like_part(part) for part in parts), re.IGNORECASE | re.DOTALL)
    except re.error as exc:
        raise InvalidQuery(pattern) from exc


def _like_part(part: str) -> str:
    if part in ("%", "_"):
        return ".*" if part == "%" else "."
    if len(part) > 2:
        inside = part[1:-1].lstrip("^").replace("=", "-")
        # Only a hyphen between two characters is a range; all else stands for itself.
        escaped = re.sub(r"(?<=.)\\-(?=.)", "-", re.escape(inside)) if "--" not in inside else re.escape(inside)
        return f"[{'^' if part[1] == '^' else ''}{escaped}]"
    return re.escape(part)


def _compare(item: Property, operator: str, constant: Any) -> Condition:
    wanted = coerce(item, constant)
    if wanted is None:
        return lambda values: (values.get(item.name) is None) == (operator == "=")
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "=": lambda a, b: a == b,
        "<>": lambda a, b: a != b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
        "<=": lambda a, b: a <= b,
        ">=": lambda a, b: a >= b,
    }
    test = tests[operator]

    def holds(values: Mapping[str, Any]) -> bool:
        value = values.get(item.name)
        # In WMI a comparison with a null property is never true.
        return value is not None and test(normal(value), wanted)

    return holds


def normal(value: Any) -> Any:
    """A value as comparisons see it: text without case, times in text of UTC."""
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Reference):
        keys = ",".join(f'{name}="{key}"' if isinstance(key, str) else f"{name}={key}" for name, key in value.keys.items())
        return f"{value.class_name}.{keys}".casefold()
    return value


def coerce(item: Property, constant: Any) -> Any:
    """The constant in the property's type; raises InvalidQuery if WMI could not convert it."""
    if constant is None:
        return None
    if item.type == "boolean":
        return _boolean(constant)
    if item.type == "datetime":
        return _dmtf(str(constant))
    if item.type == "string" or item.type.startswith("reference"):
        if not isinstance(constant, str):
            raise InvalidQuery(item.name)
        return constant.casefold()
    if isinstance(constant, bool) or (isinstance(constant, str) and not re.fullmatch(r"\s*[+-]?\d+\s*", constant)):
        raise InvalidQuery(item.name)
    return int(constant) if isinstance(constant, str) else constant


def _boolean(constant: Any) -> bool:
    text = str(constant).lower()
    if text not in ("true", "false", "1", "0"):
        raise InvalidQuery(text)
    return text in ("true", "1")


def _dmtf(text: str) -> float:
    found = re.fullmatch(r"(\d{14})\.(\d{6})([+-]\d{3})", text)
    if found is None:
        raise InvalidQuery(text)
    moment = datetime.strptime(found.group(1) + "+0000", "%Y%m%d%H%M%S%z")
    return moment.timestamp() + int(found.group(2)) / 1e6 - int(found.group(3)) * 60
