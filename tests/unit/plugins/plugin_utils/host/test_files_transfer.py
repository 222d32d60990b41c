# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on their way: certutil's texts, lines of base64, and what a refusal over SMB means."""

from __future__ import annotations

import base64
import builtins
import errno
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils import _host
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Delivery, SmbOptions, _relay, _smb, _smb_client
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed
from smbprotocol.exceptions import SMBConnectionClosed, SMBResponseException
from smbprotocol.header import NtStatus, SMB2HeaderResponse

DIGEST = hashlib.sha256(b"agent").hexdigest()
OPTIONS = SmbOptions("198.51.100.7", 445, "LAB\\ansible", "Lab-Passw0rd!")


@pytest.mark.parametrize(
    "text",
    [
        f"SHA256 hash of C:\\a.msi:\r\n{DIGEST}\r\nCertUtil: -hashfile command completed successfully.\r\n",
        f"SHA256-Hash von {DIGEST}.msi:\r\n{DIGEST.upper()}\r\nCertUtil: -hashfile-Befehl wurde erfolgreich ausgeführt.\r\n",
        f"SHA256 ハッシュ (対象 x):\n{bytes.fromhex(DIGEST).hex(' ')}\nCertUtil: -hashfile コマンドは正常に完了しました。\n",
    ],
)
def test_certutils_hash_is_found_in_any_language(text: str) -> None:
    """The digits stand on a line of their own, in pairs before Windows 10; a file whose name looks like a hash does not mislead."""
    assert _relay.find_digest(text) == DIGEST


@pytest.mark.parametrize("text", ["", "CertUtil: The system cannot find the file specified.", DIGEST[:-2], f"{DIGEST}00", f"x{DIGEST}"])
def test_what_is_no_hash_is_none(text: str) -> None:
    """A SHA-256 has 64 digits and nothing beside it."""
    assert _relay.find_digest(text) is None


@pytest.mark.parametrize("step", [1, 3, 66, 1000])
def test_an_encoded_file_is_decoded_wherever_its_chunks_end(step: int) -> None:
    """Lines between BEGIN and END are the file; the hash is that of the whole text."""
    data = bytes(range(256)) * 3 + b"x"
    encoded = base64.b64encode(data)
    lines = [encoded[at : at + 64] for at in range(0, len(encoded), 64)]
    text = b"\r\n".join([b"-----BEGIN CERTIFICATE-----", *lines, b"-----END CERTIFICATE-----", b""])
    got = bytearray()
    decoder = _relay._Decoder(got.extend)  # the unit itself: over the wire the ends of chunks can't be chosen
    for at in range(0, len(text), step):
        decoder.take(text[at : at + step])
    assert decoder.finish() == hashlib.sha256(text).hexdigest()
    assert got == data


def test_a_text_that_is_no_base64_is_refused() -> None:
    """Damage on the way is an error of its own, not a wrong file."""
    with pytest.raises(ApplyFailed):
        _relay._Decoder(bytes).take(b"!!!!\r\n")


