# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift check of audited computers costs, and the same by the usual Windows modules: seconds, processor time, messages and bytes.

The hosts are simulated on this machine and share its processors with the controller, so the seconds are a ceiling; messages and bytes are
counted by the hosts. The usual modules (peers.py) are measured in the same run, on fewer hosts, which answer their PowerShell at once. Nothing is
asserted.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peers
import simulator
import yaml

ROOT = Path(__file__).parents[1]
USER, PASSWORD = "LAB\\labadmin", "Lab-Passw0rd!"
PEERS = ROOT / ".cache" / "peers"
COLUMNS = f"{'':<34}{'hosts':>7}{'seconds':>9}{'CPU s a host':>14}{'connections':>13}{'messages':>10}{'kB sent':>9}"


def _fleet(count: int) -> dict[str, Any]:
    return {
        "domain": {"dns": "lab.test", "netbios": "LAB"},
        "accounts": [{"name": "labadmin", "kind": "domain", "role": "administrator", "password": PASSWORD}],
        "hosts": [{"name": "auditor", "release": "2022", "address": "127.31.0.1", "options": {"server": {"version": "10.7.0"}}}],
        "generate": {"count": count, "prefix": "pc", "first_address": "127.31.1.1", "release": ["2022", "10"], "language": ["en-US", "de-DE"], "options": {}},
    }


def _inventory(served: Any) -> dict[str, Any]:
    def connection(name: str) -> dict[str, Any]:
        host = served.hosts[name]
        return {"ansible_host": host.address, "ansible_port": host.https_port}

    computers = [name for name in served.hosts if name != "auditor"]
    everywhere = {
        "ansible_connection": "winrm",
        "ansible_user": USER,
        "ansible_password": PASSWORD,
        "ansible_winrm_transport": "ntlm",
        "ansible_winrm_ca_trust_path": str(served.ca_file),
        "agent_smb_port": 1,
    }
    groups = {"auditor_server": ["auditor"], "audited_computers": computers}
    children = {group: {"hosts": {name: connection(name) for name in names}} for group, names in groups.items()}
    return {"all": {"vars": everywhere, "children": children}}


def _play(playbook: Path, inventory: Path, forks: int, environment: Mapping[str, str], *arguments: str) -> tuple[float, float]:
    """Run a playbook; returns the seconds that it took, and those of the controller's processors."""
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), "-f", str(forks), str(playbook), *arguments]
    before, began = _cpu(), time.monotonic()
    done = subprocess.run(command, env={**os.environ, "ANSIBLE_DISPLAY_OK_HOSTS": "0", **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{playbook.name} ended with code {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.monotonic() - began, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print(name: str, served: Any, seconds: float, cpu: float) -> None:
    """One line; of the hosts' numbers the largest."""
    counted = [served.counters(host) for host in served.hosts if host != "auditor"]
    connections, messages, sent = (max(host[what] for host in counted) for what in ("connections", "wsman_messages", "bytes_received"))
    print(f"{name:<34}{len(counted):>7}{seconds:>9.1f}{cpu / len(counted):>14.3f}{connections:>13}{messages:>10}{sent / 1000:>9,.1f}", flush=True)


@contextmanager
def _fleet_of(count: int) -> Iterator[tuple[Any, Path, Path]]:
    """Simulated hosts, their inventory, and a folder that goes with them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fleet, inventory = folder / "fleet.yml", folder / "inventory.yml"
        fleet.write_text(yaml.safe_dump(_fleet(count)), encoding="utf-8")
        with simulator.serve(simulator.load_fleet(fleet).with_ports(0, 0), folder=folder / "fleet") as served:
            inventory.write_text(yaml.safe_dump(_inventory(served)), encoding="utf-8")
            yield served, inventory, folder


def _measure_ours(count: int, forks: int) -> None:
    with _fleet_of(count) as (served, inventory, folder):
        environment = {
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_CALLBACKS_ENABLED": "uamops.netwrix_auditor.compliance",
            "UAMOPS_COMPLIANCE_FOLDER": str(folder / "report"),
        }
        playbook = ROOT / "playbooks" / "compliance.yml"
        # The package comes to the controller's cache first, as it does once for all checks.
        _play(playbook, inventory, forks, environment)
        served.reset_counters()
        _print("compliance.yml, with the report", served, *_play(playbook, inventory, forks, environment))


def _measure_peers(count: int, forks: int) -> None:
    collections = peers.collections(PEERS)
    with peers.powershell_that_answers(), _fleet_of(count) as (served, inventory, folder):
        playbook = folder / "peers.yml"
        playbook.write_text(yaml.safe_dump(peers.playbook()), encoding="utf-8")
        measured = _play(playbook, inventory, forks, {"ANSIBLE_COLLECTIONS_PATH": str(collections)}, "--check")
        _print(f"{len(peers.TASKS)} tasks of the usual modules", served, *measured)


def main() -> int:
    """Print one line, and one to compare with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--forks", type=int, default=20)
    parser.add_argument("--peers-hosts", type=int, default=20, help="how many hosts the usual modules check; 0 leaves them out")
    arguments = parser.parse_args()
    print(COLUMNS)
    _measure_ours(arguments.hosts, arguments.forks)
    if arguments.peers_hosts:
        _measure_peers(arguments.peers_hosts, arguments.forks)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
