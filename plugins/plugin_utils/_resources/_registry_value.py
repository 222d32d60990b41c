# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One value in the registry, with its type.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._host import Host, RegistryValue, split
from .._host._commands import UNPRINTABLE
from .._plan import BadRequest, Change, Override, Resource, State, shown
from ._registry_data import NAMES, TYPES, canonical
from ._registry_effect import Wanted, by_machine, by_refresh, expect_policies, is_policy

# The firewall service keeps its own state: rules written here would be seen by everybody but the firewall.
_FIREWALL = re.compile(r"system\\(?:currentcontrolset|controlset\d+)\\services\\sharedaccess\\parameters\\firewallpolicy", re.IGNORECASE)
# In reg.exe's output such a name could not be told from its type.
_BAD_NAME = re.compile(f"[{UNPRINTABLE}]|    REG_|^\\(default\\)$", re.IGNORECASE)


class RegistryValueResource(Resource[Host]):
    """`type` as the module names it (or as Windows does, if the module has no name for it), `data` as str, int or tuple."""

    kind = "registry_value"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._path: str = options["path"]
        self._value: str = options["name"]
        hive, below = split(self._path)
        # Policies are the machine's here; what they decide has a name.
        self._below = below if hive == "HKLM" and self._value else ""
        self.name = f"{hive}\\{below}\\{self._value or '(Default)'}"
        if _BAD_NAME.search(self._value):
            raise BadRequest(f"{self._value!r} is no name of a registry value; leave name out for the default value of {self._path}.")
        if _FIREWALL.match(below):
            raise BadRequest(f"{self._path} belongs to the firewall service, which does not notice changes there; use firewall_rule or firewall_group.")
        self._anywhere: bool = options["missing_key"] == "create"
        self._applies = True
        self._asked: State | None = None
        if options["state"] == "present":
            kind = options["type"]
            if not self._value and kind != "string":
                raise BadRequest(f"The default value of {self._path} can be a string only.")
            self._asked = {"type": kind, "data": canonical(self.name, kind, options["data"])}

    def expect(self, host: Host) -> None:
        """The key goes with the others in one command."""
        if self._value or not self._anywhere:
            host.registry.expect(self._path)
        expect_policies(host, self._below)
        if is_policy(self._below):
            host.policies.expect(f"HKLM\\{self._below}", self._value)

    def read(self, host: Host) -> State | None:
        """The raw data with its type, None if there is no such value."""
        if not self._anywhere:
            self._applies = host.registry.key(self._path) is not None
        if not self._value:
            found = host.registry.default(self._path)
        elif key := host.registry.key(self._path):
            found = key.values.get(self._value.lower())
        else:
            host.registry.require_readable(self._path)
            found = None
        return {"type": NAMES.get(found.type, found.type), "data": found.data} if found else None

    def want(self, have: State | None) -> State | None:
        """Both type and data, or nothing at all; what is there where the value has no meaning because its key is missing."""
        return self._asked if self._applies else have

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Says so if the value does not apply to this host."""
        return () if self._applies else (f"{self._path} is not in the registry of {host.name}, so there is nothing to set",)

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """A policy that sets the same otherwise, beside it or in its place."""
        if not self._applies:
            return ()
        wanted = Wanted(self._below, self._value, self._asked, shown((change.before or {}).get("data")))
        return tuple(by_refresh(host, wanted) if is_policy(self._below) else by_machine(host, wanted))

    def apply(self, host: Host, change: Change) -> None:
        """Set the value with its type, or delete it; keys are made and never deleted."""
        if change.after is None:
            host.registry.delete(self._path, self._value)
            return
        data = change.after["data"]
        if data is not None:
            host.registry.write(self._path, RegistryValue(self._value, TYPES[str(change.after["type"])], data))
