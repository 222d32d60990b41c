# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kerberos tickets, obtained as Ansible's winrm plugin does in its managed mode: kinit, a private ticket cache."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

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


# One ticket per principal for the life of the process: a loop over many tasks asks the KDC once.
_caches: dict[Kinit, IO[bytes]] = {}


def log_in(kinit: Kinit, password: str) -> None:
    """Get a ticket and point KRB5CCNAME of this process to it, where the Kerberos library looks.

    The password goes through stdin, never to the command line. Raises Unauthorized.
    """
    if kinit not in _caches:
        cache = tempfile.NamedTemporaryFile(prefix="krb5cc_")  # noqa: SIM115  # lives as long as the process
        _run(kinit, password, f"FILE:{cache.name}")
        _caches[kinit] = cache
    os.environ["KRB5CCNAME"] = f"FILE:{_caches[kinit].name}"


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
        raise Unauthorized(f"no Kerberos ticket for {kinit.principal}: {_without(done.stderr, password)}")


def _without(output: bytes, password: str) -> str:
    text = " ".join(output.decode(errors="replace").split())
    return text.replace(password, "********") if password else text


def environment_names(value: object) -> tuple[str, ...]:
    """Return the names of the kinit_env_vars option; the ticket cache cannot be among them."""
    names = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return tuple(str(name) for name in names if name != "KRB5CCNAME")
