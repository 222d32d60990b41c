# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts that need what the server says. Pure: facts in, verdicts out.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._catalogue import failed, passed, skipped, unknown
from ._model import Check, Facts, Wanted
from ._names import plain_id

_NO_AGENT = "There is no agent here."
_NOT_GIVEN = "server_info was not given."


def listens(wanted: Wanted) -> Check:
    """The server's own process listens on the port that the agents are told."""
    check, view = "server.listens", wanted.server_info
    if view is None:
        return skipped(check, _NOT_GIVEN)
    if not view.running:
        return failed(check, "The server's service does not run.")
    if view.ports is None:
        return unknown(check, "The server can't tell its TCP connections.")
    if wanted.server_port in view.ports:
        return passed(check, f"The server listens on TCP port {wanted.server_port}.")
    return failed(check, f"The server does not listen on TCP port {wanted.server_port}, but on {', '.join(map(str, sorted(view.ports))) or 'none'}.")


def reaches_agent(wanted: Wanted, facts: Facts) -> Check:
    """A connection to the callback port that either end shows, or a connection that the server could make."""
    check, port = "server.reaches_agent", wanted.callback_port
    if not facts.process_id:
        return skipped(check, "The agent's service does not run." if facts.services else _NO_AGENT)
    if _called(wanted, facts):
        return passed(check, f"The server has a connection to TCP port {port} of this computer.")
    tried = _attempt(wanted, facts)
    if tried is None:
        return unknown(check, f"There is no connection from the server to TCP port {port} at this moment, and the server was not asked to make one.")
    how = f"TCP port {port}, tried from the server: {tried.get('how', '')}."
    if tried.get("ok") is None:
        return unknown(check, how)
    return passed(check, how) if tried["ok"] else failed(check, how)


def _called(wanted: Wanted, facts: Facts) -> bool:
    """True if either end shows the connection; at this end the address has to be the server's, where that is known."""
    known = wanted.addresses | {row.remote_address for row in (facts.connected(wanted),) if row}
    incoming = [row for row in facts.connections or () if row.established and row.local_port == wanted.callback_port and row.process_id == facts.process_id]
    if any(row.remote_address in known or not known for row in incoming):
        return True
    own = {row.local_address for row in facts.to_server(wanted)}
    view = wanted.server_info
    return any(port == wanted.callback_port and address in own for _local, address, port in (view.connections or () if view else ()))


def _attempt(wanted: Wanted, facts: Facts) -> Mapping[str, Any] | None:
    entries = wanted.server_info.reach if wanted.server_info else ()
    return next((entry for entry in entries if entry.get("port") == wanted.callback_port and facts.goes_by(str(entry.get("name", "")))), None)


def knows_agent(wanted: Wanted, facts: Facts) -> Check:
    """The agent's id stands in the server's list."""
    check = "server.knows_agent"
    if (short := _without_list(check, wanted, facts)) is not None:
        return short
    names = _holders(wanted, facts)
    if not names:
        return failed(check, f"The server's list of agents does not have the agent's id {facts.setting('UniqID')}.")
    return passed(check, f"The server's list of agents has the agent's id, under the name {' and '.join(name or 'unknown' for name in names)}.")


def unique(wanted: Wanted, facts: Facts) -> Check:
    """The server has the id under no other computer's name.

    Of two computers with one id the server may list only the last that came; then the check fails on the other one.
    """
    check = "agent.unique"
    if (short := _without_list(check, wanted, facts)) is not None:
        return short
    others = sorted({name for name in _holders(wanted, facts) if name and not facts.goes_by(name)})
    if others:
        return failed(check, f"The server has the agent's id {facts.setting('UniqID')} for {', '.join(others)} too.")
    return passed(check, "The server has the agent's id for no other computer.")


def _without_list(check: str, wanted: Wanted, facts: Facts) -> Check | None:
    """The verdict where there is no id or no list to look it up in."""
    if not facts.installed:
        return skipped(check, _NO_AGENT)
    if wanted.server_info is None:
        return skipped(check, _NOT_GIVEN)
    if not facts.setting("UniqID"):
        return unknown(check, "The agent has no id (UniqID) yet; it makes one when it first runs.")
    if wanted.server_info.agents is None:
        return unknown(check, "The server's list of agents could not be read.")
    return None


def _holders(wanted: Wanted, facts: Facts) -> list[str]:
    """The names that the server has for the agent's id."""
    own = plain_id(facts.setting("UniqID"))
    agents = wanted.server_info.agents if wanted.server_info else ()
    return [name for name, identity in agents or () if identity == own]
