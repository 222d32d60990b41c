# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts: every check with every status that it can have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Connection, Product
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._network import Member
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._services import Service
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._monitoring import Check, Facts, ServerView, Wanted, judge
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._monitoring._catalogue import IDS

SERVER, OWN, OTHER = "192.0.2.5", "192.0.2.10", "192.0.2.99"
LISTEN, ESTABLISHED = 2, 5
RUNNING = Service("Agent", r"C:\Agent\UAVRAgent.exe", "auto", "running", 100)
STOPPED = replace(RUNNING, state="stopped", process_id=0)
LISTENS = Connection("0.0.0.0", 9003, "0.0.0.0", 0, LISTEN, 100)
CONNECTED = Connection(OWN, 50100, SERVER, 9004, ESTABLISHED, 100)
CALLED = Connection(OWN, 9003, SERVER, 60000, ESTABLISHED, 100)
SETTINGS = {"servername": "auditor01", "serverport": "9004", "callbackport": "9003", "uniqid": "{AA-1}", "installpath": "C:\\Agent\\"}
VIEW = ServerView("10.7.2", frozenset({9004}), (("pc1.lab.test", "aa-1"), ("pc2", "bb-2")), ((9004, OWN, 50100), (60000, OWN, 9003)), (), running=True)
HEALTHY = Facts(
    names=("pc1", "pc1.lab.test", "pc1"),
    settings=SETTINGS,
    product=Product("{1}", "Agent", "10.7.100", "Netwrix"),
    services=(RUNNING,),
    later=RUNNING,
    connections=(LISTENS, CONNECTED, CALLED),
    dotnet_release=528049,
    shares=frozenset({"ADMIN$", "C$"}),
    members=(Member("PC1", "Administrator", group=False), Member("LAB", "svc-uavr", group=False)),
    remote_registry="auto",
    file_server="auto",
)
WANTED = Wanted(server="AUDITOR01.lab.test", server_addresses=(SERVER, "auditor01"), server_info=VIEW, data_account="lab\\SVC-uavr")


def _check(name: str, facts: Facts, wanted: Wanted) -> Check:
    return next(check for check in judge(wanted, facts) if check.id == name)


def _reach(ok: bool | None) -> ServerView:
    return replace(VIEW, connections=(), reach=({"name": "PC1", "address": OWN, "port": 9003, "ok": ok, "how": "as it went"},))


