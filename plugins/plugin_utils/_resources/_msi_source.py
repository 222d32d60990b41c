# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Where a package comes from, and how it gets to the host.

The form of `path` decides: `https://...` is downloaded by the controller, `\\server\share\x.msi` lies on a file server, `C:\...` on the
host itself, and everything else on the controller. The controller reads the package in any case, so that nobody has to type its codes.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from .._host import Host, batch_quote
from .._package import Cache, Package, check_hash, check_signer, download, read_package, recall, remember, slots
from .._plan import ApplyFailed, BadRequest
from ._file_places import Place, place_of

_FETCH_SECONDS = 3600


class Source(ABC):
    """A package file somewhere. `name` is its file name, `shown` where it lies, without passwords."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options`: path, sha256, signer, smb_port and, where the package is to be staged, delivery and concurrent_uploads."""
        self._options = options
        self._path: str = options["path"]
        self._sha256 = str(options["sha256"] or "").lower().strip()
        self._cache = Cache()
        self._package: Package | None = None
        self.name = re.split(r"[\\/]", self._path)[-1]
        self.shown = self._path

    def known(self) -> Package | None:
        """The package, if it can be read without asking any host."""
        return None

    def package(self, host: Host) -> Package:
        """The package, with its pins checked.

        Raises:
            BadRequest: it is no package, can't be read, or is not the one that is pinned.
        """
        if self._package is None:
            self._package = self._pinned(self.locate(host))
        return self._package

    @abstractmethod
    def locate(self, host: Host) -> Path:
        """The file on the controller, or a copy of it there."""

    def stage(self, host: Host, target: str) -> str:
        """Bring the package to `target` on the host unless it is there; returns where it lies.

        Raises:
            ApplyFailed: the host does not take it.
        """
        return self._deliver(host, target)

    def _deliver(self, host: Host, target: str) -> str:
        package = self.package(host)
        host.files.use(smb_port=self._options["smb_port"], slots=lambda: slots(self._cache.folder / ".slots", self._options["concurrent_uploads"]))
        delivery = host.files.deliver(package.path, target, package.sha256, self._options["delivery"])
        host.tell(f"{self.name}: {delivery.describe()}")
        return target

    def _pinned(self, path: Path) -> Package:
        package = read_package(path)
        if self._sha256:
            check_hash(package, self._sha256)
        if self._options["signer"]:
            check_signer(package, self._options["signer"])
        return package

    def _fetch_by_host(self, host: Host, target: str, command: str) -> str:
        """Let the host fetch the file as SYSTEM, which needs nobody's credentials, and take it only if it is the one."""
        package = self.package(host)
        if host.files.sha256(target) == package.sha256:
            host.tell(f"{self.name}: is on the host already")
            return target
        part = f"{target}.part"
        code = host.as_system([f"{command} {batch_quote(part)}"], _FETCH_SECONDS, f"fetch {self.name}")
        if code:
            raise ApplyFailed(f"{host.name} could not fetch {self.shown} as SYSTEM (exit code {code}); {self.hint}")
        if host.files.sha256(part) != package.sha256:
            host.files.remove(part)
            raise ApplyFailed(f"What {host.name} fetched from {self.shown} is not the package that the controller has read there; nothing was installed.")
        host.files.move(part, target)
        host.tell(f"{self.name}: fetched by the host itself")
        return target

    hint = ""


class ControllerFile(Source):
    """A file on the controller."""

    def known(self) -> Package | None:
        """It is read at once."""
        if self._package is None:
            self._package = self._pinned(self._file())
        return self._package

    def locate(self, host: Host) -> Path:
        """Where the play says."""
        return self._file()

    def _file(self) -> Path:
        try:
            return Path(self._path).expanduser()
        except RuntimeError:
            raise BadRequest(f"There is no home folder for {self._path} on the controller; give the whole path.") from None


