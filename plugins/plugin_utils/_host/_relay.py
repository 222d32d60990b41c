# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files through the WS-Management connection itself: for hosts whose SMB can't be reached, slower, and with nothing but Windows' own tools.

A file goes as base64 lines into the standard input of a program that writes them to a file, and certutil makes bytes of them again;
a file comes by certutil and `type`. It goes in segments, each of which is checked by its hash: what arrived is not sent again, and
certutil, which takes a file as a whole, never gets a large one.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .._plan import ApplyFailed
from .._wsman import LARGE_STDIN_PART, STDIN_PART, Completed
from ._commands import quote
from ._paths import name_of, parent

if TYPE_CHECKING:
    from . import Host

EMPTY = hashlib.sha256(b"").hexdigest()
SEGMENT = 4 * 1024 * 1024
# 57 bytes make a line of 76 characters, as in MIME; 570 kB of them are encoded at a time.
_LINE = 57
_BLOCK = _LINE * 10_000
# Not find: it shares its text library with more.com, which fails in the code page 65001 before Windows 10 ("Not enough memory").
_COPY_STDIN = 'findstr "^"'
_DIGEST = re.compile(r"(?:[0-9a-f]{2} ?){32}", re.IGNORECASE)
# Windows 8 and Server 2012 (6.2) came with envelopes of 500 kB.
_LARGE_ENVELOPES = (6, 2)
# The low words of what certutil returns: no file, no folder; a file of no length, which it can't map into memory.
_NOT_THERE = (2, 3)
_NO_LENGTH = 1006
_MINUTES = 600.0
_LINE_LIMIT = 7000


class Relay:
    """Brings files to one host and from it; every path is checked already."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def sha256(self, path: str) -> str | None:
        """See `Files.sha256`."""
        done = self._host.cmd(f"certutil -hashfile {quote(path)} SHA256", time_limit=_MINUTES)
        code = done.exit_code & 0xFFFF
        if done.exit_code and code in _NOT_THERE:
            return None
        digest = EMPTY if code == _NO_LENGTH else find_digest(done.stdout)
        if digest is None:
            raise ApplyFailed(f"certutil can't read {path} on {self._host.name} ({reason(done)}).")
        return digest

    def survey(self, path: str) -> tuple[str | None, list[str]]:
        """A file's SHA-256 (None if it isn't there, or empty), and what runs that were broken off have left beside it."""
        mark = uuid.uuid4().hex
        line = f"certutil -hashfile {quote(path)} SHA256 & echo {mark}& dir /b /a-d {quote(f'{path}.*.part*')} 2>nul"
        digest, _mark, listed = self._host.cmd(line, time_limit=_MINUTES).stdout.partition(mark)
        ours = re.compile(rf"{re.escape(name_of(path))}\.[0-9a-f]{{8}}\.part(?:\.[0-9a-f]{{4,8}})?", re.IGNORECASE)
        return find_digest(digest), [f"{parent(path)}\\{line.strip()}" for line in listed.splitlines() if ours.fullmatch(line.strip())]

    def send(self, local: Path, part: str, found: Sequence[str]) -> int:
        """Bring a file, not an empty one, to the path `part`, by way of segments beside it (`part.0000`); return the bytes sent.

        `found` is what lies there of an earlier run: segments that have the right hash are taken, the rest is deleted.

        Raises:
            ApplyFailed: a segment does not arrive as it was sent, or can't be joined with the others.
        """
        count = -(-local.stat().st_size // SEGMENT)
        wanted = [f"{part}.{number:04}" for number in range(count)]
        self.remove([path for path in found if path not in wanted])
        there = self.digests([path for path in wanted if path in found])
        text, sent = f"{part}.{uuid.uuid4().hex[:8]}", 0
        for number, segment in enumerate(wanted):
            digest = _digest(local, number)
            if there.get(segment) != digest:
                self._send_segment(_segment(local, number), text, segment, digest)
                sent += min(SEGMENT, local.stat().st_size - number * SEGMENT)
        self._join(wanted, part)
        self.remove([text, *wanted])
        return sent

    def write(self, data: bytes, path: str) -> None:
        """Write a small file, replacing what is there; raises as `send` does."""
        if not data:
            self._must(f"type nul > {quote(path)}", path)
            return
        text = f"{path}.{uuid.uuid4().hex[:8]}"
        try:
            self._send_segment(iter([data]), text, path, hashlib.sha256(data).hexdigest())
        finally:
            self.remove([text])

    def receive(self, path: str, sink: Callable[[bytes], object]) -> None:
        """Read a file of the host, not an empty one, into `sink`; a copy of it lies in Windows' folder Temp meanwhile.

        Raises:
            ApplyFailed: certutil can't read it, or it did not arrive as it was sent.
        """
        text = f"{self._host.system.directory}\\Temp\\uamops-{uuid.uuid4().hex}.txt"
        try:
            done = self._host.cmd(f"certutil -f -encode {quote(path)} {quote(text)}", time_limit=_MINUTES)
            if done.exit_code:
                raise ApplyFailed(f"certutil can't read {path} on {self._host.name} ({reason(done)}).")
            sent = self.digests([text]).get(text)
            decoder = _Decoder(sink)
            self._host.cmd(f"type {quote(text)}", stdout=decoder.take, time_limit=_MINUTES)
            if decoder.finish() != sent:
                raise ApplyFailed(f"{path} of {self._host.name} did not arrive as it was sent; run the play again.")
        finally:
            self.remove([text])

    def digests(self, paths: Sequence[str]) -> dict[str, str]:
        """The SHA-256 of those of the files that are there and not empty, as 64 lower-case hex digits."""
        found: dict[str, str] = {}
        for batch in _batches(paths, 60):
            # A mark of our own tells the answers apart, in whatever language certutil writes.
            mark = uuid.uuid4().hex
            said = self._host.cmd(" & ".join(f"echo {mark}& certutil -hashfile {quote(path)} SHA256" for path in batch), time_limit=_MINUTES).stdout
            # A file without an answer counts as missing.
            for path, text in zip(batch, said.split(mark)[1:], strict=False):
                if digest := find_digest(text):
                    found[path] = digest
        return found

    def remove(self, paths: Sequence[str]) -> None:
        """Delete files of ours; one that can't be deleted stays for the next run."""
        for batch in _batches(paths, 40):
            self._host.cmd(" & ".join(f"del /f /q {quote(path)} 2>nul" for path in batch))

    def _send_segment(self, data: Iterator[bytes], text: str, segment: str, digest: str) -> None:
        line = f"{_COPY_STDIN} > {quote(text)} && certutil -f -decode {quote(text)} {quote(segment)} && certutil -hashfile {quote(segment)} SHA256"
        part = LARGE_STDIN_PART if self._host.system.version >= _LARGE_ENVELOPES else STDIN_PART
        done = self._host.cmd(line, stdin=_encoded(data), stdin_part=part, time_limit=_MINUTES)
        if done.exit_code or find_digest(done.stdout) != digest:
            raise ApplyFailed(f"{segment} did not arrive on {self._host.name} as it was sent ({reason(done)}).")

    def _join(self, segments: Sequence[str], part: str) -> None:
        if len(segments) == 1:
            self._must(f"move /y {quote(segments[0])} {quote(part)}", part)
            return
        joined: list[str] = []
        for batch in _batches(segments, 4):
            sources = "+".join(quote(path) for path in [*joined, *batch])
            self._must(f"copy /y /b {sources} {quote(part)}", part)
            joined = [part]

    def _must(self, line: str, path: str) -> None:
        done = self._host.cmd(line, time_limit=_MINUTES)
        if done.exit_code:
            raise ApplyFailed(f"{path} can't be written on {self._host.name} ({reason(done)}).")


