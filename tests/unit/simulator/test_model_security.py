# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security descriptors of shares, folders and registry keys."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.windows import CimError, Embedded, Windows
from simulator.windows.security import Ace, parse, sid_bytes, sid_text
from unit.simulator.model_hosts import ADMIN, USER, cim, host, registry

WINREG = r"SYSTEM\CurrentControlSet\Control\SecurePipeServers\winreg"
SHARE, FILE = "Win32_LogicalShareSecuritySetting", "Win32_LogicalFileSecuritySetting"
PRODUCT_FOLDER = r"C:\ProgramData\Netwrix Auditor\User Activity Video Reporter\Data"


def _ask(target: Windows, name: str, account: Any = ADMIN, **keys: str) -> dict[str, Any]:
    return cim(target, name).invoke(target, account, dict(keys), "GetSecurityDescriptor", {})


def _entries(descriptor: Embedded) -> list[tuple[int, int, int, str]]:
    rows = [entry.properties for entry in descriptor.properties["DACL"]]
    return [(row["AceType"], row["AceFlags"], row["AccessMask"], row["Trustee"].properties["SIDString"]) for row in rows]


def _entry(sid: str, mask: int = 0x20019, flags: int = 2, kind: int = 0) -> Embedded:
    trustee = Embedded("__Trustee", {"SID": sid_bytes(sid)})
    return Embedded("__ACE", {"AccessMask": mask, "AceFlags": flags, "AceType": kind, "Trustee": trustee})


def _anybody(text: str) -> str:
    raise AssertionError(text)


def test_sddl_is_read() -> None:
    """Owner, group, flags, rights as words or a number, aliases and SIDs."""
    found = parse("O:BAG:SYD:PAI(A;OICI;FA;;;SY)(D;ID;0x1200a9;;;S-1-5-21-1-2-3-4)", _anybody)
    assert (found.owner, found.group, found.protected) == ("S-1-5-32-544", "S-1-5-18", True)
    assert found.aces == (Ace(0, 3, 0x1F01FF, "S-1-5-18"), Ace(1, 16, 0x1200A9, "S-1-5-21-1-2-3-4"))
    assert parse("D:NO_ACCESS_CONTROL", _anybody).aces is None
    assert parse("D:", _anybody).aces == ()
    for wrong in ("no", "D:(A;;FA;;;QQ)", "D:(X;;FA;;;SY)", "D:(A;ZZ;FA;;;SY)"):
        with pytest.raises(ValueError, match=r"."):
            parse(wrong, _anybody)


def test_sids_have_a_binary_form() -> None:
    """As MS-DTYP 2.4.2 lays it out, both ways."""
    assert bytes(sid_bytes("S-1-5-32-544")).hex() == "01020000000000052000000020020000"
    assert sid_text(sid_bytes("S-1-5-21-1-2-3-1107")) == "S-1-5-21-1-2-3-1107"
    with pytest.raises(ValueError, match="no SID"):
        sid_text([1, 2, 3])


def test_the_products_share_is_for_its_group() -> None:
    """On the share and on its folder, names in the host's language."""
    target = host(language="de-DE", server=True)
    group = target.machine_sid + "-1010"
    share, folder = _ask(target, SHARE, Name="netwrix_uavr$"), _ask(target, FILE, Path=PRODUCT_FOLDER)
    assert (share["ReturnValue"], folder["ReturnValue"]) == (0, 0)
    assert (0, 0, 0x1200A9, group) in _entries(share["Descriptor"])
    assert (0, 3, 0x1200A9, group) in _entries(folder["Descriptor"])
    trustees = [entry.properties["Trustee"].properties for entry in folder["Descriptor"].properties["DACL"]]
    assert {"Administratoren", "Netwrix Auditor Client Users"} <= {trustee["Name"] for trustee in trustees}


def test_a_share_with_the_default_has_no_instance() -> None:
    """And an answer of its own: not found."""
    target = host(shares={"Open": {"path": r"C:\PerfLogs"}, "Closed": {"path": r"C:\PerfLogs", "read": ["administrators"]}})
    assert [row["Name"] for row in cim(target, SHARE).instances(target, ADMIN)] == ["Closed"]
    for name in ("Open", "No such share"):
        with pytest.raises(CimError):
            _ask(target, SHARE, Name=name)


def test_folders_inherit() -> None:
    """From the nearest folder above, marked as inherited; a protected one is on its own; files can't be enumerated."""
    target = host(file_acl={r"C:\PerfLogs": "D:(A;OICI;FR;;;LS)"})
    below = _entries(_ask(target, FILE, Path=r"C:\Program Files\Common Files")["Descriptor"])
    assert (0, 16 | 3, 0x1200A9, "S-1-5-32-545") in below
    own = _entries(_ask(target, FILE, Path="C:\\PerfLogs\\")["Descriptor"])
    assert own[0] == (0, 3, 0x120089, "S-1-5-19")
    assert (0, 16 | 3, 0x1F01FF, "S-1-5-32-544") in own
    with pytest.raises(CimError):
        _ask(target, FILE, Path=r"C:\No such folder")
    assert list(cim(target, FILE).instances(target, ADMIN)) == []


