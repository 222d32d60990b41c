# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a host's firewall rules is the one that is asked for, and which others have to do with it.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from .._host import Host, Rule, netsh
from .._plan import BadRequest, Value
from ._firewall_request import RuleRequest, telling_ports


class Match:
    """What a host has for a request.

    `found` is the rule that is meant, None if there is none; `named` are the rules of that name and direction, `twins` those for
    the same program and port under any name.
    """

    def __init__(self, host: Host, request: RuleRequest, program: str | None) -> None:
        """`program` is the request's program as a path of this host.

        Raises:
            BadRequest: several rules carry the name, and none of them is for this program and port.
        """
        self._host = host
        self._request = request
        self._program = program
        alike = [rule for rule in host.firewall.rules if rule.direction == request.direction and not rule.built_in]
        self.named = [rule for rule in alike if same(rule.name, request.label)]
        self.twins = [rule for rule in alike if self._same_purpose(rule)]
        self.found = self._choose()

    @property
    def name(self) -> str:
        """The name that the rule has on the host, or gets."""
        return self.found.name if self.found else self._request.label

    @property
    def duplicates(self) -> list[Rule]:
        """Further rules for the same purpose."""
        return [rule for rule in self.twins if self.found and rule.id != self.found.id]

    def strangers(self) -> list[Rule]:
        """The rules that netsh would take for the one that is meant: it sees names as Windows shows them, in the host's language."""
        shown = self._host.firewall.shown_as(self.name)
        return [rule for rule in self._host.firewall.rules if rule.id.lower() in shown and self._is_stranger(rule)]

    def _choose(self) -> Rule | None:
        request = self._request
        both = [rule for rule in self.named if rule in self.twins]
        if both or len(self.named) == 1 or not request.present:
            return next(iter(both or self.named), None)
        if self.named:
            ids = ", ".join(rule.id for rule in self.named)
            raise BadRequest(
                f"There are {len(self.named)} firewall rules {request.label} ({request.direction}) on {self._host.name} ({ids}), "
                "and none is for this program and port; choose another name."
            )
        return next((rule for rule in self.twins if self._is_free(rule)), None) if request.adopt else None

    def _is_free(self, rule: Rule) -> bool:
        """True for a rule that can be adopted.

        Without a program and a port nobody can tell what a rule is for. Further conditions and other addresses are somebody's intention.
        """
        told = rule.program is not None and bool(self._request.ports)
        open_enough = not rule.other_conditions and rule.remote_addresses in ((), self._request.remote_addresses)
        return told and open_enough and (rule.name.lower(), rule.direction) not in self._host.firewall.asked

    def _same_purpose(self, rule: Rule) -> bool:
        """Same action, program, protocol and port."""
        request = self._request
        told = (rule.action, rule.protocol, telling_ports(rule.direction, rule.local_ports, rule.remote_ports))
        return told == (request.action, request.protocol, request.ports) and same(self._path(rule), self._program)

    def _is_stranger(self, rule: Rule) -> bool:
        if rule.direction != self._request.direction or rule == self.found:
            return False
        if not self._request.present:
            return rule not in self.named
        meant = rule in self.twins and self.found is not None and rule.other_conditions == self.found.other_conditions
        return netsh.selects(self.found, rule) and not meant

    def _path(self, rule: Rule) -> str | None:
        return self._host.expand(rule.program) if rule.program else None


def same(left: Value, right: Value) -> bool:
    """Windows compares names and paths without regard to case."""
    return str(left).lower() == str(right).lower()
