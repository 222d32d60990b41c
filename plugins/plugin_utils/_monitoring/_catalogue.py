# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks by their ids: what each is called, and what helps where it fails.

The advice follows the vendor's articles (netwrix-facts 1.3, 1.6, 1.9 to 1.11).

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping

from ._model import FAILED, NOT_APPLICABLE, OK, UNKNOWN, Check

_CHECKS: Mapping[str, tuple[str, str]] = {
    "agent.installed": (
        "The User Activity Core Service is installed",
        "Run role agent, which installs the package that the Auditor server holds.",
    ),
    "agent.version_floor": (
        "The agent is not older than the oldest version accepted",
        "Upgrade it. Versions before 10.5 let anybody who reaches their ports run code (CVE-2022-31199).",
    ),
    "agent.version_skew": (
        "The agent has the server's version",
        "Run role agent to bring it to the server's version. The server updates its agents by itself, but leaves out those that it does not reach then.",
    ),
    "agent.service_running": (
        "The agent's service starts by itself and runs",
        "Set it to start automatically and start it. If it does not answer the start (error 1053), look for an old .NET Framework "
        "and for antivirus software that holds UAVRAgent.exe.",
    ),
    "agent.service_stays": (
        "The agent's service keeps running",
        "See the Application and System event logs of the computer. Exclude the agent's folder from antivirus scans, and bring .NET Framework to 4.8.",
    ),
    "agent.listens": (
        "The agent listens on its callback port",
        "Restart the agent's service. If another program has the port, give the agent another CallbackPort in the registry, and the firewall rule with it.",
    ),
    "agent.configured": (
        "The agent's settings name its server and the ports",
        "Run role agent for the right server, and restart the agent's service: it reads its settings when it starts.",
    ),
    "agent.connected": (
        "The agent is connected to its server",
        "Look whether the agent's computer resolves the server's name, whether both firewalls let the server's port through (9004 if not changed), "
        "and whether the server's service runs.",
    ),
    "server.listens": (
        "The server listens on the agents' port",
        "Start service NwUserActivitySvc on the Auditor server, and compare ServerPort in its registry with the agents'.",
    ),
    "server.reaches_agent": (
        "The server reaches the agent's callback port",
        "Let the callback port (9003 if not changed) from the server into UAVRAgent.exe in the computer's firewall and in those between, "
        "and look whether the server resolves the computer's name.",
    ),
    "server.knows_agent": (
        "The server has the agent in its list",
        "Add the computer to a monitoring plan. After a change wait some 15 minutes for the server to take note.",
    ),
    "agent.unique": (
        "No other computer has the agent's id",
        "The computers were cloned with the agent in the image, or one computer is in two plans. Delete UniqID in the agent's registry key, and the agent's "
        "node in the server's Agents.xml, and restart both services. For images install the agent after cloning.",
    ),
    "agent.dotnet": (
        ".NET Framework is 4.8 or later",
        "Install .NET Framework 4.8 (module dotnet_framework) and restart the agent's service.",
    ),
    "access.admin_shares": (
        "The administrative shares are there",
        "Start the Server service (LanmanServer) and take AutoShareServer or AutoShareWks with the value 0 out of its parameters, then restart it.",
    ),
    "access.data_account": (
        "The data collecting account is an administrator of the computer",
        "Put the account, or a group that it is in, into the local group Administrators.",
    ),
    "access.remote_registry": (
        "Remote Registry is not disabled",
        "Set service RemoteRegistry to start automatically or on demand.",
    ),
    "access.smb": (
        "SMB 2 or 3 is offered",
        "Take the value SMB2 out of HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters and restart the computer: "
        "the server fetches the videos over it.",
    ),
}
IDS = tuple(_CHECKS)


def passed(check: str, text: str) -> Check:
    """All is well."""
    return Check(check, _CHECKS[check][0], OK, text)


def failed(check: str, text: str) -> Check:
    """Something is to be done."""
    return Check(check, _CHECKS[check][0], FAILED, text, _CHECKS[check][1])


def unknown(check: str, text: str) -> Check:
    """It can't be told from here."""
    return Check(check, _CHECKS[check][0], UNKNOWN, text)


def skipped(check: str, text: str) -> Check:
    """It was not asked for, or another check has said it all."""
    return Check(check, _CHECKS[check][0], NOT_APPLICABLE, text)
