# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity of a host: release, language, names, accounts."""

from __future__ import annotations

import time

import pytest
from simulator.windows import Windows
from unit.simulator.model_hosts import ADMIN, FILTERED, USER, cim, host, instance, registry, run


@pytest.mark.parametrize(
    ("release", "version", "kind"),
    [
        ("2012R2", "6.3.9600", 3),
        ("2016", "10.0.14393", 3),
        ("2019", "10.0.17763", 3),
        ("2022", "10.0.20348", 3),
        ("2025", "10.0.26100", 3),
        ("10", "10.0.19045", 1),
    ],
)
def test_operating_system_tells_release(release: str, version: str, kind: int) -> None:
    """Win32_OperatingSystem and the registry agree on version and build."""
    target = host(release)
    found = instance(target, "Win32_OperatingSystem")
    assert (found["Version"], found["ProductType"]) == (version, kind)
    key = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    assert registry(target, "GetStringValue", key=key, name="CurrentBuild")["sValue"] == version.rpartition(".")[2]


def test_every_release_and_language_answers_for_every_class() -> None:
    """Each concrete class gives instances with exactly the properties of its schema."""
    for release in ("2012", "2012R2", "2016", "2019", "2022", "2025", "10", "11", "11-24H2"):
        for language in ("en-US", "de-DE", "ja-JP", "fr-FR"):
            target = host(release, language)
            for namespace in ("root/cimv2", "root/standardcimv2"):
                for name in ("CIM_LogicalElement", "CIM_ManagedElement", "CIM_Dependency", "MSFT_NetFirewallRuleFilters"):
                    for found in target.cim.subclasses(namespace, name):
                        names = {prop.name for prop in found.properties}
                        assert all(set(item) == names for item in found.instances(target, ADMIN)), found.name


def test_architecture_is_localised() -> None:
    """Nobody may match OSArchitecture by text."""
    texts = {language: instance(host("2019", language), "Win32_OperatingSystem")["OSArchitecture"] for language in ("en-US", "de-DE", "ja-JP", "fr-FR")}
    assert texts == {"en-US": "64-bit", "de-DE": "64-Bit", "ja-JP": "64 ビット", "fr-FR": "64 bits"}


def test_delayed_auto_start_is_missing_on_old_releases() -> None:
    """Win32_Service has DelayedAutoStart from 2016 on only."""
    names = {release: {prop.name for prop in cim(host(release), "Win32_Service").properties} for release in ("2012R2", "2016")}
    assert "DelayedAutoStart" not in names["2012R2"]
    assert "DelayedAutoStart" in names["2016"]


def test_thirty_two_bit_windows_has_no_wow64() -> None:
    """A 32-bit Windows 10 has one view and one Program Files."""
    target = host("10", bits=32)
    assert "ProgramFiles(x86)" not in target.environment
    assert "WOW6432Node" not in registry(target, "EnumKey", key="SOFTWARE")["sNames"]


@pytest.mark.parametrize("options", [{"nonsense": 1}, {"bits": 32}, {"services": {"Spooler": {"colour": 1}}}, {"firewall": {"enable": ["no-such-rule"]}}])
def test_options_that_cannot_be_are_refused_at_once(options: dict[str, object]) -> None:
    """A fleet with a mistake does not start."""
    with pytest.raises(ValueError, match=r"."):
        Windows(name="HOST", release="2022", address="127.0.0.9", options=options)


def test_whoami_shows_the_filtered_token() -> None:
    """High integrity (S-1-16-12288) is what tells an administrator from a filtered one."""
    target = host()
    assert "S-1-16-12288" in run(target, "whoami", "/groups /fo csv /nh").stdout
    filtered = run(target, "whoami", "/groups /fo csv /nh", FILTERED).stdout
    assert "S-1-16-12288" not in filtered
    assert "deny only" in filtered


def test_groups_have_local_names_and_fixed_sids() -> None:
    """Administrators are found by SID; the name is the language's."""
    assert instance(host(language="de-DE"), "Win32_Group", SID="S-1-5-32-544")["Name"] == "Administratoren"


def test_reboot_changes_the_boot_time() -> None:
    """After Reboot LastBootUpTime is another one; without rights nothing happens."""
    target = host()
    before = instance(target, "Win32_OperatingSystem")["LastBootUpTime"]
    system = cim(target, "Win32_OperatingSystem")
    assert system.invoke(target, USER, None, "Reboot", {}) == {"ReturnValue": 1314}
    assert instance(target, "Win32_OperatingSystem")["LastBootUpTime"] == before
    assert system.invoke(target, ADMIN, None, "Reboot", {}) == {"ReturnValue": 0}
    assert instance(target, "Win32_OperatingSystem")["LastBootUpTime"] > before


def test_two_hundred_hosts_start_quickly() -> None:
    """Hosts share what does not change; what differs is built on demand."""
    started = time.perf_counter()
    hosts = [Windows(name=f"PC{number}", release="11", address="127.0.0.9") for number in range(200)]
    assert len(hosts) == 200
    assert time.perf_counter() - started < 1
