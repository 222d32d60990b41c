# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .NET Framework 4.5 and later: that the host has at least a certain release.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._host import Host
from .._plan import ApplyFailed, BadRequest, Change, Missing, Resource, State
from ._dotnet_installer import DotnetInstaller
from ._dotnet_releases import LOWEST, NEEDS_REBOOT, REASONS, version_of

_FULL = "HKLM\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full"


class DotnetFramework(Resource[Host]):
    """`release`: the number in the registry. A higher one than asked is as required, as each release replaces those before it."""

    kind = "dotnet_framework"
    installs = True
    may_restart = True

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._release: int = options["release"]
        if self._release < LOWEST:
            raise BadRequest(f"{self._release} is no release of the .NET Framework 4.5 or later; 528040 is 4.8.")
        self.name = version_of(self._release)
        self._installer = DotnetInstaller(options) if options["installer"] else None

    def expect(self, host: Host) -> None:
        """Its key goes with the others in one command."""
        host.registry.expect(_FULL)

    def read(self, host: Host) -> State | None:
        """The release; None before 4.5."""
        key = host.registry.key(_FULL)
        release = key.data("Release") if key else None
        return {"release": release} if isinstance(release, int) else None

    def want(self, have: State | None) -> State | None:
        """The release asked, or what is there: if it is higher, or if what was installed shows after a restart only."""
        if self.awaits_restart or _release(have) >= self._release:
            return have
        return {"release": self._release}

    def check(self, host: Host, change: Change) -> None:
        """The installer's file is looked at before anything is written."""
        if self._installer:
            self._installer.check()

    def apply(self, host: Host, change: Change) -> None:
        """Run the installer as SYSTEM: Windows Update, which it uses, refuses accounts that came over the network (surface 6)."""
        if self._installer is None:
            raise Missing(self._needed(host, change))
        purpose = f"install the .NET Framework {self.name}"
        code = self._installer.run(host, purpose)
        if code in NEEDS_REBOOT:
            host.reboot_required = self.awaits_restart = True
            host.tell(f"the .NET Framework {self.name} is installed and takes effect when {host.name} has been restarted")
        elif code:
            reason = REASONS.get(code, "see its log")
            shown = str(code) if code < 0x80000000 else f"0x{code:08X}"
            raise ApplyFailed(
                f"{self._installer.name} could not {purpose} on {host.name}: {reason} (exit code {shown}). Its logs are in {host.system.directory}\\Temp."
            )

    def warnings(self, host: Host, have: State | None) -> tuple[str, ...]:
        """What is in the way of an installation."""
        if self.want(have) == have:
            return ()
        return ("Windows waits for a restart, and the installer may refuse to run before it",) if host.restart.reasons() else ()

    def lacks(self, host: Host, change: Change) -> str | None:
        """The installer, if none is given."""
        return self._needed(host, change) if change.changed and self._installer is None else None

    def _needed(self, host: Host, change: Change) -> str:
        return f"{host.name} has the .NET Framework {_shown(change.before)} and needs {_shown(change.after)}; give installer, or install it by other means."


def _release(state: State | None) -> int:
    release = state["release"] if state else 0
    return release if isinstance(release, int) else 0


def _shown(state: State | None) -> str:
    release = _release(state)
    return f"{version_of(release)} (release {release})" if release else version_of(0)
