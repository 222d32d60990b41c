# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""The .NET Framework's offline installer: where it lies, and its run.

As with a package, the form of the path decides: `https://...` is downloaded by the controller, `\\server\share\x.exe` copied by the host
as SYSTEM, `C:\...` lies on the host, and everything else on the controller.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._host import Host, batch_quote, check_arguments
from .._package import Cache, checksum, download, slots
from .._plan import ApplyFailed, BadRequest
from ._file_places import place_of

_COPY_SECONDS = 3600


class DotnetInstaller:
    """One installer file; `name` is its file name."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them, `installer` among them."""
        self._options = options
        self._path: str = options["installer"]
        self._arguments: str = options["arguments"]
        self._sha256 = checksum(options["sha256"]) if options["sha256"] else ""
        self.name = re.split(r"[\\/]", self._path)[-1]
        self._place = place_of(self._path)
        check_arguments(self._arguments)
        batch_quote(self._path)
        if self._place in ("web", "share") and not self._sha256:
            place = "web server" if self._place == "web" else "share"
            raise BadRequest(f"{self.name} comes from a {place} and needs sha256, so that nothing else is ever installed.")
        way = options["delivery"]
        if way == "host" and self._place not in ("share", "host"):
            raise BadRequest(f"delivery host means that {self.name} lies on the host or on a share; {self._path} is neither.")
        if self._place == "share" and way not in ("auto", "host"):
            raise BadRequest(f"The host itself fetches {self._path}, so delivery {way} has no meaning; copy the file to the controller for it.")

    def check(self) -> None:
        """Look at a file of the controller before anything is sent.

        Raises:
            BadRequest: it can't be read, or is not the one that is pinned.
        """
        if self._place == "controller":
            self._digest()

    def run(self, host: Host, purpose: str) -> int:
        """Bring the file to the host unless it is there, run it as SYSTEM, and return its exit code.

        Raises:
            BadRequest: the file is not there, or not the one that is pinned.
            ApplyFailed: the host does not take the file, or the installer did not end in time.
        """
        place = self._bring(host)
        code = host.as_system([f"{batch_quote(place)} {self._arguments}"], self._options["time_limit"], purpose)
        # What failed stays for the next run, which then has nothing to send.
        if self._place != "host" and code in (0, 1641, 3010):
            host.files.remove(place)
        return code

    def _bring(self, host: Host) -> str:
        if self._place == "host":
            return self._verified(host, self._path.replace("/", "\\"))
        host.files.make_folder(host.staging)
        place = f"{host.staging}\\{self.name}"
        if self._place == "share":
            return self._copied(host, place)
        local = download(self._path, self._sha256, Cache()) if self._place == "web" else self._local()
        host.files.use(smb_port=self._options["smb_port"], slots=lambda: slots(Cache().folder / ".slots", self._options["concurrent_uploads"]))
        delivery = host.files.deliver(local, place, self._sha256 if self._place == "web" else self._digest(), self._options["delivery"])
        host.tell(f"{self.name}: {delivery.describe()}")
        return place

    def _copied(self, host: Host, place: str) -> str:
        code = host.as_system([f"copy /b /y {batch_quote(self._path)} {batch_quote(place)}"], _COPY_SECONDS, f"fetch {self.name}")
        if code:
            raise ApplyFailed(
                f"{host.name} could not fetch {self._path} as SYSTEM (exit code {code}); give its computer account (or Domain Computers) "
                "read access to the share, or copy the file to the controller."
            )
        try:
            return self._verified(host, place)
        except BadRequest:
            host.files.remove(place)
            raise

    def _verified(self, host: Host, place: str) -> str:
        found = host.files.sha256(place)
        if found is None:
            raise BadRequest(f"There is no file {place} on {host.name}.")
        if self._sha256 and found != self._sha256:
            raise BadRequest(f"{place} on {host.name} is not the file that sha256 names: it has {found}.")
        return place

    def _local(self) -> Path:
        return Path(self._path).expanduser()

    def _digest(self) -> str:
        try:
            with self._local().open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise BadRequest(f"The installer {self._path} can't be read on the controller: {error.strerror}.") from None
        if self._sha256 and found != self._sha256:
            raise BadRequest(f"{self._path} is not the file that sha256 names: it has {found}.")
        return found
