# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Whether a registry value is what Windows goes by, or a policy decides.

Windows' components look for a setting of `Software\Microsoft\X` in `Software\Policies\Microsoft\X` first, in the machine's hive before the
user's (Microsoft, "Implementing registry-based policy"; for Internet Explorer "Security zones registry entries"). What somebody else writes
into such a policy's key lasts until the policy is refreshed.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .._host import Host, RegistryValue
from .._host._registry import Key
from .._plan import Override, State, shown
from ._registry_data import NAMES

_MACHINE = "HKLM\\"
_POLICIES = re.compile(r"software\\policies\\", re.IGNORECASE)
_SETTINGS = re.compile(r"software\\(?:wow6432node\\)?(?P<below>microsoft\\.+)", re.IGNORECASE)
# "Use only machine settings" makes the users' zones void.
_ZONES = re.compile(r"software\\microsoft\\windows\\currentversion\\internet settings\\(?:zones|zonemap)\\", re.IGNORECASE)
_ZONES_POLICY = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings"
_MACHINE_ONLY = "Security_HKLM_only"


def policy_path(path: str) -> str | None:
    r"""The key below a hive in which a policy sets what this key does; None if there is no such key, or if it is one itself."""
    match = _SETTINGS.match(path)
    return f"Software\\Policies\\{match['below']}" if match else None


def is_policy(path: str) -> bool:
    """True for a key, below a hive, that policies write."""
    return bool(_POLICIES.match(path))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value below a hive: `asked` None for no such value, `stored` what is there now, as people read it; `what` names it in a finding."""

    path: str
    name: str
    asked: State | None
    stored: str
    what: str = "data"

    def overridden(self, by: str, effective: str, fix: str = "change it in that policy") -> Override:
        """Somebody else decides."""
        return Override(self.what, self.stored, effective, by, fix)


def expect_policies(host: Host, path: str) -> None:
    """The machine's keys that decide beside a key below a hive will be asked for; they go with all others in one command."""
    if policy := policy_path(path):
        host.registry.expect(_MACHINE + policy)
    if _ZONES.match(path):
        host.registry.expect(_ZONES_POLICY)


def by_refresh(host: Host, wanted: Wanted) -> Iterator[Override]:
    """A policy that writes another value into the very key, below HKLM."""
    key = _MACHINE + wanted.path
    found = host.policies.setting(key, wanted.name)
    if found and _differs(found, wanted):
        by = f"Group Policy {host.policies.setting_policy(key, wanted.name)!r} sets it ({key}, {wanted.name})"
        yield wanted.overridden(by, f"{shown(found.data)} when the policy is refreshed")


def by_machine(host: Host, wanted: Wanted) -> Iterator[Override]:
    """A policy of the machine that sets the same."""
    if policy := policy_path(wanted.path):
        place = _MACHINE + policy
        found = _value(host.registry.key(place), wanted.name)
        if found and _differs(found, wanted):
            name = host.policies.setting_policy(place, wanted.name)
            by = f"{f'Group Policy {name!r}' if name else 'a policy of the machine'} sets it ({place}, {wanted.name})"
            yield wanted.overridden(by, shown(found.data))


def by_user(wanted: Wanted, key: Key | None) -> Iterator[Override]:
    """A policy of the user that sets the same; `key` is the user's own key of `policy_path`."""
    found = _value(key, wanted.name)
    if found and _differs(found, wanted):
        yield wanted.overridden(f"a policy of the user sets it ({policy_path(wanted.path)}, {wanted.name})", shown(found.data))


def by_machine_zones(host: Host, wanted: Wanted) -> Iterator[Override]:
    """The policy that makes the users' security zones void."""
    if _ZONES.match(wanted.path):
        only = _value(host.registry.key(_ZONES_POLICY), _MACHINE_ONLY)
        if only and only.data:
            by = f"a policy makes the security zones of the machine count, not those of users ({_ZONES_POLICY}, {_MACHINE_ONLY})"
            yield wanted.overridden(by, "no effect", "take that policy back, or set the machine's policy instead (registry_value)")


def _value(key: Key | None, name: str) -> RegistryValue | None:
    return key.values.get(name.lower()) if key else None


def _differs(found: RegistryValue, wanted: Wanted) -> bool:
    return wanted.asked != {"type": NAMES.get(found.type, found.type), "data": found.data}
