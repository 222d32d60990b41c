# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resolves firewall texts like ``@FirewallAPI.dll,-28502`` into a language."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from .. import data
from .rule import Rule

_RESOURCE = re.compile(r"@(?:.*\\)?(?P<file>[\w.]+),(?P<number>-\d+)$")
# The texts of packages are in the packages: their name stands for them [I].
_PACKAGE = re.compile(r"@\{(?P<name>[\w.]+)_")
_COLUMNS = ("en-US", "de-DE", "ja-JP", "fr-FR")
# Resources of other files than FirewallAPI.dll, whose numbers would collide.
_OTHERS = {
    ("dosvc.dll", "-100"): "Delivery Optimization",
    ("dosvc.dll", "-102"): "Delivery Optimization (TCP-In)",
    ("dosvc.dll", "-103"): "Delivery Optimization (UDP-In)",
    ("icsvc.dll", "-700"): "Virtual Machine Monitoring",
    ("icsvc.dll", "-701"): "Virtual Machine Monitoring (Echo Request - ICMPv4-In)",
    ("icsvc.dll", "-703"): "Virtual Machine Monitoring (Echo Request - ICMPv6-In)",
    ("icsvc.dll", "-705"): "Virtual Machine Monitoring (NB-Session-In)",
    ("icsvc.dll", "-707"): "Virtual Machine Monitoring (RPC)",
    ("icsvc.dll", "-709"): "Virtual Machine Monitoring (DCOM-In)",
    ("sstpsvc.dll", "-35001"): "Secure Socket Tunneling Protocol",
    ("sstpsvc.dll", "-35002"): "Secure Socket Tunneling Protocol (SSTP-In)",
    ("wifidisplay.dll", "-100"): "Wireless Display",
    ("wifidisplay.dll", "-10200"): "Wireless Display (TCP-In)",
    ("wifidisplay.dll", "-10202"): "Wireless Display (TCP-Out)",
}


@cache
def _table() -> dict[str, list[str]]:
    """The texts of FirewallAPI.dll by number, in the order of _COLUMNS; "-" is as English. [C] for English, [I] for parts of the rest."""
    table: dict[str, list[str]] = data.document("firewall_names.json")
    return table


@lru_cache(maxsize=8192)
def resolved(text: str | None, language: str) -> str | None:
    """The text that Windows shows; a resource that is not in the tables comes back as it is."""
    if package := _PACKAGE.match(text or ""):
        return package["name"]
    match = _RESOURCE.match(text or "")
    if match is None:
        return text
    file, number = match["file"].lower(), match["number"]
    if file != "firewallapi.dll":
        return _OTHERS.get((file, number), text)
    row = _table().get(number)
    if row is None:
        return text
    shown = row[_COLUMNS.index(language)]
    return row[0] if shown == "-" else shown


def display_name(rule: Rule, language: str) -> str:
    """The rule's name for people; built-in rules without a text in the tables are named after group and id [I]."""
    name = resolved(rule.name, language) or ""
    if name.startswith("@") and rule.group:
        return f"{resolved(rule.group, language)} ({rule.id})"
    return name


def description(rule: Rule, language: str) -> str | None:
    """The rule's description; the model has no texts of built-in descriptions and forms one [I]."""
    text = rule.first("Desc")
    if text is None or not text.startswith("@"):
        return text
    return f"{'Inbound' if rule.inbound else 'Outbound'} rule for {display_name(rule, language)}."
