# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""That accounts can read a share: what its own list and its folder's list give together. Nothing is changed, only told.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._host import Account, Host
from .._host._accounts import split_account
from .._host._security import SharedFolder
from .._plan import BadRequest, Change, Missing, Override, Resource, State
from ._effective_access import FILE_READ, FILE_RIGHTS, Answer, Verdict, effective
from ._membership import Membership, over_the_network

# Netwrix Auditor makes this share (netwrix-facts 1.6).
PRODUCT_SHARE = "Netwrix_UAVR$"
_NO_SHARE_NAME = re.compile(r'["/\\\[\]:|<>+=;,*?\x00-\x1f]')


class ShareAccess(Resource[Host]):
    """`read`: those of the accounts asked for who can read, as `DOMAIN\\name (SID)`, sorted; one that may be able to counts as able."""

    kind = "share_access"
    creatable = False

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self.name: str = options["share"].strip()
        if not self.name or _NO_SHARE_NAME.search(self.name):
            raise BadRequest(f"{options['share']!r} is no name of a share; give it alone, such as {PRODUCT_SHARE}.")
        self._asked: list[str] = list(options["accounts"])
        if not self._asked:
            raise BadRequest(f"share_access of {self.name} names no account; give at least one in accounts.")
        for text in self._asked:
            if not text.strip().upper().startswith("S-1-"):
                split_account(text)
        self._everybody: tuple[str, ...] = ()
        self._reasons: dict[str, str] = {}
        self._doubts: dict[str, str] = {}

    def read(self, host: Host) -> State | None:
        """Who can read; None if there is no such share.

        Raises:
            Missing: the host knows no account of an asked name.
            BadRequest: a share that Windows keeps for administrators, or permissions that are not shown.
        """
        accounts = {_shown(account): account for account in (host.accounts.require(text, host.name) for text in self._asked)}
        self._everybody = tuple(sorted(accounts, key=str.lower))
        self._reasons, self._doubts = {}, {}
        share = host.security.share(self.name, host.name)
        if share is None:
            return None
        if share.administrative:
            raise BadRequest(f"{self.name} on {host.name} is Windows' own share for administrators; share_access is about shares of folders.")
        for shown, account in accounts.items():
            self._judge(host, share, shown, account)
        return {"read": tuple(shown for shown in self._everybody if shown not in self._reasons) or None}

    def _judge(self, host: Host, share: SharedFolder, shown: str, account: Account) -> None:
        held = Membership(host, account, over_the_network(account))
        lists = (("the share", share.share), (f"the folder {share.path}", share.folder))
        verdicts = [(place, effective(listed, FILE_READ, FILE_RIGHTS, held)) for place, listed in lists]
        refused = [_refusal(place, verdict) for place, verdict in verdicts if verdict.answer is Answer.NO]
        if refused:
            self._reasons[shown] = " and ".join(refused)
        elif doubts := [_doubt(place, verdict, held) for place, verdict in verdicts if verdict.answer is Answer.UNKNOWN]:
            self._doubts[shown] = " and ".join(doubts)

    def want(self, have: State | None) -> State | None:
        """Everybody who is asked for."""
        return {"read": self._everybody}

    def lacks(self, host: Host, change: Change) -> str | None:
        """The share, or the right: this kind changes no permissions."""
        if change.before is None:
            maker = (
                "Netwrix Auditor makes it when it is installed" if self.name.lower() == PRODUCT_SHARE.lower() else "check its name, or share the folder first"
            )
            return f"{host.name} has no share {self.name}: {maker}."
        if not self._reasons:
            return None
        told = "; ".join(self._told(host))
        return f"{told}. Put the account into a group that has access (local_group_member), or grant it on {host.name}."

    def apply(self, host: Host, change: Change) -> None:
        """Not reached: what differs here is lacking, and that is said before anything is written."""
        raise Missing(self.lacks(host, change) or f"{self.name} on {host.name} does not give the access asked for.")

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Why somebody can't read, in words."""
        return tuple(self._told(host))

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """Who may be able to read, which the host can't tell."""
        return tuple(
            Override(shown, "not told", "", f"{shown} may be able to read {self.name} on {host.name}: {why}", "make sure of it where that group is kept")
            for shown, why in self._doubts.items()
        )

    def _told(self, host: Host) -> Iterator[str]:
        return (f"{shown} can't read {self.name} on {host.name}: {why}" for shown, why in self._reasons.items())


def _refusal(place: str, verdict: Verdict) -> str:
    return f"an entry for {verdict.entry} on {place} denies it" if verdict.entry else f"no entry on {place} allows it"


def _doubt(place: str, verdict: Verdict, held: Membership) -> str:
    if verdict.entry is None:
        return f"the host does not tell the entries on {place}"
    return f"that depends on {held.doubt(verdict.entry.sid)}, whose members this host can't tell, as an entry on {place} is for {verdict.entry}"


def _shown(account: Account) -> str:
    return f"{account} ({account.sid})"
