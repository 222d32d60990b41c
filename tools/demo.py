# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration: a simulated fleet is brought to all that the vendor's guide asks for, the agents are watched over, upgraded, moved and removed.

Every command is printed and really run, and every claim is checked: the exit code is not 0 if a step did not turn out as it should.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Mapping

import lab
from stage import Surprise, expect, heading, play, run, verdict

SERVERS = ("auditor01", "auditor02")
AUDITED = ("pc10", "ws2012r2", "ws2016", "ws2019", "ws2025")
CLIENTS = ("pc11",)
FLEET = (*SERVERS, *AUDITED, *CLIENTS)
TAMPERED = ("pc10", "ws2019")

ROLLOUT = ("ansible-playbook", "playbooks/site.yml")
CHECK = (*ROLLOUT, "--check")
DRIFT = (*CHECK, "--diff")
# In an inventory of your own the server of a computer stands there; here the command line says it.
MOVE = (*ROLLOUT, "-e", "agent_server=auditor02")
VERIFY = ("ansible-playbook", "playbooks/verify.yml", "--limit", "ws2019")
REMOVE = ("ansible-playbook", "playbooks/remove_agents.yml")
COMPLIANCE = ("ansible-playbook", "playbooks/compliance.yml", "-e", "compliance_strict=true")
# The one setting that makes a report of a run, and where to.
REPORTS = lab.STATE / "compliance"
REPORTED = {"ANSIBLE_CALLBACKS_ENABLED": "uamops.netwrix_auditor.compliance", "UAMOPS_COMPLIANCE_FOLDER": str(REPORTS)}
# How strict runs end: a host is not as required, and a host could not be reached, which counts more.
NOT_REACHED = 4

KEY = "HKLM\\SOFTWARE\\WOW6432Node\\Netwrix\\User Activity Video Reporter Agent"
AGENT_FOLDER = "C:\\Program Files (x86)\\Netwrix Auditor\\User Activity Core Service"
ON_SERVER = "C:\\Program Files (x86)\\Netwrix Auditor\\User Activity Video Recording\\UACoreSvcSetup.msi"

# What the check of an audited computer may cost at most.
MOST_CONNECTIONS, MOST_MESSAGES, MOST_BYTES = 1, 14, 40_000
# Twelve tasks of ansible.windows and community.windows for the same purpose, as `make bench` measures them.
USUAL_CONNECTIONS, USUAL_MESSAGES, USUAL_KILOBYTES = 12, 79, 3_490

NEXT = """\
What to do next

  Look around   make lab, then: ansible-playbook playbooks/site.yml --check --diff      (the same fleet, yours to play with)
  The report    open the page named below in a browser; ws2019, ws2016, pc10 and ws2025 are those to look at
  Your hosts    cp -r inventories/example inventories/production, fill it in, then:
                ansible-playbook -i inventories/production playbooks/site.yml --check --diff
                (changes nothing and shows what a run would change)
  Read          README.md, and docs/docsite/rst for agents, credentials, how it works and its limits
  Develop       make test, make lint, CONTRIBUTING.md
"""


def windows(host: str, command: str, code: int = 0) -> None:
    """Run a Windows command on a simulated host, by pywinrm, as an administrator at its prompt would."""
    run(("python", "tools/on_host.py", host, command), code)


def start_lab() -> None:
    """Step 1."""
    heading(
        1,
        "A fleet of simulated Windows hosts",
        "Eight hosts of several releases and languages, in one process, on loopback addresses only. They speak the real protocol:",
        "WS-Management with NTLM, over HTTP with encrypted messages or over HTTPS with validated certificates.",
        "Windows Installer works there by the tables of real MSI files; the packages are stand-ins for the product's.",
    )
    shutil.rmtree(lab.STATE / "cache", ignore_errors=True)
    run(("python", "tools/lab.py", "start", "--brief"))


