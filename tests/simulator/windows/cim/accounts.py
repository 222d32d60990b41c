# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_UserAccount, Win32_Group, Win32_SystemAccount and Win32_GroupUser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..accounts import local_users
from ..principals import ALIAS, GROUP, SYSTEM, USER, Principal, domain_principals, principals
from ..records import Account, Reference
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

_NORMAL_ACCOUNT = 512
_SID_TYPES = {USER: 1, GROUP: 2, ALIAS: 4, SYSTEM: 5}
_CLASSES = {USER: "Win32_UserAccount", GROUP: "Win32_Group", ALIAS: "Win32_Group", SYSTEM: "Win32_SystemAccount"}


class _Accounts(CimClass):
    """Keys Domain and Name."""

    def _shown(self, known: dict[str, Any]) -> dict[str, Any]:
        return {prop.name: known.get(prop.name) for prop in self.properties}

    def _foreign(self, host: Windows, kind: str, *, listed: bool) -> Iterable[dict[str, Any]]:
        more = {"AccountType": _NORMAL_ACCOUNT, "Disabled": False} if kind == USER else {}
        for found in domain_principals(host):
            if found.kind == kind and found.listed == listed:
                yield self._shown({**more, **_named(host, found)})


class UserAccount(_Accounts):
    """Of a domain's users only those are listed that the options ``administrators`` and ``profiles`` name; the others are found by their keys."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for user in local_users(host):
            more = {
                "AccountType": _NORMAL_ACCOUNT,
                "Disabled": user.disabled,
                "FullName": "",
                "Lockout": False,
                "PasswordChangeable": True,
                "PasswordExpires": False,
                "PasswordRequired": True,
            }
            named = _named(host, Principal(host.name.upper(), user.name, user.sid, USER))
            yield self._shown({**named, **more, "Status": "Degraded" if user.disabled else "OK"})
        yield from self._foreign(host, USER, listed=True)

    def unlisted(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        """The domain's other users."""
        return self._foreign(host, USER, listed=False)


class Group(_Accounts):
    """The names are localised, the SIDs are not; Windows' own groups have the computer as their domain."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for group in host.groups:
            named = _named(host, Principal(host.name.upper(), group.name, group.sid, ALIAS))
            yield self._shown({**named, "Description": group.comment or group.name})
        yield from self._foreign(host, GROUP, listed=True)

    def unlisted(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        """The domain's other groups."""
        return self._foreign(host, GROUP, listed=False)


class SystemAccount(_Accounts):
    """Windows' well-known accounts; the computer is their domain here, unlike in Win32_SID."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        return (self._shown(_named(host, found)) for found in principals(host) if found.kind == SYSTEM)


def _domain(host: Windows, found: Principal) -> str:
    return host.name.upper() if found.kind in (ALIAS, SYSTEM) else found.domain


def _named(host: Windows, found: Principal) -> dict[str, Any]:
    domain = _domain(host, found)
    known = {"Caption": rf"{domain}\{found.name}", "Description": "", "Domain": domain, "Name": found.name}
    return {**known, "LocalAccount": domain == host.name.upper(), "SID": found.sid, "SIDType": _SID_TYPES[found.kind], "Status": "OK"}


class GroupUser(CimClass):
    """GroupComponent is the group, PartComponent the member: computer and managed service accounts (names end in "$") are users to WMI."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for group in host.groups:
            component = Reference("root/cimv2", "Win32_Group", {"Domain": host.name.upper(), "Name": group.name})
            for found in host.groups.named_members(group):
                part = Reference("root/cimv2", _CLASSES[found.kind], {"Domain": _domain(host, found), "Name": found.name})
                yield {"GroupComponent": component, "PartComponent": part}
