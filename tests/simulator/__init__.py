# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated Windows hosts that speak WS-Management. Public API: ``load_fleet``, ``Fleet``, ``serve``."""

from __future__ import annotations

from .fleet import AccountSpec, Fleet, FleetError, HostSpec, load_fleet, parse_fleet
from .running import RunningFleet, serve

__all__ = ["AccountSpec", "Fleet", "FleetError", "HostSpec", "RunningFleet", "load_fleet", "parse_fleet", "serve"]
