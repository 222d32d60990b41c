# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a feature's name stands for on one host: names of DISM, a capability, or the reason why there is nothing to do.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from .._host import Host
from .._plan import BadRequest
from ._feature_table import NEUTRAL, Kind, Row

# What DISM says, and what it counts as. A pending state is that after the restart.
ENABLED = frozenset({"enabled", "enable pending", "installed", "install pending"})
PENDING = frozenset({"enable pending", "disable pending", "install pending", "uninstall pending"})
REMOVED = "disabled with payload removed"


def expect(host: Host, name: str) -> None:
    """Ask for the edition if it matters, and for the features if every edition that the host may have needs them."""
    if name not in NEUTRAL:
        _expect(host, resolve(host, name))
        return
    host.editions.expect()
    rows = [_row(host, name, kind) for kind in _possible(host)]
    if all(row.features for row in rows):
        host.servicing.expect()


def resolve(host: Host, name: str) -> Row:
    """What the name stands for here; a name that is not neutral stands for itself, with a tilde in it for a capability."""
    if name not in NEUTRAL:
        return Row(0, 0, (), capability=name) if "~" in name else Row(0, 0, (), features=(name,))
    return _row(host, name, _kind(host))


def states(host: Host, row: Row) -> dict[str, str]:
    """The state of each feature or of the capability, in DISM's words and small letters, by the name as Windows spells it.

    Raises:
        BadRequest: the host has no such feature.
    """
    if row.capability:
        return {row.capability: host.servicing.capability(row.capability).lower()}
    known = host.servicing.features()
    found = [known.get(name.lower()) or _unknown(host, name, known) for name in _names(host, row)]
    return {name: state.lower() for name, state in found}


def _expect(host: Host, row: Row) -> None:
    if row.capability:
        host.servicing.expect_capability(row.capability)
    else:
        host.servicing.expect()


def _names(host: Host, row: Row) -> tuple[str, ...]:
    architecture = "amd64" if host.system.bits == 64 else "x86"
    return tuple(name.replace("{architecture}", architecture) for name in row.features)


def _unknown(host: Host, name: str, known: Iterable[str]) -> tuple[str, str]:
    spelled = {key: host.servicing.features()[key][0] for key in known}
    near = [spelled[key] for key in difflib.get_close_matches(name.lower(), list(spelled), n=3)]
    hint = f"did you mean {' or '.join(near)}?" if near else "dism /online /english /get-features lists those there are."
    raise BadRequest(f"Windows on {host.name} has no feature {name}; {hint}")


def _possible(host: Host) -> tuple[Kind, Kind]:
    return ("client", "n") if host.system.client else ("server", "core")


def _kind(host: Host) -> Kind:
    whole, other = _possible(host)
    return other if (host.edition.n if host.system.client else host.edition.core) else whole


def _row(host: Host, name: str, kind: Kind) -> Row:
    build = host.system.version[2]
    return next(row for row in NEUTRAL[name] if row.first <= build <= row.last and kind in row.kinds)
