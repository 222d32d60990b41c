# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Installer on the host: the products that it knows, and msiexec.

Products are read from the registry, in both views; Win32_Product is never asked, as it checks and repairs every product (KB974524).

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._package import canonical, packed
from .._plan import ApplyFailed, StateError
from .._wsman import CommandTimedOut, Instance, WSManError
from ._commands import UNSAFE
from ._installer_log import errors_in
from ._installer_reasons import BUSY, NEEDS_REBOOT, REASONS, UNKNOWN_PRODUCT
from ._registry import Key

if TYPE_CHECKING:
    from . import Host

_BRANCHES = ("HKLM\\SOFTWARE", "HKLM\\SOFTWARE\\WOW6432Node")
_UNINSTALL = "Microsoft\\Windows\\CurrentVersion\\Uninstall"
_CLASSES = "HKLM\\SOFTWARE\\Classes\\Installer"
_IN_PROGRESS = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\InProgress"
_POLL_SECONDS = (1, 2, 5, 10, 15)
_GRACE_SECONDS, _ROLL_BACK_SECONDS = 5, 30
_LOG_TAIL = 48_000
_PROCESSES = "select ProcessId, ParentProcessId, CommandLine from Win32_Process"


@dataclass(frozen=True, slots=True)
class Product:
    """One product that Windows Installer has installed for all users; `listed` False if the list of programs has lost it."""

    code: str
    name: str
    version: str
    publisher: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Installation:
    """One call of msiexec: `action` its first option with what that is for, `properties` NAME="value" already in its own quoting.

    `purpose` completes "could not". `secret` True: the log must not name values, and none of its lines is shown. `gone` True: a product that
    Windows Installer no longer knows is what was wanted.
    """

    purpose: str
    action: str
    log: str
    properties: Sequence[str] = ()
    secret: bool = False
    gone: bool = False

    def line(self, program: str) -> str:
        """The command line. /L*V logs everything; without v, p, c, a and r the log names no properties and no data of what is written."""
        letters = "/Liwemuo" if self.secret else "/L*V"
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
        """The codes of products that have this name, in any letter case, and perhaps of others; none for a name that no command line can hold."""
        codes: dict[str, None] = {}
        for command in self._searches(name):
            for line in (self._host.registry.command(command) or "").splitlines():
                last = line.rpartition("\\")[2].strip().upper()
                if line.startswith("HKEY_") and re.fullmatch(r"\{[0-9A-F-]{36}\}|[0-9A-F]{32}", last):
                    codes[last if last.startswith("{") else _unpacked(last)] = None
        return list(codes)

    def product(self, code: str) -> Product | None:
        """The product of this code, None if Windows Installer does not know it. What the list of programs says goes before its own notes."""
        known = self._host.registry.key(_registered(code))
        if known is None:
            return None
        for path in self._uninstall_keys(code):
            key = self._host.registry.key(path)
            if key is not None:
                return Product(code.upper(), _text(key, "DisplayName"), _version(key), _text(key, "Publisher"))
        return Product(code.upper(), _text(known, "ProductName"), _version(known), "", listed=False)

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
        elif code and not (installation.gone and code == UNKNOWN_PRODUCT):
            raise ApplyFailed(self._failure(installation, code))

    def _once(self, installation: Installation, line: str, time_limit: float, as_system: bool) -> int:
        what = f"{installation.purpose} on {self._host.name}"
        try:
            if as_system:
                return self._host.as_system([line], time_limit, installation.purpose)
            return self._host.command_line(line, time_limit).exit_code
        except CommandTimedOut:
            failure = f"Windows Installer did not {what} within {time_limit:.0f} seconds and was ended"
        except ApplyFailed as error:
            failure = str(error).rstrip(".")
        raise ApplyFailed(f"{failure}; {self._end(installation.log)} Log on the host: {installation.log}.")

    def _end(self, log: str) -> str:
        """End what belongs to one log file, and what the service runs for it; returns what was seen afterwards, as a sentence.

        Other people's msiexec goes on. A step that hangs is no child of our msiexec but of the service, which runs one installation at a
        time: with ours.
        """
        processes = list(self._host.client.query("root/cimv2", _PROCESSES))
        ours = [row for row in processes if log.lower() in (row.text("CommandLine") or "").lower()]
        self._kill(ours)
        if ours and not self._at_rest(_GRACE_SECONDS):
            self._host.services.forget()
            service = self._host.services.get("msiserver")
            processes = list(self._host.client.query("root/cimv2", _PROCESSES))
            self._kill([row for row in processes if service and service.process_id and row.integer("ParentProcessId") == service.process_id])
        if self._at_rest(_ROLL_BACK_SECONDS):
            return "no installation is in progress there any more."
        return "an installation is still in progress there, perhaps its roll-back, so wait before the next run."

    def _kill(self, processes: Sequence[Instance]) -> None:
        for process in processes:
            self._host.run("taskkill.exe", f"/f /t /pid {process.integer('ProcessId')}")

    def _at_rest(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while True:
            self._host.registry.forget()
            if self._host.registry.key(_IN_PROGRESS) is None:
                return True
            if time.monotonic() > end:
                return False
            time.sleep(1)

    def _failure(self, installation: Installation, code: int) -> str:
        what = f"Windows Installer could not {installation.purpose} on {self._host.name}"
        return f"{what}: {REASONS.get(code, 'see the log')} (exit code {code}). {self._said(installation)}"

    def _said(self, installation: Installation) -> str:
        """Where the log lies and its last errors; Windows Installer writes none for a command line or a policy that it refuses."""
        where = f"Log on the host: {installation.log}."
        if installation.secret:
            return f"{where} It is not shown here because of secret_properties."
        try:
            said = errors_in(self._host.files.read_tail(installation.log, _LOG_TAIL))
        except (StateError, WSManError):
            return "It left no log that can be read."
        return f"{where} It says: {' | '.join(said)}" if said else where

    def _uninstall_keys(self, code: str) -> list[str]:
        return [f"{branch}\\{_UNINSTALL}\\{code.upper()}" for branch in self._branches()]

    def _searches(self, name: str) -> list[str]:
        if UNSAFE.search(name) or name.endswith("\\"):
            return []
        places = [f"{_CLASSES}\\Products", *(f"{branch}\\{_UNINSTALL}" for branch in self._branches())]
        return [f'reg query "{place}" /s /d /e /f "{name}"' for place in places]

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
