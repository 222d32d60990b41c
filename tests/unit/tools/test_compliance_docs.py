# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages about compliance say the truth: controls, the document, options, and recipes that are what they claim to be."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.uamops.netwrix_auditor.plugins.callback import compliance as callback
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._controls import CATALOGUE
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import FORMATS, Fleet, render_openmetrics
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report._csv import COLUMNS
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
PAGES = {name: (ROOT / "docs" / "docsite" / "rst" / f"{name}.rst").read_text(encoding="utf-8") for name in ("compliance", "compliance_report", "scheduling")}
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "schema" / "compliance-report-1.json").read_text(encoding="utf-8"))
OPTIONS: dict[str, Any] = yaml.safe_load(callback.DOCUMENTATION)["options"]
ABOUT = {"title": "T", "playbook": "compliance.yml", "mode": "check", "collection_version": "1.2.3"}
DAY = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
OVERRIDE = {"what": "domain profile", "stored": "allowed", "effective": "no effect", "by": "Group Policy", "fix": "change it"}
DIFFERENCE = {"setting": "start_mode", "stored": "manual", "required": "auto"}
# At what time all recipes run.
HOUR, MINUTE = 2, 30


def _blocks() -> dict[str, tuple[str, str]]:
    """The language and the text of every block with a name, of all pages."""
    found = {}
    for page in PAGES.values():
        for indent, language, name, body in re.findall(r"^( *)\.\. code-block:: (\w+)\n +:name: (\S+)\n\n((?: +\S.*\n|\n)+)", page, re.MULTILINE):
            assert name not in found
            lines = [line for line in body.splitlines() if not line or line.startswith(f"{indent}   ")]
            found[name] = language, textwrap.dedent("\n".join(lines)).strip() + "\n"
    return found


BLOCKS = _blocks()


def _of(language: str) -> list[str]:
    return [name for name, (found, _text) in BLOCKS.items() if found == language]


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


