# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts on the agent itself, and the list of all checks. Pure: facts in, verdicts out.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from .._host._network import plain_address
from . import _access_checks as access
from . import _server_checks as server
from ._catalogue import failed, passed, skipped, unknown
from ._model import Check, Facts, Wanted
from ._names import same_computer, version_of

DOTNET_4_8 = 528040
NO_AGENT = "There is no agent here."
NOT_RUNNING = "The agent's service does not run."


def judge(wanted: Wanted, facts: Facts) -> list[Check]:
    """All checks, in the order in which a person would look."""
    return [
        installed(wanted, facts),
        version_floor(wanted, facts),
        version_skew(wanted, facts),
        service_running(facts),
        service_stays(wanted, facts),
        listens(wanted, facts),
        configured(wanted, facts),
        connected(wanted, facts),
        server.listens(wanted),
        server.reaches_agent(wanted, facts),
        server.knows_agent(wanted, facts),
        server.unique(wanted, facts),
        dotnet(facts),
        access.admin_shares(facts),
        access.data_account(wanted, facts),
        access.remote_registry(facts),
        access.smb(facts),
    ]


def installed(wanted: Wanted, facts: Facts) -> Check:
    """A service with the agent's program, registered with Windows Installer or not."""
    check = "agent.installed"
    if not facts.installed:
        return failed(check, f"No service has the program {wanted.image}, and {wanted.product_name} is not installed.")
    if not facts.services:
        return failed(check, f"{wanted.product_name} is installed, but no service has the program {wanted.image}.")
    names = ", ".join(service.name for service in facts.services)
    version = f", version {facts.product.version}" if facts.product else ""
    return passed(check, f"{wanted.image} is the program of service {names}{version}.")


def version_floor(wanted: Wanted, facts: Facts) -> Check:
    """A known version that is not below `minimum_version`."""
    check = "agent.version_floor"
    if not facts.installed or not wanted.minimum_version:
        return skipped(check, NO_AGENT if not facts.installed else "minimum_version was not given.")
    if (found := _version(facts)) is None:
        return unknown(check, _NO_VERSION)
    if version_of(found) < version_of(wanted.minimum_version):
        return failed(check, f"Version {found} is older than {wanted.minimum_version}.")
    return passed(check, f"Version {found} is not older than {wanted.minimum_version}.")


def version_skew(wanted: Wanted, facts: Facts) -> Check:
    """The version of the server's package, or as far as it goes that of the server, whose last numbers need not be its agents'."""
    check = "agent.version_skew"
    view = wanted.server_info
    whole, expected = bool(wanted.expected_version), wanted.expected_version or (view.version if view else None) or ""
    if not facts.installed or not version_of(expected):
        return skipped(check, NO_AGENT if not facts.installed else "The server's version is not known: give expected_version.")
    if (found := _version(facts)) is None:
        return unknown(check, _NO_VERSION)
    parts = None if whole else 2
    if version_of(found)[:parts] != version_of(expected)[:parts]:
        return failed(check, f"The agent has version {found}, the server {expected}.")
    return passed(check, f"The agent has version {found}, the server {expected}.")


_NO_VERSION = "Windows Installer does not know the agent's product, so its version is not known."


def _version(facts: Facts) -> str | None:
    version = facts.product.version if facts.product else ""
    return version if version_of(version) else None


def service_running(facts: Facts) -> Check:
    """Automatic and running when first looked at."""
    check = "agent.service_running"
    if facts.service is None:
        return skipped(check, NO_AGENT)
    found = facts.service
    text = f"Service {found.name} starts {_MODES.get(found.start_mode, found.start_mode)} and is {found.state}."
    return passed(check, text) if found.start_mode == "auto" and found.state == "running" else failed(check, text)


_MODES = {"auto": "automatically", "manual": "on demand only"}


