# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Windows a host runs: its release, as WMI says, and its edition, as its registry says.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .._plan import BadRequest, StateError
from .._wsman import Client, Instance, Resource, WSManFault
from ._registry import Registry

_CLASS = Resource("root/cimv2", "Win32_OperatingSystem")
_KEY = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
# ERROR_SERVICE_DISABLED, alone or as the low word of an HRESULT.
_SERVICE_DISABLED = 1058
NO_ADMINISTRATOR = (
    "The account that Ansible uses on {host} is not a full administrator there. "
    "Use a domain account in the local group Administrators, the built-in Administrator, or set LocalAccountTokenFilterPolicy to 1 for local accounts."
)


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """`client` False on servers; `directory` is Windows' folder, `C:\\Windows`; `version` is (6, 1, 7601) for Windows 7 and Server 2008 R2.

    `computer` is the name that the computer itself has.
    """

    client: bool
    bits: int
    directory: str
    version: tuple[int, int, int]
    computer: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """`installation`: Server, Server Core or Client; `edition_id`: ServerStandard, ProfessionalN and so on. Not localised, surface 5.3."""

    installation: str
    edition_id: str

    @property
    def core(self) -> bool:
        """True for Server Core, which has no desktop."""
        return self.installation.lower() == "server core"

    @property
    def n(self) -> bool:
        """True for the editions without media: N, and KN of Korea. The capital tells them from `Education`."""
        return self.edition_id.endswith("N")


class Editions:
    """Reads the edition along with the other keys of a task."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def expect(self) -> None:
        """`current` will be asked for."""
        self._registry.expect(_KEY)

    @property
    def current(self) -> Edition:
        """The host's edition; empty texts if its registry does not tell."""
        key = self._registry.key(_KEY)
        installation, edition = (key.data("InstallationType"), key.data("EditionID")) if key else (None, None)
        return Edition(str(installation or ""), str(edition or ""))


def operating_system(client: Client, host: str) -> OperatingSystem:
    """What Win32_OperatingSystem says; `host` is what people call the host.

    Raises:
        BadRequest: the host answers WS-Management, but is no Windows, or the account may not even ask.
    """
    try:
        return _operating_system(client.get(_CLASS))
    except WSManFault as fault:
        raise _refusal(host, fault) from None


def _operating_system(row: Instance) -> OperatingSystem:
    return OperatingSystem(
        client=row.integer("ProductType") == 1,
        # The text is localised ("64-Bit", "64 bits"), the number is not.
        bits=64 if "64" in (row.text("OSArchitecture") or "") else 32,
        directory=row.text("WindowsDirectory") or "C:\\Windows",
        version=_version(row.text("Version") or ""),
        computer=row.text("CSName") or "",
    )


def _version(text: str) -> tuple[int, int, int]:
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else (0, 0, 0)


def _refusal(host: str, fault: WSManFault) -> StateError | WSManFault:
    """Why the first question to a host was refused, in words where the cause is known."""
    if fault.access_denied:
        return BadRequest(NO_ADMINISTRATOR.format(host=host))
    if _SERVICE_DISABLED in (fault.code, (fault.code or 0) & 0xFFFF):
        return BadRequest(
            f"Windows Management Instrumentation (service Winmgmt) is disabled on {host}, so nothing can be read; "
            "enable it there: sc config winmgmt start= auto"
        )
    if fault.not_found or fault.invalid_class:
        return BadRequest(f"{host} answers WS-Management, but not as Windows does; is it a Windows host? It said: {fault}")
    return fault
