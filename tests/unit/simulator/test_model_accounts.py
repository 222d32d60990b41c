# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of local groups."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.windows import Windows
from unit.simulator.model_hosts import ADMIN, cim, instance


def _windows(name: str, address: str, **options: Any) -> Windows:
    return Windows(name=name, release="2022", domain="lab.test", address=address, accounts=[ADMIN], options=options)


def test_members_of_administrators_that_a_fleet_adds() -> None:
    """Users and groups of the domain are referred to as such, names as given; an account that exists no more is missing."""
    target = _windows("PC01", "127.0.0.3", administrators=[r"LAB\svc-netwrix", r"LAB\gmsa-uavr$", {"group": r"LAB\Auditors"}, "S-1-5-21-1-2-3-4444"])
    group = instance(target, "Win32_Group", SID="S-1-5-32-544")["Name"]
    pairs = list(cim(target, "Win32_GroupUser").instances(target, ADMIN))
    members = [(item["PartComponent"].class_name, item["PartComponent"].keys["Name"]) for item in pairs if item["GroupComponent"].keys["Name"] == group]
    assert members[1:] == [("Win32_UserAccount", "svc-netwrix"), ("Win32_UserAccount", "gmsa-uavr$"), ("Win32_Group", "Auditors")]
    user = instance(target, "Win32_UserAccount", Name="svc-netwrix")
    again = _windows("PC02", "127.0.0.4", administrators=[r"LAB\svc-netwrix"])
    assert (user["Domain"], user["LocalAccount"]) == ("LAB", False)
    assert user["SID"] == instance(again, "Win32_UserAccount", Name="svc-netwrix")["SID"]
    assert instance(target, "Win32_Group", Name="Auditors")["SIDType"] == 2
    with pytest.raises(ValueError, match="svc"):
        _windows("PC03", "127.0.0.5", administrators=["svc"])
