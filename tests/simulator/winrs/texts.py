# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cmd.exe's texts that its built-in commands print, by language (English where the table has none)."""

from __future__ import annotations

TEXTS = {
    "echo_on": {"en-US": "ECHO is on.", "de-DE": "ECHO ist eingeschaltet (ON).", "ja-JP": "ECHO は <ON> です。", "fr-FR": "ECHO est activé."},
    "too_long": {
        "en-US": "The command line is too long.",
        "de-DE": "Die Befehlszeile ist zu lang.",
        "ja-JP": "コマンド ラインが長すぎます。",
        "fr-FR": "La ligne de commande est trop longue.",
    },
    "not_defined": {
        "en-US": "Environment variable {name} not defined",
        "de-DE": "Die Umgebungsvariable {name} ist nicht definiert.",
        "ja-JP": "環境変数 {name} が定義されていません",
        "fr-FR": "La variable d'environnement {name} n'est pas définie",
    },
}


def text(key: str, language: str, **values: str) -> str:
    """One text with its placeholders filled in."""
    table = TEXTS[key]
    return table.get(language, table["en-US"]).format(**values)
