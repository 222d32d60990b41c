# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drift check of many audited computers costs: seconds, the controller's processor time, messages and bytes for each host.

The hosts are simulated on this machine and share its processors with the controller, so the seconds are a ceiling; messages and bytes are
counted by the hosts. The last line is what the usual Windows modules need for the same purpose (twelve tasks of ansible.windows and
community.windows, measured against a stub that answers at once; their real hosts start PowerShell for each task). Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import simulator
import yaml

ROOT = Path(__file__).parents[1]
USER, PASSWORD = "LAB\\labadmin", "Lab-Passw0rd!"
# The usual modules, for each host.
USUAL_CPU, USUAL_MESSAGES, USUAL_KILOBYTES = "-", 76, 2_770


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


def _run(inventory: Path, folder: Path, forks: int) -> tuple[float, float]:
    """Run the playbook with its report; returns the seconds that it took, and those of the controller's processors."""
    environment = {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_CALLBACKS_ENABLED": "uamops.netwrix_auditor.compliance",
        "UAMOPS_COMPLIANCE_FOLDER": str(folder / "report"),
        "ANSIBLE_DISPLAY_OK_HOSTS": "0",
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), "-f", str(forks), str(ROOT / "playbooks" / "compliance.yml")]
    before, began = _cpu(), time.monotonic()
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the check ended with code {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.monotonic() - began, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print(hosts: int, seconds: float, cpu: float, counted: Mapping[str, Mapping[str, int]]) -> None:
    messages = max(host["wsman_messages"] for host in counted.values())
    connections = max(host["connections"] for host in counted.values())
    kilobytes = max(host["bytes_received"] for host in counted.values()) / 1000
    print(f"{'':<28}{'hosts':>7}{'seconds':>9}{'CPU s a host':>14}{'connections':>13}{'messages':>10}{'kB sent':>9}")
    print(f"{'compliance.yml':<28}{hosts:>7}{seconds:>9.1f}{cpu / hosts:>14.3f}{connections:>13}{messages:>10}{kilobytes:>9.1f}")
    print(f"{'(the usual Windows modules)':<28}{'':>7}{'':>9}{USUAL_CPU:>14}{12:>13}{USUAL_MESSAGES:>10}{USUAL_KILOBYTES:>9,}")


def main() -> int:
    """Print one line, and one to compare with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--forks", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fleet, inventory = folder / "fleet.yml", folder / "inventory.yml"
        fleet.write_text(yaml.safe_dump(_fleet(arguments.hosts)), encoding="utf-8")
        with simulator.serve(simulator.load_fleet(fleet).with_ports(0, 0), folder=folder / "fleet") as served:
            inventory.write_text(yaml.safe_dump(_inventory(served)), encoding="utf-8")
            # The package comes to the controller's cache first, as it does once for all checks.
            _run(inventory, folder, arguments.forks)
            served.reset_counters()
            seconds, cpu = _run(inventory, folder, arguments.forks)
            _print(arguments.hosts, seconds, cpu, {name: served.counters(name) for name in served.hosts if name != "auditor"})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
