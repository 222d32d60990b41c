# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole site from zero: servers, audited computers and playback clients of every release, with the restarts that they need.

Check mode first, then a run, then the same run again; what the vendor's guide asks for is read back by Windows' own commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import yaml
from simulator import codec_archive
from simulator.windows.commands.ndp48 import MARK

from .harness import HERE, ROOT, Lab, Results, open_lab

CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "cases" / "vendor_guide.yml").read_text(encoding="utf-8"))
FLEET = HERE / "fleets" / "site.yml"
GROUPS = {"server": "auditor_server", "audited": "audited_computers", "client": "playback_clients"}
HOSTS: list[str] = [host["name"] for host in yaml.safe_load(FLEET.read_text(encoding="utf-8"))["hosts"]]
SITE, COMPLIANCE = ([{"import_playbook": str(ROOT / "playbooks" / name)}] for name in ("site.yml", "compliance.yml"))
RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


@dataclass
class Site:
    """What came out of the phases. `writes` counts the journal before, and after each of them; `booted` is when each host started, before and after."""

    lab: Lab
    check: Results
    run: Results
    again: Results
    writes: list[dict[str, int | None]]
    booted: list[dict[str, datetime]]
    compliance: Results


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """All phases on all hosts."""
    folder = tmp_path_factory.mktemp("site")
    with open_lab(folder, FLEET) as lab:
        lab.groups = {group: [host for host in lab.hosts if host.startswith(prefix)] for prefix, group in GROUPS.items()}
        _variables(lab)
        writes, booted = [_writes(lab)], [_booted(lab)]
        check = lab.run(SITE, "--check")
        writes.append(_writes(lab))
        run = lab.run(SITE)
        writes.append(_writes(lab))
        again = lab.run(SITE)
        writes.append(_writes(lab))
        booted.append(_booted(lab))
        compliance = lab.run(COMPLIANCE)
        writes.append(_writes(lab))
        yield Site(lab, check, run, again, writes, booted, compliance)


def _variables(lab: Lab) -> None:
    """What the people of this site have put into their inventory."""
    installer = lab.folder / "ndp48-x86-x64-allos-enu.exe"
    installer.write_bytes(MARK)
    restarts = {"reboot": "if_required", "reboot_at_once": 5, "reboot_timeout": 60}
    ours: dict[str, dict[str, Any]] = {
        "server": {"client_users": ["LAB\\alice"], "dotnet_installer": str(installer), "smb_port": 1, "capacity": 1},
        "agent": {"dotnet_installer": str(installer), "smb_port": 1, "verify_settle": 1},
        "playback_client": {
            "codec_package": codec_archive.write(lab.folder / "ScreenPressorNetwrix.zip"),
            "sites": [{"url": "reports.example.com/netwrix"}],
            "smb_port": 1,
        },
    }
    roles = {"server": "server", "audited": "agent", "client": "playback_client"}
    for host, variables in lab.variables.items():
        role = roles[host.partition("-")[0]]
        variables.update({f"{role}_{name}": value for name, value in {**restarts, **ours[role]}.items()})


def _writes(lab: Lab) -> dict[str, int | None]:
    return {host: lab.writes(host) for host in lab.hosts}


def _booted(lab: Lab) -> dict[str, datetime]:
    return {host: lab.fleet.hosts[host].windows.booted for host in lab.hosts}


def _recap(results: Results) -> dict[str, tuple[int, int, int]]:
    """Changed, unreachable and failed tasks of each host."""
    return {name: (int(changed), int(unreachable), int(failed)) for name, changed, unreachable, failed in RECAP.findall(results.output)}


def _hosts(case: dict[str, Any], lab: Lab) -> list[str]:
    return [host for name in case["where"] for host in lab.groups.get(name, [name])]


