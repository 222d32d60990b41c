# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases that are changed with msitools first (UAMOPS_TEST_TOOLS=1, see conftest.py)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import read_package
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest

AGENT = "UACoreSvcSetup-10.7.0.msi"


def test_merge_module(packages: Path, tmp_path: Path) -> None:
    """A merge module has the table ModuleSignature."""
    source = tmp_path / "m.msm"
    shutil.copyfile(packages / AGENT, source)
    table = tmp_path / "ModuleSignature.idt"
    table.write_text("ModuleID\tLanguage\tVersion\r\ns72\ti2\ts32\r\nModuleSignature\tModuleID\r\nM.1\t1033\t1.0\r\n", newline="")
    subprocess.run(["msibuild", str(source), "-i", str(table)], check=True)
    with pytest.raises(BadRequest, match=r"is a merge module \(MSM\)"):
        read_package(source)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("DELETE FROM `Property` WHERE `Property`='ProductCode'", "names no ProductCode"),
        ("UPDATE `Property` SET `Value`='x' WHERE `Property`='ProductCode'", "has 'x' as its ProductCode, which is no GUID"),
        ("UPDATE `Property` SET `Value`='x' WHERE `Property`='ProductVersion'", "has 'x' as its ProductVersion, which is no version"),
    ],
)
def test_database_that_windows_would_not_install(packages: Path, tmp_path: Path, query: str, text: str) -> None:
    """A package without the properties that Windows Installer requires is refused with the property's name."""
    path = tmp_path / "a.msi"
    shutil.copyfile(packages / AGENT, path)
    subprocess.run(["msibuild", str(path), "-q", query], check=True)
    with pytest.raises(BadRequest, match=text):
        read_package(path)
