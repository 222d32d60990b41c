# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Windows host offers: its release and folders, registry, services, firewall and commands.

Everything that is read is remembered for one task, so that resources share it.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext

from .._plan import ApplyFailed, BadRequest, StateError
from .._wsman import STDIN_PART, Client, Completed, Sink, Stdin, Transport, WSManFault
from . import _netsh as netsh
from ._accounts import Account, Accounts
from ._commands import LINE_LIMIT, PERCENT, Commands, check_arguments, quote, quote_for_cmd
from ._defender import Defender, Exclusions
from ._edition import NO_ADMINISTRATOR, Edition, Editions, OperatingSystem, operating_system
from ._files import Delivery, Files, Slots, SmbOptions
from ._firewall import Firewall
from ._folders import Folders
from ._groups import Groups
from ._hives import Hives, Profile
from ._installer import Installation, Installer, Product
from ._network import Connection, Network
from ._policies import Policies
from ._reboot import Boot, last_boot, wait_until_back
from ._reboot import Terms as RestartTerms
from ._reboot import order as order_restart
from ._registry import Registry, RegistryValue, is_registry, split
from ._restart import Restart
from ._rules import Rule
from ._security import Security
from ._services import Services
from ._servicing import Servicing
from ._system_task import as_system, batch_quote, make_private

__all__ = [
    "Account",
    "Boot",
    "Connection",
    "Delivery",
    "Edition",
    "Exclusions",
    "Files",
    "Firewall",
    "Host",
    "Installation",
    "OperatingSystem",
    "Product",
    "Profile",
    "RegistryValue",
    "RestartTerms",
    "Rule",
    "SmbOptions",
    "batch_quote",
    "check_arguments",
    "is_registry",
    "last_boot",
    "netsh",
    "order_restart",
    "quote",
    "quote_for_cmd",
    "split",
    "wait_until_back",
]

_GROUPS = "whoami /groups /fo csv /nh"
# The integrity levels High and System: a full administrator's token, not one that User Account Control has filtered.
_FULL_TOKEN = re.compile(r"S-1-16-(?:12288|16384)\b")
_MINUTE = 60.0


Connect = Callable[[float | None], Transport]