@pytest.fixture(scope="module")
def read_back(site: Site) -> dict[tuple[str, str, int], str]:
    """What Windows' own commands print, for each case, host and command."""

    def on_host(host: str) -> dict[tuple[str, str, int], str]:
        session, found, known = site.lab.session(host), {}, dict[str, str]()
        for case in CASES:
            if host in _hosts(case, site.lab):
                for place, command in enumerate(case["read_back"]):
                    known[command] = known.get(command) or session.run_cmd(command).std_out.decode("utf-8", "replace")
                    found[case["id"], host, place] = known[command]
        return found

    with ThreadPoolExecutor(4) as pool:
        return {key: text for found in pool.map(on_host, site.lab.hosts) for key, text in found.items()}


@pytest.mark.parametrize("host", HOSTS)
def test_check_mode_tells_of_every_host_and_writes_nothing(site: Site, host: str) -> None:
    """Before anything was ever done, each host has something to change, and its journal stays as it was."""
    changed, unreachable, failed = _recap(site.check)[host]
    assert (changed > 0, unreachable, failed) == (True, 0, 0), site.check.output
    assert site.writes[1][host] == site.writes[0][host]


@pytest.mark.parametrize("host", HOSTS)
def test_one_run_brings_it_all_about(site: Site, host: str) -> None:
    """No host fails, whatever restarts it needs."""
    changed, unreachable, failed = _recap(site.run)[host]
    assert (changed > 0, unreachable, failed) == (True, 0, 0), site.run.output


@pytest.mark.parametrize("host", HOSTS)
def test_a_second_run_changes_nothing(site: Site, host: str) -> None:
    """changed=0, and not a single write."""
    assert _recap(site.again)[host] == (0, 0, 0), site.again.output
    assert site.writes[3][host] == site.writes[2][host]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_guide_is_followed(site: Site, read_back: dict[tuple[str, str, int], str], case: dict[str, Any]) -> None:
    """Each setting of the vendor's guide is found by another tool on every host that it is for."""
    for host in _hosts(case, site.lab):
        for place, pattern in enumerate(case["match"]):
            text = read_back[case["id"], host, place]
            assert re.search(pattern, text, re.DOTALL | re.IGNORECASE), f"{host}: {case['read_back'][place]}\n{text}"


def test_a_crowded_server_is_told(site: Site) -> None:
    """More audited computers than one server is made for are no failure, and are said."""
    assert "2 audited computers report to server-2012r2" in site.run.output


def test_servers_that_needed_a_restart_were_restarted(site: Site) -> None:
    """A feature that takes effect after a restart is in effect at the end, because the run has restarted the host; a host that needed none was left alone."""
    before, after = site.booted
    restarted = {host for host in site.lab.hosts if after[host] > before[host]}
    assert restarted == {"server-2012r2", "server-2016", "server-2022"}


def test_the_settings_can_be_those_of_the_users_instead(site: Site) -> None:
    """With playback_client_scope=users the same five settings are made in every profile, and a second run changes nothing."""
    play = [{"hosts": "client-11", "gather_facts": False, "roles": [{"role": "uamops.netwrix_auditor.playback_client", "playback_client_scope": "users"}]}]
    state = "uamops.netwrix_auditor.converge : Bring the host to the required state"
    first = site.lab.run(play).get(state, "client-11")
    assert [drift["kind"] for drift in first.result["drift"]] == ["user_registry_value"] * 5, first.result
    second = site.lab.run(play).get(state, "client-11")
    assert (second.outcome, second.result["changed"]) == ("ok", False), second.result


def test_the_compliance_check_finds_nothing_on_any_release(site: Site) -> None:
    """After the rollout nothing drifts and nothing is without effect; it writes nothing. What nobody can tell is another antivirus' business."""
    assert site.compliance.exit_code == 0, site.compliance.output
    assert site.writes[4] == site.writes[3]
    for host in HOSTS:
        for result in site.compliance.get("Compare the host with what is required of it", host).result["results"]:
            found = {check["control"]: check for check in result["compliance"]["checks"] if check["status"] != "compliant"}
            assert {control: check["status"] for control, check in found.items()} == dict.fromkeys(found, "unknown"), (host, found)
            assert set(found) <= {"antivirus-agent", "antivirus-server"}, (host, found)
