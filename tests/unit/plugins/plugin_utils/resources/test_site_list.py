# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Site lists: what is asked for is checked, and what is written is read back as the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._site_list import asked_sites, build, next_version, parse

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def _asked(**options: Any) -> dict[str, Any]:
    return {"open_in": "ie11", "compat_mode": "Default", "allow_redirect": False, **options}


def test_what_is_written_is_read_back() -> None:
    """Also with characters that XML escapes; the order in which sites are given does not matter."""
    given = [_asked(url="b.example/x&y's"), _asked(url="A.example:8080", open_in="edge", compat_mode="IE7Enterprise", allow_redirect=True)]
    sites = asked_sites(given)
    assert sites == asked_sites(given[::-1])
    found = parse(build(sites, 7, NOW).decode("ascii"))
    assert (found.sites, found.version) == (sites, 7)


@pytest.mark.parametrize(
    "url", ["https://a.example/x", "", "/reports", "a b", "a.example/x y", "a.example/?q=1", "a.example#x", "a..b", "-a.example:", "a.example:x"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """A protocol, blanks, no host, a query."""
    with pytest.raises(BadRequest):
        asked_sites([_asked(url=url)])


def test_sites_are_given_once() -> None:
    """The same address in other letters is the same site; no site at all is no list."""
    with pytest.raises(BadRequest, match="given twice"):
        asked_sites([_asked(url="a.example/x"), _asked(url="A.example/x/", open_in="edge"), _asked(url="a.example")])
    with pytest.raises(BadRequest, match="at least one"):
        asked_sites([])


@pytest.mark.parametrize(
    "text", ["", "x", "<rules version='3'/>", "<site-list/>", "<site-list version='x'/>", "<site-list version='3'>", "<!DOCTYPE a><site-list version='3'/>"]
)
def test_what_is_no_site_list_has_no_sites(text: str) -> None:
    """Damaged, of the first schema, without a version, or with a document type."""
    assert parse(text).sites is None


def test_what_others_wrote_is_read_in_one_spelling() -> None:
    """Letters of any case, and what is left out stands for its default."""
    found = parse(
        '\ufeff<?xml version="1.0" encoding="utf-16"?><site-list version="3"><site url="A.example"><open-in>ie11</open-in></site><site url="b"/></site-list>'
    )
    assert [str(site) for site in found.sites or ()] == ["a.example in IE11 as Default", "b in None as Default"]


def test_the_version_only_grows() -> None:
    """One more than before; a new list begins above all that an older one in its place can have had."""
    assert next_version(3, NOW) == 4
    assert 10**6 < next_version(0, NOW) < 2**31
