# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""net.exe and net1.exe: `localgroup` (groups and their members), and `share` as a list. Other commands are refused as not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import data
from ..local_groups import NO_SUCH_GROUP, LocalGroup
from ..principals import Principal, by_name
from ..records import Account, Completed
from ..shares import shares
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

ACCESS_DENIED, NO_SUCH_MEMBER = 5, 3783
SYNTAX, FAILED = 1, 2
# Longer names of members are refused with the usage (Microsoft KB 324639).
LONGEST_MEMBER = 20


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Exit code 0, 1 for wrong syntax, or 2 for any error, whose number is in the text on standard error."""
    words = command_line.split(arguments)
    command = words[0].lower() if words else ""
    if command == "localgroup":
        return _Localgroup(host, account, words[1:]).run()
    if command == "share" and len(words) == 1:
        return Completed(0, _listed(host, [f"{share.name}  {share.path}" for share in shares(host)]))
    return Completed(SYNTAX, "", f"The simulator does not model this: net {arguments}\r\n")


def _text(windows: Windows, key: str, **values: object) -> str:
    texts: dict[str, dict[str, str]] = data.document("net.json")
    return texts[key][windows.language].format(**values)


def _listed(host: Windows, lines: list[str], heading: str = "") -> str:
    shown = "".join(f"{line}\r\n" for line in lines)
    return f"{heading}\r\n{'-' * 79}\r\n{shown}{_text(host, 'done')}\r\n\r\n"


class _Localgroup:
    """One `net localgroup`: names, switches, and a comment."""

    def __init__(self, host: Windows, account: Account, words: list[str]) -> None:
        self._host = host
        self._account = account
        self._names = [word for word in words if not word.startswith("/")]
        switches = [word for word in words if word.startswith("/")]
        self._comment = next((word[len("/comment:") :] for word in switches if word.lower().startswith("/comment:")), None)
        self._switches = sorted(word.lower() for word in switches if not word.lower().startswith("/comment:"))

    def run(self) -> Completed:
        """Show, or change."""
        if not self._names:
            return self._all() if not self._switches else self._usage()
        group = self._host.groups.by_name(self._names[0])
        if not self._switches and len(self._names) == 1 and self._comment is None:
            return self._shown(group) if group else self._error(NO_SUCH_GROUP)
        if self._switches not in (["/add"], ["/delete"]) or any(len(name) > LONGEST_MEMBER for name in map(_bare, self._names[1:])):
            return self._usage()
        if not self._account.elevated:
            return self._error(ACCESS_DENIED)
        add = self._switches == ["/add"]
        if len(self._names) == 1:
            return self._group(group, add=add)
        return self._members(group, add=add) if group else self._error(NO_SUCH_GROUP)

    def _all(self) -> Completed:
        names = sorted((f"*{group.name}" for group in self._host.groups), key=str.lower)
        return Completed(0, _listed(self._host, names, "\r\n" + _text(self._host, "aliases", host=self._host.name.upper()) + "\r\n"))

    def _shown(self, group: LocalGroup) -> Completed:
        """The members as Windows names them: its own accounts and groups without the computer's name."""
        own = self._host.name.upper()
        names = [found.name if found.domain == own else found.qualified for found in self._host.groups.named_members(group)]
        heading = _text(self._host, "group", name=group.name, comment=group.comment or group.name)
        return Completed(0, _listed(self._host, sorted(names, key=str.lower), heading.replace("\n", "\r\n")))

    def _group(self, group: LocalGroup | None, *, add: bool) -> Completed:
        if add:
            return self._outcome(self._host.groups.make(self._names[0], self._comment or ""))
        return self._outcome(self._host.groups.delete(group) if group else NO_SUCH_GROUP)

    def _members(self, group: LocalGroup, *, add: bool) -> Completed:
        """One name after the other; the first that fails ends it."""
        change = self._host.groups.add if add else self._host.groups.remove
        for name in self._names[1:]:
            member: Principal | None = by_name(self._host, name)
            if member is None:
                return Completed(FAILED, "", _text(self._host, "nobody", name=name).replace("\n", "\r\n") + "\r\n")
            if code := change(group, member):
                return self._error(code)
        return self._outcome(0)

    def _outcome(self, code: int) -> Completed:
        return self._error(code) if code else Completed(0, f"{_text(self._host, 'done')}\r\n\r\n")

    def _error(self, code: int) -> Completed:
        return Completed(FAILED, "", f"{_text(self._host, 'error', code=code)}\r\n\r\n{self._host.error(code)}\r\n\r\n")

    def _usage(self) -> Completed:
        return Completed(SYNTAX, "", _text(self._host, "usage").replace("\n", "\r\n") + "\r\n")


def _bare(name: str) -> str:
    return name.rpartition("\\")[2]
