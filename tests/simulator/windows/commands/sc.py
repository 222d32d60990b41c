# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""sc.exe: the exit code is the Win32 error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..records import Account, Completed
from ..services import AUTO, DISABLED, MANUAL, OWN_PROCESS, SHARE_PROCESS, Service
from . import arguments as command_line
from .sc_text import config_text, status_text, trigger_text

if TYPE_CHECKING:
    from ..host import Windows

ERROR_ACCESS_DENIED = 5
ERROR_INVALID_PARAMETER = 87
ERROR_SERVICE_DOES_NOT_EXIST = 1060
ERROR_INVALID_COMMAND_LINE = 1639
_STARTS: dict[str, tuple[int, bool]] = {
    "boot": (0, False), "system": (1, False), "auto": (AUTO, False), "demand": (MANUAL, False), "disabled": (DISABLED, False), "delayed-auto": (AUTO, True),
}  # fmt: skip
_USAGE = "DESCRIPTION:\r\n        SC is a command line program used for communicating with the\r\n        Service Control Manager and services.\r\n"
_WRITES = frozenset("start stop config create delete triggerinfo".split())

Verb = Callable[["Windows", list[str]], Completed]


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Run one command line of sc.exe for this computer (a computer name is refused)."""
    words = command_line.split(arguments)
    verb = words[0].lower() if words else ""
    action = _VERBS.get(verb)
    if action is None:
        return Completed(ERROR_INVALID_COMMAND_LINE, _USAGE)
    if verb not in ("query", "queryex") and len(words) < 2:
        return Completed(ERROR_INVALID_COMMAND_LINE, _USAGE)
    if verb in _WRITES and not account.elevated:
        return failed(host, _OPEN.get(verb, "OpenService"), ERROR_ACCESS_DENIED)
    return action(host, words[1:])


def failed(host: Windows, call: str, code: int) -> Completed:
    """The text for a refused call."""
    return Completed(code, host.text("sc.failed", call=call, code=code, message=host.error(code)))


def succeeded(host: Windows, call: str) -> Completed:
    """The text for a call that worked."""
    return Completed(0, host.text("sc.success", call=call))


_OPEN = {"start": "StartService: OpenService", "create": "OpenSCManager"}


def _query(host: Windows, words: list[str]) -> Completed:
    return _status(host, words, extended=False)


def _queryex(host: Windows, words: list[str]) -> Completed:
    return _status(host, words, extended=True)


def _status(host: Windows, words: list[str], *, extended: bool) -> Completed:
    if words and not words[0].endswith("="):
        service = host.services.find(words[0])
        if service is None:
            return failed(host, "EnumQueryServicesStatus:OpenService", ERROR_SERVICE_DOES_NOT_EXIST)
        return Completed(0, status_text(service, extended=extended, name=words[0]))
    options = dict(zip(words[::2], words[1::2], strict=False))
    wanted = options.get("state=", "active").lower()
    if set(options) - {"state=", "type=", "bufsize=", "ri=", "group="} or wanted not in ("active", "inactive", "all"):
        return Completed(ERROR_INVALID_COMMAND_LINE, _USAGE)
    found = [service for service in host.services if wanted == "all" or service.stopped == (wanted == "inactive")]
    return Completed(0, "".join(status_text(service, extended=extended, display=True) for service in found))


def _config_query(host: Windows, words: list[str]) -> Completed:
    service = host.services.find(words[0])
    if service is None:
        return failed(host, "OpenService", ERROR_SERVICE_DOES_NOT_EXIST)
    return Completed(0, host.text("sc.success", call="QueryServiceConfig") + config_text(service, host.environment))


def _trigger_query(host: Windows, words: list[str]) -> Completed:
    service = host.services.find(words[0])
    if service is None:
        return failed(host, "OpenService", ERROR_SERVICE_DOES_NOT_EXIST)
    success = host.text("sc.success", call="QueryServiceConfig2")
    if not service.triggers:
        return Completed(0, f"{success}\r\n{host.text('sc.no_triggers', name=words[0])}")
    return Completed(0, success + trigger_text(service, words[0]))


def _trigger_change(host: Windows, words: list[str]) -> Completed:
    if [word.lower() for word in words[1:]] != ["delete"]:
        return failed(host, "ChangeServiceConfig2", ERROR_INVALID_PARAMETER)
    error = host.services.configure(words[0], triggers=())
    return failed(host, "OpenService", error) if error else succeeded(host, "ChangeServiceConfig2")


def _start(host: Windows, words: list[str]) -> Completed:
    error = host.services.start(words[0])
    if error:
        return failed(host, _OPEN["start"] if error == ERROR_SERVICE_DOES_NOT_EXIST else "StartService", error)
    return Completed(0, status_text(_known(host, words[0]), extended=True, name=words[0]))


def _stop(host: Windows, words: list[str]) -> Completed:
    error = host.services.stop(words[0])
    if error:
        return failed(host, "OpenService" if error == ERROR_SERVICE_DOES_NOT_EXIST else "ControlService", error)
    return Completed(0, status_text(_known(host, words[0]), extended=False, name=words[0]))


def _known(host: Windows, name: str) -> Service:
    service = host.services.find(name)
    if service is None:
        raise LookupError(name)
    return service


def _config(host: Windows, words: list[str]) -> Completed:
    changes = _changes(words[1:])
    if not changes:
        return Completed(ERROR_INVALID_COMMAND_LINE, _USAGE)
    error = host.services.configure(words[0], **changes)
    if error in (ERROR_SERVICE_DOES_NOT_EXIST, ERROR_ACCESS_DENIED):
        return failed(host, "OpenService", error)
    return failed(host, "ChangeServiceConfig", error) if error else succeeded(host, "ChangeServiceConfig")


def _changes(words: list[str]) -> dict[str, object] | None:
    """Pairs like ``start= auto``: the name ends with "=", the value is the next word. None if the line is wrong."""
    if len(words) % 2:
        return None
    found: dict[str, object] = {}
    for name, value in zip(words[::2], words[1::2], strict=True):
        change = _change(name.lower(), value)
        if change is None:
            return None
        found |= change
    return found


def _change(name: str, value: str) -> dict[str, object] | None:
    if name == "start=" and value.lower() in _STARTS:
        start, delayed = _STARTS[value.lower()]
        return {"start": start, "delayed": delayed}
    if name == "depend=":
        return {"depends": tuple(part for part in value.split("/") if part)}
    if name == "type=" and value.lower() in ("own", "share"):
        return {"kind": OWN_PROCESS if value.lower() == "own" else SHARE_PROCESS}
    fields = {"binpath=": "path", "obj=": "account", "displayname=": "display_name", "password=": "password"}
    return {fields[name]: value} if name in fields else None


def _create(host: Windows, words: list[str]) -> Completed:
    changes = _changes(words[1:])
    if not changes or "path" not in changes:
        return Completed(ERROR_INVALID_COMMAND_LINE, _USAGE)
    service = Service(words[0], words[0], "", kind=OWN_PROCESS)
    for field, value in changes.items():
        setattr(service, field, value)
    error = host.services.add(service)
    return failed(host, "CreateService", error) if error else succeeded(host, "CreateService")


def _delete(host: Windows, words: list[str]) -> Completed:
    error = host.services.delete(words[0])
    return failed(host, "OpenService", error) if error else succeeded(host, "DeleteService")


_VERBS: dict[str, Verb] = {
    "query": _query,
    "queryex": _queryex,
    "qc": _config_query,
    "qtriggerinfo": _trigger_query,
    "triggerinfo": _trigger_change,
    "start": _start,
    "stop": _stop,
    "config": _config,
    "create": _create,
    "delete": _delete,
}
