# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored as required and does not hold is told: what, who overrides it, what to do. And what holds is not doubted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import HERE, Lab, open_lab
from .test_bad_input import task

POLICIES = "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"
MANAGED = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\Mdm"
DEFENDER = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender"
INBOUND = {"name": "agent", "direction": "in", "program": "C:\\Test\\agent.exe", "protocol": "tcp", "local_ports": ["9003"], "profiles": ["domain"]}
OUTBOUND = {"name": "agent", "direction": "out", "program": "C:\\Test\\agent.exe", "protocol": "tcp", "remote_ports": ["9004"], "profiles": ["domain"]}
RESOURCES: list[dict[str, Any]] = [
    {"control": {"id": "agent-inbound"}, "firewall_rule": INBOUND},
    {"control": {"id": "agent-outbound"}, "firewall_rule": OUTBOUND},
    {"control": {"id": "file-sharing"}, "firewall_group": {"group": "File and Printer Sharing"}},
    {"control": {"id": "remote-registry"}, "service": {"name": "RemoteRegistry", "start_mode": "auto"}},
    {"control": {"id": "antivirus-agent"}, "defender_exclusion": {"paths": ["%SystemRoot%\\Netwrix"]}},
]
# What holds on each host besides "compliant" for all controls.
VERDICTS = {
    "healthy": {},
    "governed": {},
    "void": {"agent-inbound": "ineffective", "file-sharing": "ineffective"},
    "granted": {"file-sharing": "ineffective"},
    "lacking": {"agent-inbound": "ineffective", "file-sharing": "ineffective"},
    "open": {},
    "closed": {"agent-inbound": "ineffective", "agent-outbound": "ineffective", "file-sharing": "ineffective"},
    "shielded": {"agent-inbound": "ineffective", "file-sharing": "ineffective"},
    # Server 2012 R2 has no Defender, and nobody can ask the antivirus that it has.
    "switchedoff": {"agent-inbound": "ineffective", "agent-outbound": "ineffective", "file-sharing": "ineffective", "antivirus-agent": "unknown"},
    "lost": {"agent-inbound": "ineffective", "agent-outbound": "ineffective", "file-sharing": "ineffective"},
    "twofold": {},
    "blocked": {"agent-inbound": "ineffective", "file-sharing": "ineffective"},
    "moot": {"file-sharing": "ineffective"},
    "services": {"remote-registry": "ineffective"},
    "nomerge": {"antivirus-agent": "ineffective"},
    "managed": {"antivirus-agent": "ineffective"},
    "enrolled": {"file-sharing": "ineffective"},
    "shared": {"file-sharing": "ineffective"},
    "quarantined": {"agent-inbound": "ineffective"},
    "guarded": {"agent-inbound": "unknown"},
    "unnamed": {"agent-inbound": "ineffective", "file-sharing": "ineffective"},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts, brought to the state that is asked for."""
    with open_lab(tmp_path_factory.mktemp("effective"), HERE / "fleets" / "effective.yml") as opened:
        done = opened.play([task("it", "desired_state", resources=RESOURCES)])
        assert done.exit_code == 0, done.output
        yield opened


@pytest.fixture(scope="module")
def checks(lab: Lab) -> dict[str, dict[str, dict[str, Any]]]:
    """The verdicts of a check, by host and control."""
    found = lab.play([task("it", "desired_state", resources=RESOURCES)], check=True)
    return {host: {check["control"]: check for check in found.get("it", host).result["compliance"]["checks"]} for host in lab.hosts}


@pytest.mark.parametrize("host", VERDICTS)
def test_the_verdict_is_about_what_holds(checks: dict[str, dict[str, dict[str, Any]]], host: str) -> None:
    """All of it is stored as required on every host; the difference is in what overrides it."""
    found = {control: check["status"] for control, check in checks[host].items()}
    assert found == {**dict.fromkeys(found, "compliant"), **VERDICTS[host]}


@pytest.mark.parametrize(
    ("host", "control", "effective", "by", "fix"),
    [
        (
            "void",
            "agent-inbound",
            "no effect",
            f"Group Policy 'Server baseline' makes local rules void in the domain profile ({POLICIES}\\DomainProfile, Allow",
            "merge",
        ),
        ("unnamed", "agent-inbound", "no effect", f"Group Policy makes local rules void in the domain profile ({POLICIES}\\DomainProfile, Allow", "merge"),
        ("closed", "agent-outbound", "no effect", "Group Policy 'Shut out' makes local rules void", "add a rule of this kind to that policy"),
        ("shielded", "agent-inbound", "blocked", "a setting of the host itself blocks all incoming connections in the domain profile", "exceptions"),
        ("switchedoff", "file-sharing", "everything may pass", "Group Policy 'No firewall' switches the firewall off in the domain profile", "switch"),
        ("lost", "agent-inbound", "no effect on the network of now", "Windows takes the network 'Netzwerk 2' (Ethernet) for public", "domain controller"),
        (
            "blocked",
            "agent-inbound",
            "blocked",
            "rule 'No agents in' ({60000000-0000-0000-0000-000000000001}) of Group Policy 'No agents' blocks",
            "disable or",
        ),
        (
            "quarantined",
            "agent-inbound",
            "blocked",
            "rule 'Quarantine' ({70000000-0000-0000-0000-000000000001}) of a policy of device management (MDM) blocks",
            "disable or",
        ),
        (
            "guarded",
            "agent-inbound",
            "",
            "rule 'Not by radio' ({50000000-0000-0000-0000-000000000001}) blocks connections (IFType=Wireless, 9003), and Block wins; whether those that "
            "this rule is for are among them, Windows does not tell",
            "make sure that they are not",
        ),
        (
            "enrolled",
            "file-sharing",
            "no effect",
            f"a policy of device management (MDM) makes local rules void in the domain profile ({MANAGED}\\DomainProfile, AllowLocal",
            "merge local rules",
        ),
        ("blocked", "file-sharing", "blocked", "rule 'No SMB' ({50000000-0000-0000-0000-000000000001}) blocks connections", "disable or narrow"),
        (
            "nomerge",
            "antivirus-agent",
            "not excluded",
            f"Group Policy 'Antivirus baseline' ({DEFENDER}, DisableLocalAdminMerge) lets no exclusions",
            "add these in",
        ),
        ("managed", "antivirus-agent", "not excluded", f"A policy of device management (MDM) ({DEFENDER}\\Policy Manager, Disable", "or in Intune"),
        ("services", "remote-registry", "disabled when", "Group Policy 'Hardening' (System Services) sets RemoteRegistry to start disabled", "that policy"),
    ],
)
def test_who_overrides_it_and_what_to_do_is_told(
    checks: dict[str, dict[str, dict[str, Any]]], host: str, control: str, effective: str, by: str, fix: str
) -> None:
    """By the policy's name where Windows has logged it, else by the key; in any language of the host."""
    (override,) = checks[host][control]["overrides"]
    assert override["effective"].startswith(effective), override
    assert override["by"].startswith(by), override
    assert fix in override["fix"], override


@pytest.mark.parametrize(
    ("ports", "addresses", "passes"),
    [
        (["9003", "9005"], ["10.0.0.5", "10.0.0.6"], True),
        (["9003", "9005"], ["10.0.0.5", "10.0.0.7"], False),
        (["9003", "9004"], ["10.0.0.5", "10.0.0.6"], False),
    ],
)
def test_policies_may_allow_a_part_each(lab: Lab, ports: list[str], addresses: list[str], passes: bool) -> None:
    """All ports from all addresses have to pass, by whichever rule."""
    asked = {**INBOUND, "name": "two servers", "local_ports": ports, "remote_addresses": addresses, "adopt": False}
    found = lab.play([task("it", "desired_state", resources=[{"firewall_rule": asked}])], ["shared"], check=True).get("it", "shared").result
    (check,) = found["compliance"]["checks"]
    assert [override["effective"] for override in check.get("overrides", ())] == ([] if passes else ["no effect"])


def test_the_warnings_say_the_same(lab: Lab) -> None:
    """Whoever reads the terminal only is told too, by the single module as well."""
    found = lab.play([task("it", "firewall_rule", **INBOUND)], ["void"], check=True).get("it", "void").result
    assert not found["changed"]
    assert "Group Policy 'Server baseline' makes local rules void in the domain profile" in found["warnings"][0]
    assert "add a rule of this kind to that policy, or let it merge local rules" in found["warnings"][0]


def test_a_service_that_needs_a_disabled_one_can_not_be_started(lab: Lab) -> None:
    """Automatic start is stored and will not happen; a policy that sets just what is asked for is no override."""
    services = [{"service": {"name": name, "start_mode": "auto"}} for name in ("Broken", "Spooler")]
    broken, spooler = lab.play([task("it", "desired_state", resources=services)], ["services"], check=True).get("it", "services").result["compliance"]["checks"]
    assert (broken["status"], spooler["status"]) == ("ineffective", "compliant")
    assert broken["overrides"][0]["by"] == "Broken depends on service Base, which is disabled"
    assert broken["overrides"][0]["fix"] == "set Base to start automatically or manually"


def test_the_policy_really_takes_the_start_mode_back(lab: Lab) -> None:
    """What the verdict foretells happens at the next refresh, and is drift then, with the policy's name."""
    assert lab.session("services").run_cmd("gpupdate /force").status_code == 0
    found = lab.play([task("it", "desired_state", resources=RESOURCES[3:4])], ["services"], check=True).get("it", "services").result["compliance"]["checks"]
    assert [(check["status"], check["differences"][0]["stored"]) for check in found] == [("drift", "disabled")]
    assert "Hardening" in found[0]["overrides"][0]["by"]


def test_names_of_policies_are_asked_for_only_where_one_is_in_the_way(lab: Lab) -> None:
    """A healthy host does not pay for them, whether policies set its firewall or not."""
    messages = {}
    for host in ("healthy", "governed", "void"):
        found = lab.play([task("it", "desired_state", resources=RESOURCES)], [host], check=True).get("it", host).result
        messages[host] = found["transport"]["messages"]
    assert messages["void"] > messages["healthy"] == messages["governed"]
    assert messages["void"] <= 16
