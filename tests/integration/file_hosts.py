# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of files share: hosts of a simulated fleet as the collection sees them, and files to send."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Host, SmbOptions
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Client, Transport, transport_from

from .harness import HERE, PASSWORD

FLEET = HERE / "fleets" / "files.yml"
ACCOUNT = "LAB\\labadmin"
TEMP = r"C:\Windows\Temp"
TARGET = rf"{TEMP}\agent.msi"
AWKWARD = rf"{TEMP}\Netwrix Agent (new) & Größe+x.msi"


@dataclass
class Watched:
    """A connection that calls `before` with the number of each message and its bytes, which may raise or change the host."""

    inner: Transport
    before: Callable[[int, bytes], None]
    sent: int = field(default=0)

    def send(self, message: bytes) -> bytes:
        self.sent += 1
        self.before(self.sent, message)
        return self.inner.send(message)

    def close(self) -> None:
        self.inner.close()

    @property
    def endpoint(self) -> str:
        return self.inner.endpoint


@contextmanager
def opened(fleet: Any, name: str, smb: SmbOptions | None = None, before: Callable[[int, bytes], None] | None = None, **options: Any) -> Iterator[Host]:
    """One host; `before` watches its connection."""
    served = fleet.hosts[name]
    transport = transport_from(
        "winrm",
        {
            "remote_addr": served.address,
            "port": served.https_port,
            "scheme": "https",
            "transport": ["ntlm"],
            "remote_user": ACCOUNT,
            "remote_password": PASSWORD,
            "_extras": {"ansible_winrm_ca_trust_path": str(fleet.ca_file)},
        },
    )
    host = Host(Client(Watched(transport, before) if before else transport), name, smb, **options)
    try:
        yield host
    finally:
        host.close()


@dataclass(frozen=True)
class Sample:
    """A file on the controller with its content and hash."""

    path: Path
    data: bytes
    sha256: str


def sample(folder: Path, size: int, seed: int = 1) -> Sample:
    """A file of random bytes, the same for the same size and seed."""
    data = random.Random(seed * 1_000_003 + size).randbytes(size)
    path = folder / f"{size}-{seed}.msi"
    path.write_bytes(data)
    return Sample(path, data, hashlib.sha256(data).hexdigest())
