# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing but what is meant is touched, and what looks right but is not is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

HOST = "crowded"
STORE = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules"
RULE: dict[str, Any] = {"direction": "in", "protocol": "tcp"}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The odd hosts, of which one is crowded with other people's rules."""
    with open_lab(tmp_path_factory.mktemp("dangers"), HERE / "fleets" / "odd.yml") as opened:
        yield opened


def _run(lab: Lab, module: str, *, check: bool = False, **options: Any) -> Outcome:
    return lab.play([task("it", module, **options)], [HOST], check=check).get("it", HOST)


def _stored(lab: Lab, number: int) -> str:
    """A rule as Windows stores it, read by another tool."""
    identity = f"{{20000000-0000-0000-0000-{number:012}}}"
    return str(lab.session(HOST).run_cmd(f'reg query "{STORE}" /v {identity}').std_out.decode())


def test_a_rule_of_the_same_name_for_another_port_is_left_alone(lab: Lab) -> None:
    """Two rules of one name: only the one for the port asked for is changed."""
    before = _stored(lab, 1)
    found = _run(lab, "firewall_rule", name="Two ports", program="C:\\Test\\pair.exe", local_ports=[9004], profiles=["domain"], **RULE)
    assert (found.outcome, found.result.get("changed")) == ("ok", True), found.message
    assert "Active=TRUE" in _stored(lab, 2)
    assert _stored(lab, 1) == before


def test_the_udp_half_of_a_pair_is_left_alone(lab: Lab) -> None:
    """Windows' own alert makes a TCP and a UDP rule of one name: adopting the first does not restrict the second."""
    before = _stored(lab, 4)
    found = _run(lab, "firewall_rule", name="ours", program="C:\\Test\\alert.exe", local_ports=[9013], profiles=["domain"], **RULE)
    assert (found.outcome, found.result.get("changed")) == ("ok", True), found.message
    assert "Profile=Domain" in _stored(lab, 3)
    assert _stored(lab, 4) == before


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_name_that_windows_shows_for_a_built_in_rule_is_refused(lab: Lab, state: str) -> None:
    """Netsh would change or delete the built-in rule, whose stored name is a resource id."""
    shown = lab.session(HOST).run_cmd("netsh advfirewall firewall show rule name=all dir=in").std_out.decode("cp850")
    name = next(line.partition(":")[2].strip() for line in shown.splitlines() if "(WMI" in line and "(WMI)" not in line)
    if state == "absent":
        # There is one of ours beside it, so there is something to remove.
        lab.session(HOST).run_cmd(f'netsh advfirewall firewall add rule name="{name}" dir=in action=allow protocol=tcp localport=9099')
    before = lab.writes(HOST)
    found = _run(lab, "firewall_rule", name=name, state=state, local_ports=[9098], **RULE)
    assert found.outcome == "failed", found.result
    assert "other firewall rules that Windows shows as" in found.message
    assert lab.writes(HOST) == before


def test_a_rule_with_further_conditions_is_not_taken_over(lab: Lab) -> None:
    """Somebody's narrower rule for the same program stays as it is, and is reported beside ours."""
    before = _stored(lab, 5)
    options = {"name": "wide", "program": "C:\\Test\\tight.exe", "local_ports": [9023], "profiles": ["domain"], **RULE}
    assert _run(lab, "firewall_rule", **options).result["changed"]
    again = _run(lab, "firewall_rule", **options)
    assert not again.result["changed"]
    assert "duplicate: rule 'tight'" in again.result["warnings"][0]
    assert _stored(lab, 5) == before


def test_a_block_rule_for_the_same_program_is_told(lab: Lab) -> None:
    """Block wins over Allow, so an allow rule that is in place may still have no effect."""
    found = _run(lab, "firewall_rule", check=True, name="ours too", program="C:\\Test\\blocked.exe", local_ports=[9033], **RULE)
    assert "rule 'blocked.exe' ({20000000-0000-0000-0000-000000000006}) blocks connections that this rule is for" in found.result["warnings"][0]


def test_a_group_whose_rule_blocks_or_holds_elsewhere_is_not_as_asked(lab: Lab) -> None:
    """An enabled Block rule, and a rule narrowed to other profiles, are drift; a run makes them allow in the profile asked for."""
    for group, rule, word in (("wmi", "WMI-WINMGMT-In-TCP", "blocks"), ("File and Printer Sharing", "FPS-SMB-In-TCP", "not in domain")):
        found = _run(lab, "firewall_group", check=True, group=group)
        assert found.result["drift"][0]["differences"][rule] == {"before": word, "after": "enabled"}
        assert _run(lab, "firewall_group", group=group).outcome == "ok"
        assert not _run(lab, "firewall_group", group=group).result["changed"]
        text = lab.session(HOST).run_cmd(f'reg query "{STORE}" /v {rule}').std_out.decode()
        assert "Action=Allow|Active=TRUE" in text
        assert "Profile=Domain" in text
        # What blocked, or held elsewhere, was not in force there and must not be opened there now.
        assert ("Profile=Public" in text) == (rule == "FPS-SMB-In-TCP")


