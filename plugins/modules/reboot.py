#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module reboot; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: reboot
short_description: Restart a Windows host that waits for it
version_added: 0.1.0
description:
  - Restarts a host if Windows waits for a restart, and goes on when the host is ready again.
  - The host counts as back only when it says itself that Windows was started anew. It may refuse connections, hang or refuse the login
    for a while before that.
  - A host that does not come back in time fails the task; it is not counted as unreachable.
  - The order is C(shutdown.exe), whose restart takes the place of one that is scheduled already, or Win32_OperatingSystem's method
    C(Win32Shutdown) where that is refused. Programs that do not end by themselves are ended.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  when:
    description:
      - V(required) restarts if Windows waits for it, or if O(requested) or O(file_renames) says so. V(always) restarts anyway.
    type: str
    choices: [required, always]
    default: required
  requested:
    description:
      - Whether a task before asked for a restart, its RV(ignore:reboot_required). Windows does not remember every such wish.
    type: bool
    default: false
  file_renames:
    description:
      - Whether files that wait to be replaced when Windows starts (C(PendingFileRenameOperations)) are a reason, too. Virus scanners
        and printer drivers leave such files at any time.
    type: bool
    default: false
  msg:
    description:
      - What users see before the restart, and what the event log keeps. One line of at most 512 characters without quotation marks and percent signs.
    type: str
    default: Restarted by Ansible
  delay:
    description:
      - Seconds between the order and the shutdown, at least 2.
    type: int
    default: 5
  timeout:
    description:
      - Seconds from the order until the host has to be ready.
    type: int
    default: 1200
  connect_timeout:
    description:
      - Seconds for one connection, and for one answer, while the host is waited for.
    type: int
    default: 5
  settle:
    description:
      - Seconds to wait when the host is ready.
    type: int
    default: 0
  wait_for_services:
    description:
      - Services, by their short names, that have to run before the host is ready.
    type: list
    elements: str
    default: []
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: ansible.windows.win_reboot
"""

EXAMPLES = r"""
- name: The agent is installed
  uamops.netwrix_auditor.msi_package:
    path: UACoreSvcSetup.msi
  register: agent

- name: Windows is restarted if it waits for that
  uamops.netwrix_auditor.reboot:
    requested: '{{ agent.reboot_required }}'
    wait_for_services: [Winmgmt]
  throttle: 1
"""

RETURN = r"""
drift:
  description: What differed from what was asked, one entry for each resource that did. Empty if nothing is to be done.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: The kind of resource.
      type: str
      returned: always
      sample: restart
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: Windows
    before:
      description: V(present), or null if the resource was absent.
      type: str
      returned: always
      sample: present
    after:
      description: V(present), or null if the resource is to be absent.
      type: str
      returned: always
      sample: present
    differences:
      description: The keys of the state that differed, each with its value before and after.
      type: dict
      returned: always
      sample: {"restart": {"before": "needed", "after": "not needed"}}
    notes:
      description: Facts about the resource that are no part of its state, warnings among them.
      type: list
      elements: str
      returned: always
notes:
  description: What a person should know besides the state, in plain words, also about resources that are as asked.
  returned: always
  type: list
  elements: str
  sample: []
warnings:
  description: What keeps a resource from having its effect and is not this module's to change.
  returned: if there are any
  type: list
  elements: str
reboot_required:
  description:
    - Whether the host waits for a restart, by what this task has done or, for modules that may leave a host so, by what Windows says
      itself, also if this task has done nothing. Only M(uamops.netwrix_auditor.reboot) restarts a host.
  returned: always
  type: bool
  sample: false
reboot_reasons:
  description:
    - Why the host waits for a restart, empty if it does not. V(this_task) stands for what this task has done, all others for what Windows
      says itself - V(servicing), V(servicing_in_progress), V(servicing_packages), V(windows_update), V(update_exe), V(computer_name) and
      V(domain_join). Files that wait to be replaced are no reason by themselves, and are told in RV(notes).
  returned: always
  type: list
  elements: str
  sample: []
rebooted:
  description: Whether this task has restarted the host. Never in check mode, where RV(ignore:changed) says whether a run would.
  returned: always
  type: bool
  sample: true
reasons:
  description:
    - Why the host was or would be restarted, empty if not. Those of RV(reboot_reasons), and V(file_renames), V(requested) and V(always) for the
      options of these names.
  returned: always
  type: list
  elements: str
  sample: [servicing]
elapsed:
  description: Seconds from the order until the host was ready; 0 if it was not restarted.
  returned: always
  type: int
  sample: 94
boot_time_before:
  description: When Windows had been started before, in UTC. Null if it was not restarted.
  returned: always
  type: str
  sample: '2026-01-05T08:12:40Z'
boot_time_after:
  description: When Windows was started by this restart, in UTC. Null if it was not restarted.
  returned: always
  type: str
  sample: '2026-01-05T09:30:12Z'
host:
  description: The host's name in the inventory.
  returned: always
  type: str
  sample: ws2016
transport:
  description: What the task cost.
  returned: always
  type: dict
  contains:
    messages:
      description: WS-Management messages sent.
      type: int
      returned: always
      sample: 9
    bytes_sent:
      description: Bytes of these messages.
      type: int
      returned: always
      sample: 13120
    bytes_received:
      description: Bytes of the answers.
      type: int
      returned: always
      sample: 181250
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import REBOOT


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **REBOOT).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
