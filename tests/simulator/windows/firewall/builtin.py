# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules that Windows brings along: ``data/firewall_rules.txt``, per release."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from .. import data
from ..releases import Release
from .rule import ICMPV4, ICMPV6, Rule, Token, made

_SHORT = {"$svchost": r"%SystemRoot%\system32\svchost.exe", "$sys": r"%SystemRoot%\system32"}


# Rules of programs that have installed themselves: their texts are among the conditions.
RAW = "raw"


@cache
def builtin(release: Release) -> dict[str, Rule]:
    """All built-in rules of a release by id, shared by its hosts; nobody changes the mapping."""
    return {rule.id: rule for rule in _rules(release)}


def _rules(release: Release) -> Iterator[Rule]:
    group, scoped = "", False
    for line in data.lines("firewall_rules.txt"):
        if line.startswith("["):
            name, _blank, mode = line.strip("[]").rpartition(" ")
            group, scoped = name if name.startswith("@") or name == RAW else f"@FirewallAPI.dll,{name}", mode == "scoped"
            continue
        identifier, name, description, default, releases, conditions = line.split(" | ")
        if not _there(release, releases):
            continue
        active = default in ("on", "server" if release.server else "client")
        source = group.rpartition(",")[0]
        texts = [] if group == RAW else [("Name", f"{source},{name}"), ("Desc", f"{source},{description}"), ("EmbedCtxt", group)]
        tokens = [("Action", "Allow"), ("Active", "TRUE" if active else "FALSE"), *_conditions(conditions), *texts]
        yield from _twins(release, identifier, tokens) if scoped and not release.server else (made(identifier, release.firewall_schema, tokens),)


def _there(release: Release, text: str) -> bool:
    return all(_matches(release, part) for part in text.split(","))


def _matches(release: Release, part: str) -> bool:
    if part.startswith(">="):
        return release.build >= int(part[2:])
    if part.startswith("<"):
        return release.build < int(part[1:])
    return part == "all" or (part == "server") == release.server


def _conditions(text: str) -> list[Token]:
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    return [(name, value) for name, _equals, value in (part.partition("=") for part in text.split("|"))]


def _twins(release: Release, identifier: str, tokens: list[Token]) -> Iterator[Rule]:
    protocol = dict(tokens).get("Protocol")
    scope = [("RA4", "LocalSubnet")] if protocol != str(ICMPV6) else []
    scope += [("RA6", "LocalSubnet")] if protocol != str(ICMPV4) else []
    narrow = [("Profile", "Private"), ("Profile", "Public"), *scope]
    yield made(identifier, release.firewall_schema, [*tokens, *narrow])
    yield made(f"{identifier}-NoScope", release.firewall_schema, [*tokens, ("Profile", "Domain")])
