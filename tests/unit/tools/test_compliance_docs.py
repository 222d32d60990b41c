# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages about compliance say the truth: controls, the document, options, rules and queries."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.uamops.netwrix_auditor.plugins.callback import compliance as callback
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._controls import CATALOGUE
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import FORMATS, Fleet, render_openmetrics
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report._csv import COLUMNS
from browser import documents
from jsonschema import Draft202012Validator
from unit.tools.compliance_pages import BLOCKS, PAGES, ROOT

SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "schema" / "compliance-report-1.json").read_text(encoding="utf-8"))
OPTIONS: dict[str, Any] = yaml.safe_load(callback.DOCUMENTATION)["options"]
ABOUT = {"title": "T", "playbook": "compliance.yml", "mode": "check", "collection_version": "1.2.3"}
DAY = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
OVERRIDE = {"what": "domain profile", "stored": "allowed", "effective": "no effect", "by": "Group Policy", "fix": "change it"}
DIFFERENCE = {"setting": "start_mode", "stored": "manual", "required": "auto"}


def _check(control: str, status: str, **more: Any) -> dict[str, Any]:
    return {"control": control, "title": "T", "section": "S", "severity": "critical", "resource": f"service {control}", "status": status, **more}


def _document() -> dict[str, Any]:
    """A second report with everything that a report can have."""
    first, second = Fleet(), Fleet()
    for fleet in (first, second):
        fleet.inventory.update("abc")
    drift = _check("wmi-service", "drift", differences=[DIFFERENCE])
    for host in "ab":
        first.checked(host, ["g"], {"computer": host, "checks": [drift]})
    waiver = {"reason": "r", "expires": "2027-01-31"}
    checks = [
        drift,
        _check("agent-inbound", "ineffective", overrides=[OVERRIDE]),
        _check("ink", "waived", found="drift", waiver=waiver),
        _check("mine", "compliant"),
    ]
    second.checked("a", ["g"], {"computer": "a", "checks": checks, "warnings": ["w"]})
    second.expect("c", ["g"]).unreachable = "no answer"
    return second.document(ABOUT, DAY + timedelta(days=1), first.document(ABOUT, DAY, None))


DOCUMENT = _document()


def _objects(schema: Mapping[str, Any], value: Any) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Each object of a document with what the schema says of it."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "oneOf" in schema and value is not None:
        yield from _objects(schema["oneOf"][1], value)
    if isinstance(value, list):
        for item in value:
            yield from _objects(schema["items"], item)
    elif isinstance(value, dict) and "properties" in schema:
        yield schema, value
        for key, inner in value.items():
            yield from _objects(schema["properties"].get(key, {}), inner)


def test_the_table_of_controls_is_the_catalogue() -> None:
    """Every control with its title, section and severity, in the same order."""
    table = PAGES["compliance"].split("\nAll controls\n", 1)[1].split("\nWhat it costs\n", 1)[0]
    rows = re.findall(r"   \* - (.+)\n     - (.+)\n     - (.+)\n     - (.+)\n", table)
    assert rows[1:] == [(control.id, control.title, control.section, control.severity) for control in CATALOGUE.values()]


def test_the_schema_is_one_and_takes_a_report_with_everything() -> None:
    """Findings, differences, overrides, a waiver, changes and what is carried over."""
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(DOCUMENT)
    findings = DOCUMENT["hosts"][0]["findings"]
    assert [bool(finding[key]) for finding, key in zip(findings, ("differences", "overrides", "waiver"), strict=True)] == [True, True, True]
    assert all(DOCUMENT[key] for key in ("changes", "carried", "warnings"))
    assert len(DOCUMENT["trend"]) == 2


def test_the_schema_knows_and_requires_every_key() -> None:
    """A key that is added to the document is added to the schema, and one that goes away is a new version."""
    seen = list(_objects(SCHEMA, DOCUMENT))
    assert len(seen) > 20
    for schema, value in seen:
        assert set(schema["required"]) == set(schema["properties"]) == set(value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema_version",), 2),
        (("generated",), "yesterday"),
        (("mode",), "maybe"),
        (("hosts", 0, "status"), "fine"),
        (("hosts", 0, "name"), None),
        (("hosts", 0, "controls", "wmi-service"), "unreachable"),
        (("hosts", 0, "findings", 0, "differences", 0, "stored"), 2),
        (("hosts", 0, "findings", 2, "waiver"), None),
        (("summary", "hosts", "drift"), -1),
        (("changes", "new"), None),
        (("carried",), {}),
        (("trend",), []),
    ],
)
def test_the_schema_refuses_a_damaged_report(path: tuple[Any, ...], value: Any) -> None:
    """A wrong value anywhere."""
    copy = json.loads(json.dumps(DOCUMENT))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert not Draft202012Validator(SCHEMA).is_valid(copy)


