#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module share_access; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: share_access
short_description: Check that accounts can read a share of a Windows host
version_added: 0.1.0
description:
  - Works out what the share's own permissions and those of its folder give together, entry by entry as Windows does. That is the resultant right, and
    what Netwrix Auditor asks for on C(Netwrix_UAVR$).
  - It changes no permissions. A missing right is drift in check mode, with the reason in words, and an error in a run, before anything is written.
    Put the account into a group that has access with M(uamops.netwrix_auditor.local_group_member), in front of this in the same list if you like.
  - Groups of the host are looked into. Whether somebody is in a group of a domain is not known to the host. Then a warning says that the account
    may have the right, and there is no drift.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  share:
    description:
      - The share's name alone, such as V(Netwrix_UAVR$).
    type: str
    required: true
  accounts:
    description:
      - Who has to be able to read it over the network. C(DOMAIN\name), C(DOMAIN\name$), C(name@domain), C(.\name) or a SID.
    type: list
    elements: str
    required: true
  rights:
    description:
      - What they have to be able to do.
    type: str
    choices: [read]
    default: read
seealso:
  - module: uamops.netwrix_auditor.local_group_member
  - module: uamops.netwrix_auditor.desired_state
"""

EXAMPLES = r"""
- name: Alice can play the recordings
  uamops.netwrix_auditor.share_access:
    share: Netwrix_UAVR$
    accounts: [LAB\alice]

- name: Alice is put into the group that has access, and can play the recordings then
  uamops.netwrix_auditor.desired_state:
    resources:
      - local_group_member: {group: Netwrix Auditor Client Users, members: [LAB\alice]}
      - share_access: {share: Netwrix_UAVR$, accounts: [LAB\alice]}
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
      sample: share_access
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: Netwrix_UAVR$
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
      sample: {"read": {"before": null, "after": ["LAB\\alice (S-1-5-21-1004336348-1177238915-682003330-1107)"]}}
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
  sample:
    - "LAB\\alice (S-1-5-21-1004336348-1177238915-682003330-1107) can't read Netwrix_UAVR$ on auditor01: no entry on the share allows it"
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import SHARE_ACCESS


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **SHARE_ACCESS).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
