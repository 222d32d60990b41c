# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook compliance and its report: the same verdicts as the rollout's own check, one look at each host, nobody missing."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from simulator import codec_archive
from simulator.windows.commands.ndp48 import MARK

from .harness import LAB, ROOT, Lab, Results, open_lab

SERVERS, AUDITED, CLIENTS = ["auditor01", "auditor02"], ["pc10", "ws2012r2", "ws2016", "ws2019", "ws2025"], ["pc11"]
COMPLIANCE, SITE = ([{"import_playbook": str(ROOT / "playbooks" / name)}] for name in ("compliance.yml", "site.yml"))
WAIVER = {"control": "remote-registry", "hosts": ["pc10"], "reason": "Hardening, accepted by the CISO", "expires": "2999-12-31"}
TAMPERED = {
    "ws2019": 'netsh advfirewall firewall delete rule name="UA Core Service inbound rule"',
    "pc10": "sc config RemoteRegistry start= disabled",
    "ws2016": "gpupdate",
    "auditor01": "sc config RemoteRegistry start= demand",
}


class Reporter:
    """Runs playbooks on the lab with the callback enabled, each test in a folder of its own."""

    def __init__(self, lab: Lab, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lab = lab
        self.folder = folder
        monkeypatch.setenv("ANSIBLE_CALLBACKS_ENABLED", "uamops.netwrix_auditor.compliance")
        self._monkeypatch = monkeypatch

    def __call__(self, playbook: Sequence[Mapping[str, Any]], *arguments: str, into: str = "reports") -> Results:
        self._monkeypatch.setenv("UAMOPS_COMPLIANCE_FOLDER", str(self.folder / into))
        return self.lab.run(playbook, *arguments)

    def document(self, of: str = "reports") -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / of / "compliance.json").read_text(encoding="utf-8"))
        return found

    def hosts(self, of: str = "reports") -> dict[str, dict[str, Any]]:
        return {host["name"]: host for host in self.document(of)["hosts"]}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab, rolled out, then tampered with."""
    folder = tmp_path_factory.mktemp("compliance")
    with open_lab(folder, LAB) as opened:
        opened.groups = {"auditor_server": SERVERS, "audited_computers": AUDITED, "playback_clients": CLIENTS}
        installer = folder / "ndp48-x86-x64-allos-enu.exe"
        installer.write_bytes(MARK)
        for variables in opened.variables.values():
            variables |= {"agent_smb_port": 1, "server_smb_port": 1, "playback_client_smb_port": 1, "agent_verify": False, "server_reboot": "if_required"}
            variables |= {"agent_dotnet_installer": str(installer), "server_dotnet_installer": str(installer), "server_client_users": ["LAB\\alice"]}
            variables |= {"playback_client_codec_package": codec_archive.write(folder / "ScreenPressorNetwrix.zip")}
            variables |= {"playback_client_sites": [{"url": "auditor01.lab.test/Reports"}]}
        done = opened.run(SITE)
        assert done.exit_code == 0, done.output
        yield opened


@pytest.fixture
def reporter(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reporter:
    """A folder of reports for one test."""
    return Reporter(lab, tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def tampered(lab: Lab) -> Lab:
    """What somebody has done on some hosts, by Windows' own commands."""
    for host, command in TAMPERED.items():
        done = lab.session(host).run_cmd(command)
        assert done.status_code == 0, done
    return lab


def test_after_a_rollout_nothing_is_missing_and_nobody_is_asked_twice(reporter: Reporter) -> None:
    """Every host is in the report and as required; one task, one connection and not one write for each. Where Defender is missing, nobody can tell."""
    reporter.lab.fleet.reset_counters()
    done = reporter(COMPLIANCE)
    assert done.exit_code == 0, done.output
    found = reporter.hosts()
    assert {name: host["status"] for name, host in found.items()} == {**dict.fromkeys(reporter.lab.hosts, "compliant"), "ws2012r2": "unknown"}
    assert [finding["control"] for finding in found["ws2012r2"]["findings"]] == ["antivirus-agent"]
    for host in reporter.lab.hosts:
        counted = reporter.lab.fleet.counters(host)
        assert counted["writes"] == 0, (host, counted)
        # The first server is asked for the package of all computers besides.
        assert counted["connections"] == (2 if host == "auditor01" else 1), (host, counted)


