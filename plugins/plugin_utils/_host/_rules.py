# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewall rules as Windows stores them, in the grammar of MS-GPFAS 2.2.2, and their values in one canonical form.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

PROFILES = ("domain", "private", "public")
_PROTOCOL_NAMES = {1: "icmpv4", 6: "tcp", 17: "udp", 58: "icmpv6", 256: "any"}
_PROTOCOL_NUMBERS = {name: number for number, name in _PROTOCOL_NAMES.items()}
ADDRESS_KEYWORDS = ("localsubnet", "dns", "dhcp", "wins", "defaultgateway")
PORT_KEYWORDS = {"rpc": "RPC", "rpc-epmap": "RPC-EPMap"}
_GROUP = re.compile(r"^@(?:.*\\)?(?P<library>[^\\,]+),-?(?P<id>\d+)$")
# What a rule says besides these keys narrows or changes it, and is kept as other conditions.
_KNOWN = {"Action", "Active", "Dir", "Protocol", "Profile", "App", "Name", "Desc", "EmbedCtxt"}
_PORTS = re.compile(r"^(?P<side>[LR])Port(?:2_\d+)?$")
_ADDRESS = re.compile(r"[0-9A-Fa-f.:/-]+")
_REMOTE = re.compile(r"^RA(?P<version>[46])2?$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One stored rule. Sequences are sorted; an empty one means any. `program` is as stored, None for any; `conditions` are further words of it."""

    id: str
    name: str
    direction: str
    action: str
    enabled: bool
    protocol: str
    program: str | None
    local_ports: tuple[str, ...]
    remote_ports: tuple[str, ...]
    remote_addresses: tuple[str, ...]
    profiles: tuple[str, ...]
    group: str
    conditions: tuple[str, ...]

    @property
    def other_conditions(self) -> str:
        """The further conditions in one text."""
        return " ".join(self.conditions)

    @property
    def built_in(self) -> bool:
        """True for a rule of a group that comes with Windows or a product: its group is a resource of a library."""
        return self.group.startswith("@")


def parse_rule(identity: str, text: str) -> Rule:
    """One value of the FirewallRules key. Unknown words are kept, never fatal: later releases add some."""
    pairs = [(key, value) for key, _equals, value in (word.partition("=") for word in text.split("|")[1:]) if key]
    first = dict(reversed(pairs))
    protocol = first.get("Protocol", "256")
    return Rule(
        id=identity,
        name=first.get("Name", ""),
        direction=first.get("Dir", "In").lower(),
        action=first.get("Action", "Allow").lower(),
        enabled=first.get("Active", "FALSE").upper() == "TRUE",
        protocol=_PROTOCOL_NAMES.get(int(protocol), protocol) if protocol.isdecimal() else protocol.lower(),
        program=first.get("App"),
        local_ports=_stored_ports(pairs, "L"),
        remote_ports=_stored_ports(pairs, "R"),
        remote_addresses=_stored_addresses(pairs),
        profiles=tuple(profile for profile in PROFILES if profile in {value.lower() for key, value in pairs if key == "Profile"}) or PROFILES,
        group=first.get("EmbedCtxt", ""),
        conditions=tuple(sorted(f"{key}={value}" for key, value in pairs if _is_other_condition(key, value))),
    )


def _is_other_condition(key: str, value: str) -> bool:
    """True for what narrows a rule beyond what the module manages. Any ICMP message is no condition."""
    return not (key in _KNOWN or _PORTS.match(key) or _REMOTE.match(key) or (key in ("ICMP4", "ICMP6") and value == "*:*"))


@lru_cache
def group_id(group: str) -> tuple[str, int] | None:
    """`@%SystemRoot%\\system32\\FirewallAPI.dll,-28502` as (`firewallapi.dll`, 28502); None if it is no resource."""
    match = _GROUP.match(group.strip())
    return (match["library"].lower(), int(match["id"])) if match else None


def canonical_protocol(text: str) -> str:
    """`TCP`, `6` or `tcp` as `tcp`; an IP protocol without a name here as its number.

    Raises:
        ValueError: no protocol.
    """
    name = text.strip().lower()
    number = _PROTOCOL_NUMBERS.get(name, int(name) if name.isdecimal() else -1)
    if not (0 <= number <= 255 or (number == 256 and name == "any")):
        raise ValueError(f"{text!r} is no protocol: give tcp, udp, icmpv4, icmpv6, any or a number from 0 to 255")
    return _PROTOCOL_NAMES.get(number, str(number))


def canonical_ports(ports: Iterable[str]) -> tuple[str, ...]:
    """Ports and ranges, sorted.

    Raises:
        ValueError: one is neither a port, a range nor a keyword.
    """
    return tuple(sorted({_port(port.strip()) for port in ports}, key=_port_order))


def canonical_addresses(addresses: Iterable[str]) -> tuple[str, ...]:
    """Addresses, networks, ranges and keywords in one spelling, sorted; `any` alone is the empty tuple.

    Raises:
        ValueError: one is none of these.
    """
    found = {_address(address.strip()) for address in addresses}
    if "any" in found and len(found) > 1:
        raise ValueError("any stands beside other addresses: give any alone, or the addresses alone")
    return tuple(sorted(found - {"any"}))


def _port(text: str) -> str:
    if text.lower() in PORT_KEYWORDS:
        return PORT_KEYWORDS[text.lower()]
    numbers = [int(part) if part.isdecimal() else 0 for part in text.split("-")]
    if len(numbers) > 2 or not all(1 <= number <= 65535 for number in numbers) or numbers != sorted(numbers):
        raise ValueError(f"{text!r} is no port: give a number from 1 to 65535, a range such as 5000-5020, or one of {', '.join(PORT_KEYWORDS)}")
    return "-".join(map(str, dict.fromkeys(numbers)))


def _port_order(port: str) -> tuple[int, str]:
    first = port.partition("-")[0]
    return (int(first) if first.isdecimal() else 0, port)


def _address(text: str) -> str:
    lowered = text.lower()
    if lowered == "any" or lowered in ADDRESS_KEYWORDS:
        return lowered
    try:
        # An IPv6 scope (fe80::1%eth0) may be any text for Python, and has no place in a rule.
        if not _ADDRESS.fullmatch(text):
            raise ValueError
        if "-" in text:
            low, high = map(ipaddress.ip_address, text.split("-"))
            if low.version == high.version and int(low) <= int(high):
                return str(low) if low == high else f"{low}-{high}"
            raise ValueError
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        keywords = ", ".join(ADDRESS_KEYWORDS)
        raise ValueError(
            f"{text!r} is no address: give an IP address, a network such as 10.0.0.0/24, a range such as 10.0.0.5-10.0.0.9, any, or one of {keywords}"
        ) from None
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def _stored_ports(pairs: list[tuple[str, str]], side: str) -> tuple[str, ...]:
    ports = {value for key, value in pairs if (match := _PORTS.match(key)) and match["side"] == side}
    return tuple(sorted(ports, key=_port_order))


def _stored_addresses(pairs: list[tuple[str, str]]) -> tuple[str, ...]:
    """A keyword that stands for both IP versions is stored once for each; on its own it is told with its version."""
    stored = {(_stored_address(value), match["version"]) for key, value in pairs if (match := _REMOTE.match(key))}
    found = set()
    for address, version in stored:
        both = {(address, "4"), (address, "6")} <= stored
        found.add(address if both or not address.isalpha() else f"{address} (IPv{version})")
    return tuple(sorted(found))


def _stored_address(value: str) -> str:
    try:
        return _address(value)
    except ValueError:
        return value.lower()
