# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback: the compliance report of a run."""

from __future__ import annotations

DOCUMENTATION = r"""
name: compliance
type: notification
short_description: Write a compliance report of every host that M(uamops.netwrix_auditor.desired_state) has looked at
version_added: 0.1.0
description:
  - Collects what the tasks of M(uamops.netwrix_auditor.desired_state) say of each control on each host and writes it down as a page for people
    (HTML), as data (JSON), for CI servers (JUnit XML), for spreadsheets (CSV) and for monitoring (OpenMetrics text).
  - Works for the playbook C(uamops.netwrix_auditor.compliance), for C(uamops.netwrix_auditor.site) in check mode or in a run, and for playbooks of
    your own. A host that can't be reached, or that a run did not get to, is counted and named.
  - Each report is kept by its date, and the next one tells what is new, fixed and still open since then.
author:
  - uamops (@uamops)
requirements:
  - enabled by C(callbacks_enabled = uamops.netwrix_auditor.compliance) in ansible.cfg, or by the environment variable E(ANSIBLE_CALLBACKS_ENABLED)
options:
  folder:
    description:
      - The folder of the reports, on the controller. It is made if it is not there. A relative path starts where Ansible was started.
    type: path
    default: compliance
    env:
      - name: UAMOPS_COMPLIANCE_FOLDER
    ini:
      - section: callback_compliance
        key: folder
  formats:
    description:
      - Which files are written. Their names are C(compliance) with the extensions C(html), C(json), C(xml) for V(junit), C(csv), and C(prom) for
        V(openmetrics).
    type: list
    elements: str
    choices: [html, json, junit, csv, openmetrics]
    default: [html, json, junit, csv, openmetrics]
    env:
      - name: UAMOPS_COMPLIANCE_FORMATS
    ini:
      - section: callback_compliance
        key: formats
  history:
    description:
      - Whether each report is kept by its date in the folder C(history) too (HTML and JSON), and compared with the newest one there.
    type: bool
    default: true
    env:
      - name: UAMOPS_COMPLIANCE_HISTORY
    ini:
      - section: callback_compliance
        key: history
  previous:
    description:
      - An earlier report, the JSON file, to compare with instead of the newest one of the history.
    type: path
    env:
      - name: UAMOPS_COMPLIANCE_PREVIOUS
    ini:
      - section: callback_compliance
        key: previous
  title:
    description:
      - What the report is called.
    type: str
    default: User Activity monitoring - compliance
    env:
      - name: UAMOPS_COMPLIANCE_TITLE
    ini:
      - section: callback_compliance
        key: title
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import UNREACHABLE, Fleet, Reports, collection_version, summary_lines

_MODULE = "desired_state"
# How many hosts the terminal names; the report has all of them.
_NAMED = 20


class CallbackModule(CallbackBase):
    """Collects while the run goes on, writes at its end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "uamops.netwrix_auditor.compliance"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._begin("")

    def _begin(self, playbook: str) -> None:
        self._playbook = playbook
        self._began = datetime.now(UTC)
        self._fleet = Fleet()
        self._play: Any = None
        self._changes = False
        # Of the play that runs: whether it looks at hosts, and what went wrong before that was known.
        self._ours = False
        self._trouble: dict[str, tuple[list[str], str, str]] = {}

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """The hosts of all its plays are in the report, also if the run ends before a play: Ansible stops when a play has lost all its hosts.

        Of several playbooks in one command each has its own report.
        """
        self._begin(Path(playbook._file_name).name)
        for play in playbook.get_plays():
            # Hosts that are worked out while the run goes on are not known before.
            if "{{" not in str(play.hosts) and _looks_at_hosts(play.compile()):
                self._expect(play)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """A play with a task of ours has all its hosts in the report, also if none of them gets as far as that task."""
        self._play, self._ours, self._trouble = play, _looks_at_hosts(play.compile()), {}
        if self._ours:
            self._expect(play)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """What a play includes while it runs is not known before."""
        if not self._ours and _is_ours(task):
            self._ours = True
            self._expect(self._play)

    def v2_runner_on_ok(self, result: Any) -> None:
        """A look at a host, maybe."""
        self._take(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A list that can't be had still tells something; any other failure counts if the host is never looked at."""
        if not self._take(result) and not ignore_errors:
            self._note(result, "failed")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """The host could not be reached; a loop may have looked at it before."""
        self._take(result)
        if not result.task.ignore_unreachable:
            self._note(result, UNREACHABLE)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """A host that a playbook leaves out is none that nobody got to."""
        if _is_ours(result.task):
            self._fleet.leave_out(result.host.get_name())

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """The run has ended."""
        if self._fleet.hosts:
            self._report()

    def _take(self, result: Any) -> bool:
        """True if the result tells about controls, or is that of a list that failed as a whole."""
        if not _is_ours(result.task):
            return False
        host, groups = result.host.get_name(), _groups(result.host)
        lists = result.result.get("results") or [result.result]
        for compliance in (told["compliance"] for told in lists if isinstance(told.get("compliance"), Mapping)):
            self._changes = self._changes or compliance["applied"]
            self._fleet.checked(host, groups, compliance)
        for told in lists:
            if "compliance" not in told and not told.get("skipped") and not told.get(UNREACHABLE):
                self._fleet.expect(host, groups).failed = _message(told, host)
        return True

    def _note(self, result: Any, trouble: str) -> None:
        host, groups = result.host.get_name(), _groups(result.host)
        if not self._ours:
            self._trouble[host] = (groups, trouble, _message(result.result, host))
            return
        record = self._fleet.expect(host, groups)
        if trouble == UNREACHABLE:
            record.unreachable = _message(result.result, host)
        elif not record.checks:
            record.failed = record.failed or _message(result.result, host)

    def _expect(self, play: Any) -> None:
        """All hosts of the play, and what went wrong with some of them before."""
        variables = play.get_variable_manager().get_vars(play=play)
        self._fleet.inventory.update(variables["groups"]["all"])
        memberships = _memberships(variables["groups"])
        for host in variables["ansible_play_hosts_all"]:
            self._fleet.expect(host, memberships.get(host, ()))
        for host, (groups, trouble, message) in self._trouble.items():
            record = self._fleet.expect(host, groups)
            setattr(record, trouble, message)

    def _report(self) -> None:
        folder, history, given = (self.get_option(name) for name in ("folder", "history", "previous"))
        reports = Reports(Path(folder).absolute(), history=history)
        previous, told = reports.previous(Path(given) if given else None)
        self._fleet.warnings.update(dict.fromkeys(told))
        about = {
            "title": self.get_option("title"),
            "playbook": self._playbook,
            "mode": "run" if self._changes else "check",
            "collection_version": collection_version(),
        }
        document = self._fleet.document(about, self._began, previous)
        self._display.banner("COMPLIANCE")
        for line in summary_lines(document, _NAMED):
            self._display.display(line)
        try:
            written = reports.write(document, self.get_option("formats"))
        except OSError as error:
            self._display.error(f"The compliance report can't be written to {error.filename or folder}: {error.strerror}. Set UAMOPS_COMPLIANCE_FOLDER.")
            return
        if written:
            self._display.display(f"Report: {written[0]}")


def _looks_at_hosts(tasks: Iterable[Any]) -> bool:
    """True if one of the tasks, or of the tasks in blocks, is ours."""
    return any(_looks_at_hosts((*entry.block, *entry.rescue, *entry.always)) if hasattr(entry, "block") else _is_ours(entry) for entry in tasks)


def _is_ours(task: Any) -> bool:
    return _MODULE in (task.resolved_action or task.action or "").split(".")


def _groups(host: Any) -> list[str]:
    return [group.name for group in host.get_groups() if group.name not in ("all", "ungrouped")]


def _memberships(groups: Mapping[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for group, hosts in groups.items():
        if group not in ("all", "ungrouped"):
            for host in hosts:
                found.setdefault(host, []).append(group)
    return found


def _message(result: Mapping[str, Any], host: str) -> str:
    """The sentence without what Ansible and we put in front of it; of a loop, that of the item that failed."""
    bad = [item for item in result.get("results") or () if item.get("failed") or item.get("unreachable")]
    if bad:
        return _message(bad[0], host)
    text = str(result.get("msg") or result.get("censored") or "No reason was given.")
    for prefix in ("Task failed: ", "Action failed: ", f"{host}: "):
        text = text.removeprefix(prefix)
    return text
