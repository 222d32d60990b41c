# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Microsoft Defender: where it is, what it shows, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.windows import Account, CimClass, CimError, Windows
from unit.simulator.model_hosts import ADMIN, USER, host, registry, run

NAMESPACE = "root/microsoft/windows/defender"
LOCAL = r"HKLM\SOFTWARE\Microsoft\Windows Defender\Exclusions\Paths"


def _class(target: Windows, name: str) -> CimClass:
    found = target.cim.find(NAMESPACE, name)
    assert found is not None
    return found


def _shown(target: Windows, account: Account = ADMIN) -> Any:
    return next(iter(_class(target, "MSFT_MpPreference").instances(target, account)))["ExclusionPath"]


def _change(target: Windows, method: str, *paths: str, account: Account = ADMIN) -> Any:
    return _class(target, "MSFT_MpPreference").invoke(target, account, None, method, {"ExclusionPath": list(paths), "Force": True})["ReturnValue"]


def test_add_and_remove_are_idempotent_and_journalled() -> None:
    """What is there, or not there, already is no error; the local list is mirrored in the registry; nothing is an absent array."""
    target = host()
    assert _shown(target) is None
    assert [_change(target, "Add", "C:\\A", "D:\\B"), _change(target, "Add", "c:\\a"), _change(target, "Remove", "C:\\None")] == [0, 0, 0]
    assert _shown(target) == ["C:\\A", "D:\\B"]
    assert "    C:\\A    REG_DWORD    0x0" in run(target, "reg", f'query "{LOCAL}"').stdout
    _change(target, "Remove", "c:\\A")
    assert _shown(target) == ["D:\\B"]
    assert [entry["kind"] for entry in target.journal.entries] == ["defender"] * 5


def test_nobody_else_writes_below_its_key() -> None:
    """Neither reg.exe nor StdRegProv; the policies' key is open to administrators."""
    target = host()
    assert run(target, "reg", f'add "{LOCAL}" /v C:\\Evil /t REG_DWORD /d 0 /f').exit_code == 1
    assert registry(target, "SetDWORDValue", key=r"SOFTWARE\Microsoft\Windows Defender\Features", name="TamperProtection", uValue=0)["ReturnValue"] == 5
    assert run(target, "reg", r'add "HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Exclusions\Paths" /v C:\P /d 0 /f').exit_code == 0
    assert _shown(target) == ["C:\\P"]


def test_without_administrators_rights() -> None:
    """The lists can't be seen, and changes are refused."""
    target = host(defender={"exclusions": {"paths": ["C:\\A"]}})
    assert _shown(target, USER) == ["N/A: Must be an administrator to view exclusions"]
    with pytest.raises(CimError) as refused:
        _change(target, "Add", "C:\\B", account=USER)
    assert refused.value.status == 2


def test_policies_hide_replace_and_lock() -> None:
    """Hidden lists show a text, local ones don't count without the merge, and locked ones take a change without keeping it."""
    assert _shown(host(defender={"hidden": True})) == ["N/A: Administrators are not allowed to view exclusions"]
    apart = host(defender={"local_merge": False, "policy": {"paths": ["C:\\P"]}, "mdm": {"paths": ["C:\\M"]}, "exclusions": {"paths": ["C:\\L"]}})
    assert _shown(apart) == ["C:\\M", "C:\\P"]
    locked = host(defender={"tamper_protected": True, "tamper_exclusions": True})
    assert (_change(locked, "Add", "C:\\A"), _shown(locked)) == (0, None)


def test_another_antivirus() -> None:
    """Switched off, only the status answers; beside another one it is passive."""
    off, passive = host("10", defender="off"), host(defender="passive")
    for call in (lambda: _shown(off), lambda: _change(off, "Add", "C:\\A")):
        with pytest.raises(CimError) as refused:
            call()
        assert refused.value.hresult == 0x800106BA
    modes = [next(iter(_class(target, "MSFT_MpComputerStatus").instances(target, ADMIN)))["AMRunningMode"] for target in (off, passive, host())]
    assert modes == ["Not running", "Passive Mode", "Normal"]


def test_where_it_is() -> None:
    """Not before Windows 10 and Server 2016, nor where its feature was removed; the oldest lacks properties of later updates."""
    for target in (host("2012"), host("2012R2"), host(defender="absent")):
        assert NAMESPACE not in target.cim.namespaces()
        assert registry(target, "EnumKey", key=r"SOFTWARE\Microsoft\Windows Defender")["ReturnValue"] == 2
    assert "AMRunningMode" not in {prop.name for prop in _class(host("2016"), "MSFT_MpComputerStatus").properties}
    for release, option in (("2012R2", "passive"), ("2022", "gone"), ("2022", {"exclusion": {}})):
        with pytest.raises(ValueError, match=r"[Dd]efender"):
            host(release, defender=option)
