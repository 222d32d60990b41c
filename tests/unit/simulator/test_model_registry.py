# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry through StdRegProv and reg.exe."""

from __future__ import annotations

from typing import Any

import pytest
from unit.simulator.model_hosts import ADMIN, HKLM, USER, host, registry, run

KEY = r"SOFTWARE\Lab"


def test_setters_and_getters_round_trip() -> None:
    """Each type comes back as it was set, and EnumValues tells its number."""
    target = host()
    registry(target, "CreateKey", key=KEY)
    values = [
        ("String", "sValue", "text", 1),
        ("MultiString", "sValue", ["a", "b"], 7),
        ("DWORD", "uValue", 5, 4),
        ("QWORD", "uValue", 2**40, 11),
        ("Binary", "uValue", [1, 2], 3),
    ]
    for word, argument, value, _number in values:
        given: dict[str, Any] = {argument: value}
        assert registry(target, f"Set{word}Value", key=KEY, name=word, **given) == {"ReturnValue": 0}
        assert registry(target, f"Get{word}Value", key=KEY, name=word) == {argument: value, "ReturnValue": 0}
    listed = registry(target, "EnumValues", key=KEY)
    assert dict(zip(listed["sNames"], listed["Types"], strict=True)) == {word: number for word, _argument, _value, number in values}


def test_names_ignore_case_and_keep_it() -> None:
    """A value set again under other letters keeps its first name."""
    target = host()
    registry(target, "CreateKey", key=r"SOFTWARE\LaB")
    registry(target, "SetDWORDValue", key=KEY, name="Name", uValue=1)
    registry(target, "SetDWORDValue", key=KEY.upper(), name="NAME", uValue=2)
    assert registry(target, "EnumValues", key=KEY.lower())["sNames"] == ["Name"]
    assert registry(target, "GetDWORDValue", key=KEY, name="nAme")["uValue"] == 2


@pytest.mark.parametrize(("release", "code"), [("2012R2", 2), ("2016", 1), ("11", 1)])
def test_missing_value_has_the_code_of_the_release(release: str, code: int) -> None:
    """A missing value is 1 from 2016 on, 2 before; a missing key always 2."""
    target = host(release)
    assert registry(target, "GetDWORDValue", key="SOFTWARE", name="nothing")["ReturnValue"] == code
    assert registry(target, "GetDWORDValue", key=r"SOFTWARE\Nothing", name="nothing")["ReturnValue"] == 2


def test_empty_enumerations_have_no_arrays() -> None:
    """Nothing found is a null array, not an empty one."""
    target = host()
    registry(target, "CreateKey", key=KEY)
    assert registry(target, "EnumKey", key=KEY) == {"sNames": None, "ReturnValue": 0}
    assert registry(target, "EnumValues", key=KEY) == {"sNames": None, "Types": None, "ReturnValue": 0}


def test_wrong_type_is_a_type_mismatch() -> None:
    """A getter for another type returns 0x80041005."""
    key = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    assert registry(host(), "GetDWORDValue", key=key, name="ProductName")["ReturnValue"] == 0x80041005


def test_users_read_but_do_not_write() -> None:
    """Without administrator rights a write returns 5 and leaves no trace."""
    target = host()
    assert registry(target, "EnumKey", USER, key="SOFTWARE")["ReturnValue"] == 0
    assert registry(target, "CreateKey", USER, key=KEY)["ReturnValue"] == 5
    assert run(target, "reg", rf"add HKLM\{KEY} /f", USER).exit_code == 1
    assert target.journal.entries == []


def test_writes_are_journalled_with_their_account() -> None:
    """One entry for each write, with what was there before; making a key that exists is none."""
    target = host()
    registry(target, "CreateKey", key=KEY)
    registry(target, "CreateKey", key=KEY)
    registry(target, "SetDWORDValue", key=KEY, name="n", uValue=1)
    registry(target, "SetDWORDValue", key=KEY, name="n", uValue=2)
    assert [entry["detail"]["action"] for entry in target.journal.entries] == ["create key", "set", "set"]
    last = target.journal.entries[-1]
    assert (last["account"], last["target"], last["detail"]["before"], last["detail"]["after"]) == (ADMIN.qualified, rf"HKEY_LOCAL_MACHINE\{KEY}", 1, 2)


def test_delete_key_wants_no_subkeys() -> None:
    """StdRegProv deletes leaves only, reg.exe the whole branch."""
    target = host()
    registry(target, "CreateKey", key=rf"{KEY}\Sub")
    assert registry(target, "DeleteKey", key=KEY)["ReturnValue"] == 5
    assert run(target, "reg", rf"delete HKLM\{KEY} /f").exit_code == 0
    assert registry(target, "DeleteKey", key=KEY)["ReturnValue"] == 2


