# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""gpupdate.exe: fetches and applies Group Policy.

/force applies everything again; without it only what has changed in the domain (windowsserverdocs ``gpupdate.md``). Nothing of a user's
policy is modelled: /target:user changes nothing. /logoff, /boot and /sync are taken and have nothing to do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

_OPTION = re.compile(r"[/-](?:target:(?P<target>computer|user)|(?P<force>force)|wait:-?\d{1,9}|logoff|boot|sync)", re.IGNORECASE)
_USAGE = "gpupdate [/target:{computer | user}] [/force] [/wait:<value>] [/logoff] [/boot] [/sync]"


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Exit code 0, or 1 for an unknown option."""
    options = [_OPTION.fullmatch(word) for word in command_line.split(arguments)]
    targets: list[str] = []
    force = False
    for option in options:
        if option is None:
            return Completed(1, f"{host.text('gpupdate.invalid')}\r\n\r\n{_USAGE}\r\n")
        targets += [option["target"].lower()] if option["target"] else []
        force = force or bool(option["force"])
    chosen = [target for target in ("computer", "user") if target in (targets or ("computer", "user"))]
    if "computer" in chosen:
        applied = host.policies.refresh(force=force)
        # Of a kind that is not counted: the settings are the domain administrators', the caller only made them come now.
        host.journal.write("policy", host.name, {"action": "gpupdate", "force": force, "applied": applied})
    lines = [host.text("gpupdate.updating"), "", *(host.text(f"gpupdate.{target}") for target in chosen)]
    return Completed(0, "".join(f"{line}\r\n" for line in lines) + "\r\n")
