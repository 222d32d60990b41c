# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports and addresses of two rules: in common, or all in the other."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._overlap import (
    Answer,
    addresses_meet,
    addresses_within,
    every,
    ports_meet,
    ports_within,
    some,
)


@pytest.mark.parametrize(
    ("one", "other", "meet", "within"),
    [
        ([], [], True, True),
        (["9003"], [], True, True),
        ([], ["9003"], True, False),
        (["9003"], ["9003"], True, True),
        (["9003"], ["9004"], False, False),
        (["9003"], ["9000-9010"], True, True),
        (["9000-9010"], ["9003"], True, False),
        (["9000-9010"], ["9005-9020"], True, False),
        (["80", "9003"], ["9003"], True, False),
        (["80", "9003"], ["80", "9000-9010"], True, True),
        (["RPC"], ["RPC"], True, True),
        (["RPC"], ["1-65535"], None, True),
        (["RPC"], ["50000"], None, None),
        (["50000"], ["RPC"], None, None),
        (["9003"], ["RPC"], False, False),
        (["RPC-EPMap"], ["135"], True, True),
        (["RPC"], ["445", "49152-65535"], None, True),
        (["443", "50000"], ["RPC"], None, False),
        (["443"], ["IPHTTPSIn"], None, None),
    ],
)
def test_ports(one: list[str], other: list[str], meet: Answer, within: Answer) -> None:
    """No port at all means any; None where only the host knows what a keyword stands for."""
    assert (ports_meet(one, other), ports_meet(other, one), ports_within(one, other)) == (meet, meet, within)


@pytest.mark.parametrize(
    ("one", "other", "meet", "within"),
    [
        ([], ["10.0.0.1"], True, False),
        (["10.0.0.1"], [], True, True),
        (["10.0.0.1"], ["10.0.0.1"], True, True),
        (["10.0.0.1"], ["10.0.0.0/8"], True, True),
        (["10.0.0.0/8"], ["10.0.0.1"], True, False),
        (["10.0.0.5"], ["10.0.0.1-10.0.0.9"], True, True),
        (["10.0.0.5"], ["10.0.0.6-10.0.0.9"], False, False),
        (["fe80::1"], ["fe80::/10"], True, True),
        (["0.0.0.1"], ["::1"], False, False),
        (["localsubnet"], ["localsubnet"], True, True),
        (["localsubnet"], ["10.0.0.0/8"], None, None),
        (["10.0.0.7"], ["localsubnet"], None, None),
        (["10.0.0.7"], ["localsubnet (IPv6)"], False, False),
        (["fe80::7"], ["localsubnet (IPv6)"], None, None),
        (["localsubnet (IPv4)"], ["localsubnet"], None, None),
        (["localsubnet (IPv4)"], ["0.0.0.0/0"], None, True),
        (["10.0.0.7"], ["10.0.0.0/8", "dns"], True, True),
    ],
)
def test_addresses(one: list[str], other: list[str], meet: Answer, within: Answer) -> None:
    """Addresses, networks and ranges by number, never across versions of IP; None where only the host knows what a keyword stands for."""
    assert (addresses_meet(one, other), addresses_meet(other, one), addresses_within(one, other)) == (meet, meet, within)


@pytest.mark.parametrize(
    ("answers", "all_of_them", "one_of_them"),
    [
        ([], True, False),
        ([True, True], True, True),
        ([True, None], None, True),
        ([True, None, False], False, True),
        ([None, False], False, None),
        ([None], None, None),
    ],
)
def test_what_is_not_told_counts_only_where_the_rest_does_not_decide(answers: list[Answer], all_of_them: Answer, one_of_them: Answer) -> None:
    """As in SQL."""
    assert (every(answers), some(answers)) == (all_of_them, one_of_them)
