# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of module edge_ie_mode_site_list: see plugins/modules/edge_ie_mode_site_list.py."""

from __future__ import annotations

from ..module_utils._specs import EDGE_IE_MODE_SITE_LIST
from ..plugin_utils._action import ResourceAction


class ActionModule(ResourceAction):
    """The spec and the kind say it all."""

    spec = EDGE_IE_MODE_SITE_LIST
    kind = "edge_ie_mode_site_list"
