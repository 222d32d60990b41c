# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Installer on the host: the products that it knows, and msiexec.

Products are read from the registry, in both views; Win32_Product is never asked, as it checks and repairs every product (KB974524).

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._package import canonical, packed
from .._plan import ApplyFailed
from .._wsman import CommandTimedOut
from ._commands import UNSAFE
from ._installer_log import errors_in
from ._installer_reasons import BUSY, NEEDS_REBOOT, REASONS
from ._registry import Key

if TYPE_CHECKING:
    from . import Host

_BRANCHES = ("HKLM\\SOFTWARE", "HKLM\\SOFTWARE\\WOW6432Node")
_UNINSTALL = "Microsoft\\Windows\\CurrentVersion\\Uninstall"
_CLASSES = "HKLM\\SOFTWARE\\Classes\\Installer"
_IN_PROGRESS = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\InProgress"
_POLL_SECONDS = (1, 2, 5, 10, 15)
_ROLL_BACK_SECONDS = 30
_LOG_TAIL = 48_000
_CLIENTS = "select ProcessId, CommandLine from Win32_Process where Name = 'msiexec.exe'"


@dataclass(frozen=True, slots=True)
class Product:
    """One product that Windows Installer has installed for all users."""

    code: str
    name: str
    version: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Installation:
    """One call of msiexec: `action` its first option with what that is for, `properties` NAME="value" already in its own quoting.

    `purpose` completes "could not"; `secrets` are never shown and keep the log from naming properties.
    """

    purpose: str
    action: str
    log: str
    properties: Sequence[str] = ()
    secrets: Sequence[str] = ()

    def line(self, program: str) -> str:
        """The command line. /L*V logs everything, with the values of all properties; without p and v it does not name them."""
        letters = "/Liwearucmo" if self.secrets else "/L*V"
        return " ".join([program, self.action, "/qn /norestart", f'{letters} "{self.log}"', *self.properties])


class Installer:
    """Windows Installer of one host."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def expect(self, upgrade_code: str | None, code: str | None, name: str | None) -> None:
        """`related`, `product` and `named` will be asked for these."""
        if upgrade_code:
            self._host.registry.expect(_related(upgrade_code))
        if code:
            for path in (*self._uninstall_keys(code), _registered(code)):
                self._host.registry.expect(path)
        for command in self._searches(name) if name else ():
            self._host.registry.expect_command(command)

    def related(self, upgrade_code: str) -> list[str]:
        """The product codes that are installed with this upgrade code."""
        key = self._host.registry.key(_related(upgrade_code))
        return [_unpacked(value.name) for value in key.values.values() if len(value.name) == 32] if key else []

    def named(self, name: str) -> list[str]:
        """The product codes whose display name is `name`, in any letter case; none for a name that no command line can hold."""
        codes: dict[str, None] = {}
        for command in self._searches(name):
            for line in (self._host.registry.command(command) or "").splitlines():
                last = line.rpartition("\\")[2].strip().upper()
                if line.startswith("HKEY_") and last.startswith("{") and len(last) == 38:
                    codes[last] = None
        return list(codes)

    def product(self, code: str) -> Product | None:
        """The product of this code, None if its registration is not there or not whole."""
        if self._host.registry.key(_registered(code)) is None:
            return None
        for path in self._uninstall_keys(code):
            key = self._host.registry.key(path)
            if key is not None:
                return Product(code.upper(), _text(key, "DisplayName"), _version(key), _text(key, "Publisher"))
        return None

    def run(self, installation: Installation, *, time_limit: float, busy_limit: float, as_system: bool = False) -> None:
        """Run msiexec to its end and wait for another installation before it; sets `host.reboot_required`.

        Raises:
            ApplyFailed: it failed, or did not end within `time_limit` seconds.
        """
        line = installation.line(f"{self._host.system.directory}\\System32\\msiexec.exe")
        began = time.monotonic()
        tries = 0
        while (code := self._once(installation, line, time_limit, as_system)) == BUSY and time.monotonic() - began < busy_limit:
            time.sleep(_POLL_SECONDS[min(tries, len(_POLL_SECONDS) - 1)])
            tries += 1
        if code in NEEDS_REBOOT:
            self._host.reboot_required = True
        elif code:
            raise ApplyFailed(self._failure(installation, code))

    def _once(self, installation: Installation, line: str, time_limit: float, as_system: bool) -> int:
        try:
            if as_system:
                return self._host.as_system([line], time_limit, installation.purpose)
            return self._host.command_line(line, time_limit).exit_code
        except CommandTimedOut:
            self._end_clients(installation.log)
            raise ApplyFailed(
                f"Windows Installer did not {installation.purpose} on {self._host.name} within {time_limit:.0f} seconds and was ended with all that it had "
                f"started; {self._aftermath()} Log on the host: {installation.log}."
            ) from None

    def _end_clients(self, log: str) -> None:
        """End the processes that belong to one log file: other people's installations go on."""
        for process in list(self._host.client.query("root/cimv2", _CLIENTS)):
            if log.lower() in (process.text("CommandLine") or "").lower():
                self._host.run("taskkill.exe", f"/f /t /pid {process.integer('ProcessId')}")

    def _aftermath(self) -> str:
        end = time.monotonic() + _ROLL_BACK_SECONDS
        while time.monotonic() < end:
            self._host.registry.forget()
            if self._host.registry.key(_IN_PROGRESS) is None:
                return "what it had done was rolled back."
            time.sleep(1)
        return "Windows still rolls it back, so wait before the next run."

    def _failure(self, installation: Installation, code: int) -> str:
        reason = REASONS.get(code, "see the log")
        said = errors_in(self._host.files.read_tail(installation.log, _LOG_TAIL))
        for secret in filter(None, installation.secrets):
            said = [line.replace(secret, "********") for line in said]
        quoted = f" It says: {' | '.join(said)}" if said else ""
        what = f"Windows Installer could not {installation.purpose} on {self._host.name}"
        return f"{what}: {reason} (exit code {code}). Log on the host: {installation.log}.{quoted}"

    def _uninstall_keys(self, code: str) -> list[str]:
        return [f"{branch}\\{_UNINSTALL}\\{code.upper()}" for branch in self._branches()]

    def _searches(self, name: str) -> list[str]:
        if UNSAFE.search(name) or name.endswith("\\"):
            return []
        return [f'reg query "{branch}\\{_UNINSTALL}" /s /d /e /f "{name}"' for branch in self._branches()]

    def _branches(self) -> Sequence[str]:
        return _BRANCHES if self._host.system.bits == 64 else _BRANCHES[:1]


def _related(upgrade_code: str) -> str:
    return f"{_CLASSES}\\UpgradeCodes\\{packed(upgrade_code)}"


def _registered(code: str) -> str:
    return f"{_CLASSES}\\Products\\{packed(code)}"


def _unpacked(text: str) -> str:
    """The packed form swaps digits in groups, so that packing twice gives the code again."""
    return canonical(packed(text))


def _text(key: Key, name: str) -> str:
    return str(key.data(name) or "")


def _version(key: Key) -> str:
    """DisplayVersion; where it is missing, the number that Windows Installer keeps beside it (surface 7.1)."""
    number = key.data("Version")
    if shown := _text(key, "DisplayVersion"):
        return shown
    return f"{number >> 24}.{number >> 16 & 0xFF}.{number & 0xFFFF}" if isinstance(number, int) else "0"
