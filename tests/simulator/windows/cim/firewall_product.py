# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""FirewallProduct of the Security Center: a third-party firewall that has registered itself (clients only)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

STATE_ON = 0x041000


class FirewallProduct(CimClass):
    """No instance unless the fleet's option ``third_party_firewall`` names a product."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        name = host.options.get("third_party_firewall")
        if not name:
            return []
        folder = rf"C:\Program Files\{name}"
        return [
            {
                "displayName": name,
                "instanceGuid": "{" + str(uuid.uuid5(uuid.NAMESPACE_DNS, str(name))).upper() + "}",
                "pathToSignedProductExe": rf"{folder}\firewall.exe",
                "pathToSignedReportingExe": rf"{folder}\report.exe",
                "productState": int(host.options.get("third_party_product_state", STATE_ON)),
                "timestamp": "Mon, 01 Jan 2024 10:00:00 GMT",
            }
        ]
