# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""A file that a play names, and how it comes to the host: an installer, or an archive that is opened on the controller.

The form of the path decides: `https://...` is downloaded by the controller, `\\server\share\x.exe` copied by the host as SYSTEM, `C:\...`
lies on the host, and everything else on the controller. A package has more to it, as the controller has to read it: `_msi_source`.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .._host import Host, batch_quote
from .._package import Cache, checksum, download, slots
from .._plan import ApplyFailed, BadRequest
from ._file_places import place_of

_COPY_SECONDS = 3600


class BroughtFile:
    """One file; `name` is its file name, `place` where it lies: web, share, host or controller."""

    def __init__(self, path: str, options: Mapping[str, Any]) -> None:
        """`options`: sha256, delivery, smb_port and concurrent_uploads.

        Raises:
            BadRequest: a hash is needed or is none, or the way of delivery has no meaning for this place.
        """
        self._options = options
        self._path = path
        self._sha256 = checksum(options["sha256"]) if options["sha256"] else ""
        self.place = place_of(path)
        batch_quote(path)
        self.name = unquote(urlsplit(path).path).rpartition("/")[2] if self.place == "web" else re.split(r"[\\/]", path)[-1]
        if self.place in ("web", "share") and not self._sha256:
            place = "web server" if self.place == "web" else "share"
            raise BadRequest(f"{self.name} comes from a {place} and needs sha256, so that nothing else is ever installed.")
        way = options["delivery"]
        if way == "host" and self.place not in ("share", "host"):
            raise BadRequest(f"delivery host means that {self.name} lies on the host or on a share; {path} is neither.")
        if self.place == "share" and way not in ("auto", "host"):
            raise BadRequest(f"The host itself fetches {path}, so delivery {way} has no meaning; copy the file to the controller for it.")

    def check(self) -> None:
        """Look at a file of the controller before anything is sent.

        Raises:
            BadRequest: it can't be read, or is not the one that is pinned.
        """
        if self.place == "controller":
            self._digest()

    def local(self) -> Path:
        """The file on the controller, with its hash compared; downloaded once if it comes from the web.

        Raises:
            BadRequest: it can't be read, is not the one that is pinned, or lies elsewhere.
        """
        if self.place == "web":
            return download(self._path, self._sha256, Cache())
        self._digest()
        return self._local()

    def bring(self, host: Host) -> str:
        """Bring the file to the host unless it is there; returns where it lies.

        Raises:
            BadRequest: the file is not there, or not the one that is pinned.
            ApplyFailed: the host does not take the file.
        """
        if self.place == "host":
            return self._verified(host, self._path.replace("/", "\\"))
        host.files.make_folder(host.staging)
        place = f"{host.staging}\\{self.name}"
        if self.place == "share":
            return self._copied(host, place)
        local = self.local()
        use_slots(host, self._options)
        delivery = host.files.deliver(local, place, self._sha256 or self._digest(), self._options["delivery"])
        host.tell(f"{self.name}: {delivery.describe()}")
        return place

    def tidy(self, host: Host, place: str) -> None:
        """Remove what was brought; a file that lies on the host is somebody's and stays."""
        if self.place != "host":
            host.files.remove(place)

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
        try:
            return Path(self._path).expanduser()
        except RuntimeError:
            raise BadRequest(f"There is no home folder for {self._path} on the controller; give the whole path.") from None

    def _digest(self) -> str:
        try:
            with self._local().open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise BadRequest(f"{self._path} can't be read on the controller: {error.strerror}.") from None
        if self._sha256 and found != self._sha256:
            raise BadRequest(f"{self._path} is not the file that sha256 names: it has {found}.")
        return found


def use_slots(host: Host, options: Mapping[str, Any]) -> None:
    """Let uploads to this host wait in the same queue as everybody's, and take this port for SMB."""
    host.files.use(smb_port=options["smb_port"], slots=lambda: slots(Cache().folder / ".slots", options["concurrent_uploads"]))
