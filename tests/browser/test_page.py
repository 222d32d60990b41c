# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Working with the report in a browser: filters, keyboard, links, details."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import documents
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.conftest import Show

WORST_FIRST = ["pc12", "ws2019", "pc10", "ws2012r2", "ws2016", "auditor01", "pc11", "ws2022"]


def test_worst_hosts_come_first(show: Show) -> None:
    """Whoever opens the report sees what needs work; the order by name is one choice away."""
    opened = show(documents.small())
    assert opened.lists(WORST_FIRST), opened.hosts()
    opened.page.select_option("#sort", "name")
    assert opened.lists(sorted(WORST_FIRST)), opened.hosts()
    assert opened.fragment() == "#sort=name"


@pytest.mark.parametrize(
    ("words", "hosts"),
    [
        ("ws20", ["ws2019", "ws2012r2", "ws2016", "ws2022"]),
        ("WORKSTATIONS", ["pc12", "pc10", "pc11"]),
        ("allowlocalpolicymerge", ["ws2019"]),
        ("remoteregistry disabled", ["ws2019"]),
        ("4711", ["ws2019", "ws2016"]),
        ("winrm", ["pc12"]),
        ("nothing has this", []),
    ],
)
def test_search_finds_hosts_groups_controls_and_findings(show: Show, words: str, hosts: list[str]) -> None:
    """Every word has to occur somewhere in what the report says of the host; capitals do not matter."""
    opened = show(documents.small())
    opened.page.fill("#search", words)
    expect(opened.page.locator("#count")).to_have_text(f"{len(hosts)} of 8 hosts.")
    assert opened.lists(hosts), opened.hosts()
    assert opened.page.locator("#nothing").is_visible() == (not hosts)


def test_tiles_filter_and_say_that_they_do(show: Show) -> None:
    """Tiles add up; pressed again, they let go."""
    opened = show(documents.small())
    for status, hosts in (("drift", ["ws2019", "pc10"]), ("unreachable", ["pc12", "ws2019", "pc10"])):
        opened.page.click(f"#tiles [data-status={status}]")
        assert opened.lists(hosts), opened.hosts()
        assert opened.page.get_attribute(f"#tiles [data-status={status}]", "aria-pressed") == "true"
    opened.page.click("#tiles [data-status=drift]")
    assert opened.lists(["pc12"]), opened.hosts()
    assert opened.page.get_attribute("#tiles [data-status=drift]", "aria-pressed") == "false"


def test_controls_groups_and_severities_filter(show: Show) -> None:
    """A control or a severity asks for hosts where it is not as required, with a status for that status."""
    opened = show(documents.small())
    opened.page.select_option("#control", "antivirus-agent")
    assert opened.lists(["ws2019", "ws2016"]), opened.hosts()
    opened.page.select_option("#control", "")
    opened.page.select_option("#severity", "critical")
    assert opened.lists(["ws2019", "pc10"]), opened.hosts()
    opened.page.click("#tiles [data-status=ineffective]")
    assert opened.lists(["ws2019"]), opened.hosts()
    opened.page.click("#clear")
    opened.page.select_option("#group", "auditor_servers")
    assert opened.lists(["auditor01"]), opened.hosts()


def test_a_control_of_the_table_filters(show: Show) -> None:
    """Its title shows the hosts where it is not as required, a part of its bar those with that status."""
    opened = show(documents.small())
    opened.page.click(".controls a:text('Remote Registry starts')")
    assert opened.lists(["ws2019"]), opened.hosts()
    opened.page.locator(".controls tr", has_text="antivirus-agent").locator("rect.fill-compliant").click()
    assert opened.lists(["pc10", "ws2012r2", "pc11", "ws2022"]), opened.hosts()
    assert "As required" in opened.texts("#sentence")[0]


def test_changes_lead_to_their_hosts(show: Show) -> None:
    """What is new can be opened, and shown in the list."""
    opened = show(documents.small())
    opened.page.click(".change >> nth=2")
    assert "Remote Registry starts automatically and runs" in opened.texts(".change[open] .listing")[0]
    opened.page.click(".change[open] >> text=Show these hosts")
    assert opened.lists(["ws2019"]), opened.hosts()


def test_a_filtered_view_can_be_linked(show: Show) -> None:
    """The address of a view opens that view again."""
    opened = show(documents.small())
    opened.page.select_option("#severity", "critical")
    opened.page.click("#tiles [data-status=drift]")
    opened.page.fill("#search", "ws & +#%")
    expect(opened.page.locator("#count")).to_have_text("0 of 8 hosts.")
    again = show(documents.small(), opened.fragment())
    assert again.page.input_value("#search") == "ws & +#%"
    assert again.page.input_value("#severity") == "critical"
    again.page.fill("#search", "ws")
    expect(again.page.locator("#count")).to_have_text("1 of 8 hosts.")


def test_a_link_that_makes_no_sense_shows_everything(show: Show) -> None:
    """An old link can name what is no longer there."""
    opened = show(documents.small(), "#status=x&severity=y&control=z&change=a&sort=b&host=nobody&%E0%A4%A")
    assert opened.lists(WORST_FIRST), opened.hosts()
    assert not opened.page.locator("#detail").is_visible()


def test_the_keyboard_does_everything(show: Show) -> None:
    """Slash searches, arrows move, Enter opens, Escape closes and leaves the list where it was."""
    opened = show(documents.small())
    keyboard = opened.page.keyboard
    keyboard.press("/")
    keyboard.type("ws")
    expect(opened.page.locator("#count")).to_have_text("4 of 8 hosts.")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        keyboard.press(key)
    expect(opened.page.locator("#detail-name")).to_have_text("ws2012r2")
    keyboard.press("Escape")
    expect(opened.page.locator("#detail")).not_to_be_visible()
    for key in ("End", "Home", "ArrowUp", "ArrowDown"):
        keyboard.press(key)
    assert opened.page.get_attribute("#map", "aria-activedescendant") == "row-1"
    assert opened.page.get_attribute("#row-1", "aria-selected") == "true"


