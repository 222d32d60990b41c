# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_UserAccount, Win32_Group and Win32_GroupUser for the computer's own accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..accounts import ADMINISTRATORS, LOCAL_GROUPS, DomainMember, domain_administrators, is_local, local_users, members
from ..profiles import domain_users
from ..records import Account, Reference
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

_USER, _GROUP, _ALIAS = 1, 2, 4
_NORMAL_ACCOUNT = 512


class UserAccount(CimClass):
    """Keys Domain and Name; of a domain's users only those are listed that the options ``administrators`` and ``profiles`` name."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for user in local_users(host):
            known = {
                "AccountType": _NORMAL_ACCOUNT,
                "Caption": rf"{host.name.upper()}\{user.name}",
                "Description": "",
                "Disabled": user.disabled,
                "Domain": host.name.upper(),
                "FullName": "",
                "LocalAccount": True,
                "Lockout": False,
                "Name": user.name,
                "PasswordChangeable": True,
                "PasswordExpires": False,
                "PasswordRequired": True,
                "SID": user.sid,
                "SIDType": _USER,
                "Status": "Degraded" if user.disabled else "OK",
            }
            yield {prop.name: known.get(prop.name) for prop in self.properties}
        users = [DomainMember(user.domain, user.name, user.sid) for user in domain_users(host)]
        for member in [*domain_administrators(host), *users]:
            if not member.group:
                known = {"AccountType": _NORMAL_ACCOUNT, "SIDType": _USER, "Disabled": False, **_foreign(member)}
                yield {prop.name: known.get(prop.name) for prop in self.properties}


class Group(CimClass):
    """Keys Domain and Name; the names are localised, the SIDs are not."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for sid in LOCAL_GROUPS:
            name = host.speech.well_known[sid]
            known = {
                "Caption": rf"{host.name.upper()}\{name}",
                "Description": name,
                "Domain": host.name.upper(),
                "LocalAccount": True,
                "Name": name,
                "SID": sid,
                "SIDType": _ALIAS,
                "Status": "OK",
            }
            yield {prop.name: known.get(prop.name) for prop in self.properties}
        for member in domain_administrators(host):
            if member.group:
                known = {"SIDType": _GROUP, **_foreign(member)}
                yield {prop.name: known.get(prop.name) for prop in self.properties}


def _foreign(member: DomainMember) -> dict[str, Any]:
    named = {"Caption": rf"{member.domain}\{member.name}", "Description": "", "Domain": member.domain, "Name": member.name}
    return {**named, "LocalAccount": False, "SID": member.sid, "Status": "OK"}


class GroupUser(CimClass):
    """GroupComponent is the group, PartComponent the member."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for sid in LOCAL_GROUPS:
            group = Reference("root/cimv2", "Win32_Group", {"Domain": host.name.upper(), "Name": host.speech.well_known[sid]})
            for account in members(host, sid):
                yield {"GroupComponent": group, "PartComponent": _member(host, account)}
            if sid == ADMINISTRATORS:
                yield from ({"GroupComponent": group, "PartComponent": _domain_member(item)} for item in domain_administrators(host))


def _member(host: Windows, account: Account) -> Reference:
    domain = host.name.upper() if is_local(host, account) else account.domain
    return Reference("root/cimv2", "Win32_UserAccount", {"Domain": domain, "Name": account.name})


def _domain_member(member: DomainMember) -> Reference:
    """Computer and managed service accounts (their names end in "$") are user accounts to WMI."""
    return Reference("root/cimv2", "Win32_Group" if member.group else "Win32_UserAccount", {"Domain": member.domain, "Name": member.name})
