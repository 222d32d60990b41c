# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task scheduler: tasks that run as SYSTEM when somebody starts them. Triggers are kept and never fire."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .cmd import Cmd, Console, batch_file
from .cmd.line import program_name, split_command
from .context import SYSTEM
from .files.names import joined
from .paths import expanded
from .records import Account, Completed

if TYPE_CHECKING:
    from .host import Windows

FILE_NOT_FOUND = 0x80070002
RUNNING, NEVER_RUN, TERMINATED = 0x41301, 0x41303, 0x41306
FOLDER = r"C:\Windows\System32\Tasks"
_XML = """<?xml version="1.0" encoding="UTF-16"?>\r
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\r
  <RegistrationInfo>\r
    <Author>{author}</Author>\r
    <URI>\\{name}</URI>\r
  </RegistrationInfo>\r
  <Triggers>\r
    <TimeTrigger>\r
      <StartBoundary>{start}</StartBoundary>\r
      <Enabled>true</Enabled>\r
    </TimeTrigger>\r
  </Triggers>\r
  <Principals>\r
    <Principal id="Author">\r
      <UserId>S-1-5-18</UserId>\r
      <RunLevel>{level}</RunLevel>\r
    </Principal>\r
  </Principals>\r
  <Actions Context="Author">\r
    <Exec>\r
      <Command>{command}</Command>\r
      <Arguments>{arguments}</Arguments>\r
    </Exec>\r
  </Actions>\r
</Task>"""


@dataclass
class Task:
    """One task. ``ends`` is in seconds of the host's clock: infinite while nobody knows it, None before the first run."""

    name: str
    command: str
    arguments: str
    author: str
    highest: bool = False
    start: str = "2026-01-01T00:00:00"
    directory: str = r"C:\Windows\system32"
    began: float = 0.0
    ends: float | None = None
    result: int = NEVER_RUN
    process: int = 0

    @property
    def line(self) -> str:
        """Program and arguments."""
        return f"{self.command} {self.arguments}".strip()

    def xml(self) -> str:
        """The task as ``schtasks /query /xml`` prints it."""
        level = "HighestAvailable" if self.highest else "LeastPrivilege"
        values = {"author": self.author, "name": self.name, "start": self.start, "command": self.command, "arguments": self.arguments}
        return _XML.format(level=level, **{key: escape(value) for key, value in values.items()})


class Tasks:
    """The tasks of one host, by name without regard to case and without the backslash of the root folder."""

    def __init__(self, host: Windows) -> None:
        self._host = host
        self._tasks: dict[str, Task] = {}

    def __iter__(self) -> Iterator[Task]:
        return iter(list(self._tasks.values()))

    def find(self, name: str) -> Task | None:
        """The task of this name."""
        return self._tasks.get(name.lstrip("\\").lower())

    def register(self, task: Task) -> None:
        """Add a task or replace the one of its name; its XML is written below C:\\Windows\\System32\\Tasks."""
        task.name = task.name.lstrip("\\")
        self._tasks[task.name.lower()] = task
        path = joined(FOLDER, task.name)
        self._host.files.make_folder(path.rpartition("\\")[0])
        self._host.files.write(path, b"\xff\xfe" + task.xml().encode("utf-16-le"))

    def delete(self, task: Task) -> None:
        """Forget a task; what it runs goes on."""
        del self._tasks[task.name.lower()]
        path = joined(FOLDER, task.name)
        if self._host.files.exists(path):
            self._host.files.remove(path)

    def running(self) -> list[Task]:
        """The tasks whose program has not ended."""
        return [task for task in self if self.is_running(task)]

    def is_running(self, task: Task) -> bool:
        """True from the start until the program's time is over."""
        return task.ends is not None and self._host.now() < task.ends

    def result(self, task: Task) -> int:
        """The last result: the exit code, or 0x41301 running, 0x41303 never run, 0x41306 ended by somebody."""
        return RUNNING if self.is_running(task) else task.result

    def run(self, task: Task) -> None:
        """Start a task, unless it runs already. What its program does is done at once; it counts as running for the program's time."""
        if self.is_running(task):
            return
        task.began, task.ends = self._host.now(), math.inf
        done = run_process(self._host, SYSTEM, expanded(task.line, self._host.environment), task.directory)
        task.result, task.ends, task.process = done.exit_code, task.began + done.delay, done.process

    def end(self, task: Task) -> None:
        """Terminate what a task runs."""
        if self.is_running(task):
            task.ends, task.result = self._host.now(), TERMINATED
            if task.process:
                self._host.processes.kill(task.process)

    def wait(self, seconds: float = 10.0, sleep: Callable[[float], None] = time.sleep) -> bool:
        """Wait until no task runs; False if ``seconds`` were not enough."""
        deadline = time.monotonic() + seconds
        while running := self.running():
            if time.monotonic() >= deadline:
                return False
            sleep(max(0.001, min(0.1, *(task.ends - self._host.now() for task in running if task.ends is not None))))
        return True


def run_process(host: Windows, account: Account, line: str, directory: str) -> Completed:
    """Run a command line without a shell, as CreateProcess does: cmd and batch files by cmd.exe, everything else directly."""
    member = account.sid == SYSTEM.sid
    names = {"USERNAME": f"{host.name.upper()}$" if member else account.name, "USERDOMAIN": (host.domain or host.name).split(".")[0].upper()}
    console = Console(host, account, host.speech.oem, {**host.environment, **names}, directory)
    image, arguments = split_command(line)
    if program_name(image) == "cmd" or batch_file(console, image):
        with host.journal.acting(account.qualified):
            return Cmd(console).run(line)
    with host.contexts.entered(console.context()):
        done = host.run(account, image, arguments, code_page=console.code_page)
    return Completed(FILE_NOT_FOUND, "") if done is None else done
