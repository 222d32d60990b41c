# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether User Activity monitoring works: what a server and an agent say, and what follows from it.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from ._agent import AgentProbe
from ._checks import judge
from ._model import Check, Facts, ServerView, Wanted
from ._server import ServerProbe

__all__ = ["AgentProbe", "Check", "Facts", "ServerProbe", "ServerView", "Wanted", "judge"]