def test_the_schema_refuses_a_report_without_any_of_its_keys() -> None:
    """Each of the document's keys is needed."""
    for key in DOCUMENT:
        assert not Draft202012Validator(SCHEMA).is_valid({name: value for name, value in DOCUMENT.items() if name != key}), key


def test_every_key_of_the_document_is_on_the_page() -> None:
    """By its name, in the part about the document."""
    told = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"``([^`]+)``", PAGES["compliance_report"].split("\nThe document\n", 1)[1]))))
    assert {key for _schema, value in _objects(SCHEMA, DOCUMENT) for key in value} <= told


def test_every_option_column_and_metric_is_on_the_page() -> None:
    """Options with their environment variables, formats with their files."""
    page = PAGES["compliance_report"]
    for name, option in OPTIONS.items():
        assert f"   * - ``{name}``\n     - ``{option['env'][0]['name']}``\n" in page
    for name, (extension, _render) in FORMATS.items():
        assert f"   * - ``compliance.{extension}``\n     - ``{name}``\n" in page
    assert all(f"``{column}``" in page for column in COLUMNS)
    metrics = set(re.findall(r"^# TYPE (\S+)", render_openmetrics(DOCUMENT), re.MULTILINE))
    assert set(re.findall(r"   \* - ``(uamops_\w+)``", page)) == metrics


def test_all_names_in_the_pages_exist() -> None:
    """Environment variables, playbooks, variables and settings."""
    text = "\n".join(PAGES.values())
    assert set(re.findall(r"UAMOPS_\w+", text)) <= {option["env"][0]["name"] for option in OPTIONS.values()}
    playbooks = {name for name in re.findall(r"uamops\.netwrix_auditor\.(\w+)", text) if name not in ("docsite", "desired_state", "agent")}
    assert playbooks <= {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    code = "\n".join(path.read_text(encoding="utf-8") for folder in ("playbooks", "roles") for path in (ROOT / folder).rglob("*.yml"))
    named = set(re.findall(r"\b(compliance_(?:strict|waivers)|(?:agent|server)_[a-z_]+[a-z])(?=: |``|=)", text)) - {"server_manage"}
    assert {"compliance_strict", "compliance_waivers", "agent_install", "server_manage_service"} <= named
    assert all(re.search(rf"\b{name}\b", code) for name in named)


def test_the_example_of_waivers_is_one() -> None:
    """Without its comment signs it is a list of waivers for hosts of the example and for controls that exist."""
    lines = (ROOT / "inventories" / "example" / "group_vars" / "all" / "compliance.yml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# compliance_waivers:")
    waivers = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines[start : lines.index("", start)]))["compliance_waivers"]
    hosts = (ROOT / "inventories" / "example" / "hosts.yml").read_text(encoding="utf-8")
    for waiver in waivers:
        assert set(waiver) == {"control", "hosts", "reason", "expires"}
        assert waiver["control"] in CATALOGUE
        assert all(f"{name}:" in hosts for name in waiver["hosts"])
        assert datetime.fromisoformat(waiver["expires"])


def test_the_alert_rules_use_metrics_that_exist() -> None:
    """With labels that they have."""
    made = render_openmetrics(DOCUMENT)
    rules = yaml.safe_load(BLOCKS["alert-rules"][1])["groups"][0]["rules"]
    assert [set(rule) for rule in rules] == [{"alert", "expr", "labels", "annotations"}] * 3
    for rule in rules:
        (metric,) = re.findall(r"uamops_\w+", rule["expr"])
        assert f"# TYPE {metric} gauge" in made
        assert "$labels.host" not in str(rule) or f'{metric}{{host="' in made
    assert 'severity="critical"' in rules[0]["expr"]
    assert '{host="a",severity="critical"} 2' in made


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq")
@pytest.mark.parametrize(("name", "told"), [("jq-hosts", ["a: agent-inbound, wmi-service", "c: no answer"]), ("jq-waivers", ["2027-01-31\ta\tink\tr"])])
def test_the_queries_answer(tmp_path: Path, name: str, told: list[str]) -> None:
    """On a report in the folder of their text."""
    (tmp_path / "compliance").mkdir()
    (tmp_path / "compliance" / "compliance.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    done = subprocess.run(["bash", "-c", BLOCKS[name][1]], cwd=tmp_path, text=True, capture_output=True, check=True)
    assert done.stdout.splitlines() == told


@pytest.mark.parametrize("made_up", [documents.small, documents.large])
def test_what_the_renderers_are_tested_with_has_the_documented_shape(made_up: Callable[[], dict[str, Any]]) -> None:
    """Else they would be tested with documents that nobody makes."""
    Draft202012Validator(SCHEMA).validate(made_up())
