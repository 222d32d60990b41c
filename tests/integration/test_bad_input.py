# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input and odd hosts: one clear sentence, and nothing is written.

The hosts are made for these tests, so they are always simulated ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import certifi
import pytest

from .harness import HERE, Lab, Results, open_lab

AGENT = {
    "program": "UAVRAgent.exe",
    "program_base": [
        "HKLM\\SOFTWARE\\WOW6432Node\\Netwrix\\User Activity Video Reporter Agent\\InstallPath",
        "%ProgramFiles(x86)%\\Netwrix Auditor\\User Activity Core Service",
    ],
}
RULE = {"name": "UA Core Service inbound rule", "direction": "in", "protocol": "tcp", "local_ports": [9003], "profiles": ["domain"], **AGENT}


def task(task_name: str, module: str, **arguments: Any) -> dict[str, Any]:
    """One task of our collection that may fail; keywords of the task begin with an underscore."""
    keywords = {key[1:]: arguments.pop(key) for key in list(arguments) if key.startswith("_")}
    return {"name": task_name, f"uamops.netwrix_auditor.{module}": arguments, "ignore_errors": True, "ignore_unreachable": True, **keywords}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The odd hosts."""
    with open_lab(tmp_path_factory.mktemp("odd"), HERE / "fleets" / "odd.yml") as opened:
        yield opened


@pytest.fixture(scope="module")
def refused(lab: Lab) -> Iterator[Results]:
    """All requests that have to fail, in one playbook; nothing may be written by any of them."""
    before = {host: lab.writes(host) for host in lab.hosts}
    yield lab.play(
        [
            task("unknown service", "service", name="NoSuchService", start_mode="auto"),
            task(
                "unknown service among good ones",
                "desired_state",
                resources=[
                    {"registry_value": {"path": "HKLM\\SOFTWARE\\X", "name": "n", "data": "d"}},
                    {"service": {"name": "NoSuchService", "state": "started"}},
                ],
            ),
            task("unknown group", "firewall_group", group="@FirewallAPI.dll,-99999"),
            task("unknown group name", "firewall_group", group="Dateifreigabe"),
            task("port out of range", "firewall_rule", **{**RULE, "local_ports": [70000]}),
            task("malformed address", "firewall_rule", **RULE, remote_addresses=["10.0.0.300"]),
            task("relative program", "firewall_rule", name="x", direction="in", program="UAVRAgent.exe"),
            task("unknown option", "service", name="Winmgmt", startmode="auto"),
            task("filtered token", "service", name="Winmgmt", start_mode="manual", _vars={"ansible_user": "filtered"}),
            task("no administrator", "service", name="Winmgmt", start_mode="manual", _vars={"ansible_user": "viewer"}),
            task("wrong password", "service", name="Winmgmt", start_mode="manual", _vars={"ansible_password": "{{ wrong }}"}),
            task("dead port", "service", name="Winmgmt", start_mode="manual", _vars={"ansible_port": 9}),
            task(
                "untrusted certificate",
                "service",
                name="Winmgmt",
                start_mode="manual",
                _vars={"ansible_winrm_ca_trust_path": certifi.where()},
            ),
            task("connection local", "service", name="Winmgmt", start_mode="manual", _vars={"ansible_connection": "local"}),
            task("connection ssh", "service", name="Winmgmt", start_mode="manual", _vars={"ansible_connection": "ssh"}),
            task("become", "service", name="Winmgmt", start_mode="manual", _become=True, _become_method="runas", _become_user="SYSTEM"),
            task("asynchronous", "service", name="Winmgmt", start_mode="manual", _async=10, _poll=1),
        ],
        ["plain"],
        wrong="wrong-Passw0rd",
    )
    assert {host: lab.writes(host) for host in lab.hosts} == before


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("unknown service", "There is no service NoSuchService"),
        ("unknown service among good ones", "There is no service NoSuchService"),
        ("unknown group", "plain has no firewall rule of group @FirewallAPI.dll,-99999"),
        ("unknown group name", "no firewall group known here; give its resource id"),
        ("port out of range", "'70000' is no port: give a number from 1 to 65535"),
        ("malformed address", "'10.0.0.300' is no address"),
        ("relative program", "is not an absolute path such as"),
        ("unknown option", "startmode"),
        ("filtered token", "not a full administrator"),
        ("no administrator", "not a full administrator"),
        ("connection local", "needs connection winrm or psrp, not local"),
        ("connection ssh", "needs connection winrm or psrp, not ssh"),
        ("become", "become has no meaning"),
        ("asynchronous", "async"),
    ],
)
def test_bad_input_is_one_sentence(refused: Results, name: str, sentence: str) -> None:
    """The task fails with a sentence that names the problem."""
    found = refused.get(name, "plain")
    assert found.outcome == "failed", found.result
    assert sentence in found.message
    assert "Traceback" not in refused.output


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("wrong password", "did not accept the login"), ("dead port", "refuses the connection"), ("untrusted certificate", "is not trusted here")],
)
def test_what_can_not_be_reached_is_unreachable(refused: Results, name: str, sentence: str) -> None:
    """A wrong password, a dead port and a bad certificate make the host unreachable, with the cause; the password is not told."""
    found = refused.get(name, "plain")
    assert found.outcome == "unreachable", found.result
    assert sentence in found.message
    assert "Passw0rd" not in refused.output


@pytest.mark.parametrize(
    ("host", "sentence"), [("stopped", "Windows Firewall (service MpsSvc) is stopped on stopped"), ("foreign", "The firewall of foreign is Acme Firewall")]
)
def test_a_firewall_that_is_not_windows_own_is_refused(lab: Lab, host: str, sentence: str) -> None:
    """Rules that can't be in force are not written."""
    before = lab.writes(host)
    found = lab.play([task("rule", "firewall_rule", **RULE), task("group", "firewall_group", group="wmi")], [host])
    for name in ("rule", "group"):
        assert found.get(name, host).outcome == "failed"
        assert sentence in found.get(name, host).message
    assert lab.writes(host) == before


