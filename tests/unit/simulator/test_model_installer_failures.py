# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Installer: installations that fail, wait or need a restart."""

from __future__ import annotations

import pytest
from unit.simulator.installer_hosts import AGENT, AGENT_KEY, CODES, SERVICE, TEMP, furnished, install, log, msiexec, package, products
from unit.simulator.model_hosts import USER, run


def test_failure_is_rolled_back() -> None:
    """A custom action of type 19 fails the installation: 1603, its text in the log, everything undone, nothing registered."""
    target = furnished("10.7.0-broken")
    assert install(target, "10.7.0-broken") == 1603
    assert "-- This package fails on purpose." in log(target)
    assert "Action ended" in log(target) and "FailOnPurpose. Return value 3." in log(target)
    assert log(target).rstrip().splitlines()[-2].endswith("MainEngineThread is returning 1603")
    assert (products(target), target.services.find(SERVICE), target.files.exists(AGENT)) == ({}, None, False)
    assert target.files.list(r"C:\Windows\Installer") == []
    assert target.registry.value("hklm", AGENT_KEY, "ServerName") is None


def test_a_failed_upgrade_loses_the_old_product() -> None:
    """RemoveExistingProducts before InstallInitialize is not undone: after a failed upgrade neither version is there (WiX: afterInstallValidate)."""
    target = furnished("10.6.0", "10.7.0-broken")
    install(target, "10.6.0")
    assert install(target, "10.7.0-broken") == 1603
    assert (products(target), target.services.find(SERVICE)) == ({}, None)


@pytest.mark.parametrize(
    ("language", "text"), [("en-US", "Error 1920. Service"), ("de-DE", "Fehler 1920. Der Dienst"), ("ja-JP", "エラー 1920"), ("fr-FR", "Erreur 1920.")]
)
def test_service_that_does_not_start(language: str, text: str) -> None:
    """Error 1920, in the host's language, and 1603; here .NET Framework is too old for the agent."""
    target = furnished("10.6.0", language=language, dotnet_release=461814)
    assert install(target, "10.6.0") == 1603
    assert f"-- {text}" in log(target)
    assert (products(target), target.services.find(SERVICE)) == ({}, None)


def test_slow_services_are_waited_for() -> None:
    """The time of a slow stop is part of the upgrade, whose new file is not in use at its end."""
    target = furnished("10.7.0", agent=True, services={SERVICE: {"stop_seconds": 5.0}})
    done = run(target, "msiexec", rf"/i {TEMP}\10.7.0.msi /qn /norestart")
    assert (done.exit_code, done.delay) == (0, 5.0)
    assert b"10.7.0" in target.files.read(AGENT)


def test_disk_full() -> None:
    """No room for a file: error 1304 with 112, 1603, and nothing stays."""
    target = furnished("10.6.0")
    before = target.files.free = 15_000
    assert install(target, "10.6.0") == 1603
    assert "Error 1304." in log(target) and "112" in log(target)
    assert (products(target), target.files.exists(AGENT)) == ({}, False)
    assert before - (target.files.free or 0) == target.files.size(r"C:\Windows\Temp\a.log")


def test_file_in_use_needs_a_restart() -> None:
    """A file that somebody has open is replaced at the next start: 3010, PendingFileRenameOperations, and the old content until then."""
    target = furnished("10.7.0", "10.7.1-minor")
    install(target, "10.7.0", "UAVR_SERVERNAME=s")
    with target.files.open_by(AGENT):
        assert install(target, "10.7.1-minor", "REINSTALL=ALL REINSTALLMODE=vomus UAVR_SERVERNAME=s") == 3010
        assert b"10.7.0" in target.files.read(AGENT)
    manager = r"SYSTEM\CurrentControlSet\Control\Session Manager"
    value = target.registry.value("hklm", manager, "PendingFileRenameOperations")
    assert isinstance(value, tuple)
    assert value[1] == rf"!\??\{AGENT}"
    target.reboot()
    assert b"10.7.1" in target.files.read(AGENT)
    assert target.registry.value("hklm", manager, "PendingFileRenameOperations") is None


def test_administrators_only() -> None:
    """Without administrator rights both directions fail with 1603; the log tells the error's number."""
    target = furnished("10.6.0")
    target.files.write(r"C:\Users\Public\10.6.0.msi", package("10.6.0"))
    assert msiexec(target, r"/i C:\Users\Public\10.6.0.msi", USER) == 1603
    assert "Error 1925." in log(target)
    install(target, "10.6.0")
    assert msiexec(target, f"/x {CODES['10.6.0']}", USER) == 1603
    assert "Error 1730." in log(target)
    assert products(target) == {CODES["10.6.0"]: "10.6.0"}
