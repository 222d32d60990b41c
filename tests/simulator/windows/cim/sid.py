# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_SID: the account behind a security identifier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..principals import principals
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows


class Win32Sid(CimClass):
    """Key SID. Made to be fetched by its key."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for sid, found in {found.sid: found for found in principals(host)}.items():
            known = {"SID": sid, "ReferencedDomainName": found.domain, "AccountName": found.name, "SidLength": 8 + 4 * (sid.count("-") - 2)}
            yield {prop.name: known.get(prop.name) for prop in self.properties}
