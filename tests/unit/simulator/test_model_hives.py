# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles and hives: who has one, who may load it, and what stays in it."""

from __future__ import annotations

import pytest
from simulator.windows import Account, Windows
from unit.simulator.model_hosts import ADMIN, USER, host, registry, run

HIVE = r"C:\Users\joe\NTUSER.DAT"


def _reg(target: Windows, arguments: str, account: Account = ADMIN) -> int:
    return run(target, "reg", arguments, account).exit_code


def test_a_hive_keeps_what_was_written_into_it() -> None:
    """Loaded, changed, unloaded, loaded again: the value is there, and is not in the registry meanwhile. Only the change counts as a write."""
    target = host()
    assert _reg(target, f'load HKU\\x "{HIVE}"') == 0
    assert _reg(target, r"add HKU\x\Software\Lab /v a /t REG_BINARY /d 00ff /f") == 0
    assert _reg(target, r"unload HKU\x") == 0
    assert _reg(target, r"query HKU\x") == 1
    assert _reg(target, f'load HKLM\\y "{HIVE}"') == 0
    assert "00FF" in run(target, "reg", r"query HKLM\y\Software\Lab /v a").stdout
    # The key and its value.
    assert target.journal.writes == 2
    assert [entry["kind"] for entry in target.journal.entries].count("hive") == 3


@pytest.mark.parametrize("language", ["en-US", "de-DE", "fr-FR", "ja-JP"])
def test_what_reg_load_refuses(language: str) -> None:
    """A missing file, no hive, a name that is taken, a second load, a user's own hive, a key further down, and callers without rights."""
    target = host(language=language, profiles={"LAB\\labadmin": {"logged_on": True}}, files={r"C:\a\NTUSER.DAT": "text"})
    assert _reg(target, r"load HKU\x C:\a\NOTHING.DAT") == 1
    assert _reg(target, r"load HKU\x C:\a\NTUSER.DAT") == 1
    assert _reg(target, f'load HKU\\.DEFAULT "{HIVE}"') == 1
    assert _reg(target, f'load HKU\\x\\y "{HIVE}"') == 1
    assert _reg(target, f'load HKCR\\x "{HIVE}"') == 1
    assert _reg(target, f'load HKU\\x "{HIVE}"', USER) == 1
    assert _reg(target, r'load HKU\x "C:\Users\labadmin\NTUSER.DAT"') == 1
    assert _reg(target, f"unload HKU\\{ADMIN.sid}") == 1
    assert _reg(target, r"unload HKLM\SOFTWARE") == 1
    assert target.journal.entries == []
    assert _reg(target, f'load HKU\\x "{HIVE}"') == 0
    assert _reg(target, f'load HKU\\z "{HIVE}"') == 1


def test_a_busy_hive_and_a_restart() -> None:
    """The first unload fails, the second works; a restart unloads what is left and logs everybody off, and nothing is lost."""
    target = host(hive_busy=1, profiles={"LAB\\labadmin": {"logged_on": True}})
    assert _reg(target, f'load HKU\\x "{HIVE}"') == 0
    assert (_reg(target, r"unload HKU\x"), _reg(target, r"unload HKU\x")) == (1, 0)
    assert _reg(target, f"add HKU\\{ADMIN.sid}\\Software\\Lab /v a /d 1 /f") == 0
    target.reboot()
    assert _reg(target, f"query HKU\\{ADMIN.sid}") == 1
    assert _reg(target, r'load HKU\x "C:\Users\labadmin\NTUSER.DAT"') == 0
    assert _reg(target, r"query HKU\x\Software\Lab /v a") == 0


def test_keys_that_can_not_be_made() -> None:
    """Nothing is made right below HKU and HKLM, and nothing below a key that is closed, by reg.exe and by StdRegProv alike."""
    target = host(registry_closed=[r"HKLM\SOFTWARE\Policies\Vendor"])
    assert _reg(target, r"add HKU\S-1-5-21-5-5-5-5\Software\X /f") == 1
    assert registry(target, "CreateKey", hDefKey=0x80000003, key=r"S-1-5-21-5-5-5-5\Software\X")["ReturnValue"] == 87
    assert registry(target, "CreateKey", key=r"SOFTWARE\Policies\Vendor\X")["ReturnValue"] == 5
    assert _reg(target, r"add HKLM\SOFTWARE\Policies\Vendor /v a /d 1 /f") == 1
    assert target.journal.entries == []


def test_profiles_of_a_fleet_are_checked() -> None:
    """An unknown option and an unknown local account are told when the host is made."""
    with pytest.raises(ValueError, match="unknown option"):
        host(profiles={"LAB\\x": {"loged_on": True}})
    with pytest.raises(ValueError, match="local account"):
        host(profiles={"x": {}})
