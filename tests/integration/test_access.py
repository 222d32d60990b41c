# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local groups, shares and permissions of registry keys: an Auditor server in English, others in German, French and Japanese."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from simulator.windows.principals import by_name
from unit.simulator.soap import WMI, Raw

from .harness import HERE, PASSWORD, Lab, Results, open_lab
from .test_bad_input import task

HOSTS = ["auditor", "french", "german", "japanese"]
PRODUCT = "Netwrix Auditor Client Users"
SHARE = "Netwrix_UAVR$"
WINREG = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurePipeServers\\winreg"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The hosts, whose groups and permissions the tests change."""
    with open_lab(tmp_path_factory.mktemp("access"), HERE / "fleets" / "access.yml") as opened:
        yield opened


def _sid(lab: Lab, host: str, name: str) -> str:
    """What the host's model has as the SID of a name."""
    found = by_name(lab.fleet.hosts[host].windows, name)
    assert found is not None
    return found.sid


def _shown(lab: Lab, host: str, *names: str) -> list[str]:
    return sorted((f"{name} ({_sid(lab, host, name)})" for name in names), key=str.lower)


def test_members_come_and_go_by_name_and_by_sid(lab: Lab) -> None:
    """Check mode tells what the run does and writes nothing; another tool finds the members; a second run is unchanged; the others stay."""
    came = task("came", "local_group_member", group=PRODUCT, members=["LAB\\alice", "gmsa-uavr$@lab.test", "{{ bob }}"])
    went = task("went", "local_group_member", group=PRODUCT, members=["lab\\ALICE"], state="absent")
    bob = _sid(lab, "auditor", "LAB\\bob")
    before = [lab.writes(host) for host in HOSTS]
    check = lab.play([came], HOSTS, check=True, bob=bob)
    assert [lab.writes(host) for host in HOSTS] == before
    run = lab.play([came], HOSTS, bob=bob)
    again = lab.play([came, went], HOSTS, bob=bob)
    for host in HOSTS:
        assert run.get("came", host).outcome == "ok", run.get("came", host).message
        assert run.get("came", host).result["drift"] == check.get("came", host).result["drift"]
        change = run.get("came", host).result["drift"][0]["differences"]["members"]
        assert change["before"] == _shown(lab, host, "LAB\\carol")
        assert change["after"] == _shown(lab, host, "LAB\\alice", "LAB\\bob", "LAB\\carol", "LAB\\gmsa-uavr$")
        assert not again.get("came", host).result["changed"]
        assert again.get("went", host).result["changed"], again.get("went", host).message
        listed = lab.session(host).run_cmd(f'net localgroup "{PRODUCT}"').std_out.decode("cp437")
        assert "LAB\\bob" in listed
        assert "alice" not in listed
    assert [lab.writes(host) for host in HOSTS] == [count + 4 for count in before if count is not None]


def test_everybody_else_who_sees_recordings_is_told(lab: Lab) -> None:
    """Without members nothing is changed; a member whose account is gone is invisible, so nothing is said of it."""
    found = lab.play([task("who", "local_group_member", group=PRODUCT)], ["auditor"]).get("who", "auditor")
    assert not found.result["changed"]
    assert "see all recordings" in found.result["notes"][0]
    assert "LAB\\carol" in found.result["notes"][0]
    assert "S-1-5-21-1-2-3-4444" not in str(found.result)


@pytest.fixture(scope="module")
def refused(lab: Lab) -> dict[bool, Results]:
    """All that can't be had, in check mode and in a run; nothing is written by any of it."""
    tasks = [
        task("unknown account", "local_group_member", group=PRODUCT, members=["LAB\\nobody"]),
        task("no account", "local_group_member", group=PRODUCT, members=["a/b"]),
        task("group missing", "local_group_member", group="No such group", members=["LAB\\alice"]),
        task("product's group missing", "local_group_member", group=PRODUCT, members=["LAB\\alice"]),
        task("share missing", "share_access", share="NoSuchShare", accounts=["LAB\\alice"]),
        task("product's share missing", "share_access", share=SHARE, accounts=["LAB\\alice"]),
        task("administrative share", "share_access", share="C$", accounts=["LAB\\alice"]),
        task("key missing", "registry_access", path="HKLM\\SOFTWARE\\No such key", account="S-1-5-19"),
    ]
    before = lab.writes("plain")
    found = {check: lab.play(tasks, ["plain"], check=check) for check in (True, False)}
    assert lab.writes("plain") == before
    return found


