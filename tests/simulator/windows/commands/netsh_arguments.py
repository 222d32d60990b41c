# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The name=value arguments of netsh's rule commands: checked, and turned into tokens of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..firewall import conditions
from ..firewall.rule import ICMPV4, ICMPV6, TCP, UDP, Token
from .netsh_error import NetshError

RULE_KEYS = frozenset(
    "name dir action program service description enable profile localip remoteip localport remoteport protocol interfacetype edge security".split()
)
FILTER_KEYS = frozenset("dir profile program service localip remoteip localport remoteport protocol".split())
_ACTIONS = {"allow": "Allow", "block": "Block", "bypass": "ByPass"}
_DIRECTIONS = {"in": "In", "out": "Out"}
_ENABLE = {"yes": "TRUE", "no": "FALSE"}
_PROFILES = {"domain": "Domain", "private": "Private", "public": "Public"}
_INTERFACES = {"lan": "Lan", "wireless": "Wireless", "ras": "RemoteAccess"}
_EDGES: dict[str, list[Token]] = {
    "no": [],
    "yes": [("Edge", "TRUE")],
    "deferapp": [("Edge", "TRUE"), ("Defer", "App")],
    "deferuser": [("Edge", "TRUE"), ("Defer", "User")],
}
_SECURITY = {"notrequired": [], "authenticate": [("Security", "Authenticate")], "authenc": [("Security", "AuthenticateEncrypt")]}


def parsed(words: Iterable[str], known: frozenset[str]) -> dict[str, str]:
    """The arguments by lower-case name; an unknown name, a repetition or a missing "=" is refused."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        key = name.strip().lower()
        # A name with blanks and no quotes falls apart into such words; a quote that was escaped for another program stays in the value.
        if not equals or '"' in value or (value == "" and key != "description"):
            raise NetshError("netsh.invalid_value")
        if key not in known or key in found:
            raise NetshError("netsh.invalid_argument")
        found[key] = value
    return found


def one_of(value: str, table: Mapping[str, str]) -> str:
    """The table's entry for a word, any case."""
    try:
        return table[value.lower()]
    except KeyError:
        raise NetshError("netsh.invalid_value") from None


def direction(value: str) -> str:
    """in or out."""
    return one_of(value, _DIRECTIONS)


def changes(given: Mapping[str, str], *, inbound: bool, protocol: int | None) -> dict[str, list[str]]:
    """Changes for Rule.changed. ``protocol`` is the one the rule has if the arguments name none."""
    found: dict[str, list[str]] = {}
    for key, token, table in (("action", "Action", _ACTIONS), ("enable", "Active", _ENABLE), ("dir", "Dir", _DIRECTIONS)):
        if key in given:
            found[token] = [one_of(given[key], table)]
    for key, token in (("name", "Name"), ("description", "Desc")):
        if key in given:
            found[token] = [_text(given[key])] if given[key] else []
    for key, token in (("program", "App"), ("service", "Svc")):
        if key in given:
            found[token] = [_program(given[key]) if key == "program" else _text("*" if given[key].lower() == "any" else given[key])]
    found |= _places(given, inbound=inbound)
    return found | _traffic(given, inbound=inbound, protocol=protocol)


def _program(value: str) -> str:
    """A path; netsh has no word for "any program"."""
    if value.lower() == "any":
        raise NetshError("netsh.invalid_value")
    return _text(value)


def _text(value: str) -> str:
    if "|" in value:
        raise NetshError("netsh.invalid_value")
    return value


def _places(given: Mapping[str, str], *, inbound: bool) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if "profile" in given:
        found["Profile"] = profiles(given["profile"])
    if "interfacetype" in given:
        words = given["interfacetype"].split(",")
        found["IFType"] = [] if words == ["any"] else [one_of(word, _INTERFACES) for word in words]
    if "edge" in given:
        if not inbound and given["edge"].lower() != "no":
            raise NetshError("netsh.invalid_value")
        found |= conditions.grouped(_listed(given["edge"], _EDGES), {"Edge": [], "Defer": []})
    if "security" in given:
        found |= conditions.grouped(_listed(given["security"], _SECURITY), {"Security": []})
    return found


def _listed(value: str, table: Mapping[str, list[Token]]) -> list[Token]:
    if value.lower() not in table:
        raise NetshError("netsh.invalid_value")
    return table[value.lower()]


def profiles(value: str) -> list[str]:
    """The Profile tokens of "domain,private" or "any" (none); all three named are written as three."""
    words = [word.strip().lower() for word in value.split(",")]
    if "any" in words:
        if len(words) > 1:
            raise NetshError("netsh.invalid_value")
        return []
    chosen = {one_of(word, _PROFILES) for word in words}
    return [name for name in _PROFILES.values() if name in chosen]


def _traffic(given: Mapping[str, str], *, inbound: bool, protocol: int | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        if "protocol" in given:
            tokens = _checked(protocol_tokens, given["protocol"], "netsh.invalid_protocol")
            found |= conditions.grouped(tokens, {"Protocol": [], "ICMP4": [], "ICMP6": []})
            protocol = int(dict(tokens).get("Protocol", -1))
        for key, side in (("localip", "L"), ("remoteip", "R")):
            if key in given:
                found |= conditions.grouped(conditions.address_tokens(given[key].split(","), side), conditions.address_names(side))
        for key, side in (("localport", "L"), ("remoteport", "R")):
            if key in given:
                found |= _ports(given[key], side, inbound=inbound, protocol=protocol)
    except ValueError:
        raise NetshError("netsh.invalid_value") from None
    return found


def _checked(parse: Callable[[str], list[Token]], value: str, key: str) -> list[Token]:
    try:
        return parse(value)
    except ValueError:
        raise NetshError(key) from None


def _ports(value: str, side: str, *, inbound: bool, protocol: int | None) -> dict[str, list[str]]:
    tokens = _checked(lambda text: conditions.port_tokens(text.split(","), side, inbound=inbound), value, "netsh.invalid_port")
    if protocol not in (TCP, UDP):
        raise NetshError("netsh.ports_need_protocol")
    return conditions.grouped(tokens, conditions.port_names(side))


def protocol_tokens(value: str) -> list[Token]:
    """Tokens of a protocol like tcp, 17, any, icmpv4 or icmpv4:8,any."""
    name, colon, kind = value.partition(":")
    number = conditions.protocol_number(name)
    if number is None:
        return []
    if colon and number not in (ICMPV4, ICMPV6):
        raise ValueError(value)
    detail = [conditions.icmp_token(kind, number)] if colon and kind.lower() not in ("any", "any,any") else []
    return [("Protocol", str(number)), *detail]
