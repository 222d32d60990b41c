# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From changes to verdicts: what counts as drift, as not in force, as unknown, as waived."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._compliance import STATUSES, Assessment, Waivers, control_of, worst
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._controls import CATALOGUE, SEVERITIES
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest, Change, Override, Refusal

TODAY = date(2026, 11, 26)
CONTROL = CATALOGUE["remote-registry"]
VOID = Override("domain profile", "allowed", "no effect", "a policy says so", "ask its owner")
DOUBT = Override("alice", "not told", "", "the domain alone knows", "ask there")


def _change(before: Any, after: Any, *overrides: Override) -> Change:
    return Change("service", "RemoteRegistry", before, after, overrides=overrides, identity="remoteregistry")


def _waivers(*entries: dict[str, Any], **more: Any) -> Waivers:
    names = {"own_names": ["ws2019", "audited_computers"], "all_names": ["ws2019", "ws2016", "audited_computers"], "controls": ["mine"], **more}
    return Waivers([{"reason": "accepted by the CISO", "hosts": None, **entry} for entry in entries], TODAY, **names)


def _verdict(change: Change, waivers: Waivers | None = None, *, applied: bool = False) -> dict[str, Any]:
    (check,) = Assessment({("service", "remoteregistry"): CONTROL}, waivers or _waivers()).checks([change], applied=applied)
    return check


def test_what_is_as_required_is_compliant() -> None:
    """Nothing differs and nothing overrides it: no details either."""
    check = _verdict(_change({"start_mode": "auto"}, {"start_mode": "auto"}))
    assert check == {
        "control": "remote-registry",
        "title": CONTROL.title,
        "section": CONTROL.section,
        "severity": "high",
        "resource": "service RemoteRegistry",
        "status": "compliant",
    }


def test_a_difference_is_drift_with_stored_and_required() -> None:
    """Values are shown as people read them."""
    check = _verdict(_change({"start_mode": "auto", "stop_when_idle": True}, {"start_mode": "auto", "stop_when_idle": False}))
    assert (check["status"], check["differences"]) == ("drift", [{"setting": "stop_when_idle", "stored": "yes", "required": "no"}])


@pytest.mark.parametrize(
    ("before", "after", "stored", "required"), [(None, {"action": "allow"}, "absent", "present"), ({"action": "allow"}, None, "present", "absent")]
)
def test_what_is_absent_or_has_to_go_differs_as_a_whole(before: Any, after: Any, stored: str, required: str) -> None:
    """No list of all its settings."""
    assert _verdict(_change(before, after))["differences"] == [{"setting": "presence", "stored": stored, "required": required}]


def test_what_a_run_has_changed_is_compliant_unless_something_overrides_it() -> None:
    """It was read back; what is in the way is told all the same."""
    assert _verdict(_change({"start_mode": "manual"}, {"start_mode": "auto"}), applied=True)["status"] == "compliant"
    assert _verdict(_change({"start_mode": "manual"}, {"start_mode": "auto"}, VOID), applied=True)["status"] == "ineffective"


def test_stored_as_required_and_overridden_is_ineffective() -> None:
    """The override is told in full; one doubt more makes it no better."""
    check = _verdict(_change({"a": "b"}, {"a": "b"}, DOUBT, VOID))
    assert check["status"] == "ineffective"
    assert check["overrides"][1] == {"what": "domain profile", "stored": "allowed", "effective": "no effect", "by": VOID.by, "fix": VOID.fix}


def test_what_windows_does_not_tell_is_unknown_and_not_compliant() -> None:
    """Nothing is called compliant that was not read from the host."""
    assert _verdict(_change({"a": "b"}, {"a": "b"}, DOUBT))["status"] == "unknown"


def test_drift_that_is_overridden_too_is_drift() -> None:
    """The worse verdict, with both explanations."""
    check = _verdict(_change({"a": "b"}, {"a": "c"}, VOID))
    assert (check["status"], len(check["differences"]), len(check["overrides"])) == ("drift", 1, 1)


def test_what_can_not_be_had_is_an_error_of_its_control() -> None:
    """The others of the list keep their verdicts."""
    controls = {("service", "remoteregistry"): CONTROL, ("service", "ghost"): CATALOGUE["agent-server"]}
    changes, refused = [_change({}, {})], [Refusal("service", "Ghost", "ghost", "It is the program of several services.")]
    checks = Assessment(controls, _waivers()).checks(changes, refused)
    assert [(check["control"], check["status"]) for check in checks] == [("remote-registry", "compliant"), ("agent-server", "error")]
    assert checks[1]["reason"] == "It is the program of several services."


