# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall rule of our own, or one that an administrator made by hand for the same purpose.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._host import Host, Rule, check_arguments, is_registry, netsh, quote
from .._plan import ApplyFailed, BadRequest, Change, Override, Resource, State, Value
from ._firewall_effect import in_the_way
from ._firewall_match import Match, same
from ._firewall_request import parse_request
from ._firewall_traffic import Traffic


class FirewallRule(Resource[Host]):
    """A rule is recognised by name and direction. In its state an empty sequence means any; `program` None means any program."""

    kind = "firewall_rule"
    _match: Match

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._asked = parse_request(options)
        self.name = f"{self._asked.label} ({self._asked.direction})"
        self._program: str | None = None

    def expect(self, host: Host) -> None:
        """The rule store, and what the program's path needs."""
        host.firewall.expect()
        host.firewall.asked.add((self._asked.label.lower(), self._asked.direction))
        host.expect_folders()
        for base in filter(is_registry, self._asked.bases):
            host.registry.expect(host.native(base).rpartition("\\")[0])

    def read(self, host: Host) -> State | None:
        """The rule of this name and direction, else one for the same program and port that carries another name."""
        self._program = self._resolve(host)
        self._match = Match(host, self._asked, self._program)
        return _state(host, self._match.found) if self._match.found else None

    def want(self, have: State | None) -> State | None:
        """Everything about the rule but its spelling: Windows compares paths without regard to case."""
        asked = self._asked
        if not asked.present:
            return None
        return {
            "action": asked.action,
            "enabled": asked.enabled,
            "protocol": asked.protocol,
            "local_ports": asked.local_ports,
            "remote_ports": asked.remote_ports,
            "remote_addresses": asked.remote_addresses,
            "profiles": asked.profiles,
            "other_conditions": "",
            "program": have["program"] if have and same(have["program"], self._program) else self._program,
        }

    def check(self, host: Host, change: Change) -> None:
        """Refuse a change that netsh, which does not know rules by their ids, would do to other rules as well."""
        for command in self._commands(change):
            check_arguments(command)
        strangers = ", ".join(rule.id for rule in self._match.strangers())
        if strangers:
            raise BadRequest(
                f"{host.name} has other firewall rules that Windows shows as {self._match.name!r} ({strangers}), and they would be changed too; "
                "choose another name, or rename or remove them first."
            )

    def apply(self, host: Host, change: Change) -> None:
        """One netsh command, or two where the rule has to be made anew."""
        for number, command in enumerate(self._commands(change)):
            try:
                host.firewall.netsh(command, f"{command.partition(' ')[0]} the firewall rule {self._match.name}")
            except ApplyFailed as error:
                gone = " The old rule had been removed already; the next run adds the new one." if number else ""
                raise ApplyFailed(f"{error}{gone}") from error

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """An adopted rule's name; all rules that go, if there are several."""
        named = self._match.named
        if not self._asked.present and len(named) > 1:
            return (f"{len(named)} rules of this name go: {', '.join(rule.id for rule in named)}",)
        adopted = not same(self._match.name, self._asked.label)
        return (f"adopted the rule {self._match.name!r}, which is for the same program and port",) if adopted else ()

    def warnings(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Duplicates."""
        if not self._asked.present:
            return ()
        return tuple(f"duplicate: rule {rule.name!r} ({rule.id}) is for the same purpose; remove one of them" for rule in self._match.duplicates)

    def overrides(self, host: Host, change: Change) -> tuple[Override, ...]:
        """What keeps the connections that the rule allows from passing."""
        asked = self._asked
        if not (asked.present and asked.enabled and asked.action == "allow"):
            return ()
        wanted = Traffic(asked.direction, asked.profiles, asked.protocol, asked.local_ports, asked.remote_ports, asked.remote_addresses, self._program)
        return in_the_way(host, [wanted], asked.profiles)

    def _resolve(self, host: Host) -> str | None:
        asked = self._asked
        if asked.program is None or not asked.present:
            return None
        path = f"{host.locate(list(asked.bases))}\\{asked.program}" if asked.bases else host.expand(asked.program)
        quote(path)
        return path

    def _commands(self, change: Change) -> list[str]:
        # A rule that has to go goes whatever its ports are, with all of its name and direction.
        found = self._match.found if self._asked.present else None
        return netsh.commands(self._match.name, self._asked.direction, found, change)


def _state(host: Host, rule: Rule) -> dict[str, Value]:
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