class Download(Source):
    """A file on a web server; downloaded once into the controller's cache."""

    hint = "see whether the host reaches the address (its proxy for SYSTEM, its TLS settings), or leave delivery out."

    def __init__(self, options: Mapping[str, Any]) -> None:
        """As for every source."""
        super().__init__(options)
        parts = urlsplit(self._path)
        # Neither a token behind the question mark nor a password is part of a name or of a message.
        self.name = unquote(parts.path).rpartition("/")[2] or "package.msi"
        self.shown = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
        if not self._sha256:
            raise BadRequest(f"{self.name} comes from a web server and needs sha256, so that nothing else is ever installed.")

    def known(self) -> Package | None:
        """The controller's own copy."""
        if self._package is None:
            self._package = self._pinned(download(self._path, self._sha256, self._cache))
        return self._package

    def locate(self, host: Host) -> Path:
        """The controller's own copy."""
        return download(self._path, self._sha256, self._cache)

    def stage(self, host: Host, target: str) -> str:
        """From the controller, or by the host itself if that is asked for."""
        if self._options["delivery"] != "host":
            return self._deliver(host, target)
        # curl.exe came with Windows 10 1803 and Server 2019; BITS is older and everywhere.
        if host.system.version >= (10, 0, 17134):
            return self._fetch_by_host(host, target, f"curl.exe --fail --silent --show-error --location {batch_quote(self._path)} --output")
        return self._fetch_by_host(host, target, f"bitsadmin.exe /transfer uamops /download /priority foreground {batch_quote(self._path)}")


class Share(Source):
    """A file on a file server. The host copies it as SYSTEM, that is as its computer account, unless another way is asked for."""

    hint = "give its computer account (or Domain Computers) read access to the share, or use delivery smb or connection."

    def locate(self, host: Host) -> Path:
        """Read over SMB by the play's account, once for each version of the file."""
        if self._sha256 and (known := self._cache.find(self._sha256)):
            return known
        host.files.use(smb_port=self._options["smb_port"])
        with self._cache.lock(self._path):
            stamp = f"{self._path} {host.files.share_stamp(self._path)}"
            if known := recall(self._cache, stamp):
                return known
            with TemporaryDirectory(prefix="uamops-") as folder:
                host.files.read_share(self._path, copy := Path(folder) / self.name)
                kept = self._cache.add(copy, self.name)
            remember(self._cache, stamp, kept.parent.name)
            return kept

    def stage(self, host: Host, target: str) -> str:
        """By the host itself, unless another way is asked for."""
        if self._options["delivery"] not in ("auto", "host"):
            return self._deliver(host, target)
        return self._fetch_by_host(host, target, f"copy /b /y {batch_quote(self._path)}")


class HostFile(Source):
    """A file that lies on the host already."""

    def locate(self, host: Host) -> Path:
        """Fetched into the controller's cache, once for each content."""
        path = self._place(host)
        sha256 = host.files.sha256(path)
        if sha256 is None:
            raise BadRequest(f"There is no file {path} on {host.name}.")
        with self._cache.lock(sha256):
            if known := self._cache.find(sha256):
                return known
            host.files.use(smb_port=self._options["smb_port"])
            with TemporaryDirectory(prefix="uamops-") as folder:
                delivery = host.files.fetch(path, copy := Path(folder) / self.name)
                host.tell(f"{self.name}: {delivery.describe()}")
                return self._cache.add(copy, self.name, sha256)

    def stage(self, host: Host, target: str) -> str:
        """It lies there."""
        return self._place(host)

    def _place(self, host: Host) -> str:
        # msiexec would take a slash for the beginning of an option.
        return host.expand(self._path).replace("/", "\\")


def source_of(options: Mapping[str, Any]) -> Source:
    """The source that `path` means.

    Raises:
        BadRequest: there is no such source.
    """
    path: str = options["path"]
    place = place_of(path)
    if place in ("host", "controller") and options.get("delivery") == "host":
        raise BadRequest(f"delivery host means that the host fetches the package itself, from a share or an https address; {path} is neither.")
    return _SOURCES[place](options)


_SOURCES: Mapping[Place, type[Source]] = {"web": Download, "share": Share, "host": HostFile, "controller": ControllerFile}
