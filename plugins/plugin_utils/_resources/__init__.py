# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of resources, one file each. This plugin util is PRIVATE: for use inside this collection only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._host import Host
from .._plan import Resource
from ._firewall_group import FirewallGroup
from ._firewall_rule import FirewallRule
from ._registry_value import RegistryValueResource
from ._service import Service

KINDS: Mapping[str, Callable[[Mapping[str, Any]], Resource[Host]]] = {kind.kind: kind for kind in (Service, FirewallGroup, FirewallRule, RegistryValueResource)}
