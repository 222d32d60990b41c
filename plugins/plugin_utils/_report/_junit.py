# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JUnit XML, in the shape that GitLab, Jenkins and the viewers for GitHub read: a suite for each host, a test for each control.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._compliance import FAILING
from ._texts import BY_KEY, Document, clean, findings_by_control, joined

# What becomes of a status; what is not named here has passed.
_ELEMENTS = {"unreachable": "error", "error": "error", "drift": "failure", "ineffective": "failure", "unknown": "skipped", "waived": "skipped"}
_WHOLE_HOST = {"unreachable": ("reached", "The host can be reached"), "error": ("checked", "The host can be checked")}


def render_junit(document: Document) -> str:
    """One `testsuites` element; a difference is a failure, a host that can't be reached an error, an accepted exception is skipped."""
    suites = [_suite(host, document) for host in document["hosts"]]
    total = sum((numbers for numbers, text in suites), Counter[str]())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{_attributes(name=document['title'], **_numbers(total), time='0')}>"]
    return "\n".join([*lines, *(text for numbers, text in suites), "</testsuites>", ""])


def _suite(host: Mapping[str, Any], document: Document) -> tuple[Counter[str], str]:
    """How many tests of each kind, and the element's text."""
    numbers: Counter[str] = Counter()
    lines: list[str] = []
    for status, text in _cases(host, document["controls"]):
        numbers.update(["tests", _ELEMENTS.get(status, "passed")])
        lines.append(text)
    stamp = str(document["generated"]).removesuffix("Z")
    head = f"  <testsuite{_attributes(name=host['name'], **_numbers(numbers), time='0', timestamp=stamp)}>"
    return numbers, "\n".join([head, *lines, "  </testsuite>"])


def _numbers(numbers: Counter[str]) -> dict[str, object]:
    return {"tests": numbers["tests"], "failures": numbers["failure"], "errors": numbers["error"], "skipped": numbers["skipped"]}


def _cases(host: Mapping[str, Any], controls: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The status and the element of every test of a host."""
    whole = _WHOLE_HOST.get(host["status"])
    if whole and (host["message"] or not host["controls"]):
        message = host["message"] or BY_KEY[host["status"]].meaning
        yield host["status"], _case(host["name"], whole[0], whole[1], _element(host["status"], message, message))
    findings = findings_by_control(host)
    for control in controls:
        if status := host["controls"].get(control["id"]):
            yield status, _case(host["name"], control["id"], control["title"], _outcome(status, findings.get(control["id"], [])))


def _case(host: str, control: str, title: str, content: str) -> str:
    head = f"    <testcase{_attributes(name=title, classname=f'{host}.{control}', time='0')}"
    return f"{head}>{content}</testcase>" if content else f"{head}/>"


def _outcome(status: str, findings: Sequence[Mapping[str, Any]]) -> str:
    if status not in _ELEMENTS:
        return ""
    # A control can have an accepted finding beside one that is not: the short message tells what makes it fail.
    decisive = [finding for finding in findings if finding["status"] == status] or findings
    short = joined(map(_short, decisive)) or BY_KEY[status].meaning
    return _element(status, short, "\n\n".join(map(_long, findings)) or short)


def _short(finding: Mapping[str, Any]) -> str:
    if waiver := finding["waiver"]:
        return f"{finding['resource']}: accepted until {waiver['expires']}: {waiver['reason']}"
    told = joined(f"{difference['setting']} is {difference['stored']}, required is {difference['required']}" for difference in finding["differences"])
    told = told or joined(f"{override['what']} is overridden by {override['by']}" for override in finding["overrides"])
    return f"{finding['resource']}: {told or BY_KEY[finding['status']].meaning}"


def _long(finding: Mapping[str, Any]) -> str:
    lines = [f"{finding['resource']}: {finding['explanation']}"]
    lines += [f"{difference['setting']}: stored {difference['stored']}, required {difference['required']}" for difference in finding["differences"]]
    lines += [
        f"{override['what']}: stored {override['stored']}, in force {override['effective'] or 'not told by Windows'}, by {override['by']}. {override['fix']}"
        for override in finding["overrides"]
    ]
    if since := finding["since"]:
        lines.append(f"Since {since}")
    return "\n".join(lines)


def _element(status: str, message: object, text: object) -> str:
    tag = _ELEMENTS[status]
    kind = {"type": status} if status in FAILING or tag == "error" else {}
    return f"<{tag}{_attributes(message=message, **kind)}>{_escaped(text)}</{tag}>"


def _attributes(**values: object) -> str:
    return "".join(f' {name}="{_line(value)}"' for name, value in values.items())


def _escaped(text: object) -> str:
    # Kept as a reference, because a parser would turn a bare carriage return into a line feed.
    return html.escape(clean(text)).replace("\r", "&#13;")


def _line(value: object) -> str:
    return _escaped(value).replace("\n", "&#10;").replace("\t", "&#9;")
