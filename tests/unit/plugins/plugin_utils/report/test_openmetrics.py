# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as metrics, read with Prometheus' own parsers of both formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import render_openmetrics
from browser import documents
from prometheus_client import parser as prometheus
from prometheus_client.openmetrics import parser as openmetrics

Parser = Callable[[str], Iterable[Any]]
PARSERS = [openmetrics.text_string_to_metric_families, prometheus.text_string_to_metric_families]
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def _samples(document: dict[str, Any], read: Parser = PARSERS[0]) -> Samples:
    samples = [sample for family in read(render_openmetrics(document)) for sample in family.samples]
    found = {(sample.name.removeprefix("uamops_compliance_"), frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(found) == len(samples)
    return found


def _value(samples: Samples, name: str, **labels: str) -> float | None:
    return samples.get((name, frozenset(labels.items())))


@pytest.mark.parametrize("read", PARSERS, ids=["openmetrics", "prometheus"])
def test_both_formats_read_it(read: Parser) -> None:
    """One file for the textfile collector and for readers of OpenMetrics."""
    samples = _samples(documents.small(), read)
    assert _value(samples, "hosts", status="drift") == 2
    assert _value(samples, "hosts", status="error") == 0
    assert _value(samples, "last_run_timestamp_seconds") == documents.NOW.timestamp()


def test_checks_are_counted_by_status_and_severity() -> None:
    """They add up to the document's checks."""
    document = documents.small()
    samples = _samples(document)
    assert _value(samples, "checks", status="drift", severity="critical") == 2
    assert _value(samples, "checks", status="waived", severity="medium") == 2
    assert sum(value for (name, labels), value in samples.items() if name == "checks") == sum(document["summary"]["checks"].values())


def test_each_host_tells_what_fails() -> None:
    """By severity; a host as required tells zero."""
    samples = _samples(documents.small())
    assert _value(samples, "failing_controls", host="ws2019", severity="critical") == 2
    assert _value(samples, "failing_controls", host="ws2022", severity="critical") == 0


def test_of_a_host_out_of_reach_only_that_is_told() -> None:
    """Zero failing controls would be a lie: it has none of these samples."""
    samples = _samples(documents.small())
    assert _value(samples, "host_up", host="pc12") == 0
    assert _value(samples, "host_up", host="pc11") == 1
    assert _value(samples, "failing_controls", host="pc12", severity="critical") is None


def test_each_control_tells_on_how_many_hosts_it_fails() -> None:
    """An accepted exception is no failure."""
    samples = _samples(documents.small())
    assert _value(samples, "control_failing_hosts", control="agent-package", severity="critical") == 1
    assert _value(samples, "control_failing_hosts", control="antivirus-agent", severity="medium") == 0


@pytest.mark.parametrize("read", PARSERS, ids=["openmetrics", "prometheus"])
@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\\nb", "two\nlines", "} 1\n# EOF", "\U0001f4a5\u202e", "\\"])
def test_any_name_comes_back(read: Parser, text: str) -> None:
    """A label holds any text, and no text ends the line or the file."""
    assert _value(_samples(documents.hostile(text), read), "host_up", host=text) == 1


def test_half_a_character_can_be_written() -> None:
    """A name that is no Unicode text becomes one, and two of them stay two: Prometheus refuses a file where one sample is there twice."""
    hosts = [documents.host(name, [], ["codec"], []) for name in ("\ud800", "\ud801")]
    render_openmetrics(documents.document(hosts)).encode()
    assert len([name for name, labels in _samples(documents.document(hosts)) if name == "host_up"]) == 2


def test_it_ends_as_openmetrics_wants() -> None:
    """The last line says that nothing is missing."""
    assert render_openmetrics(documents.document([])).endswith("\n# EOF\n")
