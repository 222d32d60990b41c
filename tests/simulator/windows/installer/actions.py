# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard actions of Windows Installer that look and decide, and the list of all actions (win32 "Standard Actions Reference")."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..registry import Type, Value
from . import actions_files, actions_registry, actions_services, registered, registration
from .changes import Place
from .codes import version
from .conditions import holds
from .request import InstallError, NotModelled
from .session import ABSENT, LOCAL, Session

Action = Callable[[Session], None]

_ONLY_DETECT, _MIN_INCLUSIVE, _MAX_INCLUSIVE = 0x2, 0x100, 0x200
_RAW, _WIDE = 2, 16
PERMISSIONS = ("LockPermissions", "MsiLockPermissionsEx")


def app_search(session: Session) -> None:
    """Set properties from registry values; a value that is found replaces what the command line gave."""
    locators = {str(row["Signature_"]): row for row in session.database.rows("RegLocator")}
    for row in session.database.rows("AppSearch"):
        locator = locators.get(str(row["Signature_"]))
        if locator is None or int(locator["Type"] or 0) & ~_WIDE != _RAW:
            raise NotModelled(f"the search {row['Signature_']}")
        view = 64 if int(locator["Type"] or 0) & _WIDE or session.host.bits == 32 else 32
        hive = actions_registry.hive(locator["Root"])
        key = session.changes.key(Place(hive, session.formatted(locator["Key"]), view))
        value = key.values.get(session.formatted(locator["Name"]).lower()) if key else None
        if value is not None:
            session.properties[str(row["Property"])] = found_text(value)


def found_text(value: Value) -> str:
    """A registry value as AppSearch gives it: the type as a prefix, as in the Registry table."""
    if isinstance(value.data, int):
        return f"#{value.data}"
    if isinstance(value.data, bytes):
        return f"#x{value.data.hex().upper()}"
    if isinstance(value.data, tuple):
        return "[~]" + "[~]".join(value.data) + "[~]"
    text = f"#{value.data}" if value.data.startswith("#") else value.data
    return f"#%{value.data}" if value.type is Type.REG_EXPAND_SZ else text


def find_related_products(session: Session) -> None:
    """Look for installed products that the Upgrade table names; nothing in maintenance."""
    if session.installed:
        return
    for row in session.database.rows("Upgrade"):
        for product in registered.related(session.host, str(row["UpgradeCode"])):
            if product.code != session.product_code and _in_range(product.version, row["VersionMin"], row["VersionMax"], int(row["Attributes"] or 0)):
                name = str(row["ActionProperty"])
                known = session.properties.get(name)
                session.properties[name] = f"{known};{product.code}" if known else product.code


def _in_range(found: tuple[int, int, int], low: object, high: object, attributes: int) -> bool:
    if low and (found < version(str(low)) or (found == version(str(low)) and not attributes & _MIN_INCLUSIVE)):
        return False
    return not (high and (found > version(str(high)) or (found == version(str(high)) and not attributes & _MAX_INCLUSIVE)))


def remove_existing_products(session: Session) -> None:
    """Uninstall what FindRelatedProducts has found, except what is only to be detected."""
    if session.installed:
        return
    for row in session.database.rows("Upgrade"):
        if int(row["Attributes"] or 0) & _ONLY_DETECT:
            continue
        for code in filter(None, session.properties.get(str(row["ActionProperty"]), "").split(";")):
            if row["Remove"]:
                raise NotModelled("the removal of single features of an older product")
            assert session.remove_product is not None
            session.remove_product(session, code)


def launch_conditions(session: Session) -> None:
    """All conditions must hold."""
    for row in session.database.rows("LaunchCondition"):
        if not holds(str(row["Condition"]), session.surroundings):
            raise InstallError(0, session.formatted(row["Description"]))


def cost_finalize(session: Session) -> None:
    """Folders and components are settled."""
    session.resolve_folders()
    _settled = session.actions
    for table in PERMISSIONS:
        if session.database.rows(table):
            session.log.note(f"The simulator ignores the table {table}: nobody's rights are modelled that finely.")


