# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that every process of a host has."""

from __future__ import annotations


def environment(name: str, bits: int) -> dict[str, str]:
    """The system's own; those of an account come on top."""
    found = {
        "ALLUSERSPROFILE": r"C:\ProgramData",
        "CommonProgramFiles": r"C:\Program Files\Common Files",
        "COMPUTERNAME": name.upper(),
        "ComSpec": r"C:\Windows\system32\cmd.exe",
        "NUMBER_OF_PROCESSORS": "2",
        "OS": "Windows_NT",
        "Path": r"C:\Windows\system32;C:\Windows;C:\Windows\System32\Wbem;C:\Windows\System32\WindowsPowerShell\v1.0" + "\\",
        "PATHEXT": ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC",
        "PROCESSOR_ARCHITECTURE": "AMD64" if bits == 64 else "x86",
        "ProgramData": r"C:\ProgramData",
        "ProgramFiles": r"C:\Program Files",
        "PROMPT": "$P$G",
        "PUBLIC": r"C:\Users\Public",
        "SystemDrive": "C:",
        "SystemRoot": r"C:\Windows",
        "TEMP": r"C:\Windows\TEMP",
        "TMP": r"C:\Windows\TEMP",
        "windir": r"C:\Windows",
    }
    if bits == 64:
        found["CommonProgramFiles(x86)"] = r"C:\Program Files (x86)\Common Files"
        found["CommonProgramW6432"] = r"C:\Program Files\Common Files"
        found["ProgramFiles(x86)"] = r"C:\Program Files (x86)"
        found["ProgramW6432"] = r"C:\Program Files"
    return found
