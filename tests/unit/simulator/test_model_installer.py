# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Installer: what an installation, an upgrade, a repair and a removal leave behind."""

from __future__ import annotations

import pytest
from simulator.windows.installer.codes import packed
from simulator.windows.registry import Type
from unit.simulator.installer_hosts import (
    AGENT,
    AGENT_KEY,
    CODES,
    IN_PROGRESS,
    SERVICE,
    TEMP,
    UNINSTALL,
    furnished,
    install,
    log,
    msiexec,
    package,
    products,
    setting,
)
from unit.simulator.model_hosts import host

CLASSES = r"SOFTWARE\Classes\Installer"
UPGRADE_CODE = "{5C6BE3B5-31A0-4B7D-9B5C-7E0B6F2B9A11}"


def test_installation_is_complete() -> None:
    """Files, registry values in the 32-bit view, a running service, and one journal entry for the caller."""
    target = furnished("10.6.0")
    assert install(target, "10.6.0", 'UAVR_SERVERNAME="na 01" UAVR_SERVERPORT=9010') == 0
    assert target.files.read(AGENT).startswith(b"MZStand-in")
    assert [setting(target, name) for name in ("ServerName", "ServerPort", "CallbackPort")] == ["na 01", "9010", "9003"]
    assert setting(target, "InstallPath") == AGENT.removesuffix("UAVRAgent.exe")
    found = target.services.find(SERVICE)
    assert found is not None
    assert (found.state, found.path, found.start, found.account) == ("Running", f'"{AGENT}"', 2, "LocalSystem")
    assert target.files.is_folder(r"C:\ProgramData\Netwrix Auditor\User Activity Core Service")
    assert [(entry["kind"], entry["target"], entry["detail"]["action"]) for entry in target.journal.entries] == [("installer", CODES["10.6.0"], "install")]


def test_registration() -> None:
    """The uninstall key has the values and types of a real one, and the product is found by its packed codes."""
    target = furnished("10.7.0")
    install(target, "10.7.0")
    key = target.registry.open("hklm", rf"{UNINSTALL}\{CODES['10.7.0']}", view=32)
    assert key is not None
    values = {value.name: (value.type, value.data) for value in key.values.values()}
    assert values["DisplayName"] == (Type.REG_SZ, "Netwrix Auditor User Activity Core Service")
    assert values["Publisher"] == (Type.REG_SZ, "Netwrix Corporation")
    assert values["DisplayVersion"] == (Type.REG_SZ, "10.7.0")
    assert values["Version"] == (Type.REG_DWORD, 10 << 24 | 7 << 16)
    assert (values["VersionMajor"], values["VersionMinor"]) == ((Type.REG_DWORD, 10), (Type.REG_DWORD, 7))
    assert values["WindowsInstaller"] == (Type.REG_DWORD, 1)
    assert values["EstimatedSize"] == (Type.REG_DWORD, 3)
    assert values["UninstallString"] == (Type.REG_EXPAND_SZ, f"MsiExec.exe /X{CODES['10.7.0']}")
    assert values["InstallSource"] == (Type.REG_SZ, TEMP + "\\")
    assert values["InstallLocation"] == (Type.REG_SZ, "")
    own = packed(CODES["10.7.0"])
    assert own == "5B3EB6C50A13D7B40023000000000107"
    root = rf"{CLASSES}\Products\{own}"
    assert target.registry.value("hklm", root, "ProductName") == "Netwrix Auditor User Activity Core Service"
    assert target.registry.value("hklm", root, "Version") == 0x0A070000
    assert target.registry.value("hklm", rf"{root}\SourceList", "PackageName") == "10.7.0.msi"
    assert target.registry.value("hklm", rf"{CLASSES}\UpgradeCodes\{packed(UPGRADE_CODE)}", own) == ""
    details = rf"SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\UserData\S-1-5-18\Products\{own}\InstallProperties"
    cached = target.registry.value("hklm", details, "LocalPackage")
    assert isinstance(cached, str)
    assert target.files.read(cached) == package("10.7.0")
    assert target.registry.open("hklm", IN_PROGRESS) is None


