# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows Installer has to be told, in which order, to come from the installed products to what is wanted.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .._host import Product
from .._package import Package, compare_versions

Verb = Literal["uninstall", "install", "upgrade", "repair"]


@dataclass(frozen=True, slots=True)
class Step:
    """One call of msiexec: on `product`, which is installed, or with the package where that is None."""

    verb: Verb
    product: Product | None = None


def steps_to(package: Package, installed: Sequence[Product], *, damaged: bool, keep: bool) -> list[Step]:
    """From `installed`, the newest first, to the package, or to the newest of them alone with `keep`.

    Upgrades by the package itself where its Upgrade table removes the older product, or where the ProductCode stayed the same (a minor
    upgrade). Otherwise, and for a downgrade, the old product is uninstalled first. What is left beside the newest product goes.
    """
    if not installed:
        return [Step("install")]
    newest, *others = installed
    last = _kept(package, newest, damaged) if keep else _replaced(package, newest)
    return [*(Step("uninstall", product) for product in others), *last]


def _kept(package: Package, product: Product, damaged: bool) -> list[Step]:
    """A damaged product is repaired with the package if it is the same, and otherwise with the copy that Windows keeps of its own."""
    same = product.code == package.product_code and compare_versions(product.version, package.version) == 0
    return [Step("repair", None if same else product)] if damaged else []


def _replaced(package: Package, product: Product) -> list[Step]:
    older = compare_versions(product.version, package.version) < 0
    if older and product.code == package.product_code:
        return [Step("upgrade")]
    if older and package.removes(product.version):
        return [Step("install")]
    return [Step("uninstall", product), Step("install")]
