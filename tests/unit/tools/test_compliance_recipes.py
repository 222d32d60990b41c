# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes of the pages about compliance are what they claim to be, and fit together."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from unit.tools.compliance_pages import BLOCKS, PAGES, ROOT

# At what time all recipes run.
HOUR, MINUTE = 2, 30


def _of(language: str) -> list[str]:
    return [name for name, (found, _text) in BLOCKS.items() if found == language]


@pytest.mark.parametrize("name", _of("bash"))
def test_shell_blocks_are_shell(name: str) -> None:
    """As bash reads them without running them."""
    done = subprocess.run(["bash", "-n"], input=BLOCKS[name][1], text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", _of("yaml"))
def test_yaml_blocks_are_yaml(name: str) -> None:
    """A mapping or a list, not just a text."""
    assert isinstance(yaml.safe_load(BLOCKS[name][1]), dict | list)


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


@pytest.mark.parametrize(("name", "schema"), [("github", "github-workflows"), ("gitlab", "gitlab-ci")])
def test_the_schemas_of_the_ci_services_accept_the_recipes(tmp_path: Path, name: str, schema: str) -> None:
    """As published for editors, and carried by check-jsonschema."""
    file = tmp_path / f"{name}.yml"
    file.write_text(BLOCKS[name][1], encoding="utf-8")
    done = subprocess.run(["check-jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


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
