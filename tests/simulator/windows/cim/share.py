# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_Share over the host's shares; read-only here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..records import Account
from ..shares import shares
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows


class Win32Share(CimClass):
    """Key Name."""

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        """Administrators see all; what others may see is not modelled: nothing."""
        return self._instances(host) if account.elevated else []

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for share in shares(host):
            known = {
                "AllowMaximum": True,
                "Caption": share.description or share.name,
                "Description": share.description,
                "Name": share.name,
                "Path": share.path,
                "Status": "OK",
                "Type": share.kind,
            }
            yield {prop.name: known.get(prop.name) for prop in self.properties}