QUIET: dict[str, Any] = {"connections": (LISTENS, CONNECTED)}
BARE: dict[str, Any] = {"services": (), "product": None, "settings": None, "later": None, "connections": ()}
DEAD: dict[str, Any] = {"services": (STOPPED,), "later": STOPPED, "connections": ()}
# The check, what differs from a healthy computer, what differs from what is wanted, the status, and words of the text.
CASES: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    ("agent.installed", {}, {}, "ok", "service Agent, version 10.7.100"),
    ("agent.installed", {"product": None}, {}, "ok", "service Agent."),
    ("agent.installed", BARE, {}, "failed", "No service has the program UAVRAgent.exe"),
    ("agent.installed", {"services": (), "later": None}, {}, "failed", "is installed, but no service"),
    ("agent.version_floor", {}, {}, "ok", "10.7.100 is not older than 10.5"),
    ("agent.version_floor", {}, {"minimum_version": "10.7.100.0"}, "ok", "10.7.100"),
    ("agent.version_floor", {}, {"minimum_version": "10.10"}, "failed", "10.7.100 is older than 10.10"),
    ("agent.version_floor", {"product": None}, {}, "unknown", "not known"),
    ("agent.version_floor", {"product": Product("{1}", "Agent", "", "")}, {}, "unknown", "not known"),
    ("agent.version_floor", {}, {"minimum_version": ""}, "not applicable", "minimum_version"),
    ("agent.version_floor", BARE, {}, "not applicable", "no agent"),
    ("agent.version_skew", {}, {}, "ok", "version 10.7.100, the server 10.7.2"),
    ("agent.version_skew", {}, {"expected_version": "10.7.100"}, "ok", "10.7.100"),
    ("agent.version_skew", {}, {"expected_version": "10.7.2"}, "failed", "version 10.7.100, the server 10.7.2"),
    ("agent.version_skew", {}, {"server_info": replace(VIEW, version="10.8")}, "failed", "10.8"),
    ("agent.version_skew", {"product": None}, {}, "unknown", "not known"),
    ("agent.version_skew", {}, {"server_info": replace(VIEW, version=None)}, "not applicable", "expected_version"),
    ("agent.version_skew", {}, {"server_info": None}, "not applicable", "expected_version"),
    ("agent.version_skew", BARE, {}, "not applicable", "no agent"),
    ("agent.service_running", {}, {}, "ok", "automatically and is running"),
    ("agent.service_running", DEAD, {}, "failed", "is stopped"),
    ("agent.service_running", {"services": (replace(RUNNING, start_mode="manual"),)}, {}, "failed", "on demand only"),
    ("agent.service_running", BARE, {}, "not applicable", "no agent"),
    ("agent.service_stays", {}, {}, "ok", "process 100 5 seconds later"),
    ("agent.service_stays", {"later": STOPPED}, {}, "failed", "was stopped 5 seconds later"),
    ("agent.service_stays", {"later": replace(RUNNING, process_id=104)}, {}, "failed", "started anew"),
    ("agent.service_stays", DEAD, {}, "not applicable", "does not run"),
    ("agent.service_stays", BARE, {}, "not applicable", "no agent"),
    ("agent.listens", {}, {}, "ok", "port 9003"),
    ("agent.listens", {"connections": (CONNECTED,)}, {}, "failed", "Nothing listens on TCP port 9003"),
    ("agent.listens", {"connections": (replace(LISTENS, process_id=7),), "holder": "other.exe"}, {}, "failed", "other.exe listens"),
    ("agent.listens", {"connections": None}, {}, "unknown", "before Server 2012"),
    ("agent.listens", DEAD, {}, "not applicable", "does not run"),
    ("agent.configured", {}, {}, "ok", "told server auditor01"),
    ("agent.configured", {"settings": {**SETTINGS, "servername": SERVER}}, {}, "ok", SERVER),
    ("agent.configured", {"settings": {**SETTINGS, "serverport": ""}}, {}, "ok", "9004"),
    ("agent.configured", {"settings": {**SETTINGS, "servername": "auditor02"}}, {}, "failed", "the server is auditor02"),
    ("agent.configured", {"settings": {**SETTINGS, "servername": "auditor01.other.test"}}, {"server_addresses": ()}, "failed", "auditor01.other.test"),
    ("agent.configured", {"settings": {**SETTINGS, "serverport": "9005"}}, {}, "failed", "ServerPort is 9005, not 9004"),
    ("agent.configured", {"settings": {**SETTINGS, "callbackport": "x"}}, {}, "failed", "CallbackPort is x, not 9003"),
    ("agent.configured", {"settings": None}, {}, "failed", "no registry key"),
    ("agent.configured", {"settings": {"serverport": "9004"}}, {}, "unknown", "no value ServerName (server_value); it has: serverport"),
    ("agent.configured", {"settings": {"serverport": "9004"}}, {"server": ""}, "ok", "not asked for"),
    ("agent.configured", BARE, {}, "not applicable", "no agent"),
    ("agent.connected", {}, {}, "ok", f"connected to {SERVER} port 9004"),
    ("agent.connected", {}, {"server_addresses": (OTHER,)}, "ok", f"connected to {SERVER}"),
    ("agent.connected", {}, {"server": "", "server_addresses": (), "server_info": None}, "ok", "was not compared"),
    ("agent.connected", {}, {"server_addresses": (OTHER,), "server_info": None}, "failed", f"connected to {SERVER} port 9004, which is not its server"),
    ("agent.connected", {"connections": (LISTENS,)}, {}, "failed", "no connection to TCP port 9004"),
    ("agent.connected", {"connections": (replace(CONNECTED, state=3),)}, {}, "failed", "no connection"),
    ("agent.connected", {"connections": (replace(CONNECTED, process_id=7),)}, {}, "failed", "no connection"),
    ("agent.connected", {"connections": None}, {}, "unknown", "before Server 2012"),
    ("agent.connected", DEAD, {}, "not applicable", "does not run"),
    ("server.listens", {}, {}, "ok", "port 9004"),
    ("server.listens", {}, {"server_info": replace(VIEW, ports=frozenset({9005}))}, "failed", "but on 9005"),
    ("server.listens", {}, {"server_info": replace(VIEW, running=False)}, "failed", "service does not run"),
    ("server.listens", {}, {"server_info": replace(VIEW, ports=None)}, "unknown", "can't tell"),
    ("server.listens", {}, {"server_info": None}, "not applicable", "server_info"),
    ("server.reaches_agent", {}, {}, "ok", "has a connection"),
    ("server.reaches_agent", QUIET, {}, "ok", "has a connection"),
    ("server.reaches_agent", {}, {"server_info": None}, "ok", "has a connection"),
    ("server.reaches_agent", QUIET, {"server_info": _reach(True)}, "ok", "as it went"),
    ("server.reaches_agent", QUIET, {"server_info": _reach(False)}, "failed", "as it went"),
    ("server.reaches_agent", QUIET, {"server_info": _reach(None)}, "unknown", "as it went"),
    ("server.reaches_agent", QUIET, {"server_info": None}, "unknown", "was not asked"),
    ("server.reaches_agent", {"connections": (LISTENS, CONNECTED, replace(CALLED, remote_address=OTHER))}, {"server_info": None}, "unknown", "was not asked"),
    ("server.reaches_agent", DEAD, {}, "not applicable", "does not run"),
    ("server.reaches_agent", BARE, {}, "not applicable", "no agent"),
    ("server.knows_agent", {}, {}, "ok", "pc1.lab.test"),
    ("server.knows_agent", {"settings": {**SETTINGS, "uniqid": "cc-3"}}, {}, "failed", "cc-3"),
    ("server.knows_agent", {"settings": {**SETTINGS, "uniqid": ""}}, {}, "unknown", "no id"),
    ("server.knows_agent", {}, {"server_info": replace(VIEW, agents=None)}, "unknown", "could not be read"),
    ("server.knows_agent", {}, {"server_info": None}, "not applicable", "server_info"),
    ("server.knows_agent", BARE, {}, "not applicable", "no agent"),
    ("agent.unique", {}, {}, "ok", "no other computer"),
    ("agent.unique", {"settings": {**SETTINGS, "uniqid": "BB-2"}}, {}, "failed", "for pc2 too"),
    ("agent.unique", {"settings": {**SETTINGS, "uniqid": ""}}, {}, "unknown", "no id"),
    ("agent.unique", {}, {"server_info": None}, "not applicable", "server_info"),
    ("agent.dotnet", {}, {}, "ok", "528049"),
    ("agent.dotnet", {"dotnet_release": 461814}, {}, "failed", "461814"),
    ("agent.dotnet", {"dotnet_release": None}, {}, "failed", "no .NET Framework"),
    ("access.admin_shares", {}, {}, "ok", "ADMIN$ and C$ are shared"),
    ("access.admin_shares", {"shares": frozenset({"ADMIN$"})}, {}, "failed", "C$ is not shared"),
    ("access.admin_shares", {"shares": frozenset(), "system_share": "D$"}, {}, "failed", "ADMIN$ and D$ are not shared"),
    ("access.data_account", {}, {}, "ok", "is a member"),
    ("access.data_account", {}, {"data_account": "svc-uavr@lab.test"}, "ok", "is a member"),
    ("access.data_account", {}, {"data_account": ".\\administrator"}, "ok", "is a member"),
    ("access.data_account", {"account": ("LAB", "svc-uavr")}, {"data_account": "S-1-5-21-1-2-3-1105"}, "ok", "is a member"),
    ("access.data_account", {}, {"data_account": "OTHER\\svc-uavr"}, "failed", "is no member"),
    ("access.data_account", {"members": (Member("LAB", "Admins", group=True),)}, {}, "unknown", "LAB\\Admins"),
    ("access.data_account", {}, {"data_account": "corp.test\\svc-uavr"}, "unknown", "LAB\\svc-uavr is a member"),
    ("access.data_account", {"members": None}, {}, "unknown", "could not tell"),
    ("access.data_account", {}, {"data_account": "S-1-5-21-1-2-3-1105"}, "unknown", "does not know an account"),
    ("access.data_account", {}, {"data_account": ""}, "not applicable", "data_account"),
    ("access.remote_registry", {}, {}, "ok", "auto"),
    ("access.remote_registry", {"remote_registry": "disabled"}, {}, "failed", "disabled"),
    ("access.remote_registry", {"remote_registry": None}, {}, "unknown", "no service"),
    ("access.smb", {}, {}, "ok", "not switched off"),
    ("access.smb", {"smb2": 1}, {}, "ok", "not switched off"),
    ("access.smb", {"smb2": 0}, {}, "failed", "SMB2 is 0"),
    ("access.smb", {"file_server": "disabled"}, {}, "failed", "LanmanServer"),
]


