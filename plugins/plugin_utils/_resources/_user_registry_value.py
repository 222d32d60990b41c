# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One value in the registry hive of a user, of the profile that new users get, or of all of them.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._host import Host, Profile, RegistryValue, is_registry, split
from .._host._commands import UNPRINTABLE
from .._host._hive_lines import Batch, HiveLine
from .._host._hives import ALL
from .._plan import ApplyFailed, BadRequest, Change, Override, Resource, State, Value, shown
from ._registry_data import NAMES, TYPES, canonical
from ._registry_effect import Wanted, by_machine, by_machine_zones, by_user, expect_policies, policy_path

# In reg.exe's output such a name could not be told from its type; the default value is shown by a localised name.
_BAD_NAME = re.compile(f'^$|[{UNPRINTABLE}"]|    REG_|^\\(default\\)$', re.IGNORECASE)
_CLASSES = re.compile(r"software\\classes(?:\\|$)", re.IGNORECASE)


class UserRegistryValue(Resource[Host]):
    """Of one user: `type` and `data` as of a registry_value. Of all: `dword 1` or None for each, by SID, and for `default`."""

    kind = "user_registry_value"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._user: str = options["user"].strip()
        self._all = self._user.lower() == ALL
        self._path: str = options["path"].strip("\\")
        self._value: str = options["name"]
        self.name = f"{self._user}\\{self._path}\\{self._value}"
        self._check_names()
        self._policy = policy_path(self._path)
        self._asked: State | None = None
        self._profiles: dict[str, Profile] = {}
        self._notes: list[str] = []
        self._warnings: list[str] = []
        if options["state"] == "present":
            kind = options["type"]
            data = canonical(self.name, kind, options["data"])
            self._asked = {"type": kind, "data": data}
            self._written = RegistryValue(self._value, TYPES[kind], data)

    def _check_names(self) -> None:
        if not self._user:
            raise BadRequest("user_registry_value needs a user: an account, a SID, default or all.")
        if is_registry(self._path):
            raise BadRequest(f"{self._path} names a hive; give the path below the user's hive, as in Software\\Vendor.")
        split(f"HKU\\x\\{self._path}")
        if _CLASSES.match(self._path):
            raise BadRequest(f"{self._path} lies in another hive of the user (UsrClass.dat), which this module does not manage.")
        if _BAD_NAME.search(self._value):
            raise BadRequest(f"{self._value!r} is no name of a registry value that this module can manage; the default value of a key is not offered.")

    def expect(self, host: Host) -> None:
        """The list of profiles goes with the others in one command; the hives are read by a second one, together."""
        host.hives.expect(self._user, self._path)
        expect_policies(host, self._path)
        if self._policy:
            host.hives.expect(self._user, self._policy)

    def read(self, host: Host) -> State | None:
        """The raw data with its type from each profile that can be read; None if there is no such value."""
        self._profiles, self._notes, self._warnings = {}, [], []
        found: dict[str, State | None] = {}
        for profile in host.hives.profiles(self._user):
            if self._applies(host, profile) and self._readable(host, profile):
                self._profiles[profile.sid] = profile
                found[profile.sid] = self._state(host, profile)
        if not found and not self._notes and not self._warnings:
            self._notes.append(f"{self._user} has no profile on {host.name}, so there is nothing to set before its first logon")
        if not self._all:
            return next(iter(found.values()), None)
        return {sid: _shown(state) for sid, state in found.items()} if any(found.values()) or self._asked else None

    def want(self, have: State | None) -> State | None:
        """The same for each profile that can be written; what is there for the others."""
        if not self._profiles:
            return have
        if self._all and self._asked:
            return dict.fromkeys(self._profiles, _shown(self._asked))
        return self._asked

    def check(self, host: Host, change: Change) -> None:
        """What can't be written into a hive that has to be loaded is refused before anything is written."""
        for profile in self._profiles.values():
            if not profile.loaded and self._asked:
                Batch([HiveLine(profile.ours, profile.hive).add(self._path, self._written)]).text()

    def apply(self, host: Host, change: Change) -> None:
        """Set or delete the value in each profile where it differs."""
        before, after = change.before or {}, change.after or {}
        for sid, profile in self._profiles.items():
            if self._all and before.get(sid) == after.get(sid):
                continue
            if self._asked:
                host.hives.write(profile, self._path, self._written)
            else:
                host.hives.delete(profile, self._path, self._value)

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Why there is nothing to do, and what else decides."""
        return tuple(self._notes)

    def warnings(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Profiles that could not be managed."""
        return tuple(self._warnings)

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """Policies that set the same otherwise: the machine's for everybody, else each user's own."""
        if not self._profiles:
            return ()
        stored = {sid: self._stored(change, sid) for sid in self._profiles}
        everybody = Wanted(self._path, self._value, self._asked, " or ".join(sorted(set(stored.values()))))
        found = (*by_machine(host, everybody), *by_machine_zones(host, everybody))
        if found or not self._policy:
            return found
        wanted = ((profile, replace(everybody, stored=stored[sid], what=f"data of {sid}" if self._all else "data")) for sid, profile in self._profiles.items())
        return tuple(override for profile, one in wanted for override in by_user(one, host.hives.key(profile, self._policy)))

    def _stored(self, change: Change, sid: str) -> str:
        before = change.before or {}
        return shown(before.get(sid if self._all else "data"))

    def _applies(self, host: Host, profile: Profile) -> bool:
        if not profile.kept:
            self._warnings.append(
                f"the profile {profile.folder} is mandatory or temporary: what is set there is gone at the logoff; change the profile that it is made from"
            )
            return False
        if profile.roams:
            self._notes.append(f"the profile {profile.folder} roams: a newer copy on its server replaces it at the next logon")
        return True

    def _readable(self, host: Host, profile: Profile) -> bool:
        """False for a hive that can't be loaded, if it is one of all; a person's own is an error."""
        try:
            host.hives.key(profile, self._path)
        except ApplyFailed as error:
            if not self._all:
                raise
            self._warnings.append(f"left out: {error}")
            return False
        return True

    def _state(self, host: Host, profile: Profile) -> State | None:
        key = host.hives.key(profile, self._path)
        value = key.values.get(self._value.lower()) if key else None
        return {"type": NAMES.get(value.type, value.type), "data": value.data} if value else None


def _shown(state: State | None) -> Value:
    """A value and its type in one text, the same on both sides of a comparison."""
    if state is None:
        return None
    data = state["data"]
    return f"{state['type']} {', '.join(data) if isinstance(data, tuple) else data}"
