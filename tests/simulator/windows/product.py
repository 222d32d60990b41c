# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Netwrix Auditor on a host: the server, or the User Activity Core Service on an audited computer (options of a fleet).

Facts: netwrix-facts 1.1 of the reference. The short name of the agent's service is not published; the one here is invented [I].
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .context import SYSTEM
from .files import FileSystem
from .registry import Registry, Type
from .service_image import write_image
from .services import AUTO, OWN_PROCESS, Service, configured
from .shares import PRODUCT_SHARE

if TYPE_CHECKING:
    from .host import Windows

PACKAGES = Path(__file__).resolve().parents[1] / "packages"
PACKAGE = "UACoreSvcSetup.msi"
SERVER_SERVICE = "NwUserActivitySvc"
AGENT_SERVICE = "UAVRAgentSvc"
AGENT_NAME = "Netwrix Auditor User Activity Core Service"
AGENT_VERSION, SERVER_VERSION = "10.6.0", "10.7.0"
_AGENT_OPTIONS = frozenset({"version", "server", "port", "uniq_id"})
_SERVER_OPTIONS = frozenset({"version"})


def program_files(bits: int) -> str:
    """Where 32-bit programs are installed."""
    return r"C:\Program Files (x86)" if bits == 64 else r"C:\Program Files"


def software(bits: int) -> str:
    """The registry branch of 32-bit programs."""
    return r"SOFTWARE\WOW6432Node" if bits == 64 else "SOFTWARE"


def server_folder(bits: int) -> str:
    """Where the server keeps its program and the agent's package."""
    return rf"{program_files(bits)}\Netwrix Auditor\User Activity Video Recording"


def server_service(bits: int) -> Service:
    """The audit service of the Netwrix Auditor server."""
    path = rf'"{server_folder(bits)}\UAVRServer.exe"'
    return Service(SERVER_SERVICE, "Netwrix Auditor User Activity Audit Service", path, AUTO, kind=OWN_PROCESS, state="Running")


def install_server(registry: Registry, bits: int) -> None:
    """What the server's installation leaves in the registry."""
    root = rf"{software(bits)}\Netwrix Auditor"
    registry.put("hklm", root, "InstallPath", Type.REG_SZ, rf"{program_files(bits)}\Netwrix Auditor" + "\\")
    registry.put("hklm", rf"{root}\DataPathOverride", "Default", Type.REG_SZ, r"C:\ProgramData\Netwrix Auditor")
    registry.put("hklm", rf"{root}\User Activity Video Reporter", "ServerPort", Type.REG_DWORD, 9004)


def server_files(drive: FileSystem, bits: int, option: Any) -> None:
    """What the server's installation leaves on the drive: its program and the agent's package (option ``server: {version: ...}``)."""
    given = _given("server", option, _SERVER_OPTIONS, SERVER_VERSION)
    folder = server_folder(bits)
    free, drive.free = drive.free, None
    drive.make_folder(folder)
    drive.make_folder(PRODUCT_SHARE[1])
    drive.write(rf"{folder}\UAVRServer.exe", b"MZ stand-in for tests: UAVRServer.exe")
    drive.write(rf"{folder}\{PACKAGE}", package(str(given["version"])))
    drive.free = free


def package(version: str) -> bytes:
    """The agent's package of a version. Raises ValueError that names the known ones."""
    try:
        return (PACKAGES / f"UACoreSvcSetup-{version}.msi").read_bytes()
    except OSError:
        known = sorted(path.stem.partition("-")[2] for path in PACKAGES.glob("UACoreSvcSetup-*.msi"))
        raise ValueError(f"there is no package of version {version!r}; known: {', '.join(known)}") from None


def check(options: Mapping[str, Any]) -> None:
    """Refuse with ValueError what ``install_agent`` and ``server_files`` could not do, without making anything."""
    for name, allowed, version in (("agent", _AGENT_OPTIONS, AGENT_VERSION), ("server", _SERVER_OPTIONS, SERVER_VERSION)):
        if options.get(name):
            package(str(_given(name, options[name], allowed, version)["version"]))


def install_agent(host: Windows) -> None:
    """Install the agent as the option ``agent`` says: true, a version, or {version, server, port, uniq_id}. Nothing of it is journalled.

    It was installed some time ago: what the options ``services`` and ``registry`` say about it comes afterwards.
    """
    given = _given("agent", host.options["agent"], _AGENT_OPTIONS, AGENT_VERSION)
    entries = host.journal.entries
    mark = len(entries)
    properties = {"UAVR_SERVERNAME": str(given.get("server", ""))}
    if "port" in given:
        properties["UAVR_SERVERPORT"] = str(given["port"])
    free, host.files.free = host.files.free, None
    host.installer.install(SYSTEM, package(str(given["version"])), PACKAGE, properties)
    host.files.free = free
    _afterwards(host)
    del entries[mark:]


def _afterwards(host: Windows) -> None:
    from .installation import apply_options

    changes = {name.lower(): value for name, value in host.options.get("services", {}).items()}
    service = host.services.find(AGENT_SERVICE)
    if AGENT_SERVICE.lower() in changes and service is not None:
        _change(host, service, changes[AGENT_SERVICE.lower()])
    if host.options.get("registry"):
        apply_options(host, host.registry)
        # The agent reads its settings when it starts.
        if host.services.stop(AGENT_SERVICE) == 0:
            host.services.start(AGENT_SERVICE)


def _change(host: Windows, service: Service, options: Mapping[str, Any] | None) -> None:
    host.services.stop(service.name)
    if options is None:
        host.services.delete(service.name)
        return
    wanted = configured(service, {"state": "Running", **options})
    for field in set(vars(wanted)) - {"state", "process_id", "due", "idle_at"}:
        setattr(service, field, getattr(wanted, field))
    write_image(host.registry, service)
    if wanted.state == "Running" and not service.start_error:
        host.services.start(service.name)


def _given(name: str, option: Any, known: frozenset[str], version: str) -> Mapping[str, Any]:
    """An option that is true, a version or a mapping, as a mapping with a version."""
    if isinstance(option, Mapping):
        if unknown := sorted(set(option) - known):
            raise ValueError(f"{name}: unknown {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        return {"version": version, **option}
    return {"version": option if isinstance(option, str) else version}
