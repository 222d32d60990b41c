#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module registry_value; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_value
short_description: Manage a value in the Windows registry
version_added: 0.1.0
description:
  - Sets or removes one registry value with its type.
  - The registry of the firewall service is refused, because the firewall does not notice changes there.
  - A warning tells if a policy decides instead - one that sets another value in the same key, as Windows has logged it (Resultant Set of Policy),
    or one that sets the same in V(HKLM\\SOFTWARE\\Policies\\Microsoft\\...) beside V(HKLM\\SOFTWARE\\Microsoft\\...).
  - RV(drift) and the differences of C(--diff) hold the data, old and new. Use C(no_log) for a value that is a secret.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  path:
    description:
      - The key, such as V(HKLM\\SOFTWARE\\Vendor). Keys that are missing are made. Hives are C(HKLM), C(HKU), C(HKCR) and C(HKCC).
    type: str
    required: true
  name:
    description:
      - The value's name. Empty for the key's default value, which can be a string only.
    type: str
    default: ""
  type:
    description:
      - The value's type.
    type: str
    choices: [string, expandstring, multistring, dword, qword, binary]
    default: string
  data:
    description:
      - The value's data, a list for V(multistring), hexadecimal digits or a list of bytes for V(binary). Required if O(state=present).
    type: raw
  state:
    description:
      - Whether the value is there. The key itself is never removed.
    type: str
    choices: [present, absent]
    default: present
  missing_key:
    description:
      - What a missing key means. V(create) makes it. With V(ignore) the value does not apply to the host, nothing is set, and a note says so.
        An example are settings that servers have and clients don't.
    type: str
    choices: [create, ignore]
    default: create
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: ansible.windows.win_regedit
"""

EXAMPLES = r"""
- name: Remote Registry does not stop when idle
  uamops.netwrix_auditor.registry_value:
    path: HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\RemoteRegistry
    name: DisableIdleStop
    type: dword
    data: 1
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
      sample: registry_value
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: 'HKLM\SOFTWARE\Vendor\Port'
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
      sample: {"data": {"before": 0, "after": 1}}
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
  description: What keeps a resource from having its effect and is not this module's to change, such as a firewall rule that blocks.
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import REGISTRY_VALUE


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **REGISTRY_VALUE).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
