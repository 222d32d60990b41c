# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed messages (CMS, RFC 5652, and the older PKCS #7 that Authenticode uses): is the signature that of the certificate?

Whether the certificate is one to trust is asked elsewhere. Whatever is wrong with a message comes out as `BadSignature`, `ValueError`,
`TypeError` or `KeyError`: the last three are what the parser has for bytes that are no such message.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

with suppress(ImportError):
    # check_signer says so if it is not there.
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

# SHA-1 is that of old signatures: nobody can make another file with the digest of one that exists.
_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME = "content_type", "message_digest", "signing_time"
_SET_OF = b"\x31"


def unreadable() -> tuple[type[Exception], ...]:
    """What cryptography raises for a certificate that is against the rules, or has something that it does not know."""
    return (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, UnsupportedAlgorithm, InvalidSignature)


def _digests() -> dict[str, hashes.HashAlgorithm]:
    return {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}  # noqa: S303


class BadSignature(Exception):
    """The signature is not that of its certificate, or not over this content."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A message whose signature fits: `content` is DER, `content_type` a dotted number or the parser's name, `digest` the name of its hash."""

    content: bytes
    content_type: str
    digest: str
    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]
    signature: bytes
    unsigned: dict[str, Any]


def parse(data: bytes) -> Signed:
    """A message in DER, its signature checked.

    Raises:
        BadSignature: it does not fit.
        ImportError: the library asn1crypto is not there.
    """
    return check(import_module("asn1crypto.cms").ContentInfo.load(data))


def check(message: Any) -> Signed:
    """The same for a message that has been parsed already."""
    signed = message["content"]
    if message["content_type"].native != "signed_data" or len(signed["signer_infos"]) != 1:
        raise BadSignature("it has not exactly one signer")
    certificates = _certificates(signed)
    inner, info = signed["encap_content_info"], signed["signer_infos"][0]
    content, kind = inner["content"], inner["content_type"].native
    # CMS has its content in an octet string. PKCS #7 has it as it is, and then its outermost tag and length are not signed.
    wrapped = isinstance(content, import_module("asn1crypto.core").ParsableOctetString)
    signer, _time = _check_info(info, certificates, bytes(content) if wrapped else content.parsed.contents, kind)
    return Signed(
        content=bytes(content) if wrapped else content.parsed.untag().dump(),
        content_type=kind,
        digest=info["digest_algorithm"]["algorithm"].native,
        signer=signer,
        others=tuple(certificates),
        signature=info["signature"].native,
        unsigned=_attributes(info["unsigned_attrs"]),
    )


def check_countersignature(info: Any, certificates: Sequence[x509.Certificate], signature: bytes) -> tuple[x509.Certificate, datetime]:
    """Who signed another signature, and when by his own account (the attribute signingTime of PKCS #9).

    Raises:
        BadSignature: it does not fit, or has no time.
    """
    signer, time = _check_info(info, certificates, signature, None)
    if time is None:
        raise BadSignature("it has no time")
    return signer, time


def _certificates(signed: Any) -> list[x509.Certificate]:
    """Those that cryptography can read; a broken one among them helps nobody and harms nobody."""
    found = []
    for choice in signed["certificates"]:
        try:
            certificate = x509.load_der_x509_certificate(choice.chosen.dump())
            # These are parsed when they are asked for, and nobody wants to be surprised later.
            _readable = certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key()
        except unreadable():
            continue
        found.append(certificate)
    return found


def _attributes(attributes: Any) -> dict[str, Any]:
    return {attribute["type"].native: attribute["values"] for attribute in attributes} if attributes else {}


def _check_info(info: Any, certificates: Sequence[x509.Certificate], content: bytes, kind: str | None) -> tuple[x509.Certificate, datetime | None]:
    name = info["digest_algorithm"]["algorithm"].native
    if name not in _digests():
        raise BadSignature(f"it uses {name}")
    attributes = _attributes(info["signed_attrs"])
    if attributes[_MESSAGE_DIGEST][0].native != hashlib.new(name, content, usedforsecurity=False).digest():
        raise BadSignature("its content is another one")
    if kind is not None and attributes[_CONTENT_TYPE][0].native != kind:
        raise BadSignature("its content is of another type")
    signer = _signer(info["sid"].chosen, certificates)
    # What is signed is the set as such, not with the tag that it has within the message.
    _verify(signer, info["signature"].native, _SET_OF + info["signed_attrs"].dump()[1:], _digests()[name])
    time = attributes[_SIGNING_TIME][0].native if _SIGNING_TIME in attributes else None
    return signer, time


def _signer(identifier: Any, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    issuer, number = identifier["issuer"].dump(), identifier["serial_number"].native
    for certificate in certificates:
        if certificate.serial_number == number and certificate.issuer.public_bytes() == issuer:
            return certificate
    raise BadSignature("the signer's certificate is not in it")


def _verify(signer: x509.Certificate, signature: bytes, content: bytes, digest: hashes.HashAlgorithm) -> None:
    key = signer.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(digest))
        else:
            raise BadSignature("its kind of key is unknown")
    except (InvalidSignature, UnsupportedAlgorithm):
        raise BadSignature("it is not made with the certificate's key") from None