def test_64_bit_package_writes_the_64_bit_view() -> None:
    """A 64-bit package goes to Program Files and to the registry without WOW6432Node; 32-bit Windows refuses it (1633)."""
    target = furnished("10.8.0-x64")
    assert install(target, "10.8.0-x64", "UAVR_SERVERNAME=s") == 0
    assert target.files.exists(AGENT.replace(" (x86)", ""))
    assert target.registry.value("hklm", AGENT_KEY.replace(r"WOW6432Node" + "\\", ""), "ServerName") == "s"
    assert target.registry.open("hklm", rf"{UNINSTALL}\{{5C6BE3B5-31A0-4B7D-0064-000000001080}}", view=64) is not None
    assert install(furnished("10.8.0-x64", release="10", bits=32), "10.8.0-x64") == 1633


def test_32_bit_windows() -> None:
    """On 32-bit Windows everything is in the only view and folder that there are."""
    target = furnished("10.6.0", release="10", bits=32)
    assert install(target, "10.6.0", "UAVR_SERVERNAME=s") == 0
    assert target.files.exists(AGENT.replace(" (x86)", ""))
    assert target.registry.value("hklm", AGENT_KEY.replace(r"WOW6432Node" + "\\", ""), "ServerName") == "s"


def test_major_upgrade_replaces_and_forgets_settings() -> None:
    """A newer package removes the older product; properties that are not given again are back at their defaults."""
    target = furnished("10.6.0", "10.7.0")
    install(target, "10.6.0", "UAVR_SERVERNAME=na01 UAVR_SERVERPORT=9010")
    identity = setting(target, "UniqID")
    assert install(target, "10.7.0", "UAVR_SERVERNAME=na02") == 0
    assert products(target) == {CODES["10.7.0"]: "10.7.0"}
    assert [setting(target, name) for name in ("ServerName", "ServerPort")] == ["na02", "9004"]
    assert identity is not None
    assert setting(target, "UniqID") == identity
    assert b"10.7.0" in target.files.read(AGENT)


def test_downgrade_is_refused() -> None:
    """The launch condition refuses an older package: 1603, its text in the log, nothing changed."""
    target = furnished("10.6.0", "10.7.0")
    install(target, "10.7.0", "UAVR_SERVERNAME=na01")
    assert install(target, "10.6.0", "UAVR_SERVERNAME=na02") == 1603
    assert "-- A newer version of Netwrix Auditor User Activity Core Service is already installed." in log(target)
    assert (products(target), setting(target, "ServerName")) == ({CODES["10.7.0"]: "10.7.0"}, "na01")


def test_the_same_package_again_changes_nothing() -> None:
    """Maintenance without REINSTALL is a success that writes no properties: a new server name is not stored."""
    target = furnished("10.6.0")
    install(target, "10.6.0", "UAVR_SERVERNAME=na01")
    assert install(target, "10.6.0", "UAVR_SERVERNAME=na02") == 0
    assert setting(target, "ServerName") == "na01"


def test_reinstall_writes_registry_by_its_mode() -> None:
    """REINSTALL=ALL writes the registry with the letter m and leaves it alone without; /f takes no properties from the command line."""
    target = furnished("10.6.0")
    install(target, "10.6.0", "UAVR_SERVERNAME=na01")
    assert install(target, "10.6.0", "REINSTALL=ALL REINSTALLMODE=ous UAVR_SERVERNAME=na02") == 0
    assert setting(target, "ServerName") == "na01"
    assert install(target, "10.6.0", "REINSTALL=ALL REINSTALLMODE=omus UAVR_SERVERNAME=na02") == 0
    assert setting(target, "ServerName") == "na02"
    assert msiexec(target, rf"/fomus {TEMP}\10.6.0.msi UAVR_SERVERNAME=na03") == 0
    assert setting(target, "ServerName") == ""