def test_a_private_folder_shows_it() -> None:
    """What icacls has left."""
    target = host()
    target.files.make_folder(r"C:\Private")
    target.files.private[r"c:\private"] = frozenset({"S-1-5-18"})
    assert _entries(_ask(target, FILE, Path=r"C:\Private")["Descriptor"]) == [(0, 3, 0x1F01FF, "S-1-5-18")]


def test_descriptors_are_for_administrators() -> None:
    """Others are told 2, access denied."""
    target = host(server=True)
    assert _ask(target, FILE, USER, Path="C:\\Windows")["ReturnValue"] == 2
    assert list(cim(target, SHARE).instances(target, USER)) == []


def test_winreg_is_open_to_whom_it_should_be() -> None:
    """Administrators full, LOCAL SERVICE and Backup Operators read; keys below a hive inherit."""
    target = host()
    answer = registry(target, "GetSecurityDescriptor", key=WINREG)
    assert [(mask, sid) for _kind, _flags, mask, sid in _entries(answer["Descriptor"])] == [
        (0xF003F, "S-1-5-32-544"),
        (0x20019, "S-1-5-19"),
        (0x20019, "S-1-5-32-551"),
    ]
    below = _entries(registry(target, "GetSecurityDescriptor", key=r"SOFTWARE\Policies\Microsoft")["Descriptor"])
    assert (0, 16 | 2, 0x20019, "S-1-5-32-545") in below
    assert registry(target, "GetSecurityDescriptor", key="No such key") == {"Descriptor": None, "ReturnValue": 2}
    assert registry(target, "GetSecurityDescriptor", key="SECURITY")["ReturnValue"] == 5


def test_a_descriptor_is_replaced_as_a_whole() -> None:
    """What is not sent is gone, owner and group stay where they are not sent; the same key by its other name; one journal entry."""
    target = host(registry_acl={rf"HKLM\{WINREG}": "O:SYG:BAD:(A;CI;KA;;;BA)"})
    given = Embedded("__SecurityDescriptor", {"ControlFlags": 0x8004, "DACL": [_entry("S-1-5-19")]})
    assert registry(target, "SetSecurityDescriptor", key=WINREG.lower(), Descriptor=given)["ReturnValue"] == 0
    found = registry(target, "GetSecurityDescriptor", key=WINREG.replace("CurrentControlSet", "ControlSet001"))["Descriptor"]
    assert _entries(found)[0] == (0, 2, 0x20019, "S-1-5-19")
    assert "S-1-5-32-551" not in {sid for *_rest, sid in _entries(found)}
    assert found.properties["Owner"].properties["SIDString"] == "S-1-5-18"
    assert [entry["detail"]["action"] for entry in target.journal.entries] == ["secure"]


def test_without_its_flag_a_dacl_is_not_taken() -> None:
    """SE_DACL_PRESENT says whether the DACL is meant (win32 SetSecurityDescriptor)."""
    target = host()
    before = target.security.key("hklm", WINREG)
    given = Embedded("__SecurityDescriptor", {"ControlFlags": 0x8000, "DACL": [_entry("S-1-5-19")]})
    assert registry(target, "SetSecurityDescriptor", key=WINREG, Descriptor=given)["ReturnValue"] == 0
    assert target.security.key("hklm", WINREG) == before


@pytest.mark.parametrize(
    "entry",
    [
        Embedded("__ACE", {"AccessMask": 1, "AceFlags": 2, "AceType": 0}),
        Embedded("__ACE", {"AccessMask": 1, "AceFlags": 2, "AceType": 0, "Trustee": Embedded("__Trustee", {"Name": "Everyone"})}),
        _entry("S-1-5-19", kind=7),
        _entry("S-1-5-19", flags=0x100),
    ],
)
def test_what_is_no_entry_is_refused(entry: Embedded) -> None:
    """A trustee by its name alone, none at all, unknown types and flags: invalid parameter, and nothing is written."""
    target = host()
    given = Embedded("__SecurityDescriptor", {"ControlFlags": 0x8004, "DACL": [entry]})
    assert registry(target, "SetSecurityDescriptor", key=WINREG, Descriptor=given)["ReturnValue"] == 0x80041008
    assert target.journal.entries == []


def test_others_may_not_set_a_descriptor() -> None:
    """5 without administrator rights."""
    target = host()
    given = Embedded("__SecurityDescriptor", {"ControlFlags": 0x8004, "DACL": [_entry("S-1-5-19")]})
    assert registry(target, "SetSecurityDescriptor", USER, key=WINREG, Descriptor=given)["ReturnValue"] == 5
    assert target.journal.entries == []


@pytest.mark.parametrize("option", ["share_acl", "file_acl", "registry_acl"])
def test_a_fleet_gives_sddl(option: str) -> None:
    """Anything else is refused at once."""
    path = {"share_acl": "Open", "file_acl": r"C:\PerfLogs", "registry_acl": r"HKLM\SOFTWARE\Vendor"}[option]
    good: dict[str, Any] = {option: {path: "D:(A;;FA;;;{LAB\\joe})"}}
    bad: dict[str, Any] = {option: {path: "Everyone"}}
    host(**good)
    with pytest.raises(ValueError, match="no security descriptor"):
        host(**bad)
