# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables that sc.exe prints. Its field names are English in every language."""

from __future__ import annotations

from collections.abc import Mapping

from ..paths import expanded
from ..services import OWN_PROCESS, Service, Trigger

_STATES = {
    "Stopped": (1, "STOPPED"),
    "Start Pending": (2, "START_PENDING"),
    "Stop Pending": (3, "STOP_PENDING"),
    "Running": (4, "RUNNING"),
    "Paused": (7, "PAUSED"),
}
_STARTS = ("BOOT_START", "SYSTEM_START", "AUTO_START", "DEMAND_START", "DISABLED")
_NAMED_PIPE = "1f81d131-3fac-4537-9e0c-7e7b0c2f4b55"
_RPC_INTERFACE = "bc90d167-9470-4139-a9ba-be0bbbf5b74d"
_EVENTS = {_NAMED_PIPE: "NAMED PIPE EVENT", _RPC_INTERFACE: "RPC INTERFACE EVENT"}


def _kind(service: Service) -> str:
    return "10  WIN32_OWN_PROCESS" if service.kind == OWN_PROCESS else "20  WIN32_SHARE_PROCESS"


def status_text(service: Service, *, extended: bool, name: str | None = None, display: bool = False) -> str:
    """One service as query and queryex show it."""
    number, word = _STATES.get(service.state, (0, service.state.upper()))
    running = service.state == "Running"
    controls = f"({'STOPPABLE' if running and service.accept_stop else 'NOT_STOPPABLE'}, NOT_PAUSABLE, "
    controls += "ACCEPTS_SHUTDOWN)" if running and service.accept_stop else "IGNORES_SHUTDOWN)"
    lines = ["", f"SERVICE_NAME: {name or service.name} "]
    lines += [f"DISPLAY_NAME: {service.display_name}"] if display else []
    lines += [f"        TYPE               : {_kind(service)}  ", f"        STATE              : {number}  {word} "]
    lines += [] if service.stopped else [f"                                {controls}"]
    lines += [
        f"        WIN32_EXIT_CODE    : {service.exit_code}  (0x{service.exit_code:x})",
        "        SERVICE_EXIT_CODE  : 0  (0x0)",
        "        CHECKPOINT         : 0x0",
        f"        WAIT_HINT          : 0x{2000 if service.state.endswith('Pending') else 0:x}",
    ]
    lines += [f"        PID                : {service.process_id}", "        FLAGS              : "] if extended else []
    return "\r\n".join(lines) + "\r\n"


def config_text(service: Service, environment: Mapping[str, str]) -> str:
    """One service's configuration as qc shows it."""
    first, *others = service.depends or ("",)
    lines = [
        "",
        f"SERVICE_NAME: {service.name}",
        f"        TYPE               : {_kind(service)} ",
        f"        START_TYPE         : {service.start}   {_STARTS[service.start]}{'  (DELAYED)' if service.delayed else ''}",
        "        ERROR_CONTROL      : 1   NORMAL",
        f"        BINARY_PATH_NAME   : {expanded(service.path, environment)}",
        "        LOAD_ORDER_GROUP   : ",
        "        TAG                : 0",
        f"        DISPLAY_NAME       : {service.display_name}",
        f"        DEPENDENCIES       : {first}",
        *(f"                           : {other}" for other in others),
        f"        SERVICE_START_NAME : {service.account}",
    ]
    return "\r\n".join(lines) + "\r\n"


def trigger_text(service: Service, name: str) -> str:
    """A service's triggers as qtriggerinfo shows them."""
    lines = ["", f"SERVICE_NAME: {name}", ""]
    for trigger in service.triggers:
        lines += ["        START SERVICE", *_trigger(trigger)]
    return "\r\n".join(lines) + "\r\n"


def _trigger(trigger: Trigger) -> list[str]:
    event = f" [{_EVENTS[trigger.subtype]}]" if trigger.subtype in _EVENTS else ""
    lines = [f"          {trigger.kind:<29}: {trigger.subtype}{event}"]
    return [*lines, f"            DATA                       : {trigger.text}"] if trigger.text else lines
