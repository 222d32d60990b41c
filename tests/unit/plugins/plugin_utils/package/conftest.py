# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the tests of packages find them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Not collected rather than skipped: with the switch on, a missing tool is a failure. They need osslsigncode and msitools (CONTRIBUTING.md).
collect_ignore = [] if os.environ.get("UAMOPS_TEST_TOOLS") == "1" else ["test_signature.py", "test_msi_built.py"]


@pytest.fixture(name="packages", scope="session")
def packages_fixture() -> Path:
    """The folder of the stand-in packages."""
    return Path(__file__).parents[5] / "tests" / "simulator" / "packages"
