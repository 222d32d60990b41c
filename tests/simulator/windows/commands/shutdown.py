# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""shutdown.exe: a restart now or after a time, and its end before it has begun."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..power import IN_PROGRESS, NONE_IN_PROGRESS, SCHEDULED
from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

ACCESS_DENIED, INVALID_PARAMETER = 5, 87
DEFAULT_SECONDS, LONGEST, COMMENT_LENGTH = 30, 315360000, 512
_TEXTS = {
    ACCESS_DENIED: {
        "en-US": "Access is denied.",
        "de-DE": "Zugriff verweigert",
        "ja-JP": "アクセスが拒否されました。",
        "fr-FR": "Accès refusé.",
    },
    IN_PROGRESS: {
        "en-US": "A system shutdown is in progress.",
        "de-DE": "Das System wird heruntergefahren.",
        "ja-JP": "システムをシャットダウンしています。",
        "fr-FR": "Un arrêt système est en cours.",
    },
    NONE_IN_PROGRESS: {
        "en-US": "Unable to abort the system shutdown because no shutdown was in progress.",
        "de-DE": "Das Herunterfahren des Systems kann nicht abgebrochen werden, da das System nicht heruntergefahren wird.",
        "ja-JP": "シャットダウンが進行中でないため、システムのシャットダウンを中止できません。",
        "fr-FR": "Impossible d'annuler l'arrêt du système car aucun arrêt n'était en cours.",
    },
    SCHEDULED: {
        "en-US": "A system shutdown has already been scheduled.",
        "de-DE": "Ein Systemherunterfahren wurde bereits geplant.",
        "ja-JP": "システムのシャットダウンは既にスケジュールされています。",
        "fr-FR": "Un arrêt du système a déjà été planifié.",
    },
}
_USAGE = {"en-US": "Usage: shutdown", "de-DE": "Syntax: shutdown", "ja-JP": "使用法: shutdown", "fr-FR": "Utilisation : shutdown"}
_REASON = re.compile(r"(?:[pu]:)?\d{1,3}:\d{1,5}", re.IGNORECASE)


class _Wanted(NamedTuple):
    """The action (r, s, a) and the seconds before it."""

    action: str
    seconds: int


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Exit code 0, or the Win32 error: 5, 87, 1115, 1116, 1190."""
    wanted = _wanted(command_line.split(arguments))
    if wanted is None:
        return Completed(INVALID_PARAMETER, "", f"{_USAGE[host.language]} [/r | /s | /a] [/f] [/t xxx] [/d [p|u:]xx:yy] [/c]\r\n")
    if not account.elevated or host.options.get("shutdown_refused"):
        return _failed(host, ACCESS_DENIED)
    action, seconds = wanted.action, wanted.seconds
    code = host.power.abort() if action == "a" else host.power.schedule(seconds, restart=action == "r")
    if code:
        return _failed(host, code)
    host.journal.write("system", host.name, {"action": f"shutdown /{action}", "seconds": seconds})
    return Completed(0, "", "")


def _failed(host: Windows, code: int) -> Completed:
    return Completed(code, "", f"{_TEXTS[code][host.language]}({code})\r\n")


def _wanted(words: list[str]) -> _Wanted | None:
    """None for a line that shutdown.exe refuses."""
    actions: list[str] = []
    seconds = DEFAULT_SECONDS
    place = 0
    while place < len(words):
        option = words[place].lower().replace("-", "/", 1)
        value = words[place + 1] if place + 1 < len(words) else ""
        if option in ("/r", "/s", "/a"):
            actions.append(option[1])
        elif option == "/t" and value.isdecimal() and int(value) <= LONGEST:
            seconds = int(value)
            place += 1
        elif (option == "/d" and _REASON.fullmatch(value)) or (option == "/c" and 0 < len(value) <= COMMENT_LENGTH):
            place += 1
        elif option != "/f":
            return None
        place += 1
    return _Wanted(actions[0], seconds) if len(actions) == 1 else None
