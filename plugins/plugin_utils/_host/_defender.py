# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft Defender Antivirus: which exclusions are in force, who set them, and whether they can be changed.

Two queries and one registry read for all resources of a task. Sources: surface 8.1; Microsoft Learn on tamper protection (TPExclusions),
on the places of local, Group Policy and MDM settings, and on DisableLocalAdminMerge.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .._plan import ApplyFailed
from .._wsman import Client, Instance, Resource, WSManFault
from ._registry import Key, Registry

_NAMESPACE = "root/microsoft/windows/defender"
_PREFERENCE = Resource(_NAMESPACE, "MSFT_MpPreference")
_PREFERENCE_QUERY = "SELECT ExclusionPath, ExclusionProcess, ExclusionExtension FROM MSFT_MpPreference"
# All of it: AMRunningMode came with an update of Defender, and a query for what a class lacks fails.
_STATUS_QUERY = "SELECT * FROM MSFT_MpComputerStatus"
# Group Policy's settings, and those of MDM below "Policy Manager".
POLICIES = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender"
_FEATURES = "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Features"
_MANAGED = "policy manager"
# Values of either that make local lists void, and that hide all of them.
NO_MERGE, HIDE = "DisableLocalAdminMerge", "HideExclusionsFromLocalAdmins"
# The property of MSFT_MpPreference, Group Policy's key and MDM's value of each list.
_LISTS: Mapping[str, tuple[str, str, str]] = {
    "paths": ("ExclusionPath", "Paths", "ExcludedPaths"),
    "processes": ("ExclusionProcess", "Processes", "ExcludedProcesses"),
    "extensions": ("ExclusionExtension", "Extensions", "ExcludedExtensions"),
}
# The antivirus' service does not run.
_NOT_RUNNING = 0x800106BA
_HIDDEN = "n/a:"

Mode = Literal["active", "passive", "off", "absent"]
Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The lists paths, processes and extensions as they are written, where Defender tells them.

    `policy`: those that Group Policy or MDM sets. `local`: the others; empty where `hidden` says that nobody may see them.
    `local_counts`: False if policy's lists are the only ones in force. `locked`: tamper protection keeps the lists as they are.
    `places`: the registry key of a policy that hides the lists or makes the local ones void, by the value's name.
    """

    mode: Mode
    policy: Lists = field(default_factory=dict)
    local: Lists = field(default_factory=dict)
    hidden: bool = False
    local_counts: bool = True
    locked: bool = False
    places: Mapping[str, str] = field(default_factory=dict)


class Defender:
    """The exclusions of one host, read once for a task."""

    def __init__(self, client: Client, registry: Registry, name: str) -> None:
        self._client = client
        self._registry = registry
        self._name = name
        self._found: Exclusions | None = None

    def forget(self) -> None:
        """Read anew from now on."""
        self._found = None

    def expect(self) -> None:
        """The policies go along with the registry's other reads."""
        self._registry.expect(POLICIES, recursive=True)
        self._registry.expect(_FEATURES)

    def read(self) -> Exclusions:
        """What is excluded, and what stands in the way of a change."""
        if self._found is None:
            self._found = self._read()
        return self._found

    def change(self, method: Literal["Add", "Remove"], entries: Mapping[str, Sequence[str]]) -> None:
        """Add to the local lists or remove from them, by one message.

        Raises:
            ApplyFailed: Defender refuses.
        """
        arguments = {_LISTS[kind][0]: list(values) for kind, values in entries.items() if values}
        verb = "add to" if method == "Add" else "remove from"
        try:
            code = self._client.invoke(_PREFERENCE, method, {**arguments, "Force": True}).integer("ReturnValue")
        except WSManFault as fault:
            raise ApplyFailed(f"Microsoft Defender on {self._name} refused to {verb} its exclusions: {fault}") from fault
        if code:
            raise ApplyFailed(f"Microsoft Defender on {self._name} refused to {verb} its exclusions (return value {code}).")

    def _read(self) -> Exclusions:
        try:
            preference = next(iter(list(self._client.query(_NAMESPACE, _PREFERENCE_QUERY))), None)
            status = next(iter(list(self._client.query(_NAMESPACE, _STATUS_QUERY))), None)
        except WSManFault as fault:
            if fault.code == _NOT_RUNNING:
                return Exclusions("off")
            if fault.invalid_class or fault.not_found:
                return Exclusions("absent")
            raise
        policies, features = self._registry.key(POLICIES, recursive=True) or Key(), self._registry.key(_FEATURES) or Key()
        shown = {kind: preference.texts(names[0]) if preference else () for kind, names in _LISTS.items()}
        hidden = preference is None or any(text.lower().startswith(_HIDDEN) for texts in shown.values() for text in texts)
        policy = {kind: policy_list(policies, kind) for kind in _LISTS}
        return Exclusions(
            mode_of(status) if status else "off",
            policy,
            {kind: () if hidden else _without(shown[kind], policy[kind]) for kind in _LISTS},
            hidden,
            local_counts=NO_MERGE not in (places := _places(policies)),
            locked=features.data("TPExclusions") == 1,
            places=places,
        )


def mode_of(status: Instance) -> Mode:
    """The antivirus' mode out of MSFT_MpComputerStatus; the words are the same in every language."""
    running = (status.text("AMRunningMode") or "").lower() if "AMRunningMode" in status else ""
    if status.boolean("AMServiceEnabled") is False or running == "not running":
        return "off"
    if running:
        return "active" if running == "normal" else "passive"
    return "off" if status.boolean("AntivirusEnabled") is False else "active"


def policy_list(policies: Key, kind: str) -> tuple[str, ...]:
    """The entries of one list that Group Policy or MDM sets; `policies` was read with all keys below it."""
    _property, name, managed = _LISTS[kind]
    switches, entries = policies.subkeys.get("exclusions"), policies.subkeys.get(f"exclusions\\{name.lower()}")
    off = switches is not None and switches.data(f"Exclusions_{name}") == 0
    found = [] if entries is None or off else [value.name for value in entries.values.values()]
    text = policies.subkeys.get(_MANAGED, Key()).data(managed)
    return (*found, *(entry.strip() for entry in str(text or "").split("|") if entry.strip()))


def _places(policies: Key) -> dict[str, str]:
    """Where the switches are that are set."""
    keys = {f"{POLICIES}\\Policy Manager": policies.subkeys.get(_MANAGED, Key()), POLICIES: policies}
    return {name: path for name in (NO_MERGE, HIDE) for path, key in keys.items() if key.data(name) == 1}


def _without(shown: Sequence[str], policy: Sequence[str]) -> tuple[str, ...]:
    known = {entry.lower() for entry in policy}
    return tuple(entry for entry in shown if entry.lower() not in known)
