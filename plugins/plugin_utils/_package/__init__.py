# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller knows of an MSI file: what is in it, who signed it, where copies of it are kept.

Nothing here talks to a Windows host.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from ._cache import Cache, default_folder
from ._checksum import check_hash, checksum
from ._download import download
from ._index import recall, remember
from ._locks import slots
from ._model import Package, UpgradeRow, canonical, compare_versions, packed
from ._msi import read_package
from ._signature import check_signer

__all__ = [
    "Cache",
    "Package",
    "UpgradeRow",
    "canonical",
    "check_hash",
    "check_signer",
    "checksum",
    "compare_versions",
    "default_folder",
    "download",
    "packed",
    "read_package",
    "recall",
    "remember",
    "slots",
]
