#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module registry_key; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_key
short_description: Manage a key in the Windows registry
version_added: 0.1.0
description:
  - Makes a registry key with those above it, or removes one with its values and all keys below it.
  - M(uamops.netwrix_auditor.registry_value) makes the keys that it needs by itself.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  path:
    description:
      - The key, such as V(HKLM\\SOFTWARE\\Vendor\\Product). Hives are C(HKLM), C(HKU), C(HKCR) and C(HKCC). On 32-bit Windows
        C(WOW6432Node) is left out of it.
    type: str
    required: true
  state:
    description:
      - Whether the key is there. V(absent) removes it with its values and all keys below it.
      - Refused for a hive, for the two levels below it, for all of C(HKLM) but C(SOFTWARE), for all below keys of
        V(HKLM\\SOFTWARE\\Microsoft) that begin with C(Windows), and for other keys that Windows itself or many products need.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: uamops.netwrix_auditor.registry_value
  - module: ansible.windows.win_regedit
"""

EXAMPLES = r"""
- name: Nothing of the agent's settings is left
  uamops.netwrix_auditor.registry_key:
    path: HKLM\SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent
    state: absent
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
      sample: registry_key
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: 'HKLM\SOFTWARE\Vendor\Product'
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
      sample: {"path": {"before": "HKLM\\SOFTWARE\\Vendor\\Product", "after": null}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import REGISTRY_KEY


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **REGISTRY_KEY).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