@pytest.mark.parametrize("name", _of("bash"))
def test_shell_blocks_are_shell(name: str) -> None:
    """As bash reads them without running them."""
    done = subprocess.run(["bash", "-n"], input=BLOCKS[name][1], text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", _of("yaml"))
def test_yaml_blocks_are_yaml(name: str) -> None:
    """A mapping or a list, not just a text."""
    assert isinstance(yaml.safe_load(BLOCKS[name][1]), dict | list)


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq")
@pytest.mark.parametrize(("name", "told"), [("jq-hosts", ["a: agent-inbound, ink, wmi-service", "c: no answer"]), ("jq-waivers", ["2027-01-31\ta\tink\tr"])])
def test_the_queries_answer(tmp_path: Path, name: str, told: list[str]) -> None:
    """On a report in the folder of their text."""
    (tmp_path / "compliance").mkdir()
    (tmp_path / "compliance" / "compliance.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    done = subprocess.run(["bash", "-c", BLOCKS[name][1]], cwd=tmp_path, text=True, capture_output=True, check=True)
    assert done.stdout.splitlines() == told


def test_old_reports_are_deleted_and_others_kept(tmp_path: Path) -> None:
    """Only those of the history that are older than the text says."""
    history = tmp_path / "compliance" / "history"
    history.mkdir(parents=True)
    for name, days in (("2025-01-01T023000Z.json", 401), ("2025-01-01T023000Z.html", 402), ("2026-11-26T023000Z.json", 399), ("notes.txt", 500)):
        (history / name).touch()
        when = datetime.now(UTC) - timedelta(days=days, hours=1)
        os.utime(history / name, (when.timestamp(), when.timestamp()))
    subprocess.run(["bash", "-c", BLOCKS["delete-old"][1]], cwd=tmp_path, check=True)
    assert sorted(path.name for path in history.iterdir()) == ["2026-11-26T023000Z.json", "notes.txt"]


def _run_script(folder: Path, code: int) -> subprocess.CompletedProcess[str]:
    """The recipe's script with something in the place of ansible-playbook that notes its arguments and makes metrics."""
    stand_in = folder / "ansible-playbook"
    stand_in.write_text(f'#!/bin/bash\nprintf "%s\\n" "$@" > arguments\necho TASK\necho "COMPLIANCE ***"\necho told\necho x > compliance.prom\nexit {code}\n')
    stand_in.chmod(0o755)
    (folder / "textfile").mkdir(exist_ok=True)
    environment = {"PATH": os.environ["PATH"], "UAMOPS_COMPLIANCE_FOLDER": str(folder / "reports"), "ANSIBLE_PLAYBOOK": str(stand_in)}
    return subprocess.run(
        ["bash", "-c", BLOCKS["script"][1]], env=environment | {"TEXTFILE_FOLDER": str(folder / "textfile")}, text=True, capture_output=True, check=False
    )


@pytest.mark.skipif(not shutil.which("flock"), reason="needs flock")
def test_the_script_is_quiet_if_all_is_well_and_hands_on_the_exit_code(tmp_path: Path) -> None:
    """It says the report's lines only if somebody is needed, and gives node_exporter a whole file."""
    done = _run_script(tmp_path, 0)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "uamops.netwrix_auditor.compliance" in (tmp_path / "reports" / "arguments").read_text().splitlines()
    assert [path.name for path in (tmp_path / "textfile").iterdir()] == ["uamops_compliance.prom"]
    done = _run_script(tmp_path, 2)
    assert done.returncode == 2
    assert done.stdout.splitlines()[:2] == ["COMPLIANCE ***", "told"]


@pytest.mark.skipif(not shutil.which("flock"), reason="needs flock")
def test_the_script_does_not_run_twice_at_once(tmp_path: Path) -> None:
    """A second one leaves the first alone."""
    (tmp_path / "reports").mkdir()
    with subprocess.Popen(["flock", str(tmp_path / "reports" / ".lock"), "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin
        assert holder.stdout
        # Its answer says that it holds the lock.
        holder.stdin.write(b"x\n")
        holder.stdin.flush()
        holder.stdout.readline()
        done = _run_script(tmp_path, 0)
        holder.stdin.close()
    assert done.returncode == 75
    assert not (tmp_path / "reports" / "arguments").exists()


def test_all_recipes_run_at_the_time_of_the_text() -> None:
    """crontab, timer, rrule, GitHub and GitLab; the crontab line has five fields of time, an account and a command."""
    assert f"All recipes run at {HOUR:02}:{MINUTE:02}." in PAGES["scheduling"]
    cron = f"{MINUTE} {HOUR} * * *"
    *variables, line = BLOCKS["crontab"][1].splitlines()
    assert all(re.fullmatch(r"[A-Z_]+=\S+", variable) for variable in variables)
    assert line.split() == [*cron.split(), "uamops", "/usr/local/bin/uamops-compliance"]
    assert _unit("timer")["Timer"]["OnCalendar"] == f"*-*-* {HOUR:02}:{MINUTE:02}:00"
    assert f"T{HOUR:02}{MINUTE:02}00 RRULE:FREQ=DAILY" in BLOCKS["rrule"][1]
    assert yaml.safe_load(BLOCKS["github"][1])["on"]["schedule"] == [{"cron": cron}]
    assert f"a pipeline schedule ``{cron}``" in PAGES["scheduling"]


def _unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(BLOCKS[name][1])
    return parser


def test_the_units_belong_together() -> None:
    """The service runs the script as the account that was made, and the timer is enabled by its name."""
    service = _unit("service")
    assert service["Service"]["ExecStart"] in PAGES["scheduling"].split("cron\n----", 1)[0]
    assert f" {service['Service']['User']}\n" in BLOCKS["setup"][1].splitlines(keepends=True)[0]
    assert _unit("timer")["Install"]["WantedBy"] == "timers.target"
    assert _unit("textfile-unit")["Service"]["ReadWritePaths"] in BLOCKS["textfile"][1]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """Every key is known to systemd; the programs that are not on this machine are stood in for."""
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    text = BLOCKS["service"][1].replace("/usr/local/bin/uamops-compliance", str(program))
    (tmp_path / "uamops-compliance.service").write_text(text + BLOCKS["textfile-unit"][1])
    (tmp_path / "uamops-compliance.timer").write_text(BLOCKS["timer"][1])
    files = [str(tmp_path / f"uamops-compliance.{kind}") for kind in ("service", "timer")]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], text=True, capture_output=True, check=False)
    assert not [line for line in done.stderr.splitlines() if "uamops-compliance" in line]


def test_the_workflow_has_what_github_wants() -> None:
    """Steps that use or run something, an own runner, and the shell of each step is shell; a report is kept also of a run that fails."""
    (job,) = yaml.safe_load(BLOCKS["github"][1])["jobs"].values()
    assert "self-hosted" in job["runs-on"]
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert "uses" not in step or re.fullmatch(r"actions/[a-z-]+(/[a-z]+)?@v\d+", step["uses"])
        subprocess.run(["bash", "-n"], input=step.get("run", ""), text=True, check=True)
    after = job["steps"][[step.get("name") for step in job["steps"]].index("Compare") + 1 :]
    assert len(after) == 3
    assert all(step["if"] == "${{ !cancelled() }}" for step in after)


def test_the_job_has_what_gitlab_wants() -> None:
    """A script, a schedule only, JUnit and the folder as artifacts, and the history as cache."""
    (job,) = yaml.safe_load(BLOCKS["gitlab"][1]).values()
    assert "ansible-playbook compliance.yml" in job["script"][0]
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    assert job["artifacts"]["reports"] == {"junit": "compliance/compliance.xml"}
    assert (job["artifacts"]["when"], job["cache"]["paths"]) == ("always", ["compliance/history/"])


def test_the_files_of_the_repository_fit_together() -> None:
    """The playbook that CI runs is the one that is made, its callback is enabled, and reports go where the recipes look."""
    assert yaml.safe_load(BLOCKS["playbook"][1])[0]["import_playbook"] == "uamops.netwrix_auditor.compliance"
    settings = _unit("settings")
    assert settings["defaults"]["callbacks_enabled"] == "uamops.netwrix_auditor.compliance"
    assert settings["callback_compliance"]["folder"] == "compliance"
    named = {re.split(r"[>=<\[]", line)[0] for line in BLOCKS["python-packages"][1].split()}
    own = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert all(name == "ansible-core" or re.search(rf"^{name}\b", own, re.MULTILINE) for name in named)
    assert set(json.loads(BLOCKS["awx-settings"][1])["AWX_TASK_ENV"]) == {"UAMOPS_COMPLIANCE_FOLDER"}