def process_components(session: Session) -> None:
    """Note which product has which component."""
    registration.register_components(session, LOCAL)
    if session.removes_all:
        # Forgotten at the end: until then other actions ask who else has a component.
        session.remembered.append(lambda: registration.register_components(session, ABSENT))


def _at_the_end(what: Action) -> Action:
    def action(session: Session) -> None:
        if not session.removes_all and (not session.installed or session.recaches):
            session.remembered.append(lambda: what(session))

    return action


def register_product(session: Session) -> None:
    """Keep the package now, and register the product at the end."""
    if not session.removes_all and (not session.installed or session.recaches):
        registration.keep_package(session)
        session.remembered.append(lambda: registration.register(session))


# Actions that do nothing here, with the table that would give them something to do.
PASSED: Mapping[str, str] = {
    "AllocateRegistrySpace": "",
    "BindImage": "BindImage",
    "CCPSearch": "CCPSearch",
    "CostInitialize": "",
    "CreateShortcuts": "Shortcut",
    "DuplicateFiles": "DuplicateFile",
    "FileCost": "",
    "InstallExecute": "",
    "InstallODBC": "ODBCDriver",
    "InstallValidate": "",
    "IsolateComponents": "IsolatedComponent",
    "MigrateFeatureStates": "",
    "MoveFiles": "MoveFile",
    "MsiConfigureServices": "MsiServiceConfig",
    "MsiPublishAssemblies": "MsiAssembly",
    "MsiUnpublishAssemblies": "MsiAssembly",
    "PatchFiles": "Patch",
    "PublishComponents": "PublishComponent",
    "RegisterClassInfo": "Class",
    "RegisterComPlus": "Complus",
    "RegisterExtensionInfo": "Extension",
    "RegisterFonts": "Font",
    "RegisterMIMEInfo": "MIME",
    "RegisterProgIdInfo": "ProgId",
    "RegisterTypeLibraries": "TypeLib",
    "RegisterUser": "",
    "RemoveDuplicateFiles": "DuplicateFile",
    "RemoveEnvironmentStrings": "Environment",
    "RemoveIniValues": "RemoveIniFile",
    "RemoveODBC": "ODBCDriver",
    "RemoveShortcuts": "Shortcut",
    "RMCCPSearch": "CCPSearch",
    "SelfRegModules": "SelfReg",
    "SelfUnregModules": "SelfReg",
    "SetODBCFolders": "ODBCDriver",
    "UnpublishComponents": "PublishComponent",
    "UnpublishFeatures": "",
    "UnregisterClassInfo": "Class",
    "UnregisterComPlus": "Complus",
    "UnregisterExtensionInfo": "Extension",
    "UnregisterFonts": "Font",
    "UnregisterMIMEInfo": "MIME",
    "UnregisterProgIdInfo": "ProgId",
    "UnregisterTypeLibraries": "TypeLib",
    "ValidateProductID": "",
    "WriteEnvironmentStrings": "Environment",
    "WriteIniValues": "IniFile",
}

ACTIONS: Mapping[str, Action] = {
    "AppSearch": app_search,
    "CostFinalize": cost_finalize,
    "CreateFolders": actions_files.create_folders,
    "DeleteServices": actions_services.delete_services,
    "FindRelatedProducts": find_related_products,
    "InstallFiles": actions_files.install_files,
    "InstallServices": actions_services.install_services,
    "LaunchConditions": launch_conditions,
    "ProcessComponents": process_components,
    "PublishFeatures": _at_the_end(registration.publish_features),
    "PublishProduct": _at_the_end(registration.publish),
    "RegisterProduct": register_product,
    "RemoveExistingProducts": remove_existing_products,
    "RemoveFiles": actions_files.remove_files,
    "RemoveFolders": actions_files.remove_folders,
    "RemoveRegistryValues": actions_registry.remove_values,
    "StartServices": actions_services.start_services,
    "StopServices": actions_services.stop_services,
    "WriteRegistryValues": actions_registry.write_values,
}
