# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The languages of Windows: numbers, names and texts. English stands in for a text that is not in the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import data


@dataclass(frozen=True)
class Language:
    """One display language; ``well_known`` maps the SIDs of built-in accounts to their localised names."""

    tag: str
    lcid: int
    ansi: int
    oem: int
    country: str
    bits: str
    authority: str
    well_known: Mapping[str, str]

    def text(self, key: str, values: Mapping[str, object]) -> str:
        """The system text of this key with its placeholders filled in."""
        table: dict[str, dict[str, str]] = data.document("texts.json")
        entry = table[key]
        return entry.get(self.tag, entry["en-US"]).format(**values)


def _names(column: int) -> dict[str, str]:
    table: dict[str, list[str]] = data.document("well_known.json")
    return {sid: names[column] for sid, names in table.items()}


def _language(column: int, tag: str, lcid: int, ansi: int, oem: int, country: str, bits: str, authority: str) -> Language:
    return Language(tag, lcid, ansi, oem, country, bits, authority, _names(column))


LANGUAGES: Mapping[str, Language] = {
    "en-US": _language(0, "en-US", 1033, 1252, 437, "1", "64-bit", "NT AUTHORITY"),
    "de-DE": _language(1, "de-DE", 1031, 1252, 850, "49", "64-Bit", "NT-AUTORITÄT"),
    "ja-JP": _language(2, "ja-JP", 1041, 932, 932, "81", "64 ビット", "NT AUTHORITY"),
    "fr-FR": _language(3, "fr-FR", 1036, 1252, 850, "33", "64 bits", "AUTORITE NT"),
}


def language(tag: str) -> Language:
    """One language; an unknown tag raises ValueError that names the known ones."""
    try:
        return LANGUAGES[tag]
    except KeyError:
        raise ValueError(f"unknown language {tag!r}; known: {', '.join(LANGUAGES)}") from None
