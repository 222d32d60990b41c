# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connections that a firewall rule is for, and whether another rule is about the same ones.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from .._host import Host, Rule
from .._host._overlap import Answer, addresses_meet, addresses_within, every, ports_meet, ports_within
from ._firewall_match import same

# They say what else a rule may do, not which connections it is for (MS-GPFAS 2.2.2.22).
_NO_CONDITIONS = ("Edge", "Defer", "LSM", "PCross", "AuthByPassOut")
_SERVICE, _PACKAGE, _ANY_SERVICE = "Svc", "AppPkgId", "*"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Empty sequences mean any; `program` is a path of the host, None for any; `conditions` are further ones, as in the rule store."""

    direction: str
    profiles: tuple[str, ...]
    protocol: str
    local_ports: tuple[str, ...]
    remote_ports: tuple[str, ...]
    remote_addresses: tuple[str, ...]
    program: str | None
    conditions: tuple[str, ...] = ()

    @staticmethod
    def of(host: Host, rule: Rule) -> Traffic:
        """The connections that a stored rule is for."""
        return Traffic(
            rule.direction,
            rule.profiles,
            rule.protocol,
            rule.local_ports,
            rule.remote_ports,
            rule.remote_addresses,
            host.expand(rule.program) if rule.program else None,
            rule.conditions,
        )

    def parts(self) -> Iterator[Traffic]:
        """One for each port and address, since each may be allowed by another rule."""
        for local, remote, address in product(*map(_singles, (self.local_ports, self.remote_ports, self.remote_addresses))):
            yield replace(self, local_ports=local, remote_ports=remote, remote_addresses=address)

    def meets(self, other: Traffic) -> Answer:
        """Whether the other's rule is about some of these connections. A rule for one program is not about those of any program."""
        return every(
            (
                self.direction == other.direction,
                self.protocol == other.protocol or "any" in (self.protocol, other.protocol),
                other.program is None or same(other.program, self.program),
                ports_meet(self.local_ports, other.local_ports),
                ports_meet(self.remote_ports, other.remote_ports),
                addresses_meet(self.remote_addresses, other.remote_addresses),
                self._fulfils(other),
            )
        )

    def within(self, other: Traffic) -> Answer:
        """Whether the other's rule is about all of these connections. One with further conditions is not."""
        return every(
            (
                self.direction == other.direction,
                other.protocol in ("any", self.protocol),
                other.program is None or same(other.program, self.program),
                ports_within(self.local_ports, other.local_ports),
                ports_within(self.remote_ports, other.remote_ports),
                addresses_within(self.remote_addresses, other.remote_addresses),
                not self._further(other),
            )
        )

    def _further(self, other: Traffic) -> list[str]:
        """The conditions that the other's rule has besides."""
        return [condition for condition in other.conditions if condition not in self.conditions and _name(condition) not in _NO_CONDITIONS]

    def _fulfils(self, other: Traffic) -> Answer:
        """Whether some of these connections fulfil the other's further conditions. Users, interfaces, IPsec ... are not known here."""
        further = self._further(other)
        if any(self._is_of_others(condition) for condition in further):
            return False
        return None if further else True

    def _is_of_others(self, condition: str) -> bool:
        """True for a package where none is asked for, and for a service where another one is."""
        name, _equals, value = condition.partition("=")
        services = {own.partition("=")[2] for own in self.conditions if _name(own) == _SERVICE}
        return name == _PACKAGE or (name == _SERVICE and bool(services) and _ANY_SERVICE not in {value, *services})


def _name(condition: str) -> str:
    return condition.partition("=")[0]


def _singles(values: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Each value alone; any stays any."""
    return [(value,) for value in values] or [()]
