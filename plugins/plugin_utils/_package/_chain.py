# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a certificate to an authority that Windows trusts (RFC 5280, the part that code signing needs).

Whatever is not understood is refused. Revocation is not asked for: that would take a connection to each authority.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from ._cms import unreadable
from ._roots import Root, Roots, Untrusted

with suppress(ImportError):
    # check_signer says so if it is not there.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

_LONGEST = 6
ExtensionT = TypeVar("ExtensionT", bound="x509.ExtensionType")


def require_chain(leaf: x509.Certificate, others: Sequence[x509.Certificate], roots: Roots, moment: datetime, usage: x509.ObjectIdentifier) -> None:
    """Make sure that a chain leads from `leaf` over some of `others` to a root, all of them valid at `moment` and made for `usage`.

    Raises:
        Untrusted: there is none.
    """
    _require_purpose(leaf, moment, usage)
    problem = "its authority is not among those that Windows trusts"
    for chain, root in _chains([leaf], others, roots):
        try:
            _require_links(chain, moment, usage)
            root.require(chain[0], moment, usage)
        except Untrusted as error:
            problem = str(error)
        else:
            return
    raise Untrusted(problem)


def _chains(start: list[x509.Certificate], others: Sequence[x509.Certificate], roots: Roots) -> Iterator[tuple[list[x509.Certificate], Root]]:
    """Every row of certificates from the first one to a root of which each is signed by the next."""
    last = start[-1]
    for root in roots.named(last.issuer):
        if _signed_by(last, root.certificate):
            yield [*start, root.certificate], root
    if len(start) < _LONGEST:
        for issuer in others:
            if issuer not in start and issuer.subject == last.issuer and _signed_by(last, issuer):
                yield from _chains([*start, issuer], others, roots)


def _signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except unreadable():
        return False
    return True


def _require_purpose(leaf: x509.Certificate, moment: datetime, usage: x509.ObjectIdentifier) -> None:
    _require_sound(leaf, moment)
    purposes = extension(leaf, x509.ExtendedKeyUsage)
    if purposes is None or usage not in purposes:
        raise Untrusted("its certificate is made for something else")
    keys = extension(leaf, x509.KeyUsage)
    if keys is not None and not keys.digital_signature:
        raise Untrusted("its certificate is not made for signatures")


def _require_links(chain: Sequence[x509.Certificate], moment: datetime, usage: x509.ObjectIdentifier) -> None:
    for below, issuer in enumerate(chain[1:]):
        _require_sound(issuer, moment)
        constraints = extension(issuer, x509.BasicConstraints)
        if constraints is None or not constraints.ca or (constraints.path_length is not None and constraints.path_length < below):
            raise Untrusted("a certificate above it is none of an authority")
        keys = extension(issuer, x509.KeyUsage)
        if keys is not None and not keys.key_cert_sign:
            raise Untrusted("a certificate above it may not sign others")
        purposes = extension(issuer, x509.ExtendedKeyUsage)
        if purposes is not None and usage not in purposes and ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE not in purposes:
            raise Untrusted("a certificate above it is made for something else")
    if any(isinstance(certificate.signature_hash_algorithm, (hashes.MD5, hashes.SHA1)) for certificate in chain[:-1]):
        raise Untrusted("a certificate is signed with MD5 or SHA-1")


def _understood() -> set[x509.ObjectIdentifier]:
    """Critical extensions that are looked at here, or that say nothing about what is asked here."""
    return {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }


def _require_sound(certificate: x509.Certificate, moment: datetime) -> None:
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        raise Untrusted(f"a certificate is valid from {certificate.not_valid_before_utc:%Y-%m-%d} to {certificate.not_valid_after_utc:%Y-%m-%d} only")
    try:
        unknown = any(condition.critical and condition.oid not in _understood() for condition in certificate.extensions)
    except unreadable():
        unknown = True
    if unknown:
        raise Untrusted("a certificate has conditions that are not understood here")


def extension(certificate: x509.Certificate, kind: type[ExtensionT]) -> ExtensionT | None:
    """An extension of a certificate, None if it has none of that kind.

    Raises:
        Untrusted: the extensions can't be read.
    """
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
    except unreadable():
        raise Untrusted("a certificate has conditions that are not understood here") from None
