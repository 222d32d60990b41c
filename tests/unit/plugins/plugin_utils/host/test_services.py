# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: what Windows' return values mean, and which program a service runs."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._services import REASONS, Service


def test_every_return_value_has_a_reason() -> None:
    """Win32_Service's methods return 1 to 24 when they refuse; each is told in words of its own."""
    assert sorted(REASONS) == list(range(1, 25))
    assert len(set(REASONS.values())) == 24


@pytest.mark.parametrize(
    ("image_path", "program"),
    [
        (r'"C:\Program Files (x86)\Vendor\agent.exe" -service', r"C:\Program Files (x86)\Vendor\agent.exe"),
        (r"C:\Program Files\Vendor\agent.exe -k one", r"C:\Program Files\Vendor\agent.exe"),
        (r"C:\Windows\system32\svchost.exe -k netsvcs -p", r"C:\Windows\system32\svchost.exe"),
        (r"\SystemRoot\System32\drivers\tcpip.sys", r"\SystemRoot\System32\drivers\tcpip.sys"),
        ("", ""),
    ],
)
def test_the_program_is_read_out_of_the_image_path(image_path: str, program: str) -> None:
    """With and without quotation marks and arguments."""
    assert Service("x", image_path, "auto", "running").program == program


@pytest.mark.parametrize(
    ("asked", "found"), [("agent.exe", True), (r"c:\PROGRAM files\vendor\AGENT.exe", True), ("gent.exe", False), (r"C:\Other\agent.exe", False)]
)
def test_a_service_is_found_by_file_name_or_full_path(asked: str, found: bool) -> None:
    """A file name means any folder, a path means that one, in any letter case."""
    assert Service("x", r"C:\Program Files\Vendor\agent.exe -x", "auto", "running").runs(asked) is found
