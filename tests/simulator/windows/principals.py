# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who a host knows: its own users and groups, Windows' well-known accounts, and the domain's accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .accounts import BUILTIN, domain_administrators, domain_sid, is_local, local_users
from .profiles import domain_users

if TYPE_CHECKING:
    from .host import Windows

USER, GROUP, ALIAS, SYSTEM = "user", "group", "alias", "system"
# SIDs of Win32_SystemAccount; those without an authority before their names come first.
_NAKED = ("S-1-1-0",)
_SYSTEM = ("S-1-5-2", "S-1-5-4", "S-1-5-6", "S-1-5-7", "S-1-5-11", "S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-5-113", "S-1-5-114")


@dataclass(frozen=True)
class Principal:
    """One account; ``domain`` as Windows prints it before the name, empty for Everyone. ``listed``: WMI enumerates it."""

    domain: str
    name: str
    sid: str
    kind: str
    listed: bool = True

    @property
    def qualified(self) -> str:
        """``DOMAIN\\name``."""
        return rf"{self.domain}\{self.name}" if self.domain else self.name


def principals(host: Windows) -> Iterator[Principal]:
    """Everybody, each SID once or more often; the first of a name is the one that is meant by a plain name."""
    yield from (Principal(host.name.upper(), user.name, user.sid, USER) for user in local_users(host))
    yield from (Principal(BUILTIN if group.builtin else host.name.upper(), group.name, group.sid, ALIAS) for group in host.groups)
    yield from (Principal("", host.speech.well_known[sid], sid, SYSTEM) for sid in _NAKED)
    yield from (Principal(host.speech.authority, host.speech.well_known[sid], sid, SYSTEM) for sid in _SYSTEM)
    yield from domain_principals(host)


def domain_principals(host: Windows) -> Iterator[Principal]:
    """The domain's: the fleet's accounts and those that the options name. Only those of ``administrators`` and ``profiles`` are enumerated."""
    given = [account for account in host.accounts if not is_local(host, account)]
    yield from (Principal(item.domain, item.name, item.sid, GROUP if item.group else USER) for item in domain_administrators(host))
    yield from (Principal(account.domain, account.name, account.sid, USER, listed=False) for account in given)
    yield from (Principal(user.domain, user.name, user.sid, USER) for user in domain_users(host))
    yield from domain_accounts(host)


def domain_accounts(host: Windows) -> list[Principal]:
    r"""What the option ``domain_accounts`` says: ``LAB\name`` is a user, computer or managed service account, ``{group: LAB\name}`` a group."""
    found = []
    for entry in host.options.get("domain_accounts", ()):
        text = str(entry["group"] if isinstance(entry, Mapping) else entry)
        domain, backslash, name = text.partition("\\")
        if not backslash or not name:
            raise ValueError(f"{host.name}: domain_accounts takes DOMAIN\\name, not {text!r}")
        found.append(Principal(domain, name, domain_sid(domain, name), GROUP if isinstance(entry, Mapping) else USER, listed=False))
    return found


def by_sid(host: Windows, sid: str) -> Principal | None:
    """The account of a SID; None if nobody has it."""
    return next((found for found in principals(host) if found.sid.upper() == sid.upper()), None)


def by_name(host: Windows, text: str) -> Principal | None:
    """The account of ``DOMAIN\\name`` or of a plain name, as LookupAccountName finds it."""
    domain, backslash, name = text.rpartition("\\")
    for found in principals(host):
        if found.name.lower() == name.lower() and (not backslash or domain.lower() in _domains(host, found)):
            return found
    return None


def _domains(host: Windows, found: Principal) -> set[str]:
    """The words before a backslash that mean this account: a domain's full name and its short one."""
    words = {found.domain.lower()}
    if found.kind == ALIAS:
        words.add(host.name.lower())
    if found.kind in (USER, GROUP) and host.domain and host.domain.lower().partition(".")[0] == found.domain.lower():
        words.add(host.domain.lower())
    return words


def sid_of(host: Windows, entry: Any) -> str:
    r"""The SID that an option means: a SID, ``DOMAIN\name`` or a plain name of this host; ValueError for nobody."""
    text = str(entry["group"] if isinstance(entry, Mapping) else entry)
    if text.upper().startswith("S-1-"):
        return text.upper()
    found = by_name(host, text)
    if found is not None:
        return found.sid
    domain, backslash, name = text.partition("\\")
    if backslash and name and domain.lower() != host.name.lower():
        return domain_sid(domain, name)
    raise ValueError(f"{host.name}: there is no account {text!r}")
