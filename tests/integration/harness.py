# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts to test against (simulated, or real ones by an inventory), and how playbooks are run on them.

`UAMOPS_TEST_INVENTORY` names an Ansible inventory of real Windows hosts: the tests then run on those, and what only the simulated
hosts can tell (their journal of writes) is left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import simulator
import winrm
import yaml

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
LAB = HERE.parent / "simulator" / "fleets" / "lab.yml"
PASSWORD = "Lab-Passw0rd!"
# What another tool needs to know of a host.
_CONNECTION = (
    "ansible_host",
    "ansible_port",
    "ansible_user",
    "ansible_password",
    "ansible_winrm_scheme",
    "ansible_winrm_server_cert_validation",
    "ansible_winrm_ca_trust_path",
)


@dataclass(frozen=True)
class Outcome:
    """One task's result on one host: `outcome` ok, failed or unreachable."""

    outcome: str
    result: dict[str, Any]

    @property
    def message(self) -> str:
        """What the task said when it failed."""
        return str(self.result.get("msg", ""))


@dataclass
class Lab:
    """Hosts with their connection variables; `fleet` is None if they are real ones. `groups` are the inventory's, by their hosts."""

    variables: dict[str, dict[str, Any]]
    folder: Path
    inventory: Path | None = None
    fleet: Any = None
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    runs: int = field(default=0)

    @property
    def hosts(self) -> list[str]:
        """The hosts' names in the inventory."""
        return sorted(self.variables)

    def play(self, tasks: Sequence[Mapping[str, Any]], hosts: Sequence[str] | None = None, *, check: bool = False, **variables: object) -> Results:
        """Run tasks on hosts by `ansible-playbook`; returns the results by task name and host."""
        playbook = [{"hosts": list(hosts or self.hosts), "gather_facts": False, "tasks": [dict(task) for task in tasks], "vars": dict(variables)}]
        return self.run(playbook, "--check" if check else "--diff")

    def run(self, playbook: Sequence[Mapping[str, Any]], *arguments: str) -> Results:
        """Run a playbook by `ansible-playbook`."""
        self.runs += 1
        stem = self.folder / f"run{self.runs}"
        play, results = stem.with_suffix(".yml"), stem.with_suffix(".json")
        play.write_text(yaml.safe_dump(list(playbook), allow_unicode=True, sort_keys=False), encoding="utf-8")
        results.touch()
        done = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.inventory or self._own_inventory()), str(play), *arguments],
            env={**os.environ, **_environment(results)},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        return Results(done.returncode, done.stdout + done.stderr, [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()])

    def _own_inventory(self) -> Path:
        inventory = self.folder / "inventory.yml"
        children = {group: {"hosts": dict.fromkeys(members)} for group, members in self.groups.items()}
        inventory.write_text(yaml.safe_dump({"all": {"hosts": self.variables, "children": children}}, allow_unicode=True), encoding="utf-8")
        return inventory

    def session(self, host: str) -> winrm.Session:
        """Another tool's way to the host: pywinrm."""
        known = self.variables[host]
        return winrm.Session(
            f"{known.get('ansible_winrm_scheme', 'https')}://{known['ansible_host']}:{known.get('ansible_port', 5986)}/wsman",
            auth=(known["ansible_user"], known["ansible_password"]),
            transport="ntlm",
            server_cert_validation=known.get("ansible_winrm_server_cert_validation", "validate"),
            ca_trust_path=known.get("ansible_winrm_ca_trust_path", "legacy_requests"),
        )

    def writes(self, host: str) -> int | None:
        """How often something was written on a simulated host so far; None on a real one."""
        return None if self.fleet is None else int(self.fleet.hosts[host].windows.journal.writes)


class Results:
    """What came out of one `ansible-playbook`."""

    def __init__(self, exit_code: int, output: str, lines: Sequence[Mapping[str, Any]]) -> None:
        self.exit_code = exit_code
        self.output = output
        self._found = {(line["task"], line["host"]): Outcome(line["outcome"], line["result"]) for line in lines}

    @property
    def hosts(self) -> list[str]:
        """The hosts that have a result."""
        return sorted({host for _task, host in self._found})

    def get(self, task: str, host: str) -> Outcome:
        """One task's result on one host; the whole output is shown if there is none."""
        assert (task, host) in self._found, f"no result of {task!r} on {host}:\n{self.output}"
        return self._found[task, host]


def _environment(results: Path) -> dict[str, str]:
    return {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        # A test may want another one beside it.
        "ANSIBLE_CALLBACKS_ENABLED": ",".join(filter(None, ("results", os.environ.get("ANSIBLE_CALLBACKS_ENABLED")))),
        "ANSIBLE_NOCOLOR": "1",
        "RESULTS_FILE": str(results),
    }


@contextmanager
def open_lab(folder: Path, fleet: Path) -> Iterator[Lab]:
    """A simulated fleet that lives as long as the context."""
    with simulator.serve(simulator.load_fleet(fleet).with_ports(0, 0)) as served:
        yield Lab({name: connection(served, name) for name in served.hosts}, folder, fleet=served)


@contextmanager
def open_hosts(folder: Path, fleet: Path) -> Iterator[Lab]:
    """The real hosts of `UAMOPS_TEST_INVENTORY`, or a simulated fleet where that is not set."""
    real = os.environ.get("UAMOPS_TEST_INVENTORY")
    if real:
        yield _real(folder, Path(real).absolute())
    else:
        with open_lab(folder, fleet) as lab:
            yield lab


def connection(served: Any, name: str) -> dict[str, Any]:
    """How a simulated host is reached: HTTPS, NTLM, its certificate validated."""
    host = served.hosts[name]
    return {
        "ansible_host": host.address,
        "ansible_port": host.https_port,
        "ansible_connection": "winrm",
        "ansible_user": "LAB\\labadmin",
        "ansible_password": PASSWORD,
        "ansible_winrm_scheme": "https",
        "ansible_winrm_transport": "ntlm",
        "ansible_winrm_ca_trust_path": str(served.ca_file),
    }


def _real(folder: Path, inventory: Path) -> Lab:
    """All Windows hosts of an inventory, with their variables as a play resolves them."""
    shown = {name: f"{{{{ {name} | default('') }}}}" for name in _CONNECTION}
    lab = Lab({}, folder, inventory)
    found = lab.run([{"hosts": "all", "gather_facts": False, "tasks": [{"name": "variables", "ansible.builtin.debug": {"msg": shown}}]}])
    lab.variables = {host: {name: value for name, value in found.get("variables", host).result["msg"].items() if value != ""} for host in found.hosts}
    return lab
