# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can't be had whatever the host says is refused before anything is sent, in one sentence that says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import DESIRED_STATE
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import KINDS as SPECS
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Host
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest, Resource
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources import KINDS


def resource(kind: str, **options: Any) -> Resource[Host]:
    """A resource from a module's options, defaults filled in as Ansible does."""
    checked = ArgumentSpecValidator(**SPECS[kind]).validate(options)
    assert checked.error_messages == []
    return KINDS[kind](checked.validated_parameters)


def test_every_kind_has_a_spec() -> None:
    """The specs and the kinds name the same things, and the list takes all of them."""
    assert SPECS.keys() == KINDS.keys() == DESIRED_STATE["argument_spec"]["resources"]["options"].keys() - {"control"}


RULE: dict[str, Any] = {"name": "r", "direction": "in", "protocol": "tcp"}
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("service", {"name": "Winmgmt", "stop_when_idle": False}, "RemoteRegistry only"),
    ("service", {"name": "X", "settings": [{"path": "HKLM\\SOFTWARE\\X", "name": "n", "data": 1}]}, "give state too"),
    (
        "service",
        {"name": "X", "state": "started", "settings": [{"path": path, "name": "n", "data": 1} for path in ("HKLM\\A", "HKEY_LOCAL_MACHINE\\a")]},
        "given setting hklm.a.n twice",
    ),
    ("user_registry_value", {"user": " ", "path": "Software\\X", "name": "n", "data": "d"}, "needs a user"),
    ("user_registry_value", {"user": "all", "path": "HKCU\\Software\\X", "name": "n", "data": "d"}, "below the user's hive"),
    ("user_registry_value", {"user": "all", "path": "Software\\Classes\\X", "name": "n", "data": "d"}, "UsrClass"),
    ("user_registry_value", {"user": "all", "path": "Software\\X", "name": "", "data": "d"}, "default value of a key is not offered"),
    ("user_registry_value", {"user": "all", "path": "Software\\X", "name": "n", "type": "dword", "data": "x"}, "takes a number"),
    ("edge_ie_mode_site_list", {"path": "sites.xml", "sites": [{"url": "a"}]}, "no path on a drive"),
    ("edge_ie_mode_site_list", {"path": "C:\\a.xml", "sites": []}, "at least one site"),
    ("edge_ie_mode_site_list", {"path": "C:\\a.xml", "sites": [{"url": "https://a"}]}, "holds a protocol"),
    ("edge_ie_mode_site_list", {"path": "C:\\a.xml", "sites": [{"url": f"a{number}"} for number in range(300)]}, "20 kB"),
    ("service", {"name": ""}, "a name or an image_path that is not empty"),
    ("service", {"name": "a & 100%"}, "percent sign"),
    ("firewall_rule", {**RULE, "profiles": []}, "at least one profile"),
    ("firewall_rule", {**RULE, "remote_addresses": ["fe80::1%1 & reg add HKLM"]}, "is no address"),
    ("firewall_rule", {**RULE, "remote_addresses": ["any", "10.0.0.1"]}, "any stands beside other addresses"),
    ("firewall_rule", {**RULE, "remote_ports": ["rpc"]}, "local ports of inbound TCP rules only"),
    ("firewall_rule", {**RULE, "direction": "out", "local_ports": ["rpc-epmap"]}, "local ports of inbound TCP rules only"),
    ("firewall_rule", {**RULE, "program": "C:\\\\Test\\\\x.exe"}, "doubled backslashes"),
    ("firewall_rule", {**RULE, "program": "C:\\Test\\..\\x.exe"}, "no plain path"),
    ("firewall_rule", {**RULE, "program": "C:/Test/x.exe"}, "no plain path"),
    ("firewall_rule", {**RULE, "program": "C:\\Test\\x.exe "}, "no plain path"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "a    REG_SZ    b", "data": 1}, "no name of a registry value"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "data": "\ufffe"}, "control characters"),
    ("local_group_member", {"group": "Users", "members": ["LAB\\a/b"]}, "is no account; write it as"),
    ("local_group_member", {"group": "Users", "members": ["LAB\\"]}, "is no account; write it as"),
    ("share_access", {"share": "\\\\server\\share", "accounts": ["LAB\\alice"]}, "is no name of a share"),
    ("share_access", {"share": "Share", "accounts": []}, "names no account"),
    ("share_access", {"share": "Share", "accounts": ["a b|c"]}, "is no account; write it as"),
    ("registry_access", {"path": "HKCU\\Software", "account": "S-1-5-19"}, "in the profile of the account"),
    ("registry_access", {"path": "HKLM\\SOFTWARE\\X", "account": ""}, "is no account; write it as"),
    ("registry_value", {"path": "HKLM\\\\SOFTWARE", "data": 1}, "doubled backslash"),
    ("registry_value", {"path": "HKLM", "data": 1}, "no path of a registry key"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "(Default)", "data": 1}, "leave name out"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "data": None}, "perhaps from an empty variable"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "data": "a\nb"}, "without line breaks"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "type": "multistring", "data": []}, "at least one text"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "type": "multistring", "data": ["a", ""]}, "none is empty"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "type": "binary", "data": ""}, "hexadecimal digits"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "type": "binary", "data": 10}, "hexadecimal digits"),
    (
        "registry_value",
        {"path": "HKLM\\SYSTEM\\ControlSet001\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\X", "name": "x", "data": "y"},
        "use firewall_rule",
    ),
    ("service", {"name": "X", "start_mode": "disabled", "state": "started"}, "disabled and started at once"),
    ("firewall_group", {"group": "Datei- und Druckerfreigabe"}, "no firewall group known here; give its resource id"),
    ("firewall_group", {"group": "@FirewallAPI.dll,-28502", "profiles": []}, "needs at least one profile"),
    ("firewall_rule", {**RULE, "local_ports": ["70000"]}, "'70000' is no port: give a number from 1 to 65535"),
    ("firewall_rule", {**RULE, "remote_addresses": ["auditor01"]}, "'auditor01' is no address: give an IP address"),
    ("firewall_rule", {**RULE, "protocol": "tpc"}, "'tpc' is no protocol"),
    ("firewall_rule", {**RULE, "protocol": "any", "local_ports": ["9004"]}, "ports need protocol tcp or udp, not any"),
    ("firewall_rule", {**RULE, "program": "UAVRAgent.exe"}, "not an absolute path"),
    ("firewall_rule", {**RULE, "program": "C:\\x.exe", "program_base": ["C:\\"]}, "absolute, so program_base must not be given"),
    ("firewall_rule", {**RULE, "name": "all"}, "no name for a firewall rule"),
    ("firewall_rule", {**RULE, "name": "a|b"}, "no name for a firewall rule"),
    ("firewall_rule", {**RULE, "name": 'a "b"'}, "quotation mark"),
    ("firewall_rule", {**RULE, "name": "100%"}, "percent sign"),
    ("registry_value", {"path": "HKCU\\Software\\X", "data": 1}, "HKU\\\\<SID>"),
    ("registry_value", {"path": "C:\\X", "data": 1}, "does not begin with one of HKLM"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "type": "dword", "data": -1}, "a number from 0 to 4294967295"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "type": "dword", "data": 2**32}, "a number from 0 to 4294967295"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "type": "binary", "data": "xyz"}, "hexadecimal digits"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "name": "n", "data": ["a"]}, "takes one text"),
    ("registry_value", {"path": "HKLM\\SOFTWARE\\X", "type": "dword", "data": 1}, "can be a string only"),
    (
        "registry_value",
        {"path": "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules", "name": "x", "data": "y"},
        "use firewall_rule",
    ),
]


