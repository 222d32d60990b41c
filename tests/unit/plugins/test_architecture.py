# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import direction of the design, held by reading every file's imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[3] / "plugins"
ROOT = "ansible_collections.uamops.netwrix_auditor.plugins"

# A layer may import itself and what stands behind it here.
LAYERS: dict[str, set[str]] = {
    "plugin_utils._plan": set(),
    "plugin_utils._wsman": set(),
    "plugin_utils._host": {"plugin_utils._plan", "plugin_utils._wsman", "plugin_utils._package"},
    "plugin_utils._package": {"plugin_utils._plan"},
    "plugin_utils._report": {"plugin_utils._plan"},
    "plugin_utils._resources": {"plugin_utils._plan", "plugin_utils._host", "plugin_utils._package"},
    "plugin_utils._action": {"plugin_utils._plan", "plugin_utils._wsman", "plugin_utils._host", "plugin_utils._package", "plugin_utils._resources"},
    "plugin_utils._monitoring": {"plugin_utils._plan", "plugin_utils._host"},
    "module_utils._specs": set(),
    "action": {
        "plugin_utils._action",
        "plugin_utils._resources",
        "plugin_utils._monitoring",
        "plugin_utils._host",
        "plugin_utils._plan",
        "module_utils._specs",
    },
    "modules": {"module_utils._specs"},
    "doc_fragments": set(),
}
MAY_IMPORT_ANSIBLE = {"plugin_utils._action", "action", "callback", "modules"}
LIBRARIES_OF_THE_WIRE = {"winrm", "pypsrp", "requests", "spnego", "urllib3"}


def _layer(path: Path) -> str:
    parts = path.relative_to(PLUGINS).with_suffix("").parts
    return f"{parts[0]}.{parts[1]}" if parts[0] in ("plugin_utils", "module_utils") else parts[0]


def _imports(path: Path) -> Iterator[str]:
    """Every imported module, absolute; a relative import is resolved against the file."""
    package = [*ROOT.split("."), *path.relative_to(PLUGINS).parent.parts]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield stem
            yield from (f"{stem}.{alias.name}" for alias in node.names if not node.module)


FILES = sorted(path for path in PLUGINS.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_imports_go_one_way(path: Path) -> None:
    """A file imports its own layer and the layers that the design puts below it, and nothing else of the collection."""
    layer = _layer(path)
    ours = {name.removeprefix(f"{ROOT}.") for name in _imports(path) if name.startswith(f"{ROOT}.")}
    used = {".".join(name.split(".")[:2]) if name.split(".")[0] in ("plugin_utils", "module_utils") else name.split(".")[0] for name in ours}
    assert used - {layer, "plugin_utils"} <= LAYERS[layer]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_only_the_bridge_knows_ansible(path: Path) -> None:
    """Ansible is imported by the bridge, the actions, the callbacks and the module stubs alone."""
    foreign = {name.split(".")[0] for name in _imports(path)} & {"ansible"}
    assert not foreign or _layer(path) in MAY_IMPORT_ANSIBLE


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_only_the_session_knows_the_transport_libraries(path: Path) -> None:
    """The libraries that open connections stay inside the session's file."""
    foreign = {name.split(".")[0] for name in _imports(path)} & LIBRARIES_OF_THE_WIRE
    assert not foreign or path.name.startswith("_session") or "_session" in path.parts


def test_the_plan_needs_the_standard_library_only() -> None:
    """The plan is plain Python: nothing but the standard library."""
    import sys

    assert {name.split(".")[0] for name in _imports(PLUGINS / "plugin_utils" / "_plan.py")} <= set(sys.stdlib_module_names)


def test_the_simulator_shares_no_code_with_the_plugins() -> None:
    """A codec used by both sides would hide its own mistakes."""
    simulator = Path(__file__).parents[2] / "simulator"
    named = [path for path in simulator.rglob("*.py") if "ansible_collections" in path.read_text()]
    assert [path for path in named if any(name.startswith("ansible_collections") for name in _any_imports(path))] == []


def test_check_mode_is_mentioned_once() -> None:
    """Check mode is a choice between plan and converge, made in one line."""
    lines = [line for path in FILES if _layer(path) not in ("modules", "doc_fragments") for line in path.read_text().splitlines() if ".check_mode" in line]
    assert len(lines) == 1


def _any_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
