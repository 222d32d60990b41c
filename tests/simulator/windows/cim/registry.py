# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""StdRegProv: the registry over CIM, with the return codes of surface 3."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..paths import expanded
from ..records import Account
from ..registry import Data, Type
from ..registry_access import RegistryAccess
from . import descriptors
from .catalogue import CimClass

if TYPE_CHECKING:
    from ..host import Windows

HIVES = {2147483648: "hkcr", 2147483649: "hkcu", 2147483650: "hklm", 2147483651: "hku", 2147483653: "hkcc"}
HKLM = 2147483650
WBEM_E_TYPE_MISMATCH = 0x80041005
WBEM_E_INVALID_PARAMETER = 0x80041008
# Any of these bits asks for more than reading (winnt.h: KEY_SET_VALUE, KEY_CREATE_SUB_KEY, KEY_CREATE_LINK, DELETE, WRITE_DAC, WRITE_OWNER).
WRITE_RIGHTS = 0x2 | 0x4 | 0x20 | 0x10000 | 0x40000 | 0x80000

_GETTERS: dict[str, tuple[str, tuple[Type, ...]]] = {
    "GetStringValue": ("sValue", (Type.REG_SZ,)),
    "GetExpandedStringValue": ("sValue", (Type.REG_EXPAND_SZ, Type.REG_SZ)),
    "GetMultiStringValue": ("sValue", (Type.REG_MULTI_SZ,)),
    "GetDWORDValue": ("uValue", (Type.REG_DWORD,)),
    "GetQWORDValue": ("uValue", (Type.REG_QWORD,)),
    "GetBinaryValue": ("uValue", (Type.REG_BINARY,)),
}
_SETTERS: dict[str, tuple[str, Type]] = {
    "SetStringValue": ("sValue", Type.REG_SZ),
    "SetExpandedStringValue": ("sValue", Type.REG_EXPAND_SZ),
    "SetMultiStringValue": ("sValue", Type.REG_MULTI_SZ),
    "SetDWORDValue": ("uValue", Type.REG_DWORD),
    "SetQWORDValue": ("uValue", Type.REG_QWORD),
    "SetBinaryValue": ("uValue", Type.REG_BINARY),
}
# What is written when the caller gives no data: the defaults of the class definition (win32 regprov pages [D]).
_DEFAULTS: dict[Type, Data] = {Type.REG_SZ: "hello", Type.REG_EXPAND_SZ: "hello", Type.REG_MULTI_SZ: ("hello", "there"), Type.REG_DWORD: 3, Type.REG_QWORD: 3}


class StdRegProv(CimClass):
    """No instances, static methods only; every answer is a ReturnValue. It shows the 64-bit view."""

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        host.materialise()
        hive = HIVES.get(int(arguments.get("hDefKey") or HKLM))
        if hive is None:
            return {"ReturnValue": 6}
        call = _Call(host, RegistryAccess(host, account), hive, str(arguments.get("sSubKeyName") or ""), arguments)
        if method in _GETTERS:
            return call.get(*_GETTERS[method])
        if method in _SETTERS:
            return {"ReturnValue": call.set(*_SETTERS[method])}
        simple = {"EnumKey": call.keys, "EnumValues": call.values, "CheckAccess": call.check, **call.changes()}
        if method not in simple:
            return super()._invoke(host, account, keys, method, arguments)
        return simple[method]()


class _Call:
    """One method call with its arguments taken apart."""

    def __init__(self, host: Windows, access: RegistryAccess, hive: str, path: str, arguments: dict[str, Any]) -> None:
        self._host = host
        self._access = access
        self._hive = hive
        self._path = path
        self._arguments = arguments
        self._name = str(arguments.get("sValueName") or "")

    def keys(self) -> dict[str, Any]:
        """EnumKey: the array is absent if there is nothing."""
        error, key = self._access.open(self._hive, self._path)
        return {"sNames": (key.names() or None) if key else None, "ReturnValue": error}

    def values(self) -> dict[str, Any]:
        """EnumValues: names and types side by side."""
        error, key = self._access.open(self._hive, self._path)
        found = list(key.values.values()) if key else []
        names, types = [value.name for value in found], [int(value.type) for value in found]
        return {"sNames": names or None, "Types": types or None, "ReturnValue": error}

    def check(self) -> dict[str, Any]:
        """CheckAccess: may the caller have the rights asked for."""
        error, _key = self._access.open(self._hive, self._path)
        wanted = int(self._arguments.get("uRequired") or 3)
        if error == 0 and wanted & WRITE_RIGHTS and not self._access.account.elevated and self._hive != "hkcu":
            error = 5
        return {"bGranted": error == 0, "ReturnValue": error}

    def get(self, output: str, types: tuple[Type, ...]) -> dict[str, Any]:
        """One of the getters."""
        error, key = self._access.open(self._hive, self._path)
        if key is None:
            return {output: None, "ReturnValue": error}
        value = key.values.get(self._name.lower())
        if value is None:
            return {output: None, "ReturnValue": self._host.features.value_not_found}
        modern_text = value.type is Type.REG_EXPAND_SZ and types == (Type.REG_SZ,) and self._host.features.windows_10_or_later
        if value.type not in types and not modern_text:
            return {output: None, "ReturnValue": WBEM_E_TYPE_MISMATCH}
        return {output: self._shown(value.data, value.type), "ReturnValue": 0}

    def set(self, argument: str, kind: Type) -> int:
        """One of the setters; the key must exist."""
        given = self._arguments.get(argument, _DEFAULTS.get(kind))
        if given is None:
            return WBEM_E_INVALID_PARAMETER
        data: Data = given
        if kind is Type.REG_BINARY:
            data = bytes(given)
        elif kind is Type.REG_MULTI_SZ:
            data = tuple(given) if isinstance(given, (list, tuple)) else (str(given),)
        return self._access.put(self._hive, self._path, self._name, kind, data)

    def changes(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """The methods that make and delete, and those of the security descriptor."""
        return {
            "CreateKey": lambda: {"ReturnValue": self._access.create(self._hive, self._path)},
            "DeleteKey": lambda: {"ReturnValue": self._access.delete_key(self._hive, self._path, recursive=False)},
            "GetSecurityDescriptor": self.descriptor,
            "SetSecurityDescriptor": self.set_descriptor,
            "DeleteValue": lambda: {"ReturnValue": self._access.delete_value(self._hive, self._path, self._name)},
        }

    def descriptor(self) -> dict[str, Any]:
        """GetSecurityDescriptor."""
        error, _key = self._access.open(self._hive, self._path)
        found = None if error else descriptors.shown(self._host, self._host.security.key(self._hive, self._path), descriptors.SYSTEM)
        return {"Descriptor": found, "ReturnValue": error}

    def set_descriptor(self) -> dict[str, Any]:
        """SetSecurityDescriptor."""
        error, _key = self._access.open(self._hive, self._path)
        if error:
            return {"ReturnValue": error}
        try:
            wanted = descriptors.taken(self._arguments.get("Descriptor"), self._host.security.key(self._hive, self._path))
        except ValueError:
            return {"ReturnValue": WBEM_E_INVALID_PARAMETER}
        return {"ReturnValue": self._access.secure(self._hive, self._path, wanted)}

    def _shown(self, data: Data, kind: Type) -> object:
        if kind is Type.REG_EXPAND_SZ and isinstance(data, str):
            return expanded(data, self._host.environment)
        return list(data) if isinstance(data, (bytes, tuple)) else data
