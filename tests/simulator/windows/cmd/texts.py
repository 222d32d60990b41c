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
    "exists": {
        "en-US": "A subdirectory or file {name} already exists.",
        "de-DE": 'Ein Unterverzeichnis oder eine Datei mit dem Namen "{name}" existiert bereits.',
        "ja-JP": "サブディレクトリまたはファイル {name} は既に存在します。",
        "fr-FR": "Un sous-répertoire ou un fichier {name} existe déjà.",
    },
    "sure": {
        "en-US": "{name}, Are you sure (Y/N)? ",
        "de-DE": "{name}, Möchten Sie fortsetzen (J/N)? ",
        "ja-JP": "{name}、よろしいですか (Y/N)? ",
        "fr-FR": "{name}, êtes-vous sûr (O/N)? ",
    },
    "overwrite": {
        "en-US": "Overwrite {name}? (Yes/No/All): ",
        "de-DE": "{name} überschreiben? (Ja/Nein/Alle): ",
        "ja-JP": "{name} を上書きしますか? (Yes/No/All): ",
        "fr-FR": "Remplacer {name} (Oui/Non/Tous) : ",
    },
    "could_not_find": {
        "en-US": "Could Not Find {name}",
        "de-DE": "{name} konnte nicht gefunden werden",
        "ja-JP": "{name} が見つかりませんでした。",
        "fr-FR": "Impossible de trouver {name}",
    },
    "file_not_found": {"en-US": "File Not Found", "de-DE": "Datei nicht gefunden", "ja-JP": "ファイルが見つかりません", "fr-FR": "Fichier introuvable"},
    "duplicate": {
        "en-US": "A duplicate file name exists, or the file\ncannot be found.",
        "de-DE": "Es ist bereits eine Datei mit diesem Namen vorhanden, oder die Datei wurde\nnicht gefunden.",
        "ja-JP": "同名のファイルが存在するか、またはファイルが\n見つかりません。",
        "fr-FR": "Ce nom de fichier existe déjà ou le fichier est introuvable.",
    },
    "copied": {
        "en-US": "{count} file(s) copied.",
        "de-DE": "{count} Datei(en) kopiert.",
        "ja-JP": "{count} 個のファイルをコピーしました。",
        "fr-FR": "{count} fichier(s) copié(s).",
    },
    "moved": {
        "en-US": "{count} file(s) moved.",
        "de-DE": "{count} Datei(en) verschoben.",
        "ja-JP": "{count} 個のファイルを移動しました。",
        "fr-FR": "{count} fichier(s) déplacé(s).",
    },
}


def text(key: str, language: str, **values: str) -> str:
    """One text with its placeholders filled in."""
    table = TEXTS[key]
    return table.get(language, table["en-US"]).format(**values)
