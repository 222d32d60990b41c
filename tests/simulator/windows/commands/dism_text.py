# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dism.exe prints, in the host's language or with /english in English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .. import data
from ..servicing import DISABLE_PENDING, ENABLE_PENDING, ENABLED, REMOVED, Feature

if TYPE_CHECKING:
    from ..host import Windows

_CAPABILITY_STATES = {ENABLED: "Installed", REMOVED: "Not Present", ENABLE_PENDING: "Install Pending", DISABLE_PENDING: "Uninstall Pending"}
_BAR = "==========================100.0%=========================="


class Writer:
    """One run's output."""

    def __init__(self, host: Windows, *, english: bool) -> None:
        texts = data.document("dism_texts.json")
        self._texts: dict[str, str] = {**texts["en-US"], **({} if english else texts[host.language])}
        release = host.features
        self._version = f"{release.version}.{release.build}"
        self._image = f"{self._version}.{release.revision}"
        self._architecture = "amd64" if host.bits == 64 else "x86"

    def page(self, body: str) -> str:
        """The whole output of a success."""
        return _lines([*self._head(), body, self._text("done")])

    def refused(self, code: int, name: str = "", *, bare: bool = False) -> str:
        """The whole output of an error; ``bare``: found out before the image was opened."""
        shown = str(code) if code < 0x80000000 else f"0x{code:08x}"
        detail = self._text(str(code), name).splitlines() if str(code) in self._texts else []
        head = ["", self._text("error", shown), "", *detail] if bare else [*self._head(), self._text("error", shown), "", *detail, "", self._text("log")]
        return _lines(head)

    def progress(self, what: str) -> str:
        """The bar: it is drawn over itself with carriage returns."""
        title = f"{self._text(what)}\r\n" if what else ""
        return f"{title}\r[==                         3.6%                           ] \r\r[{_BAR}] \r"

    def health(self, store: str) -> str:
        """What is known of the component store."""
        return self._text(store)

    def features(self, features: Iterable[Feature], *, table: bool) -> str:
        """The list of all features."""
        title = self._text("features", self._architecture, f"{self._version}.1")
        rows = [(feature.name, self._text(feature.state)) for feature in features]
        return _lines([title, "", *self._listed((self._text("feature"), self._text("state")), rows, table)])

    def capabilities(self, capabilities: Iterable[Feature], *, table: bool) -> str:
        """The list of all capabilities."""
        rows = [(found.name, _CAPABILITY_STATES.get(found.state, found.state)) for found in capabilities]
        return _lines([self._text("capabilities"), "", *self._listed((self._text("capability"), self._text("state")), rows, table)])

    def feature(self, feature: Feature) -> str:
        """All about one feature."""
        return _lines(
            [
                self._text("information"),
                "",
                f"{self._text('feature')} : {feature.name}",
                f"{self._text('display')} : {feature.display}",
                f"Description : {feature.display}",
                self._text("restart"),
                f"{self._text('state')} : {self._text(feature.state)}",
                "",
                "Custom Properties:",
                "",
                "(No custom properties found)",
            ]
        )

    def capability(self, capability: Feature) -> str:
        """All about one capability."""
        return _lines(
            [
                self._text("capability_information"),
                "",
                f"{self._text('capability')} : {capability.name}",
                f"Name : {capability.name.partition('~')[0]}",
                f"{self._text('state')} : {_CAPABILITY_STATES.get(capability.state, capability.state)}",
                f"{self._text('display')} : {capability.display}",
                f"Description : {capability.display}",
                "Download Size : 0 bytes",
                "Install Size : 1.25 MB",
            ]
        )

    def _head(self) -> list[str]:
        return ["", self._text("tool"), self._text("version", self._version), "", self._text("image", self._image), ""]

    def _listed(self, names: tuple[str, str], rows: Sequence[tuple[str, str]], table: bool) -> list[str]:
        if not table:
            return [line for row in rows for line in (f"{names[0]} : {row[0]}", f"{names[1]} : {row[1]}", "")]
        widths = [max(len(row[column]) for row in [names, *rows]) for column in (0, 1)]
        rule = f"{'-' * widths[0]} | {'-' * widths[1]}"
        return [
            rule,
            *(f"{row[0]:<{widths[0]}} | {row[1]:<{widths[1]}}" for row in [names]),
            rule,
            *(f"{row[0]:<{widths[0]}} | {row[1]:<{widths[1]}}" for row in rows),
        ]

    def _text(self, key: str, *values: str) -> str:
        return self._texts[key].format(*values)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)
