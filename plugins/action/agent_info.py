# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of module agent_info: see plugins/modules/agent_info.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..module_utils._specs import AGENT_INFO
from ..plugin_utils._action import InfoAction
from ..plugin_utils._host import Host
from ..plugin_utils._monitoring import AgentProbe, Check, Facts, Wanted, judge


class ActionModule(InfoAction):
    """Looks at one audited computer and judges what it sees."""

    spec = AGENT_INFO

    def prepare(self, arguments: Mapping[str, Any]) -> Callable[[Host], dict[str, Any]]:
        """Check the arguments, then read and judge."""
        probe = AgentProbe(arguments)

        def work(host: Host) -> dict[str, Any]:
            facts = probe.read(host)
            return _result(host, probe.wanted, facts, judge(probe.wanted, facts), fail=arguments["fail"])

        return work


def _result(host: Host, wanted: Wanted, facts: Facts, checks: Sequence[Check], *, fail: bool) -> dict[str, Any]:
    wrong = [check for check in checks if check.status == "failed"]
    result: dict[str, Any] = {
        "changed": False,
        "agent": _agent(wanted, facts),
        "checks": [asdict(check) for check in checks],
        "failed_checks": [check.id for check in wrong],
        "unknown_checks": [check.id for check in checks if check.status == "unknown"],
        "healthy": not wrong,
    }
    if fail and wrong:
        # A failed result and no exception: what was seen is what the person needs now.
        said = " ".join(f"{check.id}: {check.text}" for check in wrong)
        result |= {"failed": True, "msg": f"{host.name}: User Activity monitoring does not work. {said}"}
    return result


def _agent(wanted: Wanted, facts: Facts) -> dict[str, Any]:
    service = facts.later or facts.service
    return {
        "installed": facts.installed,
        "version": facts.product.version if facts.product else None,
        "product_code": facts.product.code if facts.product else None,
        "service": None
        if service is None
        else {"name": service.name, "state": service.state, "start_mode": service.start_mode, "process_id": service.process_id},
        "uniq_id": facts.setting("UniqID") or None,
        "server": facts.setting(wanted.server_value) or None,
        "server_port": facts.port("ServerPort", 9004) if facts.installed else None,
        "callback_port": facts.port("CallbackPort", 9003) if facts.installed else None,
        "install_path": facts.setting("InstallPath").rstrip("\\") or None,
        "dotnet_release": facts.dotnet_release,
    }
