# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in the registry counts as a reason to restart."""

from __future__ import annotations

from typing import Any, cast

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._registry import Key, Registry, RegistryValue
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._restart import Restart

WINDOWS = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
CONTROL = "HKLM\\SYSTEM\\CurrentControlSet\\Control"


class Fake:
    """A registry of a few keys that notes what it is asked for."""

    def __init__(self, keys: dict[str, Key]) -> None:
        self._keys = keys
        self.expected: list[str] = []

    def expect(self, path: str) -> None:
        """As Registry's."""
        self.expected.append(path)

    def key(self, path: str) -> Key | None:
        """As Registry's; what was not expected costs a message, which is a mistake here."""
        assert path in self.expected
        return self._keys.get(path)


def _restart(keys: dict[str, Key]) -> Restart:
    found = Restart(cast(Registry, Fake(keys)))
    found.expect()
    return found


def _values(**data: Any) -> Key:
    return Key({name.lower(): RegistryValue(name, "REG_SZ", value) for name, value in data.items()})


@pytest.mark.parametrize(
    ("keys", "reasons"),
    [
        ({}, ()),
        ({f"{WINDOWS}\\Component Based Servicing": Key(subkeys={"packages": Key()})}, ()),
        (
            {f"{WINDOWS}\\Component Based Servicing": Key(subkeys={"rebootpending": Key(), "rebootinprogress": Key()})},
            ("servicing", "servicing_in_progress"),
        ),
        ({f"{WINDOWS}\\Component Based Servicing": Key(subkeys={"packagespending": Key()})}, ("servicing_packages",)),
        ({f"{WINDOWS}\\WindowsUpdate\\Auto Update": Key(subkeys={"rebootrequired": Key()})}, ("windows_update",)),
        ({"HKLM\\SOFTWARE\\Microsoft\\Updates": _values(UpdateExeVolatile=0)}, ()),
        ({"HKLM\\SOFTWARE\\Microsoft\\Updates": _values(UpdateExeVolatile=2)}, ("update_exe",)),
        (
            {
                f"{CONTROL}\\ComputerName\\ActiveComputerName": _values(ComputerName="WS1"),
                f"{CONTROL}\\ComputerName\\ComputerName": _values(ComputerName="ws1"),
            },
            (),
        ),
        (
            {
                f"{CONTROL}\\ComputerName\\ActiveComputerName": _values(ComputerName="WS1"),
                f"{CONTROL}\\ComputerName\\ComputerName": _values(ComputerName="WS2"),
            },
            ("computer_name",),
        ),
        ({"HKLM\\SYSTEM\\CurrentControlSet\\Services\\Netlogon": _values(AvoidSpnSet="1")}, ("domain_join",)),
        ({f"{CONTROL}\\Session Manager": _values(PendingFileRenameOperations=("\\??\\C:\\a", ""))}, ()),
    ],
)
def test_reasons_come_from_keys_that_were_expected(keys: dict[str, Key], reasons: tuple[str, ...]) -> None:
    """Each has its name; file renames are none."""
    assert _restart(keys).reasons() == reasons


def test_file_renames_are_told_apart() -> None:
    """An empty list is none."""
    assert _restart({f"{CONTROL}\\Session Manager": _values(PendingFileRenameOperations=("\\??\\C:\\a", ""))}).file_renames()
    assert not _restart({f"{CONTROL}\\Session Manager": _values(PendingFileRenameOperations=())}).file_renames()
    assert not _restart({}).file_renames()
