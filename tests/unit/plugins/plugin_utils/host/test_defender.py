# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft Defender: what its status and its policies say, and what comes of a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._defender import Defender, mode_of, policy_list
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._registry import Key, RegistryValue
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Client, Instance, WSManFault


def _instance(**properties: object) -> Instance:
    root = ElementTree.Element("MSFT_MpComputerStatus")
    for name, value in properties.items():
        for item in value if isinstance(value, list) else [value]:
            ElementTree.SubElement(root, name).text = str(item).lower() if isinstance(item, bool) else str(item)
    return Instance(root)


def _key(*values: str, **subkeys: Key) -> Key:
    return Key({value.lower(): RegistryValue(value, "REG_SZ", "0") for value in values}, {name.replace("__", "\\"): key for name, key in subkeys.items()})


@pytest.mark.parametrize(
    ("properties", "mode"),
    [
        ({"AMRunningMode": "Normal", "AMServiceEnabled": True, "AntivirusEnabled": True}, "active"),
        ({"AMRunningMode": "Passive Mode", "AMServiceEnabled": True, "AntivirusEnabled": True}, "passive"),
        ({"AMRunningMode": "SxS Passive Mode", "AMServiceEnabled": True}, "passive"),
        ({"AMRunningMode": "EDR Block Mode", "AMServiceEnabled": True}, "passive"),
        ({"AMRunningMode": "Not running", "AMServiceEnabled": False}, "off"),
        ({"AMServiceEnabled": True, "AntivirusEnabled": True}, "active"),
        ({"AMServiceEnabled": True, "AntivirusEnabled": False}, "off"),
        ({"AMServiceEnabled": False, "AntivirusEnabled": False}, "off"),
    ],
)
def test_the_mode_is_known_with_and_without_the_later_property(properties: dict[str, object], mode: str) -> None:
    """AMRunningMode decides where there is one; older versions tell by two booleans."""
    assert mode_of(_instance(**properties)) == mode


def test_policies_of_both_kinds_are_entries() -> None:
    """Group Policy has a value for each entry, MDM one with bars between them; a list that its policy switches off counts for nothing."""
    managed = Key({"excludedpaths": RegistryValue("ExcludedPaths", "REG_SZ", "C:\\B| C:\\C |")})
    both = _key(exclusions__paths=_key("C:\\A"), **{"policy manager": managed})
    assert policy_list(both, "paths") == ("C:\\A", "C:\\B", "C:\\C")
    assert policy_list(both, "processes") == ()
    off = Key({"exclusions_paths": RegistryValue("Exclusions_Paths", "REG_DWORD", 0)})
    assert policy_list(_key(exclusions=off, exclusions__paths=_key("C:\\A")), "paths") == ()


def _fault(code: int) -> WSManFault:
    return WSManFault(code, "InternalError", "no", None, None, "MSFT_MpPreference", None, "")


class _Client:
    """Answers queries with rows, or with a fault."""

    def __init__(self, rows: list[Instance] | WSManFault, answer: Instance | WSManFault | None = None) -> None:
        self._rows, self._answer = rows, answer
        self.queries: list[str] = []

    def query(self, _namespace: str, wql: str) -> Iterator[Instance]:
        """As Client's."""
        self.queries.append(wql)
        if isinstance(self._rows, WSManFault):
            raise self._rows
        yield from self._rows

    def invoke(self, *_arguments: object) -> Any:
        """As Client's."""
        if isinstance(self._answer, WSManFault):
            raise self._answer
        return self._answer


def _defender(client: _Client) -> Defender:
    registry = SimpleNamespace(key=lambda _path, recursive=False: None, expect=lambda _path, recursive=False: None)
    return Defender(cast(Client, client), cast(Any, registry), "pc01")


@pytest.mark.parametrize(("code", "mode"), [(0x800106BA, "off"), (0x8033801A, "absent"), (0x80338000, "absent")])
def test_a_host_without_defender_is_asked_once(code: int, mode: str) -> None:
    """The first fault tells; the second query is not sent, and the answer is kept."""
    client = _Client(_fault(code))
    defender = _defender(client)
    assert defender.read().mode == defender.read().mode == mode
    assert len(client.queries) == 1


def test_other_faults_are_no_absence() -> None:
    """Access denied, for one, is passed on as it is."""
    with pytest.raises(WSManFault):
        _defender(_Client(_fault(5))).read()


def test_a_refusal_is_one_sentence() -> None:
    """A fault and a return value both mean that nothing may be called changed."""
    for answer in (_fault(0x80004005), _instance(ReturnValue=5)):
        with pytest.raises(ApplyFailed, match="Defender on pc01 refused to add to its exclusions"):
            _defender(_Client([], answer)).change("Add", {"paths": ["C:\\A"]})
    _defender(_Client([], _instance())).change("Remove", {"paths": ["C:\\A"]})
