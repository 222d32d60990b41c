# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site list of Edge's Internet Explorer mode: new, changed, damaged, edited by others, removed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest
from simulator.windows.files import FileError
from simulator.windows.files.access import Access
from simulator.windows.records import Account

from .harness import HERE, Lab, Outcome, open_lab
from .test_bad_input import task

HOSTS = ["play10", "play2022", "play32"]
FOLDER = "C:\\ProgramData\\Netwrix Auditor IE mode"
FILE = f"{FOLDER}\\sites.xml"
REPORTS, SEARCH = {"url": "Auditor.example.com/reports"}, {"url": "auditor.example.com:8443/search", "open_in": "edge", "allow_redirect": True}
SOMEBODY = Account("joe", "LAB", "", "S-1-5-21-1-2-3-1105")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Clients and a server."""
    with open_lab(tmp_path_factory.mktemp("sites"), HERE / "fleets" / "playback.yml") as opened:
        yield opened


def _run(lab: Lab, hosts: list[str] | None = None, *, check: bool = False, **options: Any) -> dict[str, Outcome]:
    hosts = hosts or HOSTS
    results = lab.play([task("it", "edge_ie_mode_site_list", **{"path": "%ProgramData%\\Netwrix Auditor IE mode\\sites.xml", **options})], hosts, check=check)
    return {host: results.get("it", host) for host in hosts}


def _list(lab: Lab, host: str) -> ET.Element:
    """What another tool reads."""
    return ET.fromstring(lab.session(host).run_cmd(f'type "{FILE}"').std_out.decode())


def test_a_list_is_made_changed_and_kept(lab: Lab) -> None:
    """Check mode writes nothing; a run makes what the schema wants; the version grows with a change, and a second run writes nothing."""
    before = [lab.writes(host) for host in HOSTS]
    check = _run(lab, sites=[REPORTS], check=True)
    assert [lab.writes(host) for host in HOSTS] == before
    first = _run(lab, sites=[REPORTS])
    versions = {}
    for host in HOSTS:
        assert first[host].outcome == "ok", first[host].message
        assert first[host].result["drift"] == check[host].result["drift"]
        root = _list(lab, host)
        assert (root.tag, [site.get("url") for site in root.iter("site")]) == ("site-list", ["auditor.example.com/reports"])
        assert [(site.findtext("compat-mode"), site.findtext("open-in")) for site in root.iter("site")] == [("Default", "IE11")]
        versions[host] = int(root.get("version", "0"))
    second = _run(lab, sites=[SEARCH, REPORTS])
    for host in HOSTS:
        assert second[host].result["changed"]
        root = _list(lab, host)
        assert int(root.get("version", "0")) == versions[host] + 1
        opened = [site.find("open-in") for site in root.iter("site")]
        assert [(found.text, found.get("allow-redirect")) for found in opened if found is not None] == [("IE11", None), ("MSEdge", "true")]
    after = [lab.writes(host) for host in HOSTS]
    assert not any(found.result["changed"] for found in _run(lab, sites=[REPORTS, SEARCH]).values())
    assert [lab.writes(host) for host in HOSTS] == after


def test_users_read_it_and_administrators_write_it(lab: Lab) -> None:
    """The folder that was made for it is open to users for reading only, and nothing half written is left in it."""
    _run(lab, ["play10"], sites=[REPORTS])
    windows = lab.fleet.hosts["play10"].windows
    access = Access(windows, SOMEBODY)
    assert b"<site-list" in access.read(FILE)
    with pytest.raises(FileError):
        access.write(f"{FOLDER}\\mine.xml", b"x")
    assert windows.files.list(FOLDER) == ["sites.xml"]


@pytest.mark.parametrize(
    ("content", "damaged", "version"),
    [
        (b'<site-list version="70"><site url="auditor.example.com/reports"><open-in>MSEdge</open-in></site></site-list>', False, 71),
        (b'\xef\xbb\xbf<site-list version="80"><site url="auditor.example.com/reports"><open-in>IE11</open-in></site><site url="b"/></site-list>', False, 81),
        (b'<site-list version="90"><site url="audi', True, 91),
        (b"not a list", True, None),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><site-list version="5"><site url="&a;"/></site-list>', True, 6),
    ],
)
def test_what_others_did_to_it_is_put_right(lab: Lab, content: bytes, damaged: bool, version: int | None) -> None:
    """A site that was changed or added, and a file that is no site list, are differences; the version goes on from the one in the file."""
    windows = lab.fleet.hosts["play10"].windows
    windows.files.make_folder(FOLDER)
    windows.files.write(FILE, content)
    check = _run(lab, ["play10"], sites=[REPORTS], check=True)["play10"]
    assert ("damaged" in check.result["drift"][0]["differences"]) is damaged
    assert _run(lab, ["play10"], sites=[REPORTS])["play10"].result["changed"]
    found = int(_list(lab, "play10").get("version", "0"))
    assert found == version if version else found > 1_000_000
    assert not _run(lab, ["play10"], sites=[REPORTS])["play10"].result["changed"]


def test_it_can_be_removed(lab: Lab) -> None:
    """The file goes, its folder stays; gone already is no difference. A folder in its place is refused."""
    _run(lab, ["play32"], sites=[REPORTS])
    assert _run(lab, ["play32"], state="absent")["play32"].result["changed"]
    assert lab.fleet.hosts["play32"].windows.files.list(FOLDER) == []
    assert not _run(lab, ["play32"], state="absent")["play32"].result["changed"]
    folder = _run(lab, ["play32"], sites=[REPORTS], path=FOLDER)["play32"]
    assert folder.outcome == "failed"
    assert "can't be read as a file" in folder.message
