# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""whoami.exe: the caller's name, SID, groups and privileges."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from .. import data
from ..accounts import token
from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

PARTS = ("user", "groups", "priv")
_ADMINISTRATOR_PRIVILEGES = (
    ("SeSecurityPrivilege", "Manage auditing and security log"),
    ("SeBackupPrivilege", "Back up files and directories"),
    ("SeRestorePrivilege", "Restore files and directories"),
    ("SeShutdownPrivilege", "Shut down the system"),
    ("SeDebugPrivilege", "Debug programs"),
    ("SeRemoteShutdownPrivilege", "Force shutdown from a remote system"),
    ("SeTakeOwnershipPrivilege", "Take ownership of files or other objects"),
    ("SeImpersonatePrivilege", "Impersonate a client after authentication"),
)
_USER_PRIVILEGES = (("SeChangeNotifyPrivilege", "Bypass traverse checking"), ("SeIncreaseWorkingSetPrivilege", "Increase a process working set"))


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Print what the options ask for; a wrong option gives exit code 1."""
    words = [word.lower() for word in command_line.split(arguments)]
    if not words:
        return Completed(0, f"{account.qualified.lower()}\r\n")
    form, bare = "table", "/nh" in words
    if "/fo" in words:
        place = words.index("/fo")
        form = words[place + 1] if place + 1 < len(words) else ""
        del words[place : place + 2]
    parts = [word.removeprefix("/") if word.startswith("/") else "" for word in words if word != "/nh"]
    if parts == ["all"]:
        parts = list(PARTS)
    if form not in ("table", "list", "csv") or not parts or set(parts) - set(PARTS) or (bare and form == "list"):
        return Completed(1, "", host.text("whoami.syntax", argument=arguments) + "\r\n")
    return Completed(0, "".join(_part(host, account, part, form, bare) for part in parts))


def _part(host: Windows, account: Account, part: str, form: str, bare: bool) -> str:
    texts = data.document("whoami.json")[host.language][part]
    header, heading = tuple(texts["columns"]), texts["title"]
    rows = {"user": _user, "groups": _groups, "priv": _privileges}[part](host, account)
    if form == "csv":
        return _csv(([] if bare else [header]) + rows)
    title = f"\r\n{heading}\r\n{'-' * len(heading)}\r\n\r\n"
    if form == "list":
        width = max(len(name) for name in header) + 1
        return title + "\r\n".join("".join(f"{name + ':':<{width}} {cell}\r\n" for name, cell in zip(header, row, strict=True)) for row in rows)
    return title + _table(header, rows, bare)


def _csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]], bare: bool) -> str:
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    title = [] if bare else [header, tuple("=" * width for width in widths)]
    return "".join(" ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) + "\r\n" for row in title + rows)


def _user(host: Windows, account: Account) -> list[tuple[str, ...]]:
    return [(account.qualified.lower(), account.sid)]


def _groups(host: Windows, account: Account) -> list[tuple[str, ...]]:
    return [(group.name, group.kind, group.sid, group.attributes) for group in token(host, account)]


def _privileges(host: Windows, account: Account) -> list[tuple[str, ...]]:
    known = (_ADMINISTRATOR_PRIVILEGES if account.elevated else ()) + _USER_PRIVILEGES
    return [(name, text, "Enabled") for name, text in known]
