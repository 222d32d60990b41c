# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve a simulated fleet in the foreground until SIGTERM, with its drives over SMB where this machine can do that.

Use: ``python tools/serve_lab.py --state FOLDER --fleet FILE`` (``tools/lab.py`` starts it). The folder also gets a stand-in for Microsoft's
offline installer of .NET Framework 4.8, and one for the vendor's archive with the codec.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integration.samba import serve_smb, unavailable
from simulator import codec_archive
from simulator.__main__ import run_fleet
from simulator.fleet import FleetError
from simulator.running import RunningFleet

# inventories/lab names it too: agent_smb_port.
SMB_PORT = 15445
DOTNET_INSTALLER = "ndp48-x86-x64-allos-enu.exe"
CODEC = "ScreenPressorNetwrix.zip"


@contextmanager
def smb(running: RunningFleet, folder: Path) -> Iterator[None]:
    """Share the hosts' drives, or say why not: files then go through the connection."""
    if reason := unavailable():
        print(f"Administrative shares: not served ({reason}); files go through the connection", flush=True)
        yield
        return
    with serve_smb([host.windows for host in running.hosts.values()], folder, SMB_PORT):
        print(f"Administrative shares: C$ and ADMIN$ of every host, by Samba on port {SMB_PORT}", flush=True)
        yield


def main() -> int:
    """Run until a signal; 1 if the fleet can't be served."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--fleet", type=Path, required=True)
    options = parser.parse_args(namespace=argparse.Namespace(control_port=0))
    state: Path = options.state
    (state / DOTNET_INSTALLER).write_bytes(b"NDP48-STANDIN: what the simulated hosts take for the installer of .NET Framework 4.8\n")
    codec_archive.write(state / CODEC)
    try:
        return run_fleet(options, lambda running: smb(running, state / "smb"))
    except (FleetError, OSError, RuntimeError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
