# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control endpoint: JSON over HTTP on 127.0.0.1. It reads counters and journals, resets them, and ends the process; it changes no host.

GET /counters, GET /journal?host=NAME, POST /reset-counters, POST /shutdown.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

from .running import RunningFleet

TIMEOUT = 10.0


class Control:
    """Serves one running fleet; ``on_shutdown`` is called once after the answer to /shutdown."""

    def __init__(self, fleet: RunningFleet, port: int, on_shutdown: Callable[[], None]) -> None:
        control = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("GET")

            def do_POST(self) -> None:
                self._answer("POST")

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing: the foreground belongs to the host lines."""

            def _answer(self, method: str) -> None:
                status, document = control.handle(method, self.path)
                data = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                if status == 200 and self.path == "/shutdown":
                    control._on_shutdown()

        self._fleet = fleet
        self._on_shutdown = on_shutdown
        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="simulator-control", daemon=True)

    @property
    def url(self) -> str:
        """Where the endpoint listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End the endpoint."""
        self._server.shutdown()
        self._server.server_close()

    def handle(self, method: str, target: str) -> tuple[int, Any]:
        """Status and JSON document of one request."""
        parts = urlsplit(target)
        if (method, parts.path) == ("GET", "/counters"):
            return 200, {"hosts": {name: self._fleet.counters(name) for name in self._fleet.hosts}, "total": self._fleet.totals()}
        if (method, parts.path) == ("GET", "/journal"):
            wanted = parse_qs(parts.query).get("host", list(self._fleet.hosts))
            if unknown := [name for name in wanted if name not in self._fleet.hosts]:
                return 404, {"error": f"no host {unknown[0]}"}
            return 200, {name: self._fleet.journal(name) for name in wanted}
        if (method, parts.path) == ("POST", "/reset-counters"):
            self._fleet.reset_counters()
            return 200, {}
        if (method, parts.path) == ("POST", "/shutdown"):
            return 200, {}
        return 404, {"error": f"no {method} {parts.path}"}


def ask(url: str, path: str, *, post: bool = False) -> Any:
    """One request to a control endpoint; raises OSError if nobody answers there, with the endpoint's own sentence if it refuses."""
    request = Request(url + path, data=b"" if post else None, method="POST" if post else "GET")
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:
            return json.loads(answer.read())
    except HTTPError as refused:
        raise OSError(json.loads(refused.read())["error"]) from refused
