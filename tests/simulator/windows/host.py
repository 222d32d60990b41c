# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Windows host: its identity and the parts that make it up."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from . import defender
from .behaviour import Programs
from .cim.catalogue import Catalogue
from .cim.providers import catalogue
from .commands import run
from .context import Context, Contexts
from .environment import environment as variables_of
from .files import FileSystem
from .files import seed as files_seed
from .firewall.store import FirewallStore
from .group_policy import GroupPolicy
from .hives import Hives
from .installation import registry_of, services_of
from .installer import Installer
from .journal import Journal
from .languages import language as language_of
from .local_groups import LocalGroups
from .network import Alone, Network
from .networks import ConnectedNetwork, networks_of
from .options import check_names, check_values
from .pending_restart import write as write_pending_restart
from .power import Power
from .processes import Processes
from .product import install_agent, server_files
from .profiles import Profile, furnish, profiles_of
from .records import WINRM_2, Account, Completed, Limits
from .registry import Registry
from .registry_seed import Identity
from .releases import edition_of
from .releases import release as release_of
from .security_store import SecurityStore
from .service_manager import ServiceManager
from .services import Service
from .servicing import Servicing
from .tasks import Tasks


class Windows:
    """The model of one host. Most of it is built when it is first asked for, so that many hosts start quickly.

    ``options``: see FIDELITY.md; an unknown option raises ValueError. ``clock`` gives seconds and may be replaced by a test at any time.
    """

    def __init__(
        self,
        *,
        name: str,
        release: str,
        language: str = "en-US",
        domain: str | None = None,
        address: str,
        accounts: Sequence[Account] = (),
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.options: Mapping[str, Any] = options or {}
        check_names(name, self.options)
        self.release = release
        self.name = name
        self.features = edition_of(release_of(release), self.options.get("edition"))
        self.language = language
        self.speech = language_of(language)
        self.domain = domain
        self.address = address
        self.bits = int(self.options.get("bits", 64))
        if self.bits not in (32, 64) or (self.bits == 32 and release != "10"):
            raise ValueError(f"{name}: there is no {self.bits}-bit Windows {release}")
        self.accounts = tuple(accounts)
        self.identity = Identity(name, domain, self.bits)
        self.fqdn = self.identity.fqdn
        self.lock = threading.RLock()
        self.journal = Journal()
        self.clock: Callable[[], float] = time.monotonic
        self.limits = (WINRM_2 if self.features.winrm_2 else Limits()).overridden(self.options.get("limits", {}))
        self.power = Power(self)
        self.network: Network = Alone(self)
        self.contexts = Contexts()
        # Where ``files`` keeps the drive: set before the first use, or it is a temporary folder.
        self.files_folder: Path | None = None
        self._agent_due = False
        check_values(self)
        # The agents and Auditor servers that run here.
        self.programs = Programs(self)
        if set(self.options) & {"services", "registry", "firewall", "codec", "profiles", "features"}:
            # What a fleet asks for is checked at once, not at the first request.
            self.materialise()
        self._agent_due = bool(self.options.get("agent"))

    def now(self) -> float:
        """Seconds of the host's clock."""
        return self.clock()

    @property
    def cim(self) -> Catalogue:
        """The classes that this release offers."""
        return catalogue(self.features, defender=defender.is_there(self.features, self.options))

    @property
    def winrs_skip_cmd_shell(self) -> bool:
        """True if WINRS_SKIP_CMD_SHELL is honoured."""
        return self.features.skips_cmd_shell

    @cached_property
    def machine_sid(self) -> str:
        """The SID of the computer, the same in every run."""
        digest = hashlib.sha256(self.name.lower().encode()).digest()
        parts = (int.from_bytes(digest[start : start + 4], "big") for start in (0, 4, 8))
        return "S-1-5-21-" + "-".join(str(part) for part in parts)

    @cached_property
    def _installed(self) -> list[Service]:
        return services_of(self)

    @property
    def registry(self) -> Registry:
        """The registry."""
        self._have_agent()
        return self._registry

    @cached_property
    def _registry(self) -> Registry:
        registry = registry_of(self, self._installed)
        write_pending_restart(registry, self.options)
        return registry

    @property
    def services(self) -> ServiceManager:
        """The service control manager."""
        self._have_agent()
        return self._services

    @cached_property
    def _services(self) -> ServiceManager:
        idle = float(self.options.get("idle_stop_after", 600))
        return ServiceManager(self._installed, self._registry, self.journal, self.now, idle, self.processes, self.programs.started)

    @property
    def in_use(self) -> bool:
        """True once somebody has asked for the services: until then nothing of the host runs."""
        return "_services" in vars(self)

    @cached_property
    def processes(self) -> Processes:
        """The processes. The services' are there as soon as the services are."""
        return Processes(self.environment, self.booted)

    @cached_property
    def firewall(self) -> FirewallStore:
        """The Windows Firewall."""
        return FirewallStore(self)

    @property
    def files(self) -> FileSystem:
        """The drive C:."""
        self._have_agent()
        return self._files

    @cached_property
    def _files(self) -> FileSystem:
        drive = files_seed.furnished(self.files_folder, self.bits, [account.name for account in self.accounts], self.options)
        furnish(self, drive)
        if self.options.get("server"):
            server_files(drive, self.bits, self.options["server"])
        return drive

    @cached_property
    def policies(self) -> GroupPolicy:
        """The Group Policy client."""
        return GroupPolicy(self)

    @cached_property
    def networks(self) -> list[ConnectedNetwork]:
        """The networks that the host is connected to; the first one is that of its address."""
        return networks_of(self)

    @cached_property
    def profiles(self) -> list[Profile]:
        """The users' profiles."""
        return profiles_of(self)

    @cached_property
    def hives(self) -> Hives:
        """The hives that callers load and unload."""
        return Hives(self)

    @cached_property
    def installer(self) -> Installer:
        """Windows Installer."""
        return Installer(self)

    @cached_property
    def servicing(self) -> Servicing:
        """The component store: features and capabilities."""
        return Servicing(self)

    def _have_agent(self) -> None:
        """Install the agent that the fleet asks for, when the host is used for the first time."""
        if self._agent_due:
            with self.lock:
                due, self._agent_due = self._agent_due, False
                if due:
                    install_agent(self)

    @cached_property
    def groups(self) -> LocalGroups:
        """The local groups."""
        found = LocalGroups(self)
        vars(self)["groups"] = found
        found.furnish()
        return found

    @cached_property
    def security(self) -> SecurityStore:
        """Who may do what with shares, folders and registry keys."""
        return SecurityStore(self)

    @cached_property
    def tasks(self) -> Tasks:
        """The task scheduler."""
        return Tasks(self)

    @cached_property
    def environment(self) -> dict[str, str]:
        """The variables of a WinRS process before the account's own."""
        return variables_of(self.name, self.bits)

    def text(self, key: str, **values: object) -> str:
        """A system text in the host's language, of data/texts.json."""
        return self.speech.text(key, values)

    def error(self, code: int) -> str:
        """The text of a Win32 error, or its number if the tables have none."""
        try:
            return self.text(f"error.{code}")
        except KeyError:
            return str(code)

    def services_display(self, name: str) -> str:
        """The display name of a service, its own name if it is not installed."""
        service = self.services.find(name)
        return service.display_name if service else name

    @property
    def context(self) -> Context:
        """The surroundings of the program that runs in this thread: directory, variables, standard input."""
        return self.contexts.current or Context(environment=self.environment)

    def run(self, account: Account, image: str, arguments: str, *, code_page: int) -> Completed | None:
        """Run a program: ``image`` as written, ``arguments`` the raw rest of the line. None: there is no such program."""
        self.materialise()
        self.look_after_programs(arguments)
        with self.journal.acting(account.qualified):
            done = run(self, account, image, arguments, code_page)
        self.look_after_programs()
        return done

    def look_after_programs(self, arguments: str = "") -> None:
        """Let agents and servers that have just started do their work, and a server bring its state file up to date before it is read."""
        reading = "agents.xml" in arguments.lower()
        if reading or self.programs.fresh:
            self.network.settle(self, everybody=reading)

    def materialise(self) -> None:
        """Build what is built on demand, so that the registry shows services and firewall as the fleet wants them."""
        _built = self.services, self.firewall
        if "features" in self.options:
            # What is pending from the start shows in the registry.
            _store = self.servicing

    @property
    def booted(self) -> datetime:
        """When Windows was started."""
        return self.power.booted

    def reboot(self) -> None:
        """Restart at once; whoever is on the wire is cut off, and nobody is let in until the host is back."""
        self.power.restart()

    def stop_everything(self) -> None:
        """What a restart does to the parts: installations break, processes end, policies are applied, services load their configuration."""
        self.materialise()
        self.installer.restart()
        self.hives.restart()
        self.servicing.restart()
        self.policies.refresh(force=True)
        self.services.reboot()
