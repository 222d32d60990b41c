# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows Installer writes about a product: surface 7.1; the rest as seen in real registries."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import TYPE_CHECKING

from ..files import FileError
from ..registry import Data, Type
from .changes import Place
from .codes import number, packed, version
from .registered import CLASSES, MACHINE, UPGRADES, WINDOWS, product
from .request import InstallError

if TYPE_CHECKING:
    from .session import Session

CACHE = r"C:\Windows\Installer"
IN_PROGRESS = Place("hklm", rf"{WINDOWS}\Installer\InProgress")


def register_components(session: Session, action: int) -> None:
    """ProcessComponents: note or forget that the product has each component that is installed or removed (``action`` 3 or 2)."""
    own = packed(session.product_code)
    for name, row in session.components.items():
        if row["ComponentId"] is None or session.actions[name] != action:
            continue
        place = Place("hklm", rf"{MACHINE}\Components\{packed(str(row['ComponentId']))}")
        if action == 3:
            session.changes.put(place, own, Type.REG_SZ, session.folder(name))
        else:
            session.changes.delete_value(place, own)
            session.changes.prune(place)


def keep_package(session: Session) -> None:
    """Windows' own copy of the package, in the place of an older one. Raises InstallError if there is no room for it."""
    path, before = cached_path(session), product(session.host, session.product_code)
    try:
        session.changes.make_folder(CACHE)
        session.changes.write(path, session.database.data)
    except FileError as exc:
        raise InstallError(1304, file=path, code=exc.code) from exc
    if before and before.cached.lower() != path.lower() and session.host.files.exists(before.cached):
        session.changes.remove(before.cached)


def register(session: Session) -> None:
    """The entry in "Programs and Features", and the details beside it."""
    path = cached_path(session)
    values = _details(session)
    code = packed(session.product_code)
    details = Place("hklm", rf"{MACHINE}\Products\{code}\InstallProperties")
    for place, extra in ((_uninstall(session), {}), (details, {"LocalPackage": (Type.REG_SZ, path)})):
        for name, (kind, data) in {**values, **extra}.items():
            session.changes.put(place, name, kind, data)
    for name in ("Features", "Usage"):
        session.changes.make_key(Place("hklm", rf"{MACHINE}\Products\{code}\{name}"))


def publish(session: Session) -> None:
    """PublishProduct: the product by its packed code, and below its upgrade code."""
    own = packed(session.product_code)
    place = Place("hklm", rf"{CLASSES}\Products\{own}")
    values: dict[str, tuple[Type, Data]] = {
        "ProductName": (Type.REG_SZ, session.name),
        "PackageCode": (Type.REG_SZ, packed(session.database.summary.package_code)),
        "Language": (Type.REG_DWORD, _language(session)),
        "Version": (Type.REG_DWORD, number(session.properties.get("ProductVersion", "0"))),
        "Assignment": (Type.REG_DWORD, 1),
        "AdvertiseFlags": (Type.REG_DWORD, 0x184),
        "InstanceType": (Type.REG_DWORD, 0),
        "AuthorizedLUAApp": (Type.REG_DWORD, 0),
        "DeploymentFlags": (Type.REG_DWORD, 3),
        "Clients": (Type.REG_MULTI_SZ, (":",)),
    }
    for name, (kind, data) in values.items():
        session.changes.put(place, name, kind, data)
    sources = Place("hklm", rf"{place.path}\SourceList")
    session.changes.put(sources, "PackageName", Type.REG_SZ, session.package_name)
    session.changes.put(sources, "LastUsedSource", Type.REG_EXPAND_SZ, f"n;1;{session.source}")
    session.changes.put(Place("hklm", rf"{sources.path}\Net"), "1", Type.REG_EXPAND_SZ, session.source)
    session.changes.put(Place("hklm", rf"{sources.path}\Media"), "1", Type.REG_SZ, ";")
    for upgrades in UPGRADES if session.properties.get("UpgradeCode") else ():
        session.changes.put(Place("hklm", rf"{upgrades}\{packed(session.properties['UpgradeCode'])}"), own, Type.REG_SZ, "")