def test_the_verdicts_are_those_of_the_rollouts_own_check(reporter: Reporter, tampered: Lab) -> None:
    """`site.yml --check` and the playbook compliance say the same of every control of every host, with the same details."""
    for folder, playbook, arguments in (("site", SITE, ("--check", "--diff")), ("compliance", COMPLIANCE, ())):
        done = reporter(playbook, *arguments, into=folder)
        assert done.exit_code == 0, done.output
    site, compliance = reporter.hosts("site"), reporter.hosts("compliance")
    for host in tampered.hosts:
        for name in ("status", "controls"):
            assert site[host][name] == compliance[host][name], host
        findings = [sorted(found[host]["findings"], key=lambda finding: finding["resource"]) for found in (site, compliance)]
        assert [{**finding, "since": ""} for finding in findings[0]] == [{**finding, "since": ""} for finding in findings[1]], host
    assert {name: host["status"] for name, host in compliance.items() if host["status"] != "compliant"} == {
        "ws2019": "drift",
        "pc10": "drift",
        "ws2016": "ineffective",
        "auditor01": "drift",
        "ws2012r2": "unknown",
    }


def test_every_finding_says_what_is_what_should_be_and_what_to_do(reporter: Reporter, tampered: Lab) -> None:
    """In sentences, for somebody who knows nothing of Ansible."""
    reporter(COMPLIANCE)
    found = reporter.hosts()
    (drift,) = found["pc10"]["findings"]
    assert drift["differences"] == [{"setting": "start_mode", "stored": "disabled", "required": "auto"}]
    assert drift["explanation"].startswith("The service RemoteRegistry: start mode is disabled; required is auto. To do: ")
    policy = next(finding for finding in found["ws2016"]["findings"] if finding["control"] == "agent-inbound")
    assert (
        "is stored as required, but is not in force. Group Policy 'Server baseline 2026' makes local rules void in the domain profile" in policy["explanation"]
    )
    assert "The firewall rule UA Core Service inbound rule (in) is missing, and is required." in found["ws2019"]["findings"][0]["explanation"]


def test_a_waiver_is_shown_and_does_not_fail_a_strict_run(reporter: Reporter, tampered: Lab) -> None:
    """It is for one host; the run is failed by the others, which are named with their controls."""
    waivers = json.dumps({"compliance_waivers": [WAIVER], "compliance_strict": True})
    done = reporter(COMPLIANCE, "-e", waivers, "--limit", "pc10,ws2025")
    assert done.exit_code == 0, done.output
    (finding,) = reporter.hosts()["pc10"]["findings"]
    assert (finding["status"], finding["found"], finding["waiver"]["reason"]) == ("waived", "drift", WAIVER["reason"])
    done = reporter(COMPLIANCE, "-e", waivers)
    assert done.exit_code == 2
    assert "ws2019 is not as required: agent-inbound." in done.output
    assert "ws2016 is not as required: " in done.output
    assert "pc10 is not as required" not in done.output


def test_an_expired_waiver_and_one_for_no_control_are_told_once(reporter: Reporter, tampered: Lab) -> None:
    """In the terminal and in the report; the drift stays drift."""
    wrong = [{**WAIVER, "expires": "2020-01-01"}, {**WAIVER, "control": "remote-regestry"}]
    done = reporter(COMPLIANCE, "-e", json.dumps({"compliance_waivers": wrong}))
    assert done.exit_code == 0, done.output
    warnings = reporter.document()["warnings"]
    assert len(warnings) == 2
    assert "has expired on 2020-01-01; repair what it was for, or have it renewed." in " ".join(warnings)
    assert "names no control, so it waives nothing; correct it, maybe to remote-registry." in " ".join(warnings)
    assert done.output.count("[WARNING]: The waiver of remote-regestry") == 1
    assert reporter.hosts()["pc10"]["status"] == "drift"


