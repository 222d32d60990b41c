#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module service; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service
short_description: Manage how a Windows service starts and whether it runs
version_added: 0.1.0
description:
  - Sets the start mode and the state of a Windows service, found by its name or by its program.
  - When Windows refuses, its return value is told in words.
  - A service that is not there is drift and a warning in check mode, because something else may be about to install it, and an error in a run.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  name:
    description:
      - The short name of the service, in any letter case.
      - Exactly one of O(name) and O(image_path) is needed.
    type: str
  image_path:
    description:
      - The program of the service, as a full path or as a file name in any folder, for services whose short name is not known.
    type: str
  start_mode:
    description:
      - How the service starts. V(delayed) is Automatic (Delayed Start).
      - Left as it is if not given.
    type: str
    choices: [auto, delayed, manual, disabled]
  state:
    description:
      - Whether the service runs.
      - Left as it is if not given.
    type: str
    choices: [started, stopped]
  accept_trigger_start:
    description:
      - Whether a stopped service counts as started if its start mode is automatic and it has a start trigger for calls that come in, so that
        Windows starts it on demand.
      - RemoteRegistry stops itself after ten idle minutes by design, so with V(false) it is found stopped most of the time unless
        O(stop_when_idle=false).
    type: bool
    default: true
  stop_when_idle:
    description:
      - Whether RemoteRegistry may stop itself after ten idle minutes (registry value C(DisableIdleStop)). A running service is restarted to
        take a change over.
      - Known for RemoteRegistry only. Left as it is if not given.
    type: bool
  settings:
    description:
      - Registry values that belong to the service because it reads them when it starts. When one of them is to change, a running service is
        stopped while they are written, and started again.
      - O(state) is required with them, so that a run after one that was cut off in between knows whether the service should run.
      - A value of another type than asked is replaced.
    type: list
    elements: dict
    suboptions:
      path:
        description:
          - The key, such as V(HKLM\\SOFTWARE\\Vendor). On 32-bit Windows C(WOW6432Node) is left out of it.
        type: str
        required: true
      name:
        description:
          - The value's name.
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
          - The value's data, as for M(uamops.netwrix_auditor.registry_value). Required if O(settings[].state=present).
          - With O(settings[].state=absent) and data, the value is removed only if it holds this data.
        type: raw
      state:
        description:
          - Whether the value is there.
        type: str
        choices: [present, absent]
        default: present
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: ansible.windows.win_service
"""

EXAMPLES = r"""
- name: Windows Management Instrumentation starts by itself and runs
  uamops.netwrix_auditor.service:
    name: Winmgmt
    start_mode: auto
    state: started

- name: Remote Registry runs all the time
  uamops.netwrix_auditor.service:
    name: RemoteRegistry
    start_mode: auto
    state: started
    accept_trigger_start: false
    stop_when_idle: false

- name: The agent's service, whatever its name is
  uamops.netwrix_auditor.service:
    image_path: UAVRAgent.exe
    start_mode: auto
    state: started

- name: The agent reports to another server from now on
  uamops.netwrix_auditor.service:
    image_path: UAVRAgent.exe
    state: started
    settings:
      - path: HKLM\SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent
        name: ServerName
        data: auditor02.example.com
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
      sample: service
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: Winmgmt
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
      sample: {"start_mode": {"before": "manual", "after": "auto"}}
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
  sample: ["service RemoteRegistry: stopped now, but Automatic with a start trigger ..."]
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import SERVICE


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **SERVICE).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
