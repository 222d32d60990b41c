# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host starts with: its services and its registry, from the release's defaults and the fleet's options.

The registry of a freshly installed system is built once for each release, language and role, and copied for each host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from . import codec, defender, product, profiles
from .firewall.builtin import builtin
from .firewall.image import write_rule
from .registry import HIVES, Data, Registry, Type
from .registry_seed import DOTNET_FULL, identify, seed
from .releases import Release
from .service_image import ROOT, write_drivers, write_image
from .service_manager import ERROR_SERVICE_DEPENDENCY_FAIL
from .services import AUTO, DISABLED, Service, configured, defaults, localized

if TYPE_CHECKING:
    from .host import Windows

RENAMED_FIREWALL_BUILD = 16299


@cache
def standard_services(release: Release, language: str, joined: bool) -> tuple[Service, ...]:
    """The services of a release in a language; members of a domain run Netlogon. Callers copy them."""
    return tuple(_localized(service, release, language, joined) for service in defaults(release))


def _localized(service: Service, release: Release, language: str, joined: bool) -> Service:
    old = service.name == "MpsSvc" and release.build < RENAMED_FIREWALL_BUILD
    name = localized("service_names.json", "MpsSvc (before 1709)" if old else service.name, language)
    found = replace(service, display_name=name or service.display_name, description=localized("service_texts.json", service.name, language))
    return replace(found, state="Running", start=AUTO) if service.name == "Netlogon" and joined else found


@cache
def _standard_registry(release: Release, language: str, joined: bool, bits: int) -> Registry:
    registry = Registry()
    seed(registry, release, bits)
    write_drivers(registry)
    for service in standard_services(release, language, joined):
        write_image(registry, service)
    for rule in builtin(release).values():
        write_rule(registry, rule)
    return registry


def services_of(host: Windows) -> list[Service]:
    """The services of one host: the release's, the product's, and what the fleet changes, adds and removes (``null``)."""
    base = {service.name.lower(): service for service in standard_services(host.features, host.language, host.domain is not None)}
    base |= {service.name.lower(): service for service in _product_services(host)}
    changes: Mapping[str, Any] = host.options.get("services", {})
    for name, options in changes.items():
        if host.options.get("agent") and name.lower() == product.AGENT_SERVICE.lower():
            continue  # Its service comes with the agent.
        if options is None:
            base.pop(name.lower(), None)
            continue
        known = base.get(name.lower()) or Service(name, options.get("display_name", name), str(options.get("path", "")))
        base[name.lower()] = configured(known, options)
    settled = frozenset(name.lower() for name, options in changes.items() if options and "state" in options)
    for name, start in host.policies.start_modes().items():
        if name in base:
            base[name] = _by_policy(base[name], start, settled=name in settled)
    return [_after_boot(service, base, settled) for service in base.values()]


def _by_policy(service: Service, start: int, *, settled: bool) -> Service:
    """A start type of a policy that was in force when the host started; ``settled``: the fleet says what state the service is in."""
    if settled:
        return replace(service, start=start)
    runs = start != DISABLED and (service.state == "Running" or (start == AUTO and not service.triggers))
    return replace(service, start=start, state="Running" if runs else "Stopped")


def _after_boot(service: Service, services: Mapping[str, Service], settled: frozenset[str]) -> Service:
    """The service, stopped if it would run and needs one that is disabled."""
    if service.name.lower() in settled or service.state != "Running" or _can_run(service, services, ()):
        return service
    return replace(service, state="Stopped", exit_code=ERROR_SERVICE_DEPENDENCY_FAIL)


def _can_run(service: Service, services: Mapping[str, Service], chain: tuple[str, ...]) -> bool:
    """False if something that it needs is stopped and disabled, or needs such a one itself; ``chain`` are those that need it."""
    needed = [services[name.lower()] for name in service.depends if name.lower() in services and name.lower() not in chain]
    own = (*chain, service.name.lower())
    return all((other.state == "Running" or other.start != DISABLED) and _can_run(other, services, own) for other in needed)


def _product_services(host: Windows) -> list[Service]:
    return [product.server_service(host.bits)] if host.options.get("server") else []


def registry_of(host: Windows, services: list[Service]) -> Registry:
    """The registry of one host with the images of its services; the firewall writes what differs from the standard rules."""
    standard = standard_services(host.features, host.language, host.domain is not None)
    registry = _standard_registry(host.features, host.language, host.domain is not None, host.bits).copy()
    identify(registry, host.identity)
    untouched = {id(service) for service in standard}
    for gone in {service.name for service in standard} - {service.name for service in services}:
        registry.remove("hklm", rf"{ROOT}\{gone}")
    for service in services:
        if id(service) not in untouched:
            write_image(registry, service)
    if host.options.get("server"):
        product.install_server(registry, host.bits)
    if defender.is_there(host.features, host.options):
        defender.seed(registry, host.options)
    if "codec" in host.options:
        codec.register(registry, host.bits, host.options["codec"])
    profiles.register(host, registry)
    apply_options(host, registry)
    host.policies.write(registry)
    return registry


def apply_options(host: Windows, registry: Registry) -> None:
    """What the options ``dotnet_release`` and ``registry`` say."""
    if "dotnet_release" in host.options:
        for root in DOTNET_FULL[: host.bits // 32]:
            registry.put("hklm", root, "Release", Type.REG_DWORD, int(host.options["dotnet_release"]))
    for path, values in host.options.get("registry", {}).items():
        hive, _backslash, key = str(path).partition("\\")
        if hive.lower() not in HIVES:
            raise ValueError(f"{host.name}: no registry hive {hive!r}")
        registry.make(hive.lower(), key)
        for name, entry in values.items():
            registry.put(hive.lower(), key, name, *typed(entry))


def typed(entry: Any) -> tuple[Type, Data]:
    """A value of a fleet file: numbers are REG_DWORD, text is REG_SZ, ``[REG_TYPE, data]`` is anything."""
    kind, value = entry if isinstance(entry, list) else ("REG_DWORD" if isinstance(entry, int) else "REG_SZ", entry)
    return Type[kind], tuple(value) if isinstance(value, list) else value
