# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netwrix Auditor on a host: the server, or the User Activity Core Service on an audited computer (options of a fleet).

Facts: netwrix-facts 1.1 of the reference. The short name of the agent's service is not published; the one here is invented [I].
"""

from __future__ import annotations

from .registry import Registry, Type
from .services import AUTO, OWN_PROCESS, Service

SERVER_SERVICE = "NwUserActivitySvc"
AGENT_SERVICE = "UAVRAgentSvc"
AGENT_NAME = "Netwrix Auditor User Activity Core Service"


def program_files(bits: int) -> str:
    """Where 32-bit programs are installed."""
    return r"C:\Program Files (x86)" if bits == 64 else r"C:\Program Files"


def software(bits: int) -> str:
    """The registry branch of 32-bit programs."""
    return r"SOFTWARE\WOW6432Node" if bits == 64 else "SOFTWARE"


def server_service(bits: int) -> Service:
    """The audit service of the Netwrix Auditor server."""
    path = rf'"{program_files(bits)}\Netwrix Auditor\User Activity Video Recording\UAVRServer.exe"'
    return Service(SERVER_SERVICE, "Netwrix Auditor User Activity Audit Service", path, AUTO, kind=OWN_PROCESS, state="Running")


def agent_service(bits: int) -> Service:
    """The core service on an audited computer."""
    path = rf'"{program_files(bits)}\Netwrix Auditor\User Activity Core Service\UAVRAgent.exe"'
    return Service(AGENT_SERVICE, AGENT_NAME, path, AUTO, kind=OWN_PROCESS, state="Running")


def install_server(registry: Registry, bits: int) -> None:
    """What the server's installation leaves in the registry."""
    root = rf"{software(bits)}\Netwrix Auditor"
    registry.put("hklm", root, "InstallPath", Type.REG_SZ, rf"{program_files(bits)}\Netwrix Auditor" + "\\")
    registry.put("hklm", rf"{root}\DataPathOverride", "Default", Type.REG_SZ, r"C:\ProgramData\Netwrix Auditor")
    registry.put("hklm", rf"{root}\User Activity Video Reporter", "ServerPort", Type.REG_DWORD, 9004)


def install_agent(registry: Registry, bits: int) -> None:
    """What the agent's installation leaves in the registry."""
    root = rf"{software(bits)}\Netwrix\User Activity Video Reporter Agent"
    folder = rf"{program_files(bits)}\Netwrix Auditor\User Activity Core Service" + "\\"
    registry.put("hklm", root, "InstallPath", Type.REG_SZ, folder)
    registry.put("hklm", root, "UniqID", Type.REG_SZ, "00000000-0000-4000-8000-000000000001")
    registry.put("hklm", root, "ServerPort", Type.REG_SZ, "9004")
    registry.put("hklm", root, "CallbackPort", Type.REG_SZ, "9003")
