# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that bring resources about return the same things, and say so in the same words."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import KINDS

MODULES = Path(__file__).parents[3] / "plugins" / "modules"
# Documentation fragments can't carry return values, so that each module has its own copy.
COMMON = ("drift", "notes", "reboot_required", "reboot_reasons", "host", "transport")


def _returned(module: str) -> dict[str, Any]:
    for node in ast.parse((MODULES / f"{module}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RETURN":
            found = yaml.safe_load(ast.literal_eval(node.value))
            return {name: _without_samples(found.get(name)) for name in COMMON}
    raise AssertionError(module)


def _without_samples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_samples(entry) for key, entry in value.items() if key != "sample"}
    return value


@pytest.mark.parametrize("module", [kind for kind in KINDS if kind != "folder"] + ["desired_state", "reboot"])
def test_return_values_are_described_alike(module: str) -> None:
    """What is described of one of them holds for all; only the samples are a module's own."""
    assert _returned(module) == _returned("folder")
