# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
r"""icacls.exe, as far as it makes a folder private: ``PATH /inheritance:r /grant:r *S-1-...:(OI)(CI)F ...``; the rest is refused as not modelled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..files import FileError
from ..files.access import Access
from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

NOT_FOUND, ACCESS_DENIED, INVALID_PARAMETER = 2, 5, 87
_GRANT = re.compile(r"\*(?P<sid>S-1-[\d-]+):(?:\((?:OI|CI)\))*(?P<right>F|RX)", re.IGNORECASE)
_TEXTS = {
    "en-US": ("processed file: {path}", "Successfully processed {good} files; Failed processing {bad} files"),
    "de-DE": ("Bearbeitete Datei: {path}", "{good} Dateien erfolgreich verarbeitet, bei {bad} Dateien ist ein Verarbeitungsfehler aufgetreten."),
    "fr-FR": ("fichier traité : {path}", "{good} fichiers correctement traités ; échec du traitement de {bad} fichiers"),
    "ja-JP": ("処理ファイル: {path}", "{good} 個のファイルが正常に処理されました。{bad} 個のファイルを処理できませんでした"),
}


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Take the inherited rights away and give full control, or reading, to the SIDs that are named. Exit code: 0, or the Win32 error."""
    words = command_line.split(arguments)
    if len(words) < 4 or words[1].lower() != "/inheritance:r" or words[2].lower() not in ("/grant", "/grant:r"):
        return Completed(INVALID_PARAMETER, "", "The simulator does not model this: icacls with other options than /inheritance:r /grant:r\r\n")
    grants = [_GRANT.fullmatch(word) for word in words[3:]]
    if not all(grants):
        return Completed(INVALID_PARAMETER, "", "The simulator does not model this: icacls with other rights than F and RX for a SID\r\n")
    path = host.context.absolute(words[0])
    if not host.files.exists(path):
        return _failed(host, path, NOT_FOUND)
    try:
        Access(host, account).restrict(
            path, *(frozenset(grant["sid"].upper() for grant in grants if grant and grant["right"].upper() == right) for right in ("F", "RX"))
        )
    except FileError as exc:
        return _failed(host, path, exc.code)
    first, last = (text.format(path=path, good=1, bad=0) for text in _TEXTS[host.language])
    return Completed(0, f"{first}\r\n{last}\r\n")


def _failed(host: Windows, path: str, code: int) -> Completed:
    last = _TEXTS[host.language][1].format(good=0, bad=1)
    return Completed(code, f"{last}\r\n", f"{path}: {host.error(code)}\r\n")
