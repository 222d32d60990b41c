# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a firewall rule is what the simulated host's firewall does to the connections that it is for, whatever else is set there.

The hosts have rules and settings made at random, always the same ones: local ones, Group Policy's, device management's. The verdict comes over
the wire from what the registry says; the other side of the comparison is the simulated host's own evaluation of single connections.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulator.windows import Windows
from simulator.windows.firewall.evaluation import Flow, filters, permits

from .harness import PASSWORD, Lab, open_lab
from .test_bad_input import task

HOSTS = [f"random{number:02}" for number in range(48)]
# The last hosts have rules with conditions of which nobody but the host knows whether they hold.
PLAIN, DOUBTFUL = HOSTS[:36], HOSTS[36:]
PROGRAM, OTHER_PROGRAM, ANY_PROGRAM = r"C:\Test\agent.exe", r"C:\Test\other.exe", r"C:\Test\third.exe"
PORTS = (9001, 9002, 9003)
OTHER_PORTS = (80, 50000)
ADDRESSES = ("10.1.0.5", "10.1.0.77", "10.2.0.5", "192.168.7.7")
NEIGHBOUR = "127.42.0.250"
NETWORKS = ("10.1.0.0/255.255.255.0", "10.1.0.70-10.1.0.80", "10.0.0.0/255.0.0.0", *ADDRESSES)
CONDITIONS = ("IFType=Wireless", "Security=Authenticate", "Svc=web", "LA4=10.9.9.9", "RA4=LocalSubnet|RA6=LocalSubnet")
ASKED: list[dict[str, Any]] = [
    {"name": "agent", "program": PROGRAM, "ports": [9001], "addresses": []},
    {"name": "agent of one server", "program": PROGRAM, "ports": [9002], "addresses": [ADDRESSES[0]]},
    {"name": "agent of two servers", "program": PROGRAM, "ports": [9002, 9003], "addresses": [ADDRESSES[1], ADDRESSES[2]]},
    {"name": "all programs", "program": None, "ports": [9003], "addresses": [ADDRESSES[3]]},
]


def rule(chance: random.Random, action: str, *, doubtful: bool) -> str:
    """A rule as the registry has it, more often about what is asked for than not."""
    direction, protocol = chance.choice(("In", "Out")), chance.choice(("6", "6", "6", "17", ""))
    told, other = ("LPort", "RPort") if direction == "In" else ("RPort", "LPort")
    words = [f"Action={action}", f"Active={chance.choice(('TRUE', 'TRUE', 'TRUE', 'FALSE'))}", f"Dir={direction}"]
    if protocol:
        words += [f"Protocol={protocol}", *chance.choice(([], [f"{told}={chance.choice(PORTS)}"], [f"{told}2_10=9002-9010"]))]
        words += chance.choice(([], [], [], [f"{other}={chance.choice(OTHER_PORTS)}"]))
    words += chance.choice(([], ["Profile=Domain"], ["Profile=Private", "Profile=Public"]))
    words += chance.choice(([], [f"RA4={chance.choice(NETWORKS)}"], [f"RA4={chance.choice(NETWORKS)}", f"RA4={chance.choice(NETWORKS)}"]))
    words += chance.choice(([], [f"App={PROGRAM}"], [f"App={OTHER_PROGRAM}"]))
    words += chance.choice(([], [], [], ["AppPkgId=S-1-15-2-1"], ["Edge=TRUE"]))
    words += [chance.choice(CONDITIONS)] if doubtful else []
    return f"v2.30|{'|'.join(words)}|Name=random|"


def rules(chance: random.Random, blocking: int, allowing: int, *, doubtful: bool) -> dict[str, str]:
    """Some rules by their ids."""
    actions = ["Block"] * chance.randint(0, blocking) + ["Allow"] * chance.randint(0, allowing)
    return {f"{{{chance.getrandbits(32):08X}-0000-4000-8000-{number:012}}}": rule(chance, action, doubtful=doubtful) for number, action in enumerate(actions)}


def settings(chance: random.Random) -> dict[str, dict[str, int]]:
    """The switches of the Domain profile in one policy."""
    likely = {"AllowLocalPolicyMerge": 0.4, "DoNotAllowExceptions": 0.1, "EnableFirewall": 0.1, "DefaultInboundAction": 0.1, "DefaultOutboundAction": 0.4}
    return {"Domain": {name: chance.choice((0, 1)) for name, often in likely.items() if chance.random() < often}}


