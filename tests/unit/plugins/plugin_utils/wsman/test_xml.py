# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading XML from a host that may be hostile."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Client, ProtocolError, Resource, ResponseTooLarge
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._xml import escape, parse


class Raw:
    """A transport that always answers the same bytes."""

    endpoint = "http://host.example:5985/wsman"

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def send(self, message: bytes) -> bytes:
        return self.answer

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE e [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><e>&b;</e>',
        '<!DOCTYPE e SYSTEM "file:///etc/hostname"><e/>',
        '<?xml version="1.0"?><!-- c --><!DOCTYPE e><e/>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(document: str, encoding: str) -> None:
    """A DTD is refused before its entities are read, in every encoding."""
    with pytest.raises(ProtocolError, match="document type"):
        parse(document.encode(encoding))


def test_size_limit() -> None:
    """A document above the limit is not parsed."""
    assert parse(b"<e/>", limit=4).tag == "e"
    with pytest.raises(ResponseTooLarge):
        parse(b"<eee/>", limit=4)


def test_depth() -> None:
    """A very deep document does not end the interpreter's stack; it is refused like any other that is no SOAP message."""
    depth = 200_000
    with pytest.raises(ProtocolError, match="not a SOAP message"):
        Client(Raw(b"<e>" * depth + b"</e>" * depth)).get(Resource("root/cimv2", "Win32_Service"))


@pytest.mark.parametrize(
    "answer", [b"", b" ", b"not xml", b"<e>", b"<e>&unknown;</e>", b"\xff\xfe\x00", b'<?xml version="1.0" encoding="nonsense"?><e/>', b"<html><body/></html>"]
)
def test_garbage(answer: bytes) -> None:
    """Whatever is no SOAP message is a ProtocolError, never another exception."""
    with pytest.raises(ProtocolError):
        Client(Raw(answer)).get(Resource("root/cimv2", "Win32_Service"))


def test_escape_leaves_plain_text_alone() -> None:
    """Only markup, quotes and line ends change."""
    assert escape("C:\\Program Files (x86)\\ä'") == "C:\\Program Files (x86)\\ä'"
    assert escape('<a b="c">&\r\n\t') == "&lt;a b=&quot;c&quot;&gt;&amp;&#13;&#10;&#9;"
