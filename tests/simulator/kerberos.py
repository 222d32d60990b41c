# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host of a domain knows of Kerberos: the keys of its own service principals, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

# HTTP is what pywinrm asks for, WSMAN what pypsrp does; a Windows computer answers to both (and to HOST).
SERVICES = ("HTTP", "WSMAN", "HOST")


def own_keytab(keytab: Path, realm: str, names: Iterable[str], target: Path) -> Path:
    """Copy the keys of ``SERVICE/name@REALM`` to the keytab file ``target``; without one of these keys there is no such file.

    A ticket for another host is then refused as Windows refuses it: with a key that is not there. Needs the Python library krb5.
    """
    import krb5

    wanted = {f"{service}/{name}@{realm}".casefold() for service in SERVICES for name in names}
    target.unlink(missing_ok=True)
    context = krb5.init_context()
    copy = krb5.kt_resolve(context, f"FILE:{target}".encode())
    for entry in krb5.kt_resolve(context, f"FILE:{keytab}".encode()):
        name = krb5.unparse_name_flags(context, entry.principal).decode()
        if name.casefold() in wanted:
            krb5.kt_add_entry(context, copy, entry.principal, entry.kvno, entry.timestamp, entry.key)
    return target
