# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The local groups of one host and their members, which callers may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .accounts import ADMINISTRATORS, LOCAL_GROUPS, REMOTE_MANAGEMENT_USERS, USERS, domain_administrators, is_local
from .principals import ALIAS, Principal, by_sid, sid_of

if TYPE_CHECKING:
    from .host import Windows

CLIENT_USERS = "Netwrix Auditor Client Users"
NO_SUCH_GROUP, NOT_A_MEMBER, ALREADY_A_MEMBER, GROUP_EXISTS, WRONG_TYPE, BUILT_IN = 1376, 1377, 1378, 1379, 1388, 1371
_FIRST_RID, _CLIENT_USERS_RID = 1020, 1010


@dataclass
class LocalGroup:
    """One group; ``members`` are SIDs in the order in which they came, also of accounts that are gone."""

    name: str
    sid: str
    members: list[str] = field(default_factory=list)
    comment: str = ""

    @property
    def builtin(self) -> bool:
        """True for a group that Windows itself made."""
        return self.sid.startswith("S-1-5-32-")


class LocalGroups:
    """Found by name or SID; changes give the Win32 error, or 0."""

    def __init__(self, host: Windows) -> None:
        """Windows' own, the product's where its server is installed, and those of the option ``groups``."""
        self._host = host
        names = host.speech.well_known
        self._groups = [LocalGroup(names[sid], sid) for sid in LOCAL_GROUPS]
        if host.options.get("server"):
            self._groups.append(LocalGroup(CLIENT_USERS, f"{host.machine_sid}-{_CLIENT_USERS_RID}"))
        for place, name in enumerate(host.options.get("groups", {})):
            if self.by_name(str(name)) is None and not str(name).startswith("S-1-"):
                self._groups.append(LocalGroup(str(name), f"{host.machine_sid}-{_FIRST_RID + place}"))

    def furnish(self) -> None:
        """Put in the members; the groups themselves have to be known already, as others may name them."""
        for group in self._groups:
            group.members.extend(dict.fromkeys(self._first_members(group.sid)))
        for name, wanted in self._host.options.get("groups", {}).items():
            chosen = self.by_name(str(name)) or self.by_sid(str(name))
            if chosen is None:
                raise ValueError(f"{self._host.name}: there is no group {name}")
            for sid in (sid_of(self._host, entry) for entry in wanted):
                chosen.members += [sid] if sid not in chosen.members else []

    def _first_members(self, sid: str) -> list[str]:
        accounts = self._host.accounts
        if sid == ADMINISTRATORS:
            added = [item.sid for item in domain_administrators(self._host)] + self._gone()
            return [account.sid for account in accounts if account.administrator] + added
        if sid == REMOTE_MANAGEMENT_USERS:
            return [account.sid for account in accounts if account.remote_management_user]
        if sid == USERS:
            return ["S-1-5-4", "S-1-5-11", *(account.sid for account in accounts if is_local(self._host, account))]
        return []

    def _gone(self) -> list[str]:
        return [str(entry) for entry in self._host.options.get("administrators", ()) if str(entry).startswith("S-1-")]

    def __iter__(self) -> Iterator[LocalGroup]:
        return iter(self._groups)

    def by_name(self, name: str) -> LocalGroup | None:
        """The group of this name."""
        return next((group for group in self._groups if group.name.lower() == name.lower()), None)

    def by_sid(self, sid: str) -> LocalGroup | None:
        """The group of this SID."""
        return next((group for group in self._groups if group.sid == sid), None)

    def named_members(self, group: LocalGroup) -> list[Principal]:
        """The members that somebody can name: an account that is gone is left out."""
        return [found for found in (by_sid(self._host, sid) for sid in group.members) if found]

    def add(self, group: LocalGroup, member: Principal) -> int:
        """Add a member; a local group can't be in a local group."""
        if member.kind == ALIAS:
            return WRONG_TYPE
        if member.sid in group.members:
            return ALREADY_A_MEMBER
        group.members.append(member.sid)
        self._note(group, "add member", member.sid)
        return 0

    def remove(self, group: LocalGroup, member: Principal) -> int:
        """Remove a member."""
        if member.sid not in group.members:
            return NOT_A_MEMBER
        group.members.remove(member.sid)
        self._note(group, "remove member", member.sid)
        return 0

    def make(self, name: str, comment: str) -> int:
        """Make a group."""
        if self.by_name(name) is not None:
            return GROUP_EXISTS
        taken = [int(group.sid.rpartition("-")[2]) for group in self._groups if not group.builtin]
        group = LocalGroup(name, f"{self._host.machine_sid}-{max([_FIRST_RID, *taken]) + 1}", comment=comment)
        self._groups.append(group)
        self._note(group, "make", group.sid)
        return 0

    def delete(self, group: LocalGroup) -> int:
        """Delete a group; Windows' own stay."""
        if group.builtin:
            return BUILT_IN
        self._groups.remove(group)
        self._note(group, "delete", group.sid)
        return 0

    def _note(self, group: LocalGroup, action: str, sid: str) -> None:
        self._host.journal.write("local_group", group.name, {"action": action, "sid": sid})
