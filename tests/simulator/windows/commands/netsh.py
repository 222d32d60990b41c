# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""netsh advfirewall: finds the command and turns refusals into text. Exit code 1 for every failure; all text goes to stdout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .. import data
from ..firewall.store import FirewallUnavailable
from ..records import Account, Completed
from . import arguments as command_line
from . import netsh_profiles, netsh_rules, netsh_show
from .netsh_error import NetshError

if TYPE_CHECKING:
    from ..host import Windows

Command = Callable[["Windows", list[str]], str]
_READS: dict[tuple[str, ...], Command] = {
    ("firewall", "show", "rule"): netsh_show.rules,
    **{("show", name): netsh_show.profiles(name) for name in netsh_profiles.TARGETS},
    ("show", "global"): netsh_show.global_settings,
}
_WRITES: dict[tuple[str, ...], Command] = {
    ("firewall", "add", "rule"): netsh_rules.add,
    ("firewall", "set", "rule"): netsh_rules.change,
    ("firewall", "delete", "rule"): netsh_rules.delete,
    **{("set", name): netsh_profiles.setter(name) for name in netsh_profiles.TARGETS if name != "store"},
}
_SHORTEST = 3
# Refusals that have nothing to do with how the command was written.
_NO_USAGE = frozenset(("netsh.no_match", "netsh.elevation"))


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Run one command line of netsh."""
    words = command_line.split(arguments)
    found = _find(words)
    if found is None:
        missing = host.text("netsh.unknown_command", command=" ".join(words))
        return Completed(1, f"{missing}\r\n{host.text('netsh.more')}\r\n")
    path, rest = found
    try:
        if path in _WRITES and not account.elevated:
            raise NetshError("netsh.elevation")
        host.firewall.check()
        return Completed(0, {**_READS, **_WRITES}[path](host, rest))
    except FirewallUnavailable:
        return _refused(host, "netsh.service")
    except NetshError as error:
        return _refused(host, error.key, path[1] if path[0] == "firewall" and error.key not in _NO_USAGE else "")


def _refused(host: Windows, key: str, command: str = "") -> Completed:
    usage: list[str] = data.document("netsh_usage.json")[command] if command else []
    return Completed(1, "\r\n".join(["", host.text(key), "", *usage, ""]))


def _find(words: Sequence[str]) -> tuple[tuple[str, ...], list[str]] | None:
    if not words or not _same(words[0], "advfirewall"):
        return None
    for path in [*_READS, *_WRITES]:
        given = words[1 : 1 + len(path)]
        if len(given) == len(path) and all(_same(word, name) for word, name in zip(given, path, strict=True)):
            return path, list(words[1 + len(path) :])
    return None


def _same(word: str, name: str) -> bool:
    """netsh takes abbreviations; three letters at least are asked for here so that none is ambiguous."""
    return name == word.lower() or (len(word) >= _SHORTEST and name.startswith(word.lower()) and name in ("advfirewall", "firewall", "rule", "delete", "show"))