def publish_features(session: Session) -> None:
    """PublishFeatures: the names of the product's features."""
    for row in session.database.rows("Feature"):
        for root in (CLASSES + r"\Features", rf"{MACHINE}\Products"):
            tail = r"\Features" if root.endswith("Products") else ""
            place = Place("hklm", rf"{root}\{packed(session.product_code)}{tail}")
            session.changes.put(place, str(row["Feature"]), Type.REG_SZ, str(row["Feature_Parent"] or ""))


def unregister(session: Session) -> None:
    """Forget a product that has been removed."""
    own = packed(session.product_code)
    found = product(session.host, session.product_code)
    for place in (
        _uninstall(session),
        Place("hklm", rf"{MACHINE}\Products\{own}"),
        Place("hklm", rf"{CLASSES}\Products\{own}"),
        Place("hklm", rf"{CLASSES}\Features\{own}"),
    ):
        session.changes.delete_key(place)
    for upgrades in UPGRADES if session.properties.get("UpgradeCode") else ():
        place = Place("hklm", rf"{upgrades}\{packed(session.properties['UpgradeCode'])}")
        session.changes.delete_value(place, own)
        if (key := session.changes.key(place)) is not None and not key.values:
            session.changes.delete_key(place)
    if found and found.cached and session.host.files.exists(found.cached):
        session.changes.remove(found.cached)


def cached_path(session: Session) -> str:
    """Where the copy of the package is or will be: a name of hexadecimal digits."""
    return rf"{CACHE}\{zlib.crc32((session.product_code + session.database.summary.package_code).encode()):x}.msi"


def _uninstall(session: Session) -> Place:
    view = 64 if session.wide or session.host.bits == 32 else 32
    return Place("hklm", rf"{WINDOWS}\Uninstall\{session.product_code}", view)


def _details(session: Session) -> dict[str, tuple[Type, Data]]:
    values = session.properties
    shown = values.get("ProductVersion", "")
    major, minor, _build = version(shown)
    texts = {
        "AuthorizedCDFPrefix": "",
        "Comments": values.get("ARPCOMMENTS", ""),
        "Contact": values.get("ARPCONTACT", ""),
        "DisplayName": session.name,
        "DisplayVersion": shown,
        "HelpLink": values.get("ARPHELPLINK", ""),
        "HelpTelephone": values.get("ARPHELPTELEPHONE", ""),
        "InstallDate": datetime.now().strftime("%Y%m%d"),
        "InstallLocation": values.get("ARPINSTALLLOCATION", ""),
        "InstallSource": session.source,
        "Publisher": values.get("Manufacturer", ""),
        "Readme": values.get("ARPREADME", ""),
        "Size": "",
        "URLInfoAbout": values.get("ARPURLINFOABOUT", ""),
        "URLUpdateInfo": values.get("ARPURLUPDATEINFO", ""),
    }
    size = sum(int(row["FileSize"] or 0) for row in session.database.rows("File"))
    numbers = {
        "EstimatedSize": -(-size // 1024),
        "Language": _language(session),
        "Version": number(shown),
        "VersionMajor": major,
        "VersionMinor": minor,
        "WindowsInstaller": 1,
    }
    flags = {"ARPNOMODIFY": "NoModify", "ARPNOREMOVE": "NoRemove", "ARPNOREPAIR": "NoRepair", "ARPSYSTEMCOMPONENT": "SystemComponent"}
    numbers |= {name: 1 for flag, name in flags.items() if values.get(flag)}
    # Without "change" the entry offers only the removal: /X in both values.
    command = f"MsiExec.exe /{'X' if values.get('ARPNOMODIFY') else 'I'}{session.product_code}"
    found: dict[str, tuple[Type, Data]] = {name: (Type.REG_SZ, data) for name, data in texts.items()}
    found |= {name: (Type.REG_DWORD, data) for name, data in numbers.items()}
    return found | dict.fromkeys(("UninstallString", "ModifyPath"), (Type.REG_EXPAND_SZ, command))


def _language(session: Session) -> int:
    text = session.properties.get("ProductLanguage", "0")
    return int(text) if text.isdigit() else 0
