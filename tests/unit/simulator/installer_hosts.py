# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts with stand-in packages on their drive, and short ways to install them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import simulator
from simulator.windows import Account, Windows
from simulator.windows.registry import Data
from unit.simulator.model_hosts import ADMIN, host, run

PACKAGES = Path(simulator.__file__).parent / "packages"
TEMP = r"C:\Windows\Temp"
LOG = rf"{TEMP}\a.log"
UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
IN_PROGRESS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\InProgress"
AGENT_KEY = r"SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent"
AGENT = r"C:\Program Files (x86)\Netwrix Auditor\User Activity Core Service\UAVRAgent.exe"
SERVICE = "UAVRAgentSvc"
CODES = {version: f"{{5C6BE3B5-31A0-4B7D-0032-00000000{number}}}" for version, number in (("10.6.0", 1060), ("10.7.0", 1070), ("10.8.0", 1080))}


def package(name: str) -> bytes:
    """The content of a stand-in: ``10.6.0`` for one of the agent's, else its file name without ``.msi``."""
    file = PACKAGES / f"{name}.msi"
    return (file if file.exists() else PACKAGES / f"UACoreSvcSetup-{name}.msi").read_bytes()


def furnished(*names: str, release: str = "2022", **options: Any) -> Windows:
    """A host with packages in C:\\Windows\\Temp under their short names, its journal empty."""
    target = host(release, **options)
    for name in names:
        target.files.write(rf"{TEMP}\{name}.msi", package(name))
    target.journal.clear()
    return target


def msiexec(target: Windows, arguments: str, account: Account = ADMIN) -> int:
    """Run msiexec quietly with a verbose log and without a restart; gives its exit code."""
    done = run(target, "msiexec.exe", f'{arguments} /qn /norestart /L*V "{LOG}"', account)
    assert (done.stdout, done.stderr) == ("", "")
    return done.exit_code


def install(target: Windows, name: str, properties: str = "", account: Account = ADMIN) -> int:
    """Install one of the packages in C:\\Windows\\Temp."""
    return msiexec(target, rf'/i "{TEMP}\{name}.msi" {properties}', account)


def log(target: Windows) -> str:
    """The text of the last log."""
    return target.files.read(LOG).decode("utf-16")


def products(target: Windows) -> dict[str, str]:
    """The installed products, code to version, of both views."""
    found = {}
    for view in (64, 32):
        key = target.registry.open("hklm", UNINSTALL, view=view)
        for name in key.names() if key else []:
            value = target.registry.open("hklm", rf"{UNINSTALL}\{name}", view=view)
            assert value is not None
            found[name] = str(value.values["displayversion"].data)
    return found


def setting(target: Windows, name: str) -> Data | None:
    """A value of the agent's key."""
    return target.registry.value("hklm", AGENT_KEY, name)
