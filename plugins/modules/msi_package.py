#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module msi_package; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: msi_package
short_description: Install, upgrade, repair or remove a Windows Installer package
version_added: 0.1.0
description:
  - Brings a product that is installed by an MSI file to the version of the file, or removes it. The product is recognised by the upgrade
    code and the product code in the file.
  - The way from one version to another follows from the package itself. If it does not remove the older version by itself, that one is
    uninstalled first. Of several versions side by side one is left.
  - Installed products are read from the registry, never by C(Win32_Product), which would check and repair each of them.
  - When an installation fails, the reason is told in words, with the errors from its log. Logs stay in the folder C(uamops) of Windows' own
    folder.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  state:
    description:
      - V(present) installs the package if no version of the product is there, and repairs what is missing of one.
      - V(latest) also upgrades an older version.
      - V(absent) uninstalls every version of the product. What the package itself leaves behind stays.
    type: str
    choices: [present, absent, latest]
    default: present
  path:
    description:
      - The MSI file. The form says where it lies.
      - V(https://...) is downloaded by the controller, once for each O(sha256), which it needs. V(\\\\server\\share\\file.msi) lies on a
        file server. V(C:\\folder\\file.msi) lies on the host. Everything else is a file of the controller.
      - The controller reads product code, upgrade code, version and name from it, so that none of them has to be given.
      - Required unless O(state=absent), where one of O(path), O(product_code) and O(product_name) is.
    type: str
  sha256:
    description:
      - The file's SHA-256. Another file is refused.
    type: str
  signer:
    description:
      - Who has to have signed the file, as the thumbprint of the certificate (SHA-1 or SHA-256) or as its common name or organisation.
      - A name counts only if the certificate leads to a root that Windows trusts. Whether it was revoked is not asked.
    type: str
  product_code:
    description:
      - The installed product to uninstall, by its code in braces.
    type: str
  product_name:
    description:
      - The installed product to uninstall, by its display name in any letter case. Products of different publishers with the same name are
        refused.
    type: str
  publisher:
    description:
      - The publisher of O(product_name). A product of this name from anybody else is refused.
    type: str
  allow_downgrade:
    description:
      - Whether O(state=latest) replaces a newer version by the older one of the package. Otherwise the newer one stays and a warning says
        so.
    type: bool
    default: false
  properties:
    description:
      - Public properties of the package with their values. They count when it is installed, upgraded or repaired, and a change of them
        alone changes nothing.
      - C(REBOOT), C(REMOVE), C(REINSTALL) and their like are refused, because O(state) decides what they say.
    type: dict
    default: {}
  secret_properties:
    description:
      - Properties whose values are secrets. They are hidden in Ansible's output, and the log on the host does not name any properties then.
    type: dict
    default: {}
  creates:
    description:
      - Files or folders of the host that the package brings, with variables as in C(%ProgramFiles%). If one is missing, the product is
        repaired.
    type: list
    elements: str
    default: []
  creates_services:
    description:
      - Services that the package brings, by name or by the file name of their program. If one is missing, the product is repaired.
    type: list
    elements: str
    default: []
  as_system:
    description:
      - Whether Windows Installer is started by SYSTEM, through a scheduled task that is there for one run, instead of by the account of the
        connection. Some packages need that.
    type: bool
    default: false
  time_limit:
    description:
      - Seconds until an installation is ended with all that it has started, and the task fails.
    type: int
    default: 1800
  busy_limit:
    description:
      - Seconds to wait for another installation on the host to end.
    type: int
    default: 300
  delivery:
    description:
      - How the package comes to the host. V(auto) is over SMB, and through the connection of the play where SMB is refused or out of reach;
        a package on a share is copied by the host itself.
      - V(smb) and V(connection) are one of the first two only. V(host) means that the host fetches the package as SYSTEM from the share or
        the web server.
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
  - module: uamops.netwrix_auditor.msi_package_info
  - module: uamops.netwrix_auditor.service
  - module: ansible.windows.win_package
"""

EXAMPLES = r"""
- name: The agent has the version of this package or a newer one
  uamops.netwrix_auditor.msi_package:
    path: '{{ playbook_dir }}/files/UACoreSvcSetup.msi'
    state: latest
    signer: Netwrix Corporation
    properties:
      UAVR_SERVERNAME: auditor01.example.com
      UAVR_SERVERPORT: 9004
    creates_services:
      - UAVRAgent.exe

- name: Each host copies the package from a share by itself
  uamops.netwrix_auditor.msi_package:
    path: \\fileserver\software\UACoreSvcSetup.msi
    state: latest
    delivery: host

- name: No version of the agent is left
  uamops.netwrix_auditor.msi_package:
    product_name: Netwrix Auditor User Activity Core Service
    publisher: Netwrix Corporation
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
      sample: msi_package
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: UACoreSvcSetup.msi
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
      sample: {"version": {"before": "10.6.0", "after": "10.7.0"}, "product_code": {"before": "{0F4A...}", "after": "{7B1C...}"}}
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
  sample: ["UACoreSvcSetup.msi: 12,582,912 bytes over SMB in 1.4 s (over SMB as asked)"]
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import MSI_PACKAGE


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **MSI_PACKAGE).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