def service_stays(wanted: Wanted, facts: Facts) -> Check:
    """The same process after the settle time."""
    check = "agent.service_stays"
    if facts.service is None or facts.service.state != "running":
        return skipped(check, NO_AGENT if facts.service is None else NOT_RUNNING)
    if not facts.process_id:
        return failed(check, f"Service {facts.service.name} ran and was {facts.later.state if facts.later else 'gone'} {wanted.settle_seconds} seconds later.")
    if facts.process_id != facts.service.process_id:
        return failed(check, f"Service {facts.service.name} was started anew within {wanted.settle_seconds} seconds: its program does not stay alive.")
    return passed(check, f"Service {facts.service.name} still runs as process {facts.process_id} {wanted.settle_seconds} seconds later.")


def listens(wanted: Wanted, facts: Facts) -> Check:
    """A listener of the agent's own process."""
    check = "agent.listens"
    port = wanted.callback_port
    if not facts.process_id:
        return skipped(check, NOT_RUNNING if facts.services else NO_AGENT)
    if facts.connections is None:
        return unknown(check, NO_TABLE)
    if any(row.listens and row.local_port == port and row.process_id == facts.process_id for row in facts.connections):
        return passed(check, f"The agent listens on TCP port {port}.")
    if facts.holder:
        return failed(check, f"{facts.holder} listens on TCP port {port}, not the agent.")
    return failed(check, f"Nothing listens on TCP port {port}.")


NO_TABLE = "Windows before Server 2012 does not tell its TCP connections by CIM."


def configured(wanted: Wanted, facts: Facts) -> Check:
    """Server and both ports as wanted; what is no reason to fail alone makes it unknown."""
    check = "agent.configured"
    if not facts.installed:
        return skipped(check, NO_AGENT)
    if facts.settings is None:
        return failed(check, "The agent has no registry key with settings.")
    found, missing = facts.setting(wanted.server_value), bool(wanted.server) and not facts.setting(wanted.server_value)
    wrong = [f"the server is {found}, not {wanted.server}"] if wanted.server and found and not _is_server(wanted, found) else []
    for name, default, port in (("ServerPort", 9004, wanted.server_port), ("CallbackPort", 9003, wanted.callback_port)):
        if facts.port(name, default) != port:
            wrong.append(f"{name} is {facts.setting(name) or default}, not {port}")
    if wrong:
        return failed(check, f"In the agent's registry key {' and '.join(wrong)}.")
    if missing:
        return unknown(
            check, f"The agent's registry key has no value {wanted.server_value} (server_value); it has: {', '.join(sorted(facts.settings)) or 'none'}."
        )
    return passed(check, f"The agent is told server {found or 'not asked for'}, server port {wanted.server_port} and callback port {wanted.callback_port}.")


def _is_server(wanted: Wanted, found: str) -> bool:
    return plain_address(found) in wanted.addresses or any(same_computer(found, name) for name in (wanted.server, *wanted.server_addresses))


def connected(wanted: Wanted, facts: Facts) -> Check:
    """An established connection of the agent's own process to the server's port."""
    check = "agent.connected"
    if not facts.process_id:
        return skipped(check, NOT_RUNNING if facts.services else NO_AGENT)
    if facts.connections is None:
        return unknown(check, NO_TABLE)
    if row := facts.connected(wanted):
        compared = "" if wanted.addresses or wanted.server_info else "; whose address it is was not compared (server_addresses)"
        return passed(check, f"The agent is connected to {row.remote_address} port {row.remote_port}{compared}.")
    if others := facts.to_server(wanted):
        addresses = ", ".join(sorted({row.remote_address for row in others}))
        return failed(
            check, f"The agent is connected to {addresses} port {wanted.server_port}, which is not its server ({', '.join(sorted(wanted.addresses))})."
        )
    return failed(check, f"The agent has no connection to TCP port {wanted.server_port} of a server, {wanted.wait_seconds} seconds waited for.")


def dotnet(facts: Facts) -> Check:
    """The release number that .NET Framework 4 leaves in the registry."""
    check = "agent.dotnet"
    if facts.dotnet_release is None:
        return failed(check, "There is no .NET Framework 4.5 or later.")
    if facts.dotnet_release < DOTNET_4_8:
        return failed(check, f".NET Framework has release {facts.dotnet_release}, and 4.8 begins with {DOTNET_4_8}.")
    return passed(check, f".NET Framework has release {facts.dotnet_release}; 4.8 begins with {DOTNET_4_8}.")
