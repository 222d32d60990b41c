# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration: a rollout to a simulated fleet, a second run, drift found and repaired.

Every command is printed and really run, and every claim is checked: the exit code is not 0 if a step did not turn out as it should.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import lab

SERVER = "auditor01"
AUDITED = ("pc10", "ws2012r2", "ws2016", "ws2019", "ws2025")
FLEET = (SERVER, *AUDITED)
TAMPERED = ("pc10", "ws2019")

ROLLOUT = ("ansible-playbook", "playbooks/site.yml")
CHECK = (*ROLLOUT, "--check")
DRIFT = (*CHECK, "--diff")

# What the check of an audited computer may cost at most.
MOST_CONNECTIONS, MOST_MESSAGES, MOST_BYTES = 1, 12, 40_000
# Twelve tasks of ansible.windows and community.windows for the same purpose, measured against a stub that answers at once.
USUAL_CONNECTIONS, USUAL_MESSAGES, USUAL_KILOBYTES = 12, 76, 2_770

# How Ansible shows its results here: with colours for a terminal, check mode marked, and only what is worth a line: changes and failures.
DISPLAY = {
    "ANSIBLE_CHECK_MODE_MARKERS": "1",
    "ANSIBLE_DISPLAY_OK_HOSTS": "0",
    ("ANSIBLE_FORCE_COLOR" if sys.stdout.isatty() else "ANSIBLE_NOCOLOR"): "1",
}

RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")

NEXT = """\
What to do next

  Look around   make lab, then: ansible-playbook playbooks/site.yml --check --diff      (the same fleet, yours to play with)
  Your hosts    cp -r inventories/example inventories/production, fill it in, then:
                ansible-playbook -i inventories/production playbooks/site.yml --check --diff
                (changes nothing and shows what a run would change)
  Read          README.md, and docs/docsite/rst for credentials, how it works and its limits
  Develop       make test, make lint, CONTRIBUTING.md
"""


class Surprise(Exception):
    """A step did not turn out as it should; the text says how."""


@dataclass(frozen=True)
class Recap:
    """One host's line of Ansible's recap."""

    changed: int
    unreachable: int
    failed: int


def heading(number: int, text: str, *explanation: str) -> None:
    """Say what comes now and why."""
    rule = "=" * 100
    print(f"\n{rule}\n {number}. {text}\n{rule}", flush=True)
    for line in explanation:
        print(f" {line}", flush=True)
    print(flush=True)


def verdict(text: str) -> None:
    """Say what the step has shown."""
    print(f"\n  --> {text}", flush=True)


