# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""taskkill.exe: ends processes by number or by the name of their program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

NOT_FOUND = 128
_DONE = {
    "en-US": "SUCCESS: The process {what} has been terminated.",
    "de-DE": "ERFOLGREICH: Der Prozess {what} wurde beendet.",
    "ja-JP": "成功: {what} のプロセスは強制終了されました。",
    "fr-FR": "Opération réussie : le processus {what} a été terminé.",
}
_MISSING = {
    "en-US": 'ERROR: The process "{what}" not found.',
    "de-DE": 'FEHLER: Der Prozess "{what}" wurde nicht gefunden.',
    "ja-JP": 'エラー: プロセス "{what}" が見つかりませんでした。',
    "fr-FR": "Erreur : le processus « {what} » est introuvable.",
}
_SYNTAX = {
    "en-US": 'ERROR: Invalid syntax.\r\nType "TASKKILL /?" for usage.',
    "de-DE": 'FEHLER: Ungültige Syntax.\r\nGeben Sie "TASKKILL /?" ein, um die Syntax anzuzeigen.',
    "ja-JP": 'エラー: 無効な構文です。\r\n使用法を表示するには、"TASKKILL /?" と入力してください。',
    "fr-FR": "Erreur : syntaxe incorrecte.\r\nEntrez « TASKKILL /? » pour connaître la syntaxe.",
}


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Exit code 0 if all were ended, 128 if there is none, 1 for wrong arguments or a refusal."""
    pids, images, tree = _wanted(command_line.split(arguments))
    if not pids and not images:
        return Completed(1, "", _SYNTAX[host.language] + "\r\n")
    output, errors, code = "", "", 0
    for pid in pids:
        if host.processes.find(pid) is None:
            errors += _MISSING[host.language].format(what=pid) + "\r\n"
            code = NOT_FOUND
    targets = [(pid, f"PID {pid}") for pid in pids if host.processes.find(pid)]
    for image in images:
        found = [(process.pid, f'"{image}" PID {process.pid}') for process in host.processes.by_image(image)]
        targets += found
        if not found:
            errors += _MISSING[host.language].format(what=image) + "\r\n"
            code = NOT_FOUND
    if not account.elevated and targets:
        return Completed(1, output, errors + host.error(5) + "\r\n")
    for pid, what in targets:
        host.journal.write("process", str(pid), {"action": "kill", "tree": tree})
        host.processes.kill(pid, tree=tree)
        output += _DONE[host.language].format(what=what) + "\r\n"
    return Completed(code, output, errors)


def _wanted(words: list[str]) -> tuple[list[int], list[str], bool]:
    """Process numbers, program names and whether with children; nothing to end for a wrong line."""
    pids: list[int] = []
    images: list[str] = []
    options = [word.lower() for word in words]
    place = 0
    while place < len(words):
        option = options[place]
        value = words[place + 1] if place + 1 < len(words) else ""
        if option == "/pid" and re.fullmatch(r"\d+", value):
            pids.append(int(value))
            place += 1
        elif option == "/im" and value:
            images.append(value)
            place += 1
        elif option not in ("/f", "/t"):
            return [], [], False
        place += 1
    return pids, images, "/t" in options