@pytest.mark.parametrize(("kind", "options", "sentence"), BAD, ids=[sentence for _kind, _options, sentence in BAD])
def test_bad_requests_are_one_sentence(kind: str, options: dict[str, Any], sentence: str) -> None:
    """The sentence names what is wrong and stays on one line."""
    with pytest.raises(BadRequest, match=sentence) as error:
        resource(kind, **options)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("service", {}),
        ("service", {"name": "a", "image_path": "b"}),
        ("firewall_rule", {"name": "r"}),
        ("firewall_rule", {**RULE, "program_base": ["C:\\"]}),
        ("registry_value", {"path": "HKLM\\SOFTWARE\\X"}),
    ],
)
def test_incomplete_requests_are_refused_by_the_spec(kind: str, options: dict[str, Any]) -> None:
    """What belongs together or excludes each other stands in the spec."""
    assert ArgumentSpecValidator(**SPECS[kind]).validate(options).error_messages


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("dword", "0x10", 16),
        ("dword", 7, 7),
        ("qword", 2**40, 2**40),
        ("multistring", "one", ("one",)),
        ("multistring", ["one", 2], ("one", "2")),
        ("binary", "hex:00,FF", "00ff"),
        ("binary", [0, 255], "00ff"),
        ("string", 5, "5"),
    ],
)
def test_registry_data_is_canonical(kind: str, data: Any, expected: Any) -> None:
    """Every way to write the same data wants the same state."""
    assert resource("registry_value", path="HKLM\\SOFTWARE\\X", name="n", type=kind, data=data).want(None) == {"type": kind, "data": expected}


def test_a_rule_wants_what_is_asked_in_canonical_form() -> None:
    """Order, spelling and letter case of ports, addresses and profiles do not matter."""
    asked = resource(
        "firewall_rule", **{**RULE, "protocol": "TCP", "local_ports": [9004, 80], "remote_addresses": ["10.0.0.1/32"], "profiles": ["public", "domain"]}
    )
    wanted = asked.want(None)
    assert wanted is not None
    assert (wanted["protocol"], wanted["local_ports"], wanted["remote_addresses"], wanted["profiles"]) == (
        "tcp",
        ("80", "9004"),
        ("10.0.0.1",),
        ("domain", "public"),
    )


def test_a_path_in_other_letter_case_is_the_same_path() -> None:
    """Windows compares paths without regard to case: the spelling on the host stays."""
    asked = resource("registry_value", path="hklm:\\software\\x", name="n", data="d")
    assert asked.name == "HKLM\\software\\x\\n"
    rule = resource("firewall_rule", **RULE)
    have = {"program": None, **{key: value for key, value in (rule.want(None) or {}).items() if key != "program"}}
    assert rule.want(have) == have


def test_settings_are_named_in_full_only_where_their_names_meet() -> None:
    """Values of one name in two keys are two settings; any other is told by its name alone."""
    places = [("HKLM\\A", "ServerPort"), ("HKLM:\\B", "serverport"), ("HKLM\\A", "Server")]
    asked = resource("service", name="X", state="started", settings=[{"path": path, "name": name, "data": name} for path, name in places])
    wanted = asked.want({"start_mode": "auto", "state": "running"}) or {}
    settings = {key: value for key, value in wanted.items() if key.startswith("setting ")}
    assert settings == {"setting HKLM\\A\\ServerPort": "ServerPort", "setting HKLM\\B\\serverport": "serverport", "setting Server": "Server"}


@pytest.mark.parametrize("options", [{"stop_when_idle": False}, {"settings": []}])
def test_state_is_required_with_settings_only(options: dict[str, Any]) -> None:
    """No settings, and the idle stop of RemoteRegistry, leave the state to the host."""
    assert (resource("service", name="RemoteRegistry", **options).want({"start_mode": "auto", "state": "stopped"}) or {})["state"] == "stopped"
