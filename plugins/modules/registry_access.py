#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module registry_access; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_access
short_description: Let an account read a registry key of a Windows host
version_added: 0.1.0
description:
  - Gives an account the right to read a key and those below it, if it does not have it already, by itself or through a group. One entry is added to the
    key's permissions. All others stay, as do owner and group.
  - An entry that denies the right is an error. It would still come first, and is not this module's to remove.
  - For the key C(winreg) the right takes effect when the service Remote Registry or the host has been restarted. A note says so.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  path:
    description:
      - The key, beginning with C(HKLM), C(HKU), C(HKCR) or C(HKCC). It has to exist.
    type: str
    required: true
  account:
    description:
      - The account, by its SID such as V(S-1-5-19) for LOCAL SERVICE, whose name is in the host's language, or as C(DOMAIN\name), C(name@domain)
        or C(.\name).
    type: str
    required: true
  rights:
    description:
      - What it has to be able to do. V(read) is C(KEY_READ).
    type: str
    choices: [read]
    default: read
seealso:
  - module: uamops.netwrix_auditor.registry_key
  - module: uamops.netwrix_auditor.desired_state
"""

EXAMPLES = r"""
- name: LOCAL SERVICE may read what the Remote Registry service asks
  uamops.netwrix_auditor.registry_access:
    path: HKLM\SYSTEM\CurrentControlSet\Control\SecurePipeServers\winreg
    account: S-1-5-19
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
      sample: registry_access
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: HKLM\SYSTEM\CurrentControlSet\Control\SecurePipeServers\winreg S-1-5-19
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
      sample: {"read": {"before": false, "after": true}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import REGISTRY_ACCESS


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **REGISTRY_ACCESS).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
