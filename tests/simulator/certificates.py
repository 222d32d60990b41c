# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority made at start, with a certificate per host and per mapped account. One EC key serves all hosts."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

UPN = ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
VALID = timedelta(days=30)


class Authority:
    """The lab's CA. Files are written below ``folder``: ca.pem for clients, and what the servers load."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Simulated lab CA")
        self._host_key = ec.generate_private_key(ec.SECP256R1())
        self.ca_file = folder / "ca.pem"
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = _builder(self._name, self._name, self._key.public_key()).add_extension(constraints, critical=True).add_extension(usage, critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
        self._certificate = builder.sign(self._key, hashes.SHA256())
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, names: Sequence[str], addresses: Sequence[str]) -> tuple[ssl.SSLContext, bytes]:
        """A TLS context for one host, and its certificate (DER) for channel bindings. A client certificate is taken if one is offered."""
        alternatives = [*(x509.DNSName(name) for name in names), *(x509.IPAddress(ip_address(address)) for address in addresses)]
        certificate = self._sign(names[0], self._host_key, alternatives, ExtendedKeyUsageOID.SERVER_AUTH)
        path = self._write(f"host-{names[0]}", certificate, self._host_key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path, path.with_suffix(".key"))
        context.load_verify_locations(self.ca_file)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context, certificate.public_bytes(serialization.Encoding.DER)

    def client(self, account: str) -> tuple[Path, Path]:
        """Certificate and key files of a local account, mapped by the UPN ``account@localhost``."""
        key = ec.generate_private_key(ec.SECP256R1())
        text = f"{account}@localhost".encode()
        upn = x509.OtherName(UPN, b"\x0c" + bytes([len(text)]) + text)
        path = self._write(f"client-{account}", self._sign(account, key, [upn], ExtendedKeyUsageOID.CLIENT_AUTH), key)
        return path, path.with_suffix(".key")

    def _sign(self, name: str, key: ec.EllipticCurvePrivateKey, alternatives: Sequence[x509.GeneralName], purpose: ObjectIdentifier) -> x509.Certificate:
        builder = _builder(_name(name), self._name, key.public_key())
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _write(self, stem: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Path:
        path = self._folder / f"{stem}.pem"
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        secret = path.with_suffix(".key")
        secret.touch(mode=0o600)
        secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return path


def upn_of(certificate: bytes) -> str | None:
    """The user principal name in a client certificate (DER), None if it has none."""
    try:
        names = x509.load_der_x509_certificate(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    values = [other.value for other in names.get_values_for_type(x509.OtherName) if other.type_id == UPN]
    return values[0][2:].decode() if values else None


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key).serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + VALID)
