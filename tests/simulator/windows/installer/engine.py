# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows Installer of one host: one installation at a time, from the request to the exit code."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..services import DISABLED
from . import packages, pending, sequence
from .changes import Changes
from .database import Database
from .log import Log
from .registration import IN_PROGRESS
from .request import (
    ALREADY_RUNNING,
    FAILURE,
    FORBIDDEN,
    LOG_FAILURE,
    REBOOT_REQUIRED,
    REBOOT_STARTED,
    SERVICE_FAILURE,
    SUCCESS,
    InstallError,
    Refused,
    Request,
)
from .session import Session

if TYPE_CHECKING:
    from ..host import Windows
    from ..records import Account

POLICY = r"SOFTWARE\Policies\Microsoft\Windows\Installer"
IMAGE = r"C:\Windows\System32\msiexec.exe"
_FORBIDDEN_ALWAYS = 2


# Seconds until the end of what hangs.
FOREVER = 1e9


class Outcome(NamedTuple):
    """How a request ends: ``delay`` in seconds from now (FOREVER: it hangs), ``process`` the number of the msiexec that goes on until then."""

    code: int
    delay: float = 0.0
    process: int = 0


class FileNote(NamedTuple):
    """What Windows Installer has put into a file: its version ("" for none) and the SHA-256 of its content."""

    version: str
    digest: str


@dataclass
class _Run:
    """An msiexec that has not ended. ``ends`` is in seconds of the host's clock; without a session it only stands there."""

    processes: tuple[int, ...]
    ends: float
    code: int
    log: str = ""
    session: Session | None = None
    exclusive: bool = True
    timer: threading.Timer | None = field(default=None, repr=False)


