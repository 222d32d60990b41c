# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of a local group; everybody else in it stays.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._host import Account, Host
from .._host._accounts import split_account
from .._host._groups import LONGEST_NAME, GroupMember
from .._plan import ApplyFailed, Change, Resource, State

# Netwrix Auditor makes this group; the name is the same in every language (netwrix-facts 1.6).
PRODUCT_GROUP = "Netwrix Auditor Client Users"


class LocalGroupMember(Resource[Host]):
    """`members`: everybody in the group as `DOMAIN\\name (SID)`, sorted."""

    kind = "local_group_member"
    creatable = False
    # A membership gives access, which share_access behind it then finds.
    installs = True

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._group: str = options["group"].strip()
        self._asked: list[str] = list(options["members"])
        self._present = options["state"] == "present"
        for text in self._asked:
            if not text.strip().upper().startswith("S-1-"):
                split_account(text)
        self.name = self._group
        # One entry may add and another one remove.
        self.identity = f"{self._group} {options['state']}"
        self._accounts: dict[str, Account] = {}

    def read(self, host: Host) -> State | None:
        """Everybody in the group; accounts are compared by their SIDs.

        Raises:
            Missing: the host knows no account of an asked name.
            BadRequest: a text can be no account, or no group.
        """
        accounts = [host.accounts.require(text, host.name) for text in self._asked]
        self._accounts = {_shown(account): account for account in accounts}
        group = host.groups.find(self._group)
        if group is None:
            return None
        by_sid = {account.sid.upper(): shown for shown, account in self._accounts.items()}
        return {"members": _sorted(by_sid.get(member.sid.upper(), str(member)) for member in host.groups.members(group))}

    def want(self, have: State | None) -> State | None:
        """Those who are there, with or without those who are asked for."""
        if have is None and not self._present:
            return None
        members = set(_members(have))
        return {"members": _sorted(members | set(self._accounts) if self._present else members - set(self._accounts))}

    def lacks(self, host: Host, change: Change) -> str | None:
        """The group."""
        if change.before is not None or change.after is None:
            return None
        if self._group.lower() == PRODUCT_GROUP.lower():
            return f"{host.name} has no local group {self._group}: Netwrix Auditor makes it when it is installed; is this its server?"
        return f"{host.name} has no local group {self._group}; check its name, or give its SID, as names of groups are in the host's language."

    def apply(self, host: Host, change: Change) -> None:
        """One command for each account that comes or goes."""
        group = host.groups.find(self._group)
        if group is None:
            raise ApplyFailed(f"The local group {self._group} is gone from {host.name}.")
        before, after = set(_members(change.before)), set(_members(change.after))
        for shown in sorted(before ^ after):
            host.groups.change(group, self._accounts[shown], add=shown in after, host=host.name)

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Who else is in the group."""
        others = [shown for shown in _members(have) if shown not in self._accounts]
        if not others:
            return ()
        listed = ", ".join(others)
        if self._group.lower() == PRODUCT_GROUP.lower():
            return (f"all members of {self._group} see all recordings and all collected data; others than asked for on {host.name}: {listed}",)
        return (f"others in {self._group} on {host.name}: {listed}",)

    def warnings(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Names that the command may not take."""
        coming = [account for shown, account in self._accounts.items() if (shown in _members(have)) != self._present]
        long = [str(account) for account in coming if len(account.name) > LONGEST_NAME]
        return tuple(f"net may not take {name}, which has more than {LONGEST_NAME} characters" for name in long)


def _members(state: State | None) -> tuple[str, ...]:
    found = state["members"] if state else ()
    return found if isinstance(found, tuple) else ()


def _shown(account: Account) -> str:
    return str(GroupMember(account.sid, str(account)))


def _sorted(members: Iterable[str]) -> tuple[str, ...] | None:
    """None for nobody: no entries stand for "any" elsewhere."""
    return tuple(sorted(members, key=str.lower)) or None
