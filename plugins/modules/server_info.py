# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and argument specification of module server_info; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: server_info
short_description: Read what a Netwrix Auditor server knows of its User Activity agents
version_added: 0.1.0
description:
  - Reads from an Auditor server its service, its port, the agents that it has in its list, its TCP connections to agents, and which agents it can connect to.
  - Run it once for each server and give the result to M(uamops.netwrix_auditor.agent_info) on the audited computers.
  - Nothing is changed on the host.
options:
  port:
    description: The TCP port that agents connect to. V(0) stands for what the server's registry says, and for 9004 if it says nothing.
    type: int
    default: 0
  image:
    description: File name of the program that the server's service runs.
    type: str
    default: UAVRServer.exe
  product_name:
    description: Name under which Windows Installer knows the server, for its version.
    type: str
    default: Netwrix Auditor
  reach:
    description:
      - Agents to connect to from the server, as it has to call them back.
      - An established connection of the server to the agent proves it. Otherwise the server tries one with C(curl.exe), which Windows has since
        Windows 10 1803 and Windows Server 2019; on older servers the outcome stays unknown.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: How the computer is called; M(uamops.netwrix_auditor.agent_info) looks for its name in the inventory or its own name.
        type: str
        required: true
      address:
        description: Its IP address, or a name that the server resolves. Only an IP address can be found among the connections that are there.
        type: str
        required: true
      port:
        description: The callback port of the agent.
        type: int
        default: 9003
  connect_timeout:
    description: Seconds that one connection may take, at least 1.
    type: int
    default: 3
  reach_seconds:
    description: Seconds after which no further connections are tried; the agents that are left are told as not tried.
    type: int
    default: 120
  wait_seconds:
    description:
      - Seconds to wait until all agents of O(reach) with an IP address are connected to the server and the server to them.
      - Useful right after agents were installed. What is missing afterwards is told and is no error.
    type: int
    default: 0
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes.info
  - uamops.netwrix_auditor.attributes
seealso:
  - module: uamops.netwrix_auditor.agent_info
author:
  - The uamops.netwrix_auditor authors (@uamops)
"""

EXAMPLES = r"""
- name: Ask the Auditor server whom it knows and reaches
  uamops.netwrix_auditor.server_info:
    reach:
      - name: pc1
        address: 192.0.2.10
  delegate_to: auditor01
  run_once: true
  register: auditor

- name: Ask the computers whether monitoring works
  uamops.netwrix_auditor.agent_info:
    server: auditor01
    server_info: "{{ auditor.server }}"
"""

RETURN = r"""
server:
  description: What the server says.
  returned: success
  type: dict
  contains:
    version:
      description: Version of the product, null if Windows Installer does not know it under O(product_name).
      type: str
    service:
      description: The service whose program is O(image), null if there is none.
      type: dict
      contains:
        name:
          description: Its short name.
          type: str
        state:
          description: V(running), V(stopped), V(start pending) and so on.
          type: str
        start_mode:
          description: V(auto), V(manual) or V(disabled).
          type: str
        process_id:
          description: Its process, 0 if it does not run.
          type: int
    install_path:
      description: Folder of the product, null if the registry does not say.
      type: str
    working_folder:
      description: Folder of the server's data.
      type: str
    port_registered:
      description: The port in the registry, null if there is none.
      type: int
    ports_listening:
      description: TCP ports that the server's own process listens on, null where Windows can't tell.
      type: list
      elements: int
    agents:
      description: Name and id of each agent in the server's list C(Agents.xml), null if it can't be read. Passwords in it are left out.
      type: list
      elements: dict
    connections:
      description: Established TCP connections of the server's process, with C(local_port), C(remote_address) and C(remote_port); null where Windows can't tell.
      type: list
      elements: dict
    reach:
      description: For each entry of O(reach) whether a connection is there or could be made; C(ok) is null if that is not known, and C(how) says it in words.
      type: list
      elements: dict
  sample:
    version: 10.7.13645
    service: {name: NwUserActivitySvc, state: running, start_mode: auto, process_id: 2412}
    install_path: C:\Program Files (x86)\Netwrix Auditor
    working_folder: C:\ProgramData\Netwrix Auditor
    port_registered: 9004
    ports_listening: [9004]
    agents:
      - {name: pc1.example.com, uniq_id: 6f0e2f5c-6d3a-4f43-8f6e-0d1b6c1c8a11}
    connections:
      - {local_port: 9004, remote_address: 192.0.2.10, remote_port: 50112}
      - {local_port: 61007, remote_address: 192.0.2.10, remote_port: 9003}
    reach:
      - {name: pc1, address: 192.0.2.10, port: 9003, ok: true, how: the server is connected to it (its port 61007)}
notes:
  description: What could not be read, and why.
  returned: success
  type: list
  elements: str
host:
  description: The host that was asked, by its name in the inventory.
  returned: success
  type: str
  sample: auditor01
transport:
  description: What it cost over WS-Management.
  returned: success
  type: dict
  sample: {bytes_received: 50122, bytes_sent: 18423, messages: 11}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import SERVER_INFO


def main() -> None:
    """Say so if something runs this file on a host."""
    AnsibleModule(supports_check_mode=True, **SERVER_INFO).fail_json(msg="This module runs on the controller, as an action.")


if __name__ == "__main__":
    main()
