# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet for verification: an Auditor server, one agent that works, and others each of which has one thing wrong with it.

The agents are put together from services and registry values, so that each fault stands here.
"""

from __future__ import annotations

from typing import Any

SERVER = "auditor01"
SERVER_ADDRESS = "127.13.0.10"
FOLDER = r"C:\Program Files (x86)\Netwrix Auditor\User Activity Core Service"
PRODUCT = "{12345678-ABCD-1234-ABCD-123456789ABC}"
# Windows Installer writes the same code backwards in groups (surface 7.1).
PACKED = "87654321DCBA4321BADC21436587A9CB"
UNINSTALL = r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
SERVICE = {"path": f'"{FOLDER}\\UAVRAgent.exe"', "start": "Auto", "own": True, "state": "Running"}


def agent(number: int, **options: Any) -> dict[str, Any]:
    """The options of a healthy agent, with `options` over them; `settings` go over the agent's registry values."""
    settings = {"InstallPath": FOLDER + "\\", "ServerName": SERVER, "ServerPort": "9004", "CallbackPort": "9003", "UniqID": f"id-{number}"}
    version, settings = options.pop("version", "10.7.13645"), {**settings, **options.pop("settings", {})}
    rule = f"v2.22|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=9003|App={FOLDER}\\UAVRAgent.exe|Name=UA|"
    return {
        "services": {"UAVRAgentSvc": SERVICE},
        "registry": {
            r"HKLM\SOFTWARE\WOW6432Node\Netwrix\User Activity Video Reporter Agent": settings,
            f"{UNINSTALL}\\{PRODUCT}": {"DisplayName": "Netwrix Auditor User Activity Core Service", "DisplayVersion": version},
            rf"HKLM\SOFTWARE\Classes\Installer\Products\{PACKED}": {"ProductName": "Netwrix Auditor User Activity Core Service"},
        },
        "firewall": {"rules": {"{30000000-0000-0000-0000-000000000001}": rule}},
        "dotnet_release": 528040,
        **options,
    }


HOSTS: dict[str, dict[str, Any]] = {
    "healthy": {"release": "2022", "options": agent(1)},
    "german": {"release": "2012R2", "language": "de-DE", "options": agent(2, administrators=["LAB\\svc-netwrix"])},
    "dies": {"release": "2019", "options": agent(3, agent_behaviour={"dies_after": 0.2})},
    "deaf": {"release": "2016", "options": agent(4, agent_behaviour={"deaf": True})},
    "mute": {"release": "2025", "options": agent(5, agent_behaviour={"mute": True})},
    "wrong": {"release": "2022", "options": agent(6, settings={"ServerName": "elsewhere"})},
    "blocked": {"release": "2019", "language": "ja-JP", "options": agent(7, firewall={})},
    "clone1": {"release": "10", "options": agent(8)},
    "clone2": {"release": "10", "options": agent(8)},
    "bare": {"release": "2022", "language": "fr-FR"},
    "outdated": {"release": "2022", "options": agent(9, version="9.96.0")},
    "shut": {"release": "2022", "options": agent(10, admin_shares=False)},
    "gmsa": {"release": "2022", "options": agent(11, administrators=["LAB\\gmsa-uavr$"])},
    "grouped": {"release": "2022", "options": agent(12, administrators=[{"group": "LAB\\Netwrix accounts"}])},
    "packaged": {"release": "2022", "options": {"agent": {"server": SERVER}, "firewall": agent(0)["firewall"], "dotnet_release": 528040}},
    "bysid": {"release": "2022", "options": agent(14, administrators=["LAB\\svc-sid"])},
    "late": {"release": "2022", "options": {**agent(15), "services": {"UAVRAgentSvc": {**SERVICE, "state": "Stopped", "start_seconds": 4}}}},
    "fading": {"release": "2022", "options": agent(13, agent_behaviour={"dies_after": 3600})},
    "elsewhere": {"release": "2022", "options": {"server": True}},
}


def fleet() -> dict[str, Any]:
    """The fleet as its file would say it."""
    rule = "v2.22|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=9004|Name=Netwrix Auditor|"
    firewall = {"rules": {"{30000000-0000-0000-0000-000000000002}": rule}}
    server = {"name": SERVER, "release": "2022", "address": SERVER_ADDRESS, "options": {"server": True, "firewall": firewall}}
    agents = [{"name": name, "address": f"127.13.0.{20 + number}", **host} for number, (name, host) in enumerate(HOSTS.items())]
    account = {"name": "labadmin", "kind": "domain", "role": "administrator", "password": "Lab-Passw0rd!"}
    return {"domain": {"dns": "lab.test", "netbios": "LAB"}, "accounts": [account], "hosts": [server, *agents]}
