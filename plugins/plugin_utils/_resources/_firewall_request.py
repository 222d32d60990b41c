# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play asks of a firewall rule, checked and in canonical form before any host is asked.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._host import quote
from .._host._rules import PORT_KEYWORDS, PROFILES, canonical_addresses, canonical_ports, canonical_protocol
from .._plan import BadRequest


@dataclass(frozen=True)
class RuleRequest:
    """A rule as asked. Empty sequences mean any; `program` None means any program; `present` False means that no such rule may be."""

    label: str
    direction: str
    present: bool
    adopt: bool
    action: str
    enabled: bool
    program: str | None
    bases: tuple[str, ...]
    protocol: str
    local_ports: tuple[str, ...]
    remote_ports: tuple[str, ...]
    remote_addresses: tuple[str, ...]
    profiles: tuple[str, ...]

    @property
    def ports(self) -> tuple[str, ...]:
        """The ports that tell what the rule is for."""
        return telling_ports(self.direction, self.local_ports, self.remote_ports)


def telling_ports(direction: str, local: tuple[str, ...], remote: tuple[str, ...]) -> tuple[str, ...]:
    """The ports that tell what a rule is for: the host's own for inbound rules, the other side's for outbound ones."""
    return local if direction == "in" else remote


def parse_request(options: Mapping[str, Any]) -> RuleRequest:
    """A request from the module's options.

    Raises:
        BadRequest: no host could have such a rule.
    """
    try:
        request = RuleRequest(
            label=options["name"],
            direction=options["direction"],
            present=options["state"] == "present",
            adopt=options["adopt"],
            action=options["action"],
            enabled=options["enabled"],
            program=options["program"],
            bases=tuple(options["program_base"] or ()),
            protocol=canonical_protocol(options["protocol"]),
            local_ports=canonical_ports(options["local_ports"] or ()),
            remote_ports=canonical_ports(options["remote_ports"] or ()),
            remote_addresses=canonical_addresses(options["remote_addresses"] or ()),
            profiles=tuple(profile for profile in PROFILES if profile in options["profiles"]),
        )
        _check_label(request)
        _check_program(request)
        _check_ports(request)
    except ValueError as error:
        raise BadRequest(f"Firewall rule {options['name']}: {error}.") from None
    return request


def _check_label(request: RuleRequest) -> None:
    quote(request.label)
    if "|" in request.label or request.label.lower() == "all" or request.label.startswith("@") or not request.label.strip():
        raise ValueError("this is no name for a firewall rule, which must not be empty or 'all', begin with @ or hold a vertical bar")
    if not request.profiles:
        raise ValueError(f"it needs at least one profile of {', '.join(PROFILES)}")


def _check_program(request: RuleRequest) -> None:
    program = request.program
    if program is None:
        return
    if "/" in program or program != program.strip() or {"", ".."} & set(program.split("\\")):
        raise ValueError(
            f"program {program!r} is no plain path: it has a slash, a blank at an end, an empty part (doubled backslashes) or a part that leads up"
        )
    absolute = (program[1:3] == ":\\" and program[0].isalpha()) or program.startswith("%") or program.lower() == "system"
    if request.bases and absolute:
        raise ValueError(f"program {program!r} is absolute, so program_base must not be given")
    if not request.bases and not absolute:
        raise ValueError(f"program {program!r} is not an absolute path such as C:\\Program Files\\App\\app.exe")


def _check_ports(request: RuleRequest) -> None:
    if request.protocol not in ("tcp", "udp") and (request.local_ports or request.remote_ports):
        raise ValueError(f"ports need protocol tcp or udp, not {request.protocol}")
    keywords = set(PORT_KEYWORDS.values())
    elsewhere = request.remote_ports if (request.direction, request.protocol) == ("in", "tcp") else request.local_ports + request.remote_ports
    if keywords & set(elsewhere):
        raise ValueError(f"{' and '.join(sorted(keywords))} can be local ports of inbound TCP rules only")
