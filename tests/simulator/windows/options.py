# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a host in a fleet file: their names, and what is checked of their values at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import defender
from .accounts import domain_administrators
from .files import seed as files_seed
from .group_policy import policies_of
from .networks import networks_of
from .pending_restart import check as check_pending_restart
from .power import POWER_OPTIONS
from .principals import domain_accounts
from .product import check as check_product
from .servicing import check as check_servicing
from .shares import own_shares

if TYPE_CHECKING:
    from .host import Windows

OPTIONS = frozenset(
    "server agent services registry firewall third_party_firewall third_party_product_state idle_stop_after limits bits dotnet_release"
    " files files_in_use disk_free smb admin_shares shares administrators agent_behaviour msi_seconds msi_hangs msi_busy_for dotnet_reboot"
    " defender codec domain_accounts groups share_acl file_acl registry_acl profiles hive_busy registry_closed"
    " networks group_policies"
    " edition features component_store feature_source dism_seconds dism_busy pending_restart".split()
) | frozenset(POWER_OPTIONS)


def check_names(host: str, options: Mapping[str, Any]) -> None:
    """Refuse with ValueError what is no option."""
    if unknown := sorted(set(options) - OPTIONS):
        raise ValueError(f"{host}: unknown options {', '.join(unknown)}; known: {', '.join(sorted(OPTIONS))}")


def check_values(host: Windows) -> None:
    """Refuse with ValueError what an option can't be. Nothing of the host is built unless its option is there."""
    files_seed.check(host.options)
    check_product(host.options)
    defender.check(host.name, host.features, host.options)
    check_servicing(host)
    check_pending_restart(host.options.get("pending_restart", ()))
    networks_of(host)
    policies_of(host)
    own_shares(host.options.get("shares", {}))
    domain_administrators(host)
    domain_accounts(host)
    if set(host.options) & {"groups", "share_acl", "file_acl", "registry_acl"}:
        _checked = host.groups, host.security
