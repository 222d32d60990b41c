# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DISM and the component store of the simulated host."""

from __future__ import annotations

import re
from typing import Any

import pytest
from simulator.windows import Completed, Windows
from unit.simulator.model_hosts import ADMIN, FILTERED, cim, host, instance, later, run

PENDING = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending"


def dism(target: Windows, arguments: str, account: Any = ADMIN) -> Completed:
    """Run dism /online /english."""
    return run(target, "dism.exe", f"/online /english {arguments}", account)


def state(target: Windows, name: str) -> str:
    """The state that DISM tells."""
    lines = dism(target, f"/get-featureinfo /featurename:{name}").stdout.splitlines()
    return next(line for line in lines if line.startswith("State : ")).removeprefix("State : ")


def test_features_are_listed_as_table_and_list() -> None:
    """Both shapes name all features; without /english the words are the host's."""
    target = host("2012R2", "de-DE")
    table = dism(target, "/Get-Features /Format:Table").stdout
    assert re.search(r"^DesktopExperience +\| Disabled", table, re.MULTILINE)
    assert table.rstrip().endswith("The operation completed successfully.")
    assert "Feature Name : DesktopExperience\r\nState : Disabled" in dism(target, "/get-features").stdout
    german = run(target, "dism", "/online /get-features /format:table").stdout
    assert "Featurename" in german
    assert "Deaktiviert" in german
    assert "Disabled" not in german


@pytest.mark.parametrize("language", ["en-US", "de-DE", "fr-FR", "ja-JP"])
def test_all_languages_have_texts_for_all_outputs(language: str) -> None:
    """No key is missing where English stands in."""
    target = host("2022", language)
    for arguments in (
        "/get-features",
        "/get-featureinfo /featurename:TFTP",
        "/get-capabilities",
        "/enable-feature /featurename:TFTP",
        "/cleanup-image /checkhealth",
    ):
        assert run(target, "dism", f"/online {arguments}").exit_code == 0


def test_a_restart_commits_what_is_pending() -> None:
    """Enable Pending and the key RebootPending until the host restarts."""
    target = host("2012R2")
    done = dism(target, "/enable-feature /featurename:ServerMediaFoundation /norestart /quiet")
    assert (done.exit_code, done.stdout) == (3010, "")
    assert state(target, "ServerMediaFoundation") == "Enable Pending"
    assert target.registry.open("hklm", PENDING)
    assert dism(target, "/enable-feature /featurename:ServerMediaFoundation /norestart /quiet").exit_code == 3010
    target.reboot()
    assert state(target, "servermediafoundation") == "Enabled"
    assert target.registry.open("hklm", PENDING) is None
    assert [entry["target"] for entry in target.journal.entries] == ["ServerMediaFoundation"] * 2


def test_what_is_taken_back_needs_no_restart() -> None:
    """Disabling what waits for its restart undoes it at once."""
    target = host("2012R2", features={"ServerMediaFoundation": "enable pending"})
    assert target.registry.open("hklm", PENDING)
    assert dism(target, "/disable-feature /featurename:ServerMediaFoundation /norestart").exit_code == 0
    assert state(target, "ServerMediaFoundation") == "Disabled"
    assert target.registry.open("hklm", PENDING) is None


def test_parents_come_with_all_only() -> None:
    """50 without /all, and nothing is changed; children go with their parent."""
    target = host()
    assert dism(target, "/enable-feature /featurename:IIS-WebServer").exit_code == 50
    assert target.journal.entries == []
    assert dism(target, "/enable-feature /featurename:IIS-CommonHttpFeatures /all").exit_code == 0
    assert state(target, "IIS-WebServerRole") == "Enabled"
    assert dism(target, "/disable-feature /featurename:IIS-WebServerRole").exit_code == 0
    assert state(target, "IIS-CommonHttpFeatures") == "Disabled"


@pytest.mark.parametrize(
    ("release", "arguments", "code"),
    [
        ("2022", "/enable-feature /featurename:Nope", 0x800F080C),
        ("2008R2", "/enable-feature /featurename:Nope", 87),
        ("2022", "/enable-feature", 87),
        ("2022", "/enable-feature /feature:TFTP", 87),
        ("2022", "enable-feature", 87),
        ("2022", "/enable-feature /featurename:TFTP /remove", 87),
        ("2008R2", "/enable-feature /featurename:TFTP /all", 87),
        ("2008R2", "/cleanup-image /restorehealth", 87),
        ("2012R2", "/get-capabilities", 87),
        ("2022", "/get-capabilityinfo /capabilityname:Nope~~~~0.0.1.0", 0x800F080C),
    ],
)
def test_wrong_requests_have_their_exit_codes(release: str, arguments: str, code: int) -> None:
    """Unknown names and options, and options that the release does not have."""
    target = host(release)
    done = dism(target, arguments)
    assert done.exit_code == code
    assert f"Error: {code if code < 0x80000000 else f'0x{code:08x}'}" in done.stdout
    assert target.journal.entries == []


def test_dism_needs_a_full_token_and_64_bits() -> None:
    """740 for a filtered administrator; the 32-bit copy is left out; nothing without /online is modelled."""
    assert dism(host(), "/get-features", FILTERED).exit_code == 740
    assert host().run(ADMIN, r"C:\Windows\SysWOW64\dism.exe", "/online /get-features", code_page=65001) is None
    assert run(host(), "dism", "/get-features").exit_code == 87