def test_minor_upgrade() -> None:
    """Another package of the same product is 1638; with REINSTALLMODE v it takes the place of the old one."""
    target = furnished("10.7.0", "10.7.1-minor")
    install(target, "10.7.0", "UAVR_SERVERNAME=na01")
    assert install(target, "10.7.1-minor") == 1638
    assert install(target, "10.7.1-minor", "REINSTALL=ALL REINSTALLMODE=vomus UAVR_SERVERNAME=na01") == 0
    assert products(target) == {CODES["10.7.0"]: "10.7.1"}
    assert b"10.7.1" in target.files.read(AGENT)
    assert len(target.files.list(r"C:\Windows\Installer")) == 1


def test_repair_brings_back_what_is_missing() -> None:
    """/f by product code works from the cached package: file, service and registry come back."""
    target = furnished("10.6.0")
    install(target, "10.6.0", "UAVR_SERVERNAME=na01")
    target.services.stop(SERVICE)
    target.services.delete(SERVICE)
    target.files.remove(AGENT)
    target.registry.make("hklm", AGENT_KEY).values.pop("callbackport")
    target.files.remove(rf"{TEMP}\10.6.0.msi")
    assert msiexec(target, f"/fomus {CODES['10.6.0']}") == 0
    found = target.services.find(SERVICE)
    assert found is not None
    assert (found.state, target.files.exists(AGENT), setting(target, "CallbackPort")) == ("Running", True, "9003")


def test_neither_cache_nor_source() -> None:
    """Repair and removal need the cached package or the source: without both 1612, with the source 0."""
    target = furnished("10.6.0")
    install(target, "10.6.0")
    for name in target.files.list(r"C:\Windows\Installer"):
        target.files.remove(rf"C:\Windows\Installer\{name}")
    target.files.remove(rf"{TEMP}\10.6.0.msi")
    assert (msiexec(target, f"/fomus {CODES['10.6.0']}"), msiexec(target, f"/x {CODES['10.6.0']}")) == (1612, 1612)
    target.files.write(rf"{TEMP}\10.6.0.msi", package("10.6.0"))
    assert msiexec(target, f"/x {CODES['10.6.0']}") == 0
    assert products(target) == {}


@pytest.mark.parametrize("line", ["/x {code}", r"/x C:\Windows\Temp\10.6.0.msi", "/uninstall {code}", "/i {code} REMOVE=ALL"])
def test_removal(line: str) -> None:
    """What was installed goes; what others have added, files and values, stays with its folders; the agent's data outlive it."""
    target = furnished("10.6.0")
    install(target, "10.6.0")
    folder = AGENT.rpartition("\\")[0]
    target.files.write(rf"{folder}\mine.txt", b"mine")
    assert msiexec(target, line.format(code=CODES["10.6.0"])) == 0
    assert (products(target), target.services.find(SERVICE)) == ({}, None)
    assert target.files.list(folder) == ["mine.txt"]
    key = target.registry.open("hklm", AGENT_KEY)
    assert key is not None
    assert list(key.values) == ["uniqid"]
    assert target.files.is_folder(r"C:\ProgramData\Netwrix Auditor\User Activity Core Service")
    assert target.registry.open("hklm", rf"{CLASSES}\Products\{packed(CODES['10.6.0'])}") is None
    assert target.registry.open("hklm", rf"{CLASSES}\UpgradeCodes\{packed(UPGRADE_CODE)}") is None
    assert target.files.list(r"C:\Windows\Installer") == []
    assert msiexec(target, f"/x {CODES['10.6.0']}") == 1605


def test_removal_takes_empty_folders_and_keys() -> None:
    """Folders and keys that have become empty go, up to Windows' own."""
    target = furnished("LikeNamed-1.0")
    install(target, "LikeNamed-1.0")
    assert target.files.exists(r"C:\Program Files (x86)\Like Named\test.txt")
    assert msiexec(target, r"/x C:\Windows\Temp\LikeNamed-1.0.msi") == 0
    assert target.files.list(r"C:\Program Files (x86)") == ["Common Files"]
    assert target.registry.open("hklm", r"SOFTWARE\WOW6432Node\Example") is None
    assert target.registry.open("hklm", r"SOFTWARE\WOW6432Node\Microsoft") is not None


