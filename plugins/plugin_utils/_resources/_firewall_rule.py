# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall rule of our own, or one that an administrator made by hand for the same purpose.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._host import Host, is_registry, quote
from .._host._rules import PROFILES, Rule, canonical_addresses, canonical_ports, canonical_protocol
from .._plan import BadRequest, Change, Resource, State, Value

_PORT_KEYS = ("protocol", "local_ports", "remote_ports")
_ORDER = ("program", "action", "enabled", "profiles", *_PORT_KEYS, "remote_addresses")


class FirewallRule(Resource[Host]):
    """A rule is recognised by name and direction. In its state an empty sequence means any; `program` None means any program."""

    kind = "firewall_rule"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._label: str = options["name"]
        self._direction: str = options["direction"]
        self.name = f"{self._label} ({self._direction})"
        self._check_label()
        self._program: str | None = options["program"]
        self._bases: list[str] = options["program_base"] or []
        self._check_program()
        self._adopt: bool = options["adopt"]
        self._profiles = tuple(profile for profile in PROFILES if profile in options["profiles"]) or PROFILES
        self._asked = self._canonical(options) if options["state"] == "present" else None
        self._resolved: str | None = None
        self._others: list[Rule] = []
        self._stored_name = self._label

    def expect(self, host: Host) -> None:
        """The rule stores, and what the program's path needs."""
        host.firewall.expect()
        host.expect_folders()
        for base in filter(is_registry, self._bases):
            host.registry.expect(host.native(base).rpartition("\\")[0])

    def read(self, host: Host) -> State | None:
        """The rule of this name and direction, else one for the same program and port that carries another name."""
        self._resolved = self._resolve(host)
        named = [rule for rule in host.firewall.rules if rule.name.casefold() == self._label.casefold() and rule.direction == self._direction]
        twins = [rule for rule in host.firewall.rules if self._asked and self._same_purpose(host, rule)]
        found = next(iter(named or (twins if self._adopt else [])), None)
        self._others = [rule for rule in {rule.id: rule for rule in [*named, *twins]}.values() if found and rule.id != found.id]
        self._stored_name = found.name if found else self._label
        return self._state(host, found) if found else None

    def want(self, have: State | None) -> State | None:
        """Everything about the rule but its spelling: Windows compares paths without regard to case."""
        if self._asked is None:
            return None
        program = have["program"] if have and _same(have["program"], self._resolved) else self._resolved
        return {**self._asked, "program": program}

    def apply(self, host: Host, change: Change) -> None:
        """One netsh command each: a rule is never open wider than asked, not for a moment."""
        if change.before and change.after and not _needs_new(change):
            host.firewall.netsh(f"set rule {self._selector()} new {_words(change.after, _with_ports(change.keys))}", f"change the rule {self._stored_name}")
            return
        if change.before:
            host.firewall.netsh(f"delete rule {self._selector()}", f"delete the rule {self._stored_name}")
        if change.after:
            host.firewall.netsh(f"add rule {self._selector()} {_words(change.after, _ORDER, leave_out_any=True)}", f"add the rule {self._stored_name}")

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """An adopted rule's name."""
        other_name = self._stored_name.casefold() != self._label.casefold()
        adopted = [f"adopted the rule {self._stored_name!r}, which is for the same program and port"] if other_name else []
        return tuple(adopted)

    def warnings(self, host: Host) -> tuple[str, ...]:
        """Duplicates, and Group Policy that voids the rule."""
        duplicates = [f"duplicate: rule {rule.name!r} ({rule.id}) is for the same purpose; remove one of them" for rule in self._others]
        return (*duplicates, *(host.firewall.voided(self._profiles) if self._asked else []))

    def _check_label(self) -> None:
        quote(self._label)
        if "|" in self._label or self._label.casefold() == "all" or self._label.startswith("@") or not self._label.strip():
            raise BadRequest(f"{self._label!r} is no name for a firewall rule: it must not be empty or 'all', begin with @ or hold a vertical bar.")

    def _check_program(self) -> None:
        program = self._program
        if program is None:
            return
        absolute = (program[1:3] == ":\\" and program[0].isalpha()) or program.startswith("%") or program.casefold() == "system"
        if self._bases and absolute:
            raise BadRequest(f"Firewall rule {self._label}: program {program!r} is absolute, so program_base must not be given.")
        if not self._bases and not absolute:
            raise BadRequest(f"Firewall rule {self._label}: program {program!r} is not an absolute path such as C:\\Program Files\\App\\app.exe.")

    def _canonical(self, options: Mapping[str, Any]) -> dict[str, Value]:
        try:
            asked: dict[str, Value] = {
                "action": options["action"],
                "enabled": options["enabled"],
                "protocol": canonical_protocol(options["protocol"]),
                "local_ports": canonical_ports(options["local_ports"] or ()),
                "remote_ports": canonical_ports(options["remote_ports"] or ()),
                "remote_addresses": canonical_addresses(options["remote_addresses"] or ()),
                "profiles": self._profiles,
                "other_conditions": "",
            }
        except ValueError as error:
            raise BadRequest(f"Firewall rule {self._label}: {error}.") from None
        if asked["protocol"] not in ("tcp", "udp") and (asked["local_ports"] or asked["remote_ports"]):
            raise BadRequest(f"Firewall rule {self._label}: ports need protocol tcp or udp, not {asked['protocol']}.")
        return asked

    def _resolve(self, host: Host) -> str | None:
        if self._program is None or self._asked is None:
            return None
        path = f"{host.locate(self._bases)}\\{self._program}" if self._bases else host.expand(self._program)
        quote(path)
        return path

    def _same_purpose(self, host: Host, rule: Rule) -> bool:
        """Same direction, action, program, protocol and port. Only a rule with a program and a port can be told by its purpose."""
        if self._asked is None or self._resolved is None or rule.built_in or rule.direction != self._direction:
            return False
        side = "local_ports" if self._direction == "in" else "remote_ports"
        ports = rule.local_ports if self._direction == "in" else rule.remote_ports
        alike = rule.action == self._asked["action"] and rule.protocol == self._asked["protocol"] and ports == self._asked[side]
        return alike and bool(ports) and rule.program is not None and _same(host.expand(rule.program), self._resolved)

    def _state(self, host: Host, rule: Rule) -> State:
        return {
            "action": rule.action,
            "enabled": rule.enabled,
            "protocol": rule.protocol,
            "local_ports": rule.local_ports,
            "remote_ports": rule.remote_ports,
            "remote_addresses": rule.remote_addresses,
            "profiles": rule.profiles,
            "other_conditions": rule.other_conditions,
            "program": host.expand(rule.program) if rule.program else None,
        }

    def _selector(self) -> str:
        return f"name={quote(self._stored_name)} dir={self._direction}"


def _needs_new(change: Change) -> bool:
    """True if netsh's set can't bring the change about: it neither takes a program or further conditions away nor a protocol from under its ports."""
    gone = change.after is not None and change.after["program"] is None
    return bool(change.keys & {"other_conditions", "protocol"}) or (gone and "program" in change.keys)


def _same(left: Value, right: Value) -> bool:
    return str(left).casefold() == str(right).casefold()


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
    ports = state["protocol"] in ("tcp", "udp")
    shown = [key for key in keys if ports or not key.endswith("_ports")]
    return " ".join(_WORDS[key](state[key]) for key in shown if not (leave_out_any and state[key] in ((), None)))
