# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""rundll32.exe with setupapi.dll,InstallHinfSection: the part of an .inf file that copies files and sets registry values.

Its exit code says nothing. The rest of its line after section and mode is the path, without quotation marks. The copy in SysWOW64 writes
what 32-bit programs see. Other functions are not modelled.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..cmd.console import NOT_MODELLED
from ..files import FileError
from ..files.access import Access
from ..records import Account, Completed
from ..registry import Type
from ..registry_access import RegistryAccess

if TYPE_CHECKING:
    from ..host import Windows

Sections = dict[str, list[str]]
_CALL = re.compile(r"setupapi(?:\.dll)?\s*,\s*InstallHinfSection\s+(?P<section>\S+)\s+(?P<mode>\d+)\s+(?P<path>.+)", re.IGNORECASE)
_FLG_DWORD = 0x00010001


def run(host: Windows, account: Account, arguments: str, view: int = 64) -> Completed:
    """Install one section; ``view`` is the one that the program itself sees."""
    call = _CALL.fullmatch(arguments.strip())
    if call is None:
        return Completed(NOT_MODELLED, "", f"The simulator does not model this: rundll32 {arguments}\r\n")
    if call["path"].startswith('"') or not account.elevated:
        return Completed(0, "")
    try:
        path = host.context.absolute(call["path"])
        data = host.files.read(path)
        sections = parsed(data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252", "replace"))
        _Setup(host, account, path.rpartition("\\")[0], sections, view).install(call["section"])
    except FileError:
        return Completed(0, "")
    return Completed(0, "")


def parsed(text: str) -> Sections:
    """The lines of each section by its name in lower case, with comments gone and %strings% replaced."""
    sections: Sections = {}
    name = ""
    for raw in text.splitlines():
        line = raw.partition(";")[0].strip()
        if found := re.fullmatch(r"\[(.+)\]", line):
            name = found[1].lower()
            sections.setdefault(name, [])
        elif line:
            sections.setdefault(name, []).append(line)
    strings = _assigned(sections.get("strings", []))
    return {name: [_replaced(line, strings) for line in lines] for name, lines in sections.items()}


def _assigned(lines: list[str]) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {name.strip().lower(): value.strip().strip('"') for name, _equal, value in pairs}


def _replaced(line: str, strings: dict[str, str]) -> str:
    return re.sub(r"%([^%]+)%", lambda match: strings.get(match[1].lower(), match[0]), line)


class _Setup:
    """One .inf file that is being installed."""

    def __init__(self, host: Windows, account: Account, folder: str, sections: Sections, view: int) -> None:
        self._host = host
        self._account = account
        self._folder = folder
        self._sections = sections
        self._view = view

    def install(self, section: str) -> None:
        """The section for this architecture if there is one, else the plain one: files first, then the registry."""
        architecture = ".ntamd64" if self._view == 64 and self._host.bits == 64 else ".ntx86"
        names = [f"{section}{ending}".lower() for ending in (architecture, ".nt", "")]
        found = next((self._sections[name] for name in names if name in self._sections), [])
        directives = _assigned(found)
        for name in _names(directives.get("copyfiles", "")):
            self._copy(name)
        for name in _names(directives.get("addreg", "")):
            for line in self._sections.get(name.lower(), []):
                self._add(line)

    def _copy(self, name: str) -> None:
        """Directory 11 is the system directory, as the program sees it."""
        places = _assigned(self._sections.get("destinationdirs", []))
        if places.get(name.lower(), places.get("defaultdestdir")) != "11":
            return
        narrow = self._view == 32 and self._host.bits == 64
        target = r"C:\Windows\SysWOW64" if narrow else r"C:\Windows\System32"
        access = Access(self._host, self._account)
        for line in self._sections.get(name.lower(), []):
            file = _names(line)[0]
            access.write(f"{target}\\{file}", access.read(f"{self._folder}\\{file}"))

    def _add(self, line: str) -> None:
        """``HKLM,"key",value,flags,data``; text and REG_DWORD are modelled."""
        fields = [field.strip().strip('"') for field in re.findall(r'(?:"[^"]*"|[^,"])+|(?<=,)(?=,)', line)]
        root, key, name, flags, data = (fields + [""] * 5)[:5]
        if root.upper() != "HKLM":
            return
        access = RegistryAccess(self._host, self._account, self._view)
        number = int(flags or "0", 0) == _FLG_DWORD
        access.create("hklm", key)
        access.put("hklm", key, name, Type.REG_DWORD if number else Type.REG_SZ, int(data, 0) if number else data)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
