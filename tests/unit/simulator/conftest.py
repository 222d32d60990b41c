# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small fleet of stub hosts for the protocol tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from simulator import RunningFleet, parse_fleet, serve
from unit.simulator.soap import Raw
from unit.simulator.stub_model import DESCRIPTION, stub_host


@pytest.fixture(scope="package")
def stub_fleet() -> Iterator[RunningFleet]:
    """The stub hosts on the wire."""
    fleet = parse_fleet(DESCRIPTION)
    with serve(fleet, build=lambda spec: stub_host(fleet, spec)) as running:
        yield running


@pytest.fixture
def alpha(stub_fleet: RunningFleet) -> Raw:
    """A raw client of the host alpha (Windows Server 2022)."""
    return Raw(stub_fleet.hosts["alpha"].https_url, str(stub_fleet.ca_file))


@pytest.fixture
def small(stub_fleet: RunningFleet) -> Raw:
    """A raw client of the host with small limits."""
    return Raw(stub_fleet.hosts["small"].https_url, str(stub_fleet.ca_file))