@pytest.mark.parametrize(
    ("name", "sentence", "planned"),
    [
        ("unknown account", "plain knows no account LAB\\nobody", "failed"),
        ("no account", "is no account; write it as", "failed"),
        ("group missing", "plain has no local group No such group; check its name, or give its SID", "ok"),
        ("product's group missing", "Netwrix Auditor makes it when it is installed", "ok"),
        ("share missing", "plain has no share NoSuchShare: check its name", "ok"),
        ("product's share missing", "plain has no share Netwrix_UAVR$: Netwrix Auditor makes it when it is installed", "ok"),
        ("administrative share", "Windows' own share for administrators", "failed"),
        ("key missing", "plain has no registry key HKLM\\SOFTWARE\\No such key", "ok"),
    ],
)
def test_what_is_missing_is_one_sentence(refused: dict[bool, Results], name: str, sentence: str, planned: str) -> None:
    """The run fails with it; in check mode what may still come is drift with a warning."""
    run, plan = refused[False].get(name, "plain"), refused[True].get(name, "plain")
    assert (run.outcome, plan.outcome) == ("failed", planned)
    assert sentence in run.message
    assert sentence in (plan.message if planned == "failed" else plan.result["warnings"][0])
    assert planned == "failed" or plan.result["changed"]


SHARES = [
    (SHARE, "LAB\\carol", ""),
    ("Open", "LAB\\gmsa-uavr$", ""),
    ("Guarded", "LAB\\bob", ""),
    ("Closed", "LAB\\alice", "no entry on the share allows it"),
    ("Guarded", "LAB\\alice", "no entry on the folder C:\\PerfLogs allows it"),
    ("Denied", "LAB\\alice", "an entry for LAB\\alice on the folder C:\\Windows\\Temp denies it"),
    ("Denied", "LAB\\bob", ""),
]


@pytest.fixture(scope="module")
def judged(lab: Lab) -> dict[bool, Results]:
    """All shares and accounts, in check mode and in a run; nothing is written by any of it."""
    tasks = [task(f"{share} {account}", "share_access", share=share, accounts=[account]) for share, account, _reason in SHARES]
    before = lab.writes("auditor")
    found = {check: lab.play(tasks, ["auditor"], check=check) for check in (True, False)}
    assert lab.writes("auditor") == before
    return found


@pytest.mark.parametrize(("share", "account", "reason"), SHARES)
def test_share_and_folder_together_decide(judged: dict[bool, Results], share: str, account: str, reason: str) -> None:
    """A missing right is drift with the reason in check mode, and an error before the first write in a run; a right is neither."""
    check, run = (judged[mode].get(f"{share} {account}", "auditor") for mode in (True, False))
    assert (check.outcome, check.result["changed"]) == ("ok", bool(reason)), check.result
    assert run.outcome == ("failed" if reason else "ok"), run.message
    if reason:
        assert reason in check.result["notes"][0]
        assert reason in run.message
        assert "local_group_member" in run.message
    else:
        assert not check.result.get("warnings")


def test_what_a_domain_group_gives_is_not_known(lab: Lab) -> None:
    """A warning that names the domain's group, and no drift; a member by name in the same group is sure; LOCAL SERVICE is in no domain's group."""
    tasks = [
        task("alice", "share_access", share="Byway", accounts=["LAB\\alice"]),
        task("bob", "share_access", share="Byway", accounts=["LAB\\bob"]),
        task("product", "share_access", share=SHARE, accounts=["LAB\\alice"]),
    ]
    found = lab.play(tasks, ["german"], check=True)
    alice, bob, product = (found.get(name, "german") for name in ("alice", "bob", "product"))
    assert not alice.result["changed"]
    assert "that depends on LAB\\Auditors in Project's readers, whose members this host can't tell" in alice.result["warnings"][0]
    assert (bob.result["changed"], bob.result.get("warnings")) == (False, None)
    # Administrators of the domain are administrators of its computers.
    assert not product.result["changed"]
    assert "LAB\\Domain Admins in Administratoren" in product.result["warnings"][0]


