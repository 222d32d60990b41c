# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profiles of users: their entries in ProfileList, their hives on the drive, and the hives that are loaded because somebody is logged on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .accounts import domain_sid
from .hives import dump
from .internet_explorer import user_settings
from .registry import Key, Registry, Type

if TYPE_CHECKING:
    from .files import FileSystem
    from .host import Windows

PROFILE_LIST = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList"
_OPTIONS = frozenset("logged_on registry path state central mandatory".split())
_SERVICES = (
    ("S-1-5-18", r"%systemroot%\system32\config\systemprofile"),
    ("S-1-5-19", r"%systemroot%\ServiceProfiles\LocalService"),
    ("S-1-5-20", r"%systemroot%\ServiceProfiles\NetworkService"),
)
DEFAULT = r"C:\Users\Default"
# As after a logon: the profile is that of an administrator (0x100) and complete (0x4 is a new one).
_STATE = 0x100


@dataclass(frozen=True)
class Profile:
    """One profile; ``domain`` and ``name`` are empty if the account is gone. ``registry`` is the option: what its hive has besides the defaults."""

    sid: str
    domain: str
    name: str
    folder: str
    logged_on: bool
    registry: Mapping[str, Mapping[str, Any]]
    state: int
    central: str
    mandatory: bool

    @property
    def hive(self) -> str:
        """The file of the hive."""
        return rf"{self.folder}\NTUSER.{'MAN' if self.mandatory else 'DAT'}"


def profiles_of(host: Windows) -> list[Profile]:
    r"""The users' profiles: one for each account of the fleet and for each entry of the option ``profiles``; ``null`` takes one away.

    Raises ValueError for an account that nobody knows and for an unknown option.
    """
    given: Mapping[str, Any] = host.options.get("profiles") or {}
    entries: dict[tuple[str, str], Any] = {(account.domain.lower(), account.name.lower()): {} for account in host.accounts}
    spelled = {(account.domain.lower(), account.name.lower()): (account.domain, account.name) for account in host.accounts}
    for text, options in given.items():
        domain, _backslash, name = text.rpartition("\\")
        who = (domain or ("" if name.startswith("S-1-") else host.name)).lower(), name.lower()
        entries[who] = options
        spelled.setdefault(who, (domain or who[0].upper(), name))
    return [_profile(host, *spelled[who], options or {}) for who, options in entries.items() if options is not None]


def _profile(host: Windows, domain: str, name: str, options: Mapping[str, Any]) -> Profile:
    if unknown := sorted(set(options) - _OPTIONS):
        raise ValueError(f"{host.name}: profile {name} has the unknown option {unknown[0]}; known: {', '.join(sorted(_OPTIONS))}")
    gone = name.startswith("S-1-")
    return Profile(
        sid=name if gone else _sid(host, domain, name),
        domain="" if gone else domain,
        name="" if gone else name,
        folder=str(options.get("path") or rf"C:\Users\{name}"),
        logged_on=bool(options.get("logged_on")),
        registry=options.get("registry") or {},
        state=int(options.get("state", _STATE)),
        central=str(options.get("central", "")),
        mandatory=bool(options.get("mandatory")),
    )


def _sid(host: Windows, domain: str, name: str) -> str:
    for account in host.accounts:
        if (account.domain.lower(), account.name.lower()) == (domain.lower(), name.lower()):
            return account.sid
    if domain.lower() == host.name.lower():
        raise ValueError(f"{host.name}: profile of {name}: a local account must be one of the fleet's accounts")
    return domain_sid(domain, name)


def domain_users(host: Windows) -> list[Profile]:
    """The profiles of domain users that are no accounts of the fleet: the host can name them."""
    known = {account.sid for account in host.accounts}
    return [profile for profile in profiles_of(host) if profile.name and profile.sid not in known]


def register(host: Windows, registry: Registry) -> None:
    """Write ProfileList, and load the hives of those that are logged on."""

    def put(below: str, name: str, kind: Type, data: Any) -> None:
        registry.put("hklm", rf"{PROFILE_LIST}{below}", name, kind, data)

    put("", "Default", Type.REG_EXPAND_SZ, r"%SystemDrive%\Users\Default")
    put("", "ProfilesDirectory", Type.REG_EXPAND_SZ, r"%SystemDrive%\Users")
    put("", "ProgramData", Type.REG_EXPAND_SZ, r"%SystemDrive%\ProgramData")
    put("", "Public", Type.REG_EXPAND_SZ, r"%SystemDrive%\Users\Public")
    for sid, folder in _SERVICES:
        put(rf"\{sid}", "Flags", Type.REG_DWORD, 0xC)
        put(rf"\{sid}", "ProfileImagePath", Type.REG_EXPAND_SZ, folder)
        put(rf"\{sid}", "State", Type.REG_DWORD, 0)
    for profile in profiles_of(host):
        below = rf"\{profile.sid}"
        put(below, "ProfileImagePath", Type.REG_EXPAND_SZ, profile.folder)
        put(below, "Flags", Type.REG_DWORD, 0)
        put(below, "State", Type.REG_DWORD, profile.state)
        if profile.central:
            put(below, "CentralProfile", Type.REG_SZ, profile.central)
        if profile.logged_on:
            registry.users.subkeys[profile.sid.lower()] = tree_of(profile.sid, profile.registry)
            registry.make("hku", f"{profile.sid}_Classes")


def tree_of(name: str, options: Mapping[str, Mapping[str, Any]], *, used: bool = True) -> Key:
    """The content of a user's hive; one that was never used, as the default profile's, has no zones yet."""
    from .installation import typed  # installation registers the profiles

    key = Key(name)
    user_settings(key, used=used)
    key.make(("Environment",)).put("TEMP", Type.REG_EXPAND_SZ, r"%USERPROFILE%\AppData\Local\Temp")
    for path, values in options.items():
        below = key.make(path.split("\\"))
        for value, entry in values.items():
            below.put(value, *typed(entry))
    return key


def furnish(host: Windows, drive: FileSystem) -> None:
    """Put the hives on the drive; those of users who are logged on are in use."""
    # They have always been there: the free space is what is left.
    free, drive.free = drive.free, None
    for profile in profiles_of(host):
        drive.make_folder(profile.folder)
        drive.write(profile.hive, dump(tree_of(profile.sid, profile.registry)))
        if profile.logged_on:
            drive.hold(profile.hive)
    drive.make_folder(DEFAULT)
    drive.write(rf"{DEFAULT}\NTUSER.DAT", dump(tree_of("Default", {}, used=False)))
    drive.free = free
