# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_SID: the account behind a security identifier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..accounts import BUILTIN, LOCAL_GROUPS, domain_administrators, is_local, local_users
from ..profiles import domain_users
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows


class Win32Sid(CimClass):
    """Key SID. Made to be fetched by its key."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for sid, domain, name in _accounts(host):
            known = {"SID": sid, "ReferencedDomainName": domain, "AccountName": name, "SidLength": 8 + 4 * (sid.count("-") - 2)}
            yield {prop.name: known.get(prop.name) for prop in self.properties}


def _accounts(host: Windows) -> Iterator[tuple[str, str, str]]:
    yield from ((user.sid, host.name.upper(), user.name) for user in local_users(host))
    yield from ((account.sid, account.domain, account.name) for account in host.accounts if not is_local(host, account))
    yield from ((member.sid, member.domain, member.name) for member in domain_administrators(host))
    yield from ((user.sid, user.domain, user.name) for user in domain_users(host))
    yield from ((sid, BUILTIN, host.speech.well_known[sid]) for sid in LOCAL_GROUPS)
