# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group Policy and networks as clients see them over WS-Management."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import winrm
from simulator import RunningFleet, parse_fleet, serve
from unit.simulator.soap import TRANSFER, WMI, Raw, local

PASSWORD = "Lab-Passw0rd!"
RSOP = "root/rsop/computer"
STANDARD = "root/standardcimv2"
PROFILE = f"{WMI}{STANDARD}/MSFT_NetConnectionProfile"
KEY = r"SOFTWARE\\Policies\\Microsoft\\WindowsFirewall"
VALUES = "SELECT registryKey, valueName, precedence FROM RSOP_RegistryPolicySetting"
MERGE = {"profiles": {"Domain": {"AllowLocalPolicyMerge": 0}}}
POLICIES = [
    {"name": "First", "firewall": MERGE, "registry": {r"SOFTWARE\Policies\Vendor": {"a": 1}}, "services": {"RemoteRegistry": "disabled"}},
    {"name": "Second", "firewall": MERGE},
    {"name": "Later", "pending": True, "registry": {r"SOFTWARE\Policies\Vendor": {"b": "c"}}},
]


@pytest.fixture(scope="module")
def fleet() -> Iterator[RunningFleet]:
    """A member of a domain with policies, one outside, and one of a release without the network's class."""
    hosts = [
        {"name": "member", "release": "2016", "address": "127.40.1.1", "options": {"group_policies": POLICIES}},
        {"name": "alone", "release": "10", "address": "127.40.1.2", "domain_member": False},
        {"name": "old", "release": "2008R2", "address": "127.40.1.3"},
    ]
    accounts = [{"name": "localadmin", "password": PASSWORD}, {"name": "viewer", "password": PASSWORD, "role": "remote_management_user"}]
    description = {"domain": {"dns": "lab.test", "netbios": "LAB"}, "ports": {"http": 0, "https": 0}, "accounts": accounts, "hosts": hosts}
    with serve(parse_fleet(description)) as running:
        yield running


def _client(fleet: RunningFleet, name: str = "member", user: str = "localadmin") -> Raw:
    return Raw(fleet.hosts[name].https_url, str(fleet.ca_file), user)


def _query(client: Raw, namespace: str, text: str) -> list[dict[str, str]]:
    items = client.all(client.query(namespace, text), f"{WMI}{namespace}/*")
    return [{local(node): node.text or "" for node in item} for item in items]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("", ["1", "2", "1"]),
        (" WHERE precedence = 1", ["1", "1"]),
        (rf" WHERE registryKey = '{KEY}\\DomainProfile'", ["1", "2"]),
        (rf" WHERE registryKey LIKE '{KEY}%' AND precedence = 1", ["1"]),
        (r" WHERE RegistryKey LIKE 'software\\policies\\%' AND ValueName = 'A'", ["1"]),
        (r" WHERE registryKey = 'SOFTWARE\\Policies'", []),
    ],
)
def test_settings_can_be_asked_for_by_wql(fleet: RunningFleet, where: str, found: list[str]) -> None:
    """Projection, precedence and keys, whose backslashes are doubled in WQL."""
    rows = _query(_client(fleet), RSOP, VALUES + where)
    assert sorted(row["precedence"] for row in rows) == sorted(found)
    assert all(set(row) == {"registryKey", "valueName", "precedence"} for row in rows)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_single_backslash_is_a_mistake(fleet: RunningFleet, quote: str) -> None:
    """WQL refuses a string in which a backslash protects neither a backslash nor a quote."""
    reply = _client(fleet).query(RSOP, VALUES + rf" WHERE registryKey = {quote}SOFTWARE\Policies{quote}")
    assert (reply.status, reply.code) == (500, 2150858778)


