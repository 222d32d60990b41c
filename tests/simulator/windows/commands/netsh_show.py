# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""netsh advfirewall show ...profile, show global, and firewall show rule."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from .. import data
from ..firewall import conditions
from ..firewall.names import description, display_name, resolved
from ..firewall.profile import ALLOW, Profile
from ..firewall.rule import Rule
from . import netsh_arguments as words_of
from . import netsh_profiles
from .netsh_error import NetshError
from .netsh_rules import select

if TYPE_CHECKING:
    from ..host import Windows

_WIDTH = 38
_WIDTHS = {"de-DE": 41}
_LINE = "-" * 70


def _padded(text: str, width: int) -> str:
    """Fill up with blanks; characters of East Asia take two columns of a console."""
    columns = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, width - columns)


def _label(host: Windows, key: str) -> str:
    table: dict[str, dict[str, str]] = data.document("netsh_labels.json")
    return table[key][host.language]


def rules(host: Windows, words: list[str]) -> str:
    """show rule name=... [dir=] [profile=] [type=static|dynamic] [verbose]."""
    verbose = bool(words) and words[-1].lower() == "verbose"
    given = words_of.parsed(words[:-1] if verbose else words, frozenset(("name", "dir", "profile", "type")))
    if "name" not in given:
        raise NetshError("netsh.missing")
    kind = given.pop("type", "static").lower()
    if kind == "dynamic":
        raise NetshError("netsh.no_match")
    if kind != "static":
        raise NetshError("netsh.invalid_value")
    return "".join(_rule(host, rule, verbose=verbose) for rule in select(host, given)) + f"{host.text('netsh.ok')}\r\n\r\n"


def _rule(host: Windows, rule: Rule, *, verbose: bool) -> str:
    lines = _lines(host, rule)
    if not verbose:
        lines = [line for line in lines if line[0] not in ("description", "program", "service", "interface_types", "security", "source")]
    width = _WIDTHS.get(host.language, _WIDTH)
    text = [f"{_padded(_label(host, key), width)}{value}" for key, value in lines]
    return "\r\n" + "\r\n".join([text[0], _LINE, *text[1:]]) + "\r\n"


def _lines(host: Windows, rule: Rule) -> list[tuple[str, str]]:
    any_word = _label(host, "any")
    ports = [("local_port", conditions.ports(rule, "L")), ("remote_port", conditions.ports(rule, "R"))] if rule.protocol in (6, 17) else []
    edge = rule.first("Edge") == "TRUE"
    return [
        ("rule_name", display_name(rule, host.language)),
        ("description", description(rule, host.language) or ""),
        ("enabled", _label(host, "yes" if rule.active else "no")),
        ("direction", _label(host, "in" if rule.inbound else "out")),
        ("profiles", ",".join(_label(host, name) for name in rule.all("Profile") or ("Domain", "Private", "Public"))),
        ("grouping", resolved(rule.group, host.language) or ""),
        ("local_ip", _addresses(conditions.addresses(rule, "L"), any_word)),
        ("remote_ip", _addresses(conditions.addresses(rule, "R"), any_word)),
        ("protocol", any_word if rule.protocol is None else conditions.protocol_text(rule.protocol)),
        *((key, ",".join(any_word if port == "Any" else port for port in shown)) for key, shown in ports),
        ("edge", "Defer to application" if edge and rule.first("Defer") == "App" else _label(host, "yes" if edge else "no")),
        ("program", rule.first("App") or any_word),
        ("service", rule.first("Svc") or any_word),
        ("interface_types", ",".join(rule.all("IFType")) or any_word),
        ("security", rule.first("Security") or "NotRequired"),
        ("source", _label(host, "local")),
        ("action", _label(host, rule.first("Action") or "Allow")),
    ]


def _addresses(shown: list[str], any_word: str) -> str:
    return ",".join(any_word if text == "Any" else _prefix(text) for text in shown)


def _prefix(text: str) -> str:
    """netsh shows single addresses and networks with a prefix length."""
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        return text


def profiles(target: str) -> Callable[[Windows, list[str]], str]:
    """The show command of one target."""

    def command(host: Windows, words: list[str]) -> str:
        part = words[0].lower() if words else ""
        if len(words) > 1 or part not in ("", "state", "firewallpolicy"):
            raise NetshError("netsh.invalid_argument")
        names = netsh_profiles.chosen(host, target)
        return "".join(_profile(host, host.firewall.profiles[name], part) for name in names) + f"\r\n{host.text('netsh.ok')}\r\n\r\n"

    return command


def _profile(host: Windows, profile: Profile, part: str) -> str:
    title = _label(host, "profile_settings").format(name=_label(host, profile.Name))
    lines = ["", title, _LINE]
    if part in ("", "state"):
        lines.append(f"{_label(host, 'state'):<{_WIDTH}}{_label(host, 'on' if _enabled(host, profile) else 'off')}")
    if part in ("", "firewallpolicy"):
        lines.append(f"{_label(host, 'policy'):<{_WIDTH}}{_policy(host, profile)}")
    if not part:
        lines += _rest(profile)
    return "\r\n".join(lines) + "\r\n"


def _enabled(host: Windows, profile: Profile) -> bool:
    policy = host.firewall.policy_value(profile.Name, "EnableFirewall")
    return bool(profile.Enabled if policy is None else policy)


def _policy(host: Windows, profile: Profile) -> str:
    inbound = host.firewall.policy_value(profile.Name, "DefaultInboundAction")
    allowed = profile.DefaultInboundAction == ALLOW if inbound is None else inbound == 0
    blocked = "BlockInboundAlways" if profile.AllowInboundRules == 0 else "BlockInbound"
    outbound = "AllowOutbound" if profile.DefaultOutboundAction in (0, ALLOW) else "BlockOutbound"
    return f"{'AllowInbound' if allowed else blocked},{outbound}"


def _rest(profile: Profile) -> list[str]:
    def switch(value: int) -> str:
        return "Enable" if value == 1 else "Disable"

    pairs = [
        ("LocalFirewallRules", "N/A (GPO-store only)"),
        ("LocalConSecRules", "N/A (GPO-store only)"),
        ("InboundUserNotification", switch(profile.NotifyOnListen)),
        ("RemoteManagement", "Disable"),
        ("UnicastResponseToMulticast", "Disable" if profile.AllowUnicastResponseToMulticast == 0 else "Enable"),
        ("", ""),
        ("Logging:", ""),
        ("LogAllowedConnections", switch(profile.LogAllowed)),
        ("LogDroppedConnections", switch(profile.LogBlocked)),
        ("FileName", profile.LogFileName),
        ("MaxFileSize", str(profile.LogMaxSizeKilobytes)),
    ]
    return [f"{name:<{_WIDTH}}{value}".rstrip() for name, value in pairs]


def global_settings(host: Windows, words: list[str]) -> str:
    """show global: the part of interest is who owns the rule categories."""
    if words:
        raise NetshError("netsh.invalid_argument")
    owner = str(host.options.get("third_party_firewall") or host.services_display("MpsSvc"))
    lines = ["", "Global Settings: ", _LINE, "IPsec:", f"{'StrongCRLCheck':<{_WIDTH}}0:Disabled", "", "Categories:"]
    lines += [f"{name:<{_WIDTH}}{owner}" for name in ("BootTimeRuleCategory", "FirewallRuleCategory", "StealthRuleCategory", "ConSecRuleCategory")]
    return "\r\n".join(lines) + f"\r\n{host.text('netsh.ok')}\r\n\r\n"
