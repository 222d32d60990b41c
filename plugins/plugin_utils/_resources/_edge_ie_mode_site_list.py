# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The enterprise site list of Microsoft Edge's Internet Explorer mode, as a file on the host.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from .._host import Host, quote
from .._host._files import SMALL
from .._host._paths import checked, parent
from .._plan import BadRequest, Change, Resource, State
from ._site_list import SiteList, asked_sites, build, next_version, parse

# Lists with variables in their paths, which are known only after the first read: then they are asked for together.
_waiting: WeakKeyDictionary[Host, list[EdgeIeModeSiteList]] = WeakKeyDictionary()


class EdgeIeModeSiteList(Resource[Host]):
    """`sites`: what the file says of each site, in canonical order. The version is no part of the state: it only grows."""

    kind = "edge_ie_mode_site_list"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self.name: str = options["path"]
        self._path: str = self.name
        if "%" not in self.name:
            checked(self.name)
        self._sites = asked_sites(options["sites"]) if options["state"] == "present" else ()
        if len(build(self._sites, 10**9, datetime.now(UTC))) >= SMALL:
            raise BadRequest(
                f"{len(self._sites)} sites make a file of 20 kB or more, and this module writes smaller ones; put a list of that size on a web server."
            )
        self._found = SiteList((), 0)

    def expect(self, host: Host) -> None:
        """The file goes along with the registry's reads."""
        if "%" in self.name:
            host.expect_folders()
            _waiting.setdefault(host, []).append(self)
        else:
            self._expect_file(host)

    def read(self, host: Host) -> State | None:
        """The sites in the file; one that is no site list has none.

        Raises:
            BadRequest: the path is none, or what is there can't be read.
        """
        for other in _waiting.pop(host, []):
            other._expect_file(host)
        path = self._resolve(host)
        text = host.registry.command(_type(path))
        self._found = SiteList((), 0)
        if text is None:
            if host.files.exists([path])[path]:
                raise BadRequest(f"{path} on {host.name} can't be read as a file; if it is a folder, give another path.")
            return None
        self._found = parse(text)
        return {"sites": tuple(map(str, self._found.sites or ())) or None, "damaged": self._found.sites is None}

    def want(self, have: State | None) -> State | None:
        """Exactly the sites that are asked for: the file is ours."""
        return {"sites": tuple(map(str, self._sites)), "damaged": False} if self._sites else None

    def apply(self, host: Host, change: Change) -> None:
        """Write the file beside the old one and move it there, so that nobody reads half of it; or delete it. Its folder stays."""
        path = self._resolve(host)
        if change.after is None:
            host.files.remove(path)
            return
        self._make_folder(host, parent(path))
        now = datetime.now(UTC)
        host.files.write_small(f"{path}.new", build(self._sites, next_version(self._found.version, now), now))
        host.files.move(f"{path}.new", path)

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """The version, by which one sees what Edge has taken (edge://compat/enterprise)."""
        if have is None or self._found.sites is None:
            return ()
        return (f"its version is {self._found.version}",)

    def _make_folder(self, host: Host, folder: str) -> None:
        """A new folder is readable for users and writable for administrators; one that is there keeps its rights."""
        if folder.endswith(":") or host.files.exists([folder])[folder]:
            return
        host.files.make_folder(folder)
        rights = '"*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-32-545:(OI)(CI)RX"'
        host.must_run("icacls.exe", f"{quote(folder)} /inheritance:r /grant:r {rights}", f"protect {folder}")

    def _resolve(self, host: Host) -> str:
        self._path = checked(host.expand(self.name) if "%" in self.name else self.name)
        return self._path

    def _expect_file(self, host: Host) -> None:
        path = self._resolve(host)
        host.registry.expect_command(_type(path))
        host.files.expect([path, *([parent(path)] if path.count("\\") > 1 else [])])


def _type(path: str) -> str:
    return f"type {quote(path)}"
