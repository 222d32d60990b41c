# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the plan to a verdict on each control: what is as required, what is not, what is stored and not in force, what is waived.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from ._controls import CATALOGUE, Control
from ._plan import BadRequest, Change, Override, Refusal, shown

# The verdicts on a control, worst first.
ERROR, DRIFT, INEFFECTIVE, UNKNOWN, WAIVED, COMPLIANT = "error", "drift", "ineffective", "unknown", "waived", "compliant"
STATUSES = (ERROR, DRIFT, INEFFECTIVE, UNKNOWN, WAIVED, COMPLIANT)
# Those that are not as required, as far as anybody can tell.
FAILING = frozenset({ERROR, DRIFT, INEFFECTIVE})
_PRESENT = "presence"


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exception that somebody has accepted, to the end of the day `expires`."""

    control: str
    reason: str
    expires: date


def control_of(options: Mapping[str, Any] | None, kind: str, name: str) -> Control:
    """The control that an entry of a list names, or one of its own that it describes; an entry that names none is a control by itself.

    Raises:
        BadRequest: the control is not known here and the entry gives it no title.
    """
    if not options:
        return Control(f"{kind}:{name}", f"{kind} {name}", "", "medium")
    known = CATALOGUE.get(options["id"])
    if known is None and not options["title"]:
        raise BadRequest(f"Control {options['id']!r} is not known; give its title too, or name one of: {', '.join(sorted(CATALOGUE))}.")
    base = known or Control(options["id"], "", "", "medium")
    return Control(base.id, options["title"] or base.title, options["section"] or base.section, options["severity"] or base.severity, base.why)


class Waivers:
    """The waivers that hold for one host today; `warnings` are sentences about those that can't be used."""

    def __init__(self, entries: Iterable[Mapping[str, Any]], today: date, own_names: Iterable[str], all_names: Iterable[str], controls: Iterable[str]) -> None:
        """`entries` as the module takes them.

        own_names: the host's name and its groups'; all_names: those of the whole inventory; controls: the ids that the list has, besides the catalogue's.
        """
        self.warnings: list[str] = []
        self._today, self._own = today, set(own_names)
        self._names, self._controls = {*all_names, *self._own}, {*controls, *CATALOGUE}
        self._valid: dict[str, Waiver] = {}
        for entry in entries:
            try:
                if waiver := self._waiver(entry):
                    self._valid.setdefault(waiver.control, waiver)
            except ValueError as error:
                self.warnings.append(f"The waiver of {entry['control']} ({entry['reason']}) {error}.")

    def get(self, control: str) -> Waiver | None:
        """The waiver of a control, if there is one."""
        return self._valid.get(control)

    def _waiver(self, entry: Mapping[str, Any]) -> Waiver | None:
        """The waiver, None if it is for other hosts.

        Raises:
            ValueError: it can't be used; the text says why, and what to do.
        """
        hosts = entry["hosts"] or ()
        if entry["control"] not in self._controls:
            near = get_close_matches(entry["control"], self._controls, n=1) or sorted(self._controls)
            raise ValueError(f"names no control, so it waives nothing; correct it, maybe to {' or '.join(near)}")
        if strangers := [name for name in hosts if name not in self._names]:
            raise ValueError(f"names {', '.join(strangers)}, which is no host and no group of the inventory, so it waives nothing; correct it")
        if hosts and not self._own & set(hosts):
            return None
        try:
            expires = date.fromisoformat(entry["expires"])
        except ValueError:
            raise ValueError(f"expires on {entry['expires']!r}, which is no date such as 2027-01-31, so it waives nothing; correct it") from None
        if expires < self._today:
            raise ValueError(f"has expired on {expires}; repair what it was for, or have it renewed")
        return Waiver(entry["control"], entry["reason"], expires)


class Assessment:
    """What a list of resources says about the controls of one host."""

    def __init__(self, controls: Mapping[tuple[str, str], Control], waivers: Waivers) -> None:
        """`controls` by `Resource.key`."""
        self._controls = controls
        self._waivers = waivers

    def checks(self, changes: Sequence[Change], refused: Sequence[Refusal] = (), *, applied: bool = False) -> list[dict[str, Any]]:
        """A verdict for each resource, in the shape that the module returns.

        applied: what differed has been changed and read back.
        """
        verdicts = [self._of_change(change, applied=applied) for change in changes]
        return [*verdicts, *(self._verdict((item.kind, item.identity), item.name, ERROR, reason=item.reason) for item in refused)]

    def unjudged(self, control: Control, resource: str, reason: str) -> dict[str, Any]:
        """A verdict on a control of which the play already knows that nobody can tell."""
        return self._finish(control, {"resource": resource, "status": UNKNOWN, "reason": reason})

    def _of_change(self, change: Change, *, applied: bool) -> dict[str, Any]:
        differs = change.changed and not applied
        status = DRIFT if differs else _in_force(change.overrides)
        more: dict[str, Any] = {"differences": list(_differences(change))} if differs else {}
        if change.overrides:
            more["overrides"] = [asdict(override) for override in change.overrides]
        if change.warnings and status != COMPLIANT:
            more["warnings"] = list(change.warnings)
        return self._verdict((change.kind, change.identity), change.name, status, **more)

    def _verdict(self, key: tuple[str, str], name: str, status: str, **more: Any) -> dict[str, Any]:
        return self._finish(self._controls[key], {"resource": f"{key[0]} {name}", "status": status, **more})

    def _finish(self, control: Control, verdict: dict[str, Any]) -> dict[str, Any]:
        told = {"control": control.id, "title": control.title, "section": control.section, "severity": control.severity, **verdict}
        waiver = self._waivers.get(control.id)
        # What could not be looked at is not what somebody has accepted.
        if waiver and verdict["status"] in (DRIFT, INEFFECTIVE, UNKNOWN):
            told |= {"status": WAIVED, "found": verdict["status"], "waiver": {"reason": waiver.reason, "expires": waiver.expires.isoformat()}}
        return told


def _in_force(overrides: Sequence[Override]) -> str:
    if not overrides:
        return COMPLIANT
    return INEFFECTIVE if any(override.effective for override in overrides) else UNKNOWN


def _differences(change: Change) -> Iterator[dict[str, str]]:
    """The keys that differ; a resource that is absent, or shall be, differs as a whole."""
    before, after = change.before, change.after
    if before is None or after is None:
        yield {"setting": _PRESENT, "stored": "absent" if before is None else "present", "required": "absent" if after is None else "present"}
        return
    for key in sorted(change.keys):
        yield {"setting": key, "stored": shown(before.get(key)), "required": shown(after.get(key))}


def worst(statuses: Iterable[str]) -> str:
    """The worst of these verdicts; compliant if there are none."""
    found = set(statuses)
    return next((status for status in STATUSES if status in found), COMPLIANT)
