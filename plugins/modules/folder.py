#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module folder; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: folder
short_description: Manage a folder on a Windows host
version_added: 0.1.0
description:
  - Makes a folder with those above it, or removes one with all that is in it.
  - A file in the folder's place is an error with O(state=present), and left alone with O(state=absent).
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  path:
    description:
      - The folder, absolute on a drive of the host. C(%ProgramFiles%), C(%ProgramFiles(x86)%), C(%ProgramData%), C(%SystemRoot%) and
        C(%SystemDrive%) stand for the host's own folders.
    type: str
    required: true
  state:
    description:
      - Whether the folder is there. V(absent) removes it with all that is in it.
      - Refused for a drive, a folder right below one, Windows' own folder except below its C(Temp), the folders that Windows makes for
        programs, data and users, all of Microsoft's below C(ProgramData), and in a user's profile all but what programs keep in C(AppData).
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: ansible.windows.win_file
"""

EXAMPLES = r"""
- name: Nothing of the agent's data is left
  uamops.netwrix_auditor.folder:
    path: '%ProgramData%\Netwrix Auditor\User Activity Core Service'
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
      sample: folder
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: '%ProgramData%\Netwrix Auditor\User Activity Core Service'
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
      sample: {"path": {"before": "C:\\ProgramData\\Netwrix Auditor\\User Activity Core Service", "after": null}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import FOLDER


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **FOLDER).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
