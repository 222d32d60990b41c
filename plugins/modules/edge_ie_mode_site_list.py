#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module edge_ie_mode_site_list; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: edge_ie_mode_site_list
short_description: Manage a site list of Microsoft Edge's Internet Explorer mode
version_added: 0.1.0
description:
  - Writes an enterprise site list (schema v.2), which tells Microsoft Edge what to open in Internet Explorer mode.
  - The file belongs to this module. It holds exactly the sites that are given; what others have added is removed, and a damaged file is replaced.
  - The version in the list grows by one with each change, as Edge takes a list only if its version is higher than that of the last one.
    A list that is new starts with the minutes since 1970, so that Edge takes it even if it knows an older list from this place.
  - Edge finds the list by the policy C(InternetExplorerIntegrationSiteList) in C(HKLM\SOFTWARE\Policies\Microsoft\Edge), which is a
    M(uamops.netwrix_auditor.registry_value). It reads the list when it starts.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  path:
    description:
      - The file, absolute on a drive of the host. C(%ProgramFiles%), C(%ProgramFiles(x86)%), C(%ProgramData%), C(%SystemRoot%) and
        C(%SystemDrive%) stand for the host's own folders.
      - A folder that is missing is made, for users to read and for administrators to write. One that is there keeps its rights, which are
        not looked at; it should let users read and only administrators write.
    type: str
    required: true
  sites:
    description:
      - The sites. Required if O(state=present).
    type: list
    elements: dict
    suboptions:
      url:
        description:
          - Host, port and path without a protocol, as in V(auditor.example.com/reports). All below it is meant too.
        type: str
        required: true
      open_in:
        description:
          - Internet Explorer mode, Microsoft Edge itself, or what the site before it was opened in.
        type: str
        choices: [ie11, edge, configurable]
        default: ie11
      compat_mode:
        description:
          - The document mode.
        type: str
        choices: [Default, IE11, IE10, IE9, IE8, IE7, IE5, IE8Enterprise, IE7Enterprise]
        default: Default
      allow_redirect:
        description:
          - Whether it also counts when the site is reached by a redirection.
        type: bool
        default: false
  state:
    description:
      - Whether the file is there. V(absent) removes it, and leaves its folder.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: uamops.netwrix_auditor.registry_value
"""

EXAMPLES = r"""
- name: Reports with links to recordings open in Internet Explorer mode
  uamops.netwrix_auditor.edge_ie_mode_site_list:
    path: C:\ProgramData\Netwrix Auditor IE mode\sites.xml
    sites:
      - url: auditor.example.com/reports
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
      sample: edge_ie_mode_site_list
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: 'C:\ProgramData\Netwrix Auditor IE mode\sites.xml'
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
      sample: {"sites": {"before": [], "after": ["auditor.example.com/reports in IE11 as Default"]}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import EDGE_IE_MODE_SITE_LIST


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **EDGE_IE_MODE_SITE_LIST).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