def test_a_segment_becomes_lines_that_every_program_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """76 characters and CR LF, the last line too: findstr adds nothing and cuts nothing then; all segments together are the file."""
    monkeypatch.setattr(_relay, "SEGMENT", 100_000)
    local = tmp_path / "agent.msi"
    local.write_bytes(bytes(range(251)) * 999)
    count = -(-local.stat().st_size // 100_000)
    texts = [b"".join(_relay._encoded(_relay._segment(local, number))) for number in range(count)]
    assert all(text.endswith(b"\r\n") and max(len(line) for line in text.split(b"\r\n")) == 76 for text in texts)
    assert b"".join(base64.b64decode(text) for text in texts) == local.read_bytes()
    assert _relay._digest(local, count - 1) == hashlib.sha256(local.read_bytes()[(count - 1) * 100_000 :]).hexdigest()


def test_no_command_line_gets_too_long() -> None:
    """cmd.exe takes 8,191 characters; what does not fit goes into the next line."""
    paths = [f"C:\\Windows\\Temp\\{number:0>200}" for number in range(100)]
    batches = list(_relay._batches(paths, 60))
    assert [path for batch in batches for path in batch] == paths
    assert all(sum(len(path) + 60 for path in batch) <= 7000 for batch in batches)


def test_the_room_that_a_file_needs_while_it_comes() -> None:
    """Segments and the joined file, and the text of one segment; segments that are there already count no more."""
    size = 3 * _relay.SEGMENT
    assert _relay.room(size, 0) == 2 * size + _relay.SEGMENT * 3 // 2
    assert _relay.room(size, 0) - _relay.room(size, 2) == 2 * _relay.SEGMENT
    assert _relay.room(100, 0) == 350


@pytest.mark.parametrize(
    ("delivery", "text"),
    [
        (Delivery("smb", 1_500_000, 0.31, "SMB is the fastest way"), "1,500,000 bytes over SMB in 0.3 s (SMB is the fastest way)"),
        (Delivery("connection", 5, 2, "as asked"), "5 bytes through the connection in 2.0 s (as asked)"),
        (Delivery("present", 0, 0.1, "the same file is there already"), "the same file is there already"),
    ],
)
def test_a_delivery_is_told_in_one_line(delivery: Delivery, text: str) -> None:
    """How much, which way, how long, and why this way."""
    assert delivery.describe() == text


def test_a_password_is_not_shown() -> None:
    """The options may end up in an error's text."""
    assert "Lab-Passw0rd!" not in repr(OPTIONS)


@pytest.mark.parametrize(
    ("options", "usable"),
    [(OPTIONS, True), (SmbOptions("x", kerberos=True), True), (SmbOptions("x", username="a"), False), (SmbOptions("x", password="b"), False)],
)
def test_smb_needs_a_password_or_a_ticket(options: SmbOptions, usable: bool) -> None:
    """A certificate is none of both."""
    assert options.usable is usable


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without smbprotocol there is no SMB, and the sentence says what to install."""
    original = builtins.__import__

    def refuse(name: str, *arguments: Any, **options: Any) -> Any:
        if name.startswith("smbprotocol"):
            raise ImportError(name)
        return original(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.delitem(sys.modules, _smb_client.__name__)
    monkeypatch.setattr(_host, "_smb_client", _smb_client)  # for the tests that come after
    with pytest.raises(_smb.Unavailable, match="smbprotocol is missing on the controller"):
        _smb.client()


def _refused(status: int) -> SMBResponseException:
    header = SMB2HeaderResponse()
    header["status"] = status
    return SMBResponseException(header)


def _raised(error: Exception) -> Exception:
    def fail() -> None:
        with _smb_client._translated(OPTIONS, "Temp\\agent.msi"):
            raise error

    return _caught(fail)


def _caught(function: Callable[[], None]) -> Exception:
    with pytest.raises((ApplyFailed, _smb.Unavailable)) as caught:
        function()
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (NtStatus.STATUS_DISK_FULL, ApplyFailed, "its disk is full"),
        (NtStatus.STATUS_OBJECT_PATH_NOT_FOUND, ApplyFailed, "its folder isn't there"),
        (NtStatus.STATUS_SHARING_VIOLATION, _smb.Unavailable, "another program has it open"),
        (NtStatus.STATUS_ACCESS_DENIED, _smb.Unavailable, "access is denied"),
        (NtStatus.STATUS_INSUFFICIENT_RESOURCES, _smb.Unavailable, "broke off"),
    ],
)
def test_a_refused_file_is_told_with_its_cause(status: int, kind: type[Exception], words: str) -> None:
    """A full disk and a missing folder are final; with any other refusal another way is worth a try. The number is for a search."""
    error = _raised(_refused(status))
    assert error.__class__ is kind
    assert words in str(error)
    assert f"0x{status:08x}" in str(error) and "Temp\\agent.msi" in str(error)


@pytest.mark.parametrize("error", [SMBConnectionClosed("x"), ConnectionResetError(104, "x"), TimeoutError("x")])
def test_a_broken_connection_is_no_refusal(error: Exception) -> None:
    """Whatever the library raises for it, the text is ours."""
    assert "the connection to 198.51.100.7 broke off" in str(_raised(error))


def test_the_controllers_own_disk_is_not_the_hosts_fault() -> None:
    """No room for a file that is fetched is told as that, and no other way is tried."""
    with pytest.raises(OSError, match="No space") as caught, _smb_client._translated(OPTIONS, "x"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert not isinstance(caught.value, ConnectionError)
