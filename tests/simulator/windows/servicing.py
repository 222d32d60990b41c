# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The component store of one host: Windows features and capabilities, and what of them waits for a restart. Facts: surface 5 and 8.6."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import data
from .context import SYSTEM
from .files import FileError

if TYPE_CHECKING:
    from .host import Windows

ENABLED, DISABLED, ENABLE_PENDING, DISABLE_PENDING, REMOVED = "Enabled", "Disabled", "Enable Pending", "Disable Pending", "Disabled with Payload Removed"
# For capabilities DISM has words of its own.
_OPTION_STATES = {"enabled": ENABLED, "disabled": DISABLED, "removed": REMOVED, "enable pending": ENABLE_PENDING, "disable pending": DISABLE_PENDING}
_OPTION_STATES |= {"installed": ENABLED, "absent": REMOVED}
_STORES = ("healthy", "corrupt", "unrepairable")
UNKNOWN_UPDATE, SOURCE_MISSING, DOWNLOAD_FAILED, WSUS_BLOCKED = 0x800F080C, 0x800F081F, 0x800F0906, 0x800F0954
_SOURCES = {"online": 0, "offline": DOWNLOAD_FAILED, "wsus_blocked": WSUS_BLOCKED, "missing": SOURCE_MISSING}
STORE_CORRUPT, NOT_SUPPORTED, RESTART_NEEDED, BUSY = 14098, 50, 3010, 0x800F082F
_PENDING_KEY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending"


class ServicingError(Exception):
    """A refusal of the servicing stack; ``name`` is what it is about."""

    def __init__(self, code: int, name: str = "") -> None:
        super().__init__(f"{name} {code:#x}")
        self.code = code
        self.name = name


@dataclass
class Feature:
    """One feature, or a capability: then ``parents`` is empty."""

    name: str
    display: str
    parents: tuple[str, ...]
    state: str
    restart: bool

    @property
    def on(self) -> bool:
        """True if it is enabled, now or after the restart."""
        return self.state in (ENABLED, ENABLE_PENDING)


def check(host: Windows) -> None:
    """Refuse options that can't be met with ValueError."""
    options = host.options
    known = {feature.name.lower() for feature in (*_listed(host, "features.txt"), *_listed(host, "capabilities.txt"))}
    for name, state in (options.get("features") or {}).items():
        if name.lower() not in known or state not in _OPTION_STATES:
            raise ValueError(f"{host.name}: no feature {name!r} with state {state!r}; states: {', '.join(_OPTION_STATES)}")
    for option, values in (("component_store", _STORES), ("feature_source", tuple(_SOURCES))):
        if options.get(option, values[0]) not in values:
            raise ValueError(f"{host.name}: {option} is one of {', '.join(values)}")


