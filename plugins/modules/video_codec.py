#!/usr/bin/python
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of module video_codec; the work is done by the action of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: video_codec
short_description: Make sure that a Windows host has a video codec
version_added: 0.1.0
description:
  - Reads which drivers of Video for Windows are registered, for 64-bit and for 32-bit programs, and installs a codec for those that lack it.
  - The product installs its codec by itself on its server and on monitored computers. Another computer needs it to play recordings.
  - The installation runs as SYSTEM, by a scheduled task which is there for this one run. What counts is what is registered afterwards.
author:
  - uamops (@uamops)
extends_documentation_fragment:
  - uamops.netwrix_auditor.attributes
options:
  drivers:
    description:
      - Values of the registry key C(Drivers32), any of which is the codec. V(vidc.spv1) is the product's ScreenPressor. Later versions of
        ScreenPressor from elsewhere register V(vidc.scpr) and do not play the product's recordings.
    type: list
    elements: str
    default: [vidc.spv1]
  package:
    description:
      - What installs the codec, an C(.exe) or a C(.zip). The vendor's archive is C(https://www.netwrix.com/download/ScreenPressorNetwrix.zip).
      - V(https://...) is downloaded by the controller and needs O(sha256). V(\\\\server\\share\\file.exe) is copied by the host as SYSTEM,
        that is as its computer account, and needs O(sha256) too. V(C:\\folder\\file.exe) lies on the host. Everything else is a file of the controller.
      - A C(.zip) is opened on the controller, so it lies there or comes from an V(https://...) address. Only what is needed of it goes to the host.
      - Without it a missing codec is drift and a warning in check mode, and an error in a run.
    type: str
  sha256:
    description:
      - SHA-256 of O(package). Another file is refused.
    type: str
  installer:
    description:
      - Files inside of a C(.zip), each an C(.exe) or an C(.inf).
      - If it is left out, it is the only installer of the archive, or else the C(.inf) file for each kind of programs that lacks the codec. One
        with C(64) in its path is for 64-bit programs. What lies in an C(.inf) file's folder goes along with it.
    type: list
    elements: str
    default: []
  arguments:
    description:
      - Options of an C(.exe). They have to keep it from asking anything; C(/S) and C(/VERYSILENT) are common.
      - Needed for an C(.exe), without meaning for an C(.inf).
    type: str
  time_limit:
    description:
      - Seconds until an installation is ended with all that it has started, and the task fails.
    type: int
    default: 600
  delivery:
    description:
      - How the files come to the host. V(auto) is over SMB, and through the connection of the play where SMB is refused or out of
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
"""

EXAMPLES = r"""
- name: The codec is there, for 64-bit and 32-bit programs
  uamops.netwrix_auditor.video_codec:

- name: Install the codec of the vendor's archive where it is missing
  uamops.netwrix_auditor.video_codec:
    package: '{{ playbook_dir }}/files/ScreenPressorNetwrix.zip'
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
      sample: video_codec
    name:
      description: The resource's name.
      type: str
      returned: always
      sample: vidc.spv1
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
      sample: {"32-bit": {"before": null, "after": "present"}}
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
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import VIDEO_CODEC


def main() -> None:
    """Say where the module runs; Ansible never gets here, because the action of the same name comes first."""
    AnsibleModule(supports_check_mode=True, **VIDEO_CODEC).fail_json(msg="This module runs on the controller, as an action")


if __name__ == "__main__":
    main()
