# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the actions of InstallExecuteSequence, takes back what failed, and tells the log."""

from __future__ import annotations

from . import actions, packages, registered, registration
from .changes import Changes
from .conditions import ConditionError, holds
from .database import DatabaseError
from .log import message
from .request import FAILURE, REBOOT_REQUIRED, REBOOT_STARTED, SUCCESS, InstallError, NotModelled, Refused, Request
from .session import Session

# A package can also be wrong in itself: a condition, a table, a row that names another one that is not there.
FAILURES = (InstallError, ConditionError, DatabaseError, LookupError, ValueError)
_SEQUENCE = "InstallExecuteSequence"
_BASE = 0x3F
_ERROR, _FOLDER, _PROPERTY = 19, 35, 51


def perform(session: Session) -> int:
    """Run all actions in their order; gives 0 or 1603. After a failure everything since InstallInitialize is undone."""
    session.remove_product = _remove_product
    log = session.log
    log.begin("INSTALL")
    try:
        _check_rights(session)
        for row in sorted(session.database.rows(_SEQUENCE), key=lambda row: int(row["Sequence"] or 0)):
            if int(row["Sequence"] or 0) > 0:
                _action(session, str(row["Action"]), str(row["Condition"] or ""))
    except FAILURES as exc:
        tell(session, exc if isinstance(exc, InstallError) else InstallError(0, f"The package is wrong: {exc}"))
        log.end("INSTALL", 3)
        session.changes.roll_back()
        session.remembered.clear()
        return FAILURE
    log.end("INSTALL", 1)
    return SUCCESS


def tell(session: Session, error: InstallError) -> None:
    """Put a failure into the log as a user would see it."""
    text = error.text
    if error.number:
        said = message(session.host, str(error.number), **error.values)
        text = message(session.host, "error", number=error.number, text=said)
    session.log.product(session.name, text)


def closing(session: Session, code: int) -> None:
    """The last lines of the log."""
    done = "done" if code in (SUCCESS, REBOOT_REQUIRED, REBOOT_STARTED) else "failed"
    kind = "install" if not session.installed else "uninstall" if session.removes_all else "configure"
    session.log.properties(session.properties.items())
    session.log.product(session.name, message(session.host, f"{kind}.{done}"), "i")
    session.log.note(
        f"Windows Installer {session.purpose}: Product Name: {session.name}. Product Version: {session.properties.get('ProductVersion', '')}. "
        f"Manufacturer: {session.properties.get('Manufacturer', '')}. Success or error status: {code}.",
        "i",
    )
    session.log.note(f"MainEngineThread is returning {code}")


def _check_rights(session: Session) -> None:
    if not session.account.elevated:
        raise InstallError(1730 if session.removes_all else 1925)


def _action(session: Session, name: str, condition: str) -> None:
    if not holds(condition, session.surroundings):
        session.log.note(f"Skipping action: {name} (condition is false)")
        return
    session.log.begin(name)
    try:
        known = _run(session, name)
    except FAILURES:
        session.log.end(name, 3)
        raise
    session.log.end(name, int(known))


def _run(session: Session, name: str) -> bool:
    """Run one action; False if nobody knows it, which is no failure."""
    if name == "InstallInitialize":
        session.changes.commit()
        session.begun = True
    elif name == "InstallFinalize":
        if session.removes_all:
            session.remembered.append(lambda: registration.unregister(session))
    elif name in actions.ACTIONS:
        actions.ACTIONS[name](session)
    elif name in actions.PASSED:
        if session.database.rows(actions.PASSED[name]):
            raise NotModelled(f"the action {name} with the table {actions.PASSED[name]}")
    else:
        return _custom(session, name)
    return True


def _custom(session: Session, name: str) -> bool:
    row = next((row for row in session.database.rows("CustomAction") if row["Action"] == name), None)
    if row is None:
        return False
    kind = int(row["Type"] or 0) & _BASE
    if kind == _ERROR:
        raise InstallError(0, session.formatted(row["Target"]))
    if kind == _PROPERTY:
        session.properties[str(row["Source"])] = session.formatted(row["Target"])
    elif kind == _FOLDER:
        folder = session.formatted(row["Target"]).rstrip("\\") + "\\"
        session.folders[str(row["Source"])] = session.properties[str(row["Source"])] = folder
    else:
        raise NotModelled(f"the custom action {name} of type {row['Type']}")
    return True


def _remove_product(outer: Session, code: str) -> None:
    """Uninstall another product inside of this installation.

    Before InstallInitialize that stands for itself and is not taken back if the installation fails (win32 "RemoveExistingProducts Action").
    """
    host = outer.host
    if registered.product(host, code) is None:
        return
    try:
        package = packages.chosen(host, outer.account, Request(code, remove=True))
    except Refused as exc:
        raise InstallError(0, str(exc)) from exc
    inner = Session(
        host,
        outer.account,
        package.database,
        package.source,
        package.name,
        {"REMOVE": "ALL", "UPGRADINGPRODUCTCODE": outer.product_code},
        outer.changes if outer.begun else Changes(host),
        outer.log,
        installed=True,
    )
    if perform(inner):
        raise InstallError(0, f"The removal of {inner.name} {inner.properties.get('ProductVersion', '')} failed.")
    outer.reboot |= inner.reboot
    outer.delay += inner.delay
    if outer.begun:
        outer.remembered.extend(inner.remembered)
    else:
        for remembered in inner.remembered:
            remembered()
        inner.changes.commit()
