# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JUnit XML, read with a library of others."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import junitparser
import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import render_junit
from browser import documents


def _cases(document: dict[str, Any]) -> dict[tuple[str, str], junitparser.TestCase]:
    report = junitparser.JUnitXml.fromstring(render_junit(document).encode())
    return {(suite.name, case.classname): case for suite in report for case in suite}


def _element(document: dict[str, Any], tag: str, message: str) -> ElementTree.Element:
    root = ElementTree.fromstring(render_junit(document).encode())
    (found,) = [element for element in root.iter(tag) if element.attrib["message"].startswith(message)]
    return found


def test_counts_are_those_of_the_document() -> None:
    """A suite counts its own tests, and the whole report counts all."""
    document = documents.small()
    report = junitparser.JUnitXml.fromstring(render_junit(document).encode())
    told = report.tests, report.failures, report.errors, report.skipped
    report.update_statistics()
    assert told == (report.tests, report.failures, report.errors, report.skipped)
    checks = document["summary"]["checks"]
    assert told == (sum(checks.values()) + 1, checks["drift"] + checks["ineffective"], 1, checks["unknown"] + checks["waived"])


def test_a_suite_for_each_host_and_a_case_for_each_control() -> None:
    """The class of a case is its host and control; its name is the control's title."""
    case = _cases(documents.small())["ws2019", "ws2019.remote-registry"]
    assert case.name == "Remote Registry starts automatically and runs"
    assert isinstance(case.result[0], junitparser.Failure)


def test_each_suite_tells_when_it_was() -> None:
    """A time as JUnit has it: without the letter Z, which some readers refuse."""
    suites = list(junitparser.JUnitXml.fromstring(render_junit(documents.small()).encode()))
    assert {suite.timestamp for suite in suites} == {"2026-11-26T18:00:00"}


def test_a_difference_is_a_failure() -> None:
    """The short message tells stored and required, the text the explanation."""
    failure = _element(documents.small(), "failure", "service RemoteRegistry")
    assert failure.attrib["type"] == "drift"
    assert "start_mode is disabled, required is auto" in failure.attrib["message"]
    assert "has to start automatically" in str(failure.text)


def test_what_has_no_effect_is_a_failure() -> None:
    """A value that is stored as required and overridden fails too, with what to do in the text."""
    failure = _element(documents.small(), "failure", "firewall_rule")
    assert failure.attrib["type"] == "ineffective"
    assert "let it merge local rules" in str(failure.text)


def test_a_host_out_of_reach_is_one_error() -> None:
    """It has no controls; its one case says what happened."""
    cases = {key: case for key, case in _cases(documents.small()).items() if key[0] == "pc12"}
    (case,) = cases.values()
    assert (case.name, case.classname) == ("The host can be reached", "pc12.reached")
    assert isinstance(case.result[0], junitparser.Error)
    assert case.result[0].message == "Connection refused on port 5986: is WinRM switched on?"


@pytest.mark.parametrize(("name", "control"), [("ws2016", "antivirus-agent"), ("ws2012r2", "dotnet-agent")])
def test_exceptions_and_what_nobody_knows_are_skipped(name: str, control: str) -> None:
    """Neither passes, and neither makes a pipeline fail."""
    case = _cases(documents.small())[name, f"{name}.{control}"]
    assert isinstance(case.result[0], junitparser.Skipped)


def test_a_check_that_failed_is_an_error() -> None:
    """Of one control, and of a host whose controls nobody could look at."""
    broken = documents.finding("codec", "error", "codec TSCC", "The registry could not be read.", 0)
    hosts = [documents.host("a", [], ["codec"], [broken]), documents.host("b", [], [], [], status="error", message="The answer was cut off.")]
    cases = _cases(documents.document(hosts))
    assert isinstance(cases["a", "a.codec"].result[0], junitparser.Error)
    assert cases["b", "b.checked"].name == "The host can be checked"
    assert isinstance(cases["b", "b.checked"].result[0], junitparser.Error)


@pytest.mark.parametrize("text", ["</failure>&<![CDATA[", "a\"b'c", "\x00\x0b\x1f\ufffe\ud800", "\U0001f4a5 \u202e", "two\r\nlines\tand a tab", "]]>"])
def test_any_text_is_well_formed(text: str) -> None:
    """No text breaks the XML; what XML 1.0 does not allow is replaced, everything else comes back as it was."""
    readable = "\ufffd" * 5 if text.startswith("\x00") else text
    case = _cases(documents.hostile(text))[readable, f"{readable}.{readable}"]
    assert case.name == f"title {readable}"
    assert f"explanation {readable}" in str(case.result[0].text)
