# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who signed a package: signatures that osslsigncode makes with a throw-away authority, and one that is kept."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import olefile
import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import check_signer, read_package
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package._cms import parse
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package._roots import Ban, Root, Roots
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CODE, TIME = ExtendedKeyUsageOID.CODE_SIGNING, ExtendedKeyUsageOID.TIME_STAMPING
Sign = Callable[..., Path]


class Issuer:
    """An authority with an intermediate one below it, and the certificates that the latter gives out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.now = datetime.now(UTC).replace(microsecond=0)
        ancient, distant = self.now - timedelta(days=9000), self.now + timedelta(days=9000)
        self.root = self._make("Root", "Root", (ancient, distant), authority=True)
        self._between = self._make("Between", "Root", (ancient, distant), authority=True)

    def certificate(
        self,
        name: str,
        days: tuple[int, int] = (-30, 30),
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.CODE_SIGNING,
        extra: x509.ObjectIdentifier | None = None,
    ) -> x509.Certificate:
        """Write `<name>.pem` (with the intermediate) and `key.pem` for someone; `days` from now are when it is valid."""
        limits = (self.now + timedelta(days=days[0]), self.now + timedelta(days=days[1]))
        made = self._make(name, "Between", limits, usages=[usage, *([extra] if extra else [])])
        pem = serialization.Encoding.PEM
        (self.folder / f"{name}.pem").write_bytes(made.public_bytes(pem) + self._between.public_bytes(pem))
        secret = self._key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.folder / "key.pem").write_bytes(secret)
        return made

    def _make(
        self,
        name: str,
        issuer: str,
        limits: tuple[datetime, datetime],
        usages: list[x509.ObjectIdentifier] | None = None,
        *,
        authority: bool = False,
    ) -> x509.Certificate:
        # One key for all: what differs are names and conditions.
        builder = x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name(issuer)).public_key(self._key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(limits[0]).not_valid_after(limits[1])
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        if usages:
            critical = ExtendedKeyUsageOID.TIME_STAMPING in usages
            builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=critical)
        return builder.sign(self._key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{text} Corporation"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


@pytest.fixture(name="issuer", scope="session")
def issuer_fixture(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """One authority for all tests of a worker."""
    return Issuer(tmp_path_factory.mktemp("issuer"))


@pytest.fixture(name="signed")
def signed_fixture(issuer: Issuer, packages: Path, tmp_path: Path) -> Callable[..., Path]:
    """Sign a stand-in with `<name>.pem`; the other arguments are osslsigncode's own. It is a test tool that bindep.txt names."""

    def sign(name: str, *arguments: str) -> Path:
        program = shutil.which("osslsigncode")
        assert program, "osslsigncode signs the packages of these tests; install it (bindep.txt)"
        target = tmp_path / f"{name}-signed.msi"
        target.unlink(missing_ok=True)
        files = ["-in", str(packages / "UACoreSvcSetup-10.7.0.msi"), "-out", str(target)]
        keys = ["-certs", str(issuer.folder / f"{name}.pem"), "-key", str(issuer.folder / "key.pem"), "-h", "sha256"]
        done = subprocess.run([program, "sign", *keys, *arguments, *files], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return target

    return sign


@pytest.fixture(name="roots", scope="session")
def roots_fixture(issuer: Issuer) -> Roots:
    """The throw-away authority in the place of Microsoft's list."""
    return Roots([Root(issuer.root)])


@pytest.mark.parametrize("extended", [(), ("-add-msi-dse",)], ids=["plain", "extended"])
@pytest.mark.parametrize("pin", ["Maker", "MAKER CORPORATION", " maker corporation "])
def test_name_needs_a_trusted_chain(issuer: Issuer, roots: Roots, signed: Sign, pin: str, extended: tuple[str, ...]) -> None:
    """A name pins the signer's common name or organisation, if his chain leads to a trusted authority, and only then."""
    issuer.certificate("Maker")
    package = read_package(signed("Maker", *extended))
    check_signer(package, pin, roots)
    with pytest.raises(BadRequest, match=r"Windows would not trust .*: its authority is not among"):
        check_signer(package, pin)


@pytest.mark.parametrize("kind", [hashes.SHA1(), hashes.SHA256()], ids=["sha1", "sha256"])
def test_thumbprint_needs_nobody_to_vouch(issuer: Issuer, signed: Sign, kind: hashes.HashAlgorithm) -> None:
    """A thumbprint pins the certificate itself, however it is written; an unknown authority does not matter."""
    digits = issuer.certificate("Maker").fingerprint(kind).hex()
    package = read_package(signed("Maker"))
    for pin in (digits, digits.upper(), ":".join(digits[place : place + 2] for place in range(0, len(digits), 2)), f"\u200e{digits[:8]} {digits[8:]}"):
        check_signer(package, pin)
    with pytest.raises(BadRequest, match=r"is signed by Maker, Maker Corporation \(thumbprint [0-9a-f]{64}\), not by"):
        check_signer(package, digits[:-1] + ("0" if digits[-1] != "0" else "1"))


def test_other_signers_are_named(issuer: Issuer, roots: Roots, signed: Sign) -> None:
    """A package of somebody else is refused with his name; part of a name is not the name."""
    issuer.certificate("Maker")
    package = read_package(signed("Maker"))
    for pin in ("Netwrix Corporation", "Make", "Root"):
        with pytest.raises(BadRequest, match=f"signed by Maker, Maker Corporation .* not by {pin}"):
            check_signer(package, pin, roots)
    with pytest.raises(BadRequest, match="is empty"):
        check_signer(package, "  ", roots)


def test_unsigned_packages_are_refused(packages: Path) -> None:
    """Without a signature there is no signer."""
    with pytest.raises(BadRequest, match="is not signed"):
        check_signer(read_package(packages / "UACoreSvcSetup-10.7.0.msi"), "Netwrix Corporation")


@pytest.mark.parametrize("extended", [(), ("-add-msi-dse",)], ids=["plain", "extended"])
def test_every_changed_byte_counts(issuer: Issuer, roots: Roots, signed: Sign, tmp_path: Path, extended: tuple[str, ...]) -> None:
    """A changed cabinet does not have the signature any more, and what the extended signature covers neither."""
    issuer.certificate("Maker")
    source = signed("Maker", *extended)
    content = bytearray(source.read_bytes())
    name = next(iter(_streams(source)))
    place = content.index(name.encode("utf-16-le"))
    # 108 bytes after its name an entry has the time of its last change, which only the extended signature covers.
    content[place + 108] ^= 1
    (tmp_path / "time.msi").write_bytes(content)
    package = read_package(tmp_path / "time.msi")
    if not extended:
        check_signer(package, "Maker", roots)
        return
    with pytest.raises(BadRequest, match="was changed after it was signed"):
        check_signer(package, "Maker", roots)


def _streams(path: Path) -> list[str]:
    with olefile.OleFileIO(str(path)) as file:
        return [entry.name for entry in file.direntries if entry and entry.entry_type == olefile.STGTY_STREAM and entry.name[0] != "\x05"]


def test_damaged_signatures_are_refused(issuer: Issuer, signed: Sign, tmp_path: Path) -> None:
    """A package does not pass with one bit changed in the digest, in what is signed about it, in the signature or in the certificate."""
    certificate = issuer.certificate("Maker")
    content = signed("Maker").read_bytes()
    with olefile.OleFileIO(content) as file:
        signature = file.openstream(["\x05DigitalSignature"]).read()
    parsed = parse(signature)
    parts = [parsed.content[-32:], parsed.signature, certificate.tbs_certificate_bytes, certificate.signature]
    places = [content.index(part) + offset for part in parts for offset in range(8, len(part), 37)]
    for place in places:
        broken = bytearray(content)
        broken[place] ^= 0x04
        path = tmp_path / f"broken-{place}.msi"
        path.write_bytes(broken)
        with pytest.raises(BadRequest, match=r"damaged signature|not by"):
            check_signer(read_package(path), certificate.fingerprint(hashes.SHA256()).hex())
        path.unlink()


def test_expired_certificates_need_a_timestamp(issuer: Issuer, roots: Roots, signed: Sign) -> None:
    """After the certificate's end only a trusted timestamp shows that the signature is older; a name and a thumbprint are alike there."""
    made = issuer.certificate("Expired", days=(-400, -40))
    issuer.certificate("Clock", days=(-800, 800), usage=TIME)
    package = read_package(signed("Expired"))
    for pin in ("Expired", made.fingerprint(hashes.SHA1()).hex()):
        with pytest.raises(BadRequest, match=r"ended on \d{4}-\d\d-\d\d, and no trusted timestamp"):
            check_signer(package, pin, roots)
    stamped = read_package(signed("Expired", *_clock(issuer, timedelta(days=-100))))
    for pin in ("Expired", made.fingerprint(hashes.SHA1()).hex()):
        check_signer(stamped, pin, roots)
    with pytest.raises(BadRequest, match="no trusted timestamp"):
        check_signer(stamped, made.fingerprint(hashes.SHA1()).hex())


def test_timestamps_after_the_end_do_not_help(issuer: Issuer, roots: Roots, signed: Sign) -> None:
    """A signature that was made, or is said to have been made, outside of the certificate's time is refused."""
    issuer.certificate("Expired", days=(-400, -40))
    issuer.certificate("Clock", days=(-800, 800), usage=TIME)
    with pytest.raises(BadRequest, match="ended on"):
        check_signer(read_package(signed("Expired", *_clock(issuer, timedelta(days=-20)))), "Expired", roots)
    with pytest.raises(BadRequest, match="begins on"):
        check_signer(read_package(signed("Expired", *_clock(issuer, timedelta(days=-500)))), "Expired", roots)


def test_clocks_need_an_authority_for_timestamps(issuer: Issuer, signed: Sign) -> None:
    """An authority that Windows trusts for code alone vouches for no time."""
    issuer.certificate("Expired", days=(-400, -40))
    issuer.certificate("Clock", days=(-800, 800), usage=TIME)
    package = read_package(signed("Expired", *_clock(issuer, timedelta(days=-100))))
    with pytest.raises(BadRequest, match="no trusted timestamp"):
        check_signer(package, "Expired", Roots([Root(issuer.root, frozenset({CODE.dotted_string}))]))


def test_lifetime_signing_ends_with_the_certificate(issuer: Issuer, roots: Roots, signed: Sign) -> None:
    """A certificate with Microsoft's purpose "lifetime signing" is not outlived by its signatures."""
    issuer.certificate("Expired", days=(-400, -40), extra=x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.13"))
    issuer.certificate("Clock", days=(-800, 800), usage=TIME)
    with pytest.raises(BadRequest, match="no trusted timestamp"):
        check_signer(read_package(signed("Expired", *_clock(issuer, timedelta(days=-100)))), "Expired", roots)


def _clock(issuer: Issuer, past: timedelta) -> tuple[str, ...]:
    time = str(int((issuer.now + past).timestamp()))
    return ("-TSA-certs", str(issuer.folder / "Clock.pem"), "-TSA-key", str(issuer.folder / "key.pem"), "-TSA-time", time)


def test_certificates_for_something_else_sign_no_code(issuer: Issuer, roots: Roots, signed: Sign) -> None:
    """A trusted authority's certificate for a web server vouches for no package."""
    issuer.certificate("Server", usage=ExtendedKeyUsageOID.SERVER_AUTH)
    with pytest.raises(BadRequest, match="made for something else"):
        check_signer(read_package(signed("Server")), "Server", roots)


def test_conditions_of_the_trust_list_count(issuer: Issuer, signed: Sign) -> None:
    """An authority that Microsoft closed for the certificate's time, or keeps for other purposes, vouches for nothing."""
    issuer.certificate("Maker", days=(-30, 30))
    package = read_package(signed("Maker"))
    past, future = issuer.now - timedelta(days=31), issuer.now + timedelta(days=31)
    code = frozenset({CODE.dotted_string})
    other = frozenset({TIME.dotted_string})
    for root in (
        Root(issuer.root, other),
        Root(issuer.root, closed=Ban(past, None)),
        Root(issuer.root, closed=Ban(past, code)),
        Root(issuer.root, disallowed=Ban(issuer.now, None)),
        Root(issuer.root, disallowed=Ban(None, None)),
    ):
        with pytest.raises(BadRequest, match="Windows does not trust its authority for this"):
            check_signer(package, "Maker", Roots([root]))
    for root in (
        Root(issuer.root, code),
        Root(issuer.root, closed=Ban(past, other)),
        Root(issuer.root, closed=Ban(future, None), disallowed=Ban(future, code)),
    ):
        check_signer(package, "Maker", Roots([root]))
