# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of the report: every host of the run is in it, the last word counts, and earlier reports are compared honestly."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import (
    SCHEMA,
    VERSION,
    DamagedReport,
    Fleet,
    Reports,
    collection_version,
    summary_lines,
)
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report._history import read_report
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report._words import explain

ABOUT = {"title": "Title", "playbook": "compliance.yml", "mode": "check", "collection_version": "1.2.3"}
DAY = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
DRIFT: dict[str, Any] = {"status": "drift", "differences": [{"setting": "start_mode", "stored": "manual", "required": "auto"}]}


def _check(control: str = "wmi-service", resource: str = "service Winmgmt", **more: Any) -> dict[str, Any]:
    return {"control": control, "title": "T", "section": "S", "severity": "high", "resource": resource, "status": "compliant", **more}


def _fleet(hosts: dict[str, list[dict[str, Any]]], inventory: tuple[str, ...] = ("a", "b", "c")) -> Fleet:
    fleet = Fleet()
    fleet.inventory.update(inventory)
    for host, checks in hosts.items():
        fleet.checked(host, ["audited_computers"], {"computer": host.upper(), "checks": checks})
    return fleet


def _document(hosts: dict[str, list[dict[str, Any]]], previous: dict[str, Any] | None = None, days: int = 0, **more: Any) -> dict[str, Any]:
    return _fleet(hosts, **more).document(ABOUT, DAY + timedelta(days=days), previous)


def test_every_host_of_the_run_is_in_the_report() -> None:
    """Also one that nobody got to, one that was not reached, and one that failed."""
    fleet = _fleet({"a": [_check()]})
    fleet.expect("b", ["g"])
    fleet.expect("c", ["g"]).unreachable = "c: no answer"
    fleet.expect("d", ["g"]).failed = "d: wrong variable"
    document = fleet.document(ABOUT, DAY, None)
    found = {host["name"]: (host["status"], host["message"]) for host in document["hosts"]}
    assert found == {
        "a": ("compliant", None),
        "b": ("error", "The run ended before this host was looked at."),
        "c": ("unreachable", "c: no answer"),
        "d": ("error", "d: wrong variable"),
    }
    assert document["summary"]["hosts"] == {"unreachable": 1, "error": 2, "drift": 0, "ineffective": 0, "unknown": 0, "waived": 0, "compliant": 1}
    assert document["summary"]["checks"]["compliant"] == 1


def test_a_host_that_the_playbook_leaves_out_is_none_that_nobody_got_to() -> None:
    """It is in the report only if something else looks at it, or finds that it can't."""
    fleet = _fleet({"a": [_check()]})
    for host in ("b", "c"):
        fleet.expect(host, [])
        fleet.leave_out(host)
    fleet.leave_out("a")
    fleet.hosts["c"].unreachable = "no answer"
    assert {host["name"]: host["status"] for host in fleet.document(ABOUT, DAY, None)["hosts"]} == {"a": "compliant", "c": "unreachable"}


def test_the_last_word_on_a_resource_counts() -> None:
    """As after a restart in the middle of a run: what failed at first and was looked at afterwards is no failure."""
    fleet = _fleet({"a": [_check(**DRIFT)]})
    fleet.hosts["a"].failed = "Windows wants to be restarted"
    fleet.checked("a", [], {"computer": "A", "checks": [_check()]})
    (host,) = fleet.document(ABOUT, DAY, None)["hosts"]
    assert (host["status"], host["findings"], host["message"]) == ("compliant", [], None)


def test_a_control_is_as_bad_as_the_worst_of_its_resources() -> None:
    """And a host as its worst control; each resource keeps its own finding."""
    checks = [_check(), _check(resource="service Other", **DRIFT), _check(resource="service Third", status="waived", found="drift"), _check("ink", "x y")]
    (host,) = _document({"a": checks})["hosts"]
    assert (host["status"], host["controls"]) == ("drift", {"wmi-service": "drift", "ink": "compliant"})
    assert [(finding["resource"], finding["status"], finding["found"]) for finding in host["findings"]] == [
        ("service Other", "drift", "drift"),
        ("service Third", "waived", "drift"),
    ]


def test_controls_come_in_the_order_of_the_guide_and_own_ones_last() -> None:
    """With their reasons where they are known."""
    document = _document({"a": [_check("mine", "service x"), _check("agent-package", "y z"), _check("wmi-service")]})
    assert [control["id"] for control in document["controls"]] == ["wmi-service", "agent-package", "mine"]
    assert document["controls"][0]["why"] == "Netwrix Auditor manages the computer through this service."
    assert document["controls"][2]["why"] == ""


def test_what_is_new_fixed_open_and_not_looked_at() -> None:
    """What nobody could look at is neither fixed nor new when it is seen again, and keeps its date."""
    first = _document({"a": [_check(**DRIFT)], "b": [_check(**DRIFT)]})
    assert first["changes"] is None
    second = _document({"a": [_check()], "c": [_check(**DRIFT)]}, first, 1)
    pair = {name: {"host": name, "control": "wmi-service"} for name in "abc"}
    assert second["changes"] == {"since": "2026-11-26T18:00:00Z", "new": [pair["c"]], "fixed": [pair["a"]], "open": [], "unseen": [pair["b"]]}
    third = _document({"b": [_check(**DRIFT)], "c": [_check(**DRIFT)]}, second, 2)
    assert third["changes"] == {"since": "2026-11-27T18:00:00Z", "new": [], "fixed": [], "open": [pair["b"], pair["c"]], "unseen": []}
    assert [host["findings"][0]["since"] for host in third["hosts"]] == ["2026-11-26T18:00:00Z", "2026-11-27T18:00:00Z"]
    assert [entry["generated"] for entry in third["trend"]] == [report["generated"] for report in (first, second, third)]


