# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to say to `netsh advfirewall firewall` for a change of one rule.

One command is atomic: a rule is never open wider than asked, not for a moment. Netsh knows rules by what they look like, not by
id, so a selector says everything about the rule that it can.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._plan import Change, State
from ._commands import quote
from ._rules import PROFILES, Rule

_PORT_KEYS = ("protocol", "local_ports", "remote_ports")
_ORDER = ("program", "action", "enabled", "profiles", *_PORT_KEYS, "remote_addresses")
_WITH_PORTS = ("tcp", "udp")
# Windows stores further keywords of its own, which netsh does not take.
_PORT = re.compile(r"[0-9-]+|RPC|RPC-EPMap")


def commands(name: str, direction: str, found: Rule | None, change: Change) -> list[str]:
    """Change the rule that was found, or remove it, or add one, or remove it and add one."""
    selector = _selector(name, direction, found)
    if change.before and change.after and not _needs_new(change):
        return [f"set rule {selector} new {_words(change.after, _with_ports(change.keys))}"]
    removal = [f"delete rule {selector}"] if change.before else []
    addition = [f"add rule {_selector(name, direction, None)} {_words(change.after, _ORDER, leave_out_any=True)}"] if change.after else []
    return removal + addition


def selects(found: Rule | None, rule: Rule) -> bool:
    """True if the selector for the rule found fits another rule of this name and direction as well."""
    return all(getattr(rule, attribute) == value for attribute, value in _criteria(found).items())


def _criteria(found: Rule | None) -> dict[str, Any]:
    """What the selector says besides name and direction, by the rule's attributes: what is there and what netsh can be told.

    Windows itself makes pairs of one name for TCP and UDP, and people give several rules one name.
    """
    if found is None:
        return {}
    criteria: dict[str, Any] = {}
    if found.program and not re.search('["%]', found.program):
        criteria["program"] = found.program
    if found.protocol in _WITH_PORTS:
        criteria["protocol"] = found.protocol
        ports = {"local_ports": found.local_ports, "remote_ports": found.remote_ports}
        criteria |= {key: values for key, values in ports.items() if values and all(_PORT.fullmatch(port) for port in values)}
    return criteria


def _selector(name: str, direction: str, found: Rule | None) -> str:
    words = [_WORDS[attribute](value) for attribute, value in _criteria(found).items()]
    return " ".join([f"name={quote(name)}", f"dir={direction}", *words])


def _needs_new(change: Change) -> bool:
    """True if netsh's set can't bring the change about: it neither takes a program or further conditions away nor a protocol from under its ports."""
    gone = change.after is not None and change.after["program"] is None
    return bool(change.keys & {"other_conditions", "protocol"}) or (gone and "program" in change.keys)


def _with_ports(keys: Iterable[str]) -> list[str]:
    """Netsh checks ports against the protocol of the same command, so the three go together."""
    wanted = set(keys) | (set(_PORT_KEYS) if set(keys) & set(_PORT_KEYS) else set())
    return [key for key in _ORDER if key in wanted]


def _list(word: str) -> Callable[[Any], str]:
    return lambda values: f"{word}={','.join(values) or 'any'}"


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "program": lambda path: f"program={quote(path)}",
    "action": lambda action: f"action={action}",
    "enabled": lambda enabled: f"enable={'yes' if enabled else 'no'}",
    "profiles": lambda profiles: f"profile={'any' if profiles == PROFILES else ','.join(profiles)}",
    "protocol": lambda protocol: f"protocol={protocol}",
    "local_ports": _list("localport"),
    "remote_ports": _list("remoteport"),
    "remote_addresses": _list("remoteip"),
}


def _words(state: State, keys: Iterable[str], *, leave_out_any: bool = False) -> str:
    """The state in netsh's words. Ports may be named for TCP and UDP only, even as any."""
    shown = [key for key in keys if state["protocol"] in _WITH_PORTS or not key.endswith("_ports")]
    return " ".join(_WORDS[key](state[key]) for key in shown if not (leave_out_any and state[key] in ((), None)))