def test_focus_can_be_seen_and_moves_through_everything(show: Show) -> None:
    """Tab reaches the skip link first, then tiles, filters and the list; each shows where the focus is."""
    opened = show(documents.small())
    seen = []
    for _press in range(60):
        opened.page.keyboard.press("Tab")
        seen.append(
            opened.page.evaluate("""() => {
              const focused = document.activeElement;
              const ring = focused.id === "map" ? focused.parentElement : focused;
              return [focused.id || focused.className || focused.tagName, getComputedStyle(ring).outlineStyle];
            }""")
        )
    names = [name for name, outline in seen]
    assert names[0] == "skip"
    assert {"search", "control", "severity", "group", "sort", "map"} <= set(names)
    assert {outline for name, outline in seen[: names.index("map") + 1]} == {"solid"}


def test_the_skip_link_leads_to_the_list(show: Show) -> None:
    """It keeps the filters, although it is a link like those that set them."""
    opened = show(documents.small(), "#severity=critical")
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.id") == "map"
    assert opened.page.input_value("#severity") == "critical"


def test_the_detail_tells_everything(show: Show) -> None:
    """Names, each finding with its tables, what to do, exceptions, since when, and what is as required."""
    opened = show(documents.small(), "#host=ws2019")
    (told,) = opened.texts("#detail")
    for text in (
        "Name in Windows WS2019",
        "Groups audited_computers, servers",
        "start_mode disabled auto",
        "Domain profile allowed no effect Group Policy 'Server baseline 2026'",
        "What to do: Add the rule to that Group Policy object, or let it merge local rules.",
        "Accepted until 31 January 2027. Change 4711",
        "Since 20 November 2026, first seen 6 days before this report.",
        "As required (7)",
        "Does not apply, or was not looked at (4)",
    ):
        assert text in told


def test_a_host_out_of_reach_says_why(show: Show) -> None:
    """In the list and in its detail."""
    opened = show(documents.small())
    assert "Connection refused on port 5986" in opened.texts("#rows tr >> nth=0")[0]
    opened.page.click("#rows tr >> nth=0")
    assert "Connection refused on port 5986" in opened.texts("#detail")[0]


def test_the_detail_follows_the_address(show: Show) -> None:
    """Opening a host makes a step in the browser's history, so that Back closes it; a link opens it beside the list as it is."""
    opened = show(documents.small(), "#severity=critical")
    opened.page.click("#rows tr >> nth=1")
    assert opened.fragment() == "#severity=critical&host=pc10"
    opened.page.click("text=Previous host")
    assert opened.fragment() == "#severity=critical&host=ws2019"
    opened.page.go_back()
    expect(opened.page.locator("#detail")).not_to_be_visible()
    opened.page.click(".worst a:text('pc10')")
    expect(opened.page.locator("#detail-name")).to_have_text("pc10")
    assert opened.page.input_value("#severity") == "critical"


def test_a_higher_list_shows_more_hosts(show: Show) -> None:
    """Whatever makes it higher: rows that are not drawn would look as if there were no more hosts."""
    opened = show(documents.large(300, 5))
    before = len(opened.hosts())
    opened.page.evaluate("Object.assign(document.querySelector('.scroller').style, { maxHeight: 'none', height: '6000px' })")
    opened.page.wait_for_function("count => document.querySelectorAll('#rows tr[data-place]').length > count", arg=max(before, 200), timeout=10_000)
    assert len(opened.hosts()) > before


def test_cells_are_told_in_words(show: Show) -> None:
    """A cell has a letter for those who see no colours, and words for those who see nothing and those who ask."""
    opened = show(documents.small())
    cell = opened.page.locator("#rows tr:has-text('ws2019') td.s-N")
    expect(cell).to_have_text("N")
    for attribute in ("aria-label", "title"):
        expect(cell).to_have_attribute(attribute, "The firewall lets the Auditor server in to the agent: No effect")


def test_the_page_has_landmarks_and_headings(show: Show) -> None:
    """Screen readers jump by these."""
    opened = show(documents.small())
    for selector in ("header", "main", "footer", "[role=search]", "h1", "[role=status][aria-live=polite]", "[role=grid][aria-rowcount='9']"):
        assert opened.page.locator(selector).count() == 1, selector
    assert opened.texts("h2:visible")[-4:] == ["Since the previous report", "Worst hosts", "Hosts", "Controls"]


def test_without_a_script_the_summary_is_there(show: Show) -> None:
    """The verdict, a sentence about what is missing, and no list that would do nothing."""
    opened = show(documents.small(), java_script_enabled=False)
    assert opened.page.locator("noscript p").is_visible()
    assert opened.page.locator(".controls").is_visible()
    assert not opened.page.locator("#filters").is_visible()


def test_an_empty_report_is_a_page(show: Show) -> None:
    """No hosts, no controls, no earlier report."""
    opened = show(documents.document([], []))
    assert opened.texts(".verdict") == ["No host was looked at."]


def test_the_time_is_told_where_the_reader_is(show: Show) -> None:
    """Local time first, UTC beside it."""
    opened = show(documents.small(), timezone_id="Asia/Tokyo")
    (told,) = opened.texts("#when")
    assert told.startswith("27 November 2026")
    assert "03:00" in told
    assert told.endswith("(26 November 2026, 18:00 UTC)")
