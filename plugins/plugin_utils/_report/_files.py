# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of reports: the newest at its top in every format, each of them by date in its folder `history`.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ._csv import render_csv
from ._document import SCHEMA, VERSION
from ._history import DamagedReport, read_report
from ._html import render_html
from ._junit import render_junit
from ._openmetrics import render_openmetrics

NAME = "compliance"


def render_json(document: Mapping[str, Any]) -> str:
    """The document itself, without blanks: that of a large fleet has megabytes."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


# By the name that the option `formats` has: the file's extension, and what makes its text.
FORMATS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "html": ("html", render_html),
    "json": ("json", render_json),
    "junit": ("xml", render_junit),
    "csv": ("csv", render_csv),
    "openmetrics": ("prom", render_openmetrics),
}
# What is kept by date: one to read, one to compare with.
_KEPT = ("html", "json")


class Reports:
    """One folder of reports."""

    def __init__(self, folder: Path, *, history: bool) -> None:
        self._folder = folder
        self._history = folder / "history" if history else None

    def previous(self, given: Path | None) -> tuple[dict[str, Any] | None, list[str]]:
        """The report to compare with, and a sentence for each that could not be used: the one given, else the newest that is on record."""
        told: list[str] = []
        for path in [given] if given else self._recorded():
            try:
                return read_report(path, SCHEMA, VERSION), told
            except DamagedReport as error:
                told.append(str(error))
        return None, told

    def write(self, document: Mapping[str, Any], formats: Sequence[str]) -> list[Path]:
        """Write the report; returns the files at the folder's top.

        Raises:
            OSError: a file can't be written.
        """
        written = []
        stamp = str(document["generated"]).replace(":", "")
        for name, (extension, render) in FORMATS.items():
            kept = self._history is not None and name in _KEPT
            if name not in formats and not kept:
                continue
            text = render(document)
            if self._history is not None and kept:
                _replace(self._history / f"{stamp}.{extension}", text)
            if name in formats:
                written.append(_replace(self._folder / f"{NAME}.{extension}", text))
        return written

    def _recorded(self) -> list[Path]:
        """The reports on record, the newest first: their names are their dates."""
        return sorted(self._history.glob("*.json"), reverse=True) if self._history else []


def _replace(path: Path, text: str) -> Path:
    """Put a whole file in the place of the one before: whoever reads it meanwhile, such as a monitoring agent, never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        # Like any other file of the account that runs the play: mkstemp leaves it to that account alone.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    finally:
        # Of a file that has taken its place nothing is left under this name.
        Path(name).unlink(missing_ok=True)
    return path
