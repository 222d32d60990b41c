# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of module desired_state: see plugins/modules/desired_state.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._specs import DESIRED_STATE
from ..plugin_utils._action import ResourceAction
from ..plugin_utils._host import Host
from ..plugin_utils._plan import Resource


class ActionModule(ResourceAction):
    """Many resources, one plan, one connection."""

    spec = DESIRED_STATE

    def resources(self, arguments: Mapping[str, Any]) -> list[Resource[Host]]:
        """One resource for each entry of the list."""
        return [self.resource(kind, options) for entry in arguments["resources"] for kind, options in entry.items() if options is not None]
