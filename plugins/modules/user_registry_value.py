#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module user_registry_value; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: user_registry_value
short_description: Manage a value in the registry of users
version_added: 0.1.0
description:
  - Sets or removes one registry value below the hive of a user, of the profile that new users get, or of all users of the host.
  - Where the user is logged on, the hive is read and written as it is. Otherwise it is loaded for one command line and unloaded in the same
    line. This also happens in check mode, as a hive can't be read otherwise; it changes no setting.
  - A user who logs on in the very moment in which the hive is loaded may get a temporary profile. Run it when people are not at work.
  - An account that has no profile on the host has nothing to set yet. That is no difference, and a note says so.
  - Mandatory and temporary profiles are left alone with a warning, because Windows throws away at the logoff what is set there.
    A roaming profile is set where it is on this host; a note says that a newer copy on its server replaces it.
  - Policies win over what is set here, those of the machine and then those of the user. A warning tells if one sets the same in
    V(Software\\Policies\\Microsoft\\...), or if Internet Explorer's security zones of users count for nothing.
  - If one setting is meant for everybody, M(uamops.netwrix_auditor.registry_value) with a policy is the simpler way.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  user:
    description:
      - An account of the host or of a domain, as V(LAB\\alice), V(alice@example.com), V(.\\operator) or a SID.
      - V(default) is the profile that new users get. V(all) is everybody who has a profile, and V(default); one profile that can't be read
        is left out with a warning.
    type: str
    required: true
  path:
    description:
      - The key below the user's hive, such as V(Software\\Vendor\\Product). Keys that are missing are made.
      - V(Software\\Classes) lies in another hive and is refused.
    type: str
    required: true
  name:
    description:
      - The value's name. The default value of a key is not offered.
    type: str
    required: true
  type:
    description:
      - The value's type.
    type: str
    choices: [string, expandstring, multistring, dword, qword, binary]
    default: string
  data:
    description:
      - The value's data, a list for V(multistring), hexadecimal digits or a list of bytes for V(binary). Required if O(state=present).
      - A quotation mark can't be written for users who are not logged on.
    type: raw
  state:
    description:
      - Whether the value is there. The key itself is never removed.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: uamops.netwrix_auditor.registry_value
"""

EXAMPLES = r"""
- name: Files may be downloaded from the local intranet
  uamops.netwrix_auditor.user_registry_value:
    user: LAB\alice
    path: Software\Microsoft\Windows\CurrentVersion\Internet Settings\Zones\1
    name: '1803'
    type: dword
    data: 0

- name: The same for everybody who has a profile, and for those to come
  uamops.netwrix_auditor.user_registry_value:
    user: all
    path: Software\Microsoft\Windows\CurrentVersion\Internet Settings\Zones\1
    name: '1803'
    type: dword
    data: 0
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
      sample: user_registry_value
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: 'LAB\alice\Software\Vendor\Port'
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
      sample: {"data": {"before": 3, "after": 0}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import USER_REGISTRY_VALUE


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **USER_REGISTRY_VALUE).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