def test_capabilities_come_and_go() -> None:
    """An N edition lacks media until the capability is there, and a restart finishes it."""
    target = host("10", edition="n")
    info = "/get-capabilityinfo /capabilityname:Media.MediaFeaturePack~~~~0.0.1.0"
    assert "State : Not Present" in dism(target, info).stdout
    assert dism(target, "/add-capability /capabilityname:media.mediafeaturepack~~~~0.0.1.0 /norestart /quiet").exit_code == 3010
    assert "State : Install Pending" in dism(target, info).stdout
    target.reboot()
    assert "State : Installed" in dism(target, info).stdout
    assert dism(target, "/remove-capability /capabilityname:Media.MediaFeaturePack~~~~0.0.1.0 /norestart").exit_code == 3010
    target.reboot()
    assert "State : Not Present" in dism(target, info).stdout


@pytest.mark.parametrize(("source", "code"), [("online", 0), ("offline", 0x800F0906), ("wsus_blocked", 0x800F0954), ("missing", 0x800F081F)])
def test_a_removed_payload_is_asked_for(source: str, code: int) -> None:
    """From Windows Update or WSUS; with /limitaccess nobody is asked; a source on the host has it."""
    target = host(feature_source=source, files={r"C:\sxs\a.cab": "x"})
    enable = "/enable-feature /featurename:NetFx3 /all"
    assert dism(target, f"{enable} /limitaccess").exit_code == 0x800F081F
    assert dism(target, f"{enable} /source:C:\\nowhere").exit_code == code
    assert dism(target, f"{enable} /source:C:\\nowhere /source:C:\\sxs /limitaccess").exit_code == 0
    assert dism(target, "/disable-feature /featurename:NetFx3 /remove").exit_code == 0
    assert state(target, "NetFx3") == "Disabled with Payload Removed"


def test_a_damaged_store_can_be_restored() -> None:
    """Nothing can be enabled before it is."""
    target = host(component_store="corrupt")
    assert dism(target, "/enable-feature /featurename:TFTP").exit_code == 14098
    assert "repairable" in dism(target, "/cleanup-image /checkhealth").stdout
    assert dism(target, "/cleanup-image /restorehealth").exit_code == 0
    assert dism(target, "/enable-feature /featurename:TFTP").exit_code == 0
    assert dism(host(component_store="unrepairable"), "/cleanup-image /restorehealth").exit_code == 0x800F081F


def test_one_operation_at_a_time() -> None:
    """A second one is refused while the first runs; an option has others at work."""
    target = host(dism_seconds=30)
    assert dism(target, "/get-features").delay == 30
    assert dism(target, "/get-features").exit_code == 0x800F082F
    later(target, 31)
    assert dism(target, "/get-features").exit_code == 0
    busy = host(dism_busy=1)
    assert [dism(busy, "/get-features").exit_code for _call in range(2)] == [0x800F082F, 0]


def test_cim_shows_the_same_store() -> None:
    """Win32_OptionalFeature: 1 enabled, 2 disabled, 3 absent, without a word for pending."""
    target = host("2012R2")
    dism(target, "/enable-feature /featurename:ServerMediaFoundation")
    found = {name: instance(target, "Win32_OptionalFeature", Name=name)["InstallState"] for name in ("ServerMediaFoundation", "TFTP", "NetFx3")}
    assert found == {"ServerMediaFoundation": 1, "TFTP": 2, "NetFx3": 3}
    assert list(cim(target, "Win32_OptionalFeature").instances(target, FILTERED)) == []


@pytest.mark.parametrize(
    ("release", "edition", "expected"),
    [
        ("2008R2", "core", ("Server Core", "ServerStandardCore", 13)),
        ("2019", "core", ("Server Core", "ServerStandard", 13)),
        ("10", "n", ("Client", "ProfessionalN", 49)),
        ("2022", None, ("Server", "ServerStandard", 7)),
    ],
)
def test_editions(release: str, edition: str | None, expected: tuple[str, str, int]) -> None:
    """Registry and WMI tell the edition."""
    target = host(release, **({"edition": edition} if edition else {}))
    key = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    names = (target.registry.value("hklm", key, "InstallationType"), target.registry.value("hklm", key, "EditionID"))
    assert (*names, instance(target, "Win32_OperatingSystem")["OperatingSystemSKU"]) == expected


def test_old_releases_have_old_limits_and_no_standardcimv2() -> None:
    """Windows 7 and Server 2008 R2: WinRM 2.0 (surface 1.11), the namespaces of Windows 8 are missing."""
    for release in ("7", "2008R2"):
        target = host(release)
        assert "root/standardcimv2" not in target.cim.namespaces()
        assert (target.limits.MaxConcurrentOperationsPerUser, target.limits.MaxEnvelopeSizekb) == (15, 150)
        assert instance(target, "Win32_OperatingSystem")["Version"] == "6.1.7601"
    assert "root/standardcimv2" in host("8.1").cim.namespaces()


@pytest.mark.parametrize(
    "options",
    [{"features": {"Nope": "enabled"}}, {"features": {"TFTP": "on"}}, {"component_store": "bad"}, {"feature_source": "bad"}, {"edition": "n"}],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    """A fleet with a mistake does not start."""
    with pytest.raises(ValueError, match=r"."):
        host("2022", **options)
