#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module firewall_group; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: firewall_group
short_description: Switch a group of built-in firewall rules by its language-neutral id
version_added: 0.1.0
description:
  - Enables or disables the rules of a built-in group of Windows Firewall for the given profiles, rule by rule.
  - Groups are matched by their resource ids, so it works the same on every language and release of Windows.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  group:
    description:
      - The group's resource id such as V(@FirewallAPI.dll,-28502), which is the same in every language, or its English name such as V(File and
        Printer Sharing).
    type: str
    required: true
  profiles:
    description:
      - The profiles in which the group's rules are switched. A rule that holds for further profiles too is switched for all of them, and a note
        says so.
      - Enabling also makes a rule allow that somebody has made block. Rules of File and Printer Sharing and of WMI, which Windows ships for all
        profiles,
        are made to hold in these profiles again if somebody has narrowed them.
    type: list
    elements: str
    choices: [domain, private, public]
    default: [domain]
  direction:
    description:
      - Which of the group's rules are switched.
    type: str
    choices: [in, out, both]
    default: both
  enabled:
    description:
      - Whether the rules are enabled.
    type: bool
    default: true
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: uamops.netwrix_auditor.firewall_rule
"""

EXAMPLES = r"""
- name: File and Printer Sharing is allowed in the domain
  uamops.netwrix_auditor.firewall_group:
    group: "@FirewallAPI.dll,-28502"

- name: Windows Management Instrumentation is allowed in the domain
  uamops.netwrix_auditor.firewall_group:
    group: Windows Management Instrumentation (WMI)
    profiles: [domain]
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
      sample: firewall_group
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: '@FirewallAPI.dll,-28502 (File and Printer Sharing) for domain'
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
      sample: {"FPS-SMB-In-TCP": {"before": "disabled", "after": "enabled"}}
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
  sample: ["firewall_group wmi: 4 rules of this host hold for further profiles too"]
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import FIREWALL_GROUP


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **FIREWALL_GROUP).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
