# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between the words of callers (CIM filters, netsh) and the tokens of rules: protocols, ports, addresses, ICMP types.

Every parser raises ValueError for what Windows would not accept.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from .rule import ICMPV4, ICMPV6, TCP, UDP, Rule, Token

_PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmpv4": ICMPV4, "icmpv6": ICMPV6}
_KEYWORDS = {word.lower(): word for word in ("LocalSubnet", "DNS", "DHCP", "WINS", "DefaultGateway")}
_MAX_PORT = 65535


def protocol_number(text: str) -> int | None:
    """The number of a protocol by name or number; None for any."""
    word = text.strip().lower()
    if word == "any":
        return None
    if word in _PROTOCOLS:
        return _PROTOCOLS[word]
    if not word.isdecimal() or int(word) > 255:
        raise ValueError(f"protocol {text}")
    return int(word)


def protocol_text(number: int | None) -> str:
    """As MSFT_NetProtocolPortFilter shows it."""
    names = {TCP: "TCP", UDP: "UDP", ICMPV4: "ICMPv4", ICMPV6: "ICMPv6", None: "Any"}
    return names.get(number, str(number))


def port_tokens(values: Iterable[str], side: str, *, inbound: bool) -> list[Token]:
    """Tokens for ports; ``side`` is "L" or "R"; an empty list stands for any."""
    found: list[Token] = []
    for value in values:
        word = value.strip().lower()
        if word == "any":
            return []
        found += _special_port(word, side, inbound=inbound) or [_port(word, side)]
    return found


def _special_port(word: str, side: str, *, inbound: bool) -> list[Token]:
    if side == "L" and inbound:
        match word:
            case "rpc":
                return [("LPort", "RPC")]
            case "rpc-epmap" | "rpcepmap":
                return [("LPort", "RPC-EPMap")]
            case "teredo":
                return [("LPort", "Teredo")]
            case "iphttps" | "iphttpsin":
                return [("LPort2_10", "IPTLSIn"), ("LPort2_10", "IPHTTPSIn")]
    if side == "R" and not inbound and word in ("iphttps", "iphttpsout"):
        return [("RPort2_10", "IPTLSOut"), ("RPort2_10", "IPHTTPSOut")]
    return []


def _port(word: str, side: str) -> Token:
    low, dash, high = (part.strip() for part in word.partition("-"))
    numbers = [low, high] if dash else [low]
    if not all(number.isdecimal() and int(number) <= _MAX_PORT for number in numbers):
        raise ValueError(f"port {word}")
    if dash and int(low) > int(high):
        raise ValueError(f"port {word}")
    return (f"{side}Port2_10", f"{int(low)}-{int(high)}") if dash else (f"{side}Port", str(int(low)))


def ports(rule: Rule, side: str) -> list[str]:
    """The ports of one side as the port filter shows them."""
    names = [name for name, _value in rule.tokens if name.startswith(f"{side}Port")]
    shown = [_shown_port(value) for value in rule.all(*names)]
    return list(dict.fromkeys(shown)) or ["Any"]


def _shown_port(value: str) -> str:
    return {"RPC-EPMap": "RPCEPMap", "IPTLSIn": "IPHTTPSIn", "IPTLSOut": "IPHTTPSOut"}.get(value, value)


def icmp_types(rule: Rule) -> list[str]:
    """ICMP types as the port filter shows them: "8" for any code, else "3:4"."""
    return [value.removesuffix(":*") for value in rule.all("ICMP4", "ICMP6")] or ["Any"]


def icmp_token(text: str, protocol: int | None) -> Token:
    """The token of one ICMP type and code ("8", "8:0", "8,any", "any:any")."""
    name = {ICMPV4: "ICMP4", ICMPV6: "ICMP6"}.get(protocol or 0)
    kind, _colon, code = text.replace(",", ":").partition(":")
    code = "*" if code.strip().lower() in ("", "any", "*") else code.strip()
    if name is None or not kind.strip().isdecimal() or int(kind) > 255 or not (code == "*" or (code.isdecimal() and int(code) <= 255)):
        raise ValueError(f"icmp {text}")
    return name, f"{int(kind)}:{code}"


def address_tokens(values: Iterable[str], side: str) -> list[Token]:
    """Tokens for addresses, IPv4 networks with their mask as Windows writes them; an empty list stands for any."""
    found: list[Token] = []
    for value in values:
        word = value.strip()
        if word.lower() == "any":
            return []
        found += _keyword(word.lower(), side) or [_address(word, side)]
    return found


def _keyword(word: str, side: str) -> list[Token]:
    if side != "R":
        return []
    if word in _KEYWORDS:
        return [("RA4", _KEYWORDS[word]), ("RA6", _KEYWORDS[word])]
    if word in ("localsubnet4", "localsubnet6"):
        return [(f"RA{word[-1]}", "LocalSubnet")]
    return []


def _address(word: str, side: str) -> Token:
    if "-" in word:
        low, high = (ipaddress.ip_address(part.strip()) for part in word.split("-", 1))
        if low.version != high.version or int(low) > int(high):
            raise ValueError(f"address {word}")
        return f"{side}A{low.version}", f"{low}-{high}"
    if "/" not in word:
        single = ipaddress.ip_address(word)
        return f"{side}A{single.version}", str(single)
    network = ipaddress.ip_network(word, strict=False)
    if network.prefixlen == network.max_prefixlen:
        return f"{side}A{network.version}", str(network.network_address)
    suffix = network.netmask if network.version == 4 else network.prefixlen
    return f"{side}A{network.version}", f"{network.network_address}/{suffix}"


def addresses(rule: Rule, side: str) -> list[str]:
    """The addresses of one side as the address filter shows them; a keyword of both families appears once."""
    four, six = rule.all(f"{side}A4", f"{side}A42"), rule.all(f"{side}A6", f"{side}A62")
    shown = [_shown_address(value, 4, value in six) for value in four]
    shown += [_shown_address(value, 6, False) for value in six if value not in four]
    return shown or ["Any"]


def _shown_address(value: str, family: int, both: bool) -> str:
    return f"{value}{family}" if value == "LocalSubnet" and not both else value


def port_names(side: str) -> dict[str, list[str]]:
    """Every token that a change of ports replaces, empty."""
    numbers = ("", "2_10", "2_20", "2_24", "2_25", "2_28", "2_29")
    return {f"{side}Port{number}": [] for number in numbers}


def address_names(side: str) -> dict[str, list[str]]:
    """Every token that a change of addresses replaces, empty."""
    return {f"{side}A{number}": [] for number in ("4", "42", "6", "62")}


def grouped(tokens: Iterable[Token], empty: dict[str, list[str]]) -> dict[str, list[str]]:
    """Tokens as changes for Rule.changed, on top of the names to clear."""
    for name, value in tokens:
        empty.setdefault(name, []).append(value)
    return empty
