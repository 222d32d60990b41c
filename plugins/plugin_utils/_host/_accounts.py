# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that a host knows, by name or by SID.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .._plan import BadRequest, Missing
from .._wsman import Client, Resource, WSManFault

_SID = Resource("root/cimv2", "Win32_SID")
# Fetched by their keys: a query would make a member of a domain list all of the domain's accounts (surface 8.3).
_SYSTEM = "Win32_SystemAccount"
_KINDS = ("Win32_UserAccount", "Win32_Group", _SYSTEM)
_SID_TEXT = re.compile(r"S-1-\d+(?:-\d+)+", re.IGNORECASE)
_UNWRITABLE = re.compile(r'["/\[\]:;|=,+*?<>%\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Account:
    """A user, computer, managed service account or group. `domain` is the computer's own name for a local one, empty with `name` if nobody has the SID."""

    sid: str
    domain: str
    name: str

    def __str__(self) -> str:
        return f"{self.domain}\\{self.name}" if self.domain else self.name or self.sid


class Accounts:
    """Looked up one by one, and remembered: who has a SID does not change within a task."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: dict[str, Account | None] = {}
        self._groups: dict[str, bool] = {}
        self._computer = ""

    def find(self, text: str) -> Account | None:
        r"""The account of a SID, of `DOMAIN\name`, `name@domain`, or of this computer (`.\name`, `name`); None if the host knows none.

        Raises:
            BadRequest: the text can be no account.
        """
        key = text.strip().lower()
        if key not in self._found:
            self._found[key] = self._by_sid(text.strip()) if is_sid(key) else self._by_name(*split_account(text))
        return self._found[key]

    def require(self, text: str, host: str) -> Account:
        """As `find`; `host` is what people call the host.

        Raises:
            Missing: the host knows no such account.
            BadRequest: the text can be no account.
        """
        account = self.find(text)
        if account is None:
            raise Missing(f"{host} knows no account {text}; check its spelling and domain, and that the host reaches its domain controller.")
        return account

    def _by_sid(self, sid: str) -> Account | None:
        try:
            found = self._client.get(_SID, {"SID": sid.upper()})
        except WSManFault as fault:
            if fault.not_found or fault.invalid_selectors:
                return None
            raise
        name = found.text("AccountName")
        return Account(sid.upper(), found.text("ReferencedDomainName") or "", name) if name else None

    def _by_name(self, domain: str, name: str) -> Account | None:
        for kind in _KINDS:
            try:
                found = self._client.get(Resource("root/cimv2", kind), {"Domain": domain or self._own_name(), "Name": name})
            except WSManFault as fault:
                if fault.not_found or fault.invalid_selectors:
                    continue
                raise
            if sid := found.text("SID"):
                if kind == _SYSTEM:
                    # WMI shows the computer as their domain; commands want the authority: NT AUTHORITY, or none for Everyone.
                    return self._by_sid(sid)
                return Account(sid, found.text("Domain") or domain, found.text("Name") or name)
        return None

    def is_group(self, account: Account) -> bool:
        """True if a domain's account is a group."""
        key = account.sid
        if key not in self._groups:
            try:
                self._client.get(Resource("root/cimv2", "Win32_Group"), {"Domain": account.domain, "Name": account.name})
                self._groups[key] = True
            except WSManFault as fault:
                if not (fault.not_found or fault.invalid_selectors):
                    raise
                self._groups[key] = False
        return self._groups[key]

    def _own_name(self) -> str:
        if not self._computer:
            row = next(iter(list(self._client.query("root/cimv2", "SELECT Name FROM Win32_ComputerSystem"))))
            self._computer = row.text("Name") or ""
        return self._computer


def is_sid(text: str) -> bool:
    """True for a security identifier."""
    return bool(_SID_TEXT.fullmatch(text))


def split_account(text: str) -> tuple[str, str]:
    r"""Domain and name; the domain is empty for an account of the computer itself, and the short name of a full one (`name@example.com`).

    Raises:
        BadRequest: there is no name, or a character that no account has.
    """
    domain, backslash, name = text.strip().rpartition("\\")
    if not backslash and "@" in text:
        name, _at, domain = text.strip().rpartition("@")
    if not name or _UNWRITABLE.search(f"{domain}{name}") or "\\" in domain:
        raise BadRequest(f"{text!r} is no account; write it as DOMAIN\\name, name@domain, a SID, or a plain name for one of the host itself.")
    return "" if domain == "." else domain.partition(".")[0], name
