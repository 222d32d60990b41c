# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dism.exe's command line: options in any case, each with the action that takes it; any other is unknown (87)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

UNKNOWN_OPTION = 87
_GLOBAL = frozenset({"online", "english", "norestart", "quiet", "format", "logpath", "loglevel", "scratchdir"})
_ACTIONS: dict[str, frozenset[str]] = {
    "get-features": frozenset(),
    "get-featureinfo": frozenset({"featurename"}),
    "get-capabilities": frozenset({"limitaccess"}),
    "get-capabilityinfo": frozenset({"capabilityname", "limitaccess"}),
    "enable-feature": frozenset({"featurename", "all", "source", "limitaccess"}),
    "disable-feature": frozenset({"featurename", "remove"}),
    "add-capability": frozenset({"capabilityname", "source", "limitaccess"}),
    "remove-capability": frozenset({"capabilityname"}),
    "cleanup-image": frozenset({"checkhealth", "scanhealth", "restorehealth", "source", "limitaccess"}),
}
# Of Windows 8 and Server 2012 (surface 5.2).
_NEW = frozenset({"all", "source", "limitaccess", "remove", "checkhealth", "restorehealth"})
_NAMED = frozenset({"featurename", "capabilityname"})
_VALUES = frozenset({*_NAMED, "source", "format", "logpath", "loglevel", "scratchdir"})
_HEALTH = frozenset({"checkhealth", "scanhealth", "restorehealth"})


class WrongOption(Exception):
    """An option that is not known, or not to this action."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass
class Request:
    """One command line. ``names`` of features or of a capability."""

    action: str
    options: frozenset[str]
    names: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    table: bool = False

    @property
    def quiet(self) -> bool:
        """True if nothing is to be printed."""
        return "quiet" in self.options

    @property
    def all(self) -> bool:
        """True if parents come along."""
        return "all" in self.options

    @property
    def limit_access(self) -> bool:
        """True if Windows Update is not to be asked."""
        return "limitaccess" in self.options

    @property
    def remove(self) -> bool:
        """True if the payload goes."""
        return "remove" in self.options

    @property
    def health(self) -> str:
        """What cleanup-image is to do."""
        return next(iter(_HEALTH & self.options), "")


def parsed(words: Sequence[str], *, old: bool, capabilities: bool) -> Request:
    """The request. Raises WrongOption; ``old``: Windows 7 and Server 2008 R2; ``capabilities``: Windows 10 and later."""
    pairs = [_pair(word) for word in words]
    given = {name for name, _value in pairs}
    actions = [name for name in given if name in _ACTIONS and (capabilities or "capabilit" not in name)]
    if len(actions) != 1 or "online" not in given:
        raise WrongOption(words[0] if words else "")
    action = actions[0]
    allowed = (_ACTIONS[action] - (_NEW if old else frozenset())) | _GLOBAL | {action}
    for word, (name, value) in zip(words, pairs, strict=True):
        if name not in allowed or bool(value) != (name in _VALUES):
            raise WrongOption(word.lstrip("/").partition(":")[0].lower())
    request = Request(action, frozenset(given), [value for name, value in pairs if name in _NAMED], [value for name, value in pairs if name == "source"])
    request.table = ("format", "table") in [(name, value.lower()) for name, value in pairs]
    if (_NAMED & _ACTIONS[action] and not request.names) or (action == "cleanup-image" and not request.health):
        raise WrongOption(action)
    return request


def _pair(word: str) -> tuple[str, str]:
    """``/Name:value`` as name in small letters and value. Raises WrongOption for what does not begin with a slash."""
    if not word.startswith("/"):
        raise WrongOption(word)
    name, _colon, value = word[1:].partition(":")
    return name.lower(), value
