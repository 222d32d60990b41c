# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where recordings are watched: values in the hives of users, logged on or not, and keys that only some hosts have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

HOSTS = ["play10", "play11", "play2022"]
ZONE = "Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Zones\\1"
BOB = "LAB\\bob"
USERS = ["LAB\\alice", BOB, "LAB\\花子", "default"]
FILES = {
    BOB: "C:\\Users\\Bob & Söhne 100% (alt)\\NTUSER.DAT",
    "LAB\\花子": "C:\\Users\\花子 山田\\NTUSER.DAT",
    "default": "C:\\Users\\Default\\NTUSER.DAT",
}
ESC = "HKLM\\SOFTWARE\\Microsoft\\Active Setup\\Installed Components\\{A509B1A7-37EF-4b3f-8CFC-4F3A74704073}"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Clients and a server with users."""
    with open_lab(tmp_path_factory.mktemp("playback"), HERE / "fleets" / "playback.yml") as opened:
        yield opened


def _value(user: str, **options: Any) -> dict[str, Any]:
    return {"user_registry_value": {"user": user, "path": ZONE, "name": "1803", "type": "dword", "data": 3, **options}}


def _play(lab: Lab, hosts: list[str], *resources: dict[str, Any], check: bool = False) -> dict[str, Outcome]:
    results = lab.play([task("it", "desired_state", resources=list(resources))], hosts, check=check)
    return {host: results.get("it", host) for host in hosts}


def _run(lab: Lab, host: str, line: str) -> tuple[int, str]:
    done = lab.session(host).run_cmd(line)
    return done.status_code, done.std_out.decode(errors="replace")


def _read_back(lab: Lab, host: str, user: str) -> str:
    """What another tool reads from a hive: the data of 1803."""
    if user not in FILES:
        sid = next(name.upper() for name in lab.fleet.hosts[host].windows.registry.users.subkeys if name.startswith("s-1-5-21-") and "_" not in name)
        return _run(lab, host, f'reg query "HKU\\{sid}\\{ZONE}" /v 1803')[1]
    # pywinrm's shell has no variable for a percent sign; one alone means itself.
    line = f'reg load HKU\\other "{FILES[user]}" >nul & reg query "HKU\\other\\{ZONE}" /v 1803 & reg unload HKU\\other >nul || ping -n 2 127.0.0.1 >nul'
    return _run(lab, host, f"{line} & reg unload HKU\\other >nul 2>nul")[1]


def _loaded(lab: Lab, host: str) -> list[str]:
    return [name for name in lab.fleet.hosts[host].windows.registry.users.subkeys if name.startswith("uamops")]


def _writes(lab: Lab, hosts: list[str]) -> list[int | None]:
    return [lab.writes(host) for host in hosts]


def test_users_logged_on_or_not(lab: Lab) -> None:
    """Check mode writes nothing and leaves nothing loaded; a run sets each user's value as another tool reads it, and a second run writes nothing."""
    resources = [_value(user) for user in USERS]
    before = _writes(lab, HOSTS)
    check = _play(lab, HOSTS, *resources, check=True)
    assert _writes(lab, HOSTS) == before
    for host in HOSTS:
        assert check[host].outcome == "ok", check[host].message
        assert len(check[host].result["drift"]) == len(USERS)
        assert _loaded(lab, host) == []
        assert "0x3" not in "".join(_read_back(lab, host, user) for user in USERS)
    run = _play(lab, HOSTS, *resources)
    for host in HOSTS:
        assert run[host].outcome == "ok", run[host].message
        assert run[host].result["drift"] == check[host].result["drift"]
        assert ["0x3" in _read_back(lab, host, user) for user in USERS] == [True] * len(USERS), host
        assert _loaded(lab, host) == []
    after = _writes(lab, HOSTS)
    again = _play(lab, HOSTS, *resources)
    assert not any(found.result["changed"] for found in again.values())
    assert _writes(lab, HOSTS) == after
    # The default profile had no key for it: four values and the three keys that were missing above it at most.
    assert all(len(USERS) <= (now or 0) - (then or 0) <= len(USERS) + 3 for now, then in zip(after, before, strict=True))


def test_many_values_of_many_users_share_their_messages(lab: Lab) -> None:
    """Ten values of three users who are not logged on cost the messages of one value."""
    users = list(FILES)
    many = [_value(user, name=f"{number:04}", state="absent") for user in users for number in range(10)]
    one = [_value(users[0], name="0000", state="absent")]
    found = [_play(lab, ["play10"], *resources, check=True)["play10"].result["transport"]["messages"] for resources in (one, many)]
    # Each account is looked up once, by one message or, for a name that is none of the computer's, more.
    assert found[1] - found[0] <= 2, found


def test_everybody_and_those_to_come(lab: Lab) -> None:
    """`all` is every profile and the default one; mandatory profiles are left out with a warning, roaming ones told, a damaged hive is left out."""
    assert _run(lab, "play32", 'echo no hive > "C:\\Users\\broken\\NTUSER.DAT"')[0] == 0
    run = _play(lab, ["play10", "play32"], _value("all", name="1400", data=0, type="dword"), _value("all", name="1200", data=3))
    wide, small = run["play10"], run["play32"]
    assert (wide.outcome, small.outcome) == ("ok", "ok"), (wide.message, small.message)
    assert "mandatory or temporary" in " ".join(wide.result["warnings"])
    assert "roamer roams" in " ".join(wide.result["notes"])
    assert "left out: The registry hive C:\\Users\\broken\\NTUSER.DAT" in " ".join(small.result["warnings"])
    # Active scripting is enabled already where the zones are; the default profile has none.
    assert list(wide.result["drift"][0]["differences"]) == ["default"]
    assert len(wide.result["drift"][1]["differences"]) == 5
    again = _play(lab, ["play10", "play32"], _value("all", name="1400", data=0), _value("all", name="1200", data=3))
    assert not any(found.result["changed"] for found in again.values())
    gone = _play(lab, ["play10"], _value("all", name="1200", state="absent"))["play10"]
    assert gone.result["changed"]
    assert not _play(lab, ["play10"], _value("all", name="1200", state="absent"))["play10"].result["changed"]


