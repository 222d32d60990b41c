# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab in the background: what a person is told when it can't be had."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FLEET = """\
accounts: [{name: admin, role: administrator, password: Lab-Passw0rd!}]
hosts: [{name: one, release: "2022", address: 127.44.0.10}]
"""


def lab(verb: str, folder: Path, fleet: Path) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = [sys.executable, str(ROOT / "tools" / "lab.py"), verb, "--brief", "--state", str(folder), "--fleet", str(fleet)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_second_lab_is_told_of_the_first(tmp_path: Path) -> None:
    """By its folder, or, if it is another checkout's, by the addresses that it has."""
    fleet = tmp_path / "fleet.yml"
    fleet.write_text(FLEET, encoding="utf-8")
    first, second = tmp_path / "first", tmp_path / "second"
    done = lab("start", first, fleet)
    assert done.returncode == 0, done.stderr
    try:
        again, elsewhere = lab("start", first, fleet), lab("start", second, fleet)
    finally:
        stopped = lab("stop", first, fleet)
    assert (again.returncode, again.stderr) == (1, "The lab is already running; stop it first: make lab-stop\n")
    assert elsewhere.returncode == 1
    assert elsewhere.stderr.endswith("\nA lab of another checkout may be running; stop it there: make lab-stop\n"), elsewhere.stderr
    assert stopped.stdout == "The lab is stopped.\n"
    assert lab("stop", first, fleet).stderr == "The lab is not running.\n"
