# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated registration of video codecs, and rundll32's installation of an .inf file."""

from __future__ import annotations

import pytest
from simulator.windows import Windows
from unit.simulator.model_hosts import ADMIN, USER, host, run

INF = r"""
[DestinationDirs]
Files = 11
[DefaultInstall]
CopyFiles = Files
AddReg = Values ; a comment
[DefaultInstall.ntamd64]
CopyFiles = Files
AddReg = Values, Numbers
[Files]
a.dll
[Values]
HKLM,"SOFTWARE\Vendor",%Name%,,"a, b"
[Numbers]
HKLM,SOFTWARE\Vendor,number,0x10001,0x2A
[Strings]
Name = vidc.x
"""
CALL = r"setupapi.dll,InstallHinfSection DefaultInstall 128 C:\Temp\with blank\a.inf"
FILES = {r"C:\Temp\with blank\a.inf": INF, r"C:\Temp\with blank\a.dll": "driver"}
WIDE, NARROW = r"SOFTWARE\Vendor", r"SOFTWARE\WOW6432Node\Vendor"


def _value(target: Windows, key: str, name: str) -> object:
    return target.registry.value("hklm", key, name)


def test_a_section_copies_files_and_sets_values() -> None:
    """Of the program's own architecture; text with commas, numbers and names from Strings; every write is journalled."""
    target = host(files=FILES)
    assert run(target, "rundll32.exe", CALL).exit_code == 0
    assert (_value(target, WIDE, "vidc.x"), _value(target, WIDE, "number")) == ("a, b", 42)
    assert target.files.read(r"C:\Windows\System32\a.dll") == b"driver"
    assert {entry["kind"] for entry in target.journal.entries} == {"file", "registry"}


def test_the_32_bit_copy_writes_the_32_bit_view() -> None:
    """Registry and system directory are those of 32-bit programs; 32-bit Windows has one of each."""
    target = host(files=FILES)
    run(target, r"C:\Windows\SysWOW64\rundll32.exe", CALL)
    assert (_value(target, WIDE, "vidc.x"), _value(target, NARROW, "vidc.x"), _value(target, NARROW, "number")) == (None, "a, b", None)
    assert target.files.exists(r"C:\Windows\SysWOW64\a.dll")
    narrow = host("10", bits=32, files=FILES)
    run(narrow, "rundll32", CALL)
    assert (_value(narrow, WIDE, "vidc.x"), _value(narrow, WIDE, "number")) == ("a, b", None)


@pytest.mark.parametrize(
    ("call", "files"),
    [
        (CALL.replace("DefaultInstall", "Other"), FILES),
        (CALL.replace("a.inf", "b.inf"), FILES),
        (CALL.replace(r"C:\Temp\with blank\a.inf", '"C:\\Temp\\with blank\\a.inf"'), FILES),
        (CALL, {r"C:\Temp\with blank\a.inf": INF}),
    ],
)
def test_what_goes_wrong_is_not_told(call: str, files: dict[str, str]) -> None:
    """A missing section, a missing file, quotation marks, a missing driver: exit code 0 and nothing written."""
    target = host(files=files)
    assert run(target, "rundll32", call).exit_code == 0
    assert target.journal.entries == []


def test_without_administrators_rights_nothing_happens() -> None:
    """And other functions are said not to be modelled."""
    target = host(files=FILES)
    assert run(target, "rundll32", CALL, USER).exit_code == 0
    assert target.journal.entries == []
    assert "does not model" in run(target, "rundll32", "shell32.dll,Control_RunDLL", ADMIN).stderr


def test_a_host_can_have_the_codec() -> None:
    """For all programs or some; Windows' own drivers are there in any case."""
    wide, narrow = (rf"SOFTWARE\{node}Microsoft\Windows NT\CurrentVersion\Drivers32" for node in ("", "WOW6432Node\\"))
    half = host(codec="32-bit")
    assert (_value(half, wide, "vidc.spv1"), _value(half, narrow, "vidc.spv1")) == (None, "spv1.dll")
    assert _value(half, wide, "vidc.mrle") == "msrle32.dll"
    assert _value(host(codec=True), wide, "vidc.spv1") == "spv1.dll"
    with pytest.raises(ValueError, match="codec is true or one of 32-bit"):
        host("10", bits=32, codec="64-bit")
