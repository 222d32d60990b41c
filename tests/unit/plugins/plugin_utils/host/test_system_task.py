# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands as SYSTEM: what is written into the batch file and the task, and what is left on the host, whatever happens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast
from xml.etree import ElementTree

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Host, batch_quote
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._system_task import as_system
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import CommandTimedOut, ConnectionFailed

FOLDER = "C:\\Windows\\uamops"
_OLD, _YOUNG = "uamops-20200101000000-0123abcd", "uamops-29990101000000-0123abcd"


@dataclass
class Said:
    """What a command came to."""

    exit_code: int = 0
    stdout: str = ""


class Process(dict[str, object]):
    """A row of Win32_Process."""

    def text(self, name: str) -> str | None:
        """A text."""
        return cast("str | None", self.get(name))

    def integer(self, name: str) -> int | None:
        """A number."""
        return cast("int | None", self.get(name))


class Fake:
    """A host that takes everything down; `result` answers the question for the script's exit code."""

    name = "ws2016"
    staging = FOLDER

    def __init__(self, result: Callable[[], Said], listing: str = "", refuses: str = "") -> None:
        self.log: list[str] = []
        self.written: dict[str, bytes] = {}
        self.files = SimpleNamespace(make_folder=lambda path: self.log.append(f"make {path}"), write_small=self._write)
        self.client = SimpleNamespace(query=self._query)
        self._result = result
        self._listing = listing
        self._refuses = refuses

    def _write(self, path: str, data: bytes) -> None:
        self.written[path] = data

    def _query(self, *_query: str) -> list[Process]:
        return [
            Process(ProcessId=4, CommandLine="cmd.exe /c other.cmd"),
            Process(ProcessId=5, CommandLine=None),
            Process(ProcessId=77, CommandLine=f'C:\\Windows\\SYSTEM32\\cmd.exe /c "{FOLDER}\\{self.task}.cmd"'),
        ]

    @property
    def task(self) -> str:
        """The name of the task that the script belongs to."""
        return next(path for path in self.written if path.endswith(".cmd")).rpartition("\\")[2].removesuffix(".cmd")

    def text(self, ending: str, encoding: str = "utf-8") -> str:
        """A written file."""
        return self.written[f"{FOLDER}\\{self.task}.{ending}"].decode(encoding)

    def must_run(self, program: str, arguments: str, purpose: str) -> None:
        """As Host's."""
        self.log.append(f"{program} {arguments}")
        if self._refuses and self._refuses in arguments:
            raise ApplyFailed(f"{program} could not {purpose}")

    def run(self, program: str, arguments: str) -> Said:
        """As Host's."""
        self.log.append(f"{program} {arguments}")
        return Said()

    def rest(self) -> None:
        """As Host's."""
        self.log.append("rest")

    def cmd(self, line: str) -> Said:
        """As Host's."""
        self.log.append(line)
        return Said(0, self._listing) if line.startswith("dir") else Said()

    def command_line(self, line: str, time_limit: float) -> Said:
        """As Host's."""
        assert f"{self.task}.result" in line
        return self._result()


def run(host: Fake, *lines: str, time_limit: float = 5.0) -> int:
    """Run lines on the fake."""
    return as_system(cast(Host, host), lines, time_limit, "install it")


def done(code: str = "0") -> Callable[[], Said]:
    """The script has ended with this code."""
    return lambda: Said(0, f"{code}\r\n")


def cleaned(host: Fake, task: str) -> bool:
    """True if the host was told to delete a task and all its files."""
    return any(line.startswith(f'schtasks.exe /delete /tn "{task}" /f') and f'del /f /q "{FOLDER}\\{task}.*"' in line for line in host.log)


def test_the_lines_run_until_one_fails_and_their_code_is_told_whole() -> None:
    """Lines are joined so that the first failure ends them; the code goes under another name first, then the task and the script go."""
    host = Fake(done())
    assert run(host, "one.exe /a", "two.exe") == 0
    base = f"{FOLDER}\\{host.task}"
    assert host.text("cmd").split("\r\n") == [
        "@echo off",
        "one.exe /a && two.exe",
        f'>"{base}.tmp" echo %errorlevel%',
        f'move /y "{base}.tmp" "{base}.result" >nul & schtasks.exe /delete /tn "{host.task}" /f >nul 2>nul & del /f /q "{base}.xml" "{base}.cmd"',
        "",
    ]


def test_a_percent_sign_means_itself_and_other_letters_are_kept() -> None:
    """In a batch file a percent sign is doubled; what is not ASCII needs the code page of the file."""
    host = Fake(done())
    run(host, "reg.exe add HKLM\\X /d " + batch_quote("100% für"))
    lines = host.text("cmd").split("\r\n")
    assert lines[1:3] == ["chcp 65001 >nul", 'reg.exe add HKLM\\X /d "100%% für"']


@pytest.mark.parametrize("line", ["a.exe & b.exe", "a.exe > x", "a.exe\r\nb.exe", 'a.exe "x'])
def test_a_line_that_means_more_than_it_says_is_refused(line: str) -> None:
    """Nothing is written for a line that cmd.exe would read as two, or redirect."""
    host = Fake(done())
    with pytest.raises(BadRequest):
        run(host, line)
    assert host.log == []
    assert host.written == {}


@pytest.mark.parametrize("value", ['a"b', "a\nb", "a\x00"])
def test_a_value_that_a_batch_file_cannot_hold_is_refused(value: str) -> None:
    """Quotation marks and control characters."""
    with pytest.raises(BadRequest, match="can't be written into a batch file"):
        batch_quote(value)


