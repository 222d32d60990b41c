# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kerberos realm for the tests: MIT's KDC with its own configuration and database in a folder, on loopback only.

It needs the programs of Debian's krb5-kdc, krb5-admin-server and krb5-user. Nothing outside of the folder is read or written.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS = 20.0
# Where Debian keeps them; /usr/sbin is not in every user's PATH.
PROGRAM_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])

KRB5_CONF = """\
[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  qualify_shortname = ""
  udp_preference_limit = 1
[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}
[domain_realm]
  .{domain} = {realm}
"""
KDC_CONF = """\
[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = 127.0.0.1:{port}
[realms]
  {realm} = {{
    database_name = {folder}/principal
    key_stash_file = {folder}/stash
    acl_file = {folder}/kadm5.acl
    supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
  }}
[logging]
  kdc = FILE:{folder}/kdc.log
"""


@dataclass(frozen=True)
class Realm:
    """A realm in operation. ``environment`` leads programs and libraries to it; ``keytab`` has the keys of the services."""

    name: str
    folder: Path
    environment: Mapping[str, str]

    @property
    def keytab(self) -> Path:
        """The keys of all service principals."""
        return self.folder / "services.keytab"

    def ticket(self, user: str, password: str, *arguments: str) -> Path:
        """A new ticket cache with a ticket of this user; kinit's own ``arguments`` come before the name."""
        cache = self.folder / f"cache-{time.monotonic_ns()}"
        command = [program("kinit"), "-c", f"FILE:{cache}", *arguments, f"{user}@{self.name}"]
        subprocess.run(command, input=password + "\n", env={**os.environ, **self.environment}, text=True, capture_output=True, check=True, timeout=SECONDS)
        return cache


def program(name: str) -> str:
    """The path of one of Kerberos' programs; raises FileNotFoundError that says what to install."""
    found = shutil.which(name, path=PROGRAM_PATH)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed: apt-get install krb5-kdc krb5-admin-server krb5-user")
    return found


@contextmanager
def realm(folder: Path, domain: str, users: Mapping[str, str], services: Sequence[str]) -> Iterator[Realm]:
    """Run a KDC for the realm of ``domain`` with ``users`` (password by name) and ``services`` (HTTP/host.domain); it ends with the context."""
    port = _free_port()
    environment = {"KRB5_CONFIG": f"{folder}/krb5.conf", "KRB5_KDC_PROFILE": f"{folder}/kdc.conf", "KRB5RCACHENAME": f"file2:{folder}/replays"}
    made = Realm(domain.upper(), folder, environment)
    for name, text in (("krb5.conf", KRB5_CONF), ("kdc.conf", KDC_CONF)):
        (folder / name).write_text(text.format(realm=made.name, domain=domain, port=port, folder=folder), encoding="utf-8")
    _fill(made, users, services)
    command = [program("krb5kdc"), "-n", "-r", made.name, "-P", str(folder / "kdc.pid")]
    with subprocess.Popen(command, env={**os.environ, **made.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(process, port)
            yield made
        finally:
            process.terminate()


def _fill(made: Realm, users: Mapping[str, str], services: Sequence[str]) -> None:
    _run(made, "kdb5_util", "-r", made.name, "-P", "Lab-Master-Key", "create", "-s")
    lines = [f'addprinc -pw "{password}" {name}' for name, password in users.items()]
    for service in services:
        lines += [f"addprinc -randkey {service}", f"ktadd -k {made.keytab} {service}"]
    _run(made, "kadmin.local", "-r", made.name, text="\n".join([*lines, "quit", ""]))


def _run(made: Realm, name: str, *arguments: str, text: str = "") -> None:
    environment = {**os.environ, **made.environment}
    subprocess.run([program(name), *arguments], input=text, env=environment, text=True, capture_output=True, check=True, timeout=SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until the KDC listens."""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the KDC does not listen on port {port}: see kdc.log in its folder")
