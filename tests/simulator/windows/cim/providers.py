# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Binds every class of the schema to its provider, for one release."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from ..releases import Release
from .accounts import Group, GroupUser, SystemAccount, UserAccount
from .catalogue import Catalogue, CimClass, Schema
from .computer_system import ComputerSystem
from .connection_profile import ConnectionProfile
from .defender import LATER, MpComputerStatus, MpPreference
from .defender import NAMESPACE as DEFENDER
from .firewall_filters import FILTERS, Filter, FilterOfRule
from .firewall_product import FirewallProduct
from .firewall_profile import FirewallProfile
from .firewall_rule import FirewallRule
from .logical_disk import LogicalDisk
from .operating_system import OperatingSystem
from .optional_feature import OptionalFeature
from .process import Win32Process
from .registry import StdRegProv
from .rsop import NAMESPACE as RSOP
from .rsop import Gpo, RegistryPolicySetting, RsopClass, SystemService
from .schema import schemas
from .security_setting import FileSecurity, ShareSecurity
from .service import DependentService, Win32Service
from .share import Win32Share
from .sid import Win32Sid
from .tcp import TcpConnection

_PROVIDERS: dict[str, type[CimClass]] = {
    "Win32_OperatingSystem": OperatingSystem,
    "Win32_ComputerSystem": ComputerSystem,
    "Win32_LogicalDisk": LogicalDisk,
    "Win32_OptionalFeature": OptionalFeature,
    "Win32_Service": Win32Service,
    "Win32_DependentService": DependentService,
    "Win32_UserAccount": UserAccount,
    "Win32_Group": Group,
    "Win32_SystemAccount": SystemAccount,
    "Win32_GroupUser": GroupUser,
    "Win32_LogicalShareSecuritySetting": ShareSecurity,
    "Win32_LogicalFileSecuritySetting": FileSecurity,
    "Win32_Process": Win32Process,
    "Win32_Share": Win32Share,
    "Win32_SID": Win32Sid,
    "RSOP_GPO": Gpo,
    "RSOP_RegistryPolicySetting": RegistryPolicySetting,
    "RSOP_SystemService": SystemService,
    "StdRegProv": StdRegProv,
    "MSFT_NetTCPConnection": TcpConnection,
    "MSFT_NetConnectionProfile": ConnectionProfile,
    "MSFT_NetFirewallRule": FirewallRule,
    "MSFT_NetFirewallProfile": FirewallProfile,
    "FirewallProduct": FirewallProduct,
    "MSFT_MpPreference": MpPreference,
    "MSFT_MpComputerStatus": MpComputerStatus,
}
# Namespaces that exist although the model has no class in them.
_OTHER_NAMESPACES = ("root", "root/subscription", "root/rsop", "root/rsop/user")
_NAMESPACES_SINCE_8 = ("root/microsoft/windows/smb", "root/microsoft/windows/storage")


@cache
def catalogue(release: Release, *, defender: bool = False) -> Catalogue:
    """The classes of one release, with those of Defender or without; all such hosts share it."""
    there = [schema for schema in schemas() if not _absent(schema, release) and (defender or schema.namespace != DEFENDER)]
    classes = [_bind(_for_release(schema, release)) for schema in there]
    return Catalogue(classes, _OTHER_NAMESPACES if release.winrm_2 else (*_OTHER_NAMESPACES, *_NAMESPACES_SINCE_8))


def _absent(schema: Schema, release: Release) -> bool:
    if schema.namespace == "root/standardcimv2":
        return release.winrm_2
    return schema.namespace == "root/securitycenter2" and release.server


def _for_release(schema: Schema, release: Release) -> Schema:
    if schema.name == "Win32_Service" and not release.has_delayed_auto_start_property:
        return replace(schema, properties=tuple(prop for prop in schema.properties if prop.name != "DelayedAutoStart"))
    if schema.name == "RSOP_GPO" and release.winrm_2:
        return replace(schema, properties=tuple(prop for prop in schema.properties if prop.name != "extensionIds"))
    if schema.namespace == DEFENDER and release.key == "2016":
        return replace(schema, properties=tuple(prop for prop in schema.properties if prop.name not in LATER))
    return schema


def _bind(schema: Schema) -> CimClass:
    if schema.name in FILTERS:
        return Filter(schema)
    if schema.name.startswith("MSFT_NetFirewallRuleFilterBy"):
        return FilterOfRule(schema)
    return _PROVIDERS.get(schema.name, RsopClass if schema.namespace == RSOP else CimClass)(schema)
