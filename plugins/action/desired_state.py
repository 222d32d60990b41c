# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of module desired_state: see plugins/modules/desired_state.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..module_utils._specs import DESIRED_STATE
from ..plugin_utils._action import ResourceAction, result
from ..plugin_utils._compliance import Assessment, Waivers, control_of
from ..plugin_utils._host import Host
from ..plugin_utils._plan import Change, Resource, StateError


class ActionModule(ResourceAction):
    """Many resources, one plan, one connection, and a verdict on the control that each belongs to."""

    spec = DESIRED_STATE
    _assessment: Assessment
    _waivers: Waivers
    _unjudged: Sequence[Mapping[str, Any]] = ()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Waivers need to know the host's groups and the inventory's names."""
        self._variables = task_vars or {}
        return super().run(tmp, task_vars)

    def resources(self, arguments: Mapping[str, Any]) -> list[Resource[Host]]:
        """One resource for each entry of the list."""
        entries = [
            (entry["control"], self.resource(kind, options))
            for entry in arguments["resources"]
            for kind, options in entry.items()
            if kind != "control" and options is not None
        ]
        controls = {resource.key: control_of(control, resource.kind, resource.name) for control, resource in entries}
        self._unjudged = arguments["unjudged"] or ()
        groups: Mapping[str, Sequence[str]] = self._variables.get("groups", {})
        self._waivers = Waivers(
            arguments["waivers"] or (),
            date.today(),
            [self._variables.get("inventory_hostname", ""), *self._variables.get("group_names", ()), "all"],
            [*groups, *(name for members in groups.values() for name in members)],
            [control.id for control in controls.values()],
        )
        self._assessment = Assessment(controls, self._waivers)
        return [resource for _control, resource in entries]

    def report(self, host: Host, changes: Sequence[Change], *, applied: bool) -> dict[str, Any]:
        """With the verdicts."""
        told = result(host, changes)
        return {**told, "warnings": [*told["warnings"], *self._waivers.warnings], "compliance": self._compliance(host, changes, applied=applied)}

    def refusal(self, host: Host, error: StateError) -> dict[str, Any]:
        """With the verdicts on what could be looked at, and an error for each of the others."""
        return {**result(host, error.planned), "compliance": self._compliance(host, error.planned, error)}

    def _compliance(self, host: Host, changes: Sequence[Change], error: StateError | None = None, *, applied: bool = False) -> dict[str, Any]:
        unjudged = [self._assessment.unjudged(control_of(item["control"], "", item["resource"]), item["resource"], item["reason"]) for item in self._unjudged]
        checks = self._assessment.checks(changes, error.refused if error else (), applied=applied)
        return {"computer": host.system.computer, "applied": applied, "checks": [*checks, *unjudged], "warnings": self._waivers.warnings}