class Host:
    """One Windows host behind a WS-Management client."""

    def __init__(self, client: Client, name: str, smb: SmbOptions | None = None, slots: Slots = nullcontext, connect: Connect | None = None) -> None:
        """`name` is what people call the host: its name in the inventory. `smb` and `slots` are for its files, `connect` for `reconnect`."""
        self.client = client
        self.name = name
        self.told: list[str] = []
        self.reboot_required = False
        self._restart_expected = False
        self._connect = connect
        self._commands = Commands(client)
        self._system: OperatingSystem | None = None
        self._administrator = False
        self.registry = Registry(client, self._commands.line)
        self.restart = Restart(self.registry)
        self.services = Services(client, lambda program, arguments: self.run(program, arguments).exit_code)
        self.policies = Policies(client)
        self.firewall = Firewall(self)
        self.defender = Defender(client, self.registry, name)
        self.files = Files(self, smb, slots)
        self.installer = Installer(self)
        self.network = Network(client)
        self._folders = Folders(name, self.registry, lambda: self.system)
        self.accounts = Accounts(client)
        self.groups = Groups(client, self.run)
        self.security = Security(client)
        self.hives = Hives(self)
        self.servicing = Servicing(self)
        self.editions = Editions(self.registry)
        # What runs for minutes says so here while it runs; it is no part of any result.
        self.progress: Callable[[str], object] = lambda _text: None

    def forget(self) -> None:
        """Drop what was read and can change."""
        self.registry.forget()
        self.services.forget()
        self.policies.forget()
        self.firewall.forget()
        self.defender.forget()
        self.groups.forget()
        self.security.forget()
        self.hives.forget()

    def tell(self, note: str) -> None:
        """Say something about how a change was brought about; it goes into the result's notes."""
        self.told.append(note)

    def await_restart(self, note: str) -> None:
        """Say once that something takes effect with the next restart; it goes into the result's notes and `reboot_required`."""
        self.reboot_required = True
        if note not in self.told:
            self.tell(note)

    def expect_restart(self) -> None:
        """Find out with the next registry reads whether Windows waits for a restart."""
        self._restart_expected = True
        self.restart.expect()

    def reboot_reasons(self) -> list[str]:
        """Why the host waits for a restart: what this task has done, and what Windows says where the plan wanted to know it."""
        own = ["this_task"] if self.reboot_required else []
        if not self._restart_expected:
            return own
        if self.restart.file_renames():
            self.tell("files wait to be replaced when Windows starts (PendingFileRenameOperations), which alone is often no reason to restart")
        return [*own, *self.restart.reasons()]

    def reconnect(self, answer_within: float | None = None) -> None:
        """Leave the connection as it is, without a word to the host, and take a new one, with nothing remembered.

        `answer_within`: seconds for connecting and for each answer; None for the play's own limits.
        """
        if self._connect is None:
            raise StateError(f"The connection to {self.name} can't be made anew.")
        self._commands.abandon()
        self.client.use(self._connect(answer_within))
        self.forget()

    def rest(self) -> None:
        """Delete the shell before a time without commands: WinRM 2.0 ends one that is idle for 180 s. The next command opens a new one."""
        self._commands.close()

    def close(self) -> None:
        """End the shell and the connection."""
        try:
            self._commands.close()
        finally:
            self.client.close()

    def ready(self) -> None:
        """Refuse a host that is no Windows, and an account that is not a full administrator of it.

        The account's groups come along with the first registry reads and cost no message of their own.

        Raises:
            BadRequest: Windows would hide things from this account and refuse its changes.
        """
        self._identify()
        self._administrator = self._administrator or bool(_FULL_TOKEN.search(self._groups()))
        if not self._administrator:
            raise BadRequest(NO_ADMINISTRATOR.format(host=self.name))

    def _groups(self) -> str:
        try:
            groups = self.registry.command(_GROUPS)
        except WSManFault as fault:
            if fault.access_denied:
                return ""
            raise
        if groups is None:
            raise ApplyFailed(f"whoami could not tell the groups of the account on {self.name}; its domain controller may be out of reach.")
        return groups

    @property
    def edition(self) -> Edition:
        """The edition; `editions.expect` makes it ride along with the other reads."""
        return self.editions.current

    @property
    def system(self) -> OperatingSystem:
        """The operating system.

        Raises:
            BadRequest: the host answers WS-Management, but is no Windows, or the account may not even ask.
        """
        return self._identify()

    def _identify(self) -> OperatingSystem:
        if self._system is None:
            self._system = operating_system(self.client, self.name)
        return self._system

    def run(self, program: str, arguments: str) -> Completed:
        """Run a program of Windows' system directory; values in `arguments` come from `quote`."""
        return self._commands.program(f"{self.system.directory}\\System32", program, arguments)

    def command_line(self, line: str, time_limit: float, waiting: str = "") -> Completed:
        """Run a line of cmd.exe whose values stand in quotation marks; a percent sign in it means itself.

        waiting: what `progress` is told about once a minute until it has ended.

        Raises:
            BadRequest: the line can't be written safely.
            CommandTimedOut: it did not end in time.
        """
        written = line.replace("%", f"%{PERCENT}%")
        if len(written) > LINE_LIMIT:
            raise BadRequest(f"This needs a command line of {len(written)} characters, and Windows takes {LINE_LIMIT}; shorten its values.")
        check_arguments(line.replace("%", ""))
        return self._commands.cmd(written, time_limit=time_limit, waiting=self._every_minute(waiting) if waiting else None)

    def _every_minute(self, text: str) -> Callable[[], None]:
        started = told = time.monotonic()

        def tell() -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= _MINUTE:
                told = now
                self.progress(f"{text} ({(now - started) / _MINUTE:.0f} min)")

        return tell

    def cmd(self, line: str, *, stdin: Stdin = b"", stdin_part: int = STDIN_PART, stdout: Sink | None = None, time_limit: float = 60.0) -> Completed:
        """Run a line of cmd.exe; values in it come from `quote` or `quote_for_cmd`. For the rest see `Shell.run`."""
        return self._commands.cmd(line, stdin=stdin, stdin_part=stdin_part, stdout=stdout, time_limit=time_limit)

    def as_system(self, lines: Sequence[str], time_limit: float, purpose: str) -> int:
        """Run command lines as SYSTEM and return the exit code of the first that fails, or 0; see `_system_task.as_system`."""
        return as_system(self, lines, time_limit, purpose)

    def must_run(self, program: str, arguments: str, purpose: str) -> None:
        """Run a program that has to succeed.

        Raises:
            ApplyFailed: its exit code is not 0; the first line that it printed is quoted as it is.
        """
        done = self.run(program, arguments)
        if done.exit_code:
            said = next((line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()), "nothing")
            raise ApplyFailed(f"{program} could not {purpose} on {self.name} (exit code {done.exit_code}); it said: {said}")

    @property
    def staging(self) -> str:
        """Our own folder on the host, where only administrators can write: packages, logs and scripts lie there."""
        return f"{self.system.directory}\\uamops"

    def prepare_staging(self) -> None:
        """Make our own folder, and leave it to SYSTEM and administrators: logs and scripts are nobody else's business."""
        make_private(self, self.staging)

    def expect_folders(self) -> None:
        """`expand` or `locate` will be asked."""
        self._folders.expect()

    def expand(self, path: str) -> str:
        """A path with the host's own folders in place of `%ProgramFiles%` and its like; see `Folders`."""
        return self._folders.expand(path)

    def locate(self, candidates: list[str]) -> str:
        r"""The first candidate that the host has: a folder, or `HKLM\...\Key\Value` that holds one; Missing if there is none."""
        return self._folders.locate(candidates)

    def native(self, path: str) -> str:
        """A registry path as this host has it: 32-bit Windows has no `WOW6432Node`."""
        return self._folders.native(path)
