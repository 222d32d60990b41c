# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""That an account may read a registry key.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._host import Account, Host, split
from .._host._accounts import split_account
from .._plan import Change, Override, Resource, State
from ._effective_access import KEY_READ, KEY_RIGHTS, Answer, Verdict, effective
from ._membership import Membership, everywhere

# Who may read here may use the registry over the network; read when the service Remote Registry starts (netwrix-facts 1.6).
_WINREG = re.compile(r"system\\(?:currentcontrolset|controlset\d+)\\control\\securepipeservers\\winreg", re.IGNORECASE)


class RegistryAccess(Resource[Host]):
    """`read`: whether the account may read the key, by itself or through what every logon has and the host's local groups."""

    kind = "registry_access"
    creatable = False

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._path: str = options["path"]
        hive, self._below = split(self._path)
        self._asked: str = options["account"].strip()
        if not self._asked.upper().startswith("S-1-"):
            split_account(self._asked)
        self.name = f"{hive}\\{self._below} {self._asked}"
        self._account = Account("", "", "")
        self._verdict = Verdict(Answer.NO)
        self._doubt = ""

    def read(self, host: Host) -> State | None:
        """Whether the account may read; None if there is no such key. What the host can't tell counts as a right.

        Raises:
            Missing: the host knows no such account.
            BadRequest: Windows does not show the permissions.
        """
        self._account = host.accounts.require(self._asked, host.name)
        listed = host.security.key(self._path)
        if listed is None:
            return None
        held = Membership(host, self._account, everywhere(self._account))
        self._verdict = effective(listed, KEY_READ, KEY_RIGHTS, held)
        self._doubt = held.doubt(self._verdict.entry.sid) if self._verdict.entry else ""
        return {"read": self._verdict.answer is not Answer.NO}

    def want(self, have: State | None) -> State | None:
        """The right to read."""
        return {"read": True}

    def lacks(self, host: Host, change: Change) -> str | None:
        """The key; or an entry denies, which one more that allows would not change."""
        if change.before is None:
            return f"{host.name} has no registry key {self._path}; check the path, or install what makes it first."
        if change.changed and self._verdict.denied:
            return f"An entry for {self._verdict.entry} denies {self._account} to read {self._path} on {host.name}; remove it there, as it comes first."
        return None

    def apply(self, host: Host, change: Change) -> None:
        """One entry more that allows to read the key and those below it."""
        host.security.allow_on_key(self._path, self._account.sid, KEY_READ)
        if _WINREG.fullmatch(self._below):
            host.tell(f"{self._account} may read {self._path}; it takes effect when the service RemoteRegistry or {host.name} has been restarted")

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """That the host can't tell whether the account may read."""
        if change.before is None or self._verdict.answer is not Answer.UNKNOWN:
            return ()
        through = f"through {self._doubt}, whose members this host can't tell" if self._doubt else "as the host shows no entry"
        by = f"{self._account} may have the right to read {self._path} on {host.name} {through}"
        return (
            Override(str(self._account), "not told", "", by, "make sure of it where that group is kept" if self._doubt else "look at the key's permissions"),
        )