@pytest.mark.parametrize("hosts", [None, ["ws2019"], ["audited_computers"], ["ws2016", "ws2019"]])
def test_a_waiver_is_for_all_or_for_a_host_or_a_group(hosts: list[str] | None) -> None:
    """The verdict is waived, and what it would be is kept; the last day counts."""
    waivers = _waivers({"control": "remote-registry", "expires": "2026-11-26", "hosts": hosts})
    check = _verdict(_change({"a": "b"}, {"a": "c"}), waivers)
    assert (check["status"], check["found"], check["waiver"]) == ("waived", "drift", {"reason": "accepted by the CISO", "expires": "2026-11-26"})
    assert waivers.warnings == []


def test_a_waiver_for_other_hosts_or_controls_does_nothing_and_says_nothing() -> None:
    """It is somebody else's."""
    waivers = _waivers({"control": "remote-registry", "expires": "2027-01-31", "hosts": ["ws2016"]}, {"control": "ink", "expires": "2027-01-31"})
    assert _verdict(_change({"a": "b"}, {"a": "c"}), waivers)["status"] == "drift"
    assert waivers.warnings == []


def test_what_is_compliant_or_could_not_be_looked_at_is_not_waived() -> None:
    """A waiver is no verdict."""
    waivers = _waivers({"control": "remote-registry", "expires": "2027-01-31"})
    assert _verdict(_change({"a": "b"}, {"a": "b"}), waivers)["status"] == "compliant"
    (check,) = Assessment({("service", "x"): CONTROL}, waivers).checks([], [Refusal("service", "x", "x", "no.")])
    assert check["status"] == "error"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"control": "remot-registry", "expires": "2027-01-31"}, "The waiver of remot-registry (accepted by the CISO) names no control"),
        ({"control": "remote-registry", "expires": "2026-11-25"}, "has expired on 2026-11-25; repair what it was for, or have it renewed."),
        ({"control": "remote-registry", "expires": "31.1.2027"}, "expires on '31.1.2027', which is no date such as 2027-01-31"),
        ({"control": "remote-registry", "expires": "2027-01-31", "hosts": ["ws20l9"]}, "names ws20l9, which is no host and no group of the inventory"),
    ],
)
def test_a_waiver_that_can_not_be_used_waives_nothing_and_is_told(entry: dict[str, Any], sentence: str) -> None:
    """One sentence, and the drift stays drift."""
    waivers = _waivers(entry)
    assert _verdict(_change({"a": "b"}, {"a": "c"}), waivers)["status"] == "drift"
    assert len(waivers.warnings) == 1
    assert sentence in waivers.warnings[0]


def test_an_expired_waiver_of_another_host_is_not_told_here() -> None:
    """Each host would tell it otherwise."""
    assert _waivers({"control": "ink", "expires": "2020-01-01", "hosts": ["ws2016"]}).warnings == []


def test_a_control_of_ones_own_needs_a_title_and_can_be_waived() -> None:
    """It gets the severity medium where none is given; a known one can be given another severity."""
    own = control_of({"id": "mine", "title": "Ours", "section": None, "severity": None}, "service", "x")
    assert (own.title, own.severity) == ("Ours", "medium")
    assert control_of({"id": "ink", "title": None, "section": None, "severity": "high"}, "service", "x").severity == "high"
    assert control_of(None, "service", "x").id == "service:x"
    with pytest.raises(BadRequest, match="'mine' is not known; give its title too, or name one of: active-content"):
        control_of({"id": "mine", "title": None, "section": None, "severity": None}, "service", "x")
    assert _waivers({"control": "mine", "expires": "2027-01-31"}).warnings == []


def test_the_worst_verdict_stands_for_the_control() -> None:
    """In the order of STATUSES."""
    assert worst(reversed(STATUSES)) == "error"
    assert worst(["compliant", "waived"]) == "waived"
    assert worst([]) == "compliant"


@pytest.mark.parametrize("control", CATALOGUE.values(), ids=lambda control: control.id)
def test_every_control_says_what_it_is_and_why(control: Any) -> None:
    """Titles and reasons are for people, severities are known."""
    assert control.severity in SEVERITIES
    assert control.title
    assert control.section
    assert control.why.endswith(".")
