# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host's local groups and who is in them.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .._plan import ApplyFailed, BadRequest
from .._wsman import Association, Client, Completed, Reference, Resource, WSManFault
from ._accounts import Account, is_sid
from ._commands import quote

_GROUP = Resource("root/cimv2", "Win32_Group")
_UNWRITABLE = re.compile(r'["/\\\[\]:;|=,+*?<>%\x00-\x1f]')
NO_SUCH_GROUP, NOT_A_MEMBER, ALREADY_A_MEMBER = 1376, 1377, 1378
# Numbers of system errors (winerror.h, lmerr.h) that `net localgroup` tells, whatever its language.
_REASONS = {
    5: "access is denied",
    1332: "the account can't be resolved to a SID; does the host reach its domain controller?",
    1355: "the domain can't be reached",
    NO_SUCH_GROUP: "there is no such local group",
    1387: "there is no such account",
    1388: "an account of this type can't be a member of a local group",
    1789: "the trust between the host and its domain is broken",
    2220: "there is no such local group",
    2221: "there is no such account",
    3783: "Windows finds no account of this name",
}
_TOLD = re.compile(r"(?<![\w.-])(\d{1,5})(?![\w-]|\.\d)")
# So many members are cheaper asked for one by one.
_FEW = 2
LONGEST_NAME = 20
"""`net localgroup` takes no longer names of members on every release (Microsoft KB 324639)."""


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A member of a local group; `sid` is empty if the host can't tell it, `group` True for a group of a domain, `system` for a well-known account."""

    sid: str
    name: str
    group: bool = False
    system: bool = False

    def __str__(self) -> str:
        return f"{self.name} ({self.sid})" if self.sid else self.name


class Groups:
    """Found and read once, and remembered until `forget`."""

    def __init__(self, client: Client, run: Callable[[str, str], Completed]) -> None:
        """`run` runs a program of Windows' system directory."""
        self._client = client
        self._run = run
        self._found: Mapping[str, Account] | None = None
        self._members: dict[str, tuple[GroupMember, ...]] = {}

    def forget(self) -> None:
        """Read anew from now on."""
        self._found = None
        self._members.clear()

    def find(self, text: str) -> Account | None:
        """A local group by its name, or by its SID, which is the same in every language; None if the host has none.

        Raises:
            BadRequest: the text can be no group.
        """
        name = text.strip()
        if not name or (_UNWRITABLE.search(name) and not is_sid(name)):
            raise BadRequest(f"{text!r} is no local group; give its plain name, or its SID such as S-1-5-32-544.")
        return self._all().get(name.lower())

    def _all(self) -> Mapping[str, Account]:
        """The local groups by name and by SID; this condition keeps the domain's out, which would take long (surface 8.3)."""
        if self._found is None:
            rows = self._client.query("root/cimv2", "SELECT Domain, Name, SID FROM Win32_Group WHERE LocalAccount = TRUE")
            groups = [Account(row.text("SID") or "", row.text("Domain") or "", row.text("Name") or "") for row in rows]
            self._found = {key.lower(): group for group in groups for key in (group.sid, group.name)}
        return self._found

    def members(self, group: Account) -> tuple[GroupMember, ...]:
        """Who is in a group, by name. Windows leaves out members whose SID it can't resolve."""
        if group.sid not in self._members:
            self._members[group.sid] = self._read(group)
        return self._members[group.sid]

    def _read(self, group: Account) -> tuple[GroupMember, ...]:
        """The members' names come with the references, their SIDs with the instances: of many members by one question, of few one by one."""
        rows = self._client.query("root/cimv2", members_query(group.domain, group.name))
        parts = [part for part in (row.reference("PartComponent") for row in rows) if part]
        known = self._sids(group) if len(parts) > _FEW else {}
        return tuple(sorted((self._member(part, known) for part in parts), key=lambda member: member.name.lower()))

    def _sids(self, group: Account) -> dict[tuple[str, str], str]:
        """The SIDs of the members by domain and name, as far as Windows finds their accounts."""
        association = Association(
            Reference(_GROUP, {"Domain": group.domain, "Name": group.name}),
            association_class="Win32_GroupUser",
            role="GroupComponent",
            result_role="PartComponent",
        )
        try:
            rows = list(self._client.enumerate(_GROUP, association=association))
        except WSManFault as fault:
            # A domain that does not answer: the members are asked for one by one then.
            if fault.timed_out or fault.not_found:
                return {}
            raise
        return {((row.text("Domain") or "").lower(), (row.text("Name") or "").lower()): row.text("SID") or "" for row in rows}

    def _member(self, part: Reference, known: Mapping[tuple[str, str], str]) -> GroupMember:
        domain, name = part.key("Domain") or "", part.key("Name") or ""
        sid = known.get((domain.lower(), name.lower())) or self._sid(part.resource, domain, name)
        kind = part.resource.class_name.lower()
        return GroupMember(sid, f"{domain}\\{name}" if domain else name, kind == "win32_group", kind == "win32_systemaccount")

    def _sid(self, kind: Resource, domain: str, name: str) -> str:
        try:
            return self._client.get(Resource("root/cimv2", kind.class_name), {"Domain": domain, "Name": name}).text("SID") or ""
        except WSManFault as fault:
            if fault.not_found or fault.invalid_selectors or fault.timed_out:
                return ""
            raise

    def change(self, group: Account, member: Account, *, add: bool, host: str) -> None:
        """Put an account into a group, or take it out; one that is in or out already is no error. `host` is what people call the host.

        Raises:
            ApplyFailed: Windows refuses.
        """
        self.forget()
        done = self._run("net.exe", f"localgroup {quote(group.name)} {quote(str(member))} {'/add' if add else '/delete'}")
        if done.exit_code == 0:
            return
        code = told(f"{done.stderr}\n{done.stdout}", group.name, str(member), member.name)
        if code == (ALREADY_A_MEMBER if add else NOT_A_MEMBER):
            return
        what = f"put {member} into" if add else f"take {member} out of"
        raise ApplyFailed(f"net could not {what} the local group {group.name} on {host}: {_reason(code, done.exit_code, member)}.")


def members_query(domain: str, name: str) -> str:
    """With exactly this condition Windows asks for one group only, and not for those of the domain (surface 8.3)."""
    path = f'Win32_Group.Domain="{domain}",Name="{name}"'.replace("'", "\\'")
    return " ".join(("SELECT * FROM Win32_GroupUser WHERE GroupComponent =", f"'{path}'"))


def told(text: str, *names: str) -> int | None:
    """The number of the system error in what `net` printed; the names that it repeats are left out, as they may hold numbers."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    numbers = [int(number) for number in _TOLD.findall(text)]
    return next((number for number in numbers if number in _REASONS or number in (NOT_A_MEMBER, ALREADY_A_MEMBER)), next(iter(numbers), None))


def _reason(code: int | None, exit_code: int, member: Account) -> str:
    if exit_code == 1 and len(member.name) > LONGEST_NAME:
        return f"it takes no names of more than {LONGEST_NAME} characters; add the account by hand, or use a group with a shorter name"
    if code is None:
        return f"exit code {exit_code}"
    known = _REASONS.get(code)
    return f"{known} (system error {code})" if known else f"system error {code}"
