# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a service from starting as it is stored: a policy that sets its start mode, a disabled service that it needs.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterator

from .._host import Host
from .._host._registry import Key
from .._host._services import Service
from .._plan import Change, Override, State

_AUTOMATIC = ("auto", "delayed")


def dependencies(key: Key | None) -> tuple[str, ...]:
    """The names that a service's registry key says it depends on; a group of services begins with a plus sign and is left out."""
    data = key.data("DependOnService") if key else None
    return tuple(name for name in data if not name.startswith("+")) if isinstance(data, tuple) else ()


def in_the_way(host: Host, service: Service, asked: State, needs: tuple[str, ...], change: Change) -> tuple[Override, ...]:
    """What overrides the start mode and the state that are asked for; `needs` are the names of `dependencies`."""
    before, after = change.before or {}, change.after or {}
    found: list[Override] = []
    if asked.get("start_mode"):
        found += _by_policy(host, service, str(asked["start_mode"]), str(before.get("start_mode")))
    if asked and after.get("start_mode") in _AUTOMATIC:
        found += _by_dependency(host, service, needs, str(before.get("state")))
    return tuple(found)


def _by_policy(host: Host, service: Service, asked: str, stored: str) -> Iterator[Override]:
    enforced = host.policies.start_mode(service.name)
    if enforced and enforced != ("auto" if asked == "delayed" else asked):
        by = f"Group Policy {host.policies.start_mode_policy(service.name)!r} (System Services) sets {service.name} to start {enforced}"
        yield Override("start_mode", stored, f"{enforced} when the policy is refreshed", by, "change the start mode in that policy")


def _by_dependency(host: Host, service: Service, needs: tuple[str, ...], stored: str) -> Iterator[Override]:
    """Only services are looked at; some depend on drivers too, which are not among them."""
    for name in needs:
        needed = host.services.get(name)
        if needed and needed.start_mode == "disabled":
            by = f"{service.name} depends on service {needed.name}, which is disabled"
            yield Override("state", stored, "can't be started", by, f"set {needed.name} to start automatically or manually")
