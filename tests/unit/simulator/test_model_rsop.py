# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RSoP's classes tell of the policies in force."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.windows import CimError
from simulator.windows.releases import releases
from unit.simulator.model_hosts import FILTERED, USER, cim, host, run
from unit.simulator.test_model_group_policy import BASELINE, FIREWALL, GUID, KEY, RULE, change_by_hand, mode, rows

DN = f"cn={GUID},cn=policies,cn=system,DC=lab,DC=test"


def test_settings_nobody_can_name_have_no_rsop_rows() -> None:
    """The options gpo_rules and gpo_profiles still write Group Policy's keys; RSoP does not know them."""
    target = host(firewall={"gpo_rules": {"{1}": RULE}, "gpo_profiles": {"Domain": {"AllowLocalPolicyMerge": 0}}})
    assert target.firewall.policy_value("Domain", "AllowLocalPolicyMerge") == 0
    assert [rows(target, name) for name in ("RSOP_GPO", "RSOP_RegistryPolicySetting", "RSOP_SystemService")] == [[], [], []]


def test_rsop_names_the_policies() -> None:
    """The id is the object's name in the domain, guidName its GUID in braces; the share of the domain holds its files."""
    target = host(group_policies=[BASELINE, {"name": "Empty"}])
    found, other = rows(target, "RSOP_GPO")
    assert (found["id"], found["guidName"], found["name"]) == (DN, GUID, "Server baseline")
    assert (found["enabled"], found["accessDenied"], found["filterAllowed"], len(found["extensionIds"])) == (True, False, True, 2)
    assert found["fileSystemPath"] == rf"\\lab.test\SysVol\lab.test\Policies\{GUID}\Machine"
    assert other["extensionIds"] is None
    assert other["id"] != found["id"]


def test_rsop_has_a_row_for_each_value() -> None:
    """Registry, firewall rules and profiles: key without the hive, type number, bytes as the registry keeps them."""
    target = host(group_policies=[BASELINE])
    found = {(row["registryKey"], row["valueName"]): row for row in rows(target, "RSOP_RegistryPolicySetting")}
    assert set(found) == {(KEY, "Number"), (KEY, "Text"), (rf"{FIREWALL}\FirewallRules", "{1}"), (rf"{FIREWALL}\DomainProfile", "AllowLocalPolicyMerge")}
    number, text = found[KEY, "Number"], found[KEY, "Text"]
    assert (number["valueType"], number["value"], number["GPOID"], number["SOMID"]) == (4, [7, 0, 0, 0], DN, "DC=lab,DC=test")
    assert (text["valueType"], text["value"], text["precedence"], text["deleted"]) == (1, [97, 0, 0, 0], 1, False)
    assert number["creationTime"] == target.booted
    assert number["id"] != text["id"]


def test_the_later_policy_wins() -> None:
    """Its row has precedence 1, the earlier one 2 and the same id; registry and service follow the winner. Case does not matter."""
    later = {"name": "Later", "registry": {KEY.upper(): {"NUMBER": 8}}, "services": {"remoteregistry": "manual"}}
    target = host(group_policies=[BASELINE, later])
    found = [row for row in rows(target, "RSOP_RegistryPolicySetting") if row["valueName"].lower() == "number"]
    assert [(row["precedence"], row["value"][0]) for row in found] == [(1, 8), (2, 7)]
    assert len({row["id"] for row in found}) == 1
    modes = [row for row in rows(target, "RSOP_SystemService") if row["Service"].lower() == "remoteregistry"]
    assert [(row["precedence"], row["StartupMode"]) for row in modes] == [(1, 3), (2, 4)]
    assert target.registry.value("hklm", KEY, "Number") == 8
    assert mode(target, "RemoteRegistry")[0] == "Manual"


def test_rsop_tells_of_services() -> None:
    """2, 3 and 4 are the start modes; a service that is not installed is an error of its row only."""
    modes = {"Spooler": "automatic", "W32Time": "manual", "RemoteRegistry": "disabled", "Nobody": "disabled"}
    target = host(group_policies=[{"name": "P", "services": modes}])
    found = [(row["Service"], row["StartupMode"], row["Status"], row["ErrorCode"]) for row in rows(target, "RSOP_SystemService")]
    assert found == [("Spooler", 2, 1, 0), ("W32Time", 3, 1, 0), ("RemoteRegistry", 4, 1, 0), ("Nobody", 4, 3, 1060)]


def test_rsop_is_a_log_of_the_last_application() -> None:
    """A value that somebody changed is still logged as the policy set it; the time is that of the last application."""
    target = host(group_policies=[BASELINE])
    change_by_hand(target)
    found = {row["valueName"]: row for row in rows(target, "RSOP_RegistryPolicySetting")}
    assert (found["Number"]["value"], target.registry.value("hklm", KEY, "Number")) == ([7, 0, 0, 0], 1)
    run(target, "gpupdate", "/force")
    assert rows(target, "RSOP_RegistryPolicySetting")[0]["creationTime"] > found["Number"]["creationTime"]


def test_every_release_has_the_classes() -> None:
    """Without policies they have no rows; extensionIds came with Windows 8 and Server 2012. The user's namespace is there too."""
    with_extensions = set()
    for release in releases():
        target = host(release)
        assert [rows(target, name) for name in ("RSOP_GPO", "RSOP_RegistryPolicySetting", "RSOP_SystemService")] == [[], [], []]
        assert "root/rsop/user" in target.cim.namespaces()
        if "extensionIds" in {prop.name for prop in cim(target, "RSOP_GPO").properties}:
            with_extensions.add(release)
    assert set(releases()) - with_extensions == {"7", "2008R2"}


def test_outside_a_domain_there_is_the_local_policy() -> None:
    """It has its own name and no GUID, and only one can be there."""
    target = host(domain=None, group_policies=[{"name": "whatever", "registry": {KEY: {"a": 1}}}])
    (found,) = rows(target, "RSOP_GPO")
    assert (found["id"], found["guidName"], found["name"]) == ("LocalGPO", "Local Group Policy", "Local Group Policy")
    (row,) = rows(target, "RSOP_RegistryPolicySetting")
    assert (row["GPOID"], row["SOMID"]) == ("LocalGPO", "Local")
    for options in ([{"name": "a"}, {"name": "b"}], [{"name": "a", "pending": True}], [{"name": "a", "guid": GUID}]):
        with pytest.raises(ValueError, match=r"local"):
            host(domain=None, group_policies=options)


@pytest.mark.parametrize("account", [USER, FILTERED])
def test_rsop_is_for_administrators(account: Any) -> None:
    """Others are denied access (2), whether there is something to see or not."""
    target = host()
    for name in ("RSOP_GPO", "RSOP_RegistryPolicySetting", "RSOP_SystemService"):
        with pytest.raises(CimError) as refused:
            list(cim(target, name).instances(target, account))
        assert refused.value.status == 2
