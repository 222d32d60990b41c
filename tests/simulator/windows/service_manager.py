# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service control manager: start, stop, configure; every answer is a Win32 error code (0 is success)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from .journal import Journal
from .processes import Processes
from .registry import Registry
from .service_image import write_image
from .services import AUTO, DISABLED, START_NAMES, Service

ERROR_ACCESS_DENIED = 5
ERROR_INVALID_PARAMETER = 87
ERROR_DEPENDENT_SERVICES_RUNNING = 1051
ERROR_INVALID_SERVICE_CONTROL = 1052
ERROR_SERVICE_ALREADY_RUNNING = 1056
ERROR_SERVICE_DISABLED = 1058
ERROR_CIRCULAR_DEPENDENCY = 1059
ERROR_SERVICE_DOES_NOT_EXIST = 1060
ERROR_SERVICE_CANNOT_ACCEPT_CTRL = 1061
ERROR_SERVICE_NOT_ACTIVE = 1062
ERROR_PROCESS_ABORTED = 1067
ERROR_SERVICE_DEPENDENCY_FAIL = 1068
ERROR_SERVICE_EXISTS = 1073
ERROR_SERVICE_DEPENDENCY_DELETED = 1075

REMOTE_REGISTRY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\RemoteRegistry"


def _content(_service: Service) -> int:
    return 0


