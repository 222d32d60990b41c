# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation and argument specification of module msi_package_info; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: msi_package_info
short_description: Read a Windows Installer package, and keep a copy of it on the controller
version_added: 0.1.0
description:
  - Reads product code, upgrade code, version, name and architecture from an MSI file, wherever it lies, and returns the path of a copy on the controller.
  - A file of the host or of a share is copied into the controller's cache once for each content, so that it can be installed on many computers.
  - That is how the agent's package is taken from the Netwrix Auditor server, which holds one of its own version.
  - Nothing is changed on the host.
options:
  path:
    description:
      - The MSI file. The form says where it lies.
      - V(https://...) is downloaded by the controller and needs O(sha256).
      - V(\\\\server\\share\\file.msi) is read by the controller over SMB, with the account of the connection.
      - V(C:\\folder\\file.msi) lies on the host. Everything else is a file of the controller.
      - With O(folder), a path below one of these folders of the host.
    type: str
    required: true
  folder:
    description:
      - Where a relative O(path) may lie on the host; the first candidate that resolves is used.
      - A candidate is either a registry value, written as its key followed by its name, which resolves if it is there, or a folder, which is taken as it is.
    type: list
    elements: str
    default: []
  sha256:
    description: The file's SHA-256; another file is refused.
    type: str
  signer:
    description:
      - Who has to have signed the file, as the thumbprint of the certificate (SHA-1 or SHA-256) or as the name of its subject.
      - A name counts only if the certificate leads to a root that Microsoft trusts.
    type: str
  smb_port:
    description: TCP port of SMB on the host or file server.
    type: int
    default: 445
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes.info
  - uamops.netwrix_auditor.attributes
seealso:
  - module: uamops.netwrix_auditor.msi_package
author:
  - The uamops.netwrix_auditor authors (@uamops)
"""

EXAMPLES = r"""
- name: Take the agent's package from the Auditor server
  uamops.netwrix_auditor.msi_package_info:
    path: User Activity Video Recording\UACoreSvcSetup.msi
    folder:
      - HKLM\SOFTWARE\WOW6432Node\Netwrix Auditor\InstallPath
      - '%ProgramFiles(x86)%\Netwrix Auditor'
  delegate_to: auditor01
  run_once: true
  register: agent

- name: Install it
  uamops.netwrix_auditor.msi_package:
    path: "{{ agent.package.path }}"
    state: latest
"""

RETURN = r"""
package:
  description: What the package says about itself.
  returned: success
  type: dict
  contains:
    path:
      description: Where the file or its copy lies on the controller.
      type: str
    source:
      description: Where it comes from.
      type: str
    name:
      description: Name of the product.
      type: str
    version:
      description: Version of the product.
      type: str
    manufacturer:
      description: Manufacturer of the product.
      type: str
    product_code:
      description: Product code.
      type: str
    upgrade_code:
      description: Upgrade code, empty if there is none.
      type: str
    architecture:
      description: V(x86), V(x64) or V(arm64).
      type: str
    language:
      description: Number of the language, 0 for none.
      type: int
    size:
      description: Size in bytes.
      type: int
    sha256:
      description: SHA-256 in lower-case digits.
      type: str
  sample:
    architecture: x86
    language: 1033
    manufacturer: Netwrix Corporation
    name: Netwrix Auditor User Activity Core Service
    path: /home/admin/.cache/uamops/netwrix_auditor/packages/0f5b3c/UACoreSvcSetup.msi
    product_code: '{12345678-ABCD-1234-ABCD-123456789ABC}'
    sha256: 0f5b3c5f0d7f4b0fb0d3b5d7e1d0c8f8f3b2a1908f7e6d5c4b3a291807f6e5d4
    size: 12582912
    source: C:\Program Files (x86)\Netwrix Auditor\User Activity Video Recording\UACoreSvcSetup.msi
    upgrade_code: '{87654321-DCBA-4321-DCBA-CBA987654321}'
    version: 10.7.0
notes:
  description: How the file came to the controller.
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
  sample: {bytes_received: 0, bytes_sent: 0, messages: 0}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import MSI_PACKAGE_INFO


def main() -> None:
    """Say so if something runs this file on a host."""
    AnsibleModule(supports_check_mode=True, **MSI_PACKAGE_INFO).fail_json(msg="This module runs on the controller, as an action.")


if __name__ == "__main__":
    main()
