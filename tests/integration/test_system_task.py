# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands as SYSTEM on simulated hosts of several releases and languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import simulator
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import batch_quote
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import ConnectionFailed

from .file_hosts import opened
from .harness import HERE

FOLDER = "C:\\Windows\\uamops"
HOSTS = ["ws2012", "ws2012r2", "pc10x86", "pc11v24"]
OLD = "uamops-20200101000000-0123abcd"
KEY = "HKLM\\SOFTWARE\\UAM test"


@pytest.fixture(scope="module")
def fleet() -> Iterator[Any]:
    """Hosts in four languages."""
    with simulator.serve(simulator.load_fleet(HERE / "fleets" / "wide.yml").with_ports(0, 0)) as served:
        yield served


def _left(fleet: Any, host: str) -> list[str]:
    windows = fleet.hosts[host].windows
    return [*windows.files.list(FOLDER), *(task.name for task in windows.tasks)]


@pytest.mark.parametrize("host", HOSTS)
def test_lines_run_as_system_and_values_arrive_as_they_are(fleet: Any, host: str) -> None:
    """Percent signs, ampersands and umlauts in a value; the first failing line's code; no task and no file stays."""
    value = "100% für & (alle) %PATH%"
    lines = [f'reg.exe add "{KEY}" /v A /d {batch_quote(value)} /f', "reg.exe query HKLM\\SOFTWARE\\NoSuchKey", f'reg.exe add "{KEY}" /v B /d b /f']
    with opened(fleet, host) as found:
        assert found.as_system(lines[:1], 10, "try it") == 0
        assert found.as_system(lines, 10, "try it") == 1
        key = found.registry.key(KEY)
    assert key is not None
    assert {name: entry.data for name, entry in key.values.items()} == {"a": value}
    writers = {entry["account"] for entry in fleet.hosts[host].windows.journal.entries if entry["target"].endswith("UAM test")}
    assert writers == {"NT AUTHORITY\\SYSTEM"}
    assert _left(fleet, host) == []


def test_an_interrupted_run_is_cleaned_up_later(fleet: Any) -> None:
    """A connection that is lost leaves a task that removes itself; what is left of a run long ago goes with the next one."""
    windows, is_cut = fleet.hosts["ws2016"].windows, False

    def cut(_number: int, message: bytes) -> None:
        nonlocal is_cut
        is_cut = is_cut or (b".result" in message and b"type " in message)
        if is_cut:
            raise ConnectionFailed("the connection was cut")

    with opened(fleet, "ws2016", before=cut) as found, pytest.raises(ConnectionFailed):
        found.as_system(["whoami.exe"], 10, "try it")
    (result,) = _left(fleet, "ws2016")
    assert result.endswith(".result")
    windows.files.write(f"{FOLDER}\\{OLD}.cmd", b"@echo off")
    windows.files.write(f"{FOLDER}\\agent.msi", b"package")
    with opened(fleet, "ws2016") as found:
        found.run("schtasks.exe", f'/create /tn "{OLD}" /ru SYSTEM /sc ONCE /st 00:00 /tr whoami.exe /f')
        assert found.as_system(["whoami.exe"], 10, "try it") == 0
    # The young one may be another controller's.
    assert sorted(_left(fleet, "ws2016")) == ["agent.msi", result]


def test_a_host_without_room_for_the_script_is_told(fleet: Any) -> None:
    """A full disk is an error in words, and no task is made."""
    windows = fleet.hosts["ws2019"].windows
    windows.files.make_folder(FOLDER)
    windows.files.free = 10
    with opened(fleet, "ws2019") as found, pytest.raises(ApplyFailed, match="ws2019"):
        found.as_system(["whoami.exe"], 10, "try it")
    assert list(windows.tasks) == []
