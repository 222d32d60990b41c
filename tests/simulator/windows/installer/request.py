# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody asks Windows Installer to do, and the ways in which it gives up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SUCCESS = 0
SERVICE_FAILURE = 1601
FAILURE = 1603
UNKNOWN_PRODUCT = 1605
SOURCE_ABSENT = 1612
NEWER_INSTALLER = 1613
ALREADY_RUNNING = 1618
CANNOT_OPEN = 1619
INVALID_PACKAGE = 1620
LOG_FAILURE = 1622
FORBIDDEN = 1625
WRONG_PLATFORM = 1633
OTHER_VERSION = 1638
WRONG_COMMAND_LINE = 1639
REBOOT_STARTED = 1641
REBOOT_REQUIRED = 3010

Restart = Literal["ask", "never", "always"]


@dataclass(frozen=True)
class Request:
    """One request. ``target`` is a product code in braces, an absolute path, or a URL.

    ``repair`` are the letters of /f, None for anything else than a repair. ``log`` is an absolute path or empty, with ``letters`` of /L.
    """

    target: str
    remove: bool = False
    repair: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    restart: Restart = "ask"
    log: str = ""
    letters: frozenset[str] = frozenset()
    interface: int = 2


class Refused(Exception):
    """Nothing was begun: ``code`` is the exit code."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(reason or str(code))
        self.code = code


class InstallError(Exception):
    """An action failed: ``number`` of the message in data/installer_texts.json, or 0 with ``text`` alone; the installation ends with 1603."""

    def __init__(self, number: int = 0, text: str = "", **values: object) -> None:
        super().__init__(text or f"error {number} {values}")
        self.number = number
        self.text = text
        self.values = values


class NotModelled(InstallError):
    """The package wants something that the simulator does not do."""

    def __init__(self, what: str) -> None:
        super().__init__(0, f"The simulator does not model {what}.")
