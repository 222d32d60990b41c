# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and argument specification of module agent_info; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: agent_info
short_description: Find out whether User Activity monitoring works on an audited computer
version_added: 0.1.0
description:
  - Looks at the agent, the User Activity Core Service, on an audited computer, and at the ways by which the Auditor server reads that computer.
  - Makes a list of checks of it. Each says what was seen in one line, and what to do where it failed.
  - A failed check does not fail the task unless O(fail) says so.
  - Nothing is changed on the host.
options:
  server:
    description:
      - Name or address of the Auditor server that the agent has to report to. Left out, the agent's server is not compared.
      - Letter case does not matter, and a short name stands for a full one that begins with it.
    type: str
    default: ""
  server_addresses:
    description: Addresses of that server. The agent's connection is compared with those of them that are IP addresses.
    type: list
    elements: str
    default: []
  server_port:
    description: TCP port of the server that agents connect to.
    type: int
    default: 9004
  callback_port:
    description: TCP port on which the server calls the agent.
    type: int
    default: 9003
  server_value:
    description: Value of the agent's registry key that holds the server's name. The vendor does not publish which one it is.
    type: str
    default: ServerName
  image:
    description: File name of the agent's program. The agent's service is found by it, as the vendor does not publish its name.
    type: str
    default: UAVRAgent.exe
  product_name:
    description: Name under which Windows Installer knows the agent, for its version.
    type: str
    default: Netwrix Auditor User Activity Core Service
  server_info:
    description: What M(uamops.netwrix_auditor.server_info) returned for the server. Without it the checks that need the server's view are not applicable.
    type: dict
  data_account:
    description:
      - The account with which the server collects data, as V(DOMAIN\\name), V(name@domain) or SID. A managed service account's name ends with V($).
      - It has to be in the local group Administrators. Who is in a group of the domain can't be told from the computer.
    type: str
    default: ""
  minimum_version:
    description: The oldest version of the agent that is accepted. Versions before 10.5 are open to attack (CVE-2022-31199). Empty for any.
    type: str
    default: "10.5"
  expected_version:
    description: The version of the package that the server holds. Without it the first two numbers of the server's own version are compared, if they are known.
    type: str
    default: ""
  settle_seconds:
    description: Seconds after which the agent's service must still be running in the same process.
    type: int
    default: 5
  wait_seconds:
    description: Seconds that the agent's connection to the server may take to appear. A connection that is there costs no time.
    type: int
    default: 60
  fail:
    description: Whether failed checks fail the task, with one message that lists them.
    type: bool
    default: false
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes.info
  - uamops.netwrix_auditor.attributes
seealso:
  - module: uamops.netwrix_auditor.server_info
author:
  - The uamops.netwrix_auditor authors (@uamops)
"""

EXAMPLES = r"""
- name: Does monitoring work on this computer
  uamops.netwrix_auditor.agent_info:
    server: auditor01.example.com
    server_addresses: [192.0.2.5]
    data_account: EXAMPLE\gmsa-uavr$
  register: found

- name: Say what is wrong
  ansible.builtin.debug:
    msg: "{{ item.text }} {{ item.advice }}"
  loop: "{{ found.checks | selectattr('status', 'equalto', 'failed') }}"

- name: The same with the server's view, failing the play for computers that do not work
  uamops.netwrix_auditor.agent_info:
    server: auditor01.example.com
    server_info: "{{ auditor.server }}"
    fail: true
"""

RETURN = r"""
agent:
  description: The agent as it was found.
  returned: success
  type: dict
  contains:
    installed:
      description: Whether there is a service with the agent's program, or Windows Installer knows the agent.
      type: bool
    version:
      description: Its version, null if Windows Installer does not know it.
      type: str
    product_code:
      description: Its product code, null if Windows Installer does not know it.
      type: str
    service:
      description: Its service after O(settle_seconds) with C(name), C(state), C(start_mode) and C(process_id), null if there is none.
      type: dict
    uniq_id:
      description: The id by which the server knows it, null if there is none yet.
      type: str
    server:
      description: The server that it is told, null if the registry has none under O(server_value).
      type: str
    server_port:
      description: The server's port that it is told, null if that is no port.
      type: int
    callback_port:
      description: The port on which it is told to listen, null if that is no port.
      type: int
    install_path:
      description: Its folder, null if the registry does not say.
      type: str
    dotnet_release:
      description: Release number of .NET Framework 4, null if there is none. 4.8 begins with 528040.
      type: int
  sample:
    installed: true
    version: 10.7.13645
    product_code: '{12345678-ABCD-1234-ABCD-123456789ABC}'
    service: {name: UAVRAgentSvc, state: running, start_mode: auto, process_id: 1830}
    uniq_id: 6f0e2f5c-6d3a-4f43-8f6e-0d1b6c1c8a11
    server: auditor01
    server_port: 9004
    callback_port: 9003
    install_path: C:\Program Files (x86)\Netwrix Auditor\User Activity Core Service
    dotnet_release: 528049
checks:
  description: All checks in the order in which a person would look.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Which check it is, for example V(agent.connected).
        - V(agent.installed), V(agent.version_floor), V(agent.version_skew), V(agent.service_running), V(agent.service_stays), V(agent.listens),
          V(agent.configured), V(agent.connected), V(agent.unique) and V(agent.dotnet) are about the agent.
        - V(server.listens), V(server.reaches_agent) and V(server.knows_agent) are about its server.
        - V(access.admin_shares), V(access.data_account), V(access.remote_registry) and V(access.smb) are about the ways by which the server reads the computer.
      type: str
    title:
      description: What holds if all is well.
      type: str
    status:
      description: V(ok), V(failed), V(unknown) if it can't be told from here, or V(not applicable).
      type: str
    text:
      description: What was seen.
      type: str
    advice:
      description: What to do, empty unless the check failed.
      type: str
  sample:
    - id: agent.listens
      title: The agent listens on its callback port
      status: ok
      text: The agent listens on TCP port 9003.
      advice: ''
failed_checks:
  description: The ids of the failed checks.
  returned: success
  type: list
  elements: str
  sample: []
unknown_checks:
  description: The ids of the checks whose outcome is not known.
  returned: success
  type: list
  elements: str
  sample: [access.data_account]
healthy:
  description: Whether no check failed.
  returned: success
  type: bool
  sample: true
host:
  description: The host that was asked, by its name in the inventory.
  returned: success
  type: str
  sample: pc1
transport:
  description: What it cost over WS-Management.
  returned: success
  type: dict
  sample: {bytes_received: 67698, bytes_sent: 22440, messages: 14}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import AGENT_INFO


def main() -> None:
    """Say so if something runs this file on a host."""
    AnsibleModule(supports_check_mode=True, **AGENT_INFO).fail_json(msg="This module runs on the controller, as an action.")


if __name__ == "__main__":
    main()