class Servicing:
    """The store. Built when it is first asked for."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self._features = {feature.name.lower(): feature for feature in _listed(host, "features.txt")}
        self._capabilities = {feature.name.lower(): feature for feature in _listed(host, "capabilities.txt")}
        for name, state in (host.options.get("features") or {}).items():
            self._any(name).state = _OPTION_STATES[state]
        self.store: str = host.options.get("component_store", "healthy")
        busy = host.options.get("dism_busy", 0)
        # How many calls of DISM still find another operation at work; below zero for ever.
        self._refusals: int = -1 if busy is True else int(busy)
        self._busy_until = float("-inf")
        self._note_pending()

    def features(self) -> list[Feature]:
        """All features."""
        return list(self._features.values())

    def capabilities(self) -> list[Feature]:
        """All capabilities."""
        return list(self._capabilities.values())

    def feature(self, name: str) -> Feature:
        """One feature in any case. Raises ServicingError."""
        return _found(self._features, name)

    def capability(self, name: str) -> Feature:
        """One capability in any case. Raises ServicingError."""
        return _found(self._capabilities, name)

    def begin(self, seconds: float) -> None:
        """An operation of DISM begins and takes so long; another one at the same time is refused. Raises ServicingError."""
        now = self._host.now()
        if self._refusals or now < self._busy_until:
            self._refusals -= self._refusals > 0
            raise ServicingError(BUSY)
        self._busy_until = now + seconds

    def enable(self, names: Sequence[str], *, parents: bool, sources: Sequence[str], limit_access: bool) -> int:
        """Enable features; 0, or 3010 if a restart is needed. Nothing is changed if one can't be had. Raises ServicingError."""
        wanted = [self.feature(name) for name in names]
        chain = [found for feature in wanted for found in self._with_parents(feature)] if parents else wanted
        order = list({feature.name: feature for feature in chain}.values())
        for feature in order:
            missing = [name for name in feature.parents if not self.feature(name).on and self.feature(name) not in order]
            if missing:
                raise ServicingError(NOT_SUPPORTED, feature.name)
        self._must_be_healthy(order)
        self._provide(order, sources, limit_access)
        return self._turn("enable", wanted, order, on=True)

    def disable(self, names: Sequence[str], *, remove: bool) -> int:
        """Disable features with those that build on them. Raises ServicingError."""
        wanted = [self.feature(name) for name in names]
        order = list({found.name: found for feature in wanted for found in self._with_children(feature)}.values())
        code = self._turn("disable", wanted, order, on=False)
        for feature in order if remove else ():
            feature.state = REMOVED if feature.state == DISABLED else feature.state
        return code

    def add(self, name: str, *, sources: Sequence[str], limit_access: bool) -> int:
        """Add a capability. Raises ServicingError."""
        capability = self.capability(name)
        self._must_be_healthy([capability])
        self._provide([capability], sources, limit_access)
        return self._turn("add", [capability], [capability], on=True)

    def remove(self, name: str) -> int:
        """Remove a capability. Raises ServicingError."""
        capability = self.capability(name)
        code = self._turn("remove", [capability], [capability], on=False)
        capability.state = REMOVED if capability.state == DISABLED else capability.state
        return code

    def restore(self, sources: Sequence[str], *, limit_access: bool) -> None:
        """Repair the store. Raises ServicingError."""
        if self.store == "unrepairable":
            raise ServicingError(SOURCE_MISSING)
        if self.store == "corrupt":
            self._fetch(sources, limit_access, "")
        self.store = "healthy"
        self._host.journal.write("servicing", "component store", {"action": "restorehealth"})

    def restart(self) -> None:
        """The host restarts: what was pending is done."""
        for feature in (*self.features(), *self.capabilities()):
            feature.state = {ENABLE_PENDING: ENABLED, DISABLE_PENDING: DISABLED}.get(feature.state, feature.state)
        for capability in self.capabilities():
            capability.state = REMOVED if capability.state == DISABLED else capability.state
        self._note_pending()

    def _any(self, name: str) -> Feature:
        return self._features.get(name.lower()) or self._capabilities[name.lower()]

    def _with_parents(self, feature: Feature) -> Iterator[Feature]:
        for parent in feature.parents:
            yield from self._with_parents(self.feature(parent))
        yield feature

    def _with_children(self, feature: Feature) -> Iterator[Feature]:
        for child in self.features():
            if child.on and feature.name in child.parents:
                yield from self._with_children(child)
        yield feature

    def _must_be_healthy(self, wanted: Sequence[Feature]) -> None:
        if self.store != "healthy" and not all(feature.on for feature in wanted):
            raise ServicingError(STORE_CORRUPT, wanted[-1].name)

    def _provide(self, order: Sequence[Feature], sources: Sequence[str], limit_access: bool) -> None:
        for feature in order:
            if feature.state == REMOVED:
                self._fetch(sources, limit_access, feature.name)

    def _fetch(self, sources: Sequence[str], limit_access: bool, name: str) -> None:
        """Files come from the first source that can be read, else from Windows Update or WSUS."""
        if any(self._readable(source) for source in sources):
            return
        code = SOURCE_MISSING if limit_access else _SOURCES[self._host.options.get("feature_source", "online")]
        if code:
            raise ServicingError(code, name)

    def _readable(self, source: str) -> bool:
        """A folder of the host with something in it, or of a share: there the servicing stack comes as the computer, and a file ``source`` stands for all."""
        if source.startswith("\\\\"):
            try:
                self._host.network.read_share(self._host, SYSTEM, f"{source}\\source")
            except FileError:
                return False
            return True
        place = self._host.context.absolute(source.removeprefix("wim:").rpartition(":")[0] if source.lower().startswith("wim:") else source)
        return self._host.files.exists(place)

    def _turn(self, action: str, wanted: Sequence[Feature], order: Sequence[Feature], *, on: bool) -> int:
        changed = [feature for feature in order if feature.on is not on]
        for feature in changed:
            feature.state = _turned(feature, on=on)
        for feature in wanted:
            self._host.journal.write("servicing", feature.name, {"action": action, "changed": [found.name for found in changed]})
        self._note_pending()
        return RESTART_NEEDED if any(feature.state in (ENABLE_PENDING, DISABLE_PENDING) for feature in order) else 0

    def _note_pending(self) -> None:
        pending = any(feature.state in (ENABLE_PENDING, DISABLE_PENDING) for feature in (*self.features(), *self.capabilities()))
        if pending:
            self._host.registry.make("hklm", _PENDING_KEY)
        elif self._host.registry.open("hklm", _PENDING_KEY) is not None:
            self._host.registry.remove("hklm", _PENDING_KEY)


def _turned(feature: Feature, *, on: bool) -> str:
    """What was pending goes back at once; what needs no restart is done at once."""
    if feature.state in (ENABLE_PENDING, DISABLE_PENDING) or not feature.restart:
        return ENABLED if on else DISABLED
    return ENABLE_PENDING if on else DISABLE_PENDING


def _found(table: dict[str, Feature], name: str) -> Feature:
    try:
        return table[name.lower()]
    except KeyError:
        raise ServicingError(UNKNOWN_UPDATE, name) from None


def _listed(host: Windows, table: str) -> list[Feature]:
    """The features, or the capabilities, that the host's release and edition have."""
    found: dict[str, Feature] = {}
    for row in data.rows(table):
        name, display, *middle, state, restart, where = row
        if name not in found and all(_fits(host, part) for part in where.split(",")):
            parents = tuple(part for part in (middle[0] if middle else "-").split(",") if part != "-")
            found[name] = Feature(name, display, parents, _OPTION_STATES[state], restart == "yes")
    return list(found.values())


def _fits(host: Windows, part: str) -> bool:
    release = host.features
    if part.startswith(">="):
        return release.build >= int(part[2:])
    if part.startswith("<"):
        return release.build < int(part[1:])
    return {
        "all": True,
        "server": release.server,
        "client": not release.server,
        "core": release.core,
        "full": not release.core,
        "n": release.without_media,
        "media": not release.without_media,
        "x64": host.bits == 64,
        "x86": host.bits == 32,
    }[part]