def test_a_membership_gives_access_in_the_same_list(lab: Lab) -> None:
    """Check mode tells both as drift; the run makes the membership and finds the access; the second run is unchanged."""
    account = "LAB\\alice"
    resources = [
        {"local_group_member": {"group": PRODUCT, "members": [account]}},
        {"share_access": {"share": SHARE.lower(), "accounts": [account]}},
    ]
    lab.play([task("out", "local_group_member", group=PRODUCT, members=[account], state="absent")], ["auditor"])
    before = lab.writes("auditor")
    assert before is not None
    both = task("both", "desired_state", resources=resources)
    check = lab.play([both], ["auditor"], check=True).get("both", "auditor")
    assert lab.writes("auditor") == before
    run = lab.play([both], ["auditor"]).get("both", "auditor")
    assert run.outcome == "ok", run.message
    assert lab.writes("auditor") == before + 1
    for found in (check, run):
        assert [drift["kind"] for drift in found.result["drift"]] == ["local_group_member", "share_access"]
    assert "can't read" not in str(run.result["notes"])
    again = lab.play([both], ["auditor"]).get("both", "auditor")
    assert not again.result["changed"]
    assert lab.writes("auditor") == before + 1


def _readers(lab: Lab, host: str) -> list[str]:
    """The SIDs in the list of winreg, by a client of the tests' own."""
    known = lab.fleet.hosts[host]
    raw = Raw(known.https_url, str(lab.fleet.ca_file), "LAB\\labadmin", PASSWORD)
    inputs = f"<p:hDefKey>2147483650</p:hDefKey><p:sSubKeyName>{WINREG[5:]}</p:sSubKeyName>"
    answer = raw.invoke(f"{WMI}root/cimv2/StdRegProv", "GetSecurityDescriptor", inputs)
    return [element.text or "" for element in answer.root.iterfind(f".//{{{WMI}root/cimv2/__ACE}}Trustee/{{{WMI}root/cimv2/__Trustee}}SIDString")]


def test_a_service_may_read_winreg(lab: Lab) -> None:
    """One entry comes, with those below; the others stay; a note tells when it takes effect; the second run is unchanged."""
    give = task("give", "registry_access", path=WINREG, account="S-1-5-19")
    before = {host: lab.writes(host) for host in HOSTS}
    old = {host: lab.fleet.hosts[host].windows.security.key("hklm", WINREG[5:]) for host in HOSTS}
    check = lab.play([give], HOSTS, check=True)
    assert {host: lab.writes(host) for host in HOSTS} == before
    run, again = lab.play([give], HOSTS), lab.play([give], HOSTS)
    for host in HOSTS:
        assert run.get("give", host).outcome == "ok", run.get("give", host).message
        assert run.get("give", host).result["drift"] == check.get("give", host).result["drift"]
        assert "has been restarted" in run.get("give", host).result["notes"][0]
        assert (again.get("give", host).result["changed"], again.get("give", host).result["notes"]) == (False, [])
        new = lab.fleet.hosts[host].windows.security.key("hklm", WINREG[5:])
        added = [ace for ace in new.aces if ace not in old[host].aces]
        assert [(ace.kind, ace.flags, ace.mask, ace.sid) for ace in added] == [(0, 2, 0x20019, "S-1-5-19")]
        assert [ace for ace in new.aces if ace in old[host].aces] == list(old[host].aces)
        assert (new.owner, new.group, new.control) == (old[host].owner, old[host].group, old[host].control)
        assert "S-1-5-19" in _readers(lab, host)
        entries = [entry for entry in lab.fleet.hosts[host].windows.journal.entries if entry["detail"].get("action") == "secure"]
        assert len(entries) == 1


def test_a_key_that_denies_is_told(lab: Lab) -> None:
    """An entry that allows would come after it; what an account has through a group is enough."""
    key = "HKLM\\SOFTWARE\\Policies\\Microsoft"
    tasks = [task("denied", "registry_access", path=key, account="S-1-5-19"), task("through a group", "registry_access", path=key, account="S-1-5-20")]
    before = lab.writes("german")
    found = lab.play(tasks, ["german"])
    assert found.get("denied", "german").outcome == "failed"
    assert "LOKALER DIENST denies" in found.get("denied", "german").message
    assert not found.get("through a group", "german").result["changed"]
    assert lab.writes("german") == before


def test_a_name_that_net_does_not_take_is_told(lab: Lab) -> None:
    """A warning in check mode; where net refuses it, the run says why; nothing is written."""
    long = task("long", "local_group_member", group=PRODUCT, members=["LAB\\Auditors of all recordings"])
    before = lab.writes("auditor")
    check, run = lab.play([long], ["auditor"], check=True).get("long", "auditor"), lab.play([long], ["auditor"]).get("long", "auditor")
    assert "more than 20 characters" in check.result["warnings"][0]
    assert run.outcome == "failed"
    assert "takes no names of more than 20 characters" in run.message
    assert lab.writes("auditor") == before
