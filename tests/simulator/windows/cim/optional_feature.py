# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_OptionalFeature over the component store; read-only, without a state for what is pending (surface 5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..records import Account
from ..servicing import DISABLE_PENDING, DISABLED, ENABLE_PENDING, ENABLED, REMOVED
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

_INSTALL_STATE = {ENABLED: 1, ENABLE_PENDING: 1, DISABLED: 2, DISABLE_PENDING: 2, REMOVED: 3}


class OptionalFeature(CimClass):
    """Key Name. InstallState: 1 enabled, 2 disabled, 3 absent."""

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        """The servicing stack answers administrators only [I]."""
        return self._instances(host) if account.elevated else []

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for feature in host.servicing.features():
            known = {"Name": feature.name, "Caption": feature.display, "InstallState": _INSTALL_STATE[feature.state]}
            yield {prop.name: known.get(prop.name) for prop in self.properties}
