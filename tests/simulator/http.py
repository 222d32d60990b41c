# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1.1 on one connection, as far as http.sys and WinRM use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from io import BufferedReader

MAX_HEAD = 65536
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 411: "Length Required", 413: "Request Entity Too Large"}


class BadRequest(Exception):
    """Something that is not HTTP/1.1; the connection is closed after an answer with ``status``."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


@dataclass(frozen=True)
class HttpRequest:
    """One request; header names in lower case; ``head_size`` is the length of request line and headers on the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    head_size: int
    body: bytes = b""

    @property
    def keep_alive(self) -> bool:
        """False if the client asked for the connection to be closed."""
        return self.headers.get("connection", "").lower() != "close"


@dataclass
class HttpResponse:
    """One answer."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    challenges: list[str] = field(default_factory=list)
    close: bool = False

    def render(self) -> tuple[bytes, int]:
        """The bytes of the answer and the length of its head."""
        reason = REASONS.get(self.status, "")
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        if self.content_type:
            lines.append(f"Content-Type: {self.content_type}")
        lines += ["Server: Microsoft-HTTPAPI/2.0", *(f"WWW-Authenticate: {challenge}" for challenge in self.challenges)]
        lines += [f"Date: {formatdate(usegmt=True)}", f"Content-Length: {len(self.body)}"]
        if self.close:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        return head + self.body, len(head)


def read_head(stream: BufferedReader) -> HttpRequest | None:
    """Request line and headers, None at the end of the connection."""
    line = stream.readline(MAX_HEAD)
    if not line.strip():
        return None
    parts = line.decode("latin-1").split()
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest(400)
    headers: dict[str, str] = {}
    size = len(line)
    while (line := stream.readline(MAX_HEAD)) not in (b"\r\n", b"\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        size += len(line)
        if not colon or size > MAX_HEAD:
            raise BadRequest(400)
        headers[name.strip().lower()] = value.strip()
    return HttpRequest(parts[0], parts[1], headers, size + len(line))


def read_body(stream: BufferedReader, head: HttpRequest, limit: int) -> HttpRequest:
    """The same request with its body; 413 above ``limit`` bytes, 411 without a length."""
    text = head.headers.get("content-length", "")
    if "transfer-encoding" in head.headers or (not text and head.method == "POST"):
        raise BadRequest(411)
    if not text:
        return head
    if not text.isdigit():
        raise BadRequest(400)
    if int(text) > limit:
        raise BadRequest(413)
    body = stream.read(int(text))
    if len(body) != int(text):
        raise BadRequest(400)
    return HttpRequest(head.method, head.path, head.headers, head.head_size, body)
