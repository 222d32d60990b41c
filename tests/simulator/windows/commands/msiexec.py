# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""msiexec.exe: prints nothing, its exit code is the answer. Without a quiet option it shows a window that nobody sees [I]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cmd.console import NOT_MODELLED
from ..installer.request import WRONG_COMMAND_LINE
from ..records import Account, Completed
from .msiexec_arguments import Unmodelled, WrongLine, parsed

if TYPE_CHECKING:
    from ..host import Windows


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Carry out a command line; 1639 for a wrong one."""
    line = f"msiexec.exe {arguments}".strip()
    try:
        given = parsed(arguments, host.context.absolute)
    except WrongLine:
        return Completed(WRONG_COMMAND_LINE, "")
    except Unmodelled as exc:
        return Completed(NOT_MODELLED, "", f"The simulator does not model this: msiexec {exc}\r\n")
    outcome = host.installer.stand(line) if given is None else host.installer.run(account, given, line)
    return Completed(outcome.code, "", "", outcome.delay, outcome.process)
