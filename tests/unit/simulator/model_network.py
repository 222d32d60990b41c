# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doubles for the tests of programs: a network with given ports and pages, and an input."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.windows import Account, Completed, Windows
from simulator.windows.context import SYSTEM, Context, Given
from simulator.windows.files import FileError
from simulator.windows.network import Alone, Connection, DownloadError
from unit.simulator.model_hosts import ADMIN, run


class Web(Alone):
    """A network of one name, with the ports and pages that a test gives it."""

    def __init__(self, host: Windows, ports: Mapping[int, Connection], pages: Mapping[str, bytes | DownloadError] | None = None) -> None:
        super().__init__(host)
        self._ports = ports
        self._pages = pages or {}

    def connect(self, source: Windows, target: str, port: int) -> Connection:
        return self._ports[port] if target == "srv" else "unknown"

    def read_share(self, source: Windows, account: Account, path: str) -> bytes:
        if account.sid != SYSTEM.sid:
            raise FileError(5, path)
        return b"from the share"

    def download(self, url: str) -> bytes:
        page = self._pages.get(url, DownloadError("unknown"))
        if isinstance(page, DownloadError):
            raise page
        return page


def filtered(target: Windows, image: str, arguments: str, stdin: bytes) -> Completed:
    """Run a program with an input."""
    with target.contexts.entered(Context(ADMIN, r"C:\t", stdin=Given(stdin))):
        return run(target, image, arguments)
