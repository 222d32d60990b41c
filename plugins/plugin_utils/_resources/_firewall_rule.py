# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall rule of our own, or one that an administrator made by hand for the same purpose.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._host import Host, Rule, check_arguments, is_registry, netsh, quote
from .._plan import ApplyFailed, BadRequest, Change, Resource, State, Value
from ._firewall_request import parse_request, telling_ports


class FirewallRule(Resource[Host]):
    """A rule is recognised by name and direction. In its state an empty sequence means any; `program` None means any program."""

    kind = "firewall_rule"

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        self._asked = parse_request(options)
        self.name = f"{self._asked.label} ({self._asked.direction})"
        self._program: str | None = None
        self._found: Rule | None = None
        self._named: list[Rule] = []
        self._twins: list[Rule] = []

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
        alike = [rule for rule in host.firewall.rules if rule.direction == self._asked.direction and not rule.built_in]
        self._named = [rule for rule in alike if _same(rule.name, self._asked.label)]
        self._twins = [rule for rule in alike if self._same_purpose(host, rule)]
        self._found = self._choose(host)
        return _state(host, self._found) if self._found else None

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
            "program": have["program"] if have and _same(have["program"], self._program) else self._program,
        }

    def check(self, host: Host, change: Change) -> None:
        """Refuse a change that netsh, which does not know rules by their ids, would do to other rules as well."""
        for command in self._commands(change):
            check_arguments(command)
        shown = host.firewall.shown_as(self._stored_name)
        strangers = [rule.id for rule in host.firewall.rules if rule.id.lower() in shown and self._is_stranger(rule)]
        if strangers:
            raise BadRequest(
                f"{host.name} has other firewall rules that Windows shows as {self._stored_name!r} ({', '.join(strangers)}), and they would be changed too; "
                "choose another name, or rename or remove them first."
            )

    def apply(self, host: Host, change: Change) -> None:
        """One netsh command, or two where the rule has to be made anew."""
        for number, command in enumerate(self._commands(change)):
            try:
                host.firewall.netsh(command, f"{command.partition(' ')[0]} the firewall rule {self._stored_name}")
            except ApplyFailed as error:
                gone = " The old rule had been removed already; the next run adds the new one." if number else ""
                raise ApplyFailed(f"{error}{gone}") from error

    def notes(self, host: Host, have: State | None) -> tuple[str, ...]:
        """An adopted rule's name; all rules that go, if there are several."""
        if not self._asked.present and len(self._named) > 1:
            return (f"{len(self._named)} rules of this name go: {', '.join(rule.id for rule in self._named)}",)
        adopted = not _same(self._stored_name, self._asked.label)
        return (f"adopted the rule {self._stored_name!r}, which is for the same program and port",) if adopted else ()

    def warnings(self, host: Host, have: State | None) -> tuple[str, ...]:
        """Duplicates, rules that block the same connections, and profiles in which local rules have no effect."""
        if not self._asked.present:
            return ()
        others = [rule for rule in self._twins if self._found and rule.id != self._found.id]
        duplicates = [f"duplicate: rule {rule.name!r} ({rule.id}) is for the same purpose; remove one of them" for rule in others]
        blocks = [f"rule {rule.name!r} ({rule.id}) blocks the same connections, which wins over this rule" for rule in self._blocking(host)]
        return (*duplicates, *blocks, *host.firewall.ineffective(self._asked.profiles))

    def _resolve(self, host: Host) -> str | None:
        asked = self._asked
        if asked.program is None or not asked.present:
            return None
        path = f"{host.locate(list(asked.bases))}\\{asked.program}" if asked.bases else host.expand(asked.program)
        quote(path)
        return path

    def _choose(self, host: Host) -> Rule | None:
        """The rule that is meant.

        Raises:
            BadRequest: several rules carry the name, and none of them is for this program and port.
        """
        both = [rule for rule in self._named if rule in self._twins]
        if both or len(self._named) == 1 or not self._asked.present:
            return next(iter(both or self._named), None)
        if self._named:
            ids = ", ".join(rule.id for rule in self._named)
            raise BadRequest(
                f"There are {len(self._named)} firewall rules {self.name} on {host.name} ({ids}), and none is for this program and port; choose another name."
            )
        return next((rule for rule in self._twins if self._is_free(host, rule)), None) if self._asked.adopt else None

    def _is_free(self, host: Host, rule: Rule) -> bool:
        """True for a rule that can be adopted.

        Without a program and a port nobody can tell what a rule is for. Further conditions and other addresses are somebody's intention.
        """
        told = rule.program is not None and bool(self._asked.ports)
        open_enough = not rule.other_conditions and rule.remote_addresses in ((), self._asked.remote_addresses)
        return told and open_enough and (rule.name.lower(), rule.direction) not in host.firewall.asked

    def _same_purpose(self, host: Host, rule: Rule) -> bool:
        """Same action, program, protocol and port."""
        program = host.expand(rule.program) if rule.program else None
        ports = telling_ports(self._asked.direction, rule.local_ports, rule.remote_ports)
        return (rule.action, rule.protocol, ports) == (self._asked.action, self._asked.protocol, self._asked.ports) and _same(program, self._program)

    def _blocking(self, host: Host) -> list[Rule]:
        """The rules in force against what is asked for, Group Policy's too: Windows lets Block win over Allow."""
        rules = [*host.firewall.rules, *host.firewall.policy_rules] if self._asked.action == "allow" else []
        return [rule for rule in rules if rule.enabled and rule.action == "block" and self._meets(host, rule)]

    def _meets(self, host: Host, rule: Rule) -> bool:
        """True if some connection is a matter of both. A rule with further conditions is not counted: it may be about others."""
        ports = telling_ports(self._asked.direction, rule.local_ports, rule.remote_ports)
        return (
            rule.direction == self._asked.direction
            and bool(set(rule.profiles) & set(self._asked.profiles))
            and rule.protocol in ("any", self._asked.protocol)
            and (not ports or not self._asked.ports or bool(set(ports) & set(self._asked.ports)))
            and (rule.program is None or _same(host.expand(rule.program), self._program))
            and not rule.other_conditions
        )

    def _is_stranger(self, rule: Rule) -> bool:
        """True for a rule of this direction that netsh's selector fits and that is not meant."""
        if rule.direction != self._asked.direction or rule == self._found:
            return False
        if not self._asked.present:
            return rule not in self._named
        meant = rule in self._twins and self._found is not None and rule.other_conditions == self._found.other_conditions
        return netsh.selects(self._found, rule) and not meant

    @property
    def _stored_name(self) -> str:
        """The name that the rule has on the host, or gets."""
        return self._found.name if self._found else self._asked.label

    def _commands(self, change: Change) -> list[str]:
        # A rule that has to go goes whatever its ports are, with all of its name and direction.
        found = self._found if self._asked.present else None
        return netsh.commands(self._stored_name, self._asked.direction, found, change)


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


def _same(left: Value, right: Value) -> bool:
    return str(left).lower() == str(right).lower()
