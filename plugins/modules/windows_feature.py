#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module windows_feature; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: windows_feature
short_description: Enable or disable a Windows feature
version_added: 0.1.0
description:
  - Enables or disables a feature or a capability of Windows by DISM, on servers and clients from Windows 7 and Server 2008 R2 on. The host is not restarted.
  - Four neutral names stand for what is needed to watch videos of user activity, whatever the release and edition calls it. Where a
    release has nothing to switch, the task is unchanged and RV(notes) says why; where it can't have it at all, RV(warnings) does.
  - What waits for a restart counts as it will be afterwards. RV(reboot_required) stays true until the host has been restarted.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  name:
    description:
      - V(media-foundation), V(ink-and-handwriting), V(desktop-experience) or V(internet-explorer), or any name that
        C(dism /online /english /get-features) prints. A name with C(~) in it is that of a capability, C(OpenSSH.Client~~~~0.0.1.0) for one.
      - On Windows 10 and 11 N, V(media-foundation) is the capability Media Feature Pack. On Windows 11 and Server 2025,
        V(internet-explorer) is the capability that Internet Explorer mode of Edge needs.
      - These are no names of Server Manager. C(Server-Media-Foundation) there is C(ServerMediaFoundation) here.
    type: str
    required: true
  state:
    description:
      - Whether the feature is enabled. V(absent) disables it with all that builds on it; its files stay on the host. A capability is removed.
    type: str
    choices: [present, absent]
    default: present
  source:
    description:
      - Folders with the feature's files, tried in turn, for hosts that have none themselves and can't get them from Windows Update. On the host, or UNC.
        It has to be of the very release, C(sources\sxs) of the installation medium or the C(Windows) folder of a mounted image.
      - A share has to be readable for the host's computer account.
      - Windows 7 and Server 2008 R2 have all files themselves; the option is not used there.
    type: list
    elements: str
    default: []
  limit_access:
    description:
      - Never ask Windows Update or WSUS for files.
    type: bool
    default: false
  include_parents:
    description:
      - Enable the features that it builds on, too.
      - DISM of Windows 7 and Server 2008 R2 can't; name those features before it, each as a resource of its own. For the neutral names that is done for you.
    type: bool
    default: true
  repair:
    description:
      - If Windows says that its component store is damaged, restore it with O(source) and O(limit_access), and try once more. This takes long.
    type: bool
    default: false
  time_limit:
    description:
      - Seconds that one run of DISM may take. With C(-v) a line every minute says that it still works.
    type: int
    default: 3600
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: ansible.windows.win_feature
  - module: ansible.windows.win_optional_feature
"""

EXAMPLES = r"""
- name: What playback on the Auditor server needs, whatever its release
  uamops.netwrix_auditor.windows_feature:
    name: "{{ item }}"
  loop: [media-foundation, ink-and-handwriting, desktop-experience]

- name: The same in one task, with files from the installation medium
  uamops.netwrix_auditor.desired_state:
    resources:
      - windows_feature: {name: media-foundation, source: ['D:\sources\sxs']}
      - windows_feature: {name: ink-and-handwriting, source: ['D:\sources\sxs']}
      - windows_feature: {name: desktop-experience, source: ['D:\sources\sxs']}

- name: A telnet client, even if the component store has to be repaired first
  uamops.netwrix_auditor.windows_feature:
    name: TelnetClient
    repair: true
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
      sample: windows_feature
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: media-foundation
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
      sample: {"state": {"before": "disabled", "after": "enabled"}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import WINDOWS_FEATURE


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **WINDOWS_FEATURE).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
