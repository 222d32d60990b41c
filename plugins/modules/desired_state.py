#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module desired_state; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: desired_state
short_description: Bring a host to a desired state in one plan over one connection
version_added: 0.1.0
description:
  - Takes a list of resources, reads them all from the host in few messages, then writes what differs and reads it back.
  - A host costs one task instead of one for each resource. In check mode the same plan is the drift report.
  - Nothing is written if any of the resources can't be had.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  resources:
    description:
      - The resources, each a dictionary with one key that names its kind. They are read together, then written in this order.
    type: list
    elements: dict
    required: true
    suboptions:
      service:
        description:
          - A Windows service. See M(uamops.netwrix_auditor.service).
        type: dict
        suboptions:
            name:
              description:
                - The short name of the service, in any letter case.
                - Exactly one of O(resources[].service.name) and O(resources[].service.image_path) is needed.
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
                - Whether a stopped service counts as started if its start mode is automatic and it has a start trigger for calls that
                  come in, so that Windows starts it on demand.
                - RemoteRegistry stops itself after ten idle minutes by design, so with V(false) it is found stopped most of the time
                  unless O(resources[].service.stop_when_idle=false).
              type: bool
              default: true
            stop_when_idle:
              description:
                - Whether RemoteRegistry may stop itself after ten idle minutes (registry value C(DisableIdleStop)). A running service
                  is restarted to take a change over.
                - Known for RemoteRegistry only. Left as it is if not given.
              type: bool
      firewall_group:
        description:
          - A group of built-in firewall rules. See M(uamops.netwrix_auditor.firewall_group).
        type: dict
        suboptions:
            group:
              description:
                - The group's resource id such as V(@FirewallAPI.dll,-28502), which is the same in every language, or its English name
                  such as V(File and Printer Sharing).
              type: str
              required: true
            profiles:
              description:
                - The profiles in which the group's rules are switched. A rule that holds for further profiles too is switched for all
                  of them, and a note says so.
                - Enabling also makes a rule allow that somebody has made block. Rules of File and Printer Sharing and of WMI, which
                  Windows ships for all profiles,
                  are made to hold in these profiles again if somebody has narrowed them.
              type: list
              elements: str
              choices: [domain, private, public]
              default: [domain]
            direction:
              description:
                - Which of the group's rules are switched.
              type: str
              choices: [in, out, both]
              default: both
            enabled:
              description:
                - Whether the rules are enabled.
              type: bool
              default: true
      firewall_rule:
        description:
          - A firewall rule. See M(uamops.netwrix_auditor.firewall_rule).
        type: dict
        suboptions:
            name:
              description:
                - The rule's name. Together with O(resources[].firewall_rule.direction) it says which rule is meant.
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
                - The program's path, any program if not given. V(%ProgramFiles%), V(%ProgramFiles(x86\)%), V(%ProgramData%) and
                  V(%SystemRoot%) stand for the host's own folders, and
                  V(%ProgramFiles(x86\)%) for V(%ProgramFiles%) on 32-bit Windows.
                - A path below O(resources[].firewall_rule.program_base) if that is given.
              type: str
            program_base:
              description:
                - Where O(resources[].firewall_rule.program) lies. The first candidate that resolves is taken.
                - A candidate is a registry value that holds a folder, which resolves if it is there, or a folder, which is taken as
                  it is. A registry value is written as V(HKLM\\SOFTWARE\\Vendor\\Product\\InstallPath). V(WOW6432Node) is left out on
                  32-bit Windows.
              type: list
              elements: str
            protocol:
              description:
                - The protocol as V(tcp), V(udp), V(icmpv4), V(icmpv6), V(any), or a number from V(0) to V(255).
              type: str
              default: any
            local_ports:
              description:
                - Ports and port ranges on the host, any port if not given. Needs O(resources[].firewall_rule.protocol) V(tcp) or V(udp).
              type: list
              elements: str
            remote_ports:
              description:
                - Ports and port ranges on the other side, any port if not given. Needs O(resources[].firewall_rule.protocol) V(tcp) or V(udp).
              type: list
              elements: str
            remote_addresses:
              description:
                - Who may be on the other side, anyone if not given. Addresses, networks, ranges, or V(localsubnet), V(dns), V(dhcp),
                  V(wins), V(defaultgateway).
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
                - Whether a rule with another name, but the same direction, action, program, protocol and port, is taken as the rule
                  meant instead of adding a second one. It keeps its name.
              type: bool
              default: true
      registry_value:
        description:
          - A registry value. See M(uamops.netwrix_auditor.registry_value).
        type: dict
        suboptions:
            path:
              description:
                - The key, such as V(HKLM\\SOFTWARE\\Vendor). Keys that are missing are made. Hives are C(HKLM), C(HKU), C(HKCR) and C(HKCC).
              type: str
              required: true
            name:
              description:
                - The value's name. Empty for the key's default value, which can be a string only.
              type: str
              default: ""
            type:
              description:
                - The value's type.
              type: str
              choices: [string, expandstring, multistring, dword, qword, binary]
              default: string
            data:
              description:
                - The value's data, a list for V(multistring), hexadecimal digits or a list of bytes for V(binary). Required if
                  O(resources[].registry_value.state=present).
              type: raw
            state:
              description:
                - Whether the value is there. The key itself is never removed.
              type: str
              choices: [present, absent]
              default: present
seealso:
  - module: uamops.netwrix_auditor.service
"""

EXAMPLES = r"""
- name: What User Activity monitoring needs of every computer
  uamops.netwrix_auditor.desired_state:
    resources:
      - service:
          name: Winmgmt
          start_mode: auto
          state: started
      - firewall_group:
          group: "@FirewallAPI.dll,-34251"
      - firewall_rule:
          name: UA Core Service outbound rule
          direction: out
          program: UAVRAgent.exe
          program_base:
            - HKLM\SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent\InstallPath
            - '%ProgramFiles(x86)%\Netwrix Auditor\User Activity Core Service'
          protocol: tcp
          remote_ports: [9004]
          profiles: [domain]
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import DESIRED_STATE


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **DESIRED_STATE).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
