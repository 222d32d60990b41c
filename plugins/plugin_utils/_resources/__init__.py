# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of resources, one file each. This plugin util is PRIVATE: for use inside this collection only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._host import Host
from .._plan import Resource
from ._defender_exclusion import DefenderExclusion
from ._dotnet_framework import DotnetFramework
from ._edge_ie_mode_site_list import EdgeIeModeSiteList
from ._file_places import place_of
from ._firewall_group import FirewallGroup
from ._firewall_rule import FirewallRule
from ._folder import Folder
from ._local_group_member import LocalGroupMember
from ._msi_package import MsiPackage
from ._msi_source import source_of
from ._registry_access import RegistryAccess
from ._registry_key import RegistryKey
from ._registry_value import RegistryValueResource
from ._restart import Restart
from ._service import Service
from ._share_access import ShareAccess
from ._user_registry_value import UserRegistryValue
from ._video_codec import VideoCodec
from ._windows_feature import WindowsFeature

__all__ = ["FILES", "KINDS", "Restart", "place_of", "source_of"]

KINDS: Mapping[str, Callable[[Mapping[str, Any]], Resource[Host]]] = {
    kind.kind: kind
    for kind in (
        Service,
        FirewallGroup,
        FirewallRule,
        RegistryValueResource,
        RegistryKey,
        UserRegistryValue,
        EdgeIeModeSiteList,
        Folder,
        LocalGroupMember,
        ShareAccess,
        RegistryAccess,
        DotnetFramework,
        MsiPackage,
        DefenderExclusion,
        VideoCodec,
        WindowsFeature,
    )
}

# The option of a kind that may name a file of the controller.
FILES: Mapping[str, str] = {"msi_package": "path", "dotnet_framework": "installer", "video_codec": "package"}
