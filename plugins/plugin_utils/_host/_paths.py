# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of files on the host: which may be written to a command line at all, and which folders may be deleted.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re

from .._plan import BadRequest
from ._commands import UNSAFE

# MAX_PATH is 260 with the closing zero; a file that is on its way has up to 23 characters behind its name.
_LONGEST = 230
_DRIVE = re.compile(r"[A-Za-z]:\\")
# A colon would name an alternate stream, an asterisk or a question mark several files.
_NOT_IN_NAMES = re.compile(r'[*?<>|:"]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
# PROGRA~1 is another name of "Program Files".
_SHORT_NAME = re.compile(r"~\d")
# Below these, what lies less deep belongs to Windows or to a person; no path is as deep as the longest has characters.
_DEEP = {
    "users": 5,  # Users\anna\AppData\Local\Vendor
    "program files\\common files": 4,
    "program files (x86)\\common files": 4,
    "program files\\windowsapps": _LONGEST,
    "programdata\\microsoft": _LONGEST,
}


def checked(path: str) -> str:
    r"""The path as commands get it: `C:\Folder\file.msi`, with backslashes and none at its end.

    Raises:
        BadRequest: it isn't absolute on a drive of the host, is too long, or holds what Windows or cmd.exe would read otherwise.
    """
    plain = path.replace("/", "\\").rstrip("\\")
    if not _DRIVE.match(plain):
        raise BadRequest(f"{path!r} is no path on a drive of the host; write it in full, C:\\Folder\\file.")
    if UNSAFE.search(plain):
        raise BadRequest(f"{path!r} holds a quotation mark, a percent sign or a control character, which a path here must not; write variables out.")
    if len(plain) > _LONGEST:
        raise BadRequest(f"{path!r} has {len(plain)} characters, and this collection takes {_LONGEST}.")
    if not all(_is_name(name) for name in plain[3:].split("\\")):
        raise BadRequest(
            f"{path!r} isn't a path that Windows keeps as it is written: look for wildcards, '..', colons, device names and blanks or dots at an end."
        )
    return plain


def _is_name(name: str) -> bool:
    return bool(name) and name[-1] not in ". " and not _NOT_IN_NAMES.search(name) and not _DEVICE.fullmatch(name)


def deletable(path: str, windows: str) -> str:
    r"""A folder that may be deleted with all that is in it; `windows` is Windows' own folder.

    Raises:
        BadRequest: it is a drive, a folder right below one, or one of Windows, of its users or of all programs.
    """
    plain = checked(path)
    names = plain.lower().split("\\")
    below = "\\".join(names[1:])
    depth = max((depth for top, depth in _DEEP.items() if f"{below}\\".startswith(f"{top}\\")), default=2)
    in_windows = f"{plain}\\".lower().startswith(f"{windows}\\".lower())
    temporary = f"{windows}\\temp\\".lower()
    if len(names) - 1 < depth or _SHORT_NAME.search(plain) or (in_windows and not plain.lower().startswith(temporary)):
        raise BadRequest(f"{path!r} isn't deleted: a drive, a folder right below one, and the folders of Windows and of its users stay.")
    return plain


def parent(path: str) -> str:
    """The folder of a checked path."""
    return path.rpartition("\\")[0]


def name_of(path: str) -> str:
    """The last name of a checked path."""
    return path.rpartition("\\")[2]
