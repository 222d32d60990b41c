#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module defender_exclusion; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: defender_exclusion
short_description: Manage exclusions of Microsoft Defender Antivirus
version_added: 0.1.0
description:
  - Makes sure that paths, processes and extensions are excluded from scanning, or that they are not. What others have excluded stays.
  - What counts is what is in force. An exclusion of Group Policy or Intune is as good as a local one, and a local one does not count where
    policy lets no others count but its own.
  - Where the exclusions can't be changed on the host, nothing is written and the task does not fail. A warning says what to exclude where.
    That is so where there is no Defender (Windows Server 2012 and 2012 R2, and servers without its feature), where another antivirus has
    taken its place, where a policy hides the exclusions or lets only its own count, and where tamper protection locks them.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  paths:
    description:
      - Folders and files that are not scanned, absolute. C(%ProgramFiles%), C(%ProgramFiles(x86)%), C(%ProgramData%), C(%SystemRoot%) and
        C(%SystemDrive%) stand for the host's own folders. A backslash at the end does not matter.
      - An element may also be a list of candidates, of which the first that the host has is taken. A candidate may be a registry value
        that holds a folder, C(HKLM\...\Key\Value); on 32-bit Windows C(WOW6432Node) is left out of it.
      - A whole drive and the folders that hold all of Windows, all programs, all data or all users are refused.
    type: list
    elements: raw
    default: []
  processes:
    description:
      - Programs whose files are not scanned when they open them, each as a path or as a plain file name. As for O(paths), an element may
        be a list of candidates.
    type: list
    elements: raw
    default: []
  extensions:
    description:
      - Extensions of files that are not scanned, with or without the dot.
    type: list
    elements: str
    default: []
  state:
    description:
      - Whether they are excluded. V(absent) removes local exclusions only; those of a policy stay, with a warning.
    type: str
    choices: [present, absent]
    default: present
notes:
  - At least one of O(paths), O(processes) and O(extensions) is needed.
  - Microsoft Defender only. Other antivirus products have to be told by their own means.
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: uamops.netwrix_auditor.msi_package
"""

EXAMPLES = r"""
- name: The agent's folders are not scanned, wherever they are
  uamops.netwrix_auditor.defender_exclusion:
    paths:
      - '%ProgramData%\Netwrix Auditor'
      - - 'HKLM\SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent\InstallPath'
        - '%ProgramFiles(x86)%\Netwrix Auditor\User Activity Core Service'

- name: An exclusion that nobody needs any more is gone
  uamops.netwrix_auditor.defender_exclusion:
    paths: ['%SystemRoot%\ADCR_Agent']
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
      sample: defender_exclusion
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: '%ProgramData%\Netwrix Auditor'
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
      sample: {"paths": {"before": null, "after": ["C:\\ProgramData\\Netwrix Auditor"]}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import DEFENDER_EXCLUSION


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **DEFENDER_EXCLUSION).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
