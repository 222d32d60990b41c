# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet: hosts, accounts and authentication described in YAML (format: README.md), turned into Windows objects."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import yaml

from .authentication import Methods
from .windows import Account, Windows

METHODS = ("basic", "negotiate", "certificate")


class FleetError(ValueError):
    """The fleet file says something that cannot be; the message names the place."""


@dataclass(frozen=True)
class AccountSpec:
    """One account of the file. ``kind`` is domain (known to all hosts of the domain) or local (made on every host)."""

    name: str
    password: str
    kind: str = "local"
    role: str = "administrator"
    certificate: bool = False
    rid: int = 1001


@dataclass(frozen=True)
class HostSpec:
    """One host of the file."""

    name: str
    release: str
    address: str
    language: str = "en-US"
    domain_member: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fleet:
    """All hosts with what they share; ports 0 let the system choose."""

    hosts: tuple[HostSpec, ...]
    accounts: tuple[AccountSpec, ...]
    domain: str | None = None
    netbios: str | None = None
    http_port: int = 15985
    https_port: int = 15986
    methods: Methods = field(default_factory=Methods)
    keytab: Path | None = None

    def with_ports(self, http_port: int, https_port: int) -> Fleet:
        """The same fleet on other ports."""
        return replace(self, http_port=http_port, https_port=https_port)

    def with_keytab(self, keytab: Path) -> Fleet:
        """The same fleet, whose domain members take Kerberos tickets for the keys in this file."""
        if not self.domain:
            raise FleetError("there is a keytab but no domain")
        return replace(self, keytab=keytab)

    def windows(self, spec: HostSpec) -> Windows:
        """Build the model of one host."""
        domain = self.domain if spec.domain_member else None
        try:
            return Windows(
                name=spec.name,
                release=spec.release,
                language=spec.language,
                domain=domain,
                address=spec.address,
                accounts=self.accounts_of(spec),
                options=spec.options,
            )
        except (KeyError, ValueError) as exc:
            raise FleetError(f"host {spec.name}: {exc}") from exc

    def accounts_of(self, spec: HostSpec) -> list[Account]:
        """The accounts that can log on to one host: its own local ones and the domain's."""
        return [self._account(item, spec) for item in self.accounts if item.kind == "local" or (self.domain and spec.domain_member)]

    def _account(self, spec: AccountSpec, host: HostSpec) -> Account:
        domain = host.name.upper() if spec.kind == "local" else str(self.netbios)
        digest = hashlib.sha256(domain.lower().encode()).digest()
        authority = "-".join(str(int.from_bytes(digest[start : start + 4], "big")) for start in (0, 4, 8))
        return Account(
            name=spec.name,
            domain=domain,
            password=spec.password,
            sid=f"S-1-5-21-{authority}-{spec.rid}",
            administrator=spec.role in ("administrator", "filtered"),
            filtered=spec.role == "filtered",
            remote_management_user=spec.role == "remote_management_user",
        )


ROLES = ("administrator", "filtered", "remote_management_user", "user")


def load_fleet(path: str | Path) -> Fleet:
    """Read a fleet file; raises FleetError with one sentence if something in it is wrong."""
    try:
        document = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except yaml.YAMLError as exc:
        raise FleetError(f"{path}: not YAML: {exc}") from exc
    return parse_fleet(document)


def parse_fleet(document: Any) -> Fleet:
    """A fleet from the parsed file."""
    top = _mapping(document, "the fleet file", {"domain", "ports", "winrm", "accounts", "hosts", "generate"})
    domain = _mapping(top.get("domain") or {}, "domain", {"dns", "netbios", "keytab"})
    ports = _mapping(top.get("ports") or {}, "ports", {"http", "https"})
    hosts = [_host(item) for item in top.get("hosts") or []] + _generated(top.get("generate"))
    if not hosts:
        raise FleetError("the fleet has no hosts")
    for what in ("name", "address"):
        values = [getattr(host, what).lower() for host in hosts]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise FleetError(f"two hosts have the {what} {twice[0]}")
    accounts = tuple(_account(item, 1001 + index) for index, item in enumerate(top.get("accounts") or []))
    if any(item.kind == "domain" for item in accounts) and not domain:
        raise FleetError("there are domain accounts but no domain")
    fleet = Fleet(
        hosts=tuple(hosts),
        accounts=accounts,
        domain=domain.get("dns"),
        netbios=domain.get("netbios"),
        http_port=int(ports.get("http", 15985)),
        https_port=int(ports.get("https", 15986)),
        methods=_methods(top.get("winrm") or {}),
    )
    return fleet.with_keytab(Path(domain["keytab"])) if domain.get("keytab") else fleet


def _mapping(value: Any, where: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FleetError(f"{where} must be a mapping")
    if unknown := sorted(set(value) - known):
        raise FleetError(f"{where} has the unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}")
    return value


def _account(item: Any, rid: int) -> AccountSpec:
    entry = _mapping(item, "an account", {field.name for field in fields(AccountSpec)})
    if not entry.get("name") or not entry.get("password"):
        raise FleetError("an account needs a name and a password")
    spec = AccountSpec(**{"rid": rid, **entry})
    if spec.kind not in ("local", "domain") or spec.role not in ROLES:
        raise FleetError(f"account {spec.name}: kind is local or domain, role one of {', '.join(ROLES)}")
    if ":" in spec.name + spec.password:
        raise FleetError(f"account {spec.name}: a colon can stand neither in the name nor in the password of a simulated account")
    return spec


def _host(item: Any) -> HostSpec:
    entry = _mapping(item, "a host", {field.name for field in fields(HostSpec)})
    if missing := [name for name in ("name", "release", "address") if not entry.get(name)]:
        raise FleetError(f"host {entry.get('name', '?')}: {missing[0]} is missing")
    entry = {**entry, "release": str(entry["release"]), "options": dict(entry.get("options") or {})}
    if not str(entry["address"]).startswith("127."):
        raise FleetError(f"host {entry['name']}: {entry['address']} is not a loopback address")
    return HostSpec(**entry)


def _generated(value: Any) -> list[HostSpec]:
    if value is None:
        return []
    entry = _mapping(value, "generate", {"count", "prefix", "first_address", "release", "language", "options"})
    releases, languages = _list(entry.get("release", "2022")), _list(entry.get("language", "en-US"))
    first = IPv4Address(str(entry.get("first_address", "127.20.0.1")))
    return [
        _host(
            {
                "name": f"{entry.get('prefix', 'host')}{number + 1:03d}",
                "release": releases[number % len(releases)],
                "language": languages[number % len(languages)],
                "address": str(first + number),
                "options": entry.get("options") or {},
            }
        )
        for number in range(int(entry.get("count", 0)))
    ]


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _methods(value: Any) -> Methods:
    entry = _mapping(value, "winrm", {"auth", "allow_unencrypted"})
    auth = _list(entry.get("auth", list(METHODS)))
    if unknown := [name for name in auth if name not in METHODS]:
        raise FleetError(f"winrm.auth: {unknown[0]} is not one of {', '.join(METHODS)}")
    return Methods(**{name: name in auth for name in METHODS}, allow_unencrypted=bool(entry.get("allow_unencrypted", False)))
