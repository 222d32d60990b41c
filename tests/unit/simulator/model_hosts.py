# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts, accounts and short ways to ask them, for the tests of the Windows model."""

from __future__ import annotations

from typing import Any

from simulator.windows import Account, CimClass, Completed, Windows

ADMIN = Account("labadmin", "LAB", "Lab-Passw0rd!", "S-1-5-21-1-2-3-1104", administrator=True)
FILTERED = Account("filtered", "HOST", "Lab-Passw0rd!", "S-1-5-21-9-9-9-1002", administrator=True, filtered=True)
USER = Account("joe", "LAB", "Lab-Passw0rd!", "S-1-5-21-1-2-3-1105")
HKLM = 2147483650


class Clock:
    """A host's clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def host(release: str = "2022", language: str = "en-US", domain: str | None = "lab.test", **options: Any) -> Windows:
    """One host; keyword arguments are its options. Its clock is a Clock."""
    made = Windows(name="HOST", release=release, language=language, domain=domain, address="127.0.0.9", accounts=[ADMIN, FILTERED, USER], options=options)
    made.clock = Clock()
    return made


def later(target: Windows, seconds: float) -> None:
    """Move a host's clock."""
    assert isinstance(target.clock, Clock)
    target.clock.seconds += seconds


def cim(target: Windows, name: str) -> CimClass:
    """The class of this name in the usual namespaces."""
    for namespace in ("root/cimv2", "root/standardcimv2", "root/securitycenter2", "root/rsop/computer"):
        found = target.cim.find(namespace, name)
        if found is not None:
            return found
    raise LookupError(name)


def instance(target: Windows, name: str, **wanted: Any) -> dict[str, Any]:
    """The first instance of a class whose properties are as wanted."""
    found = cim(target, name).instances(target, ADMIN)
    return next(item for item in found if all(item[key] == value for key, value in wanted.items()))


def registry(target: Windows, method: str, account: Account = ADMIN, **arguments: Any) -> dict[str, Any]:
    """Call StdRegProv; sSubKeyName is ``key``, sValueName ``name``."""
    names = {"key": "sSubKeyName", "name": "sValueName"}
    given = {"hDefKey": HKLM, **{names.get(key, key): value for key, value in arguments.items()}}
    return cim(target, "StdRegProv").invoke(target, account, None, method, given)


def service(target: Windows, name: str, method: str, account: Account = ADMIN, **arguments: Any) -> int:
    """Call a method of Win32_Service and return its ReturnValue."""
    answer = cim(target, "Win32_Service").invoke(target, account, {"Name": name}, method, arguments)
    value = answer["ReturnValue"]
    assert isinstance(value, int)
    return value


def run(target: Windows, image: str, arguments: str, account: Account = ADMIN, code_page: int = 65001) -> Completed:
    """Run a program that must exist."""
    done = target.run(account, image, arguments, code_page=code_page)
    assert done is not None
    return done


def netsh(target: Windows, arguments: str, account: Account = ADMIN) -> Completed:
    """Run netsh advfirewall firewall."""
    return run(target, "netsh", f"advfirewall firewall {arguments}", account)


def rule_text(target: Windows, name: str) -> str:
    """The registry form of the rule with this stored name."""
    return next(rule.text() for rule in target.firewall if rule.name == name)
