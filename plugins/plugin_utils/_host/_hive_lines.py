# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines that load a hive, work with it, and unload it again.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .._plan import ApplyFailed, BadRequest
from ._commands import LINE_LIMIT, quote_for_cmd
from ._registry import RegistryValue

PREFIX = "uamops-"
"""What the names of the keys begin with that hives are loaded as."""

# A second each: a scanner that has just looked into the file lets it go.
_PAUSE = "ping -n 2 127.0.0.1 >nul"


@dataclass(frozen=True, slots=True)
class Answer:
    """`sections`: what each step printed, None if it failed. `still`: the hive is loaded when the line ends. `said` is reg.exe's own text."""

    loaded: bool
    said: str
    sections: tuple[str | None, ...]
    unloaded: bool
    still: bool


@dataclass
class HiveLine:
    r"""One hive, loaded as `HKU\<key>` from `file`, and the steps that are done with it."""

    key: str
    file: str
    steps: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def query(self, paths: Sequence[str]) -> HiveLine:
        """List keys."""
        self.paths += paths
        self.steps += [f"reg query {self._below(path)} 2>nul" for path in paths]
        return self

    def add(self, path: str, value: RegistryValue) -> HiveLine:
        """Set a value, making its key."""
        self.steps.append(f"reg add {self._below(path)} /v {_argument(value.name)} /t {value.type} /d {_argument(_data(value))} /f >nul 2>nul")
        return self

    def delete(self, path: str, name: str) -> HiveLine:
        """Delete a value."""
        self.steps.append(f"reg delete {self._below(path)} /v {_argument(name)} /f >nul 2>nul")
        return self

    def _below(self, path: str) -> str:
        return _argument(f"HKU\\{self.key}\\{path}")

    def commands(self, mark: str) -> list[str]:
        """Its part of a line: load, the steps, unload, and whether it is still loaded, each with its outcome behind the mark."""
        key = _argument(f"HKU\\{self.key}")
        unload = f"reg unload {key} >nul 2>nul"
        retried = f"({unload} || ({_PAUSE} & {unload}) || ({_PAUSE} & {unload}))"
        work = [f"reg load {key} {_argument(self.file)} 2>&1", *self.steps, retried, f"reg query {key} >nul 2>nul"]
        return [f"{command} && echo {mark}+|| echo {mark}-" for command in work]

    @property
    def parts(self) -> int:
        """The number of outcomes."""
        return len(self.steps) + 3


@dataclass
class Batch:
    """Hives that go into one command line."""

    lines: list[HiveLine]
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def text(self, leftovers: Sequence[str] = ()) -> str:
        """The line. Joined by `&`, so that a step that fails keeps nothing from being unloaded.

        Raises:
            BadRequest: Windows takes no line of this length.
        """
        keys = [_argument("HKU\\" + name) for name in leftovers]
        before = [f"reg unload {key} >nul 2>nul" for key in keys]
        text = " & ".join([*before, self.raw()])
        if len(text) > LINE_LIMIT:
            raise BadRequest(f"This needs a command line of {len(text)} characters, and Windows takes {LINE_LIMIT}; shorten the data or the path.")
        return text

    def raw(self) -> str:
        """The line without a look at its length."""
        return " & ".join(command for line in self.lines for command in line.commands(self.mark))

    def answers(self, output: str, host: str) -> list[Answer]:
        """What came of each hive.

        Raises:
            ApplyFailed: the host did not answer all of it.
        """
        sections = re.split(rf"{self.mark}([+-])[ ]*\r?\n", output)
        if len(sections) != 2 * sum(line.parts for line in self.lines) + 1:
            raise ApplyFailed(f"{host} did not answer every part of a command line about users' registry hives; run the play again.")
        outcomes = iter(zip(sections[0::2], sections[1::2], strict=False))
        return [_answer([next(outcomes) for _part in range(line.parts)]) for line in self.lines]


def batches(lines: Sequence[HiveLine]) -> Iterator[Batch]:
    """As many hives as one command line takes; room is left for unloading a few others before."""
    batch = Batch([])
    for line in lines:
        if batch.lines and len(Batch([*batch.lines, line]).raw()) > LINE_LIMIT - 1000:
            yield batch
            batch = Batch([])
        batch.lines.append(line)
    if batch.lines:
        yield batch


def _answer(outcomes: Sequence[tuple[str, str]]) -> Answer:
    (said, loaded), *steps, (_nothing, unloaded), (_none, still) = outcomes
    first = next((line.strip() for line in said.splitlines() if line.strip()), "nothing")
    return Answer(loaded == "+", first, tuple(text if outcome == "+" else None for text, outcome in steps), unloaded == "+", still == "+")


def _argument(text: str) -> str:
    """One quoted argument. A backslash before the closing quotation mark is doubled for the program; quotation marks are for cmd.exe alone.

    Raises:
        BadRequest: the text holds a quotation mark or a control character.
    """
    if '"' in text:
        raise BadRequest(f"{text!r} holds a quotation mark, which can't be written into the registry hive of a user who is not logged on.")
    backslashes = len(text) - len(text.rstrip("\\"))
    return quote_for_cmd(text + "\\" * backslashes)


def _data(value: RegistryValue) -> str:
    return "\\0".join(value.data) if isinstance(value.data, tuple) else str(value.data)
