# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of reg.exe have in common: the parsed command line and the way to give up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..registry import HIVES, split
from ..registry_access import ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER, RegistryAccess

if TYPE_CHECKING:
    from ..host import Windows


class RegError(Exception):
    """reg.exe gives up: the message is the text for stderr."""


@dataclass(frozen=True)
class Request:
    """A parsed command line: options in lower case without the slash; None for those that take no value."""

    host: Windows
    access: RegistryAccess
    verb: str
    hive: str
    path: str
    options: Mapping[str, str | None]

    def has(self, *names: str) -> bool:
        """True if one of these options was given."""
        return any(name in self.options for name in names)

    @property
    def shown(self) -> str:
        """The key as reg.exe prints it: the full name of the hive, the rest as typed."""
        return "\\".join((HIVES[self.hive], *split(self.path)))

    def fail(self, error: int) -> RegError:
        """The exception for a Win32 error."""
        if error == ERROR_INVALID_PARAMETER:
            return RegError(self.host.text("reg.error", message=self.host.error(error)))
        return RegError(self.host.text("reg.access_denied" if error == ERROR_ACCESS_DENIED else "reg.not_found"))
