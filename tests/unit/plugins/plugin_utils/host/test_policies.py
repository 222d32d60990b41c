# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has set a policy's value, out of what Windows has logged; and what is said where it has logged nothing."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._policies import Policies, Source
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._registry import Data, RegistryValue
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import WSManFault

ROOT = "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"
ID = "cn={1},cn=policies,cn=system,DC=lab,DC=test"


class Row(dict[str, Any]):
    """One row of a query, as the client gives it."""

    def text(self, name: str) -> str | None:
        value: str | None = self.get(name)
        return value

    def integer(self, name: str) -> int | None:
        value: int | None = self.get(name)
        return value

    def boolean(self, name: str) -> bool | None:
        value: bool | None = self.get(name)
        return value

    def integers(self, name: str) -> tuple[int, ...]:
        value: tuple[int, ...] = self.get(name, ())
        return value


class FakeClient:
    """Answers queries by the class that they name."""

    def __init__(self, rows: dict[str, list[Row]], fault: WSManFault | None = None) -> None:
        self.rows, self.fault = rows, fault
        self.asked: list[str] = []

    def query(self, namespace: str, wql: str) -> list[Row]:
        self.asked.append(wql)
        if self.fault:
            raise self.fault
        assert namespace == "root/rsop/computer"
        return next((rows for name, rows in self.rows.items() if f"FROM {name}" in wql), [])


def _policies(fault: WSManFault | None = None) -> tuple[Policies, FakeClient]:
    client = FakeClient(
        {
            "RSOP_GPO": [Row(id=ID.upper(), name="Baseline")],
            "RSOP_RegistryPolicySetting": [
                Row(registryKey="Software\\Policies\\Microsoft\\WindowsFirewall\\DomainProfile", valueName="allowlocalpolicymerge", GPOID=ID),
                Row(registryKey="Software\\Policies\\Microsoft\\WindowsFirewall\\PublicProfile", valueName="EnableFirewall", GPOID="LocalGPO"),
            ],
            "RSOP_SystemService": [Row(Service="remoteregistry", StartupMode=4, GPOID=ID), Row(Service="Odd", StartupMode=0, GPOID=ID)],
        },
        fault,
    )
    return Policies(client), client  # type: ignore[arg-type]


def test_a_value_is_found_by_key_and_name_in_any_letter_case() -> None:
    """The policy's display name, and where it stands."""
    policies, client = _policies()
    key = f"{ROOT}\\DomainProfile"
    assert policies.source(ROOT, key, "AllowLocalPolicyMerge") == Source("Group Policy 'Baseline'", f"{key}, AllowLocalPolicyMerge")
    assert "LIKE 'SOFTWARE\\\\Policies\\\\Microsoft\\\\WindowsFirewall%'" in client.asked[0]


def test_one_question_serves_a_whole_key() -> None:
    """And the names of policies are asked for once."""
    policies, client = _policies()
    for value in ("AllowLocalPolicyMerge", "EnableFirewall", "Other"):
        policies.source(ROOT, f"{ROOT}\\DomainProfile", value)
    assert len(client.asked) == 2
    policies.forget()
    policies.source(ROOT, f"{ROOT}\\DomainProfile", "Other")
    assert len(client.asked) == 4


def test_a_policy_without_a_name_is_told_by_its_id() -> None:
    """The local policy has none."""
    policies, _client = _policies()
    assert policies.source(ROOT, f"{ROOT}\\PublicProfile", "EnableFirewall").who == "Group Policy 'LocalGPO'"


def test_a_start_mode_is_found_by_the_services_short_name() -> None:
    """Numbers that mean nothing are left out, and the policy's name is a question of its own."""
    policies, client = _policies()
    assert policies.start_mode("RemoteRegistry") == "disabled"
    assert policies.start_mode("Odd") is None
    assert policies.start_mode("Winmgmt") is None
    assert len(client.asked) == 1
    assert policies.start_mode_policy("RemoteRegistry") == "Baseline"
    assert len(client.asked) == 2


EDGE = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge"


def test_what_a_policy_sets_is_asked_for_together_and_its_name_apart() -> None:
    """In any letter case; a policy that takes a value away sets none."""
    row = {"registryKey": "Software\\Policies\\Microsoft\\Edge", "GPOID": ID}
    policies, client = _policies()
    client.rows["RSOP_RegistryPolicySetting"] = [
        Row(row, valueName="LEVEL", valueType=4, value=(1, 0, 0, 0)),
        Row(row, valueName="Gone", valueType=1, value=(32, 0, 0, 0), deleted=True),
    ]
    for value in ("Level", "Gone"):
        policies.expect(EDGE, value)
    assert policies.setting(EDGE, "level") == RegistryValue("LEVEL", "REG_DWORD", 1)
    assert policies.setting(EDGE.lower(), "Gone") is None
    assert len(client.asked) == 1
    assert (
        "(registryKey = 'software\\\\policies\\\\microsoft\\\\edge' AND valueName = 'level') OR "
        "(registryKey = 'software\\\\policies\\\\microsoft\\\\edge' AND valueName = 'gone')" in client.asked[0]
    )
    assert (policies.setting_policy(EDGE, "Level"), policies.setting_policy(EDGE, "Gone")) == ("Baseline", "")
    assert len(client.asked) == 2


def test_a_long_list_of_values_is_asked_for_in_parts() -> None:
    """And one that nobody expected by itself, without asking for the others again."""
    policies, client = _policies()
    for number in range(30):
        policies.expect(EDGE, f"It's {number}")
    assert policies.setting(EDGE, "It's 0") is None
    assert [query.count("valueName = ") for query in client.asked] == [12, 12, 6]
    assert "valueName = 'it\\'s 29'" in client.asked[2]
    assert policies.setting(EDGE, "other") is None
    assert client.asked[3].count("valueName = ") == 1
    policies.forget()
    policies.setting(EDGE, "other")
    assert len(client.asked) == 5


@pytest.mark.parametrize(
    ("number", "raw", "kind", "data"),
    [
        (1, "a\0".encode("utf-16-le"), "REG_SZ", "a"),
        (1, b"", "REG_SZ", ""),
        (2, "%X%\0".encode("utf-16-le"), "REG_EXPAND_SZ", "%X%"),
        (3, b"\x01\xff", "REG_BINARY", "01ff"),
        (4, b"\x2c\x23\0\0", "REG_DWORD", 9004),
        (7, "a\0b\0\0".encode("utf-16-le"), "REG_MULTI_SZ", ("a", "b")),
        (7, b"\0\0", "REG_MULTI_SZ", ()),
        (11, b"\0" * 7 + b"\x01", "REG_QWORD", 2**56),
        (99, b"\x01", "99", "01"),
    ],
)
def test_the_registrys_bytes_are_read_as_reg_exe_shows_them(number: int, raw: bytes, kind: str, data: Data) -> None:
    """Of every type, so that the two can be compared."""
    assert RegistryValue.of_bytes("x", number, raw) == RegistryValue("x", kind, data)


@pytest.mark.parametrize("code", [5, 0x80041010, 2150858778])
def test_what_windows_does_not_tell_is_no_failure(code: int) -> None:
    """The key is all that is said then, and no start mode is taken for enforced."""
    policies, _client = _policies(WSManFault(code, "InternalError", "no", None, None, "RSOP_GPO", None, ""))
    assert policies.source(ROOT, f"{ROOT}\\DomainProfile", "X") == Source("Group Policy", f"{ROOT}\\DomainProfile, X")
    assert policies.start_mode("RemoteRegistry") is None
    assert policies.setting(EDGE, "Level") is None
