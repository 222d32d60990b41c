# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which package a request means: the file that it names, or the copy that Windows has kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..files import FileError
from ..files.access import Access
from ..network import DownloadError
from .codes import is_code
from .database import Database, DatabaseError
from .registered import Product, product
from .request import (
    CANNOT_OPEN,
    INVALID_PACKAGE,
    NEWER_INSTALLER,
    OTHER_VERSION,
    SOURCE_ABSENT,
    UNKNOWN_PRODUCT,
    WRONG_PLATFORM,
    Refused,
    Request,
)
from .session import DEFAULT_MODE

if TYPE_CHECKING:
    from ..host import Windows
    from ..records import Account

# Windows Installer 5.0.
_NEWEST = 500


class Package(NamedTuple):
    """A package that is open. ``source`` is its folder with a backslash (a slash for a URL), ``product`` what is installed of it."""

    database: Database
    source: str
    name: str
    product: Product | None = None


def chosen(host: Windows, account: Account, request: Request) -> Package:
    """The package to work with. Raises Refused."""
    if is_code(request.target):
        found = product(host, request.target)
        if found is None:
            raise Refused(UNKNOWN_PRODUCT, "This action is only valid for products that are currently installed.")
        return _kept(host, account, found, from_source="v" in _letters(request))
    given = _opened(host, account, request.target)
    found = product(host, given.database.properties.get("ProductCode", ""))
    if found is None:
        if request.remove or request.repair is not None:
            raise Refused(UNKNOWN_PRODUCT, "This action is only valid for products that are currently installed.")
        return given
    if request.remove or "REMOVE" in request.properties:
        return _kept(host, account, found, from_source=False)
    if given.database.summary.package_code != found.package_code and "v" not in _letters(request):
        raise Refused(OTHER_VERSION, "Another version of this product is already installed.")
    if "v" in _letters(request) or not host.files.exists(found.cached):
        return given._replace(product=found)
    return _kept(host, account, found, from_source=False)


def properties_of(request: Request) -> dict[str, str]:
    """The properties that a request sets. A repair by /f takes none from the command line (win32 "Command-Line Options")."""
    found = {} if request.repair is not None else dict(request.properties)
    if request.remove:
        found["REMOVE"] = "ALL"
    if request.repair is not None:
        found |= {"REINSTALL": "ALL", "REINSTALLMODE": request.repair or DEFAULT_MODE}
    found["UILevel"] = str(request.interface)
    return found


def _letters(request: Request) -> str:
    if request.repair is not None:
        return request.repair.lower()
    return request.properties.get("REINSTALLMODE", DEFAULT_MODE).lower() if request.properties.get("REINSTALL") else ""


def _kept(host: Windows, account: Account, found: Product, *, from_source: bool) -> Package:
    """The package of an installed product: Windows' copy, else where it was installed from."""
    folder, _backslash, name = found.source.rpartition("\\")
    if not from_source and found.cached and host.files.exists(found.cached):
        return Package(_database(host, host.files.read(found.cached)), folder + "\\", name, found)
    try:
        given = _opened(host, account, found.source)
    except Refused:
        raise Refused(SOURCE_ABSENT, f"The installation source for this product is not available: {found.source}") from None
    return given._replace(product=found)


def _opened(host: Windows, account: Account, target: str) -> Package:
    if target.lower().startswith(("http://", "https://")):
        folder, _slash, name = target.rpartition("/")
        return Package(_database(host, _downloaded(host, target)), f"{folder}/", name)
    try:
        data = Access(host, account).read(target)
    except FileError as exc:
        raise Refused(CANNOT_OPEN, f"This installation package could not be opened: {target} (error {exc.code})") from None
    folder, _backslash, name = target.rpartition("\\")
    return Package(_database(host, data), f"{folder}\\", name)


def _downloaded(host: Windows, url: str) -> bytes:
    try:
        return host.network.download(url)
    except DownloadError as exc:
        raise Refused(CANNOT_OPEN, f"This installation package could not be opened: {url} ({exc.reason})") from None


def _database(host: Windows, data: bytes) -> Database:
    try:
        database = Database(data)
        _checked = database.properties["ProductCode"]
    except (DatabaseError, KeyError):
        raise Refused(INVALID_PACKAGE, "This installation package could not be opened. It is no valid Windows Installer package.") from None
    platform = database.summary.platform.lower()
    if platform not in ("intel", "x64", "amd64") or (platform != "intel" and host.bits == 32):
        raise Refused(WRONG_PLATFORM, "This installation package is not supported by this processor type.")
    if database.summary.installer_version > _NEWEST:
        raise Refused(NEWER_INSTALLER, "This installation package needs a newer version of Windows Installer.")
    return database
