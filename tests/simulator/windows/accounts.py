# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local accounts of a host, the groups that Windows makes, and the groups in a caller's token."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .records import Account

if TYPE_CHECKING:
    from .host import Windows

BUILTIN = "BUILTIN"
ADMINISTRATORS, USERS, REMOTE_MANAGEMENT_USERS = "S-1-5-32-544", "S-1-5-32-545", "S-1-5-32-580"
LOCAL_GROUPS = (
    ADMINISTRATORS,
    USERS,
    "S-1-5-32-546",
    "S-1-5-32-551",
    "S-1-5-32-555",
    "S-1-5-32-558",
    "S-1-5-32-562",
    "S-1-5-32-573",
    REMOTE_MANAGEMENT_USERS,
)


@dataclass(frozen=True)
class LocalUser:
    """One entry of the local account database."""

    name: str
    sid: str
    disabled: bool


@dataclass(frozen=True)
class TokenGroup:
    """One group of a token; ``attributes`` as whoami prints them."""

    name: str
    kind: str
    sid: str
    attributes: str


_ENABLED, _OWNER, _DENY = "whoami.enabled", "whoami.owner", "whoami.deny"


def is_local(host: Windows, account: Account) -> bool:
    """True for an account of this computer and not of a domain."""
    return account.domain.lower() in ("", ".", host.name.lower())


def local_users(host: Windows) -> list[LocalUser]:
    """The built-in users and the fleet's local accounts."""
    names = host.speech.well_known
    given = [account for account in host.accounts if is_local(host, account)]
    taken = {account.sid for account in given} | {account.name.lower() for account in given}
    builtin = ["-500", "-501"] + (["-503"] if host.features.windows_10_or_later else []) + (["-504"] if host.features.build >= 16299 else [])
    found = [LocalUser(names[rid], host.machine_sid + rid, True) for rid in builtin]
    found = [user for user in found if user.sid not in taken and user.name.lower() not in taken]
    return [*found, *(LocalUser(account.name, account.sid, False) for account in given)]


@dataclass(frozen=True)
class DomainMember:
    """A domain account or group that a fleet has put into a local group; ``sid`` is the same in every run."""

    domain: str
    name: str
    sid: str
    group: bool = False


def domain_administrators(host: Windows) -> list[DomainMember]:
    r"""What the option ``administrators`` adds: ``LAB\\name`` is a user, computer or managed service account, ``{group: LAB\\name}`` a group.

    An entry that is a SID stands for an account that exists no more: it is a member, and nothing can name it.
    """
    found = []
    for entry in host.options.get("administrators", ()):
        text = str(entry["group"] if isinstance(entry, Mapping) else entry)
        domain, backslash, name = text.partition("\\")
        if backslash and name:
            found.append(DomainMember(domain, name, domain_sid(domain, name), isinstance(entry, Mapping)))
        elif not text.startswith("S-1-"):
            raise ValueError(f"{host.name}: administrators takes DOMAIN\\name or a SID, not {text!r}")
    return found


def domain_sid(domain: str, name: str) -> str:
    """A SID made from the names; the part of the domain is the one of the fleet's own accounts."""
    digest = hashlib.sha256(domain.lower().encode()).digest()
    authority = "-".join(str(int.from_bytes(digest[start : start + 4], "big")) for start in (0, 4, 8))
    return f"S-1-5-21-{authority}-{10000 + zlib.crc32(name.lower().encode()) % 50000}"


def member_names(host: Windows, group: str) -> list[tuple[str, str]]:
    """Domain and name of everybody in a local group, by its SID."""
    found = host.groups.by_sid(group)
    return [(member.domain, member.name) for member in host.groups.named_members(found)] if found else []


def token(host: Windows, account: Account) -> list[TokenGroup]:
    """The groups of a network logon's token, in the order of whoami."""
    local = is_local(host, account)
    groups = [_group(host, "S-1-1-0", "", _ENABLED)]
    if account.administrator and local:
        groups.append(_group(host, "S-1-5-114", host.speech.authority, _DENY if account.filtered else _ENABLED))
    if account.administrator:
        groups.append(_group(host, ADMINISTRATORS, BUILTIN, _DENY if account.filtered else _OWNER, "whoami.alias"))
    if account.remote_management_user:
        groups.append(_group(host, REMOTE_MANAGEMENT_USERS, BUILTIN, _ENABLED, "whoami.alias"))
    groups.append(_group(host, USERS, BUILTIN, _ENABLED, "whoami.alias"))
    groups += [_group(host, sid, host.speech.authority, _ENABLED) for sid in ("S-1-5-2", "S-1-5-11", "S-1-5-15")]
    if local:
        groups.append(_group(host, "S-1-5-113", host.speech.authority, _ENABLED))
    groups.append(_group(host, "S-1-5-64-10", host.speech.authority, _ENABLED))
    if account.administrator and not local:
        sid = account.sid.rpartition("-")[0] + "-512"
        groups.append(TokenGroup(rf"{account.domain}\Domain Admins", host.text("whoami.group"), sid, host.text("whoami.enabled")))
    return [*groups, _integrity(host, account)]


def _group(host: Windows, sid: str, authority: str, attributes: str, kind: str = "whoami.well_known") -> TokenGroup:
    name = host.speech.well_known[sid]
    return TokenGroup(rf"{authority}\{name}" if authority else name, host.text(kind), sid, host.text(attributes))


def _integrity(host: Windows, account: Account) -> TokenGroup:
    sid = "S-1-16-12288" if account.elevated else "S-1-16-8192"
    return TokenGroup(host.speech.well_known[sid], host.text("whoami.label"), sid, "")
