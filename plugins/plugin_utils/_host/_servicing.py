# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows features and capabilities by DISM, whose output is English where `/english` asks for it. Facts: surface 5.2.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .._plan import ApplyFailed
from .._wsman import CommandTimedOut

if TYPE_CHECKING:
    from . import Host

_FEATURES = "dism /online /english /get-features /format:table"
_CAPABILITY = "dism /online /english /get-capabilityinfo /capabilityname:"
_ROW = re.compile(r"^(?P<name>[^\s|]+)\s*\|\s*(?P<state>[A-Z][A-Za-z ]+?)\s*$", re.MULTILINE)
_STATE = re.compile(r"^State : (?P<state>.+?)\s*$", re.MULTILINE)
# RPC_S_CALL_FAILED and its neighbours: the servicing stack was restarted under the call, which goes through the next time.
_ONCE_MORE = frozenset({1722, 1726, 0x800706BE, 0x800706BA})
_HRESULT_OF_WIN32 = 0x8007


class Servicing:
    """The features of one host. What was read is remembered with the registry's reads."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def expect(self) -> None:
        """`features` will be asked for: one command for all of them, which goes along with the registry's."""
        self._host.registry.expect_command(_FEATURES)

    def features(self) -> Mapping[str, tuple[str, str]]:
        """Each feature by its lower-case name: the name as Windows spells it, and its state in DISM's words.

        Raises:
            ApplyFailed: DISM could not tell.
        """
        found = self._told(_FEATURES, "which Windows features there are")
        rows = {match["name"].lower(): (match["name"], match["state"]) for match in _ROW.finditer(found)}
        if not rows:
            raise ApplyFailed(f"DISM on {self._host.name} printed no list of features; run dism /online /english /get-features there to see why.")
        return rows

    def expect_capability(self, name: str) -> None:
        """`capability` will be asked for."""
        self._host.registry.expect_command(_CAPABILITY + name)

    def capability(self, name: str) -> str:
        """The state of a capability in DISM's words: Installed, Not Present, Install Pending and so on.

        Raises:
            ApplyFailed: DISM could not tell.
        """
        match = _STATE.search(self._told(_CAPABILITY + name, f"the state of the capability {name}"))
        if match is None:
            raise ApplyFailed(f"DISM on {self._host.name} does not say the state of the capability {name}; check its name.")
        return match["state"]

    def _told(self, command: str, what: str) -> str:
        output = self._host.registry.command(command)
        if output is None:
            raise ApplyFailed(
                f"DISM could not tell {what} on {self._host.name}: another servicing operation may be running (Windows Update, an installation of features), "
                f"or a restart be due; wait for it or restart the host, and run the play again. Its log is {self.log}."
            )
        return output

    @property
    def log(self) -> str:
        """Where DISM writes its log on the host."""
        return f"{self._host.system.directory}\\Logs\\DISM\\dism.log"

    def change(self, arguments: str, purpose: str, time_limit: float) -> int:
        """Run DISM without a restart and return its exit code, a Win32 error as such and not as HRESULT. `purpose`: "enable X".

        Raises:
            ApplyFailed: it did not end in time.
        """
        started = time.monotonic()
        line = f"{self._host.system.directory}\\System32\\dism.exe /online /english {arguments}"
        self._host.progress(f"DISM begins to {purpose}")
        code = self._run(line, purpose, time_limit)
        if code in _ONCE_MORE:
            code = self._run(line, purpose, time_limit)
        self._host.tell(f"DISM took {time.monotonic() - started:.0f} seconds to {purpose}")
        return code & 0xFFFF if code >> 16 == _HRESULT_OF_WIN32 else code

    def _run(self, line: str, purpose: str, time_limit: float) -> int:
        try:
            return self._host.command_line(line, time_limit, waiting=f"DISM still works to {purpose}").exit_code
        except CommandTimedOut:
            raise ApplyFailed(
                f"DISM did not {purpose} on {self._host.name} within {time_limit:g} seconds; Windows may still be at work, so wait before the next run, "
                f"or give a higher time_limit. Its log is {self.log}."
            ) from None
