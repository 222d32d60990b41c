# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Console texts and bytes: a text that came from bytes gives the same bytes again, whatever they are."""

from __future__ import annotations

CODECS = {65001: "utf-8", 1200: "utf-16-le", 20127: "ascii"}


def codec(code_page: int) -> str:
    """Python's name of a code page."""
    return CODECS.get(code_page, f"cp{code_page}")


def decoded(data: bytes, code_page: int) -> str:
    """Bytes as a text; bytes without a character are carried as surrogates."""
    return data.decode(codec(code_page), "surrogateescape")


def encoded(text: str, code_page: int) -> bytes:
    """The bytes of a text; characters that the code page lacks become "?"."""
    name = codec(code_page)
    try:
        return text.encode(name, "surrogateescape")
    except UnicodeEncodeError:
        return b"".join(_character(char, name) for char in text)


def _character(char: str, name: str) -> bytes:
    return char.encode(name, "surrogateescape" if 0xDC80 <= ord(char) <= 0xDCFF else "replace")