def test_hosts_that_can_not_be_reached_or_looked_at_are_named(reporter: Reporter) -> None:
    """An Auditor server that is down leaves its computers' package unjudged, and everything else of them judged."""
    variables = reporter.lab.variables
    before = variables["auditor01"]["ansible_host"], variables["pc11"]["ansible_password"]
    variables["auditor01"]["ansible_host"], variables["pc11"]["ansible_password"] = "127.10.0.99", "wrong"
    try:
        done = reporter(COMPLIANCE)
    finally:
        variables["auditor01"]["ansible_host"], variables["pc11"]["ansible_password"] = before
    assert done.exit_code == 4, done.output
    found = reporter.hosts()
    assert set(found) == set(reporter.lab.hosts)
    assert found["auditor01"]["status"] == "unreachable"
    assert "refuses the connection" in found["auditor01"]["message"]
    assert found["pc11"]["status"] == "unreachable"
    package = next(finding for finding in found["ws2025"]["findings"] if finding["control"] == "agent-package")
    assert package["status"] == "unknown"
    assert "The package of the Auditor server auditor01 could not be had, so the version that is required is not known." in package["explanation"]
    assert found["ws2025"]["controls"]["agent-server"] == "compliant"
    assert reporter.document()["summary"]["hosts"]["unreachable"] == 2


def test_hosts_that_a_rollout_does_not_get_to_are_named_too(reporter: Reporter) -> None:
    """A server that is down ends the rollout's check of all its computers before they are looked at: they are in the report with the reason."""
    variables = reporter.lab.variables
    before = variables["auditor01"]["ansible_host"]
    variables["auditor01"]["ansible_host"] = "127.10.0.99"
    try:
        reporter(SITE, "--check")
    finally:
        variables["auditor01"]["ansible_host"] = before
    found = reporter.hosts()
    assert set(found) == set(reporter.lab.hosts)
    assert {found[host]["status"] for host in AUDITED} == {"error"}
    assert "The package of the User Activity Core Service could not be taken from auditor01" in found["ws2025"]["message"]
    assert (found["auditor01"]["status"], found["auditor02"]["status"]) == ("unreachable", "compliant")


def test_a_host_whose_variables_are_wrong_is_an_error_of_that_host(reporter: Reporter) -> None:
    """With the sentence that the rollout says; the others are looked at."""
    variables = reporter.lab.variables
    variables["ws2025"]["agent_server"] = "nosuch"
    variables["pc10"] |= {"agent_restrict_to_server": True, "agent_server_addresses": []}
    try:
        done = reporter(COMPLIANCE, "--limit", "ws2025,pc10,ws2019")
    finally:
        del variables["ws2025"]["agent_server"], variables["pc10"]["agent_restrict_to_server"], variables["pc10"]["agent_server_addresses"]
    assert done.exit_code == 2, done.output
    found = reporter.hosts()
    assert "agent_server of ws2025 is 'nosuch'" in found["ws2025"]["message"]
    assert "agent_server_addresses must not be empty" in found["pc10"]["message"]
    assert (found["ws2025"]["status"], found["pc10"]["status"]) == ("error", "error")
    assert found["ws2019"]["controls"]["wmi-service"] == "compliant"


def test_one_computer_under_two_names_is_told(reporter: Reporter) -> None:
    """Its verdicts would count twice, and the Auditor server could not tell the two apart."""
    reporter.lab.variables["WS2025-old"] = reporter.lab.variables["ws2025"]
    reporter.lab.groups = {**reporter.lab.groups, "audited_computers": [*AUDITED, "WS2025-old"]}
    try:
        reporter(COMPLIANCE, "--limit", "ws2025,WS2025-old")
    finally:
        del reporter.lab.variables["WS2025-old"]
        reporter.lab.groups = {**reporter.lab.groups, "audited_computers": AUDITED}
    (warning,) = reporter.document()["warnings"]
    assert warning.startswith("WS2025-old and ws2025 are both named WS2025 by Windows: the inventory has one computer twice")


def test_a_host_of_two_groups_is_one_host_of_the_report(reporter: Reporter) -> None:
    """An Auditor server that is audited itself: it is looked at for each of its roles."""
    groups = reporter.lab.groups
    reporter.lab.groups = {**groups, "audited_computers": [*AUDITED, "auditor02"]}
    try:
        reporter.lab.fleet.reset_counters()
        done = reporter(COMPLIANCE, "--limit", "auditor02")
    finally:
        reporter.lab.groups = groups
    assert done.exit_code == 0, done.output
    (host,) = reporter.document()["hosts"]
    assert host["groups"] == ["audited_computers", "auditor_server"]
    assert (host["controls"]["server-inbound"], host["controls"]["agent-inbound"]) == ("compliant", "drift")
    assert reporter.lab.fleet.counters("auditor02")["connections"] == 2


