# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of one Windows host: what it stores, what it answers, what it refuses. It knows nothing of any protocol."""

from __future__ import annotations

from .cim.catalogue import Catalogue, CimClass, Method, Parameter, Property, Schema
from .host import Windows
from .journal import Journal
from .records import Account, CimError, Completed, Embedded, Limits, Reference

__all__ = [
    "Account",
    "Catalogue",
    "CimClass",
    "CimError",
    "Completed",
    "Embedded",
    "Journal",
    "Limits",
    "Method",
    "Parameter",
    "Property",
    "Reference",
    "Schema",
    "Windows",
]
