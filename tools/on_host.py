# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one Windows command on a simulated host, as a tool that knows nothing of this collection would: by pywinrm, through cmd.exe.

Use: ``python tools/on_host.py [--state FOLDER] HOST COMMAND...``. Prints what the command prints and ends with its exit code.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import lab
from winrm.protocol import Protocol

UTF_8 = 65001
# The administrator of the simulated fleets, which listen on loopback addresses only.
USER, PASSWORD = "LAB\\labadmin", "Lab-Passw0rd!"


def session(host: str, state: Path) -> Any:
    """pywinrm's protocol object for a host of the running lab, over HTTPS with validation.

    Raises:
        LabError: the lab doesn't run or has no such host.
    """
    try:
        hosts = json.loads((state / "state.json").read_text())["hosts"]
        endpoint = hosts[host]["https_url"]
    except FileNotFoundError:
        raise lab.LabError("The lab is not running.") from None
    except KeyError:
        raise lab.LabError(f"The lab has no host {host}.") from None
    return Protocol(endpoint, transport="ntlm", username=USER, password=PASSWORD, server_cert_validation="validate", ca_trust_path=str(state / "ca.pem"))


def run(host: str, command: str, state: Path = lab.STATE) -> tuple[str, str, int]:
    """Standard output, standard error and exit code of a command line that cmd.exe runs on the host."""
    protocol = session(host, state)
    shell = protocol.open_shell(codepage=UTF_8)
    try:
        started = protocol.run_command(shell, command)
        output, errors, code = protocol.get_command_output(shell, started)
        protocol.cleanup_command(shell, started)
    finally:
        protocol.close_shell(shell)
    return output.decode(), errors.decode(), code


def main() -> int:
    """Do what the command line asks; the command's own exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=lab.STATE)
    parser.add_argument("host")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    try:
        output, errors, code = run(arguments.host, " ".join(arguments.command), arguments.state)
    except lab.LabError as error:
        print(error, file=sys.stderr)
        return 1
    print(output, end="")
    print(errors, end="", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