def test_a_rule_whose_name_no_command_line_can_carry_is_refused_before_the_first_write(lab: Lab) -> None:
    """An adopted rule's name may hold what ours may not: the plan says so."""
    before = lab.writes(HOST)
    resources = [
        {"registry_value": {"path": "HKLM\\SOFTWARE\\Y", "name": "n", "data": "d"}},
        {"firewall_rule": {"name": "one", "program": "C:\\Test\\a.exe", "local_ports": [1], "profiles": ["domain"], **RULE}},
    ]
    found = _run(lab, "desired_state", resources=resources)
    assert "can't be passed to a Windows command" in found.message
    assert lab.writes(HOST) == before


def test_the_same_thing_twice_in_one_list_is_refused(lab: Lab) -> None:
    """Two wishes for one thing can't both come true."""
    found = _run(lab, "desired_state", resources=[{"service": {"name": "Spooler", "state": "started"}}, {"service": {"name": "SPOOLER", "state": "stopped"}}])
    assert "asked for twice" in found.message


def test_a_paused_service_is_resumed(lab: Lab) -> None:
    """Paused is not running: it goes on instead of being started."""
    found = _run(lab, "service", name="Halted", state="started")
    assert (found.outcome, found.result.get("changed")) == ("ok", True), found.message
    assert ": 4 " in lab.session(HOST).run_cmd("sc query Halted").std_out.decode()


def test_a_paused_service_is_stopped(lab: Lab) -> None:
    """Paused is not stopped: the stop is sent."""
    found = _run(lab, "service", name="Paused", state="stopped")
    assert (found.outcome, found.result.get("changed")) == ("ok", True), found.message


def test_a_delay_that_was_left_behind_does_not_come_back(lab: Lab) -> None:
    """A manual service may still carry the flag of its former delayed start."""
    assert _run(lab, "service", name="Stale", start_mode="auto").result["changed"]
    assert not _run(lab, "service", name="Stale", start_mode="auto").result["changed"]


def test_a_key_that_may_not_be_read_is_not_absent(lab: Lab) -> None:
    """Denied is not the same as not there."""
    found = _run(lab, "registry_value", path="HKLM\\SAM\\SAM", name="C", state="absent")
    assert "does not let this account read" in found.message


def test_a_disabled_winmgmt_is_named(lab: Lab) -> None:
    """Without CIM nothing can be read, and the sentence says how to get it back."""
    found = lab.play([task("it", "service", name="Winmgmt", start_mode="auto")], ["mute"]).get("it", "mute")
    assert "Winmgmt) is disabled on mute" in found.message


def test_delegation_names_the_host_that_is_changed(lab: Lab) -> None:
    """The result is about the host that the task was delegated to."""
    found = lab.play([task("it", "service", name="Winmgmt", start_mode="auto", _delegate_to="small")], [HOST], check=True).get("it", HOST)
    assert found.result["host"] == "small"


def test_what_failed_says_what_was_changed_before(lab: Lab) -> None:
    """A run that stops in the middle tells what it has done."""
    resources = [{"registry_value": {"path": "HKLM\\SOFTWARE\\Z", "name": "n", "data": "d"}}, {"service": {"name": "RpcSs", "state": "stopped"}}]
    found = _run(lab, "desired_state", resources=resources)
    assert "Changed before that: registry_value HKLM\\SOFTWARE\\Z\\n" in found.message


def test_more_addresses_than_a_command_line_takes_are_refused_in_the_plan(lab: Lab) -> None:
    """cmd.exe takes 8,191 characters: check mode says so, and what to give instead."""
    addresses = [f"10.{number // 250}.{number % 250}.1" for number in range(900)]
    found = _run(lab, "firewall_rule", check=True, name="many", program="C:\\Test\\many.exe", local_ports=[1], remote_addresses=addresses, **RULE)
    assert found.outcome == "failed", found.result
    assert "give networks instead of single addresses" in found.message


def test_rules_for_one_program_and_different_addresses_live_side_by_side(lab: Lab) -> None:
    """Two rules that only differ in who may come do not take each other over, in one task or in two."""
    common = {"program": "C:\\Test\\side.exe", "local_ports": [9043], "profiles": ["domain"], **RULE}
    one, two = {"name": "From A", "remote_addresses": ["10.0.0.1"], **common}, {"name": "From B", "remote_addresses": ["10.0.0.2"], **common}
    tasks = [
        task("one", "firewall_rule", **one),
        task("two", "firewall_rule", **two),
        task("both", "desired_state", resources=[{"firewall_rule": one}, {"firewall_rule": two}]),
    ]
    first, again = lab.play(tasks, [HOST]), lab.play(tasks, [HOST])
    assert [first.get(name, HOST).result.get("changed") for name in ("one", "two", "both")] == [True, True, False]
    assert [again.get(name, HOST).result.get("changed") for name in ("one", "two", "both")] == [False, False, False]


