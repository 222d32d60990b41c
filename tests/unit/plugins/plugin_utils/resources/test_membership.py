# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is in which group of a host, as far as the host can tell."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Account, Host
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._groups import GroupMember
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._effective_access import Answer
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._membership import Membership, everywhere, over_the_network

ADMINISTRATORS, USERS, CLIENTS, LOOP = "S-1-5-32-544", "S-1-5-32-545", "S-1-5-21-9-9-9-1010", "S-1-5-21-9-9-9-1011"
ALICE, BOB, LOCAL = (
    Account(f"S-1-5-21-{sid}", domain, name) for sid, domain, name in (("1-1-1-7", "LAB", "alice"), ("1-1-1-8", "LAB", "bob"), ("9-9-9-500", "PC", "x"))
)
SERVICE = Account("S-1-5-19", "NT AUTHORITY", "LOCAL SERVICE")
DOMAIN_ADMINS = GroupMember("S-1-5-21-1-1-1-512", "LAB\\Domain Admins", group=True)
MEMBERS = {
    ADMINISTRATORS: (DOMAIN_ADMINS,),
    USERS: (GroupMember("S-1-5-4", "PC\\INTERACTIVE", system=True), GroupMember("S-1-5-11", "PC\\Authenticated Users", system=True)),
    CLIENTS: (GroupMember(BOB.sid, "LAB\\bob"), GroupMember(LOOP, "PC\\loop", group=True)),
    LOOP: (GroupMember(CLIENTS, "PC\\Clients", group=True), GroupMember(ALICE.sid, "LAB\\alice")),
}


def _membership(account: Account) -> Membership:
    known = {sid: Account(sid, "PC", f"group {sid[-4:]}") for sid in MEMBERS}
    domain = {account.sid: account for account in (ALICE, BOB)} | {DOMAIN_ADMINS.sid: Account(DOMAIN_ADMINS.sid, "LAB", "Domain Admins")}
    host = SimpleNamespace(
        groups=SimpleNamespace(find=known.get, members=lambda group: MEMBERS[group.sid]),
        accounts=SimpleNamespace(find=domain.get, is_group=lambda found: found.name == "Domain Admins"),
    )
    return Membership(cast(Host, host), account, over_the_network(account))


@pytest.mark.parametrize(
    ("account", "sid", "answer"),
    [
        (ALICE, ALICE.sid, Answer.YES),
        (ALICE, "S-1-1-0", Answer.YES),
        (ALICE, "S-1-5-11", Answer.YES),
        (ALICE, "S-1-5-2", Answer.YES),
        (ALICE, "S-1-5-18", Answer.NO),
        (ALICE, "S-1-3-0", Answer.NO),
        (ALICE, BOB.sid, Answer.NO),
        # Users holds Authenticated Users.
        (ALICE, USERS, Answer.YES),
        (BOB, CLIENTS, Answer.YES),
        # Through another group, and two groups that hold each other end.
        (ALICE, CLIENTS, Answer.YES),
        (LOCAL, CLIENTS, Answer.NO),
        # A domain's group, itself or within a local one.
        (ALICE, DOMAIN_ADMINS.sid, Answer.UNKNOWN),
        (ALICE, ADMINISTRATORS, Answer.UNKNOWN),
        # Accounts of the host and of Windows are in no group of a domain.
        (LOCAL, ADMINISTRATORS, Answer.NO),
        (SERVICE, ADMINISTRATORS, Answer.NO),
        (SERVICE, DOMAIN_ADMINS.sid, Answer.NO),
        (SERVICE, USERS, Answer.YES),
        # A group that this host has not.
        (ALICE, "S-1-5-32-999", Answer.NO),
    ],
)
def test_groups_of_the_host_are_looked_into(account: Account, sid: str, answer: Answer) -> None:
    """What every logon has, local groups with those in them, and what only a domain knows."""
    assert _membership(account)(sid) is answer


def test_the_group_that_makes_it_unknown_is_named() -> None:
    """The domain's group, and the local one that it is in."""
    membership = _membership(ALICE)
    membership(ADMINISTRATORS)
    assert membership.doubt(ADMINISTRATORS) == "LAB\\Domain Admins in group -544"


def test_guests_are_not_authenticated_users() -> None:
    """Everyone holds them; Authenticated Users does not."""
    guest = Account("S-1-5-21-9-9-9-501", "PC", "Gast")
    assert everywhere(guest) == {guest.sid, "S-1-1-0"}
    assert everywhere(ALICE) == {ALICE.sid, "S-1-1-0", "S-1-5-11"}