def roll_out() -> None:
    """Step 2."""
    heading(
        2,
        "Rollout: two Auditor servers, five audited computers, and one on which recordings are watched",
        "Services, built-in firewall groups and program rules, as Netwrix's page 'Configure Data Collection Settings' asks for them,",
        ".NET Framework 4.8 where it is older, exclusions of Microsoft Defender, and the agent: taken from the Auditor server once, brought to",
        "every computer, installed. Then what watching needs: Windows features (one server has to be restarted for that, and is), who may watch",
        "and really can, the codec, Internet Explorer's settings and Edge's IE mode.",
        "At the end each computer and its server are asked whether monitoring works. No PowerShell runs on any host.",
    )
    output = play(ROLLOUT, FLEET, changing=FLEET, brief=False)
    expect(output, r"\.msi: [\d,]+ bytes", len(AUDITED))
    expect(output, r"Monitoring works\. \d+", len(AUDITED))
    expect(output, r"Restart the host and wait until it is back", 1)
    expect(output, r"former\.auditor", 1)
    verdict("Every host has been changed, one server was restarted on the way, and monitoring works on all five computers.")
    verdict("Somebody whom nobody had named can watch recordings too, and is told. An account that is named and could not would have failed the run.")


def run_again() -> None:
    """Step 3."""
    heading(3, "The same again: nothing is left to do")
    expect(play(ROLLOUT, FLEET, changing=(), brief=False), r"\.msi: ", 0)
    verdict("changed=0 on every host, and no package was sent.")


def verify() -> None:
    """Step 4."""
    heading(4, "Does it really work? Every check in plain words", "Asked at any time, for any of the computers; here for one of them.")
    output = play(VERIFY, ("ws2019",), changing=(), brief=False)
    expect(output, "ok: The agent is connected to 127.10.0.10 port 9004", 1)
    expect(output, "FAILED", 0)
    verdict("The agent runs, listens, is connected to its server, and the server knows it and reaches it.")


def measure() -> None:
    """Step 5."""
    heading(5, "What a check costs", "A check run in check mode, counted by the simulated hosts themselves.")
    if lab.simulator("reset-counters").returncode:
        raise Surprise("the lab's counters can't be reset")
    play(CHECK, FLEET, changing=())
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
    print(f"  {'(the usual Windows modules':<28}{USUAL_CONNECTIONS:>12}{USUAL_MESSAGES:>12}{USUAL_KILOBYTES:>12,}   for twelve tasks, by make bench)")


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
    """Step 6."""
    heading(6, "Somebody tampers with two hosts", "By the commands that an administrator would type there.")
    windows("ws2019", 'netsh advfirewall firewall delete rule name="UA Core Service inbound rule"')
    windows("ws2019", f'reg add "{KEY}" /v ServerName /d elsewhere /f')
    windows("pc10", "sc config RemoteRegistry start= disabled")
    windows("pc10", 'netsh advfirewall firewall set rule name="UA Core Service outbound rule" dir=out new remoteport=9999')


def find_drift() -> None:
    """Step 7."""
    heading(7, "The drift is found", "Check mode changes nothing. --diff shows the state before (-) and as required (+).")
    before = writes()
    play(DRIFT, FLEET, changing=TAMPERED)
    if writes() != before:
        raise Surprise("check mode has changed a host")
    verdict(f"Found on {' and '.join(TAMPERED)}, on no other host, and nothing was written.")


def writes() -> dict[str, int]:
    """How many changes each simulated host has written into its journal."""
    return {name: host["writes"] for name, host in lab.ask("counters")["hosts"].items()}


def repair() -> None:
    """Step 8."""
    heading(8, "The drift is repaired")
    play(ROLLOUT, FLEET, changing=TAMPERED)
    verdict("Only what differed was changed, and monitoring works.")


