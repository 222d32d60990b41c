# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service is, and the services that a release of Windows has after installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from . import data
from .releases import Release

BOOT, SYSTEM, AUTO, MANUAL, DISABLED = range(5)
START_NAMES = ("Boot", "System", "Auto", "Manual", "Disabled")
OWN_PROCESS, SHARE_PROCESS = 0x10, 0x20
ERROR_SERVICE_NEVER_STARTED = 1077
SLOW_SECONDS = 0.2

_ACCOUNTS = {"S": "LocalSystem", "L": "NT AUTHORITY\\LocalService", "N": "NT AUTHORITY\\NetworkService"}


@dataclass(frozen=True)
class Trigger:
    """One start trigger: its kind as sc.exe names it, the type number and subtype GUID of the registry, and its text data."""

    kind: str
    number: int
    subtype: str
    text: str = ""


TRIGGERS = {
    "winreg": Trigger("NETWORK EVENT", 6, "1f81d131-3fac-4537-9e0c-7e7b0c2f4b55", "winreg"),
    "rpc": Trigger("NETWORK EVENT", 6, "bc90d167-9470-4139-a9ba-be0bbbf5b74d", "367abb81-9844-35f1-ad32-98f038001003"),
    "custom": Trigger("CUSTOM", 20, "22b6d684-fa63-4578-87c9-effcbe6643c7"),
    "device": Trigger("DEVICE INTERFACE ARRIVAL", 1, "53f56307-b6bf-11d0-94f2-00a0c91efb8b"),
    "firewall": Trigger("FIREWALL PORT EVENT", 4, "b7569e07-8421-4ee0-ad10-86915afdad09", "445;TCP"),
    "policy": Trigger("GROUP POLICY", 5, "659fcae6-5bdb-4da9-b1ff-ca2a178d46e0"),
    "domain": Trigger("DOMAIN JOINED STATUS", 3, "1ce20aba-9851-4421-9430-1ddeb766e809"),
}


@dataclass
class Service:
    """One service: its stored configuration, how it behaves (``*_seconds``, errors), and its state now."""

    name: str
    display_name: str
    path: str
    start: int = MANUAL
    delayed: bool = False
    account: str = "LocalSystem"
    depends: tuple[str, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    kind: int = SHARE_PROCESS
    description: str | None = None
    accept_stop: bool = True
    accept_pause: bool = False
    locked: bool = False
    idle_stop: bool = False
    start_seconds: float = 0.0
    stop_seconds: float = 0.0
    start_error: int = 0
    dies_after: float | None = None
    dies_with: int = 1067
    state: str = "Stopped"
    process_id: int = 0
    exit_code: int = ERROR_SERVICE_NEVER_STARTED
    due: float | None = field(default=None, repr=False)
    idle_at: float | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def stopped(self) -> bool:
        """True unless the process is there or on its way."""
        return self.state == "Stopped"


@cache
def defaults(release: Release) -> tuple[Service, ...]:
    """The services of a release. Callers copy them: a Service changes."""
    found = []
    for row in data.rows("services.txt"):
        name, display, start, image, account, depends, flags, releases = row
        modern = release.windows_10_or_later
        choice = _scoped(start, release.server)
        if choice == "-" or (releases == "10+" and not modern) or (releases == "<10" and modern):
            continue
        found.append(_service(release, name, display, choice, image, account, depends, flags.split(",")))
    return tuple(found)


def _scoped(text: str, server: bool) -> str:
    on_server, _slash, on_client = text.partition("/")
    return on_server if server or not on_client else on_client


def _service(release: Release, name: str, display: str, start: str, image: str, account: str, depends: str, flags: list[str]) -> Service:
    modern = release.windows_10_or_later
    path = f"%SystemRoot%\\system32\\svchost.exe -k {image[1:]}{' -p' if release.order >= (1000, 17000) else ''}" if image[0] == "@" else image
    triggers = tuple(TRIGGERS[flag.removeprefix("trigger=")] for flag in flags if flag.startswith("trigger="))
    word = start.replace("!", "").removesuffix("+delayed")
    return Service(
        name=name,
        display_name=display,
        path=path,
        start={"auto": AUTO, "manual": MANUAL, "disabled": DISABLED}[word],
        delayed="+delayed" in start,
        account=_ACCOUNTS[account],
        depends=() if depends == "-" else tuple(depends.split(",")),
        triggers=triggers,
        kind=OWN_PROCESS if "own" in flags else SHARE_PROCESS,
        accept_stop="nostop" not in flags and not ("locked" in flags and modern),
        locked="locked" in flags and modern,
        idle_stop="idle" in flags,
        start_seconds=SLOW_SECONDS if "slow" in flags else 0.0,
        stop_seconds=SLOW_SECONDS if "slow" in flags else 0.0,
        state="Running" if "!" in start else "Stopped",
    )


def localized(table: str, service: str, language: str) -> str | None:
    """A text of ``service_names.json`` or ``service_texts.json``, English if the language has none."""
    texts: dict[str, dict[str, str]] = data.document(table)
    entry = texts.get(service, {})
    return entry.get(language, entry.get("en-US"))


_START = {name.lower(): number for number, name in enumerate(START_NAMES)} | {"automatic": AUTO}
_PLAIN = {item.name for item in fields(Service)} - {"name", "start", "depends", "triggers", "kind", "due", "idle_at", "password"}


def configured(service: Service, options: Mapping[str, Any]) -> Service:
    """The service with a fleet's options applied.

    Options: any field of Service, ``start`` (Boot, System, Auto, Manual, Disabled), ``depends`` (list), ``triggers`` (list of names
    in TRIGGERS), ``own`` (boolean). An unknown option raises ValueError.
    """
    known = _PLAIN | {"start", "depends", "triggers", "own"}
    if unknown := sorted(set(options) - known):
        raise ValueError(f"service {service.name}: unknown options {', '.join(unknown)}")
    changes: dict[str, Any] = {name: value for name, value in options.items() if name in _PLAIN}
    if "start" in options:
        changes["start"] = _START[str(options["start"]).lower()]
    if "depends" in options:
        changes["depends"] = tuple(options["depends"])
    if "triggers" in options:
        changes["triggers"] = tuple(TRIGGERS[name] for name in options["triggers"])
    if "own" in options:
        changes["kind"] = OWN_PROCESS if options["own"] else SHARE_PROCESS
    return replace(service, **changes)
