# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of module windows_feature: see plugins/modules/windows_feature.py."""

from __future__ import annotations

from ..module_utils._specs import WINDOWS_FEATURE
from ..plugin_utils._action import ResourceAction


class ActionModule(ResourceAction):
    """The spec and the kind say it all."""

    spec = WINDOWS_FEATURE
    kind = "windows_feature"