def test_each_report_is_kept_and_the_next_one_tells_what_has_changed(reporter: Reporter, tampered: Lab) -> None:
    """New, fixed, still open, and not looked at; what nobody has looked at is neither fixed nor forgotten."""
    rule = "netsh advfirewall firewall {} rule name=mine dir=in action=allow protocol=tcp localport=1"
    rules = [
        {
            "control": {"id": "mine", "title": "My rule", "section": "Ours", "severity": "low"},
            "firewall_rule": {"name": "mine", "direction": "in", "protocol": "tcp", "local_ports": ["1"]},
        }
    ]
    tasks = [{"uamops.netwrix_auditor.desired_state": {"resources": rules}, "check_mode": True}]
    own = [{"hosts": ["ws2025", "pc10"], "gather_facts": False, "tasks": tasks}]
    reporter(own)
    first = reporter.document()
    assert (first["changes"], len(first["trend"])) == (None, 1)
    assert [(host["name"], host["status"]) for host in first["hosts"]] == [("pc10", "drift"), ("ws2025", "drift")]
    assert tampered.session("ws2025").run_cmd(rule.format("add")).status_code == 0
    _age(reporter)
    reporter(own, "--limit", "ws2025")
    second = reporter.document()
    assert second["changes"]["fixed"] == [{"host": "ws2025", "control": "mine"}]
    assert second["changes"]["unseen"] == [{"host": "pc10", "control": "mine"}]
    assert tampered.session("ws2025").run_cmd("netsh advfirewall firewall delete rule name=mine").status_code == 0
    _age(reporter)
    done = reporter(own)
    third = reporter.document()
    assert third["changes"]["new"] == [{"host": "ws2025", "control": "mine"}]
    assert third["changes"]["open"] == [{"host": "pc10", "control": "mine"}]
    since = {host["name"]: host["findings"][0]["since"] for host in third["hosts"]}
    assert since["pc10"] < third["generated"] == since["ws2025"]
    assert len(third["trend"]) == 3
    assert ": 1 new, 0 fixed, 1 still open" in done.output


