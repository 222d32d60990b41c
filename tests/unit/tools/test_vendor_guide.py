# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that maps the vendor's guide to this collection is complete and says the truth."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
RST = ROOT / "docs" / "docsite" / "rst"
# Every setting of the guide, in its order. One that is added there gets a word here, a row in the page, and a test.
SETTINGS = """
wmi-service remote-registry file-sharing wmi-traffic server-inbound agent-inbound agent-outbound
antivirus-server antivirus-agent data-account dotnet-server dotnet-agent sessions agent-package agent-server admin-shares
share-access codec internet-explorer activex edge-ie-mode file-download active-content active-scripting ie-esc-server ie-esc-client
client-users media-foundation ink desktop-experience old-features feature-repair restart
""".split()
# The records of the guide's two tables: actions of sessions, and details of windows.
RECORDS = """
Monitoring start|Local session start|Sign-out|Shutdown|Screensaver on|Screensaver off|Lock|Unlock|Console connection|Console disconnection
Remote connection|Remote disconnection|Window|Elevated Window|Application Run As
""".replace("\n", "|").strip("|")
CASES = {case["id"]: case for case in yaml.safe_load((ROOT / "tests" / "integration" / "cases" / "vendor_guide.yml").read_text(encoding="utf-8"))}


@dataclass(frozen=True)
class Row:
    """One row of the page."""

    id: str
    setting: str
    variables: str
    module: str
    test: str


def _rows() -> list[Row]:
    cells = r"   \* - (.+)\n     - (.+)\n     - (.+)\n     - (.+)\n     - (.+)\n"
    found = re.findall(cells, (RST / "vendor_guide.rst").read_text(encoding="utf-8"))
    return [Row(*(cell.strip() for cell in row)) for row in found if row[0] != "Id"]


ROWS = _rows()


def _options() -> set[str]:
    """The variables of all roles."""
    specs = [yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"] for path in ROOT.glob("roles/*/meta/argument_specs.yml")]
    return {name for spec in specs for entry in spec.values() for name in entry.get("options", {})}


def test_every_setting_of_the_guide_has_its_row() -> None:
    """Nothing is missing, nothing is there twice, and the order is the guide's."""
    assert [row.id for row in ROWS] == SETTINGS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_variables_and_the_module_of_a_row_exist(row: Row) -> None:
    """Variables are options of a role, and the module is one of ours."""
    named = {name for name in re.findall(r"``(\w+)``", row.variables) if name not in ("server", "agent", "playback_client")}
    assert named <= _options()
    module = re.search(r"netwrix_auditor\.(\w+)_module>", row.module)
    assert module is None or (ROOT / "plugins" / "modules" / f"{module[1]}.py").exists()
    assert module is not None or row.id == "sessions"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_test_of_a_row_exists(row: Row) -> None:
    """It is a case that is read back after the roles have run, or a test function."""
    name = row.test.strip("`")
    if name.startswith("case:"):
        assert name.removeprefix("case:") == row.id
        assert row.id in CASES
        return
    file, _colons, function = name.partition("::")
    (path,) = (ROOT / "tests").rglob(file)
    functions = [node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]
    assert function in functions


def test_no_case_is_without_a_row() -> None:
    """What is read back is told in the page."""
    assert set(CASES) == {row.id for row in ROWS if row.test.strip("`").startswith("case:")}


@pytest.mark.parametrize("record", RECORDS.split("|"))
def test_the_checklist_has_every_record(record: str) -> None:
    """The acceptance checklist names each record of the guide's tables of sessions and of programs under other accounts."""
    assert re.search(rf"\b{record}\b", (RST / "acceptance.rst").read_text(encoding="utf-8"))
