# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which groups of a host an account belongs to, as far as the host can tell.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from .._host import Account, Host
from .._host._groups import GroupMember
from ._effective_access import Answer

EVERYONE, NETWORK, AUTHENTICATED = "S-1-1-0", "S-1-5-2", "S-1-5-11"
_GUEST = "-501"
_ANONYMOUS = "S-1-5-7"
# The one local group that every host has: its domain is the host's own name.
_ADMINISTRATORS = "S-1-5-32-544"
_BUILT_IN, _DOMAIN = "S-1-5-32-", "S-1-5-21-"


def everywhere(account: Account) -> frozenset[str]:
    """The account itself and what every logon of it has."""
    if account.sid == _ANONYMOUS:
        return frozenset({account.sid})
    guest = account.sid.endswith(_GUEST) and account.sid.startswith(_DOMAIN)
    return frozenset({account.sid, EVERYONE} if guest else {account.sid, EVERYONE, AUTHENTICATED})


def over_the_network(account: Account) -> frozenset[str]:
    """The same, for a logon that comes over the network."""
    return everywhere(account) | {NETWORK}


class Membership:
    """Answers whether somebody with these SIDs is, or is a member of, what has a SID. Local groups are asked for when they count."""

    def __init__(self, host: Host, account: Account, sids: frozenset[str]) -> None:
        """`sids`: the account's own, and those that its logon has."""
        self._host = host
        self._account = account
        self._sids = sids
        self._known: dict[str, Answer] = {}
        self._unknown: dict[str, str] = {}

    def __call__(self, sid: str) -> Answer:
        """Whether what has the SID holds the account."""
        if sid in self._sids:
            return Answer.YES
        if sid not in self._known:
            # A group that holds itself, by whatever way, does not make anybody a member.
            self._known[sid] = Answer.NO
            self._known[sid] = self._ask(sid)
        return self._known[sid]

    def doubt(self, sid: str) -> str:
        """The group of a domain that makes the answer unknown."""
        return self._unknown.get(sid, sid)

    def _ask(self, sid: str) -> Answer:
        if not sid.startswith((_BUILT_IN, _DOMAIN)):
            return Answer.NO
        group = self._host.groups.find(sid)
        if group is None:
            return self._of_domain(sid)
        answers = {member: self._through(member) for member in self._host.groups.members(group)}
        if Answer.YES in answers.values():
            return Answer.YES
        doubtful = next((member for member, answer in answers.items() if answer is Answer.UNKNOWN), None)
        if doubtful is None:
            return Answer.NO
        self._unknown[sid] = f"{self._unknown.get(doubtful.sid, doubtful.name)} in {group.name}"
        return Answer.UNKNOWN

    def _through(self, member: GroupMember) -> Answer:
        """A member that is a user is asked for by its SID alone."""
        if member.sid in self._sids:
            return Answer.YES
        if not member.sid and not member.system:
            return self._of_domains()
        if not member.group:
            return Answer.NO
        return self(member.sid) if self._host.groups.find(member.sid) else self._of_domains()

    def _of_domain(self, sid: str) -> Answer:
        """The members of a domain's group are known to the domain alone; another user is nobody else."""
        account = self._host.accounts.find(sid)
        if account is None or sid.startswith(_BUILT_IN) or not self._host.accounts.is_group(account):
            return Answer.NO
        self._unknown[sid] = str(account)
        return self._of_domains()

    def _of_domains(self) -> Answer:
        """Groups of a domain hold accounts of domains, and none of the host itself or of Windows."""
        administrators = self._host.groups.find(_ADMINISTRATORS)
        local = administrators is not None and self._account.domain.lower() == administrators.domain.lower()
        return Answer.NO if local or not self._account.sid.startswith(_DOMAIN) else Answer.UNKNOWN