def test_an_unknown_service_is_drift_in_check_mode(lab: Lab) -> None:
    """In check mode a prerequisite that is to come is drift, with a note."""
    found = lab.play([task("service", "service", image_path="UAVRAgent.exe", start_mode="auto", state="started")], ["plain"], check=True).get(
        "service", "plain"
    )
    assert (found.outcome, found.result["changed"]) == ("ok", True)
    assert "There is no service UAVRAgent.exe on this host" in found.result["warnings"][0]


def test_paths_come_from_the_host(lab: Lab) -> None:
    """The registry says where the agent lies; 32-bit Windows has neither WOW6432Node nor Program Files (x86)."""
    found = lab.play([task("rule", "firewall_rule", **RULE)], ["plain", "small"], check=True)
    programs = {host: found.get("rule", host).result["drift"][0]["differences"]["program"]["after"] for host in ("plain", "small")}
    assert programs == {
        "plain": "D:\\Agents\\User Activity\\UAVRAgent.exe",
        "small": "C:\\Program Files\\Netwrix Auditor\\User Activity Core Service\\UAVRAgent.exe",
    }


def test_group_policy_that_voids_local_rules_is_told(lab: Lab) -> None:
    """AllowLocalPolicyMerge=0 makes local rules void: a note says so, and that the restrictive group does not replace the full one."""
    found = lab.play([task("rule", "firewall_rule", **RULE), task("group", "firewall_group", group="File and Printer Sharing")], ["policy"], check=True)
    for name in ("rule", "group"):
        assert "Group Policy makes local rules void in the domain profile" in " ".join(found.get(name, "policy").result["warnings"])
    assert "-28672" in " ".join(found.get("group", "policy").result["notes"])


def test_rules_made_by_hand_are_adopted_and_duplicates_told(lab: Lab) -> None:
    """A rule for the same program and port under another name is enough; a second one is reported; nothing is added."""
    found = lab.play([task("rule", "firewall_rule", **RULE)], ["byhand"]).get("rule", "byhand")
    assert (found.outcome, found.result["changed"]) == ("ok", False), found.result
    assert "adopted the rule 'Netwrix ein'" in found.result["notes"][0]
    assert "duplicate: rule 'Netwrix noch einmal'" in found.result["warnings"][0]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
def test_what_cannot_be_had_does_not_hide_the_rest(lab: Lab, check: bool) -> None:
    """Everything in a list that can't be had is said in one failure, the others are planned in its result, and nothing is written."""
    before = lab.writes("plain")
    resources = [
        {"windows_feature": {"name": "media-foundatoin"}},
        {"registry_value": {"path": "HKLM\\SOFTWARE\\X", "name": "n", "data": "d"}},
        {"local_group_member": {"group": "S-1-5-32-544", "members": ["LAB\\nobody"]}},
    ]
    found = lab.play([task("list", "desired_state", resources=resources)], ["plain"], check=check).get("list", "plain")
    assert found.outcome == "failed"
    assert "media-foundatoin" in found.message
    assert "plain knows no account LAB\\nobody" in found.message
    assert [(drift["kind"], drift["name"]) for drift in found.result["drift"]] == [("registry_value", "HKLM\\SOFTWARE\\X\\n")]
    assert lab.writes("plain") == before
