# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which groups of a host an account belongs to, as far as the host can tell.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from .._host import Account, Host
from ._effective_access import Answer, Holds

EVERYONE, NETWORK, AUTHENTICATED, LOCAL_SERVICE = "S-1-1-0", "S-1-5-2", "S-1-5-11", "S-1-5-19"
_GUEST = "-501"
_ANONYMOUS = "S-1-5-7"
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


def holds(host: Host, sids: frozenset[str]) -> Holds:
    """Answers whether somebody with these SIDs is, or is a member of, what has a SID. Local groups are asked for when they count."""
    known: dict[str, Answer] = {}

    def answer(sid: str) -> Answer:
        if sid in sids:
            return Answer.YES
        if sid not in known:
            # A group that holds itself, by whatever way, does not make anybody a member.
            known[sid] = Answer.NO
            known[sid] = _asked(host, sid, answer)
        return known[sid]

    return answer


def _asked(host: Host, sid: str, answer: Holds) -> Answer:
    if not sid.startswith((_BUILT_IN, _DOMAIN)):
        return Answer.NO
    group = host.groups.find(sid)
    if group is None:
        return _of_domain(host, sid)
    found = {answer(member.sid) if member.sid else Answer.UNKNOWN for member in host.groups.members(group) if member.sid or member.group}
    return next((one for one in (Answer.YES, Answer.UNKNOWN) if one in found), Answer.NO)


def _of_domain(host: Host, sid: str) -> Answer:
    """The members of a domain's group are known to the domain alone; another user is nobody else."""
    account = host.accounts.find(sid)
    if account is None or sid.startswith(_BUILT_IN):
        return Answer.NO
    return Answer.UNKNOWN if host.accounts.is_group(account) else Answer.NO
