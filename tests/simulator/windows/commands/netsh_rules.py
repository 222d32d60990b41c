# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""netsh advfirewall firewall add, set and delete rule."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from ..firewall.names import display_name, resolved
from ..firewall.rule import TCP, UDP, Rule, made
from . import netsh_arguments as words_of
from .netsh_error import NetshError

if TYPE_CHECKING:
    from ..host import Windows

_NOT_FOUND = "netsh.no_match"


def add(host: Windows, words: list[str]) -> str:
    """Add one rule under a new GUID; that a rule of this name exists does not matter."""
    given = words_of.parsed(words, words_of.RULE_KEYS)
    if not {"name", "dir", "action"} <= set(given):
        raise NetshError("netsh.missing")
    if given["name"].lower() == "all":
        raise NetshError("netsh.invalid_value")
    inbound = words_of.direction(given["dir"]) == "In"
    tokens = {"Active": ["TRUE"], **words_of.changes(given, inbound=inbound, protocol=None)}
    identifier = "{" + str(uuid.uuid4()).upper() + "}"
    host.firewall.add(made(identifier, host.firewall.version, ()).changed(tokens))
    return f"{host.text('netsh.ok')}\r\n\r\n"


def change(host: Windows, words: list[str]) -> str:
    """Change all rules of a name or a group; a group can only be switched on and off."""
    lowered = [word.lower() for word in words]
    if "new" not in lowered:
        raise NetshError("netsh.missing")
    place = lowered.index("new")
    chosen = words_of.parsed(words[:place], words_of.FILTER_KEYS | {"name", "group"})
    given = words_of.parsed(words[place + 1 :], words_of.RULE_KEYS)
    if ("name" in chosen) == ("group" in chosen) or not given:
        raise NetshError("netsh.missing")
    if "group" in chosen and set(given) != {"enable"}:
        raise NetshError("netsh.group_only_enable")
    rules = select(host, chosen)
    host.firewall.replace([_changed(rule, given) for rule in rules])
    return f"\r\n{host.text('netsh.updated', count=len(rules))}\r\n{host.text('netsh.ok')}\r\n\r\n"


def _changed(rule: Rule, given: dict[str, str]) -> Rule:
    inbound = words_of.direction(given["dir"]) == "In" if "dir" in given else rule.inbound
    after = rule.changed(words_of.changes(given, inbound=inbound, protocol=rule.protocol))
    if any(name.startswith(("LPort", "RPort")) for name, _value in after.tokens) and after.protocol not in (TCP, UDP):
        raise NetshError("netsh.ports_need_protocol")
    return after


def delete(host: Windows, words: list[str]) -> str:
    """Delete all rules of a name."""
    chosen = words_of.parsed(words, words_of.FILTER_KEYS | {"name"})
    if "name" not in chosen:
        raise NetshError("netsh.missing")
    rules = select(host, chosen)
    host.firewall.remove(rules)
    return f"\r\n{host.text('netsh.deleted', count=len(rules))}\r\n{host.text('netsh.ok')}\r\n\r\n"


def select(host: Windows, chosen: dict[str, str]) -> list[Rule]:
    """The local rules that name or group and the other conditions select; none at all is an error."""
    found = [rule for rule in host.firewall if _named(host, rule, chosen) and _conditions(rule, chosen)]
    if not found:
        raise NetshError(_NOT_FOUND)
    return found


def _named(host: Windows, rule: Rule, chosen: dict[str, str]) -> bool:
    if "group" in chosen:
        wanted = chosen["group"].lower()
        return rule.group is not None and wanted in (rule.group.lower(), (resolved(rule.group, host.language) or "").lower())
    wanted = chosen.get("name", "all").lower()
    return wanted == "all" or wanted in (rule.name.lower(), display_name(rule, host.language).lower())


def _conditions(rule: Rule, chosen: dict[str, str]) -> bool:
    """Whether the rule has exactly the conditions that the arguments describe."""
    given = {key: value for key, value in chosen.items() if key not in ("name", "group")}
    # Ports as a condition need no protocol beside them: rules of other protocols just do not have them.
    wanted = words_of.changes(given, inbound=rule.inbound, protocol=TCP)
    return all(_same(name, rule.all(name), tuple(values)) for name, values in wanted.items())


def _same(name: str, have: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    if name in ("App", "Svc"):
        return [value.lower() for value in have] == [value.lower() for value in wanted]
    return set(have) == set(wanted)
