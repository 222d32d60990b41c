# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One installation, repair or removal of one product: its properties, folders, and what shall happen to each component."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .changes import Changes
from .conditions import Surroundings, holds
from .database import Database, Row
from .environment import standard_folders, standard_properties
from .formatted import formatted
from .log import Log
from .registered import clients
from .request import NotModelled

if TYPE_CHECKING:
    from ..host import Windows
    from ..records import Account

ABSENT, LOCAL = 2, 3
PERMANENT, WIDE = 0x10, 0x100
DEFAULT_MODE = "omus"


@dataclass
class Session:
    """``properties`` change while actions run. ``source`` is the folder of the package with a backslash at its end.

    ``remembered`` is done when the installation has come to its end: the product's registration. ``reboot`` is set by what needs one,
    ``begun`` by InstallInitialize. ``tolerant``: a service that does not start is no failure.
    """

    host: Windows
    account: Account
    database: Database
    source: str
    package_name: str
    properties: dict[str, str]
    changes: Changes
    log: Log
    installed: bool = False
    folders: dict[str, str] = field(default_factory=dict)
    reboot: bool = False
    delay: float = 0.0
    begun: bool = False
    tolerant: bool = False
    remembered: list[Callable[[], object]] = field(default_factory=list)
    remove_product: Callable[[Session, str], None] | None = None

    def __post_init__(self) -> None:
        self._given = given = self.properties
        self.properties = {**standard_properties(self.host, self.account), **self.database.properties, **given}
        self.properties.setdefault("REINSTALLMODE", DEFAULT_MODE)
        self.properties["SourceDir"] = self.properties["SOURCEDIR"] = self.source
        if self.installed:
            self.properties["Installed"] = "00:00:00"
        for secret in self.properties.get("MsiHiddenProperties", "").split(";"):
            self.log.secrets.add(self.properties.get(secret, ""))
        if self.properties.get("ALLUSERS") not in ("1", "2"):
            raise NotModelled("installations for one user (ALLUSERS is not 1)")

    def note_command_line(self) -> None:
        """What was asked for, as the verbose log has it; values of hidden properties are not shown."""
        self.log.note("Command Line: " + " ".join(f"{name}={value}" for name, value in self._given.items()))
        for name, value in self._given.items():
            self.log.note(f"PROPERTY CHANGE: Adding {name} property. Its value is '{value}'.")

    @property
    def product_code(self) -> str:
        """The product's code, capitals."""
        return self.database.properties["ProductCode"].upper()

    @property
    def name(self) -> str:
        """The product's name as messages have it."""
        return self.properties.get("ProductName", "")

    @property
    def wide(self) -> bool:
        """True for a 64-bit package."""
        return self.database.summary.platform.lower() == "x64"

    @property
    def removes_all(self) -> bool:
        """True if the whole product goes."""
        return self.installed and self.properties.get("REMOVE", "").upper() == "ALL"

    @property
    def purpose(self) -> str:
        """What this is, for journal and log."""
        if not self.installed:
            return "install"
        return "uninstall" if self.removes_all else "repair" if self.properties.get("REINSTALL") else "configure"

    @property
    def recaches(self) -> bool:
        """True if the package itself takes the place of the cached one (REINSTALLMODE v)."""
        return self.mode("v")

    def mode(self, letter: str) -> bool:
        """True if this is a repair whose REINSTALLMODE has the letter."""
        return self.installed and bool(self.properties.get("REINSTALL")) and letter in self.properties["REINSTALLMODE"].lower()

    @cached_property
    def components(self) -> dict[str, Row]:
        """The Component table."""
        return {str(row["Component"]): row for row in self.database.rows("Component")}

    @cached_property
    def features(self) -> dict[str, int | None]:
        """What happens to each feature: 3 is installed or repaired, 2 removed, None left alone. Selections by feature are whole ones only."""
        level = int(self.properties.get("INSTALLLEVEL") or 1)
        for name in ("ADDLOCAL", "REINSTALL", "REMOVE"):
            if self.properties.get(name, "ALL").upper() != "ALL":
                raise NotModelled(f"{name} for single features")
        found: dict[str, int | None] = {}
        for row in self.database.rows("Feature"):
            chosen = 0 < int(row["Level"] or 0) <= level or "ADDLOCAL" in self.properties
            action = ABSENT if self.removes_all else LOCAL if not self.installed or self.properties.get("REINSTALL") else None
            found[str(row["Feature"])] = action if chosen or action == ABSENT else None
        return found

    @cached_property
    def actions(self) -> dict[str, int | None]:
        """What happens to each component, see ``features``; one whose condition is false is left alone."""
        found: dict[str, int | None] = dict.fromkeys(self.components)
        for row in self.database.rows("FeatureComponents"):
            wanted = self.features[str(row["Feature_"])]
            component = self.components[str(row["Component_"])]
            condition = str(component["Condition"] or "")
            if wanted is not None and (wanted == ABSENT or holds(condition, self.surroundings)):
                found[str(component["Component"])] = wanted
        return found

    def chosen(self, table: str, action: int, component: str = "Component_") -> list[Row]:
        """The rows of a table whose component is installed (LOCAL) or removed (ABSENT); removal spares permanent and shared ones."""
        return [row for row in self.database.rows(table) if self.takes_part(str(row[component]), action)]

    def takes_part(self, component: str, action: int) -> bool:
        """True if the component is installed (LOCAL) or really removed (ABSENT)."""
        if self.actions[component] != action:
            return False
        return action == LOCAL or not (self._flags(component) & PERMANENT or self.shared(component))

    def shared(self, component: str) -> bool:
        """True if another product has installed the component, too."""
        code = str(self.components[component]["ComponentId"] or "")
        return bool(code) and any(client != self.product_code for client in clients(self.host, code))

    def _flags(self, component: str) -> int:
        return int(self.components[component]["Attributes"] or 0)

    def view(self, component: str) -> int:
        """The registry view that a component writes to."""
        return 64 if self._flags(component) & WIDE or self.host.bits == 32 else 32

    def folder(self, component: str) -> str:
        """The folder of a component, with a backslash at its end."""
        return self.folders[str(self.components[component]["Directory_"])]

    def resolve_folders(self) -> None:
        """Give every row of the Directory table its path, and the property of the same name that path."""
        known = standard_folders(self.host)
        rows = {str(row["Directory"]): row for row in self.database.rows("Directory")}
        for name in rows:
            self.folders[name] = self._path(name, rows, known)
            self.properties[name] = self.folders[name]

    def _path(self, name: str, rows: dict[str, Row], known: dict[str, str]) -> str:
        row = rows[name]
        parent = row["Directory_Parent"]
        if given := self.properties.get(name) or known.get(name):
            return given.rstrip("\\") + "\\"
        if parent is None or parent == name:
            return self.properties.get("ROOTDRIVE", "C:\\")
        own = long_name(str(row["DefaultDir"]).partition(":")[0])
        above = self._path(str(parent), rows, known)
        return above if own == "." else f"{above}{own}\\"

    def file_path(self, identifier: str) -> str:
        """Where a file of the File table goes, empty for an unknown one."""
        for row in self.database.rows("File"):
            if row["File"] == identifier:
                return self.folder(str(row["Component_"])) + long_name(str(row["FileName"]))
        return ""

    def formatted(self, text: str | int | None) -> str:
        """A formatted text; see formatted.py."""
        return formatted(str(text or ""), self._looked_up)

    def _looked_up(self, name: str) -> str | None:
        if name == "~":
            return "\0"
        if name[:1] in "#!":
            return self.file_path(name[1:])
        if name[:1] == "$":
            return self.folder(name[1:]) if name[1:] in self.components else None
        if name[:1] == "%":
            known = {key.lower(): value for key, value in self.host.environment.items()}
            return known.get(name[1:].lower())
        return self.properties.get(name)

    @property
    def surroundings(self) -> Surroundings:
        """What conditions can see."""
        return Surroundings(self.properties, self.host.environment, self._state)

    def _state(self, sign: str, name: str) -> int | None:
        """$ and & are what will happen, ? and ! what is there."""
        if sign in "?!":
            return LOCAL if self.installed else ABSENT
        return self.features.get(name) if sign == "&" else self.actions.get(name)


def long_name(text: str) -> str:
    """The long one of a pair ``short|long``."""
    return text.rpartition("|")[2]
