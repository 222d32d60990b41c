# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kerberos tickets, obtained as Ansible's winrm plugin does in its managed mode: kinit, a private ticket cache."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .._errors import Unauthorized

KINIT_SECONDS = 60
"""A KDC that does not answer would otherwise hold the play for minutes."""


@dataclass(frozen=True)
class Kinit:
    """How to get a ticket. arguments is the user's own string, None for none."""

    principal: str
    command: str = "kinit"
    arguments: str | None = None
    delegation: bool = False
    environment: tuple[str, ...] = ()

    @property
    def command_line(self) -> list[str]:
        """The words of the command; the user's arguments replace the -f of delegation, as in the plugin."""
        words = shlex.split(self.arguments) if self.arguments else ["-f"] if self.delegation else []
        return [self.command, *words, self.principal]


# Ticket caches by principal and password, for the life of the process: a loop over many tasks asks the KDC once.
_tickets: dict[tuple[Kinit, str], bytes] = {}

# How the three libraries put the reason: pykerberos in pairs of text and code, pyspnego after Major and Minor, krb5 before a code.
_PAIRS = re.compile(r"""(?:'([^']*)'|"([^"]*)"), -?\d+\)""")
_MAJOR_MINOR = re.compile(r"Major \(\d+\): (.*?), Minor \(\d+\): (.*?)(?:, Context: .*)?$")
_NOTHING = re.compile(r"Context: (No username or password was specified[^,]*)")
_CODE = re.compile(r"^(.*\S) -\d+$")

# What to do, by what MIT's library says.
_ADVICE = {
    r"Password has expired|Cannot read password": "this password has to be changed before it can be used",
    r"revoked|entry in database has expired": "the account is disabled, locked or over",
    r"Ticket expired|credential has expired": "get a new ticket with kinit, or give ansible_password",
    r"in cache collection|credential cache|No Kerberos credentials|No credentials cache": "get a ticket for this user with kinit, or give ansible_password",
    r"Server \S+ not found": "ansible_host, or the hostname override of the connection, must be the name in the host's service principal",
    r"Client \S+ not found|Cannot find KDC": "give ansible_user as name@REALM, with the realm in capitals",
    r"Cannot contact any KDC": "check that a domain controller can be reached from here",
    r"Clock skew": "set the clock of the controller by the domain's",
    r"Decrypt integrity|Preauthentication failed": "the password is not right",
}


class Ticket:
    """A private ticket cache for one session, to which KRB5CCNAME of this process points until it is closed.

    Close it with the session: Ansible ends its workers without tidying up, and the file would stay.
    """

    def __init__(self, kinit: Kinit, password: str) -> None:
        """Ask the KDC, or take what it gave to an earlier session. Raises Unauthorized."""
        self._key = (kinit, password)
        self._file = tempfile.NamedTemporaryFile(prefix="krb5cc_")  # noqa: SIM115  # close() ends it
        self._name = f"FILE:{self._file.name}"
        try:
            self._fill()
        except Unauthorized:
            self._file.close()
            raise
        self._before = os.environ.get("KRB5CCNAME")
        os.environ["KRB5CCNAME"] = self._name

    def close(self) -> None:
        """Keep the tickets in memory, with those for hosts that came in meanwhile, and remove the file."""
        _tickets[self._key] = Path(self._file.name).read_bytes()
        self._file.close()
        if os.environ.get("KRB5CCNAME") == self._name:
            if self._before is None:
                del os.environ["KRB5CCNAME"]
            else:
                os.environ["KRB5CCNAME"] = self._before

    def _fill(self) -> None:
        kinit, password = self._key
        if self._key in _tickets:
            self._file.write(_tickets[self._key])
            self._file.flush()
        else:
            # The password goes through stdin, never to the command line.
            _run(kinit, password, self._name)
            _tickets[self._key] = Path(self._file.name).read_bytes()


def _run(kinit: Kinit, password: str, cache: str) -> None:
    environment = {name: os.environ[name] for name in ("PATH", *kinit.environment) if name in os.environ}
    environment["KRB5CCNAME"] = cache
    try:
        # A session of its own has no terminal that kinit could ask for the password.
        # The command is the play's own setting, as in the plugin; no shell sees it.
        done = subprocess.run(  # noqa: S603
            kinit.command_line,
            input=password.encode("utf-8", "surrogateescape") + b"\n",
            capture_output=True,
            env=environment,
            start_new_session=True,
            timeout=KINIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unauthorized(f"no Kerberos ticket for {kinit.principal}: {kinit.command} cannot be run or does not end") from error
    if done.returncode:
        raise Unauthorized(f"no Kerberos ticket for {kinit.principal}: {explained(_without(done.stderr, password))}")


def _without(output: bytes, password: str) -> str:
    text = " ".join(output.decode(errors="replace").split())
    return text.replace(password, "********") if password else text


def explained(text: str) -> str:
    """Return the reason in a Kerberos library's words, and what to do about it if that is known; other texts as they are."""
    reason = _reason(text)
    advice = next((advice for pattern, advice in _ADVICE.items() if re.search(pattern, reason)), None)
    return f"{reason} ({advice})" if advice else reason


def _reason(text: str) -> str:
    if pairs := _PAIRS.findall(text):
        return next(filter(None, pairs[-1]), text)
    if found := _MAJOR_MINOR.search(text):
        major, minor = found.groups()
        return str(major if minor == "Success" else minor)
    if found := _NOTHING.search(text):
        return str(found.group(1))
    return _CODE.sub(r"\1", text)


def environment_names(value: object) -> tuple[str, ...]:
    """Return the names of the kinit_env_vars option; the ticket cache cannot be among them."""
    names = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return tuple(str(name) for name in names if name != "KRB5CCNAME")
