# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One firewall rule and its text form (MS-GPFAS 2.2.2).

A rule is its tokens: what this model does not know is kept, as the specification asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

Token = tuple[str, str]

# The order in which Windows writes tokens, taken from real rule strings; unknown tokens go to the end.
_ORDER = (
    "Action Active Dir Protocol Profile LPort LPort2_10 LPort2_20 LPort2_24 LPort2_25 LPort2_29 RPort RPort2_10 RPort2_25 RPort2_28 ICMP4 ICMP6 "
    "LA4 LA6 RA4 RA42 RA6 RA62 App Svc IF IFType Name Desc LUAuth LUAuth2_24 LUOwn AppPkgId EmbedCtxt Platform Platform2 Edge Defer LSM LOM "
    "Security Security2 Security2_9 RMauth RUAuth TTK TTK2_22 TTK2_27 TTK2_28"
).split()
_RANK = {name: rank for rank, name in enumerate(_ORDER)}

DOMAIN, PRIVATE, PUBLIC = 1, 2, 4
PROFILES = {"Domain": DOMAIN, "Private": PRIVATE, "Public": PUBLIC}
TCP, UDP, ICMPV4, ICMPV6 = 6, 17, 1, 58


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: ``id`` is the registry value name and the CIM InstanceID, ``version`` the schema version without the "v"."""

    id: str
    version: str
    tokens: tuple[Token, ...]

    def first(self, name: str) -> str | None:
        """The value of a token, or None."""
        return next((value for token, value in self.tokens if token == name), None)

    def all(self, *names: str) -> tuple[str, ...]:
        """The values of all tokens of these names, in order."""
        return tuple(value for token, value in self.tokens if token in names)

    @property
    def active(self) -> bool:
        """An absent Active is FALSE."""
        return self.first("Active") == "TRUE"

    @property
    def inbound(self) -> bool:
        """True for Dir=In."""
        return self.first("Dir") == "In"

    @property
    def protocol(self) -> int | None:
        """The protocol number; None is any."""
        value = self.first("Protocol")
        return int(value) if value else None

    @property
    def profiles(self) -> int:
        """Bit mask of the profiles; 0 is any."""
        return sum(PROFILES[name] for name in self.all("Profile") if name in PROFILES)

    @property
    def name(self) -> str:
        """The name as stored: text or resource."""
        return self.first("Name") or ""

    @property
    def group(self) -> str | None:
        """The group as stored."""
        return self.first("EmbedCtxt")

    def changed(self, changes: Mapping[str, Iterable[str]]) -> Rule:
        """A copy in which the tokens of these names are replaced (an empty list removes them)."""
        kept = [token for token in self.tokens if token[0] not in changes]
        added = [(name, value) for name, values in changes.items() for value in values]
        return replace(self, tokens=_ordered([*kept, *added]))

    def text(self) -> str:
        """The registry form."""
        return f"v{self.version}|" + "".join(f"{name}={value}|" for name, value in self.tokens)


def _ordered(tokens: Iterable[Token]) -> tuple[Token, ...]:
    return tuple(sorted(tokens, key=lambda token: _RANK.get(token[0], len(_RANK))))


def made(identifier: str, version: str, tokens: Iterable[Token]) -> Rule:
    """A rule from its tokens in any order."""
    return Rule(identifier, version, _ordered(tokens))


def parsed(identifier: str, text: str) -> Rule:
    """A rule from its registry form; ValueError if it does not begin with a version."""
    version, *parts = text.rstrip("|").split("|")
    if not version.startswith("v"):
        raise ValueError(f"not a firewall rule: {text}")
    tokens = [tuple(part.split("=", 1)) for part in parts if "=" in part]
    return Rule(identifier, version[1:], tuple((name, value) for name, value in tokens))
