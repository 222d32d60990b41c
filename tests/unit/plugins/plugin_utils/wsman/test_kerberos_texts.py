# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the Kerberos libraries say, as a sentence for the reader of a play. The texts are theirs, as recorded."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._session import _kerberos
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._session._kerberos import Kinit, explained

GET = "(get a ticket for this user with kinit, or give ansible_password)"
RENEW = "(get a new ticket with kinit, or give ansible_password)"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "authGSSClientStep() failed: (('Unspecified GSS failure. Minor code may provide more information', 851968), ('Ticket expired', -1765328352))",
            f"Ticket expired {RENEW}",
        ),
        (
            "authGSSClientInit() failed: (('No credentials were supplied, or the credentials were unavailable or inaccessible', 458752),"
            ' ("Can\'t find client principal u@R in cache collection", -1765328243))',
            f"Can't find client principal u@R in cache collection {GET}",
        ),
        (
            "SpnegoError (11): Major (720896): The referenced credential has expired, Minor (100001): Success, Context: Getting GSSAPI credential",
            f"The referenced credential has expired {RENEW}",
        ),
        (
            "SpnegoError (7): Major (458752): No credentials were supplied, Minor (2529639053): Can't find client principal u@R in cache collection,"
            " Context: Getting GSSAPI credential",
            f"Can't find client principal u@R in cache collection {GET}",
        ),
        (
            "SpnegoError (1): SpnegoError (16): Operation not supported or available, Context: No username or password was specified and the"
            " credential cache did not exist or contained no credentials, Context: Unable to negotiate common mechanism",
            f"No username or password was specified and the credential cache did not exist or contained no credentials {GET}",
        ),
        ("Decrypt integrity check failed -1765328353", "Decrypt integrity check failed (the password is not right)"),
        ("Password has expired -1765328361", "Password has expired (this password has to be changed before it can be used)"),
        ("SpnegoError (8): Invalid token, Context: Processing NTLM", "SpnegoError (8): Invalid token, Context: Processing NTLM"),
    ],
)
def test_explained(text: str, sentence: str) -> None:
    """The reason without the libraries' numbers, with advice; what is no text of Kerberos stays as it is."""
    assert explained(text) == sentence


def test_another_password_asks_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A ticket that one password has bought is not given to another one."""
    monkeypatch.setenv("KRB5CCNAME", "before")
    monkeypatch.setattr(_kerberos, "_tickets", {})
    command = tmp_path / "kinit"
    command.write_text(f"#!/bin/sh\nread -r secret\necho $secret >> {tmp_path}/seen\n")
    command.chmod(0o700)
    for password in ("one", "two", "one"):
        _kerberos.Ticket(Kinit("u@R", str(command)), password).close()
    assert (tmp_path / "seen").read_text().split() == ["one", "two"]
