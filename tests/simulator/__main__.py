# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line: start, stop, counters, journal and reset-counters (README.md)."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from urllib.error import URLError

from .control import Control, ask
from .fleet import FleetError, load_fleet
from .running import RunningFleet, serve

STOP_SECONDS = 15.0


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (FleetError, OSError) as exc:
        print(f"simulator: {exc}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m simulator", description="Simulated Windows hosts that speak WS-Management.")
    commands = top.add_subparsers(required=True)
    start = commands.add_parser("start", help="serve a fleet in the foreground until SIGTERM")
    start.add_argument("fleet", type=Path)
    start.add_argument("--control-port", type=int, default=0, help="port on 127.0.0.1 (default: any free one, written to state.json)")
    start.set_defaults(run=run_fleet)
    for name, run, text in (
        ("stop", stop, "end a running fleet"),
        ("counters", lambda options: show(options, "/counters"), "print counters as JSON"),
        ("reset-counters", reset, "set the counters to zero and clear the journals"),
    ):
        commands.add_parser(name, help=text).set_defaults(run=run)
    journal = commands.add_parser("journal", help="print the journals of writes as JSON")
    journal.add_argument("--host")
    journal.set_defaults(run=lambda options: show(options, f"/journal?host={options.host}" if options.host else "/journal"))
    for command in commands.choices.values():
        command.add_argument("--state", type=Path, required=True, metavar="DIR", help="folder with ca.pem and state.json")
    return top


def run_fleet(options: argparse.Namespace, beside: Callable[[RunningFleet], AbstractContextManager[None]] = lambda _running: nullcontext()) -> int:
    """Serve until SIGTERM, SIGINT or /shutdown; what ``beside`` enters runs as long as the fleet."""
    fleet = load_fleet(options.fleet)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    options.state.mkdir(parents=True, exist_ok=True)
    with serve(fleet, folder=options.state) as running, beside(running):
        control = Control(running, options.control_port, ended.set)
        control.start()
        write_state(options.state, running, control.url)
        for name, host in running.hosts.items():
            print(f"{name}: Windows {host.windows.release} {host.windows.language} {host.http_url} {host.https_url}", flush=True)
        ended.wait()
        control.stop()
    (options.state / "state.json").unlink(missing_ok=True)
    return 0


def write_state(folder: Path, running: RunningFleet, control: str) -> None:
    """Write state.json: pid, control URL, CA file and the hosts; appears all at once."""
    hosts = {
        name: {
            "address": host.address,
            "http_port": host.http_port,
            "https_port": host.https_port,
            "http_url": host.http_url,
            "https_url": host.https_url,
            "release": host.windows.release,
            "language": host.windows.language,
            "fqdn": host.windows.fqdn,
        }
        for name, host in running.hosts.items()
    }
    certificates = {name: {"cert": str(cert), "key": str(key)} for name, (cert, key) in running.client_certificates.items()}
    document = {"pid": os.getpid(), "control": control, "ca_file": str(running.ca_file), "client_certificates": certificates, "hosts": hosts}
    temporary = folder / "state.json.new"
    temporary.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    temporary.replace(folder / "state.json")


def read_state(folder: Path) -> dict[str, Any]:
    """The state of a running fleet; raises FileNotFoundError in plain words."""
    path = folder / "state.json"
    if not path.exists():
        raise FileNotFoundError(f"no fleet is running with --state {folder} (there is no {path.name})")
    state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return state


def show(options: argparse.Namespace, path: str) -> int:
    """Print one document of the control endpoint."""
    print(json.dumps(ask(read_state(options.state)["control"], path), indent=2, ensure_ascii=False))
    return 0


def reset(options: argparse.Namespace) -> int:
    """Reset counters and journals."""
    ask(read_state(options.state)["control"], "/reset-counters", post=True)
    return 0


def stop(options: argparse.Namespace) -> int:
    """Ask the process to end and wait until it has."""
    state = read_state(options.state)
    try:
        ask(state["control"], "/shutdown", post=True)
    except URLError:
        # Nobody listens there any more: the process ended without tidying up.
        (options.state / "state.json").unlink(missing_ok=True)
        return 0
    deadline = time.monotonic() + STOP_SECONDS
    while (options.state / "state.json").exists():
        if time.monotonic() > deadline:
            print(f"simulator: process {state['pid']} does not end", file=sys.stderr)
            return 1
        time.sleep(0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
