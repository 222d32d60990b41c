# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A codec of Video for Windows, which 64-bit and 32-bit programs each need for themselves.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._host import Host
from .._plan import BadRequest, Change, Resource, State
from ._codec_archive import NARROW, WIDE
from ._codec_package import CodecPackage

_DRIVERS = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Drivers32"
_DRIVERS_NARROW = "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows NT\\CurrentVersion\\Drivers32"


class VideoCodec(Resource[Host]):
    """`64-bit` and `32-bit`: the driver file that is registered for such programs, None for none; 32-bit Windows has the one only."""

    kind = "video_codec"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._drivers: list[str] = [name.strip().lower() for name in options["drivers"] if name.strip()]
        if not self._drivers:
            raise BadRequest("Give at least one value of Drivers32 in drivers, such as vidc.spv1.")
        self.name = " or ".join(self._drivers)
        self._package = CodecPackage(options) if options["package"] else None
        self._keys: dict[str, str] = {}

    def expect(self, host: Host) -> None:
        """Both keys go with the others in one command."""
        host.registry.expect(_DRIVERS)
        host.registry.expect(_DRIVERS_NARROW)

    def read(self, host: Host) -> State | None:
        """The registered drivers; None if there is no such driver at all."""
        self._keys = {WIDE: _DRIVERS, NARROW: _DRIVERS_NARROW} if host.system.bits == 64 else {NARROW: _DRIVERS}
        found = {view: self._driver(host, path) for view, path in self._keys.items()}
        return found if any(found.values()) else None

    def want(self, have: State | None) -> State | None:
        """A driver in each view; which file it is does not matter."""
        if self.awaits_restart:
            return have
        return {view: (have or {}).get(view) or "present" for view in self._keys}

    def check(self, host: Host, change: Change) -> None:
        """The package is looked at before anything is written."""
        if self._package:
            self._package.check(_missing(change))

    def lacks(self, host: Host, change: Change) -> str | None:
        """The package, if none is given."""
        if not change.changed or self._package:
            return None
        return (
            f"{host.name} lacks the codec {self.name} for {' and '.join(_missing(change))} programs; give package, the vendor's archive "
            "https://www.netwrix.com/download/ScreenPressorNetwrix.zip, or install it by other means."
        )

    def apply(self, host: Host, change: Change) -> None:
        """Install it for the programs that lack it."""
        if self._package and self._package.install(host, _missing(change)):
            self.awaits_restart = True
            host.await_restart(f"the codec of {self._package.name} takes effect when {host.name} has been restarted")

    def _driver(self, host: Host, path: str) -> str | None:
        key = host.registry.key(path)
        data = (key.data(name) for name in self._drivers) if key else ()
        return next((str(driver) for driver in data if driver), None)


def _missing(change: Change) -> tuple[str, ...]:
    """The views that lack it, in the order of the state."""
    return tuple(view for view in change.after or {} if not (change.before or {}).get(view))