class ServiceManager:
    """All services of one host.

    What the manager has loaded is the truth until a reboot: a foreign write to ``Services\\<name>\\Start`` changes only the registry
    [I], while the manager's own changes are written there at once. ``clock`` gives seconds; states that take time are brought up to
    date by ``settle``, which every read calls. The registry already holds the images of the services given. ``started`` is what a
    service's program does at its start; another answer than 0 is the error that it dies of.
    """

    def __init__(
        self,
        services: Iterable[Service],
        registry: Registry,
        journal: Journal,
        clock: Callable[[], float],
        idle_stop_after: float,
        processes: Processes,
        started: Callable[[Service], int] = _content,
    ) -> None:
        self._services = {service.name.lower(): replace(service) for service in services}
        self._registry = registry
        self._journal = journal
        self._clock = clock
        self._idle_stop_after = idle_stop_after
        self._processes = processes
        self._started = started
        self._groups: dict[str, int] = {}
        processes.watch(self._killed)
        for service in self._services.values():
            if service.state == "Running":
                self._running(service)

    def __iter__(self) -> Iterator[Service]:
        self.settle()
        return iter(sorted(self._services.values(), key=lambda service: service.name.lower()))

    def find(self, name: str) -> Service | None:
        """The service of this name (case does not matter), or None."""
        self.settle()
        return self._services.get(name.lower())

    def dependents(self, service: Service) -> list[Service]:
        """The services that name this one as a dependency."""
        return [other for other in self if service.name.lower() in (name.lower() for name in other.depends)]

    def start(self, name: str) -> int:
        """Start a service and, first, what it depends on."""
        service = self.find(name)
        if service is None:
            return ERROR_SERVICE_DOES_NOT_EXIST
        error = self._start(service, ())
        if error == 0:
            self._journal.write("service", service.name, {"action": "start"})
        return error

    def stop(self, name: str) -> int:
        """Ask a service to stop."""
        service = self.find(name)
        if service is None:
            return ERROR_SERVICE_DOES_NOT_EXIST
        if service.stopped:
            return ERROR_SERVICE_NOT_ACTIVE
        if service.state not in ("Running", "Paused"):
            return ERROR_SERVICE_CANNOT_ACCEPT_CTRL
        if any(not other.stopped for other in self.dependents(service)):
            return ERROR_DEPENDENT_SERVICES_RUNNING
        if not service.accept_stop:
            return ERROR_INVALID_SERVICE_CONTROL
        service.state, service.due = "Stop Pending", self._clock() + service.stop_seconds
        self._journal.write("service", service.name, {"action": "stop"})
        self.settle()
        return 0

    def pause(self, name: str, *, resume: bool = False) -> int:
        """Pause a running service, or let a paused one go on."""
        service = self.find(name)
        if service is None:
            return ERROR_SERVICE_DOES_NOT_EXIST
        if service.stopped:
            return ERROR_SERVICE_NOT_ACTIVE
        if not service.accept_pause:
            return ERROR_INVALID_SERVICE_CONTROL
        if service.state != ("Paused" if resume else "Running"):
            return ERROR_SERVICE_CANNOT_ACCEPT_CTRL
        service.state = "Running" if resume else "Paused"
        self._journal.write("service", service.name, {"action": "resume" if resume else "pause"})
        return 0

    def configure(self, name: str, **changes: object) -> int:
        """Change fields of the stored configuration, one journal entry for all of them."""
        service = self.find(name)
        if service is None:
            return ERROR_SERVICE_DOES_NOT_EXIST
        if service.locked:
            return ERROR_ACCESS_DENIED
        # Windows refuses delayed start for anything that does not start by itself (ChangeServiceConfig2).
        if changes.get("delayed") and changes.get("start", service.start) != AUTO:
            return ERROR_INVALID_PARAMETER
        before = {field: getattr(service, field) for field in changes}
        for field, value in changes.items():
            setattr(service, field, value)
        write_image(self._registry, service)
        shown = {field: [before[field], changes[field]] for field in changes if field != "password"}
        self._journal.write("service", service.name, {"action": "configure", "changes": shown})
        return 0

    def enforce(self, name: str, start: int) -> int:
        """Group Policy's security extension sets a start type, also of a service that is locked to administrators. Not journalled."""
        service = self.find(name)
        if service is None:
            return ERROR_SERVICE_DOES_NOT_EXIST
        service.start = start
        write_image(self._registry, service)
        return 0

    def add(self, service: Service) -> int:
        """Install a service."""
        if self.find(service.name) is not None:
            return ERROR_SERVICE_EXISTS
        self._services[service.name.lower()] = service
        write_image(self._registry, service)
        self._journal.write("service", service.name, {"action": "create", "path": service.path, "start": START_NAMES[service.start]})
        return 0

    def delete(self, name: str) -> int:
        """Remove a service; a running one goes at once here (Windows: when its last handle closes)."""
        service = self.find(name)
        if service is None:
            return ERROR_SERVICE_DOES_NOT_EXIST
        if service.locked:
            return ERROR_ACCESS_DENIED
        self._stopped(service, 0)
        del self._services[name.lower()]
        self._registry.remove("hklm", rf"SYSTEM\CurrentControlSet\Services\{service.name}")
        self._journal.write("service", service.name, {"action": "delete"})
        return 0

    def trigger(self, name: str) -> None:
        """What a remote caller of a trigger-started service causes: it starts if it may. Not journalled."""
        service = self.find(name)
        if service is not None and service.triggers:
            self.activate(name)

    def activate(self, name: str) -> int:
        """Windows itself starts a service on demand. Not journalled."""
        service = self.find(name)
        return self._start(service, ()) if service is not None else ERROR_SERVICE_DOES_NOT_EXIST

    def settle(self) -> None:
        """Bring pending states, early deaths and idle stops up to date."""
        now = self._clock()
        for service in self._services.values():
            if service.due is not None and now >= service.due:
                self._advance(service)
            if service.idle_at is not None and now >= service.idle_at and service.state == "Running":
                self._stopped(service, 0)

    def reboot(self) -> None:
        """Load the configuration from the registry again, and start what starts by itself; all processes have ended before."""
        running = {service.name for service in self._services.values() if service.state == "Running"}
        for service in self._services.values():
            self._stopped(service, 1077)
        self._processes.boot(datetime.now(UTC))
        for service in self._services.values():
            stored = self._registry.value("hklm", rf"SYSTEM\CurrentControlSet\Services\{service.name}", "Start")
            if isinstance(stored, int) and 0 <= stored <= DISABLED:
                service.start = stored
        for service in self._services.values():
            if (service.start == AUTO and not service.triggers) or (service.name in running and service.start != DISABLED):
                self._boot(service, ())

    def _boot(self, service: Service, chain: tuple[str, ...]) -> bool:
        """At start-up: what a service depends on, then itself. False if it does not run, because of a disabled service for example."""
        if service.stopped:
            if service.start == DISABLED or service.name in chain:
                return False
            needed = [self._services.get(name.lower()) for name in service.depends]
            if not all(self._boot(other, (*chain, service.name)) for other in needed if other is not None):
                service.exit_code = ERROR_SERVICE_DEPENDENCY_FAIL
                return False
            self._running(service)
        return not service.stopped

    def _start(self, service: Service, chain: tuple[str, ...]) -> int:
        if service.name in chain:
            return ERROR_CIRCULAR_DEPENDENCY
        if not service.stopped:
            return ERROR_SERVICE_ALREADY_RUNNING
        if service.start == DISABLED:
            return ERROR_SERVICE_DISABLED
        if error := self._start_dependencies(service, (*chain, service.name)):
            service.exit_code = error
            return error
        if service.start_error:
            return service.start_error
        service.state, service.due = "Start Pending", self._clock() + service.start_seconds
        self.settle()
        return service.exit_code if service.stopped else 0

    def _start_dependencies(self, service: Service, chain: tuple[str, ...]) -> int:
        for name in service.depends:
            other = self._services.get(name.lower())
            # Drivers (Afd, Tcpip, HTTP ...) are not in the list; they are loaded since boot.
            if other is None and (service.kind & 0x30) and self._registry.open("hklm", rf"SYSTEM\CurrentControlSet\Services\{name}") is None:
                return ERROR_SERVICE_DEPENDENCY_DELETED
            if other is not None and other.stopped and self._start(other, chain):
                return ERROR_SERVICE_DEPENDENCY_FAIL
        return 0

    def _advance(self, service: Service) -> None:
        service.due = None
        if service.state == "Stop Pending":
            self._stopped(service, 0)
        elif service.state == "Start Pending":
            self._running(service)
        elif service.state == "Running":
            self._stopped(service, service.dies_with)

    def _running(self, service: Service) -> None:
        service.state, service.exit_code, service.idle_at = "Running", 0, None
        service.process_id = self._process(service)
        if error := self._started(service):
            self._stopped(service, error)
            return
        service.due = None if service.dies_after is None else self._clock() + service.dies_after
        # DisableIdleStop is read when the service starts (surface 2.2): a later change needs a restart.
        if service.idle_stop and not self._registry.value("hklm", REMOTE_REGISTRY, "DisableIdleStop"):
            service.idle_at = self._clock() + self._idle_stop_after

    def _stopped(self, service: Service, exit_code: int) -> None:
        before, service.process_id = service.process_id, 0
        service.state, service.exit_code = "Stopped", exit_code
        service.due = service.idle_at = None
        if before and not any(other.process_id == before for other in self._services.values()):
            self._processes.end(before)

    def _killed(self, process: int) -> None:
        """Services whose process was ended from outside: "The process terminated unexpectedly"; nothing restarts them here."""
        for service in self._services.values():
            if service.process_id == process:
                self._stopped(service, ERROR_PROCESS_ABORTED)

    def _process(self, service: Service) -> int:
        shared = service.path.rstrip().endswith("lsass.exe") or "svchost" in service.path
        known = self._groups.get(service.path, 0) if shared else 0
        if not known or self._processes.find(known) is None:
            known = self._processes.start_service(service.path)
            self._groups[service.path] = known
        return known
