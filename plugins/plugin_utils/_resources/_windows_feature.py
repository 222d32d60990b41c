# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A feature of Windows, or a capability, by DISM.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._host import Host, quote
from .._plan import ApplyFailed, BadRequest, Change, Override, Resource, State
from . import _feature_target as target
from ._feature_codes import CORRUPT, DONE, RESTART, sentence, shown
from ._feature_table import NEUTRAL, Row

# What DISM's own names are made of; so none of them needs quotation marks.
_NAME = re.compile(r"[\w.~-]+", re.ASCII)
# /all came with Windows 8 and Server 2012 (surface 5.2).
_ALL = (6, 2)


class WindowsFeature(Resource[Host]):
    """`state`: enabled, disabled, or not applicable where the release has nothing to switch under this name."""

    kind = "windows_feature"
    may_restart = True

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        asked: str = options["name"]
        self.name = asked.lower() if asked.lower() in NEUTRAL else asked
        if not _NAME.fullmatch(asked):
            raise BadRequest(f"{asked!r} is no name of a Windows feature; give one of {', '.join(NEUTRAL)}, or a name of DISM, one for each resource.")
        self._wanted = "enabled" if options["state"] == "present" else "disabled"
        self._source = "".join(f" /source:{quote(source.rstrip(chr(92)))}" for source in options["source"]) + (
            " /limitaccess" if options["limit_access"] else ""
        )
        self._sources = bool(options["source"])
        self._parents: bool = options["include_parents"]
        self._repair: bool = options["repair"]
        self._time_limit: int = options["time_limit"]
        self._row = Row(0, 0, ())
        self._states: Mapping[str, str] = {}

    def expect(self, host: Host) -> None:
        """One list of all features goes along with the registry's reads, if it is needed whatever the edition."""
        target.expect(host, self.name)

    def read(self, host: Host) -> State | None:
        """Enabled if all that the name stands for is; what waits for a restart counts as it will be."""
        row = target.resolve(host, self.name)
        # What a feature builds on comes with it, and does not go with it: others may need it.
        self._row = replace(row, features=row.features[-1:]) if self._wanted == "disabled" else row
        if self._row.reason:
            return {"state": "not applicable"}
        self._states = target.states(host, self._row)
        for name, state in self._states.items():
            if state in target.PENDING:
                host.await_restart(_waits(host, name))
        return {"state": "enabled" if self._is("enabled") else "disabled" if self._is("disabled") else "partly enabled"}

    def want(self, have: State | None) -> State | None:
        """What is asked for, where there is something to switch."""
        return have if have == {"state": "not applicable"} else {"state": self._wanted}

    def apply(self, host: Host, change: Change) -> None:
        """Switch those that differ, in the order of the table, and back to front when they are to go."""
        names = [name for name, state in self._states.items() if (state in target.ENABLED) != (self._wanted == "enabled")]
        for name in names if self._wanted == "enabled" else reversed(names):
            self._switch(host, name)

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Why there is nothing to do."""
        return (self._row.reason,) if self._row.reason and not self._missing else ()

    def warnings(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Where its files are going to come from."""
        if self._missing or self._wanted == "disabled" or self._sources:
            return ()
        gone = [name for name, state in self._states.items() if state in (target.REMOVED, "not present", "removed")]
        return tuple(f"the files of {name} are not on the host: Windows will ask Windows Update or WSUS for them; give source if it can't" for name in gone)

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """What the host can't have, and what waits for a restart."""
        if self._missing:
            return (Override(self.name, "not there", "not there", self._row.reason, "use another host, or do without"),)
        return tuple(
            Override(name, f"to be {self._wanted}", f"not {self._wanted} before a restart", f"{name} waits for a restart of the host", "restart it")
            for name, state in self._states.items()
            if state in target.PENDING
        )

    @property
    def _missing(self) -> bool:
        """True if the host can't have what is asked for."""
        return self._row.lacking and self._wanted == "enabled"

    def _is(self, state: str) -> bool:
        return all((found in target.ENABLED) == (state == "enabled") for found in self._states.values())

    def _switch(self, host: Host, name: str) -> None:
        verb = self._wanted.removesuffix("d")
        code = host.servicing.change(self._arguments(host, name), f"{verb} {name}", self._time_limit)
        if code in CORRUPT and self._repair and verb == "enable":
            self._restore(host, name, code)
            code = host.servicing.change(self._arguments(host, name), f"{verb} {name}", self._time_limit)
        if code not in DONE:
            raise ApplyFailed(f"DISM could not {verb} {name} on {host.name}: {sentence(code)}. Its log is {host.servicing.log}.")
        if code == RESTART:
            host.await_restart(_waits(host, name))

    def _restore(self, host: Host, name: str, cause: int) -> None:
        if host.system.version[:2] < _ALL:
            raise ApplyFailed(
                f"DISM could not enable {name} on {host.name}: {sentence(cause)}. Its component store can't be restored by DISM on this release; "
                "use Microsoft's System Update Readiness Tool there."
            )
        code = host.servicing.change(f"/cleanup-image /restorehealth{self._source} /quiet", "restore the component store", self._time_limit)
        if code not in DONE:
            raise ApplyFailed(
                f"DISM could not enable {name} on {host.name} (exit code {shown(cause)}), nor restore the component store: {sentence(code)}. "
                f"Its log is {host.servicing.log}."
            )

    def _arguments(self, host: Host, name: str) -> str:
        enable = self._wanted == "enabled"
        if self._row.capability:
            return f"/{'add' if enable else 'remove'}-capability /capabilityname:{name}{self._source if enable else ''} /norestart /quiet"
        if not enable:
            return f"/disable-feature /featurename:{name} /norestart /quiet"
        parents = " /all" if self._parents and host.system.version[:2] >= _ALL else ""
        # DISM of Windows 7 and Server 2008 R2 has the files of all features and takes no source.
        source = self._source if host.system.version[:2] >= _ALL else ""
        return f"/enable-feature /featurename:{name}{parents}{source} /norestart /quiet"


def _waits(host: Host, name: str) -> str:
    return f"the change of {name} takes effect when {host.name} has been restarted"
