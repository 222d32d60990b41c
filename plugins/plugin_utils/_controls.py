# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controls: what an auditor asks about, each with the section of Netwrix's guide that it comes from. Data only.

Several resources of a host may belong to one control. Severity says what does not work without it: `critical` - nothing is recorded
or arrives; `high` - the product can't manage or reach the host; `medium` - recordings are incomplete, slow or can't be watched by some;
`low` - a convenience.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SEVERITIES = ("critical", "high", "medium", "low")

_SERVICES = "Check the Windows Services Status"
_FEATURES = "Windows Features Communication"
_AUDIT = "User Activity"
_AGENT = "Install Netwrix Auditor Agent to Audit User Activity"
_PLAYBACK = "Configure Video Recordings Playback Settings"
_MEMBERS = "To Add an Account to Netwrix Auditor Client Users Group"
_ENABLE = "To Enable Windows Features"
_BROWSER = "To Configure Internet Explorer Security Settings"
_ESC = "To Disable Internet Explorer Enhanced Security Configuration (IE ESC)"


@dataclass(frozen=True, slots=True)
class Control:
    """One control; `why` says in plain words what does not work without it."""

    id: str
    title: str
    section: str
    severity: str
    why: str = ""


_ALL = (
    Control(
        "wmi-service",
        "Windows Management Instrumentation starts automatically and runs",
        _SERVICES,
        "high",
        "Netwrix Auditor manages the computer through this service.",
    ),
    Control(
        "remote-registry",
        "Remote Registry starts automatically and runs",
        _SERVICES,
        "high",
        "Netwrix Auditor reads the computer's settings through this service.",
    ),
    Control(
        "file-sharing",
        "File and Printer Sharing may pass the firewall",
        _FEATURES,
        "high",
        "Netwrix Auditor installs its agent and reads files through the computer's administrative shares.",
    ),
    Control(
        "wmi-traffic",
        "Windows Management Instrumentation may pass the firewall",
        _FEATURES,
        "high",
        "Netwrix Auditor can't manage the computer from afar if the firewall stops it.",
    ),
    Control(
        "server-inbound",
        "The agents may reach the Auditor server",
        "Open Local TCP Port 9004",
        "critical",
        "No recording arrives if the firewall of the server stops the agents.",
    ),
    Control(
        "server-service",
        "The server's User Activity service runs and listens on its port",
        "Open Local TCP Port 9004",
        "critical",
        "No recording is stored while this service does not run, or listens elsewhere.",
    ),
    Control(
        "agent-inbound",
        "The Auditor server may reach the agent",
        "Open Local TCP Port 9003",
        "high",
        "The server can't give the agent its settings, nor ask it for recordings, if the firewall of the computer stops it.",
    ),
    Control(
        "agent-outbound",
        "The agent may reach the Auditor server",
        "Open Remote TCP Port 9004",
        "critical",
        "What users do is not sent to the server if the firewall of the computer stops the agent.",
    ),
    Control(
        "antivirus-server",
        "The antivirus of the server leaves the product's folders alone",
        _AUDIT,
        "medium",
        "An antivirus that scans these folders can hold up or damage recordings.",
    ),
    Control(
        "antivirus-agent",
        "The antivirus of the computer leaves the agent's folders alone",
        _AUDIT,
        "medium",
        "An antivirus that scans these folders can stop the agent or hold up recordings.",
    ),
    Control("dotnet-server", ".NET Framework 4.8 is on the server", _AUDIT, "high", "The product does not work without it."),
    Control("dotnet-agent", ".NET Framework 4.8 is on the computer", _AUDIT, "high", "The agent does not work without it."),
    Control(
        "remote-registry-access",
        "The product's service may read the registry from afar",
        _AUDIT,
        "medium",
        "Netwrix Auditor reads settings as LOCAL SERVICE, which Windows must let in.",
    ),
    Control("agent-package", "The User Activity Core Service is installed in the server's version", _AGENT, "critical", "Nothing is recorded without it."),
    Control(
        "agent-server",
        "The agent runs and knows its Auditor server",
        _AGENT,
        "critical",
        "An agent that does not run, or reports to another server, records nothing for this one.",
    ),
    Control(
        "client-users",
        "Those who shall watch recordings are in the group Netwrix Auditor Client Users",
        _MEMBERS,
        "medium",
        "Others can't watch recordings; whoever is in the group sees all collected data.",
    ),
    Control(
        "share-access",
        "Those who shall watch recordings can read the folder of recordings",
        _PLAYBACK,
        "medium",
        "A recording can't be watched without the right to read the shared folder.",
    ),
    Control("media-foundation", "Media Foundation is installed on the server", _ENABLE, "medium", "Recordings can't be shared and played without it."),
    Control("ink", "Ink and Handwriting Services are installed on the server", _ENABLE, "low", "Windows Media Player needs it on some releases."),
    Control("desktop-experience", "Desktop Experience is installed on the server", _ENABLE, "low", "Windows Media Player is a part of it."),
    Control("codec", "The codec of the recordings is installed", _PLAYBACK, "medium", "Recordings can't be played on this computer without it."),
    Control("internet-explorer", "Internet Explorer's engine is there", _PLAYBACK, "low", "Links in reports and mails open recordings with it."),
    Control("file-download", "The browser may download files from the intranet", _BROWSER, "low", "A recording behind a link is a download."),
    Control("activex", "ActiveX controls may run for the intranet", _PLAYBACK, "low", "The player behind links is an ActiveX control."),
    Control("active-content", "Active content may run in files of the computer", _BROWSER, "low", "The player behind links needs it."),
    Control("active-scripting", "JavaScript is enabled", "To Enable JavaScript", "low", "The player behind links needs it."),
    Control("ie-esc-server", "Internet Explorer's Enhanced Security Configuration is off on the server", _ESC, "low", "It stops the player behind links."),
    Control("ie-esc-client", "Internet Explorer's Enhanced Security Configuration is off", _ESC, "low", "It stops the player behind links."),
    Control("edge-ie-mode", "Edge opens the Auditor's reports in Internet Explorer mode", _PLAYBACK, "low", "Edge alone can't play recordings behind links."),
)

CATALOGUE: Mapping[str, Control] = {control.id: control for control in _ALL}
