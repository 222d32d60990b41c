# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is the same in every module's documentation."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes, requirements and notes of the modules that run on the controller."""

    DOCUMENTATION = r"""
options: {}
requirements:
  - pywinrm (connection V(winrm)) or pypsrp (connection V(psrp)) on the controller
notes:
  - Runs on the controller, over the play's own P(ansible.builtin.winrm#connection) or P(ansible.builtin.psrp#connection) connection options, and speaks
    WS-Management to the host. Nothing is installed on the host and no PowerShell runs there.
  - The account must be a full administrator of the host. C(become) has no meaning for WS-Management and is refused.
attributes:
  check_mode:
    description: Can run in C(check_mode) and return what a run would change, without writing anything.
    support: full
  diff_mode:
    description: Will return details on what has changed (or would change in C(check_mode)), when in diff mode.
    support: full
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run reports nothing changed.
    support: full
  platform:
    description: Target operating systems.
    support: full
    platforms: windows
  action_group:
    description: Use C(group/uamops.netwrix_auditor.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - uamops.netwrix_auditor.all
  async:
    description: Supports being used with the C(async) keyword.
    support: none
"""

    # For modules that only read; it has to be named before the fragment above, because the first one to say something is right.
    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode), where it reads what it reads in a run.
    support: full
  diff_mode:
    description: Returns no differences, because nothing is ever changed.
    support: none
"""