@pytest.mark.parametrize(("name", "facts", "wanted", "status", "words"), CASES)
def test_a_verdict_follows_from_the_facts(name: str, facts: dict[str, Any], wanted: dict[str, Any], status: str, words: str) -> None:
    """One difference from a healthy computer has one outcome, which says names and numbers."""
    check = _check(name, replace(HEALTHY, **facts), replace(WANTED, **wanted))
    assert (check.status, words in check.text) == (status, True), check


def test_every_check_has_a_case_for_its_success_and_its_failure() -> None:
    """The table above leaves out no check."""
    for status in ("ok", "failed"):
        assert {case[0] for case in CASES if case[3] == status} == set(IDS)


def test_a_healthy_computer_passes_every_check() -> None:
    """Seventeen checks, each of them once, and advice only where something failed."""
    checks = judge(WANTED, HEALTHY)
    assert [check.id for check in checks] == list(IDS)
    assert {check.status for check in checks} == {"ok"}
    assert not any(check.advice for check in checks)


@pytest.mark.parametrize("facts", [BARE, DEAD, {"connections": None}, {"settings": None}])
def test_advice_is_given_exactly_where_a_check_failed(facts: dict[str, Any]) -> None:
    """What is unknown or not applicable has nothing to be mended."""
    for check in judge(WANTED, replace(HEALTHY, **facts)):
        assert bool(check.advice) is (check.status == "failed"), check
        assert check.text.endswith(".")
        assert "\n" not in check.text
