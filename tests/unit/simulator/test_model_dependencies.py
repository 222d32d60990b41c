# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that need a disabled one, and the firewall's "block everything" in the registry."""

from __future__ import annotations

from typing import Any

import pytest
from simulator.windows import Windows
from unit.simulator.model_hosts import host, instance, registry, run, service

IMAGE = r"SYSTEM\CurrentControlSet\Services"
BROKEN: dict[str, Any] = {
    "RpcLocator": {"start": "Disabled", "state": "Stopped"},
    "Middle": {"path": "m", "start": "Auto", "depends": ["RpcLocator"]},
    "Lab": {"path": "l", "start": "Auto", "depends": ["Middle", "HTTP"]},
}
POLICY = r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"


def _state(target: Windows, name: str) -> tuple[object, object]:
    found = instance(target, "Win32_Service", Name=name)
    return found["State"], found["ExitCode"]


def test_dependencies_are_in_the_registry() -> None:
    """DependOnService lists them, drivers too."""
    assert registry(host(services=BROKEN), "GetMultiStringValue", key=rf"{IMAGE}\Lab", name="DependOnService")["sValue"] == ["Middle", "HTTP"]


def test_a_service_does_not_start_without_its_dependency() -> None:
    """13, also if it is the dependency's dependency that is disabled; ExitCode 1068 and sc's 1068."""
    target = host(services=BROKEN)
    assert [service(target, name, "StartService") for name in ("Middle", "Lab")] == [13, 13]
    assert run(target, "sc", "start Lab").exit_code == 1068
    assert [_state(target, name) for name in ("Middle", "Lab")] == [("Stopped", 1068), ("Stopped", 1068)]
    assert target.journal.entries == []
    assert service(target, "RpcLocator", "ChangeStartMode", StartMode="Manual") == 0
    assert service(target, "Lab", "StartService") == 0
    assert [_state(target, name)[0] for name in ("RpcLocator", "Middle", "Lab")] == ["Running"] * 3


def test_a_host_starts_without_services_that_cannot_run() -> None:
    """From the beginning what needs a disabled service does not run, near or far; what the fleet says of a state counts more."""
    needs = {"WinRM": {"depends": ["RpcLocator"]}, "Spooler": {"depends": ["WinRM"]}, "W32Time": {"depends": ["RpcLocator"], "state": "Running"}}
    target = host(services={"RpcLocator": BROKEN["RpcLocator"], **needs})
    assert [_state(target, name) for name in ("WinRM", "Spooler", "W32Time")] == [("Stopped", 1068), ("Stopped", 1068), ("Running", 0)]


def test_a_disabled_dependency_that_still_runs_is_no_hindrance() -> None:
    """Disabling does not stop: what needs it goes on until the restart, and does not come back."""
    target = host(services={"RpcLocator": {"start": "Disabled", "state": "Running"}, "Spooler": {"depends": ["RpcLocator"]}})
    assert _state(target, "Spooler") == ("Running", 0)
    target.reboot()
    assert _state(target, "Spooler") == ("Stopped", 1068)


def test_a_restart_starts_dependencies_first() -> None:
    """An automatic service brings a stopped manual one up; one that needs itself does not run."""
    target = host(
        services={
            "Base": {"path": "b"},
            "Top": {"path": "t", "start": "Auto", "depends": ["Base"]},
            "Ring": {"path": "r", "start": "Auto", "depends": ["Ring"]},
        }
    )
    target.reboot()
    assert [_state(target, name) for name in ("Base", "Top", "Ring")] == [("Running", 0), ("Running", 0), ("Stopped", 1068)]


@pytest.mark.parametrize(("profile", "key"), [("domain", "DomainProfile"), ("private", "StandardProfile"), ("public", "PublicProfile")])
def test_block_always_is_in_the_registry(profile: str, key: str) -> None:
    """blockinboundalways is DoNotAllowExceptions 1, blockinbound takes it back."""
    target = host()
    for policy, value in (("blockinboundalways", 1), ("blockinbound", 0)):
        assert run(target, "netsh", f"advfirewall set {profile}profile firewallpolicy {policy},allowoutbound").exit_code == 0
        assert registry(target, "GetDWORDValue", key=rf"{POLICY}\{key}", name="DoNotAllowExceptions")["uValue"] == value
        assert registry(target, "GetDWORDValue", key=rf"{POLICY}\{key}", name="DefaultInboundAction")["uValue"] == 1
