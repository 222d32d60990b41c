# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of module server_info: see plugins/modules/server_info.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._specs import SERVER_INFO
from ..plugin_utils._action import InfoAction
from ..plugin_utils._host import Host
from ..plugin_utils._monitoring import ServerProbe


class ActionModule(InfoAction):
    """Reads one Auditor server."""

    spec = SERVER_INFO

    def prepare(self, arguments: Mapping[str, Any]) -> Callable[[Host], dict[str, Any]]:
        """Check the arguments, then read."""
        probe = ServerProbe(arguments)

        def work(host: Host) -> dict[str, Any]:
            server, notes = probe.read(host)
            return {"changed": False, "server": server, "notes": notes}

        return work
