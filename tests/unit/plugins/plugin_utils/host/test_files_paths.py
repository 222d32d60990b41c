# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of files on a host: what may stand on a command line, and what may be deleted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Host, quote_for_cmd
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._files import Files
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._paths import checked, deletable, name_of, parent
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._smb import split_share
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest

WINDOWS = r"C:\Windows"


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        (r"C:\Windows\Temp\agent.msi", r"C:\Windows\Temp\agent.msi"),
        ("d:/Software/Über & (Co)/a b.msi", r"d:\Software\Über & (Co)\a b.msi"),
        ("C:\\Folder\\", r"C:\Folder"),
        (r"C:\Console\nullify\com10.txt", r"C:\Console\nullify\com10.txt"),
    ],
)
def test_a_path_is_taken_as_it_is_written(path: str, plain: str) -> None:
    """Slashes become backslashes and one at the end goes; blanks, letters of any language and & ( ) stay."""
    assert checked(path) == plain


@pytest.mark.parametrize(
    "path",
    [
        "agent.msi",
        r"\\server\share\agent.msi",
        r"C:agent.msi",
        "C:\\",
        r"C:\a\..\Windows\x",
        r"C:\a\\b",
        r"C:\a\*.msi",
        r"C:\a\x?.msi",
        r"C:\a\x.msi:stream",
        r"C:\a\x|y",
        r"C:\a\x>y",
        r"C:\%TEMP%\x",
        'C:\\a" & del x & "',
        "C:\\a\nb",
        r"C:\a.\b",
        r"C:\a \b",
        r"C:\a\NUL",
        r"C:\a\con.txt",
        r"C:\a\lpt1",
        "C:\\" + "x" * 240,
    ],
)
def test_what_windows_or_cmd_would_read_otherwise_is_refused(path: str) -> None:
    """Relative paths, wildcards, streams, devices, names that Windows would change, quotation marks, percent signs, line breaks."""
    with pytest.raises(BadRequest):
        checked(path)


@pytest.mark.parametrize(
    "path",
    [
        r"C:\Program Files\Netwrix Auditor",
        r"C:\Program Files (x86)\Netwrix Auditor",
        r"C:\ProgramData\Netwrix Auditor",
        r"D:\Software\Agent",
        r"C:\Windows\Temp\uamops",
        r"C:\Users\anna\AppData\Local\Vendor",
        r"C:\Program Files\Common Files\Vendor\Agent",
    ],
)
def test_a_folder_of_a_program_may_be_deleted(path: str) -> None:
    """Two levels below a drive, five in a profile, four among the files that programs share, and what lies in Windows' Temp."""
    assert deletable(path, WINDOWS) == path


@pytest.mark.parametrize(
    "path",
    [
        "C:\\",
        r"C:\Windows",
        r"c:\WINDOWS\system32",
        r"C:\Windows\System32\drivers\etc",
        r"C:\Windows\Temp",
        r"C:\Windows\Temporary\x",
        r"C:\Program Files",
        r"C:\Program Files (x86)",
        r"C:\Program Files\Common Files",
        r"C:\Program Files\Common Files\System",
        r"C:\ProgramData",
        r"C:\ProgramData\Microsoft\Windows",
        r"C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys",
        r"C:\Program Files\WindowsApps\X\y",
        r"C:\Users\anna\Documents",
        r"C:\Users\anna\AppData\Local",
        r"C:\Users",
        r"C:\Users\anna",
        r"C:\PROGRA~1\Vendor",
        r"C:\Software",
        r"C:\a\..\..\Windows\x",
    ],
)
def test_the_folders_of_windows_and_of_its_users_stay(path: str) -> None:
    """Whatever a play asks for, in any letter case and by any short name."""
    with pytest.raises(BadRequest):
        deletable(path, WINDOWS)


def test_windows_may_lie_elsewhere() -> None:
    """The host says where Windows is, and that folder is protected, wherever."""
    with pytest.raises(BadRequest):
        deletable(r"D:\WinNT\system32\drivers", r"D:\WinNT")
    assert deletable(r"D:\WinNT\Temp\x", r"D:\WinNT") == r"D:\WinNT\Temp\x"


def test_folder_and_name_of_a_path() -> None:
    """A path falls apart at its last backslash."""
    assert (parent(r"C:\a\b.msi"), name_of(r"C:\a\b.msi")) == (r"C:\a", "b.msi")


@pytest.mark.parametrize(
    ("path", "share", "rest"),
    [
        (r"C:\Windows\Temp\x.msi", "ADMIN$", r"Temp\x.msi"),
        (r"c:\windows\x.msi", "ADMIN$", "x.msi"),
        (r"C:\WindowsOld\x.msi", "C$", r"WindowsOld\x.msi"),
        (r"d:\x.msi", "D$", "x.msi"),
    ],
)
def test_the_administrative_share_of_a_path(path: str, share: str, rest: str) -> None:
    """ADMIN$ is Windows' own folder, and every drive has a share of its letter."""
    assert split_share(path, WINDOWS) == (share, rest)


def test_a_percent_sign_for_cmd() -> None:
    """It is written as a variable of our shell, as cmd.exe does not scan the result again; other signs are inside quotation marks."""
    assert quote_for_cmd("50% & <more>") == '"50%UAMOPS_PERCENT% & <more>"'
    with pytest.raises(BadRequest):
        quote_for_cmd("a\r\nb")


@pytest.mark.parametrize("folder", ["C:\\Windows\\uamops", "C:\\Windows\\uamops2\\x", "C:\\Windows\\System32"])
def test_only_folders_below_our_own_are_removed_as_staged(folder: str) -> None:
    """Not our own folder itself either: others' files may be on their way in it. Nothing is sent."""
    files = Files(cast(Host, SimpleNamespace(staging="C:\\Windows\\uamops")))
    with pytest.raises(ValueError, match="is not below"):
        files.remove_staged(folder)