def run(command: Sequence[str]) -> str:
    """Print the command, run it, pass its output on and return it without colours.

    Raises:
        Surprise: it ended with another code than 0.
    """
    print(f"$ {shlex.join(command)}", flush=True)
    process = subprocess.Popen(command, cwd=lab.ROOT, env={**os.environ, **DISPLAY}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = []
    for line in process.stdout or ():
        print(f"  {line}", end="", flush=True)
        lines.append(line)
    if process.wait():
        raise Surprise(f"the command ended with code {process.returncode}: {shlex.join(command)}")
    return COLOURS.sub("", "".join(lines))


def recap(output: str) -> dict[str, Recap]:
    """Ansible's recap of a run, by host."""
    return {host: Recap(int(changed), int(unreachable), int(failed)) for host, _ok, changed, unreachable, failed in RECAP.findall(output)}


def play(command: Sequence[str], changing: Sequence[str]) -> None:
    """Run a playbook over the fleet; exactly these hosts may and must report a change.

    Raises:
        Surprise: another host did, or one of them did not, or a host failed or is missing.
    """
    hosts = recap(run(command))
    if missing := set(FLEET) - set(hosts):
        raise Surprise(f"the recap does not name {', '.join(sorted(missing))}")
    if bad := [name for name, host in hosts.items() if host.failed or host.unreachable]:
        raise Surprise(f"failed or unreachable: {', '.join(bad)}")
    changed = {name for name, host in hosts.items() if host.changed}
    if changed != set(changing):
        raise Surprise(f"changed on {', '.join(sorted(changed)) or 'no host'}, expected {', '.join(sorted(changing)) or 'no host'}")


def windows(host: str, command: str) -> None:
    """Run a Windows command on a simulated host, by pywinrm, as an administrator at its prompt would."""
    run(("python", "tools/on_host.py", host, command))


def start_lab() -> None:
    """Step 1."""
    heading(
        1,
        "A fleet of simulated Windows hosts",
        "Seven hosts of several releases and languages, in one process, on loopback addresses only. They speak the real protocol:",
        "WS-Management with NTLM, over HTTP with encrypted messages or over HTTPS with validated certificates.",
    )
    run(("python", "tools/lab.py", "start", "--brief"))


def roll_out() -> None:
    """Step 2."""
    heading(
        2,
        "Rollout: the Auditor server and five audited computers",
        "Services, built-in firewall groups and program rules, as Netwrix's page 'Configure Data Collection Settings' asks for them.",
        "One task and one connection for a host. No PowerShell and no file on the host. (Only changes and failures are shown here.)",
    )
    play(ROLLOUT, changing=FLEET)
    verdict("Every host has been changed.")


def run_again() -> None:
    """Step 3."""
    heading(3, "The same again: nothing is left to do")
    play(ROLLOUT, changing=())
    verdict("changed=0 on every host.")


def measure() -> None:
    """Step 4."""
    heading(4, "What a check costs", "A check run in check mode, counted by the simulated hosts themselves.")
    if lab.simulator("reset-counters").returncode:
        raise Surprise("the lab's counters can't be reset")
    play(CHECK, changing=())
    hosts: Mapping[str, Mapping[str, int]] = lab.ask("counters")["hosts"]
    print_costs(hosts)
    for name in AUDITED:
        check_cost(name, hosts[name])
    verdict(f"At most {MOST_CONNECTIONS} connection, {MOST_MESSAGES} messages and {MOST_BYTES // 1000} kB sent for each audited computer.")


def print_costs(hosts: Mapping[str, Mapping[str, int]]) -> None:
    """The counters as a table, beside the usual modules."""
    print(f"\n  {'host':<28}{'connections':>12}{'messages':>12}{'kB sent':>12}{'kB received':>14}{'changes':>10}")
    for name in FLEET:
        host = hosts[name]
        sent, received = host["bytes_received"] / 1000, host["bytes_sent"] / 1000
        print(f"  {name:<28}{host['connections']:>12}{host['wsman_messages']:>12}{sent:>12.1f}{received:>14.1f}{host['writes']:>10}")
    print(f"  {'(the usual Windows modules':<28}{USUAL_CONNECTIONS:>12}{USUAL_MESSAGES:>12}{USUAL_KILOBYTES:>12,}   for twelve tasks)")


def check_cost(name: str, host: Mapping[str, int]) -> None:
    """Hold an audited computer to the limits.

    Raises:
        Surprise: the check took more.
    """
    limits = {"connections": MOST_CONNECTIONS, "wsman_messages": MOST_MESSAGES, "bytes_received": MOST_BYTES}
    for counter, most in limits.items():
        if host[counter] > most:
            raise Surprise(f"the check of {name} took {host[counter]} {counter}, more than {most}")


def tamper() -> None:
    """Step 5."""
    heading(5, "Somebody tampers with two hosts", "By the commands that an administrator would type there.")
    windows("ws2019", 'netsh advfirewall firewall delete rule name="UA Core Service inbound rule"')
    windows("pc10", "sc config RemoteRegistry start= disabled")
    windows("pc10", 'netsh advfirewall firewall set rule name="UA Core Service outbound rule" dir=out new remoteport=9999')


def find_drift() -> None:
    """Step 6."""
    heading(6, "The drift is found", "Check mode changes nothing. --diff shows the state before (-) and as required (+).")
    before = writes()
    play(DRIFT, changing=TAMPERED)
    if writes() != before:
        raise Surprise("check mode has changed a host")
    verdict(f"Found on {' and '.join(TAMPERED)}, on no other host, and nothing was written.")


def writes() -> dict[str, int]:
    """How many changes each simulated host has written into its journal."""
    return {name: host["writes"] for name, host in lab.ask("counters")["hosts"].items()}


def repair() -> None:
    """Step 7."""
    heading(7, "The drift is repaired")
    play(ROLLOUT, changing=TAMPERED)
    verdict("Only what differed was changed.")


def check_again() -> None:
    """Step 8."""
    heading(8, "A last check")
    play(DRIFT, changing=())
    verdict("No drift on any host.")


STEPS = (roll_out, run_again, measure, tamper, find_drift, repair, check_again)


def main() -> int:
    """All steps in order; the lab is stopped whatever happens."""
    began = time.monotonic()
    try:
        start_lab()
        try:
            for step in STEPS:
                step()
        finally:
            print(flush=True)
            run(("python", "tools/lab.py", "stop"))
    except (Surprise, lab.LabError) as error:
        print(f"\nThe demonstration went wrong: {error}", file=sys.stderr)
        return 1
    print(f"\nAll of it took {time.monotonic() - began:.0f} seconds.\n\n{NEXT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
