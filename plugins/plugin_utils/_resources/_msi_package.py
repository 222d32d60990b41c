# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Windows Installer package: installed, of the file's version, or gone.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from .._host import Host, Installation, Product
from .._host._commands import UNSAFE
from .._package import Package, canonical, compare_versions
from .._plan import ApplyFailed, BadRequest, Change, Resource, State, Value
from ._msi_products import of_code, of_name, of_package, strangers
from ._msi_properties import command_line
from ._msi_source import source_of
from ._msi_steps import Step, steps_to

# What follows the product's name in the name of a staged package: version and beginning of the checksum.
_STAGED = r"[0-9.]+-[0-9a-f]{8}"
_REINSTALL = {"upgrade": "vomus", "repair": "vamus"}


class MsiPackage(Resource[Host]):
    """`version` and `product_code`; `missing` if parts of it are not there, `beside` if other versions are installed too."""

    kind = "msi_package"
    installs: ClassVar[bool] = True
    may_restart: ClassVar[bool] = True

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them."""
        _check(options)
        self._options = options
        self._state: str = options["state"]
        self._source = source_of(options) if options["path"] is not None else None
        self._code = canonical(options["product_code"]) if options["product_code"] is not None else None
        self._display_name: str | None = options["product_name"]
        self.name = self._source.name if self._source else str(self._code or self._display_name)
        self.identity = str(options["path"] or self.name)
        secret: Mapping[str, Any] = options["secret_properties"]
        self._properties = ['ALLUSERS="1"', *command_line(options["properties"], secret)]
        self._secret = bool(secret)
        self._package: Package | None = None
        self._products: list[Product] = []
        self._strangers: list[Product] = []

    def expect(self, host: Host) -> None:
        """The registry keys of the codes that are known without asking the host; what it creates goes along."""
        package = self._source.known() if self._source else None
        if package:
            host.installer.expect(package.upgrade_code, package.product_code, package.name)
        host.installer.expect(None, self._code, self._display_name)
        if self._options["creates"]:
            host.expect_folders()

    def read(self, host: Host) -> State | None:
        """The newest product that belongs to the package, and what is amiss with it."""
        self._package = self._source.package(host) if self._source else None
        self._products = self._find(host)
        self._strangers = strangers(host, self._package, self._products) if self._package else []
        if not self._products:
            return None
        newest, *others = self._products
        state: dict[str, Value] = {"version": newest.version, "product_code": newest.code}
        if missing := self._missing(host):
            state["missing"] = missing
        if others:
            state["beside"] = tuple(f"{product.version} {product.code}" for product in others)
        return state

    def want(self, have: State | None) -> State | None:
        """The package's version, or the one that is installed, alone and whole."""
        if self._state == "absent" or self._package is None:
            # Every other state needs a path, and so a package that has been read.
            return None
        package = {"version": self._package.version, "product_code": self._package.product_code}
        if have is None:
            return package
        return package if self._replaces(have, self._package) else {key: have[key] for key in package}

    def check(self, host: Host, change: Change) -> None:
        """A package for 64-bit Windows can't be installed on a 32-bit one."""
        if self._package and change.after and self._package.architecture != "x86" and host.system.bits == 32:
            raise BadRequest(f"{self.name} is made for {self._package.architecture}, and {host.name} is a 32-bit Windows; give the x86 package.")

    def apply(self, host: Host, change: Change) -> None:
        """Uninstall by the installed ProductCode; bring the package to the host only for a step that needs it."""
        host.prepare_staging()
        before, after = change.before or {}, change.after
        if after is None or self._package is None or self._source is None:
            steps, staged = [Step("uninstall", product) for product in self._products], ""
        else:
            keep = (before.get("product_code"), before.get("version")) == (after["product_code"], after["version"])
            steps = steps_to(self._package, self._products, damaged="missing" in before, keep=keep)
            staged = self._source.stage(host, _staged(host, self._package)) if any(step.product is None for step in steps) else ""
        done: list[str] = []
        for step in steps:
            try:
                done.append(self._run(host, step, staged))
            except ApplyFailed as error:
                raise ApplyFailed(f"{error} {self._left(host, done)}") from None
        for name in {product.name for product in self._products} | ({self._package.name} if self._package else set()):
            # The package of what is installed stays, as Windows Installer may ask for it again; those of other versions go.
            host.files.remove_like(f"{host.staging}\\{_slug(name)}-", ".msi", middle=_STAGED, keep=staged)

    def warnings(self, host: Host, have: State | None) -> tuple[str, ...]:
        """What is left alone although it differs from the package, or has its name."""
        others = tuple(
            f"a product of the same name, version {product.version} from {product.publisher or 'nobody'}, is installed too; it is another one "
            f"by its codes ({product.code}) and is left"
            for product in self._strangers
        )
        return (*self._left_alone(have), *others)

    def _left_alone(self, have: State | None) -> tuple[str, ...]:
        if not have or not self._package or self._state == "absent" or self._replaces(have, self._package):
            return ()
        order = compare_versions(str(have["version"]), self._package.version)
        if order > 0:
            return (f"version {have['version']} is installed, newer than {self._package.version} of the package, and is left; allow_downgrade replaces it",)
        if order < 0:
            return (f"version {have['version']} is installed, older than {self._package.version} of the package, and is left; state latest upgrades it",)
        if have["product_code"] != self._package.product_code:
            return (f"another build of version {have['version']} is installed ({have['product_code']}) and is left",)
        return ()

    def _replaces(self, have: State, package: Package) -> bool:
        """Whether what is installed gives way to the package."""
        order = compare_versions(str(have["version"]), package.version)
        if order > 0:
            return self._state == "latest" and bool(self._options["allow_downgrade"])
        return order < 0 and (self._state == "latest" or "missing" in have)

    def _find(self, host: Host) -> list[Product]:
        if self._package:
            return of_package(host, self._package)
        if self._code:
            return of_code(host, self._code)
        return of_name(host, str(self._display_name), self._options["publisher"])

    def _missing(self, host: Host) -> tuple[str, ...]:
        """What the package brings and is not there."""
        paths = [host.expand(path) for path in self._options["creates"]]
        found = host.files.exists(paths) if paths else {}
        services = (name for name in self._options["creates_services"] if not host.services.get(name) and not host.services.running(name))
        unlisted = () if self._products[0].listed else ("entry in the list of programs",)
        return (*unlisted, *(path for path in paths if not found[path]), *(f"service {name}" for name in services))

    def _left(self, host: Host, done: list[str]) -> str:
        """What a failure has left: a package may remove the old version before it installs the new one."""
        host.registry.forget()
        versions = [product.version for product in self._find(host)]
        before = f"Before that: {', '.join(done)}. " if done else ""
        return f"{before}Installed now: {', '.join(versions) or 'no version of it'}."

    def _run(self, host: Host, step: Step, staged: str) -> str:
        """One call of msiexec; returns what it did, in words."""
        subject = step.product or self._package
        name, version = (subject.name, subject.version) if subject else (self.name, "")
        action, properties, gone = f'/i "{staged}"', self._properties, False
        if step.verb == "uninstall" and step.product:
            action, properties, gone = f"/x {step.product.code}", [], True
        elif step.verb in _REINSTALL:
            action = f"/famus {step.product.code}" if step.product else f"{action} REINSTALL=ALL REINSTALLMODE={_REINSTALL[step.verb]}"
        log = f"{host.staging}\\{_slug(name)}-{version}-{step.verb}.log"
        options = self._options
        host.installer.run(
            Installation(f"{step.verb} {name} {version}", action, log, properties, secret=self._secret, gone=gone),
            time_limit=options["time_limit"],
            busy_limit=options["busy_limit"],
            as_system=options["as_system"],
        )
        return f"{step.verb} {version}"


def _check(options: Mapping[str, Any]) -> None:
    """Refuse what would only show in the middle of a run, and names that are empty: a variable is, not a wish.

    Raises:
        BadRequest: an option can't be meant like this.
    """
    for name in ("path", "product_code", "product_name"):
        if options[name] is not None and not str(options[name]).strip():
            raise BadRequest(f"{name} is empty, perhaps from an empty variable; say which package is meant.")
    if options["product_name"] and UNSAFE.search(options["product_name"]):
        raise BadRequest(f"Products can't be looked up by the name {options['product_name']!r}; give product_code.")
    for name in ("time_limit", "concurrent_uploads"):
        if options[name] < 1:
            raise BadRequest(f"{name} is {options[name]}, and has to be at least 1.")


def _staged(host: Host, package: Package) -> str:
    return f"{host.staging}\\{_slug(package.name)}-{package.version}-{package.sha256[:8]}.msi"


def _slug(name: str) -> str:
    """A product's name as part of a file name."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.") or "package"
