# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""reg load and reg unload: for administrators, right below HKLM or HKU; every failure has exit code 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import Account, Completed
from ..registry import HIVES

if TYPE_CHECKING:
    from ..host import Windows

_WORDS = {"load": 2, "unload": 1}
_PRIVILEGE_NOT_HELD = 1314


def run(host: Windows, account: Account, verb: str, words: list[str]) -> Completed:
    """``load KEY FILE`` or ``unload KEY``."""
    flags = [word for word in words if word.lower() in ("/reg:32", "/reg:64")]
    plain = [word for word in words if word not in flags]
    if len(plain) != _WORDS[verb] or len(flags) > 1 or plain[0].startswith("/"):
        return _failed(host.text("reg.syntax", verb=verb.upper()))
    hive, name = _key(plain[0])
    if hive not in ("hklm", "hku") or not name or "\\" in name:
        return _failed(host.text("reg.key_name", verb=verb.upper()))
    if not account.elevated:
        return _failed(host.text("reg.error", message=host.error(_PRIVILEGE_NOT_HELD)))
    error = host.hives.load(account, hive, name, host.context.absolute(plain[1])) if verb == "load" else host.hives.unload(hive, name)
    if error:
        return _failed(host.text("reg.error", message=host.error(error)))
    return Completed(0, host.text("reg.done") + "\r\n")


def _key(text: str) -> tuple[str, str]:
    root, _backslash, name = text.partition("\\")
    long_names = {full.lower(): short for short, full in HIVES.items()}
    return long_names.get(root.lower(), root.lower()), name


def _failed(text: str) -> Completed:
    return Completed(1, "", f"{text}\r\n")
