# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and stop the simulated fleet of inventories/lab in the background.

Use: ``python tools/lab.py start|stop [--state FOLDER] [--fleet FILE]``. The state folder gets the certificate authority, state.json and the log.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FLEET = ROOT / "tests/simulator/fleets/lab.yml"
STATE = ROOT / ".lab"
START_SECONDS = 30.0

HOW_TO_USE = """\
The lab is running. Its hosts listen on loopback addresses only; inventories/lab describes them and is the default inventory.

Try it (put the environment's commands into your path first: source {bin}/activate):

  ansible-playbook playbooks/site.yml --check --diff    what differs from the required state
  ansible-playbook playbooks/site.yml                   bring the fleet to the required state
  python -m simulator counters --state {state}             messages, bytes and connections of each host
  python -m simulator journal --state {state}              every change that was made to a host
                                                        (these two with PYTHONPATH=tests)
  make lab-stop                                         stop it
"""


class LabError(Exception):
    """The lab can't be started or stopped; the text is one sentence for a person."""


def simulator(*arguments: str, state: Path = STATE) -> subprocess.CompletedProcess[str]:
    """Run the simulator's command line to its end and return its output."""
    return subprocess.run([*_command(), *arguments, "--state", str(state)], env=_environment(), capture_output=True, text=True, check=False)


def ask(verb: str, state: Path = STATE) -> dict[str, Any]:
    """What ``counters`` or ``journal`` says.

    Raises:
        LabError: the lab doesn't answer.
    """
    done = simulator(verb, state=state)
    if done.returncode:
        raise LabError(f"The lab does not answer {verb}: {done.stderr.strip() or done.stdout.strip()}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def running(state: Path = STATE) -> bool:
    """Whether the lab of this state folder is alive and answers."""
    return (state / "state.json").exists() and simulator("counters", state=state).returncode == 0


def start(state: Path = STATE, fleet: Path = FLEET) -> None:
    """Start the fleet in a process of its own and return when every host listens.

    Raises:
        LabError: it runs already, it ended at once, or it took too long.
    """
    if running(state):
        raise LabError("The lab is already running; stop it first: make lab-stop")
    state.mkdir(parents=True, exist_ok=True)
    (state / "state.json").unlink(missing_ok=True)
    # New hosts have no files of those before them.
    for leftover in ("hosts", "smb"):
        shutil.rmtree(state / leftover, ignore_errors=True)
    with (state / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tools/serve_lab.py"), "--fleet", str(fleet), "--state", str(state)],
            env=_environment(),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    _wait(process, state)


def stop(state: Path = STATE) -> None:
    """End the fleet.

    Raises:
        LabError: it doesn't run.
    """
    if not running(state):
        raise LabError("The lab is not running.")
    done = simulator("stop", state=state)
    if done.returncode:
        raise LabError(f"The lab did not stop: {done.stderr.strip()}")


def _command() -> list[str]:
    return [sys.executable, "-m", "simulator"]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "tests"), "PYTHONUNBUFFERED": "1"}


def _wait(process: subprocess.Popen[bytes], state: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not running(state):
        if process.poll() is not None:
            said = (state / "log").read_text().strip()
            hint = "\nA lab of another checkout may be running; stop it there: make lab-stop" if f"[Errno {errno.EADDRINUSE}]" in said else ""
            raise LabError(f"The lab ended at once with code {process.returncode}:\n{said}{hint}")
        if time.monotonic() > end:
            process.terminate()
            raise LabError(f"The lab was not ready after {START_SECONDS:.0f} seconds:\n{(state / 'log').read_text().strip()}")
        time.sleep(0.1)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=["start", "stop"])
    parser.add_argument("--state", type=Path, default=STATE)
    parser.add_argument("--fleet", type=Path, default=FLEET)
    parser.add_argument("--brief", action="store_true", help="do not say how to use the lab")
    return parser.parse_args()


def main() -> int:
    """Do what the command line asks; 1 if that is impossible."""
    arguments = _parse()
    state: Path = arguments.state.resolve()
    try:
        if arguments.verb == "start":
            start(state, arguments.fleet.resolve())
            shown = state.relative_to(ROOT) if state.is_relative_to(ROOT) else state
            print((state / "log").read_text().strip())
            if not arguments.brief:
                print(HOW_TO_USE.format(state=shown, bin=Path(sys.executable).parent))
        else:
            stop(state)
            print("The lab is stopped.")
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
