# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action of module msi_package_info: see plugins/modules/msi_package_info.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..module_utils._specs import MSI_PACKAGE_INFO
from ..plugin_utils._action import InfoAction
from ..plugin_utils._host import Host
from ..plugin_utils._resources import source_of


class ActionModule(InfoAction):
    """A package's own facts, and where the controller has it."""

    spec = MSI_PACKAGE_INFO

    def prepare(self, arguments: Mapping[str, Any]) -> Callable[[Host], dict[str, Any]]:
        """A path without a folder can be checked at once."""
        if arguments["folder"]:
            return partial(_read, arguments)
        located = {**arguments, "path": self.found(arguments["path"])}
        source_of(located)
        return partial(_read, located)


def _read(arguments: Mapping[str, Any], host: Host) -> dict[str, Any]:
    path = arguments["path"]
    if arguments["folder"]:
        host.expect_folders()
        path = f"{host.locate(arguments['folder'])}\\{path}"
    package = source_of({**arguments, "path": path}).package(host)
    facts = {
        "path": str(package.path),
        "source": path,
        "name": package.name,
        "version": package.version,
        "manufacturer": package.manufacturer,
        "product_code": package.product_code,
        "upgrade_code": package.upgrade_code,
        "architecture": package.architecture,
        "language": package.language,
        "size": package.size,
        "sha256": package.sha256,
    }
    return {"changed": False, "package": facts, "notes": host.told}
