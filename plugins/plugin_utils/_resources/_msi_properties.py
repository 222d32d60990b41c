# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public properties on msiexec's command line, in Windows Installer's own quoting (win32 `Msi/command-line-options.md`).

The value alone stands in quotation marks and one in it is doubled. A backslash at the end means nothing to msiexec's parser, which is not
the one that other programs use; a percent sign is written by whoever knows through which program the line goes.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._host._commands import UNPRINTABLE
from .._plan import BadRequest

_NAME = re.compile(r"[A-Z_][A-Z0-9_.]*", re.ASCII)
_CONTROL = re.compile(f"[{UNPRINTABLE}]")
# What this collection gives itself, or what would make the host restart by itself.
_OURS = {"ALLUSERS", "REINSTALL", "REINSTALLMODE", "REMOVE", "REBOOT", "ADDLOCAL", "ADVERTISE"}


def command_line(properties: Mapping[str, Any], secret: Mapping[str, Any]) -> list[str]:
    """Each property as NAME="value"; the values of `secret` are never part of a message.

    Raises:
        BadRequest: a name is not public, is given twice or is not for a play to give, or a value holds a control character.
    """
    if twins := sorted(set(properties) & set(secret)):
        raise BadRequest(f"Property {twins[0]} is given in properties and in secret_properties; leave one of them.")
    for name in (*properties, *secret):
        _check_name(str(name))
    shown = [_pair(str(name), value, repr(value)) for name, value in properties.items()]
    return shown + [_pair(str(name), value, "its value is secret") for name, value in secret.items()]


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BadRequest(f"{name!r} is no public property of Windows Installer: these are upper-case letters, digits, underscores and dots.")
    if name in _OURS:
        raise BadRequest(f"Property {name} decides what Windows Installer does, which state and the package say here; leave it out.")


def _pair(name: str, value: Any, shown: str) -> str:
    if value is None or isinstance(value, (list, dict)):
        raise BadRequest(f"Property {name} takes one text, a list or null can't be passed.")
    text = str(value)
    if _CONTROL.search(text):
        raise BadRequest(f"Property {name} holds a line break or another control character ({shown}), which msiexec can't be given.")
    doubled = text.replace('"', '""')
    return f'{name}="{doubled}"'
