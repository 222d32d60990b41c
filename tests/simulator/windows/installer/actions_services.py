# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions for services (win32 "ServiceInstall Table", "ServiceControl Table")."""

from __future__ import annotations

from ..services import Service
from .database import Row
from .request import InstallError
from .session import ABSENT, LOCAL, Session

_START, _STOP, _DELETE = 0x1, 0x2, 0x8
_AT_REMOVAL = 4
_VITAL = 0x8000
ERROR_SERVICE_ALREADY_RUNNING = 1056


def stop_services(session: Session) -> None:
    """Stop what the ServiceControl table says."""
    for row in _controlled(session, _STOP):
        name = session.formatted(row["Name"])
        service = session.host.services.find(name)
        if service is None:
            continue
        display = service.display_name
        session.delay += 0.0 if service.stopped else service.stop_seconds
        if session.changes.stop_service(name) and row["Wait"] != 0:
            raise InstallError(1921, display=display, service=name)


def delete_services(session: Session) -> None:
    """Remove what the ServiceControl table says."""
    for row in _controlled(session, _DELETE):
        name = session.formatted(row["Name"])
        if session.changes.delete_service(name) and row["Wait"] != 0:
            raise InstallError(1922, display=session.host.services_display(name), service=name)


def install_services(session: Session) -> None:
    """Install the services of what is installed or repaired."""
    for row in session.chosen("ServiceInstall", LOCAL):
        service = _service(session, row)
        if session.changes.add_service(service) and int(row["ErrorControl"] or 0) & _VITAL:
            raise InstallError(1923, display=service.display_name, service=service.name)


def start_services(session: Session) -> None:
    """Start what the ServiceControl table says; one that does not start fails the installation if it is waited for."""
    for row in _controlled(session, _START):
        name = session.formatted(row["Name"])
        error = session.changes.start_service(name)
        service = session.host.services.find(name)
        session.delay += service.start_seconds if service else 0.0
        if error and error != ERROR_SERVICE_ALREADY_RUNNING:
            session.log.note(f"Service {name}: error {error}", "e")
            if row["Wait"] != 0 and not session.tolerant:
                raise InstallError(1920, display=service.display_name if service else name, service=name)


def _controlled(session: Session, event: int) -> list[Row]:
    installs = [row for row in session.chosen("ServiceControl", LOCAL) if int(row["Event"] or 0) & event]
    return installs + [row for row in session.chosen("ServiceControl", ABSENT) if int(row["Event"] or 0) & event << _AT_REMOVAL]


def _service(session: Session, row: Row) -> Service:
    component = str(row["Component_"])
    path = session.file_path(str(session.components[component]["KeyPath"]))
    arguments = session.formatted(row["Arguments"])
    depends = tuple(name for name in session.formatted(row["Dependencies"]).split("\0") if name)
    return Service(
        session.formatted(row["Name"]),
        session.formatted(row["DisplayName"]) or session.formatted(row["Name"]),
        f'"{path}" {arguments}'.strip() if " " in path else f"{path} {arguments}".strip(),
        start=int(row["StartType"] or 0),
        account=session.formatted(row["StartName"]) or "LocalSystem",
        depends=depends,
        kind=int(row["ServiceType"] or 0),
        description=session.formatted(row["Description"]) or None,
    )
