# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Authenticode signature of an MSI file.

It signs a digest of what is in the compound file: every stream but the signature's own, sorted by name, each storage followed by its class.
Where there is an extended signature, a digest of the names, sizes, classes and times goes before it. Microsoft has published Authenticode
for programs only ("Windows Authenticode Portable Executable Signature Format"); for MSI files this is what osslsigncode and signify do.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol
from uuid import UUID

from ._chain import extension, require_chain
from ._cms import BadSignature, Signed, check, check_countersignature, parse
from ._roots import Roots, Untrusted

with suppress(ImportError):
    # check_signer says so if it is not there.
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

SIGNATURE = "\x05DigitalSignature"
_EXTENDED = "\x05MsiDigitalSignatureEx"
_INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4"
_TOKEN, _COUNTERSIGNATURE = "microsoft_time_stamp_token", "counter_signature"
_STORAGE, _ROOT = 1, 5
# A certificate with this purpose is not made to outlive its end by a timestamp.
_NO_LONGER_THAN_ITSELF = "1.3.6.1.4.1.311.10.3.13"


class Digest(Protocol):
    """What hashlib gives."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""

    def digest(self) -> bytes:
        """The digest of all of them."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that fits the file. `signed_at` is the time of a trusted timestamp, None without one."""

    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]
    signed_at: datetime | None


def read_signature(file: Any, roots: Roots) -> Signature | None:
    """The signature of an open compound file of olefile, checked against the file; None if it has none. `roots` decide on timestamps.

    Raises:
        BadSignature, ValueError, TypeError, KeyError: it is damaged, or the file is not what was signed.
        ImportError: the library asn1crypto is not there.
    """
    if not file.exists(SIGNATURE):
        return None
    signed = parse(_content(file, [SIGNATURE]))
    if signed.content_type != _INDIRECT_DATA:
        raise BadSignature("it signs something else than a file")
    algorithm, expected = _signed_digest(signed)
    if _file_digest(file, algorithm) != expected:
        raise BadSignature("the file was changed after it was signed")
    return Signature(signed.signer, signed.others, _signed_at(signed, roots))


def _content(file: Any, path: list[str]) -> bytes:
    with file.openstream(path) as stream:
        content: bytes = stream.read()
    return content


def _signed_digest(signed: Signed) -> tuple[str, bytes]:
    """The name of the hash and the digest that the signature says the file has."""
    info = import_module("asn1crypto.core").Sequence.load(signed.content)[1]
    stated = import_module("asn1crypto.algos").DigestInfo.load(info.dump())
    if stated["digest_algorithm"]["algorithm"].native != signed.digest:
        raise BadSignature("it names two kinds of digest")
    return signed.digest, stated["digest"].native


def _file_digest(file: Any, algorithm: str) -> bytes:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    if file.exists(_EXTENDED):
        described = hashlib.new(algorithm, usedforsecurity=False)
        _describe(file.root, described)
        if described.digest() != _content(file, [_EXTENDED]):
            raise BadSignature("the file was changed after it was signed")
        digest.update(described.digest())
    _hash_storage(file, file.root, [], digest)
    return digest.digest()


def _children(entry: Any) -> Iterator[Any]:
    """Sorted by the bytes of their names; the signature's own streams stand directly in the file only."""
    for kid in sorted(entry.kids, key=lambda kid: bytes(kid.name_utf16)):
        if entry.entry_type != _ROOT or kid.name not in (SIGNATURE, _EXTENDED):
            yield kid


def _hash_storage(file: Any, entry: Any, path: list[str], digest: Digest) -> None:
    for kid in _children(entry):
        if kid.entry_type == _STORAGE:
            _hash_storage(file, kid, [*path, kid.name], digest)
        else:
            digest.update(_content(file, [*path, kid.name]))
    digest.update(_class(entry))


def _describe(entry: Any, digest: Digest) -> None:
    """Name, class or size, flags and times of an entry, and of what is in it."""
    is_root, is_storage = entry.entry_type == _ROOT, entry.entry_type in (_STORAGE, _ROOT)
    digest.update(b"" if is_root else bytes(entry.name_utf16))
    digest.update(_class(entry) if is_storage else entry.size.to_bytes(4, "little"))
    digest.update(entry.dwUserFlags.to_bytes(4, "little"))
    digest.update(b"" if is_root else entry.createTime.to_bytes(8, "little") + entry.modifyTime.to_bytes(8, "little"))
    for kid in _children(entry):
        _describe(kid, digest)


def _class(entry: Any) -> bytes:
    # olefile has an empty text for a class of zeros.
    return UUID(entry.clsid).bytes_le if entry.clsid else bytes(16)


def _signed_at(signed: Signed, roots: Roots) -> datetime | None:
    """The time that a trusted authority testifies; a timestamp that is none counts as no timestamp."""
    try:
        if x509.ObjectIdentifier(_NO_LONGER_THAN_ITSELF) in (extension(signed.signer, x509.ExtendedKeyUsage) or ()):
            return None
        if _TOKEN in signed.unsigned:
            return _token_time(signed, signed.unsigned[_TOKEN][0], roots)
        if _COUNTERSIGNATURE in signed.unsigned:
            signer, time = check_countersignature(signed.unsigned[_COUNTERSIGNATURE][0], signed.others, signed.signature)
            require_chain(signer, signed.others, roots, time, ExtendedKeyUsageOID.TIME_STAMPING)
            return time
    except (BadSignature, Untrusted, ValueError, TypeError, KeyError):
        return None
    return None


def _token_time(signed: Signed, token: Any, roots: Roots) -> datetime:
    """The time in a token of RFC 3161."""
    tsp = import_module("asn1crypto.tsp")
    stamp = check(token)
    info = tsp.TSTInfo.load(stamp.content)
    imprint = info["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if stamp.content_type != "tst_info" or hashlib.new(algorithm, signed.signature, usedforsecurity=False).digest() != imprint["hashed_message"].native:
        raise BadSignature("the timestamp is that of another signature")
    time: datetime = info["gen_time"].native
    require_chain(stamp.signer, stamp.others, roots, time, ExtendedKeyUsageOID.TIME_STAMPING)
    return time
