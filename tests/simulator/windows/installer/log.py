# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of one run of Windows Installer. Texts that a user could see are in the host's language, the engine's notes are English."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from .. import data

if TYPE_CHECKING:
    from ..host import Windows

# The letters of /L that say what is logged; v and x are not part of *.
STATUS, WARNINGS, ERRORS, ACTIONS, RECORDS, USER, START, MEMORY, DISK, TERMINAL, VERBOSE, DEBUG = "iwearucmopvx"
ALL = frozenset("iwearucmop")
DEFAULT = frozenset("iwearmo")
HIDDEN = "**********"
_STAMP = "MSI (s) (5C:A8)"
_BUILD = "SHIP UNICODE 5.00.10011.00"


def message(host: Windows, key: str, **values: object) -> str:
    """A text of ``data/installer_texts.json`` in the host's language, English if there is none."""
    table: dict[str, dict[str, str]] = data.document("installer_texts.json")
    entry = table[key]
    return entry.get(host.language, entry["en-US"]).format(**values)


def hidden(text: str, secrets: Iterable[str]) -> str:
    """The text without the values of MsiHiddenProperties."""
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return text


class Log:
    """Lines by their kind; ``text`` gives those that the letters ask for. ``secrets`` are the values that must never stand in it."""

    def __init__(self, host: Windows, letters: frozenset[str]) -> None:
        self._host = host
        self._letters = letters
        self._lines: list[tuple[str, str]] = []
        self.secrets: set[str] = set()

    def add(self, kind: str, text: str) -> None:
        """Add a line as it is."""
        self._lines.append((kind, text))

    def note(self, text: str, kind: str = VERBOSE) -> None:
        """Add a line of the installer service with its stamp."""
        self.add(kind, f"{_STAMP} [{datetime.now().strftime('%H:%M:%S')}:000]: {text}")

    def begin(self, action: str) -> None:
        """An action starts."""
        self.add(ACTIONS, message(self._host, "action.start", time=_time(), action=action))

    def end(self, action: str, value: int) -> None:
        """An action ended; 1 is success, 3 a failure, 0 an action that the engine does not know."""
        self.add(ACTIONS, message(self._host, "action.end", time=_time(), action=action, value=value))

    def product(self, name: str, text: str, kind: str = ERRORS) -> None:
        """A message about the product, as it also goes to the event log."""
        self.note(message(self._host, "product", name=name, text=text), kind)

    def properties(self, values: Iterable[tuple[str, str]]) -> None:
        """All properties at the end."""
        for name, value in sorted(values):
            self.add(TERMINAL, f"Property(S): {name} = {value}")

    def text(self) -> str:
        """What the file holds."""
        opened = f"=== Verbose logging {{}}: {datetime.now().strftime('%m/%d/%Y  %H:%M:%S')}"
        tail = f"  Build type: {_BUILD}  Calling process: C:\\Windows\\system32\\msiexec.exe ==="
        wanted = [hidden(text, self.secrets) for kind, text in self._lines if kind in self._letters]
        lines = [opened.format("started") + tail, *wanted, opened.format("stopped") + " ==="]
        return "".join(line + "\r\n" for line in lines)


def _time() -> str:
    return datetime.now().strftime("%H:%M:%S")
