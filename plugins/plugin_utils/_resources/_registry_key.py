# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key in the registry: that it is there, or that it is gone with everything below it.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._host import Host, quote, split
from .._plan import BadRequest, Change, Resource, State

# Without these Windows does not start, or does not log anybody on. Products have their keys in SOFTWARE: all else below HKLM (SYSTEM, SAM,
# SECURITY, BCD00000000, ...) is Windows' own, and HKCC is another name of a part of SYSTEM.
_OWN_HIVES = re.compile(r"hklm\\(?!software\\)|hkcc\\", re.IGNORECASE)
_OWN = re.compile(
    r"software\\classes\\(?:appid|clsid|installer(?:\\[^\\]+)?|interface|typelib)"
    r"|software\\microsoft\\windows[^\\]*(?:\\.*)?"
    r"|software\\policies\\microsoft(?:\\[^\\]+)?",
    re.IGNORECASE,
)
_WOW = re.compile(r"^(software(?:\\classes)?)\\wow6432node(?=\\|$)", re.IGNORECASE)


class RegistryKey(Resource[Host]):
    """`path`: where it is; on 32-bit Windows without `WOW6432Node`."""

    kind = "registry_key"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        hive, below = split(options["path"])
        self.name = f"{hive}\\{below}"
        self._present = options["state"] == "present"
        self._path = self.name
        if not self._present:
            _check_removable(self.name, below)

    def expect(self, host: Host) -> None:
        """The key goes with the others in one command."""
        host.registry.expect(host.native(self.name))

    def read(self, host: Host) -> State | None:
        """Whether it is there."""
        self._path = host.native(self.name)
        if host.registry.key(self._path) is not None:
            return {"path": self._path}
        host.registry.require_readable(self._path)
        return None

    def want(self, have: State | None) -> State | None:
        """The key, or nothing if it is to be gone."""
        return {"path": self._path} if self._present else None

    def apply(self, host: Host, change: Change) -> None:
        """Make it with those above it, or remove it with everything below."""
        path = quote(host.native(self.name))
        if change.after is None:
            host.must_run("reg.exe", f"delete {path} /f", f"remove {self.name}")
        else:
            host.must_run("reg.exe", f"add {path} /f", f"make {self.name}")


def _check_removable(name: str, below: str) -> None:
    plain = _WOW.sub(r"\1", below)
    if plain.count("\\") < 2 or _OWN_HIVES.match(name) or _OWN.fullmatch(plain):
        raise BadRequest(f"{name} is not removed: it is one of Windows' own keys, or holds those of many products; give the key of the product itself.")