def test_a_hive_that_was_left_loaded_is_unloaded(lab: Lab) -> None:
    """A run that was cut off leaves a hive of ours; the next one unloads it and works."""
    windows = lab.fleet.hosts["play2022"].windows
    sid = next(profile.sid for profile in windows.profiles if profile.name == "bob")
    assert _run(lab, "play2022", f'reg load HKU\\uamops-{sid} "{FILES[BOB]}"')[0] == 0
    found = _play(lab, ["play2022"], _value(BOB, data=1))["play2022"]
    assert found.outcome == "ok", found.message
    assert "0x1" in _read_back(lab, "play2022", BOB)
    assert _loaded(lab, "play2022") == []


def test_a_hive_that_somebody_else_holds_is_told(lab: Lab) -> None:
    """Its own user gets a sentence with what reg.exe said; nothing is written."""
    assert _run(lab, "play2022", f'reg load HKU\\backup "{FILES[BOB]}"')[0] == 0
    before = lab.writes("play2022")
    found = _play(lab, ["play2022"], _value(BOB, data=0))["play2022"]
    _run(lab, "play2022", "reg unload HKU\\backup")
    assert found.outcome == "failed"
    assert "can't be loaded" in found.message
    assert lab.writes("play2022") == before


def test_who_is_not_there(lab: Lab) -> None:
    """An account without a profile is no difference; one that nobody knows is refused by name."""
    before = lab.writes("play10")
    without = _play(lab, ["play10"], _value("LAB\\newcomer"))["play10"]
    assert (without.outcome, without.result["changed"]) == ("ok", False)
    assert "has no profile on play10" in " ".join(without.result["notes"])
    unknown = _play(lab, ["play10"], _value("LAB\\nobody"))["play10"]
    assert unknown.outcome == "failed"
    assert "play10 knows no account LAB\\nobody" in unknown.message
    quoted = _play(lab, ["play10"], _value(BOB, name="x", type="string", data='a "quoted" text'))["play10"]
    assert "holds a quotation mark" in quoted.message
    assert lab.writes("play10") == before


def test_awkward_data_reaches_a_hive_that_is_loaded_for_it(lab: Lab) -> None:
    """What cmd.exe or reg.exe could bend arrives as it is: variables, a closing backslash, operators, lists and bytes."""
    data = {
        "expandstring": "%SystemRoot%\\x & <y> | ^ (z) !w!\\",
        "multistring": ["a\\b", "100%", "c d"],
        "qword": 2**40,
        "binary": "00ff",
        "string": "",
    }
    resources = [_value(BOB, path="Software\\Vendor & (x)", name=f"{kind} & co", type=kind, data=value) for kind, value in data.items()]
    run = _play(lab, ["play10"], *resources)["play10"]
    assert run.outcome == "ok", run.message
    assert len(run.result["drift"]) == len(data)
    assert not _play(lab, ["play10"], *resources)["play10"].result["changed"]


def test_a_value_whose_key_is_missing_does_not_apply(lab: Lab) -> None:
    """IE ESC is a thing of servers: switched off there, and nothing is written and said to differ on clients."""
    esc = {"registry_value": {"path": ESC, "name": "IsInstalled", "type": "dword", "data": 0, "missing_key": "ignore"}}
    before = _writes(lab, HOSTS)
    check = _play(lab, HOSTS, esc, check=True)
    assert _writes(lab, HOSTS) == before
    run = _play(lab, HOSTS, esc)
    assert [run[host].result["changed"] for host in HOSTS] == [check[host].result["changed"] for host in HOSTS] == [False, False, True]
    assert "there is nothing to set" in run["play10"].result["notes"][0]
    assert [(now or 0) - (then or 0) for now, then in zip(_writes(lab, HOSTS), before, strict=True)] == [0, 0, 1]
    assert "0x0" in _run(lab, "play2022", f'reg query "{ESC}" /v IsInstalled')[1]
    assert not any(found.result["changed"] for found in _play(lab, HOSTS, esc).values())


def test_a_policy_key_that_may_not_be_written(lab: Lab) -> None:
    """A plan shows it with the others; a run says which key Windows refuses, and what was changed before it."""
    level = {"registry_value": {"path": "HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge", "name": "InternetExplorerIntegrationLevel", "type": "dword", "data": 1}}
    other = {"registry_value": {"path": "HKLM\\SOFTWARE\\Vendor", "name": "Other", "data": "x"}}
    check = _play(lab, ["play11"], other, level, check=True)["play11"]
    assert len(check.result["drift"]) == 2
    run = _play(lab, ["play11"], other, level)["play11"]
    assert run.outcome == "failed"
    assert "Windows refused to change HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge in the registry: access is denied" in run.message
    assert "HKLM\\SOFTWARE\\Vendor\\Other" in run.message
    assert _run(lab, "play11", "reg query HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge")[0] == 1
