# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the host's products a request for a package means.

A package and a product belong together by ProductCode or UpgradeCode. A name says nothing: other vendors use it too, and so does the same
vendor's package for another architecture.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key

from .._host import Host, Product
from .._package import Package, compare_versions
from .._plan import BadRequest


def of_package(host: Host, package: Package) -> list[Product]:
    """The products of the package's own code or of its UpgradeCode, the newest first."""
    codes = {package.product_code: None} | dict.fromkeys(host.installer.related(package.upgrade_code) if package.upgrade_code else ())
    return newest_first([product for code in codes if (product := host.installer.product(code))])


def of_code(host: Host, code: str) -> list[Product]:
    """The product of this code, or nothing."""
    product = host.installer.product(code)
    return [product] if product else []


def of_name(host: Host, name: str, publisher: str | None) -> list[Product]:
    """The products of this name, the newest first.

    Raises:
        BadRequest: they are of several publishers, or one is not of `publisher`.
    """
    products = named(host, name)
    for product in products:
        if product.publisher.lower() != (publisher or products[0].publisher).lower():
            wanted = f"not from {publisher}" if publisher else f"and one of {products[0].publisher or 'nobody'} too"
            raise BadRequest(f"A product {name} from {product.publisher or 'nobody'} is installed on {host.name}, {wanted}; give its product_code instead.")
    return newest_first(products)


def strangers(host: Host, package: Package, own: Sequence[Product]) -> list[Product]:
    """Products of the package's name that are not the package's."""
    codes = {product.code for product in own}
    return [product for product in named(host, package.name) if product.code not in codes]


def named(host: Host, name: str) -> list[Product]:
    """The products of this name in any letter case."""
    found = (host.installer.product(code) for code in host.installer.named(name))
    return [product for product in found if product and product.name.lower() == name.lower()]


def newest_first(products: Sequence[Product]) -> list[Product]:
    """By the version as Windows Installer compares it."""

    def order(left: Product, right: Product) -> int:
        return compare_versions(right.version, left.version)

    return sorted(products, key=cmp_to_key(order))
