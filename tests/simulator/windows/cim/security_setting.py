# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_LogicalShareSecuritySetting and Win32_LogicalFileSecuritySetting: the security of shares and of files, read-only here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..files.names import FileError
from ..records import Account, CimError
from ..security import Descriptor
from ..shares import shares
from . import descriptors
from .catalogue import E_NOT_FOUND, CimClass

if TYPE_CHECKING:
    from ..host import Windows

ACCESS_DENIED = 2


class SecuritySetting(CimClass):
    """What both have in common: GetSecurityDescriptor of an instance."""

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method != "GetSecurityDescriptor":
            return super()._invoke(host, account, keys, method, arguments)
        found = self._descriptor(host, keys)
        if found is None:
            raise CimError(6, "Not found ", E_NOT_FOUND)
        if not account.elevated:
            return {"Descriptor": None, "ReturnValue": ACCESS_DENIED}
        return {"Descriptor": descriptors.shown(host, found, descriptors.WIN32), "ReturnValue": 0}

    def _descriptor(self, host: Windows, keys: dict[str, Any]) -> Descriptor | None:
        raise NotImplementedError

    def _row(self, name: str, value: str, found: Descriptor) -> dict[str, Any]:
        known = {name: value, "Caption": f"Security settings of {value}", "Description": f"Security settings of {value}", "ControlFlags": found.control}
        return {prop.name: known.get(prop.name) for prop in self.properties}


class ShareSecurity(SecuritySetting):
    """Key Name. A share with the default descriptor has no instance."""

    def _visible(self, host: Windows, account: Account) -> Iterable[dict[str, Any]]:
        return self._instances(host) if account.elevated else ()

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        for share in shares(host):
            found = host.security.share(share.name)
            if found is not None:
                yield self._row("Name", share.name, found)

    def _descriptor(self, host: Windows, keys: dict[str, Any]) -> Descriptor | None:
        return host.security.share(str(keys.get("Name") or ""))


class FileSecurity(SecuritySetting):
    """Key Path. It can't be enumerated (win32 page of the class)."""

    def _descriptor(self, host: Windows, keys: dict[str, Any]) -> Descriptor | None:
        path = str(keys.get("Path") or "")
        try:
            return host.security.folder(path) if host.files.exists(path) else None
        except FileError:
            return None
