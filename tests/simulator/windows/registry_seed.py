# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the registry of a freshly installed host, apart from services and firewall."""

from __future__ import annotations

from dataclasses import dataclass

from . import codec
from .internet_explorer import machine_settings
from .registry import Registry, Type
from .releases import Release

CURRENT_VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
WINDOWS = r"SOFTWARE\Microsoft\Windows\CurrentVersion"
CONTROL = r"SYSTEM\CurrentControlSet\Control"
DOTNET_FULL = tuple(rf"{root}\NET Framework Setup\NDP\v4\Full" for root in (r"SOFTWARE\Microsoft", r"SOFTWARE\WOW6432Node\Microsoft"))
WELL_KNOWN_PROFILES = (".DEFAULT", "S-1-5-18", "S-1-5-19", "S-1-5-20")


@dataclass(frozen=True)
class Identity:
    """The names of a host."""

    name: str
    domain: str | None
    bits: int

    @property
    def fqdn(self) -> str:
        """Name and domain, the name alone in a workgroup."""
        return f"{self.name}.{self.domain}".lower() if self.domain else self.name.lower()


def seed(registry: Registry, release: Release, bits: int) -> None:
    """Fill an empty registry with what all hosts of the release have."""
    _version(registry, release)
    _folders(registry, bits)
    _environment(registry, bits)
    _dotnet(registry, release, bits)
    codec.seed(registry, bits)
    machine_settings(registry, release, bits)
    registry.make("hklm", r"SYSTEM\ControlSet001\Control")
    registry.put("hklm", r"SYSTEM\ControlSet001\Control\SecurePipeServers\winreg", "Description", Type.REG_SZ, "Registry Server")
    registry.put("hklm", r"SYSTEM\Select", "Current", Type.REG_DWORD, 1)
    if release.windows_10_or_later:
        registry.make("hklm", r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\RemoteRegistry")
    registry.make("hklm", r"SOFTWARE\Policies\Microsoft")
    for hive in ("SAM", "SECURITY", "HARDWARE"):
        registry.make("hklm", hive)
    for sid in WELL_KNOWN_PROFILES:
        registry.make("hku", rf"{sid}\Software\Microsoft")
        registry.put("hku", rf"{sid}\Environment", "TEMP", Type.REG_EXPAND_SZ, r"%USERPROFILE%\AppData\Local\Temp")


def _version(registry: Registry, release: Release) -> None:
    def text(name: str, data: str) -> None:
        registry.put("hklm", CURRENT_VERSION, name, Type.REG_SZ, data)

    modern = release.windows_10_or_later
    # Windows 10 and later keep 6.3 here for old programs and add the numbers; Windows 11 still calls itself 10 in ProductName.
    text("CurrentVersion", "6.3" if modern else release.version)
    text("CurrentBuild", str(release.build))
    text("CurrentBuildNumber", str(release.build))
    name = release.product.removeprefix("Microsoft ")
    text("ProductName", name.replace("Windows 11", "Windows 10"))
    text("EditionID", release.edition)
    text("InstallationType", release.installation_type)
    text("SystemRoot", r"C:\Windows")
    text("PathName", r"C:\Windows")
    text("RegisteredOwner", "Lab")
    text("CurrentType", "Multiprocessor Free")
    if modern:
        text("ReleaseId", release.release_id)
        registry.put("hklm", CURRENT_VERSION, "CurrentMajorVersionNumber", Type.REG_DWORD, 10)
        registry.put("hklm", CURRENT_VERSION, "CurrentMinorVersionNumber", Type.REG_DWORD, 0)
    if release.display_version:
        text("DisplayVersion", release.display_version)
    registry.put("hklm", CURRENT_VERSION, "UBR", Type.REG_DWORD, release.revision)
    registry.put("hklm", CURRENT_VERSION, "InstallDate", Type.REG_DWORD, 1704103200)


def _folders(registry: Registry, bits: int) -> None:
    native = r"C:\Program Files"
    registry.put("hklm", WINDOWS, "ProgramFilesDir", Type.REG_SZ, native)
    registry.put("hklm", WINDOWS, "CommonFilesDir", Type.REG_SZ, rf"{native}\Common Files")
    registry.put("hklm", WINDOWS, "ProgramFilesPath", Type.REG_EXPAND_SZ, "%ProgramFiles%")
    registry.put("hklm", WINDOWS, "DevicePath", Type.REG_EXPAND_SZ, r"%SystemRoot%\inf")
    registry.make("hklm", rf"{WINDOWS}\Uninstall")
    registry.put("hklm", rf"{WINDOWS}\Policies\System", "EnableLUA", Type.REG_DWORD, 1)
    if bits == 64:
        registry.put("hklm", WINDOWS, "ProgramFilesDir (x86)", Type.REG_SZ, rf"{native} (x86)")
        registry.put("hklm", WINDOWS, "CommonFilesDir (x86)", Type.REG_SZ, rf"{native} (x86)\Common Files")
        registry.put("hklm", WINDOWS, "ProgramW6432Dir", Type.REG_SZ, native)
        wow = WINDOWS.replace("SOFTWARE", r"SOFTWARE\WOW6432Node", 1)
        registry.put("hklm", wow, "ProgramFilesDir", Type.REG_SZ, rf"{native} (x86)")
        registry.put("hklm", wow, "ProgramFilesDir (x86)", Type.REG_SZ, rf"{native} (x86)")
        registry.make("hklm", rf"{wow}\Uninstall")


def identify(registry: Registry, identity: Identity) -> None:
    """Write the names of one host."""
    for kind in ("ActiveComputerName", "ComputerName"):
        registry.put("hklm", rf"{CONTROL}\ComputerName\{kind}", "ComputerName", Type.REG_SZ, identity.name.upper())
    tcpip = r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
    registry.put("hklm", tcpip, "Hostname", Type.REG_SZ, identity.name)
    registry.put("hklm", tcpip, "NV Hostname", Type.REG_SZ, identity.name)
    registry.put("hklm", tcpip, "Domain", Type.REG_SZ, (identity.domain or "").lower())


def _environment(registry: Registry, bits: int) -> None:
    key = rf"{CONTROL}\Session Manager\Environment"
    registry.put("hklm", key, "ComSpec", Type.REG_EXPAND_SZ, r"%SystemRoot%\system32\cmd.exe")
    registry.put("hklm", key, "Path", Type.REG_EXPAND_SZ, r"%SystemRoot%\system32;%SystemRoot%;%SystemRoot%\System32\Wbem")
    registry.put("hklm", key, "TEMP", Type.REG_EXPAND_SZ, r"%SystemRoot%\TEMP")
    registry.put("hklm", key, "windir", Type.REG_EXPAND_SZ, "%SystemRoot%")
    registry.put("hklm", key, "PROCESSOR_ARCHITECTURE", Type.REG_SZ, "AMD64" if bits == 64 else "x86")


def _dotnet(registry: Registry, release: Release, bits: int) -> None:
    for full in DOTNET_FULL[: bits // 32]:
        registry.put("hklm", full, "Install", Type.REG_DWORD, 1)
        registry.put("hklm", full, "Release", Type.REG_DWORD, release.dotnet_release)