def test_a_setting_leads_to_its_policy(fleet: RunningFleet) -> None:
    """GPOID is the key of the policy; whole instances come in the namespace as the repository spells it."""
    client = _client(fleet)
    (row,) = _query(client, RSOP, "SELECT GPOID, StartupMode FROM RSOP_SystemService WHERE Service = 'remoteregistry' AND precedence = 1")
    assert row["StartupMode"] == "4"
    found = client.get(f"{WMI}{RSOP}/RSOP_GPO", {"id": row["GPOID"]})
    assert found.texts(".//{*}name") == ["First"]
    assert found.body.tag == f"{{{WMI}root/RSOP/Computer/RSOP_GPO}}RSOP_GPO"
    value = client.query(RSOP, "SELECT * FROM RSOP_RegistryPolicySetting WHERE valueName = 'a'")
    assert value.texts(".//{*}value") == ["1", "0", "0", "0"]


def test_all_settings_by_their_base_class(fleet: RunningFleet) -> None:
    """RSOP_PolicySetting is the base of values and services."""
    assert len(_query(_client(fleet), RSOP, "SELECT * FROM RSOP_PolicySetting")) == 4


def test_rsop_is_closed_to_others(fleet: RunningFleet) -> None:
    """A remote management user is denied access (5), and sees networks all the same."""
    viewer = _client(fleet, user="viewer")
    assert viewer.query(RSOP, "SELECT name FROM RSOP_GPO").code == 5
    assert viewer.enumerate(f"{WMI}{RSOP}/RSOP_GPO").code == 5
    assert [row["Name"] for row in _query(viewer, STANDARD, "SELECT Name FROM MSFT_NetConnectionProfile")] == ["lab.test"]


def test_without_policies_there_are_no_rows(fleet: RunningFleet) -> None:
    """Namespace and classes are there on every release."""
    for name in ("alone", "old"):
        assert _query(_client(fleet, name), RSOP, "SELECT id FROM RSOP_GPO") == []


def test_gpupdate_through_pywinrm(fleet: RunningFleet) -> None:
    """The pending policy's value comes with gpupdate, and nothing is counted as a write."""
    host = fleet.hosts["member"]
    session = winrm.Session(host.https_url, auth=("localadmin", PASSWORD), transport="ntlm", ca_trust_path=str(fleet.ca_file))
    assert session.run_cmd(r"reg query HKLM\SOFTWARE\Policies\Vendor /v b").status_code == 1
    done = session.run_cmd("gpupdate", ["/target:computer", "/force"])
    assert (done.status_code, b"Computer Policy update has completed successfully." in done.std_out) == (0, True)
    assert session.run_cmd(r"reg query HKLM\SOFTWARE\Policies\Vendor /v b").status_code == 0
    assert fleet.counters("member")["writes"] == 0
    assert [row["name"] for row in _query(_client(fleet), RSOP, "SELECT name FROM RSOP_GPO")] == ["First", "Second", "Later"]


def test_a_network_is_changed_by_put(fleet: RunningFleet) -> None:
    """Public becomes private; a domain's network can't be made, with the reason of the cmdlet's message."""
    client = _client(fleet, "alone")
    (row,) = _query(client, STANDARD, "SELECT InstanceID FROM MSFT_NetConnectionProfile WHERE NetworkCategory = 0")

    def put(category: int) -> str:
        body = f'<p:MSFT_NetConnectionProfile xmlns:p="{PROFILE}"><p:NetworkCategory>{category}</p:NetworkCategory></p:MSFT_NetConnectionProfile>'
        return client.call(TRANSFER + "Put", PROFILE, body, selectors=row).text

    assert "Unable to set NetworkCategory to 'DomainAuthenticated'" in put(2)
    assert "NetworkCategory>1<" in put(1)
    assert client.get(PROFILE, row).texts(".//{*}NetworkCategory") == ["1"]


def test_old_releases_have_no_such_class(fleet: RunningFleet) -> None:
    """Windows Server 2008 R2 does not know the namespace."""
    assert _client(fleet, "old").query(STANDARD, "SELECT * FROM MSFT_NetConnectionProfile").status == 500
