# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes every task's result as one line of JSON, for the tests to read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: results
type: notification
short_description: Write results as JSON lines
description: Writes every task's result to the file that the environment variable RESULTS_FILE names.
"""


class CallbackModule(CallbackBase):
    """One line for each host and task: task, host, outcome, result."""

    CALLBACK_VERSION = 2.0
    CALLBACK_NAME = "results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        """The task succeeded."""
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """The task failed."""
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """The host could not be reached."""
        self._write("unreachable", result)

    def _write(self, outcome: str, result: Any) -> None:
        line = {"task": result.task.get_name(), "host": result.host.get_name(), "outcome": outcome, "result": result.result}
        with Path(os.environ["RESULTS_FILE"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")