def test_a_host_that_has_left_the_inventory_is_forgotten() -> None:
    """Nobody will ever look at it again."""
    first = _document({"a": [_check(**DRIFT)]})
    assert _document({"b": [_check()]}, first, 1, inventory=("b",))["changes"]["unseen"] == []


def test_a_waived_finding_is_not_counted_as_fixed_or_new_later() -> None:
    """A waiver takes a finding out of the failing ones; when it ends it is new again, with its old date."""
    first = _document({"a": [_check(**DRIFT)]})
    second = _document({"a": [_check(status="waived", found="drift", waiver={"reason": "r", "expires": "2026-12-31"})]}, first, 1)
    assert [second["changes"][name] for name in ("new", "open", "unseen")] == [[], [], []]
    third = _document({"a": [_check(**DRIFT)]}, second, 2)
    assert len(third["changes"]["new"]) == 1
    assert third["hosts"][0]["findings"][0]["since"] == first["generated"]


def test_reports_are_kept_and_the_newest_usable_one_is_compared_with(tmp_path: Path) -> None:
    """A damaged one is told and passed over."""
    reports = Reports(tmp_path, history=True)
    first = _document({"a": [_check(**DRIFT)]})
    assert reports.previous(None) == (None, [])
    written = reports.write(first, ["json", "csv"])
    assert [path.name for path in written] == ["compliance.json", "compliance.csv"]
    assert sorted(path.name for path in (tmp_path / "history").iterdir()) == ["2026-11-26T180000Z.html", "2026-11-26T180000Z.json"]
    (tmp_path / "history" / "2026-11-27T180000Z.json").write_text("{", encoding="utf-8")
    previous, told = reports.previous(None)
    assert previous == first
    assert len(told) == 1
    assert "2026-11-27T180000Z.json is damaged" in told[0]
    assert not list(tmp_path.rglob(".*"))


def test_without_history_nothing_is_kept_and_a_given_report_is_compared_with(tmp_path: Path) -> None:
    """The files at the top are all there is."""
    reports = Reports(tmp_path, history=False)
    reports.write(_document({"a": [_check()]}), ["json"])
    assert [path.name for path in tmp_path.iterdir()] == ["compliance.json"]
    assert reports.previous(None) == (None, [])
    assert reports.previous(tmp_path / "compliance.json")[0] is not None


def _damage(document: dict[str, Any], *path: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    inner: Any = copy
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return copy


@pytest.mark.parametrize("path", [("hosts", 0, "name"), ("hosts", 0, "findings", 0, "since"), ("carried",), ("trend", 0, "hosts"), ("generated",)])
def test_a_report_without_what_is_compared_is_damaged(tmp_path: Path, path: tuple[Any, ...]) -> None:
    """Never half a comparison, and never a traceback."""
    file = tmp_path / "x.json"
    file.write_text(json.dumps(_damage(_document({"a": [_check(**DRIFT)]}), *path)), encoding="utf-8")
    with pytest.raises(DamagedReport, match=r"is damaged \(KeyError"):
        read_report(file, SCHEMA, VERSION)


def test_a_report_with_a_host_twice_is_damaged(tmp_path: Path) -> None:
    """Which of the two should be compared with?"""
    document = _document({"a": [_check()]})
    document["hosts"] *= 2
    file = tmp_path / "x.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(DamagedReport, match="it has the host a twice"):
        read_report(file, SCHEMA, VERSION)


def test_two_hosts_that_windows_names_alike_are_told() -> None:
    """In any letter case; hosts that could not be asked have no name."""
    fleet = _fleet({"a": [_check()], "A-old": [_check()], "b": [_check()]})
    fleet.hosts["A-old"].computer = "a"
    (warning,) = fleet.document(ABOUT, DAY, None)["warnings"]
    assert warning.startswith("A-old and a are both named A by Windows")


def test_the_terminal_names_the_worst_first_and_not_thousands() -> None:
    """Counts, then at most so many hosts."""
    fleet = _fleet({f"h{number}": [_check(**DRIFT)] for number in range(4)})
    fleet.expect("z", []).unreachable = "no answer"
    lines = list(summary_lines(fleet.document(ABOUT, DAY, None), 3))
    assert lines == [
        "     1 of 5 hosts could not be reached",
        "     4 of 5 hosts not as required",
        "  z: unreachable - no answer",
        "  h0: drift - wmi-service",
        "  h1: drift - wmi-service",
        "  and 2 more",
    ]


def test_sentences_say_what_a_run_can_not_set_right() -> None:
    """No promise that the rollout repairs what it can't."""
    stuck = explain(_check(**DRIFT, warnings=["a run fails: the share does not let alice in."]), "")
    assert "A run fails: the share does not let alice in." in stuck
    assert "run the rollout" not in stuck
    override = {"what": "data", "stored": "0", "effective": "0", "by": "Group Policy 'X' sets it", "fix": "change it there"}
    fought = explain(_check(**DRIFT, overrides=[override]), "")
    assert "Group Policy 'X' sets it. To do: see to what overrides it first, then run the rollout" in fought
    many = [{"setting": f"rule{number}", "stored": "disabled", "required": "enabled"} for number in range(6)]
    told = explain(
        _check(resource="firewall_group @FirewallAPI.dll,-28502 (File and Printer Sharing) for domain", status="drift", differences=many), "Because."
    )
    assert told.startswith("The group of firewall rules File and Printer Sharing for domain: rule0 is disabled; required is enabled.")
    assert "2 more settings of it differ. To do: run the rollout (playbook site.yml) for this host, which sets it right. Why it matters: Because." in told


def test_the_collection_knows_its_version() -> None:
    """From a checkout; an installed one has a manifest."""
    assert collection_version().count(".") == 2