def test_the_task_is_systems_and_goes_on_without_mains() -> None:
    """The task's file is UTF-16 with its mark, names SYSTEM by its SID, and neither a battery nor a clock ends it."""
    host = Fake(done())
    run(host, "a.exe")
    assert host.written[f"{FOLDER}\\{host.task}.xml"][:2] in (b"\xff\xfe", b"\xfe\xff")
    text = re.sub(r"<\?xml[^>]*\?>|xmlns=\"[^\"]*\"", "", host.text("xml", "utf-16"))
    task = ElementTree.fromstring(text)
    found = {path: task.findtext(path) for path in ("Principals/Principal/UserId", "Settings/StopIfGoingOnBatteries", "Actions/Exec/Command")}
    assert list(found.values()) == ["S-1-5-18", "false", f"{FOLDER}\\{host.task}.cmd"]
    assert task.find("Triggers") is None


@pytest.mark.parametrize(("told", "code"), [("3010", 3010), ("-2147024894", 0x80070002), ("1603", 1603)])
def test_exit_codes_are_unsigned(told: str, code: int) -> None:
    """cmd.exe prints an HRESULT as a negative number."""
    host = Fake(done(told))
    assert run(host, "a.exe") == code
    assert cleaned(host, host.task)


def test_the_result_is_waited_for() -> None:
    """A result that is not there yet is asked for again."""
    answers = iter([Said(1), Said(1), Said(0, "0\r\n")])
    assert run(Fake(lambda: next(answers)), "a.exe") == 0


def test_a_host_that_is_too_busy_to_tell_is_asked_again() -> None:
    """A question that runs into its own time limit says nothing about the script."""
    answers: Iterator[CommandTimedOut | Said] = iter([CommandTimedOut("type", 60), Said(0, "3010\r\n")])

    def answer() -> Said:
        said = next(answers)
        if isinstance(said, Exception):
            raise said
        return said

    assert run(Fake(answer), "a.exe") == 3010


def test_a_broken_connection_leaves_no_script_if_the_host_can_be_reached_again() -> None:
    """The script may hold a password: it is deleted through a new shell, and the error is the first one, also if that fails."""

    def broken() -> Said:
        raise ConnectionFailed("the connection broke")

    host, gone = Fake(broken), Fake(broken)
    with pytest.raises(ConnectionFailed, match="the connection broke"):
        run(host, "a.exe")
    assert cleaned(host, host.task)
    assert host.log[-2] == "rest"

    def unreachable() -> None:
        raise ConnectionFailed("still broken")

    gone.rest = unreachable  # type: ignore[method-assign]
    with pytest.raises(ConnectionFailed, match="the connection broke"):
        run(gone, "a.exe")


@pytest.mark.parametrize("ending", ["cmd.0123abcd", "xml.0123abcd", "cmd.b64", "cmd.0123abcd.b64"])
def test_a_half_written_file_is_a_leftover(ending: str) -> None:
    """A run that broke off while it wrote the script has left it in base64, with all that it says."""
    host = Fake(done(), listing=f"{_OLD}.{ending}\r\n{_YOUNG}.{ending}\r\n")
    run(host, "a.exe")
    assert cleaned(host, _OLD)
    assert not cleaned(host, _YOUNG)


def test_what_does_not_end_in_time_is_ended_with_its_tree_and_nothing_else() -> None:
    """The script's process is found by its name, its tree ended before the task, everything removed, and one sentence told."""
    host = Fake(lambda: Said(1))
    with pytest.raises(ApplyFailed, match="SYSTEM did not install it on ws2016 within 0 seconds"):
        run(host, "a.exe", time_limit=0.3)
    kills = [line for line in host.log if line.startswith("taskkill")]
    assert kills == ["taskkill.exe /f /t /pid 77"]
    assert host.log.index(kills[0]) < host.log.index(f'schtasks.exe /end /tn "{host.task}"')
    assert cleaned(host, host.task)


@pytest.mark.parametrize("step", ["/create", "/run"])
def test_a_task_that_windows_refuses_leaves_nothing(step: str) -> None:
    """The script, which may hold a password, does not stay when the task can't be made or started."""
    host = Fake(done(), refuses=step)
    with pytest.raises(ApplyFailed, match="have SYSTEM install it"):
        run(host, "a.exe")
    assert cleaned(host, host.task)


def test_nobody_else_can_read_what_the_lines_say() -> None:
    """Before the script is written, its folder is left to SYSTEM and Administrators, by their SIDs; if that fails, nothing is written."""
    host = Fake(done())
    run(host, "a.exe")
    assert host.log[:2] == [f"make {FOLDER}", f'icacls.exe "{FOLDER}" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F"']
    refusing = Fake(done(), refuses="/inheritance:r")
    with pytest.raises(ApplyFailed):
        run(refusing, "a.exe")
    assert refusing.written == {}


def test_leftovers_are_removed_after_a_day_and_other_files_stay() -> None:
    """An interrupted run of long ago is cleaned up; a young one may be at work, and other names are not ours to judge."""
    host = Fake(done(), listing=f"{_OLD}.cmd\r\n{_OLD}.xml\r\n{_YOUNG}.cmd\r\nagent.msi\r\nuamops-x.cmd\r\n")
    run(host, "a.exe")
    assert cleaned(host, _OLD)
    assert not cleaned(host, _YOUNG)
    assert sum("/delete" in line for line in host.log) == 2
