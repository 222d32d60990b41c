# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as metrics: OpenMetrics text that is also valid in the older format of Prometheus, for the textfile collector of node_exporter.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .._compliance import FAILING
from .._controls import SEVERITIES
from ._texts import STATUSES, Document, moment

Sample = tuple[dict[str, str], float]
_HOSTS = "uamops_compliance_hosts", "Hosts by their worst status."
_CHECKS = "uamops_compliance_checks", "Checks (a control on a host) by status and severity of the control."
_FAILING = "uamops_compliance_failing_controls", "Controls that fail on a host, by severity; absent for a host that could not be reached."
_UP = "uamops_compliance_host_up", "1 if the host could be reached, 0 if not."
_CONTROLS = "uamops_compliance_control_failing_hosts", "Hosts on which a control fails."
_TIME = "uamops_compliance_last_run_timestamp_seconds", "When the report was made, in seconds since 1970."


def render_openmetrics(document: Document) -> str:
    """Gauges only, one family after the other; ends with the line that OpenMetrics wants."""
    made = moment(document["generated"])
    families: list[tuple[tuple[str, str], list[Sample]]] = [
        (_HOSTS, [({"status": status.key}, float(document["summary"]["hosts"][status.key])) for status in STATUSES]),
        (_CHECKS, list(_checks(document))),
        (_FAILING, list(_failing(document))),
        (_UP, [({"host": host["name"]}, float(host["status"] != "unreachable")) for host in document["hosts"]]),
        (_CONTROLS, list(_controls(document))),
        (_TIME, [({}, made.timestamp())] if made else []),
    ]
    return "\n".join([line for (name, meaning), samples in families for line in _family(name, meaning, samples)] + ["# EOF", ""])


def _severities(document: Document) -> dict[str, str]:
    return {control["id"]: control["severity"] for control in document["controls"]}


def _checks(document: Document) -> Iterator[Sample]:
    severities = _severities(document)
    numbers = Counter((status, severities.get(control, "")) for host in document["hosts"] for control, status in host["controls"].items())
    for status in STATUSES[1:]:
        for severity in SEVERITIES:
            yield {"status": status.key, "severity": severity}, float(numbers[status.key, severity])


def _failing(document: Document) -> Iterator[Sample]:
    severities = _severities(document)
    for host in document["hosts"]:
        if host["status"] != "unreachable":
            numbers = Counter(severities.get(control) for control, status in host["controls"].items() if status in FAILING)
            for severity in SEVERITIES:
                yield {"host": host["name"], "severity": severity}, float(numbers[severity])


def _controls(document: Document) -> Iterator[Sample]:
    numbers = Counter(control for host in document["hosts"] for control, status in host["controls"].items() if status in FAILING)
    for control in document["controls"]:
        yield {"control": control["id"], "severity": control["severity"]}, float(numbers[control["id"]])


def _family(name: str, meaning: str, samples: list[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{{{told}}} {value:.0f}" if told else f"{name} {value:.0f}"


def _escaped(text: object) -> str:
    # Any character may stand in a label, but no half of one; two names must not become the same, because Prometheus refuses the whole file then.
    whole = str(text).encode("utf-8", "backslashreplace").decode("utf-8")
    return whole.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
