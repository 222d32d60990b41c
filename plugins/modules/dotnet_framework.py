#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module dotnet_framework; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dotnet_framework
short_description: Make sure that a Windows host has the .NET Framework
version_added: 0.1.0
description:
  - Reads the release of the .NET Framework 4.5 or later, and installs a newer one by Microsoft's offline installer if it is too low.
  - The installer runs as SYSTEM, because Windows Update, which it uses, refuses accounts that come over the network. That is done by a
    scheduled task which is there for this one run.
  - Where Windows wants a restart before the release takes effect, RV(reboot_required) is true, and a note says so. A run before that
    restart tries again.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  release:
    description:
      - The least release that will do, as the number in the registry. V(528040) is 4.8, V(461808) is 4.7.2 and V(533320) is 4.8.1.
      - A higher release is as required, because each of them replaces those before it.
    type: int
    default: 528040
  installer:
    description:
      - Microsoft's offline installer, such as C(ndp48-x86-x64-allos-enu.exe). The form says where it lies.
      - V(https://...) is downloaded by the controller and needs O(sha256). V(\\\\server\\share\\file.exe) is copied by the host as SYSTEM,
        that is as its computer account, and needs O(sha256) too. V(C:\\folder\\file.exe) lies on the host. Everything else is a file of the controller.
      - Without it too low a release is drift and a warning in check mode, and an error in a run.
    type: str
  sha256:
    description:
      - The installer's SHA-256. Another file is refused.
    type: str
  arguments:
    description:
      - The installer's options. Without C(/norestart) it may restart the host by itself.
    type: str
    default: /q /norestart
  time_limit:
    description:
      - Seconds until the installer is ended with all that it has started, and the task fails.
    type: int
    default: 3600
  delivery:
    description:
      - How the installer comes to the host. V(auto) is over SMB, and through the connection of the play where SMB is refused or out of
        reach; V(smb) and V(connection) are one of them only.
      - V(host) means that the file lies on the host or on a share, and is refused for others.
    type: str
    choices: [auto, smb, connection, host]
    default: auto
  smb_port:
    description:
      - TCP port of SMB on the host.
    type: int
    default: 445
  concurrent_uploads:
    description:
      - How many hosts get a file from this controller at the same time, over all of Ansible's forks.
    type: int
    default: 10
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: uamops.netwrix_auditor.msi_package
  - module: ansible.windows.win_package
"""

EXAMPLES = r"""
- name: The .NET Framework is 4.8 or later, however it came to the host
  uamops.netwrix_auditor.dotnet_framework:

- name: Install the .NET Framework 4.8 where it is missing
  uamops.netwrix_auditor.dotnet_framework:
    installer: '{{ playbook_dir }}/files/ndp48-x86-x64-allos-enu.exe'
  register: dotnet

- name: Restart the host if the installation needs it
  ansible.windows.win_reboot:
  when: dotnet.reboot_required
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
      sample: dotnet_framework
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: '4.8'
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
      sample: {"release": {"before": 461814, "after": 528040}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import DOTNET_FRAMEWORK


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **DOTNET_FRAMEWORK).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
