# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the report looks: dark and light, narrow, on paper, and with thousands of hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import documents
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.chromium import Opened
    from browser.conftest import Show

# The contrast of every text that can be seen with what is behind it, as WCAG 2.2 counts it; large text needs less.
CONTRASTS = """() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("script, style, option, :disabled, .unseen")) continue;
    const style = getComputedStyle(element);
    const pair = [light(parse(style.color)), light(behind(element))].sort((a, b) => b - a);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    found.push([(pair[0] + 0.05) / (pair[1] + 0.05), large ? 3 : 4.5, walker.currentNode.data.trim().slice(0, 40)]);
  }
  return found;
}"""


def _everything() -> dict[str, Any]:
    """The small document with a host for each status."""
    broken = documents.finding("codec", "error", "codec TSCC", "The registry could not be read.", 0)
    policy = documents.finding("codec", "ineffective", "codec TSCC", documents.BLOCKED, 0)
    small = documents.small()
    hosts = [*small["hosts"], documents.host("broken", ["g"], ["codec"], [broken]), documents.host("policy", ["g"], ["codec"], [policy])]
    return documents.document(hosts, changes=small["changes"], trend=small["trend"], warnings=small["warnings"])


def _too_pale(opened: Opened) -> list[Any]:
    found: list[list[Any]] = opened.page.evaluate(CONTRASTS)
    assert len(found) > 50
    return [(round(contrast, 2), text) for contrast, least, text in found if contrast < least]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("fragment", ["", "#host=ws2019", "#status=drift&severity=critical&control=agent-package"])
def test_every_text_has_enough_contrast(show: Show, scheme: str, fragment: str) -> None:
    """WCAG AA, in both colour schemes, for the page, a host's detail and chosen filters."""
    assert _too_pale(show(_everything(), fragment, color_scheme=scheme)) == []


def test_dark_is_dark(show: Show) -> None:
    """The page follows what the reader's system asks for."""
    backgrounds = [
        show(documents.small(), color_scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor") for scheme in ("light", "dark")
    ]
    assert backgrounds == ["rgb(246, 247, 249)", "rgb(18, 22, 28)"]


@pytest.mark.parametrize("width", [360, 390, 768, 1280, 2200])
@pytest.mark.parametrize("fragment", ["", "#host=ws2019"])
def test_the_page_never_scrolls_sideways(show: Show, width: int, fragment: str) -> None:
    """What is wide scrolls inside its own frame."""
    opened = show(documents.small(), fragment, viewport={"width": width, "height": 800})
    opened.page.evaluate("document.querySelectorAll('details').forEach((list) => (list.open = true))")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.page.evaluate("Math.max(0, ...[...document.querySelectorAll('#detail .content')].map((each) => each.scrollWidth - each.clientWidth))") == 0


def _printed(opened: Opened) -> str:
    """What is on paper: the browser makes the events of a print itself when it makes a PDF, but this reads texts, not a PDF."""
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    return opened.texts("body")[0]


def test_paper_has_the_findings_and_no_controls(show: Show) -> None:
    """What cannot be clicked is not printed; what a click would show is."""
    opened = show(documents.small())
    told = _printed(opened)
    for text in (
        "start_mode disabled auto",
        "What to do: Add the rule",
        "Accepted until 31 January 2027",
        "Connection refused on port 5986",
        "ws2022 The firewall lets",
    ):
        assert text in told
    for selector in ("#filters", "#map", ".skip", "#detail", ".figures"):
        assert not opened.page.locator(selector).is_visible(), selector
    assert opened.page.evaluate("[...document.querySelectorAll('.paper thead')].every((head) => getComputedStyle(head).display === 'table-header-group')")


def test_paper_follows_the_filters(show: Show) -> None:
    """And says what was chosen; an open host is printed alone."""
    told = _printed(show(documents.small(), "#control=agent-package"))
    assert 'Filtered by control "The agent is installed in the required version": not as required.' in told
    assert "10.6.2" in told
    assert "AllowLocalPolicyMerge" not in told
    alone = _printed(show(documents.small(), "#host=ws2016"))
    assert "Only this host is printed" in alone
    assert "10.6.2" not in alone


def test_the_screen_comes_back_after_printing(show: Show) -> None:
    """Lists that were closed are closed again, and nothing of the paper stays."""
    opened = show(documents.small())
    _printed(opened)
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.page.locator("#paper > *").count() == 0
    assert opened.page.locator("details[open]").count() == 0


def test_a_print_makes_the_paper_by_itself(show: Show) -> None:
    """The browser's own print fills the paper: the PDF of a report with findings has more pages than that of one without."""
    pages = [opened.page.pdf().count(b"/Type /Page\n") for opened in (show(documents.small()), show(documents.small(), "#group=auditor_servers"))]
    assert pages[0] > pages[1] > 0


def test_paper_says_what_it_leaves_out(show: Show) -> None:
    """Nobody prints thousands of hosts by mistake."""
    problem = documents.finding("codec", "drift", "codec TSCC", "Text.", 0)
    opened = show(documents.document([documents.host(f"h{number:03}", [], ["codec"], [problem]) for number in range(230)]))
    assert "Printed are the first 200 of 230 hosts with findings; 30 are left out." in _printed(opened)
    assert opened.page.locator(".paper-host").count() == 200


def test_thousands_of_hosts_can_be_used(show: Show) -> None:
    """Only what is in sight is in the document, and the last host is as near as the first."""
    document = documents.large()
    opened = show(document)
    cells = opened.page.locator("#map td")
    expect(opened.page.locator("#count")).to_have_text("5,000 hosts.")
    assert cells.count() < 5000
    opened.page.select_option("#sort", "name")
    opened.page.focus("#map")
    opened.page.keyboard.press("End")
    expect(opened.page.locator("#row-4999")).to_be_visible()
    assert opened.hosts()[-1] == document["hosts"][-1]["name"]
    assert opened.page.get_attribute("#map", "aria-activedescendant") == "row-4999"
    assert cells.count() < 5000
    opened.page.fill("#search", "oslo agent-package")
    found = [host["name"] for host in document["hosts"] if "oslo" in host["name"] and any("agent-package" in one["control"] for one in host["findings"])]
    expect(opened.page.locator("#count")).to_have_text(f"{len(found)} of 5,000 hosts.")
    assert opened.hosts() == found[: len(opened.hosts())]


def test_a_long_list_scrolls_without_gaps(show: Show) -> None:
    """Wherever one scrolls to, the rows there are drawn."""
    opened = show(documents.large(1000, 14), "#sort=name")
    opened.page.evaluate("document.getElementById('scroller').scrollTop = 500 * 28")
    opened.page.wait_for_selector("#row-500")
    box, head = opened.page.locator("#row-500").bounding_box(), opened.page.locator("#map .corner").bounding_box()
    assert box
    assert head
    assert abs(box["y"] - head["y"] - head["height"]) < 2
