# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions over TLS on loopback: validation, client certificates, shared contexts."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import CertificateRejected, ConnectionFailed, Transport, load_tls
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._session import _tls
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SOAP = b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>'
Maker = Callable[..., Transport]


def write_certificate(folder: Path, name: str, issuer: tuple[x509.Certificate, Any] | None = None) -> tuple[x509.Certificate, Any]:
    """Write name.pem and name.key: a CA without an issuer, else a server certificate for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, signer_key = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    )
    if issuer is None:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    certificate = builder.sign(signer_key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(pem))
    (folder / f"{name}.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return certificate, key


@pytest.fixture(name="certificates", scope="module")
def certificates_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a CA, a certificate of the host and one of a client."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = write_certificate(folder, "ca")
    write_certificate(folder, "host", authority)
    write_certificate(folder, "client", authority)
    return folder


@pytest.fixture(name="secure")
def secure_fixture(server: Any, certificates: Path) -> Any:
    """The server behind TLS; a client certificate is taken if it is offered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "host.pem", certificates / "host.key")
    context.load_verify_locations(certificates / "ca.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def https(make: Maker, port: int, ca: str | None = None, *, ignore: bool = False) -> Transport:
    if make.__name__ == "psrp_session":
        return make(port, protocol="https", ca_cert=ca, cert_validation="ignore" if ignore else "validate")
    extras: dict[str, object] = {"ansible_winrm_proxy": None, "ansible_winrm_server_cert_validation": "ignore" if ignore else "validate"}
    return make(port, scheme="https", _extras={**extras, **({"ansible_winrm_ca_trust_path": ca} if ca else {})})


def test_a_trusted_certificate(secure: Any, make: Maker, certificates: Path) -> None:
    """With the CA's file the host is trusted."""
    transport = https(make, secure.port, str(certificates / "ca.pem"))
    assert transport.send(b"<m/>") == transport.send(b"<m/>") == SOAP
    transport.close()


def test_an_unknown_certificate(secure: Any, make: Maker) -> None:
    """Without it the host is refused, with what to do."""
    with pytest.raises(CertificateRejected, match=r"is not trusted here: [^(]+\. Give the CA's file \(ansible_winrm_ca_trust_path"):
        https(make, secure.port).send(b"<m/>")


def test_validation_switched_off(secure: Any, make: Maker) -> None:
    """The play may switch the validation off."""
    assert https(make, secure.port, ignore=True).send(b"<m/>") == SOAP


def test_settings_of_one_connection_stay_with_it(secure: Any, make: Maker) -> None:
    """A connection without validation does not change the shared context of one with it."""
    assert https(make, secure.port, ignore=True).send(b"<m/>") == SOAP
    with pytest.raises(CertificateRejected):
        https(make, secure.port).send(b"<m/>")


def test_a_name_that_is_not_in_the_certificate(secure: Any, winrm: Maker, certificates: Path) -> None:
    """The host's name is checked with the shared context, too."""
    extras = {"ansible_winrm_proxy": None, "ansible_winrm_ca_trust_path": str(certificates / "ca.pem")}
    with pytest.raises(CertificateRejected):
        winrm(secure.port, remote_addr="localhost", scheme="https", _extras=extras).send(b"<m/>")


def test_a_port_without_tls(server: Any, make: Maker) -> None:
    """HTTPS to an HTTP port is a TLS problem, not one of the certificate."""
    with pytest.raises(ConnectionFailed, match="no TLS connection") as caught:
        https(make, server.port).send(b"<m/>")
    assert not isinstance(caught.value, CertificateRejected)


def test_a_ca_file_that_is_not_there(secure: Any, make: Maker) -> None:
    """A wrong path is named."""
    with pytest.raises(ConnectionFailed, match=r"/nonexistent/ca\.pem"):
        https(make, secure.port, "/nonexistent/ca.pem").send(b"<m/>")


def test_client_certificate(secure: Any, winrm: Maker, psrp: Maker, certificates: Path) -> None:
    """Certificate authentication shows the client's certificate, over either library."""
    seen: list[str] = []

    def answer(handler: Any) -> None:
        connection = handler.connection
        assert isinstance(connection, ssl.SSLSocket)
        seen.append(str(connection.getpeercert()))
        handler.reply(200, SOAP)

    secure.answer = answer
    pem, key, ca = (str(certificates / name) for name in ("client.pem", "client.key", "ca.pem"))
    extras = {"ansible_winrm_proxy": None, "ansible_winrm_cert_pem": pem, "ansible_winrm_cert_key_pem": key, "ansible_winrm_ca_trust_path": ca}
    winrm(secure.port, scheme="https", transport=["certificate"], _extras=extras).send(b"<m/>")
    psrp(secure.port, protocol="https", auth="certificate", certificate_pem=pem, certificate_key_pem=key, ca_cert=ca).send(b"<m/>")
    assert len(seen) == 2 and all("client" in one for one in seen)


def test_contexts_validate_unless_told_otherwise(certificates: Path) -> None:
    """A shared context asks for a trusted certificate with the right name, whatever the library adds later."""
    for verify in (True, str(certificates / "ca.pem"), str(certificates)):
        context = _tls.shared_context(verify, None)
        assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
    assert _tls.shared_context(False, None).verify_mode == ssl.CERT_NONE


@pytest.mark.parametrize("named", [True, False])
def test_the_default_store_is_loaded_once(secure: Any, winrm: Maker, certificates: Path, monkeypatch: pytest.MonkeyPatch, named: bool) -> None:
    """What load_tls loads before a process forks is what a connection without CA settings uses afterwards."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    if named:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "ca.pem"))
    _tls.shared_context.cache_clear()
    load_tls()
    before = _tls.shared_context.cache_info().misses
    transport = https(winrm, secure.port)
    if named:
        assert transport.send(b"<m/>") == SOAP
    else:
        with pytest.raises(CertificateRejected):
            transport.send(b"<m/>")
    assert _tls.shared_context.cache_info().misses == before


def test_the_context_is_shared(secure: Any, winrm: Maker, certificates: Path) -> None:
    """Many connections with the same settings load the CA store once."""
    before = _tls.shared_context.cache_info().misses
    ca = str(certificates / "ca.pem")
    for _attempt in range(3):
        transport = https(winrm, secure.port, ca)
        transport.send(b"<m/>")
        transport.close()
    assert _tls.shared_context.cache_info().misses - before <= 1
