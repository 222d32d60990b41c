# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports and addresses of two rules: in common, or all in the other."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._overlap import addresses_meet, addresses_within, ports_meet, ports_within


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
        (["RPC"], ["1-65535"], False, False),
    ],
)
def test_ports(one: list[str], other: list[str], meet: bool, within: bool) -> None:
    """None at all means any; a keyword is in itself only."""
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
        (["localsubnet"], ["10.0.0.0/8"], False, False),
        (["localsubnet (IPv4)"], ["localsubnet"], False, False),
    ],
)
def test_addresses(one: list[str], other: list[str], meet: bool, within: bool) -> None:
    """Addresses, networks and ranges by number; never across versions of IP."""
    assert (addresses_meet(one, other), addresses_meet(other, one), addresses_within(one, other)) == (meet, meet, within)
