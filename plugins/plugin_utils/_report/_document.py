# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compliance report as one document: what the modules' results say of every host, and what has changed since the report before.

Its shape is documented in docs/docsite/rst/compliance_report.rst. A change that an older reader would misunderstand gets a new VERSION.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._compliance import COMPLIANT, ERROR, STATUSES, worst
from .._controls import CATALOGUE
from ._history import carried_over, changes_since, first_seen, trend_of
from ._words import explain

SCHEMA, VERSION = "uamops.netwrix_auditor.compliance", 1
UNREACHABLE = "unreachable"
NOT_LOOKED_AT = "The run ended before this host was looked at."
_DETAILS = ("differences", "overrides")
_PLACES = {control: place for place, control in enumerate(CATALOGUE)}


@dataclass(slots=True)
class HostRecord:
    """What the run has found out about one host.

    `checks` by control and resource: the last word counts, as after a restart. Of what is compliant only that is kept: a fleet has many.
    """

    groups: list[str]
    computer: str | None = None
    unreachable: str = ""
    failed: str = ""
    left_out: bool = False
    checks: dict[tuple[str, str], Mapping[str, Any] | None] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """False for a host that the playbook has left out."""
        return bool(self.checks or self.failed or self.unreachable) or not self.left_out

    def statuses(self) -> dict[str, str]:
        """The verdict on each control."""
        found: dict[str, list[str]] = defaultdict(list)
        for (control, _resource), check in self.checks.items():
            found[control].append(check["status"] if check else COMPLIANT)
        return {control: worst(statuses) for control, statuses in found.items()}


class Fleet:
    """Collects results while a run goes on."""

    def __init__(self) -> None:
        self.hosts: dict[str, HostRecord] = {}
        self._controls: dict[str, dict[str, str]] = {}
        self.warnings: dict[str, None] = {}
        self.inventory: set[str] = set()
        """All hosts of the inventory, in the run or not: what is known of the others is carried over to the next report."""

    def expect(self, host: str, groups: Iterable[str]) -> HostRecord:
        """The host is part of the run: it will be in the report, whatever happens."""
        return self.hosts.setdefault(host, HostRecord(sorted(groups)))

    def checked(self, host: str, groups: Iterable[str], compliance: Mapping[str, Any]) -> None:
        """A module has looked at the host; `compliance` as it returns it."""
        record = self.expect(host, groups)
        record.computer = compliance.get("computer") or record.computer
        record.failed = record.unreachable = ""
        for check in compliance["checks"]:
            control = sys.intern(check["control"])
            record.checks[control, sys.intern(check["resource"])] = None if check["status"] == COMPLIANT else check
            if control not in self._controls:
                self._controls[control] = _control(check)
        self.warnings.update(dict.fromkeys(compliance.get("warnings") or ()))

    def leave_out(self, host: str) -> None:
        """The playbook asks nothing of the host: it is in the report only if something else does."""
        if host in self.hosts:
            self.hosts[host].left_out = True

    def document(self, about: Mapping[str, Any], generated: datetime, previous: Mapping[str, Any] | None) -> dict[str, Any]:
        """The report.

        about: title, playbook, mode and collection_version. generated: the time of the run, in UTC. previous: the report before, if there is one.
        """
        when = generated.strftime("%Y-%m-%dT%H:%M:%SZ")
        since = first_seen(previous)
        records = {name: record for name, record in self.hosts.items() if record.known}
        hosts = [_host(name, records[name], since, when) for name in sorted(records, key=str.lower)]
        document = {
            "schema": SCHEMA,
            "schema_version": VERSION,
            **about,
            "generated": when,
            "controls": sorted(self._controls.values(), key=_order),
            "hosts": hosts,
            "summary": summary_of(hosts),
            "warnings": [*self.warnings, *_same_name(self.hosts)],
        }
        document["carried"] = carried_over(previous, document, self.inventory)
        document["changes"] = changes_since(previous, document)
        document["trend"] = trend_of(previous, document)
        return document


def summary_of(hosts: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """How many hosts, and how many controls of hosts, have each status."""
    by_host = Counter(host["status"] for host in hosts)
    by_check = Counter(status for host in hosts for status in host["controls"].values())
    names = (UNREACHABLE, *STATUSES)
    return {"hosts": {name: by_host[name] for name in names}, "checks": {name: by_check[name] for name in names}}


def _host(name: str, record: HostRecord, since: Mapping[tuple[str, str, str], str], when: str) -> dict[str, Any]:
    verdicts = record.statuses()
    status, message = _verdict(record, verdicts)
    return {
        "name": name,
        "computer": record.computer,
        "groups": record.groups,
        "status": status,
        "message": message,
        "controls": verdicts,
        "findings": [_finding(name, check, since, when) for check in record.checks.values() if check],
    }


def _verdict(record: HostRecord, verdicts: Mapping[str, str]) -> tuple[str, str | None]:
    if record.unreachable:
        return UNREACHABLE, record.unreachable
    if record.failed or not verdicts:
        return ERROR, record.failed or NOT_LOOKED_AT
    return worst(verdicts.values()), None


def _finding(host: str, check: Mapping[str, Any], since: Mapping[tuple[str, str, str], str], when: str) -> dict[str, Any]:
    control, resource = check["control"], check["resource"]
    return {
        "control": control,
        "status": check["status"],
        "found": check.get("found", check["status"]),
        "resource": resource,
        "explanation": explain(check, _why(control)),
        **{detail: list(check.get(detail) or ()) for detail in _DETAILS},
        "waiver": check.get("waiver"),
        "since": since.get((host, control, resource), when),
    }


def _control(check: Mapping[str, Any]) -> dict[str, str]:
    return {"id": check["control"], **{key: check[key] for key in ("title", "section", "severity")}, "why": _why(check["control"])}


def _why(control: str) -> str:
    """What does not work without it; a control of one's own says nothing of that."""
    known = CATALOGUE.get(control)
    return known.why if known else ""


def _order(control: Mapping[str, str]) -> tuple[int, str]:
    """That of the guide, then those of one's own."""
    return (_PLACES.get(control["id"], len(_PLACES)), control["id"])


def _same_name(records: Mapping[str, HostRecord]) -> list[str]:
    names: dict[str, list[str]] = defaultdict(list)
    for host, record in records.items():
        if record.computer:
            names[record.computer.upper()].append(host)
    return [
        f"{' and '.join(sorted(hosts))} are both named {computer} by Windows: the inventory has one computer twice, or two computers have one name, "
        "which the Auditor server can't tell apart. Remove one of them from the inventory, or rename a computer."
        for computer, hosts in sorted(names.items())
        if len(hosts) > 1
    ]
