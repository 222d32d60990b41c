# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts on the ways by which the server reads an audited computer. Pure: facts in, verdicts out.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from .._host._accounts import is_sid
from .._host._network import Member
from ._catalogue import failed, passed, skipped, unknown
from ._model import Check, Facts, Wanted
from ._names import same_account, split_account


def admin_shares(facts: Facts) -> Check:
    """ADMIN$ and the share of the system drive."""
    check, needed = "access.admin_shares", ("ADMIN$", facts.system_share)
    missing = [name for name in needed if name not in facts.shares]
    if missing:
        return failed(check, f"{' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} not shared.")
    return passed(check, f"{' and '.join(needed)} are shared.")


def data_account(wanted: Wanted, facts: Facts) -> Check:
    """A direct member of the local group Administrators; who is in a group of the domain can't be told from here."""
    check, account = "access.data_account", wanted.data_account
    if not account:
        return skipped(check, "data_account was not given.")
    if facts.members is None:
        return unknown(check, "The computer could not tell the members of its group Administrators.")
    if is_sid(account) and facts.account is None:
        return unknown(check, f"The computer does not know an account with the SID {account}.")
    if any(_is(wanted, facts, member) for member in facts.members):
        return passed(check, f"{account} is a member of the local group Administrators.")
    if names := [f"{member.domain}\\{member.name}" for member in facts.members if _may_be(wanted, member)]:
        return unknown(
            check, f"{' and '.join(names)} is a member of the local group Administrators; give data_account with the domain's short name to compare it."
        )
    groups = [f"{member.domain}\\{member.name}" for member in facts.members if member.group]
    if groups:
        return unknown(check, f"{account} is no direct member of the local group Administrators; it may be in one of its groups: {', '.join(groups)}.")
    return failed(check, f"{account} is no member of the local group Administrators.")


def _is(wanted: Wanted, facts: Facts, member: Member) -> bool:
    if facts.account is not None:
        return (facts.account[0].lower(), facts.account[1].lower()) == (member.domain.lower(), member.name.lower())
    computer = facts.names[-1] if facts.names else ""
    return same_account(wanted.data_account, member.domain, member.name, computer)


def _may_be(wanted: Wanted, member: Member) -> bool:
    """The same name in a domain of which only the full name was given: its short name may be any."""
    if is_sid(wanted.data_account):
        return False
    domain, name = split_account(wanted.data_account)
    return "." in domain.strip(".") and name.lower() == member.name.lower()


def remote_registry(facts: Facts) -> Check:
    """Any start mode but disabled: Windows starts it when it is called."""
    check = "access.remote_registry"
    if facts.remote_registry is None:
        return unknown(check, "There is no service RemoteRegistry.")
    text = f"Service RemoteRegistry has the start mode {facts.remote_registry}."
    return failed(check, text) if facts.remote_registry == "disabled" else passed(check, text)


def smb(facts: Facts) -> Check:
    """SMB 2 is on unless the value SMB2 is 0; without the Server service there is no SMB at all."""
    check = "access.smb"
    if facts.smb2 == 0:
        return failed(check, "SMB 2 and 3 are switched off in the registry (SMB2 is 0).")
    if facts.file_server == "disabled":
        return failed(check, "The Server service (LanmanServer) is disabled.")
    return passed(check, "SMB 2 and 3 are not switched off.")
