# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things lie on a host: its own folders behind variables, and folders that its registry names.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .._plan import Missing
from ._edition import OperatingSystem
from ._registry import Registry, is_registry

_FOLDERS_KEY = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
_PROGRAM_DATA_KEY = f"{_FOLDERS_KEY}\\Explorer\\Shell Folders"
_VARIABLE = re.compile(r"%([^%\\]+)%")


class Folders:
    """Read from the registry, so that the account's own environment does not count."""

    def __init__(self, host: str, registry: Registry, system: Callable[[], OperatingSystem]) -> None:
        """`host` is what people call it."""
        self._host = host
        self._registry = registry
        self._system = system

    def expect(self) -> None:
        """`expand` or `locate` will be asked."""
        self._registry.expect(_FOLDERS_KEY)
        self._registry.expect(_PROGRAM_DATA_KEY)

    def expand(self, path: str) -> str:
        """A path with the host's own folders in place of `%ProgramFiles%` and its like, whatever the account's environment is."""
        return _VARIABLE.sub(lambda match: self._known().get(match[1].lower(), match[0]), path)

    def locate(self, candidates: list[str]) -> str:
        r"""The first candidate that the host has: a folder, or `HKLM\...\Key\Value` that holds one.

        Raises:
            Missing: no candidate resolves.
        """
        for candidate in candidates:
            folder = self._registered(candidate) if is_registry(candidate) else self.expand(candidate)
            if folder and "%" not in folder:
                return folder.rstrip("\\")
        raise Missing(f"None of {', '.join(candidates)} leads to a folder on {self._host}; give a folder as the last candidate.")

    def native(self, path: str) -> str:
        """A registry path as this host has it: 32-bit Windows has no `WOW6432Node`."""
        return path if self._system().bits == 64 else re.sub(r"\\WOW6432Node(?=\\|$)", "", path, flags=re.IGNORECASE)

    def _registered(self, candidate: str) -> str | None:
        path, _separator, value = self.native(candidate).rpartition("\\")
        key = self._registry.key(path)
        data = key.data(value) if key else None
        return self.expand(data) if isinstance(data, str) else None

    def _known(self) -> Mapping[str, str]:
        key, data = self._registry.key(_FOLDERS_KEY), self._registry.key(_PROGRAM_DATA_KEY)
        programs = str(key.data("ProgramFilesDir") if key else "")
        directory = self._system().directory
        return {
            "programfiles": programs,
            "programw6432": programs,
            "programfiles(x86)": str((key.data("ProgramFilesDir (x86)") if key else None) or programs),
            "systemroot": directory,
            "windir": directory,
            "systemdrive": directory[:2],
            "programdata": str((data.data("Common AppData") if data else None) or f"{directory[:2]}\\ProgramData"),
        }
