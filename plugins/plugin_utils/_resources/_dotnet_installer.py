# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .NET Framework's offline installer, and its run.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._host import Host, batch_quote, check_arguments
from ._brought_file import BroughtFile


class DotnetInstaller:
    """One installer file; `name` is its file name."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them, `installer` among them."""
        self._arguments: str = options["arguments"]
        self._time_limit: float = options["time_limit"]
        check_arguments(self._arguments)
        self._file = BroughtFile(options["installer"], options)
        self.name = self._file.name

    def check(self) -> None:
        """Look at a file of the controller before anything is sent.

        Raises:
            BadRequest: it can't be read, or is not the one that is pinned.
        """
        self._file.check()

    def run(self, host: Host, purpose: str) -> int:
        """Bring the file to the host unless it is there, run it as SYSTEM, and return its exit code.

        Raises:
            BadRequest: the file is not there, or not the one that is pinned.
            ApplyFailed: the host does not take the file, or the installer did not end in time.
        """
        place = self._file.bring(host)
        code = host.as_system([f"{batch_quote(place)} {self._arguments}"], self._time_limit, purpose)
        # What failed stays for the next run, which then has nothing to send.
        if code in (0, 1641, 3010):
            self._file.tidy(host, place)
        return code