def test_code_pages() -> None:
    """Names in code page 1252 and 932 arrive as they are meant."""
    target = furnished("Umlauts-1.0", "Japanese-1.0")
    assert (install(target, "Umlauts-1.0"), install(target, "Japanese-1.0")) == (0, 0)
    names = []
    for number in ("1252", "0932"):
        key = target.registry.open("hklm", rf"{UNINSTALL}\{{5C6BE3B5-31A0-4B7D-{number}-000000000010}}", view=32)
        assert key is not None
        names.append((key.values["displayname"].data, key.values["publisher"].data))
    assert names == [("Übermäßig schöne Prüfgröße", "Café Größe & Söhne"), ("検査用パッケージ", "ソフト工業")]
    assert target.files.exists(r"C:\Program Files (x86)\Größe\Prüfung.txt")


def test_registry_types_and_remembered_property() -> None:
    """Numbers and expandable texts get their types; a property that AppSearch finds in the registry survives a reinstallation."""
    target = furnished("Umlauts-1.0")
    install(target, "Umlauts-1.0", "REMEMBERED=first")
    root = r"SOFTWARE\WOW6432Node\Größe"
    key = target.registry.open("hklm", root)
    assert key is not None
    assert (key.values["größe"].type, key.values["größe"].data) == (Type.REG_DWORD, 42)
    assert (key.values["datei"].type, key.values["datei"].data) == (Type.REG_EXPAND_SZ, r"C:\Program Files (x86)\Größe\Prüfung.txt")
    install(target, "Umlauts-1.0", "REINSTALL=ALL")
    assert target.registry.value("hklm", root, "Remembered") == "first"


def test_hidden_properties_are_not_logged() -> None:
    """The value of a property in MsiHiddenProperties stands nowhere in the log; the log is UTF-16 with a byte order mark."""
    target = furnished("Umlauts-1.0")
    install(target, "Umlauts-1.0", "SECRETWORD=Tr0ub4dor")
    assert target.files.read(r"C:\Windows\Temp\a.log")[:2] == b"\xff\xfe"
    assert "Tr0ub4dor" not in log(target)
    assert "Property(S): SECRETWORD = **********" in log(target)


def test_the_option_agent_is_a_real_installation() -> None:
    """agent: true, a version or a mapping: the product is registered and can be upgraded and removed; nobody's journal tells of it."""
    plain, chosen = host(agent=True), host(agent={"version": "10.7.0", "server": "NA01", "port": 9010})
    assert (products(plain), products(chosen)) == ({CODES["10.6.0"]: "10.6.0"}, {CODES["10.7.0"]: "10.7.0"})
    assert [setting(chosen, name) for name in ("ServerName", "ServerPort")] == ["NA01", "9010"]
    assert (plain.journal.entries, chosen.journal.entries) == ([], [])
    assert msiexec(plain, f"/x {CODES['10.6.0']}") == 0
    with pytest.raises(ValueError, match=r"no package of version '1\.0'.*10\.6\.0"):
        host(agent="1.0")


def test_options_of_an_agent_that_is_there() -> None:
    """What the options services and registry say about the agent comes after its installation."""
    target = host(agent=True, services={SERVICE: {"start": "Manual", "state": "Stopped"}}, registry={rf"HKLM\{AGENT_KEY}": {"ServerPort": "9999"}})
    found = target.services.find(SERVICE)
    assert found is not None
    assert (found.state, found.start, found.path) == ("Stopped", 3, f'"{AGENT}"')
    assert setting(target, "ServerPort") == "9999"
    assert host(agent=True, services={SERVICE: None}).services.find(SERVICE) is None


def test_the_option_server_holds_the_package() -> None:
    """The server's folder has its program and the agent's package of the chosen version."""
    target = host(server={"version": "10.8.0"})
    folder = r"C:\Program Files (x86)\Netwrix Auditor\User Activity Video Recording"
    assert target.files.read(rf"{folder}\UACoreSvcSetup.msi") == package("10.8.0")
    assert host(server=True).files.read(rf"{folder}\UACoreSvcSetup.msi") == package("10.7.0")
