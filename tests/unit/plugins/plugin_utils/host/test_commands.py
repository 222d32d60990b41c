# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many commands a shell serves, and when it is deleted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._commands import Commands
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Client


class Shells:
    """A client whose shells take down what is done with them."""

    def __init__(self) -> None:
        self.log: list[str] = []

    def shell(self, environment: dict[str, str]) -> SimpleNamespace:
        """As Client's."""
        self.log.append("open")
        return SimpleNamespace(run=self._run, close=lambda: self.log.append("close"))

    def _run(self, line: str, **_options: object) -> SimpleNamespace:
        self.log.append(line)
        return SimpleNamespace(exit_code=0, stdout="", stderr="")


def test_a_shell_serves_twelve_commands() -> None:
    """Windows 7 and 2008 R2 end at 15: the old shell goes before the thirteenth command, and not a message earlier."""
    shells = Shells()
    commands = Commands(cast(Client, shells))
    for _number in range(25):
        commands.cmd("ver")
    twelve = ["ver"] * 12
    assert shells.log == ["open", *twelve, "close", "open", *twelve, "close", "open", "ver"]


def test_a_shell_that_was_closed_is_followed_by_a_new_one_with_its_own_count() -> None:
    """What the old one served does not shorten the life of the new one; closing twice sends nothing."""
    shells = Shells()
    commands = Commands(cast(Client, shells))
    for count in (7, 12):
        for _number in range(count):
            commands.line("ver")
        commands.close()
        commands.close()
    assert shells.log == ["open", *["ver"] * 7, "close", "open", *["ver"] * 12, "close"]
