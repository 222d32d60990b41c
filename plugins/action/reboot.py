# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of module reboot: see plugins/modules/reboot.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._specs import REBOOT
from ..plugin_utils._action import ResourceAction
from ..plugin_utils._host import Host
from ..plugin_utils._plan import Resource
from ..plugin_utils._resources import Restart


class ActionModule(ResourceAction):
    """A plan of one resource, whose change is the restart."""

    spec = REBOOT
    kind = "restart"

    def resources(self, arguments: Mapping[str, Any]) -> list[Resource[Host]]:
        """No kind of desired_state: a restart is done once, and is no state to keep."""
        self._restart = Restart(arguments)
        return [self._restart]

    def prepare(self, arguments: Mapping[str, Any]) -> Callable[[Host], dict[str, Any]]:
        """The plan's result with what is the restart's own."""
        work = super().prepare(arguments)
        return lambda host: {**work(host), **self._restart.facts()}