class Installer:
    """Windows Installer. What takes time is done at once, except the registration of the product, which comes at the end, as it does in Windows.

    Ending the process of a request that still runs takes back what it did.
    """

    def __init__(self, host: Windows) -> None:
        self._host = host
        self._runs: list[_Run] = []
        self._busy_for = float(host.options.get("msi_busy_for", 0))
        self.versions: dict[str, FileNote] = {}
        host.processes.watch(self._killed)

    def busy(self, seconds: float) -> None:
        """Somebody else's installation runs for some time."""
        process = self._host.processes.start(IMAGE, "msiexec.exe /i C:\\Windows\\Temp\\other.msi /qn")
        self._go_on(_Run((process,), self._host.now() + seconds, SUCCESS), seconds)

    def stand(self, line: str) -> Outcome:
        """An msiexec that shows a window nobody sees: it stands there until it is ended."""
        process = self._host.processes.start(IMAGE, line)
        self._runs.append(_Run((process,), math.inf, FAILURE, exclusive=False))
        return Outcome(FAILURE, FOREVER, process)

    def run(self, account: Account, request: Request, line: str) -> Outcome:
        """Carry out a request of ``account``; ``line`` is the command line of its msiexec."""
        self.settle()
        if self._busy_for:
            self.busy(self._busy_for)
            self._busy_for = 0.0
        try:
            self._admit(request)
            package = packages.chosen(self._host, account, request)
            if any(run.exclusive for run in self._runs):
                raise Refused(ALREADY_RUNNING)
        except Refused as exc:
            self._log_refusal(request, exc)
            return Outcome(exc.code)
        return self._carried_out(account, request, package, line)

    def install(self, account: Account, data: bytes, package_name: str, properties: dict[str, str]) -> None:
        """Install a package as if that had been long ago: at once, without a journal entry, and if its service does not start.

        Raises ValueError if it can't be installed.
        """
        request = Request("C:\\Windows\\Temp\\" + package_name, properties=properties)
        package = packages.Package(Database(data), "C:\\Windows\\Temp\\", package_name)
        session, code = self._performed(account, request, package, tolerant=True)
        if code or session is None:
            raise ValueError(f"{self._host.name}: {package_name} can't be installed ({code})")
        self._complete(session)

    def settle(self) -> None:
        """Finish what has come to its end."""
        for run in [run for run in self._runs if self._host.now() >= run.ends]:
            self._finish(run)

    def restart(self) -> None:
        """Windows starts again: what ran is taken back, and files that waited take their places."""
        for run in list(self._runs):
            self._break(run)
        pending.carry_out(self._host)

    def in_use(self, path: str) -> bool:
        """True if somebody has the file open, or it is the program of a running process."""
        return self._host.files.in_use(path) or any(process.image.lower() == path.lower() for process in self._host.processes)

    def note_file(self, path: str, version: str, data: bytes) -> None:
        """Remember what was put into a file."""
        self.versions[path.lower()] = FileNote(version, hashlib.sha256(data).hexdigest())

    def _admit(self, request: Request) -> None:
        if request.log and not self._host.files.is_folder(request.log.rpartition("\\")[0] + "\\"):
            raise Refused(LOG_FAILURE)
        if self._host.registry.value("hklm", POLICY, "DisableMSI") == _FORBIDDEN_ALWAYS:
            raise Refused(FORBIDDEN)
        service = self._host.services.find("msiserver")
        if service is not None and service.start == DISABLED:
            raise Refused(SERVICE_FAILURE)

    def _carried_out(self, account: Account, request: Request, package: packages.Package, line: str) -> Outcome:
        parent = self._host.processes.start(IMAGE, line)
        run = _Run((parent, self._host.processes.start(IMAGE, f"{IMAGE} /V")), 0.0, SUCCESS, request.log)
        self._host.registry.make(IN_PROGRESS.hive, IN_PROGRESS.path)
        session, code = self._performed(account, request, package)
        delay = float(self._host.options.get("msi_seconds", 0)) + (session.delay if session else 0.0)
        if self._host.options.get("msi_hangs"):
            delay = FOREVER
        run.session, run.code = session, _exit_code(request, session, code)
        if session is not None:
            sequence.closing(session, run.code)
            self._journal(session, run.code)
        run.ends = self._host.now() + delay
        self._go_on(run, delay)
        return Outcome(run.code, delay, parent if delay else 0)

    def _performed(self, account: Account, request: Request, package: packages.Package, *, tolerant: bool = False) -> tuple[Session | None, int]:
        """Run the actions; what failed is taken back. What the installation did by itself is no entry of the journal."""
        entries = self._host.journal.entries
        mark = len(entries)
        log = Log(self._host, request.letters)
        try:
            session = Session(
                self._host,
                account,
                package.database,
                package.source,
                package.name,
                packages.properties_of(request),
                Changes(self._host),
                log,
                installed=package.product is not None,
                tolerant=tolerant,
            )
        except InstallError as exc:
            log.note(str(exc), "e")
            self._write(request.log, log)
            return None, FAILURE
        session.note_command_line()
        code = sequence.perform(session)
        del entries[mark:]
        return session, code

    def _journal(self, session: Session, code: int) -> None:
        detail = {"action": session.purpose, "name": session.name, "version": session.properties.get("ProductVersion", ""), "exit_code": code}
        self._host.journal.write("installer", session.product_code, detail)

    def _go_on(self, run: _Run, delay: float) -> None:
        self._runs.append(run)
        self._host.registry.make(IN_PROGRESS.hive, IN_PROGRESS.path)
        if delay <= 0:
            self._finish(run)
        elif delay < FOREVER and self._host.clock is time.monotonic:
            run.timer = threading.Timer(delay, self._on_time, (run,))
            run.timer.daemon = True
            run.timer.start()

    def _on_time(self, run: _Run) -> None:
        with self._host.lock:
            if run in self._runs:
                self._finish(run)

    def _finish(self, run: _Run) -> None:
        self._ended(run)
        if run.session is not None:
            if run.code not in (SUCCESS, REBOOT_REQUIRED, REBOOT_STARTED):
                run.session.changes.commit()
            else:
                self._complete(run.session)
            self._write(run.log, run.session.log)
        if run.code == REBOOT_STARTED:
            self._host.power.order()

    def _complete(self, session: Session) -> None:
        for remembered in session.remembered:
            remembered()
        session.changes.commit()

    def _killed(self, process: int) -> None:
        for run in [run for run in self._runs if process in run.processes]:
            self._break(run)

    def _break(self, run: _Run) -> None:
        """Its process was ended: everything goes back, and the log ends in the middle."""
        self._ended(run)
        if run.session is not None:
            entries = self._host.journal.entries
            mark = len(entries)
            run.session.changes.roll_back()
            del entries[mark:]
            self._write(run.log, run.session.log)

    def _ended(self, run: _Run) -> None:
        self._runs.remove(run)
        if run.timer is not None:
            run.timer.cancel()
        for process in run.processes:
            self._host.processes.end(process)
        if not any(other.exclusive for other in self._runs):
            self._host.registry.remove(IN_PROGRESS.hive, IN_PROGRESS.path)

    def _log_refusal(self, request: Request, refused: Refused) -> None:
        if refused.code == LOG_FAILURE:
            return
        log = Log(self._host, request.letters)
        log.note(f"{refused}", "e")
        log.note(f"MainEngineThread is returning {refused.code}")
        self._write(request.log, log)

    def _write(self, path: str, log: Log) -> None:
        pending.write_log(self._host, path, log.text())


def _exit_code(request: Request, session: Session | None, code: int) -> int:
    if code or session is None:
        return code
    if request.restart == "always":
        return REBOOT_STARTED
    if not session.reboot:
        return SUCCESS
    suppressed = request.restart == "never" or session.properties.get("REBOOT", "").lower().startswith(("r", "s"))
    return REBOOT_REQUIRED if suppressed else REBOOT_STARTED
