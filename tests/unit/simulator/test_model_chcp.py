# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""chcp, and batch files in another code page than the console's."""

from __future__ import annotations

import pytest
from simulator.windows.cmd import Cmd, Console
from simulator.windows.context import SYSTEM
from unit.simulator.model_hosts import host, registry

SCRIPT = r"C:\Data\a.cmd"


@pytest.mark.parametrize(("first", "kept"), [("chcp 65001 >nul", True), ("rem nothing", False)])
@pytest.mark.parametrize("language", ["de-DE", "ja-JP"])
def test_a_batch_file_is_read_in_the_code_page_of_the_moment(language: str, first: str, kept: bool) -> None:
    """UTF-8 in a batch file is read right behind chcp 65001, and wrong in the OEM code page of the host."""
    target = host(language=language)
    target.files.make_folder(r"C:\Data")
    target.files.write(SCRIPT, f'{first}\r\nreg add HKLM\\SOFTWARE\\X /v A /d "für" /f >nul\r\n'.encode())
    Cmd(Console(target, SYSTEM, target.speech.oem, target.environment, "C:\\")).run(SCRIPT)
    found = registry(target, "GetStringValue", hDefKey=0x80000002, sSubKeyName="SOFTWARE\\X", sValueName="A")["sValue"]
    assert (found == "für") is kept


def test_chcp_shows_and_refuses() -> None:
    """Without a number it shows the code page; one that there is not changes nothing."""
    target = host(language="de-DE")
    console = Console(target, SYSTEM, 850, target.environment, "C:\\")
    assert Cmd(console).run("chcp 12345").exit_code == 1
    assert Cmd(console).run("chcp").stdout.endswith("Aktive Codepage: 850.\r\n")
