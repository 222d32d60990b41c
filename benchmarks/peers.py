# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The usual way to the same end, to compare with: tasks of ansible.windows and community.windows, which run PowerShell on the host.

The simulated hosts run no PowerShell. Here, and only here, their powershell.exe answers every module at once that nothing has changed: what is
measured is what these modules send and what they cost the controller. What PowerShell costs a real host (a second or two for each task) comes on top.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from simulator.windows import Account, Windows
from simulator.windows.commands import dispatch
from simulator.windows.records import Completed

REQUIREMENTS = Path(__file__).with_name("requirements-peers.txt")
_COLLECTIONS = ("ansible_collections/ansible/windows/", "ansible_collections/community/windows/")
_KEY = r"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\RemoteRegistry"
_PROGRAM = r"C:\Program Files (x86)\Netwrix Auditor\User Activity Core Service\UAVRAgent.exe"


def _rule(name: str, direction: str, port: str) -> dict[str, Any]:
    ports = {"localport": port} if direction == "in" else {"remoteport": port}
    return {"name": name, "direction": direction, "action": "allow", "enabled": True, "state": "present", "protocol": "tcp", "program": _PROGRAM, **ports}


# What a playbook by hand has for an audited computer: the guide's services, rules and groups, .NET, the agent and its service.
TASKS: list[dict[str, Any]] = [
    {"ansible.windows.win_service": {"name": "RemoteRegistry", "start_mode": "auto", "state": "started"}},
    {"ansible.windows.win_service": {"name": "Winmgmt", "start_mode": "auto", "state": "started"}},
    {"community.windows.win_firewall_rule": {"group": "File and Printer Sharing", "profiles": ["domain"], "enabled": True}},
    {"community.windows.win_firewall_rule": {"group": "Windows Management Instrumentation (WMI)", "profiles": ["domain"], "enabled": True}},
    {"community.windows.win_firewall_rule": _rule("Netwrix agent in", "in", "9003")},
    {"community.windows.win_firewall_rule": _rule("Netwrix agent out", "out", "9004")},
    {"ansible.windows.win_reg_stat": {"path": r"HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "name": "Release"}},
    {"ansible.windows.win_package": {"product_id": "{00000000-0000-0000-0000-000000000000}", "state": "present", "path": r"C:\agent.msi"}},
    {"ansible.windows.win_stat": {"path": _PROGRAM}},
    {"ansible.windows.win_service_info": {"name": "UAVRAgent"}},
    {"ansible.windows.win_regedit": {"path": _KEY, "name": "DisableIdleStop", "data": 1, "type": "dword"}},
    {"ansible.windows.win_powershell": {"script": "Get-MpPreference | Select-Object ExclusionPath, ExclusionProcess"}},
]


def collections(folder: Path) -> Path:
    """The peers' collections, from PyPI's package ansible, below `folder`; fetched once. Ends the program with a sentence if that can't be."""
    if not all((folder / name / "MANIFEST.json").exists() for name in _COLLECTIONS):
        command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "-r", str(REQUIREMENTS), "-d", str(folder)]
        if subprocess.run(command, check=False).returncode:
            raise SystemExit("The usual modules could not be fetched from PyPI (see above); --peers-hosts 0 leaves them out.")
        (wheel,) = folder.glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if name.startswith(_COLLECTIONS)])
        wheel.unlink()
    return folder


def playbook() -> list[dict[str, Any]]:
    """One play with the tasks."""
    return [{"hosts": "audited_computers", "gather_facts": False, "tasks": TASKS}]


def powershell_that_answers() -> AbstractContextManager[Any]:
    """While it lasts, the simulated hosts of this process take every script for done."""
    folder, _refuses = dispatch._PROGRAMS["powershell"]
    return patch.dict(dispatch._PROGRAMS, powershell=(folder, _answer))


def _answer(_host: Windows, _account: Account, _arguments: str) -> Completed:
    return Completed(0, json.dumps({"changed": False}), "")
