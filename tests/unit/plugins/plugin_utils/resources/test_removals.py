# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is never removed: Windows' own folders and registry keys, and those that many products share."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._folder_guard import check_removable

from .test_requests import resource

KEPT_FOLDERS = """
C:\\ | C:\\Windows | C:\\WINDOWS\\System32 | c:/windows/system32/drivers | C:\\Windows\\uamops | C:\\Windows\\Installer
C:\\Program Files | C:\\Program Files (x86) | C:\\Program Files\\Common Files | C:\\Program Files\\Windows Defender
C:\\ProgramData | C:\\ProgramData\\Microsoft | C:\\ProgramData\\Application Data\\Vendor | C:\\ProgramData\\Package Cache
C:\\Users | C:\\Users\\Public | C:\\Users\\anna | C:\\Users\\Default\\AppData | C:\\Users\\All Users\\Microsoft\\Crypto
C:\\Documents and Settings\\All Users\\X | D:\\System Volume Information\\X | C:\\$Recycle.Bin\\S-1-5-18 | C:\\Recovery\\WindowsRE
C:\\ProgramData\\Microsoft\\Windows\\Start Menu | C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys | c:/programdata/MICROSOFT/a/b/c/d
C:\\Users\\bob\\Documents | C:\\Users\\bob\\Documents\\Letters\\2026\\May\\x | C:\\Users\\bob\\AppData | C:\\Users\\bob\\AppData\\Local
C:\\Users\\bob\\AppData\\Roaming\\Microsoft\\Protect | C:\\Users\\bob\\AppData\\Local\\Application Data\\Vendor | C:\\Users\\bob\\AppData\\Local\\Temp
C:\\Users\\Public\\Desktop\\a\\b\\c | C:\\Program Files\\WindowsApps\\X | C:\\Program Files\\WindowsApps\\X\\y\\z | D:\\WindowsApps\\X
C:\\PROGRA~1\\Vendor | C:\\Windows.\\System32 | C:\\Vendor\\..\\Windows | \\\\server\\share\\x | Vendor\\App | C:\\Vendor\\* | C:\\Vendor\\app:stream
""".replace("\n", " | ")
GONE_FOLDERS = [
    "C:\\ProgramData\\Netwrix Auditor\\User Activity Core Service",
    "C:\\ProgramData\\Netwrix",
    "C:\\Program Files (x86)\\Netwrix Auditor\\User Activity Core Service",
    "C:\\Users\\anna\\AppData\\Local\\Vendor",
    "C:\\Users\\anna\\AppData\\Local\\Temp\\vendor",
    "C:\\Users\\anna\\AppData\\Roaming\\Microsoftware\\App",
    "C:\\ProgramData\\Microsoftware\\App",
    "C:\\Program Files\\WindowsPowerShell\\Modules\\Vendor",
    "D:\\Vendor\\App",
    "C:\\Windows\\Temp\\vendor",
]


@pytest.mark.parametrize("path", [path.strip() for path in KEPT_FOLDERS.split(" | ") if path.strip()])
def test_windows_own_folders_stay(path: str) -> None:
    """A drive, Windows' folder, what Windows makes for programs, data and users, and every other way to write one of these."""
    with pytest.raises(BadRequest):
        check_removable(path, "C:\\Windows")


@pytest.mark.parametrize("path", GONE_FOLDERS)
def test_a_products_own_folder_may_go(path: str) -> None:
    """The folder of one product, wherever it lies."""
    check_removable(path, "C:\\Windows")


@pytest.mark.parametrize(
    "path",
    [
        "HKLM\\SOFTWARE",
        "HKLM\\SOFTWARE\\Microsoft",
        "HKLM\\SOFTWARE\\WOW6432Node",
        "HKLM\\SOFTWARE\\WOW6432Node\\Netwrix",
        "HKLM\\SOFTWARE\\Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall",
        "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion",
        "HKLM\\SOFTWARE\\Classes\\CLSID",
        "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows",
        "HKLM\\SYSTEM\\CurrentControlSet",
        "HKLM\\SYSTEM\\CurrentControlSet\\Services",
        "HKLM\\SYSTEM\\ControlSet001\\Services\\Tcpip",
        "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules",
        "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Kerberos\\Parameters",
        "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces",
        "HKLM\\SYSTEM\\Setup\\A\\B",
        "HKLM\\BCD00000000\\Objects\\{x}\\Elements",
        "HKLM\\sam\\SAM\\Domains\\Account",
        "HKLM\\SECURITY\\Policy\\Secrets\\x",
        "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-18",
        "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Explorer\\x",
        "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions",
        "HKCC\\System\\CurrentControlSet\\Control\\x",
        "HKU\\S-1-5-18",
        "HKU\\.DEFAULT\\Software",
        "HKCR\\CLSID",
    ],
)
def test_windows_own_keys_stay(path: str) -> None:
    """Hives, the two levels below them in either view, and what Windows can't do without; such a key may still be asked to be there."""
    with pytest.raises(BadRequest):
        resource("registry_key", path=path, state="absent")
    assert resource("registry_key", path=path).want(None) == {"path": path}


@pytest.mark.parametrize(
    "path", ["HKLM\\SOFTWARE\\WOW6432Node\\Netwrix\\User Activity Video Reporter Agent", "HKLM\\SOFTWARE\\Vendor\\App", "HKU\\S-1-5-18\\Software\\Vendor\\App"]
)
def test_a_products_own_key_may_go(path: str) -> None:
    """The key of one product below its vendor's."""
    assert resource("registry_key", path=path, state="absent").want({"path": path}) is None


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("Vendor\\App", "no path on a drive"),
        ("C:\\", "no path on a drive"),
        ("C:\\Vendor\\..\\Windows", "isn't a path that Windows keeps"),
        ("C:\\Vendor\\a?b", "isn't a path that Windows keeps"),
        ("\\\\server\\share\\x", "no path on a drive"),
    ],
)
def test_a_folder_needs_a_plain_path(path: str, sentence: str) -> None:
    """Wildcards and parts that lead up are refused before anything is sent."""
    with pytest.raises(BadRequest, match=sentence):
        resource("folder", path=path)
