#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module firewall_rule; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: firewall_rule
short_description: Manage a Windows Firewall rule for a program and its ports
version_added: 0.1.0
description:
  - Creates, changes or removes a rule of Windows Firewall.
  - Every change is one command of C(netsh), so the rule is never open wider than asked for. It is read back from the rule store.
  - A rule that an administrator made by hand for the same program and port is adopted. Duplicates are reported.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  name:
    description:
      - The rule's name. Together with O(direction) it says which rule is meant.
    type: str
    required: true
  direction:
    description:
      - Whether the rule is for inbound or outbound connections.
    type: str
    choices: [in, out]
    required: true
  state:
    description:
      - Whether the rule is there. V(absent) removes every rule of this name and direction.
    type: str
    choices: [present, absent]
    default: present
  action:
    description:
      - What the rule does with a connection.
    type: str
    choices: [allow, block]
    default: allow
  program:
    description:
      - The program's path, any program if not given. V(%ProgramFiles%), V(%ProgramFiles(x86\)%), V(%ProgramData%) and V(%SystemRoot%) stand for
        the host's own folders, and
        V(%ProgramFiles(x86\)%) for V(%ProgramFiles%) on 32-bit Windows.
      - A path below O(program_base) if that is given.
    type: str
  program_base:
    description:
      - Where O(program) lies. The first candidate that resolves is taken.
      - A candidate is a registry value that holds a folder, which resolves if it is there, or a folder, which is taken as it is. A registry
        value is written as V(HKLM\\SOFTWARE\\Vendor\\Product\\InstallPath). V(WOW6432Node) is left out on 32-bit Windows.
    type: list
    elements: str
  protocol:
    description:
      - The protocol as V(tcp), V(udp), V(icmpv4), V(icmpv6), V(any), or a number from V(0) to V(255).
    type: str
    default: any
  local_ports:
    description:
      - Ports and port ranges on the host, any port if not given. Needs O(protocol) V(tcp) or V(udp).
    type: list
    elements: str
  remote_ports:
    description:
      - Ports and port ranges on the other side, any port if not given. Needs O(protocol) V(tcp) or V(udp).
    type: list
    elements: str
  remote_addresses:
    description:
      - Who may be on the other side, anyone if not given. Addresses, networks, ranges, or V(localsubnet), V(dns), V(dhcp), V(wins),
        V(defaultgateway).
    type: list
    elements: str
  profiles:
    description:
      - The profiles in which the rule holds.
    type: list
    elements: str
    choices: [domain, private, public]
    default: [domain, private, public]
  enabled:
    description:
      - Whether the rule is enabled.
    type: bool
    default: true
  adopt:
    description:
      - Whether a rule with another name, but the same direction, action, program, protocol and port, is taken as the rule meant instead of
        adding a second one. It keeps its name.
    type: bool
    default: true
seealso:
  - module: uamops.netwrix_auditor.desired_state
  - module: community.windows.win_firewall_rule
"""

EXAMPLES = r"""
- name: The Auditor server takes connections of its agents
  uamops.netwrix_auditor.firewall_rule:
    name: UA Server inbound rule
    direction: in
    program: User Activity Video Recording\UAVRServer.exe
    program_base:
      - HKLM\SOFTWARE\WOW6432Node\Netwrix Auditor\InstallPath
      - '%ProgramFiles(x86)%\Netwrix Auditor'
    protocol: tcp
    local_ports: [9004]
    profiles: [domain]

- name: No rule is left of an old product
  uamops.netwrix_auditor.firewall_rule:
    name: Old product
    direction: out
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
      sample: firewall_rule
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: UA Server inbound rule (in)
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
      sample: {"local_ports": {"before": ["9005"], "after": ["9004"]}}
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
  sample: ["firewall_rule UA Server inbound rule (in): adopted the rule 'UA in', ..."]
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import FIREWALL_RULE


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **FIREWALL_RULE).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
