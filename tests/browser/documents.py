# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of compliance reports for tests and measurements: a small realistic one, a large one, and one whose every text is hostile."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

ORDER = ("unreachable", "error", "drift", "ineffective", "unknown", "waived", "compliant")
NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
SERVICES, FIREWALL, AGENT, PLAYBACK = (
    "Check the Windows Services Status",
    "Configure Windows Firewall Inbound Connection Rules",
    "Install the User Activity Core Service",
    "Configure Data Collection Settings for Playback",
)
CONTROLS = (
    (
        "wmi-service",
        "Windows Management Instrumentation starts automatically and runs",
        SERVICES,
        "critical",
        "Without it, Auditor can't ask the host anything.",
    ),
    ("remote-registry", "Remote Registry starts automatically and runs", SERVICES, "critical", "Without it, the agent can't be installed or read."),
    ("file-sharing", "The firewall lets file and printer sharing in", FIREWALL, "high", "Without it, the server can't reach the host's shares."),
    ("wmi-traffic", "The firewall lets WMI in", FIREWALL, "high", "Without it, the server can't read the host's state."),
    ("server-inbound", "The firewall of the Auditor server lets agents in", FIREWALL, "critical", "Without it, no recording arrives."),
    (
        "agent-inbound",
        "The firewall lets the Auditor server in to the agent",
        FIREWALL,
        "critical",
        "Without it, the server can't give the agent its settings.",
    ),
    ("agent-outbound", "The firewall lets the agent out", FIREWALL, "high", "Without it, no recording leaves the host."),
    ("antivirus-agent", "The antivirus leaves the agent's folders alone", AGENT, "medium", "Otherwise recordings can be held up or lost."),
    ("dotnet-agent", ".NET Framework 4.8 or newer is installed", AGENT, "high", "The agent does not start without it."),
    ("agent-package", "The agent is installed in the required version", AGENT, "critical", "Without it, nothing is recorded."),
    ("agent-server", "The agent reports to the right Auditor server", AGENT, "critical", "Otherwise recordings go elsewhere."),
    ("share-access", "Only those who should can read the recordings' share", PLAYBACK, "medium", "Recordings show what people type and see."),
    ("codec", "The codec for recordings is installed", PLAYBACK, "low", "Without it, recordings can't be watched on this computer."),
    ("media-foundation", "Media Foundation is installed", PLAYBACK, "low", "The player needs it on servers."),
)
BLOCKED = (
    "The inbound rule for the agent is stored as required, but has no effect in the Domain profile: Group Policy 'Server baseline 2026' lets no local rule "
    "count (AllowLocalPolicyMerge is 0). The Auditor server can't reach the agent."
)


