# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines that run as SYSTEM, by a scheduled task that is there for one run.

An account that came over the network can't reach a file server, and Windows Update refuses it (surface 6 and 7.3); SYSTEM can do both.
What came of the lines is told by a number in a file of ours, never by schtasks' texts, which are in the host's language.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .._plan import ApplyFailed, BadRequest, StateError
from .._wsman import CommandTimedOut, WSManError
from ._commands import UNPRINTABLE, check_arguments

if TYPE_CHECKING:
    from . import Host

_FIRST_POLL_SECONDS, _LONGEST_POLL_SECONDS = 0.2, 5.0
# Another controller may be at work on the same host: what is younger may be its.
_LEFT_OVER = timedelta(days=1)
_STAMP = "%Y%m%d%H%M%S"
_OURS = re.compile(r"(?P<name>uamops-(?P<stamp>\d{14})-[0-9a-f]{8})\.(?:cmd|xml|tmp|result)(?:\.[0-9a-f]{8})?(?:\.b64)?")
_UNWRITABLE = re.compile(f'["{UNPRINTABLE}]')
# The longest line that cmd.exe takes, also from a batch file.
_LINE_LIMIT = 8191
# A batch file runs in a cmd.exe whose command line names it.
_SCRIPT_HOSTS = "SELECT ProcessId, CommandLine FROM Win32_Process WHERE Name = 'cmd.exe'"

# What schtasks' own options can't say: go on when a laptop is unplugged, and at the speed of other programs (schema: MS-TSCH 2.5).
_DEFINITION = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Principals><Principal id="system"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel></Principal></Principals>
  <Settings>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
  </Settings>
  <Actions Context="system"><Exec><Command>{script}</Command></Exec></Actions>
</Task>
"""


def batch_quote(value: str) -> str:
    """A value as one quoted argument of a line for `as_system`, which takes care of percent signs itself.

    Raises:
        BadRequest: the value holds a quotation mark or a control character.
    """
    if _UNWRITABLE.search(value):
        raise BadRequest(f"{value!r} can't be written into a batch file: it holds a quotation mark or a control character.")
    return f'"{value}"'


def as_system(host: Host, lines: Sequence[str], time_limit: float, purpose: str) -> int:
    """Run a few command lines as SYSTEM, one after the other until one fails.

    In `lines` a percent sign means itself, as in `Host.command_line`; values come from `batch_quote`. `time_limit`: seconds until all
    that they have started is ended. `purpose` completes "could not". Returns the exit code of the first line that failed as an unsigned
    number of 32 bits, or 0.

    Raises:
        BadRequest: a line can't be written safely.
        ApplyFailed: Windows did not take the task, or the lines did not end in time.
    """
    task = _Task(f"uamops-{datetime.now(UTC).strftime(_STAMP)}-{uuid.uuid4().hex[:8]}", host.staging)
    script = task.script(lines)
    make_private(host, task.folder)
    _remove_leftovers(host, task.folder)
    try:
        host.files.write_small(task.file("cmd"), script)
        host.files.write_small(task.file("xml"), task.definition())
        _start(host, task, purpose)
        code = _wait(host, task, time_limit)
        if code is None:
            _end(host, task)
            raise ApplyFailed(f"SYSTEM did not {purpose} on {host.name} within {time_limit:.0f} seconds; all that it had started was ended.")
    except (StateError, WSManError):
        # Through a new shell, as the old one may be what broke. If the host is out of reach, a later run removes what is left.
        with suppress(StateError, WSManError):
            host.rest()
            _clean(host, task)
        raise
    _clean(host, task)
    return code


@dataclass(frozen=True, slots=True)
class _Task:
    """A task and its files, all of one name."""

    name: str
    folder: str

    def file(self, ending: str) -> str:
        """`cmd` is the script and `xml` the task; `result` holds the exit code and is written as `tmp`, so that nobody reads half of it."""
        return f"{self.folder}\\{self.name}.{ending}"

    def script(self, lines: Sequence[str]) -> bytes:
        """The batch file: the lines, their exit code, and the end of the task and of the file itself.

        The last line is one line because cmd.exe reads a batch file line by line, and this one is gone then.
        """
        for line in lines:
            check_arguments(line.replace("%", ""))
        work = " && ".join(lines).replace("%", "%%")
        if len(work) > _LINE_LIMIT:
            raise BadRequest(f"This needs a command line of {len(work)} characters, and Windows takes {_LINE_LIMIT}.")
        script, xml, half, result = (f'"{self.file(ending)}"' for ending in ("cmd", "xml", "tmp", "result"))
        report = [
            # In front of echo: a digit right before the sign would name a stream.
            f">{half} echo %errorlevel%",
            f'move /y {half} {result} >nul & schtasks.exe /delete /tn "{self.name}" /f >nul 2>nul & del /f /q {xml} {script}',
        ]
        utf_8 = [] if work.isascii() else ["chcp 65001 >nul"]
        return "".join(f"{line}\r\n" for line in ["@echo off", *utf_8, work, *report]).encode()

    def definition(self) -> bytes:
        """The task's own file, in the encoding that schtasks takes."""
        return _DEFINITION.format(script=self.file("cmd")).encode("utf-16")


def make_private(host: Host, folder: str) -> None:
    """Make the folder, where only SYSTEM and Administrators may read: a line may hold a password, and everybody reads in Windows' folder."""
    host.files.make_folder(folder)
    host.must_run("icacls.exe", f'"{folder}" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F"', f"keep {folder} private")


def _start(host: Host, task: _Task, purpose: str) -> None:
    """Make the task, which no clock ever starts, and run it."""
    purpose = f"have SYSTEM {purpose}"
    host.must_run("schtasks.exe", f'/create /tn "{task.name}" /xml "{task.file("xml")}" /ru SYSTEM /f', purpose)
    host.must_run("schtasks.exe", f'/run /tn "{task.name}"', purpose)


def _wait(host: Host, task: _Task, time_limit: float) -> int | None:
    """The exit code; None if it does not come in time."""
    end, pause = time.monotonic() + time_limit, _FIRST_POLL_SECONDS
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_POLL_SECONDS)
        try:
            done = host.command_line(f'type "{task.file("result")}"', 60)
        except CommandTimedOut:
            # A host that is too busy to tell has not told yet.
            continue
        if done.exit_code == 0:
            return int(done.stdout) & 0xFFFFFFFF
    return None


def _end(host: Host, task: _Task) -> None:
    """End the script with all that it has started, then the task: ended first, it would leave them to themselves."""
    for process in list(host.client.query("root/cimv2", _SCRIPT_HOSTS)):
        if task.name in (process.text("CommandLine") or ""):
            host.run("taskkill.exe", f"/f /t /pid {process.integer('ProcessId')}")
    host.run("schtasks.exe", f'/end /tn "{task.name}"')


def _clean(host: Host, task: _Task) -> None:
    """Delete the task and its files, those that were half written too (`name.cmd.<hash>`); some of them, or all, are gone already."""
    host.cmd(f'schtasks.exe /delete /tn "{task.name}" /f >nul 2>nul & del /f /q "{task.file("*")}" >nul 2>nul')


def _remove_leftovers(host: Host, folder: str) -> None:
    """What runs that were interrupted long ago have left behind."""
    before = datetime.now(UTC) - _LEFT_OVER
    found = {match["name"]: match["stamp"] for name in host.cmd(f'dir /b "{folder}"').stdout.splitlines() if (match := _OURS.fullmatch(name.strip()))}
    for name, stamp in found.items():
        if stamp < before.strftime(_STAMP):
            _clean(host, _Task(name, folder))