def _age(reporter: Reporter) -> None:
    """Make the reports on record a day older each: their dates are their names, and runs of one second would share one."""
    history = reporter.folder / "reports" / "history"
    for path in sorted(history.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        older = _day_before(path.stem)
        text = path.read_text(encoding="utf-8").replace(document["generated"], _day_before(document["generated"]))
        path.unlink()
        path.with_name(f"{older}.json").write_text(text, encoding="utf-8")


def _day_before(stamp: str) -> str:
    return re.sub(r"^\d{4}", lambda year: str(int(year[0]) - 1), stamp)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{not JSON", "is damaged (Expecting property name"),
        ('{"schema": "something else"}', "is no compliance report"),
        ('{"schema": "uamops.netwrix_auditor.compliance", "schema_version": 99}', "is of version 99, and this is 1"),
        ('{"schema": "uamops.netwrix_auditor.compliance", "schema_version": 1, "hosts": [{"name": "x"}]}', "is damaged (KeyError: 'controls')"),
        (None, "can't be read (No such file or directory)"),
    ],
)
def test_a_damaged_earlier_report_is_told_and_the_new_one_written(reporter: Reporter, text: str | None, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, and no comparison."""
    earlier = reporter.folder / "earlier.json"
    if text is not None:
        earlier.write_text(text, encoding="utf-8")
    monkeypatch.setenv("UAMOPS_COMPLIANCE_PREVIOUS", str(earlier))
    done = reporter(COMPLIANCE, "--limit", "ws2025")
    assert done.exit_code == 0, done.output
    (warning,) = reporter.document()["warnings"]
    assert str(earlier) in warning
    assert sentence in warning
    assert reporter.document()["changes"] is None


def test_all_files_tell_the_same(reporter: Reporter, tampered: Lab) -> None:
    """JUnit, CSV and metrics are made of the same document."""
    reporter(COMPLIANCE)
    folder, document = reporter.folder / "reports", reporter.document()
    failures = ET.parse(folder / "compliance.xml").getroot().findall(".//failure")
    failing = [finding for host in document["hosts"] for finding in host["findings"] if finding["status"] in ("drift", "ineffective")]
    assert len(failures) == len({(host["name"], f["control"]) for host in document["hosts"] for f in host["findings"] if f in failing}) > 0
    with (folder / "compliance.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["host"] for row in rows} == set(tampered.hosts)
    assert 'uamops_compliance_hosts{status="drift"} 3' in (folder / "compliance.prom").read_text(encoding="utf-8")
    assert "ws2019" in (folder / "compliance.html").read_text(encoding="utf-8")
    assert sorted(path.suffix for path in (folder / "history").iterdir()) == [".html", ".json"]


def test_a_folder_that_can_not_be_written_is_told(reporter: Reporter) -> None:
    """What was found is in the terminal all the same."""
    (reporter.folder / "reports").write_text("a file", encoding="utf-8")
    done = reporter(COMPLIANCE, "--limit", "ws2025")
    assert "The compliance report can't be written to" in done.output
    assert "1 of 1 hosts as required" in done.output


def test_a_run_is_reported_as_what_it_has_made_of_the_hosts(reporter: Reporter, tampered: Lab) -> None:
    """The rollout's own run: what it has changed is as required afterwards, what a policy voids is still not in force."""
    done = reporter(SITE)
    assert done.exit_code == 0, done.output
    document = reporter.document()
    assert document["mode"] == "run"
    assert {host["name"]: host["status"] for host in document["hosts"]} == {
        **dict.fromkeys(tampered.hosts, "compliant"),
        "ws2012r2": "unknown",
        "ws2016": "ineffective",
    }


def test_a_playbook_of_ones_own_is_reported_too(reporter: Reporter) -> None:
    """With resources that belong to no control, hosts that it leaves out, a hidden result, and one host that another task loses."""
    service = {"name": "Spooler", "start_mode": "auto"}
    tasks = [
        {"ansible.builtin.fail": {"msg": "The disk is full."}, "when": "inventory_hostname == 'ws2016'"},
        {
            "uamops.netwrix_auditor.desired_state": {"resources": [{"service": service}]},
            "check_mode": True,
            "when": "inventory_hostname != 'pc10'",
            "no_log": "{{ inventory_hostname == 'ws2012r2' }}",
        },
    ]
    reporter([{"hosts": "audited_computers", "gather_facts": False, "tasks": tasks}])
    found = reporter.hosts()
    assert {name: (host["status"], host["message"]) for name, host in found.items()} == {
        "ws2012r2": ("error", "the output has been hidden due to the fact that 'no_log: true' was specified for this result"),
        "ws2016": ("error", "The disk is full."),
        "ws2019": ("compliant", None),
        "ws2025": ("compliant", None),
    }
    assert found["ws2019"]["controls"] == {"service:Spooler": "compliant"}


def test_each_playbook_of_a_command_has_its_own_report(reporter: Reporter, tmp_path: Path) -> None:
    """The second tells what the second has found, and what is new since the first."""

    def playbook(host: str, service: str) -> list[dict[str, Any]]:
        resources = [{"service": {"name": service, "start_mode": "disabled"}}]
        return [{"hosts": host, "gather_facts": False, "tasks": [{"uamops.netwrix_auditor.desired_state": {"resources": resources}, "check_mode": True}]}]

    second = tmp_path / "second.yml"
    second.write_text(yaml.safe_dump(playbook("ws2019", "Spooler")), encoding="utf-8")
    reporter(playbook("ws2025", "W32Time"), str(second))
    document = reporter.document()
    assert document["playbook"] == "second.yml"
    assert [(host["name"], host["controls"]) for host in document["hosts"]] == [("ws2019", {"service:Spooler": "drift"})]
    assert document["changes"]["new"] == [{"host": "ws2019", "control": "service:Spooler"}]
    assert document["changes"]["unseen"] == [{"host": "ws2025", "control": "service:W32Time"}]
