# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""MSFT_MpPreference and MSFT_MpComputerStatus; surface 8.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..defender import Defender
from ..records import Account
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

NAMESPACE = "root/microsoft/windows/defender"
# Properties that came with updates of the platform, which a Server 2016 without them lacks.
LATER = frozenset(("AMRunningMode", "IsTamperProtected", "ExclusionIpAddress"))


class MpPreference(CimClass):
    """One instance; its static methods add to the lists and remove from them."""

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        known = {
            "ComputerID": computer_id(host),
            "DisableAutoExclusions": False,
            "DisableRealtimeMonitoring": False,
            "MAPSReporting": 2,
            "SubmitSamplesConsent": 1,
            **Defender(host).shown(account),
        }
        yield {prop.name: known.get(prop.name) for prop in self.properties}

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self._must_be_elevated(host, account)
        if method not in ("Add", "Remove"):
            return super()._invoke(host, account, keys, method, arguments)
        Defender(host).change(arguments, add=method == "Add")
        return {"ReturnValue": 0}


class MpComputerStatus(CimClass):
    """One instance, also where the service does not run."""

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        defender = Defender(host)
        on = defender.running
        known = {
            "ComputerID": computer_id(host),
            "AMEngineVersion": "1.1.24090.11" if on else "0.0.0.0",
            "AMProductVersion": "4.18.24090.11",
            "AMRunningMode": "Not running" if not on else "Passive Mode" if defender.passive else "Normal",
            "AMServiceEnabled": on,
            "AMServiceVersion": "4.18.24090.11" if on else "0.0.0.0",
            "AntispywareEnabled": on,
            "AntivirusEnabled": on and not defender.passive,
            "IsTamperProtected": defender.tamper_protected,
            "OnAccessProtectionEnabled": on and not defender.passive,
            "RealTimeProtectionEnabled": on and not defender.passive,
        }
        return [{prop.name: known.get(prop.name) for prop in self.properties}]


def computer_id(host: Windows) -> str:
    """A GUID, the same in every run."""
    digits = host.machine_sid.replace("-", "")[-32:].rjust(32, "0")
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}".upper()