def options(name: str) -> dict[str, Any]:
    """A host's firewall; the same in every run."""
    chance, doubtful = random.Random(name), name in DOUBTFUL
    sources = ("gpo", "mdm")
    return {
        "rules": rules(chance, 3, 1, doubtful=doubtful),
        **{f"{source}_rules": rules(chance, 1, 7, doubtful=doubtful) for source in sources},
        **{f"{source}_profiles": settings(chance) for source in sources},
    }


def resources() -> list[dict[str, Any]]:
    """What is asked of every host, in both directions."""
    found = []
    for direction, entry in product(("in", "out"), ASKED):
        told = "local_ports" if direction == "in" else "remote_ports"
        asked = {"name": entry["name"], "direction": direction, "protocol": "tcp", told: [str(port) for port in entry["ports"]], "profiles": ["domain"]}
        asked |= {"remote_addresses": entry["addresses"], "adopt": False} | ({"program": entry["program"]} if entry["program"] else {})
        found.append({"control": {"id": f"{direction}: {entry['name']}", "title": entry["name"]}, "firewall_rule": asked})
    return found


def passes(windows: Windows, direction: str, entry: dict[str, Any]) -> bool:
    """True if the host's firewall is on and lets every connection through that the rule is for."""
    inbound = direction == "in"
    ends = ((own, far) if inbound else (far, own) for own, far in product(entry["ports"], OTHER_PORTS))
    flows = (
        Flow(inbound, windows.address, local, address, remote, entry["program"] or ANY_PROGRAM)
        for (local, remote), address in product(list(ends), entry["addresses"] or (*ADDRESSES, NEIGHBOUR))
    )
    return filters(windows) and all(permits(windows, flow) for flow in flows)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts, each with all the rules that are asked for."""
    folder = tmp_path_factory.mktemp("flows")
    fleet: Path = folder / "fleet.yml"
    hosts = [
        {"name": name, "release": "2022", "address": f"127.42.0.{10 + number}", "options": {"firewall": options(name)}} for number, name in enumerate(HOSTS)
    ]
    account = {"name": "labadmin", "kind": "domain", "role": "administrator", "password": PASSWORD}
    document = {"domain": {"dns": "lab.test", "netbios": "LAB"}, "accounts": [account], "hosts": hosts}
    fleet.write_text(yaml.safe_dump(document), encoding="utf-8")
    with open_lab(folder, fleet) as opened:
        done = opened.play([task("it", "desired_state", resources=resources())])
        assert done.exit_code == 0, done.output
        yield opened


@pytest.fixture(scope="module")
def verdicts(lab: Lab) -> dict[str, dict[str, str]]:
    """By host and control."""
    found = lab.play([task("it", "desired_state", resources=resources())], check=True)
    return {name: {check["control"]: check["status"] for check in found.get("it", name).result["compliance"]["checks"]} for name in HOSTS}


@pytest.mark.parametrize("name", HOSTS)
def test_the_verdict_is_what_the_firewall_does(lab: Lab, verdicts: dict[str, dict[str, str]], name: str) -> None:
    """Compliant where all connections pass, ineffective where one does not; not told only where a rule has such conditions."""
    windows = lab.fleet.hosts[name].windows
    truth = {f"{direction}: {entry['name']}": passes(windows, direction, entry) for direction, entry in product(("in", "out"), ASKED)}
    expected = {control: "compliant" if well else "ineffective" for control, well in truth.items()}
    if name in DOUBTFUL:
        expected |= {control: "unknown" for control, verdict in verdicts[name].items() if verdict == "unknown"}
    assert verdicts[name] == expected, options(name)


def test_there_is_something_to_tell_apart(verdicts: dict[str, dict[str, str]]) -> None:
    """Many of each verdict, and no doubt on the hosts without such conditions."""
    plain, doubtful = ([verdict for name in names for verdict in verdicts[name].values()] for names in (PLAIN, DOUBTFUL))
    assert min(plain.count("compliant"), plain.count("ineffective")) > len(plain) / 4
    assert len(doubtful) / 2 > doubtful.count("unknown") > len(doubtful) / 20