def finding(control: str, status: str, resource: str, explanation: str, days: int, **more: Any) -> dict[str, Any]:
    """One finding, first seen some days before the report."""
    since = (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    base = {"control": control, "status": status, "found": status, "resource": resource, "explanation": explanation, "since": since}
    return {**base, "differences": [], "overrides": [], "waiver": None, **more}


def host(name: str, groups: Sequence[str], controls: Iterable[str], findings: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """One host; its statuses follow from its findings."""
    statuses = dict.fromkeys(controls, "compliant")
    for one in findings:
        statuses[one["control"]] = min(statuses.get(one["control"], "compliant"), one["status"], key=ORDER.index)
    status = min(statuses.values(), key=ORDER.index, default="compliant")
    return {
        "name": name,
        "computer": name.upper()[:15],
        "groups": list(groups),
        "status": status,
        "message": None,
        "controls": statuses,
        "findings": list(findings),
        **more,
    }


def summary(hosts: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """How many hosts and checks have each status."""
    by_host = Counter(host["status"] for host in hosts)
    by_check = Counter(status for host in hosts for status in host["controls"].values())
    return {"hosts": {status: by_host[status] for status in ORDER}, "checks": {status: by_check[status] for status in ORDER}}


def document(hosts: Sequence[Mapping[str, Any]], controls: Sequence[Sequence[str]] = CONTROLS, **more: Any) -> dict[str, Any]:
    """A whole document without an earlier report."""
    ordered = sorted(hosts, key=lambda one: str(one["name"]))
    counts = summary(ordered)
    generated = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "schema": "uamops.netwrix_auditor.compliance",
        "schema_version": 1,
        "title": "User Activity monitoring: compliance",
        "generated": generated,
        "collection_version": "0.5.0",
        "playbook": "compliance.yml",
        "mode": "check",
        "carried": [],
        "controls": [dict(zip(("id", "title", "section", "severity", "why"), control, strict=True)) for control in controls],
        "hosts": ordered,
        "summary": counts,
        "changes": None,
        "trend": [{"generated": generated, **counts}],
        "warnings": [],
        **more,
    }


def _trend(failing: Sequence[int], total: int) -> list[dict[str, Any]]:
    """A report a day, the last one now."""
    reports = []
    for place, number in enumerate(failing):
        when = NOW - timedelta(days=len(failing) - 1 - place)
        hosts = {**dict.fromkeys(ORDER, 0), "drift": number, "compliant": total - number}
        reports.append({"generated": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "hosts": hosts, "checks": hosts})
    return reports


def _findings() -> dict[str, dict[str, Any]]:
    """One of each kind."""
    registry = finding(
        "remote-registry",
        "drift",
        "service RemoteRegistry",
        "The service Remote Registry is disabled and does not run. It has to start automatically, because Auditor reads the agent's settings through it. "
        "A run of the role agent sets it right.",
        6,
        differences=[{"setting": "start_mode", "stored": "disabled", "required": "auto"}, {"setting": "state", "stored": "stopped", "required": "running"}],
    )
    policy = finding(
        "agent-inbound",
        "ineffective",
        "firewall_rule Netwrix User Activity Agent",
        BLOCKED,
        2,
        overrides=[
            {
                "what": "Domain profile",
                "stored": "allowed",
                "effective": "no effect",
                "by": "Group Policy 'Server baseline 2026' (HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\DomainProfile)",
                "fix": "Add the rule to that Group Policy object, or let it merge local rules.",
            }
        ],
    )
    antivirus = finding(
        "antivirus-agent",
        "waived",
        "defender_exclusion C:\\Program Files (x86)\\Netwrix Auditor\\User Activity Core Service",
        "The agent's folder is not left alone by Microsoft Defender Antivirus.",
        40,
        found="drift",
        differences=[{"setting": "state", "stored": "absent", "required": "present"}],
        waiver={"reason": "Change 4711: the security team decides about exclusions in January.", "expires": "2027-01-31"},
    )
    dotnet = finding(
        "dotnet-agent", "unknown", "dotnet 4.8", "Windows does not tell which release of .NET Framework is installed: the registry key can't be read.", 0
    )
    version = finding(
        "agent-package",
        "drift",
        "package Netwrix User Activity Core Service",
        "The agent is installed in version 10.6.2, required is 10.7.0. The server of this version does not read what older agents send.",
        0,
        differences=[{"setting": "version", "stored": "10.6.2", "required": "10.7.0"}],
    )
    return {"registry": registry, "policy": policy, "antivirus": antivirus, "dotnet": dotnet, "version": version}


def small() -> dict[str, Any]:
    """Eight hosts with everything that a report can tell."""
    servers = [control[0] for control in CONTROLS if control[0] not in ("server-inbound", "share-access", "codec", "media-foundation")]
    auditor = ["wmi-service", "file-sharing", "server-inbound", "share-access", "codec", "media-foundation"]
    some = _findings()
    hosts = [
        host("auditor01", ["auditor_servers"], auditor, []),
        host("ws2012r2", ["audited_computers", "servers"], servers, [some["dotnet"]]),
        host("ws2016", ["audited_computers", "servers"], servers, [some["antivirus"]]),
        host("ws2019", ["audited_computers", "servers"], servers, [some["registry"], some["policy"], some["antivirus"]]),
        host("ws2022", ["audited_computers", "servers"], servers, []),
        host("pc10", ["audited_computers", "workstations"], servers, [some["version"]]),
        host("pc11", ["audited_computers", "workstations"], servers, []),
        host(
            "pc12",
            ["audited_computers", "workstations"],
            [],
            [],
            computer=None,
            status="unreachable",
            message="Connection refused on port 5986: is WinRM switched on?",
        ),
    ]
    changes = {
        "since": "2026-11-25T18:00:00Z",
        "new": [{"host": "pc10", "control": "agent-package"}],
        "fixed": [{"host": "ws2022", "control": "file-sharing"}, {"host": "ws2016", "control": "wmi-traffic"}],
        "open": [{"host": "ws2019", "control": "remote-registry"}, {"host": "ws2019", "control": "agent-inbound"}],
        "unseen": [{"host": "pc12", "control": "agent-server"}],
    }
    warnings = ["The exception for codec on pc09 has expired on 2026-10-31; it is not counted any more."]
    return document(hosts, changes=changes, trend=_trend([6, 6, 5, 5, 4, 4, 5, 3, 3, 4, 4, 3], 8), warnings=warnings)


def large(hosts: int = 5000, controls: int = 40) -> dict[str, Any]:
    """Many hosts; one in eight has one to four findings, most with texts of their own."""
    chance = random.Random(4711)
    listed = [
        (
            *((f"{CONTROLS[place % 14][0]}-{place // 14 + 1}", f"{CONTROLS[place % 14][1]} ({place // 14 + 1})") if place >= 14 else CONTROLS[place][:2]),
            *CONTROLS[place % 14][2:],
        )
        for place in range(controls)
    ]
    names = [control[0] for control in listed]
    fleet = [_large_host(chance, number, names) for number in range(1, hosts + 1)]
    told = document(fleet, listed, trend=_trend([chance.randint(400, 800) * hosts // 5000 for day in range(90)], hosts))
    failing = [{"host": one["name"], "control": problem["control"]} for one in fleet for problem in one["findings"]]
    third = len(failing) // 3
    changes = {"since": "2026-11-25T18:00:00Z", "new": failing[:third], "open": failing[third:], "fixed": failing[: third // 2], "unseen": []}
    return {**told, "changes": changes}


def _large_host(chance: random.Random, number: int, names: Sequence[str]) -> dict[str, Any]:
    name = f"{chance.choice(['srv', 'pc', 'vdi'])}-{chance.choice(['berlin', 'lyon', 'porto', 'oslo'])}-{number:05d}"
    groups = ["audited_computers", f"site_{name.split('-')[1]}", f"wave_{number % 20:02d}"]
    lot = chance.random()
    if lot < 0.01:
        return host(name, groups, [], [], status="unreachable", computer=None, message=f"No route to 192.0.2.{number % 250}: the host or its network is off.")
    chosen = chance.sample(list(names), chance.randint(1, 4)) if lot < 0.13 else []
    return host(name, groups, names, [_large_finding(chance, name, control) for control in chosen])


def _large_finding(chance: random.Random, name: str, control: str) -> dict[str, Any]:
    status = chance.choices(["drift", "ineffective", "unknown", "waived", "error"], [50, 25, 8, 14, 3])[0]
    policy = f"Group Policy 'Baseline {chance.randint(1, 400)}'"
    text = f"On {name} the setting {control} is not as required: {policy} sets another value (seen as {chance.randint(1, 9999)}). {BLOCKED}"
    more: dict[str, Any] = {"differences": [{"setting": "state", "stored": str(chance.randint(1, 9)), "required": "running"}]}
    if status == "ineffective":
        fix = "Add the rule to that Group Policy object, or let it merge local rules."
        more = {"overrides": [{"what": "Domain profile", "stored": "allowed", "effective": "no effect", "by": policy, "fix": fix}]}
    if status == "waived":
        more |= {"found": "drift", "waiver": {"reason": f"Change {chance.randint(1000, 9999)}", "expires": "2027-01-31"}}
    return finding(control, status, f"service {control}", text, chance.randint(0, 60), **more)


def hostile(text: str) -> dict[str, Any]:
    """A document where every text that a host or a user names is this one, somewhere."""
    control = (text, f"title {text}", f"section {text}", "critical", f"why {text}")
    bad = finding(
        text,
        "drift",
        f"resource {text}",
        f"explanation {text}",
        1,
        differences=[{"setting": text, "stored": text, "required": text}],
        overrides=[{"what": text, "stored": text, "effective": text, "by": text, "fix": text}],
        waiver={"reason": text, "expires": "2026-01-31"},
    )
    hosts = [
        host(text, [text, "plain"], [text], [bad], computer=text),
        host(f"away {text}", [text], [], [], status="unreachable", message=f"message {text}", computer=None),
    ]
    pair = [{"host": text, "control": text}]
    changes = {"since": text, "new": pair, "fixed": pair, "open": [{"host": f"gone {text}", "control": f"gone {text}"}], "unseen": pair}
    more = {"title": f"title {text}", "playbook": text, "collection_version": text, "warnings": [text], "changes": changes}
    return document(hosts, [control], **more, trend=_trend([2, 1], 2))