def upgrade() -> None:
    """Step 9."""
    heading(9, "The Auditor server is upgraded, and its agents follow", "An upgraded server holds a newer package. Agents should have its version.")
    windows("auditor01", f'copy /y "C:\\Install\\UACoreSvcSetup-10.8.0.msi" "{ON_SERVER}"')
    output = play((*ROLLOUT, "--diff"), FLEET, changing=AUDITED)
    expect(output, r"\+version: 10\.8\.0", len(AUDITED))
    play(ROLLOUT, FLEET, changing=())
    verdict("Version 10.8.0 on all five computers, and changed=0 in the run after that.")


def move() -> None:
    """Step 10."""
    heading(10, "The agents move to another server", "No reinstallation: the agent is told its new server while it is stopped, and nothing else is touched.")
    output = play((*MOVE, "--diff"), FLEET, changing=AUDITED)
    expect(output, r"\+setting ServerName: auditor02", len(AUDITED))
    play(MOVE, FLEET, changing=())
    output = play((*VERIFY, "-e", "agent_server=auditor02"), ("ws2019",), changing=(), brief=False)
    expect(output, "ok: The agent is connected to 127.10.0.11 port 9004", 1)
    verdict("All five computers report to auditor02.")


def remove() -> None:
    """Step 11."""
    heading(11, "The agents are removed, with what they leave behind")
    play(REMOVE, AUDITED, changing=AUDITED)
    play(REMOVE, AUDITED, changing=())
    windows("ws2019", f'dir /b "{AGENT_FOLDER}"', code=1)
    verdict("Product, folders, registry key and firewall rules are gone, and changed=0 in the run after that.")


def prove() -> None:
    """Step 12."""
    heading(
        12,
        "The fleet is rolled out once more, and a report proves it",
        "One setting, ANSIBLE_CALLBACKS_ENABLED=uamops.netwrix_auditor.compliance, makes a report of any run. This one is what later ones are",
        "compared with.",
    )
    shutil.rmtree(REPORTS, ignore_errors=True)
    output = play(ROLLOUT, FLEET, changing=AUDITED, settings=REPORTED)
    expect(output, r"7 of 8 hosts as required\n", 1)
    expect(output, r"1 of 8 hosts as required as far as Windows tells", 1)
    verdict("Everything is as required. One host has no Microsoft Defender, and what its other antivirus excludes nobody can ask there.")


def spoil() -> None:
    """Step 13."""
    heading(
        13,
        "Some weeks later",
        "Somebody has tampered with two computers, for one of which that is an accepted exception (compliance_waivers in the lab's inventory).",
        "The domain's administrators have made a policy that lets no local firewall rule count. One computer is switched off.",
    )
    windows("ws2019", 'netsh advfirewall firewall delete rule name="UA Core Service inbound rule"')
    windows("pc10", "sc config RemoteRegistry start= disabled")
    windows("ws2016", "gpupdate /target:computer")
    windows("ws2025", "shutdown /s /t 0")


def report() -> None:
    """Step 14."""
    heading(
        14,
        "The report for the auditor",
        "One look at each host, nothing is changed. The page explains each finding in words; the same as JSON, JUnit, CSV and metrics.",
    )
    before = writes()
    output = run(COMPLIANCE, NOT_REACHED, settings=REPORTED)
    if writes() != before:
        raise Surprise("the compliance check has changed a host")
    for text in ("ws2025: unreachable - https", "ws2019: drift - agent-inbound", "ws2016: ineffective - file-sharing, wmi-traffic, agent-inbound"):
        expect(output, text, 1)
    expect(output, "1 of 8 hosts as required but for accepted exceptions", 1)
    expect(output, r"Since [\d:TZ-]+: 4 new, 0 fixed, 0 still open", 1)
    verdict("Exit code 4: a host could not be reached. With all hosts reached, drift makes it 2; without compliance_strict only the report tells.")


STEPS = (roll_out, run_again, verify, measure, tamper, find_drift, repair, upgrade, move, remove, prove, spoil, report)


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
    print(f"\nAll of it took {time.monotonic() - began:.0f} seconds.\n\n{NEXT}\nThe report of the last step: {REPORTS / 'compliance.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
