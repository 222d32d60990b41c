#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module local_group_member; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: local_group_member
short_description: Manage members of a local group on a Windows host
version_added: 0.1.0
description:
  - Puts accounts into a local group, or takes them out. Everybody else in the group stays, and is told in C(notes).
  - Accounts are compared by their security identifiers (SIDs), so that it does not matter how they are written or which language the host has.
  - Windows does not show members whose account is gone, so nothing is said about those.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  group:
    description:
      - The group, by its name or by its SID, such as V(S-1-5-32-544) for the built-in Administrators, whose name is in the host's language.
      - Netwrix Auditor makes V(Netwrix Auditor Client Users) on its server. Its members see all recordings and all collected data.
    type: str
    required: true
  members:
    description:
      - The accounts. C(DOMAIN\name), C(DOMAIN\name$) for a group managed service account or a computer, C(name@domain), C(.\name) or a plain name for
        an account of the host itself, or a SID.
      - Give accounts whose names are in the host's language, such as C(LOCAL SERVICE), by their SIDs.
      - Without accounts nothing is changed, and who is in the group is told.
    type: list
    elements: str
    default: []
  state:
    description:
      - Whether the accounts are in the group.
      - C(net localgroup), which brings this about, does not take names of more than 20 characters on every release. A warning says so, and an error
        where it refuses one.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: uamops.netwrix_auditor.share_access
  - module: uamops.netwrix_auditor.desired_state
  - module: ansible.windows.win_group_membership
"""

EXAMPLES = r"""
- name: Alice and the managed service account see the recordings
  uamops.netwrix_auditor.local_group_member:
    group: Netwrix Auditor Client Users
    members:
      - LAB\alice
      - LAB\gmsa-uavr$

- name: The data collecting account is an administrator of the host
  uamops.netwrix_auditor.local_group_member:
    group: S-1-5-32-544
    members: [LAB\svc-netwrix]

- name: Bob is no longer one
  uamops.netwrix_auditor.local_group_member:
    group: S-1-5-32-544
    members: [LAB\bob]
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
      sample: local_group_member
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: Netwrix Auditor Client Users
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
      sample: {"members": {"before": null, "after": ["LAB\\alice (S-1-5-21-1004336348-1177238915-682003330-1107)"]}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import LOCAL_GROUP_MEMBER


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **LOCAL_GROUP_MEMBER).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