def test_removing_a_rule_does_not_remove_a_products_rule_of_that_name(lab: Lab) -> None:
    """A rule of a product's group may carry the same name: netsh would delete it too, so the removal is refused."""
    before = lab.writes(HOST)
    found = _run(lab, "firewall_rule", name="Product", direction="in", state="absent")
    assert "other firewall rules that Windows shows as 'Product' ({20000000-0000-0000-0000-000000000008})" in found.message
    assert lab.writes(HOST) == before


def test_equal_rules_are_as_asked_and_told(lab: Lab) -> None:
    """Two equal rules of the name asked for are no error."""
    found = _run(lab, "firewall_rule", name="dup", direction="in", program="C:\\Test\\dup.exe")
    assert (found.outcome, found.result.get("changed")) == ("ok", False), found.message
    assert "duplicate" in found.result["warnings"][0]


def test_block_rules_are_told_if_they_meet_the_same_connections(lab: Lab) -> None:
    """A rule for any program on the port counts, one for the program on another port does not."""
    for ports in ([9055], ["9050-9060"]):
        found = _run(lab, "firewall_rule", check=True, name="free", program="C:\\Test\\free.exe", local_ports=ports, profiles=["domain"], **RULE)
        assert ["any program" in warning for warning in found.result["warnings"]] == [True]


def test_policy_rules_and_profiles_that_are_off_are_told(lab: Lab) -> None:
    """Group Policy's block rules and switched-off profiles, local or by policy, keep a rule from having an effect."""
    rule = {"name": "ours", "program": "C:\\Test\\x.exe", "local_ports": [9003], **RULE}
    warnings = " ".join(lab.play([task("it", "firewall_rule", **rule)], ["policy"], check=True).get("it", "policy").result["warnings"])
    off = [f"switches the firewall off in the {profile} profile" for profile in ("private", "public")]
    for part in ("rule 'from the policy'", "of Group Policy blocks connections", "void in the domain profile", *off):
        assert part in warnings


def test_rules_that_hold_in_some_profiles_by_design_stay(lab: Lab) -> None:
    """Only groups that Windows ships for all profiles are widened: others lack some on purpose."""
    found = lab.play([task("it", "firewall_group", group="Remote Assistance", profiles=["public"])], ["small"], check=True).get("it", "small")
    assert not [name for name in found.result["drift"][0]["differences"] if name.endswith("-NoScope-Active")], found.result


def test_a_group_has_to_hold_in_every_profile_asked_for(lab: Lab) -> None:
    """A rule that was narrowed to one of two profiles is drift."""
    assert _run(lab, "firewall_group", group="wmi").outcome == "ok"
    found = _run(lab, "firewall_group", check=True, group="wmi", profiles=["domain", "private"])
    assert found.result["drift"][0]["differences"]["WMI-WINMGMT-In-TCP"]["before"] == "not in private"


def test_a_group_can_be_asked_for_twice_with_different_profiles(lab: Lab) -> None:
    """In for the domain, and not in public, are two wishes that do not contradict each other."""
    groups = [
        {"group": "Remote Event Log Management", "profiles": ["domain"]},
        {"group": "Remote Event Log Management", "profiles": ["public"], "direction": "out"},
    ]
    found = _run(lab, "desired_state", check=True, resources=[{"firewall_group": group} for group in groups])
    assert "asked for twice" not in found.message


def test_an_idle_stop_that_could_not_be_taken_over_is_found_again(lab: Lab) -> None:
    """The value is written while the service is stopped: if it can't be stopped, the next run starts over."""
    for _attempt in range(2):
        found = _run(lab, "service", name="RemoteRegistry", stop_when_idle=False)
        assert "services that depend on it are running" in found.message


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "SwitchedOff", "state": "started"}, "is disabled on crowded and can't be started; give start_mode too"),
        ({"name": "WinRM", "state": "stopped"}, "carries the connection"),
        ({"name": "winmgmt", "start_mode": "disabled"}, "carries the connection"),
    ],
)
def test_what_can_not_work_is_refused_in_the_plan(lab: Lab, options: dict[str, Any], sentence: str) -> None:
    """Check mode says what a run would say."""
    for check in (True, False):
        assert sentence in _run(lab, "service", check=check, **options).message


def test_the_spelling_of_a_service_name_costs_nothing(lab: Lab) -> None:
    """In lower case the same messages are sent."""
    for names in (["Winmgmt", "RemoteRegistry"], ["winmgmt", "remoteregistry"]):
        found = _run(lab, "desired_state", check=True, resources=[{"service": {"name": name, "start_mode": "auto"}} for name in names])
        assert found.result["transport"]["messages"] <= 7
