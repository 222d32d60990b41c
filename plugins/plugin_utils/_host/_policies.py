# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group Policy: which policy has set what, as Windows has logged it (Resultant Set of Policy, logging mode).

The classes are Microsoft's RSOP_GPO, RSOP_RegistryPolicySetting and RSOP_SystemService in root/rsop/computer. Logging can be switched off
and a host may never have had a policy: nothing is known then, and the registry key is all that can be told.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .._wsman import Client, Instance, WSManFault
from ._registry import RegistryValue

_NAMESPACE = "root/rsop/computer"
_SERVICES = "SELECT Service, StartupMode, GPOID FROM RSOP_SystemService WHERE precedence = 1"
_NAMES = "SELECT id, name FROM RSOP_GPO"
_MODES = {2: "auto", 3: "manual", 4: "disabled"}
_SETTINGS = "FROM RSOP_RegistryPolicySetting WHERE precedence = 1"
# WMI refuses queries with too many ANDs and ORs, and does not say how many are too many.
_MOST_PAIRS = 12
_ROOT = "HKLM\\"


@dataclass(frozen=True, slots=True)
class Source:
    """Who has set something, such as `Group Policy 'Baseline'`, and the registry's key and value that say it."""

    who: str
    place: str


class Policies:
    """What Group Policy has set on one host; each question is asked once for a task."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._names: dict[str, str] | None = None
        self._start_modes: dict[str, tuple[str | None, str]] | None = None
        self._settings: dict[str, dict[tuple[str, str], str]] = {}
        self._expected: dict[tuple[str, str], None] = {}
        self._values: dict[tuple[str, str], tuple[RegistryValue | None, str]] = {}

    def forget(self) -> None:
        """Read anew from now on: a policy may have arrived."""
        self._names = self._start_modes = None
        self._settings.clear()
        self._values.clear()

    def start_mode(self, service: str) -> str | None:
        """The start mode auto, manual or disabled that a policy (System Services) enforces for the service of this short name."""
        return self._enforced(service)[0]

    def start_mode_policy(self, service: str) -> str:
        """The name of the policy that does."""
        return self._name(self._enforced(service)[1])

    def _enforced(self, service: str) -> tuple[str | None, str]:
        """The start mode, and the policy's id."""
        if self._start_modes is None:
            self._start_modes = {
                (row.text("Service") or "").lower(): (_MODES.get(row.integer("StartupMode") or 0), row.text("GPOID") or "") for row in self._rows(_SERVICES)
            }
        return self._start_modes.get(service.lower(), (None, ""))

    def expect(self, key: str, value: str) -> None:
        """This value, below HKLM, will be asked for."""
        self._expected[key.lower(), value.lower()] = None

    def setting(self, key: str, value: str) -> RegistryValue | None:
        """What a policy sets for a value; None if none does, or if Windows has not logged it. All that are expected are asked for together."""
        return self._logged(key, value)[0]

    def setting_policy(self, key: str, value: str) -> str:
        """The name of the policy that does; empty if there is none."""
        policy = self._logged(key, value)[1]
        return self._name(policy) if policy else ""

    def _logged(self, key: str, value: str) -> tuple[RegistryValue | None, str]:
        """The value, and the policy's id."""
        place = (key.lower(), value.lower())
        if place not in self._values:
            wanted, self._expected = {**self._expected, place: None}, {}
            found = dict(self._written(wanted))
            self._values |= {one: found.get(one, (None, "")) for one in wanted}
        return self._values[place]

    def _written(self, wanted: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], tuple[RegistryValue, str]]]:
        pairs = [f"(registryKey = '{_literal(key.removeprefix(_ROOT.lower()))}' AND valueName = '{_literal(value)}')" for key, value in wanted]
        for start in range(0, len(pairs), _MOST_PAIRS):
            places = " OR ".join(pairs[start : start + _MOST_PAIRS])
            for row in self._rows(f"SELECT registryKey, valueName, valueType, value, deleted, GPOID {_SETTINGS} AND ({places})"):
                name = row.text("valueName") or ""
                if not row.boolean("deleted"):
                    found = RegistryValue.of_bytes(name, row.integer("valueType") or 0, bytes(row.integers("value")))
                    yield _place(row.text("registryKey"), name), (found, row.text("GPOID") or "")

    def source(self, root: str, key: str, value: str) -> Source:
        """Who sets the value of a policy's key; `Group Policy` alone where Windows has not logged which.

        root: the key, up to HKLM, below which everything is asked for together.
        """
        if root not in self._settings:
            self._settings[root] = dict(self._written_below(root))
        policy = self._settings[root].get((key.lower(), value.lower()), "")
        return Source(f"Group Policy {policy!r}" if policy else "Group Policy", f"{key}, {value}")

    def _written_below(self, root: str) -> Iterator[tuple[tuple[str, str], str]]:
        # The pattern is made from this collection's own keys.
        query = f"SELECT registryKey, valueName, GPOID {_SETTINGS} AND registryKey LIKE '{_literal(root.removeprefix(_ROOT))}%'"
        for row in self._rows(query):
            yield _place(row.text("registryKey"), row.text("valueName") or ""), self._name(row.text("GPOID") or "")

    def _name(self, policy: str) -> str:
        if self._names is None:
            self._names = {(row.text("id") or "").lower(): row.text("name") or "" for row in self._rows(_NAMES)}
        return self._names.get(policy.lower()) or policy

    def _rows(self, query: str) -> list[Instance]:
        try:
            return list(self._client.query(_NAMESPACE, query))
        except WSManFault:
            # Logging is off, or the host knows no such class. A setting can be made and judged without it.
            return []


def _place(key: str | None, value: str) -> tuple[str, str]:
    """Key, from HKLM on, and value, both in small letters."""
    return f"{_ROOT}{key or ''}".lower(), value.lower()


def _literal(text: str) -> str:
    """As it is written between the quotation marks of a WQL text."""
    return text.replace("\\", "\\\\").replace("'", "\\'")