def test_views_of_the_registry() -> None:
    """The 32-bit view of SOFTWARE is WOW6432Node, except for shared keys."""
    target = host()
    run(target, "reg", r"add HKLM\SOFTWARE\Lab /v bits /t REG_DWORD /d 32 /f /reg:32")
    assert registry(target, "GetDWORDValue", hDefKey=HKLM, key=r"SOFTWARE\WOW6432Node\Lab", name="bits")["uValue"] == 32
    assert run(target, "reg", r"query HKLM\SOFTWARE\Lab /v bits /reg:64").exit_code == 1
    run(target, "reg", r"add HKLM\SOFTWARE\Policies\Lab /v shared /d 1 /f /reg:32")
    assert run(target, "reg", r"query HKLM\SOFTWARE\Policies\Lab /v shared /reg:64").exit_code == 0


def test_expanded_strings_are_expanded_on_the_host() -> None:
    """GetExpandedStringValue expands, reg query shows the raw text."""
    target = host()
    key = r"SYSTEM\CurrentControlSet\Services\Spooler"
    assert registry(target, "GetExpandedStringValue", key=key, name="ImagePath")["sValue"] == r"C:\Windows\System32\spoolsv.exe"
    assert r"%SystemRoot%\System32\spoolsv.exe" in run(target, "reg", rf"query HKLM\{key} /v ImagePath").stdout


def test_reg_query_layout() -> None:
    """Key line, then four blanks, name, four blanks, type, four blanks, data."""
    target = host()
    run(target, "reg", r'add HKLM\SOFTWARE\Lab /v "a name" /t REG_MULTI_SZ /d one\0two /f')
    run(target, "reg", r"add HKLM\SOFTWARE\Lab\Sub /ve /d x /f")
    listing = run(target, "reg", r"query hklm\SOFTWARE\Lab").stdout
    assert listing == "\r\n".join(
        ["", r"HKEY_LOCAL_MACHINE\SOFTWARE\Lab", r"    a name    REG_MULTI_SZ    one\0two", "", r"HKEY_LOCAL_MACHINE\SOFTWARE\Lab\Sub", ""]
    )
    assert "    (Default)    REG_SZ    x\r\n" in run(target, "reg", r"query HKLM\SOFTWARE\Lab /s").stdout


def test_reg_search_counts_matches() -> None:
    """A search ends with a count; none is exit code 1."""
    target = host()
    run(target, "reg", r"add HKLM\SOFTWARE\Lab\Sub /v needle /d hay /f")
    found = run(target, "reg", r"query HKLM\SOFTWARE\Lab /s /f NEEDLE")
    assert (found.exit_code, "1 match(es) found" in found.stdout) == (0, True)
    assert run(target, "reg", r"query HKLM\SOFTWARE\Lab /s /f NEEDLE /c").exit_code == 1
    assert run(target, "reg", r"query HKLM\SOFTWARE\Lab /s /v needle").exit_code == 0


@pytest.mark.parametrize(
    "line",
    [
        "",
        "query",
        r"query HKXX\a",
        r"query HKLM\SOFTWARE /what",
        r"query HKLM\SOFTWARE\Nothing",
        r"add HKLM\SOFTWARE\L /v a /t REG_NO /d 1 /f",
        r"add HKLM\SOFTWARE\L /v a /t REG_DWORD /d zz /f",
        "copy a b",
    ],
)
def test_reg_refuses_with_exit_code_one(line: str) -> None:
    """Every mistake is exit code 1 and a text on stderr; nothing is written."""
    target = host()
    done = run(target, "reg", line)
    assert (done.exit_code, done.stdout, bool(done.stderr)) == (1, "", True)
    assert target.journal.entries == []


def test_reg_speaks_the_language_of_the_host() -> None:
    """Texts are localised: only exit codes are reliable."""
    assert run(host(language="de-DE"), "reg", r"query HKLM\Nichts").stderr.startswith("FEHLER:")
    assert "既定" in run(host(language="ja-JP"), "reg", r"query HKLM\SOFTWARE /ve").stdout


def test_own_hkcu_is_the_sid_below_hku() -> None:
    """HKCU belongs to the account that asks, even without administrator rights."""
    target = host()
    assert run(target, "reg", r"add HKCU\Software\Lab /v a /d 1 /f", USER).exit_code == 0
    assert run(target, "reg", rf"query HKU\{USER.sid}\Software\Lab /v a").exit_code == 0
