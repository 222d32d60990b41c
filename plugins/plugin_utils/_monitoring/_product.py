# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The product that Windows Installer has under a name.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from .._host import Host, Product


def product_named(host: Host, name: str) -> Product | None:
    """The first whole one of this display name; `host.installer.expect` with the name comes first."""
    codes = host.installer.named(name)
    # All of them by one command line.
    for code in codes:
        host.installer.expect(None, code, None)
    return next(filter(None, map(host.installer.product, codes)), None)
