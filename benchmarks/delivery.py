# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a package comes from the controller to many hosts: over SMB (a real smbd) and through the connection (simulated hosts).

Everything runs on this machine, so hosts and controller share its processors; what counts is the ratio, and what the controller itself spends.
Nothing is asserted. `--hosts`, `--megabytes` and `--forks` choose the size; the connection's own copy is tried on fewer hosts.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import simulator
import yaml
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Delivery, Host, SmbOptions
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Client, transport_from
from integration.samba import serve_smb, unavailable

PACKAGE = Path(simulator.__file__).parent / "packages" / "UACoreSvcSetup-10.7.0.msi"
USER, PASSWORD = "LAB\\labadmin", "Lab-Passw0rd!"
SLOW_HOSTS = 5


@dataclass(frozen=True)
class Job:
    """One file to one host."""

    address: str
    port: int
    ca_file: str
    smb_port: int
    way: str
    file: Path
    sha256: str


@dataclass(frozen=True)
class Result:
    """`cpu` in seconds of the controller's process."""

    delivery: Delivery
    messages: int
    cpu: float


def deliver(job: Job) -> Result:
    """What an Ansible worker does for one host."""
    before = _cpu()
    options = {"remote_addr": job.address, "port": job.port, "remote_user": USER, "remote_password": PASSWORD, "transport": ["ntlm"]}
    extras = {"_extras": {"ansible_winrm_ca_trust_path": job.ca_file}}
    host = Host(Client(transport_from("winrm", {**options, **extras})), job.address, SmbOptions(job.address, job.smb_port, USER, PASSWORD))
    try:
        host.files.make_folder(host.staging)
        delivery = host.files.deliver(job.file, f"{host.staging}\\package.msi", job.sha256, job.way)
        return Result(delivery, host.client.statistics.messages, _cpu() - before)
    finally:
        host.close()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _fleet(count: int) -> dict[str, Any]:
    return {
        "domain": {"dns": "lab.test", "netbios": "LAB"},
        "accounts": [{"name": "labadmin", "kind": "domain", "role": "administrator", "password": PASSWORD}],
        "hosts": [],
        "generate": {"count": count, "prefix": "pc", "first_address": "127.30.0.1", "release": ["2022", "10"], "language": ["en-US", "de-DE"], "options": {}},
    }


def _package(folder: Path, megabytes: int) -> Path:
    """The stand-in for the agent's package, as large as the real one: what follows a compound file's end is ignored by its readers."""
    path = folder / "package.msi"
    content = PACKAGE.read_bytes()
    path.write_bytes(content + os.urandom(max(0, megabytes * 1_000_000 - len(content))))
    return path


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _lab(folder: Path, count: int) -> Iterator[tuple[Any, int]]:
    fleet = folder / "fleet.yml"
    fleet.write_text(yaml.safe_dump(_fleet(count)), encoding="utf-8")
    port = _free_port()
    with simulator.serve(simulator.load_fleet(fleet).with_ports(0, 0), folder=folder / "fleet") as served:
        hosts = [host.windows for host in served.hosts.values()]
        with serve_smb(hosts, folder / "smb", port):
            yield served, port


def measure(jobs: Sequence[Job], forks: int) -> tuple[float, list[Result]]:
    """Run all jobs, at most `forks` at a time; returns the seconds that it took, and the results."""
    with ProcessPoolExecutor(forks, mp_context=get_context("spawn")) as pool:
        # The workers' start is not what is measured.
        list(pool.map(abs, range(forks)))
        began = time.monotonic()
        results = list(pool.map(deliver, jobs))
        return time.monotonic() - began, results


def _print(way: str, seconds: float, results: Sequence[Result]) -> None:
    count = len(results)
    megabytes = sum(result.delivery.bytes for result in results) / 1e6
    messages = sum(result.messages for result in results) / count
    cpu = sum(result.cpu for result in results) / count
    print(f"{way:<14}{count:>6}{megabytes:>10.0f}{seconds:>9.1f}{megabytes / seconds:>10.1f}{cpu:>14.2f}{messages:>13.0f}")


def main() -> int:
    """Print one line for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--megabytes", type=int, default=12)
    parser.add_argument("--forks", type=int, default=10)
    arguments = parser.parse_args()
    if reason := unavailable():
        print(f"The copy over SMB can't be measured here: {reason}.")
        return 1
    print(f"A package of {arguments.megabytes} MB, {arguments.forks} hosts at a time\n")
    print(f"{'way':<14}{'hosts':>6}{'MB':>10}{'seconds':>9}{'MB/s':>10}{'CPU s a host':>14}{'WS messages':>13}")
    with tempfile.TemporaryDirectory() as temporary, _lab(Path(temporary), arguments.hosts) as (served, port):
        file = _package(Path(temporary), arguments.megabytes)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        hosts = list(served.hosts.values())
        for way, chosen in (("smb", hosts), ("connection", hosts[:SLOW_HOSTS])):
            for host in chosen:
                target = host.windows.files
                if target.exists("C:\\Windows\\uamops\\package.msi"):
                    target.remove("C:\\Windows\\uamops\\package.msi")
            jobs = [Job(host.address, host.https_port, str(served.ca_file), port, way, file, digest) for host in chosen]
            _print(way, *measure(jobs, arguments.forks))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
