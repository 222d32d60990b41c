# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""icacls: a folder that is left to SYSTEM and Administrators."""

from __future__ import annotations

import pytest
from simulator.windows.context import SYSTEM
from simulator.windows.files import FileError
from simulator.windows.files.access import Access
from simulator.windows.records import Account
from unit.simulator.model_hosts import ADMIN, USER, host, run

FOLDER = r"C:\Windows\Private"
PRIVATE = f'"{FOLDER}" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F"'


def test_only_the_named_can_read_a_private_folder() -> None:
    """Before, everybody reads in Windows' folder; after, SYSTEM and administrators alone, also what was written earlier."""
    target = host()
    target.files.make_folder(FOLDER)
    target.files.write(rf"{FOLDER}\a.cmd", b"secret")
    assert Access(target, USER).read(rf"{FOLDER}\a.cmd") == b"secret"
    assert run(target, "icacls", PRIVATE).exit_code == 0
    for account in (ADMIN, SYSTEM):
        assert Access(target, account).read(rf"{FOLDER}\A.CMD") == b"secret"
    with pytest.raises(FileError) as refused:
        Access(target, USER).read(rf"{FOLDER}\a.cmd")
    assert refused.value.code == 5
    assert target.journal.entries[-1]["detail"] == {"action": "restrict", "sids": ["S-1-5-18", "S-1-5-32-544"]}


@pytest.mark.parametrize(
    ("account", "arguments", "code"),
    [
        (ADMIN, PRIVATE.replace("Private", "Nothing"), 2),
        (USER, PRIVATE, 5),
        (ADMIN, f'"{FOLDER}" /grant Everyone:F', 87),
        (ADMIN, f'"{FOLDER}" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)R"', 87),
    ],
)
def test_what_icacls_refuses(account: Account, arguments: str, code: int) -> None:
    """The exit code is the Win32 error; what is not modelled is never a success, and nothing is written."""
    target = host(language="de-DE")
    target.files.make_folder(FOLDER)
    assert run(target, "icacls", arguments, account=account).exit_code == code
    assert target.journal.entries == []