def room(size: int, segments: int) -> int:
    """The bytes that a file of `size` takes on the drive while it comes: its segments, the text of one, and the joined file."""
    return max(0, 2 * size + min(size, SEGMENT) * 3 // 2 - segments * SEGMENT)


def reason(done: Completed) -> str:
    """Exit code and first line of a failed command; the line is in the host's language."""
    said = next((line.strip() for line in f"{done.stderr}\n{done.stdout}".splitlines() if line.strip()), "nothing")
    return f"exit code 0x{done.exit_code:x}; it said: {said}"


def find_digest(text: str) -> str | None:
    """The SHA-256 that certutil printed: the one line of 32 bytes in hex, with a blank between them before Windows 10."""
    digests = (line.strip() for line in text.splitlines() if _DIGEST.fullmatch(line.strip()))
    return next((digest.replace(" ", "").lower() for digest in digests), None)


class _Decoder:
    """Bytes of a text that certutil encoded, which comes in chunks that may end anywhere."""

    def __init__(self, sink: Callable[[bytes], object]) -> None:
        self._sink = sink
        self._kept = b""
        self._seen = hashlib.sha256()

    def take(self, chunk: bytes) -> None:
        self._seen.update(chunk)
        lines = (self._kept + chunk).split(b"\n")
        self._kept = lines.pop()
        self._decode(lines)

    def finish(self) -> str:
        """The SHA-256 of the text, after its last line."""
        self._decode([self._kept])
        return self._seen.hexdigest()

    def _decode(self, lines: list[bytes]) -> None:
        text = b"".join(line.strip() for line in lines if not line.startswith(b"-"))
        try:
            self._sink(base64.b64decode(text, validate=True))
        except binascii.Error:
            raise ApplyFailed("What certutil encoded is no base64; run the play again.") from None


def _segment(local: Path, number: int) -> Iterator[bytes]:
    """The bytes of one segment in blocks that hold whole lines of base64."""
    with local.open("rb") as file:
        file.seek(number * SEGMENT)
        left = SEGMENT
        while data := file.read(min(_BLOCK, left)):
            left -= len(data)
            yield data


def _digest(local: Path, number: int) -> str:
    digest = hashlib.sha256()
    for data in _segment(local, number):
        digest.update(data)
    return digest.hexdigest()


def _encoded(blocks: Iterator[bytes]) -> Iterator[bytes]:
    for block in blocks:
        text = base64.b64encode(block)
        width = _LINE * 4 // 3
        yield b"".join(text[at : at + width] + b"\r\n" for at in range(0, len(text), width))


def _batches(paths: Sequence[str], overhead: int) -> Iterator[list[str]]:
    """As many paths as fit a command line, with `overhead` characters for each besides."""
    batch: list[str] = []
    length = 0
    for path in paths:
        if batch and length + len(path) + overhead > _LINE_LIMIT:
            yield batch
            batch, length = [], 0
        batch.append(path)
        length += len(path) + overhead
    if batch:
        yield batch
