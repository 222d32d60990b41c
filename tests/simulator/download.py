# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Downloads of simulated hosts: real HTTP, from this computer's loopback and nowhere else."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from .windows import Windows
from .windows.network import DownloadError

SECONDS = 10.0


def fetched(url: str, resolve: Callable[[str], Windows | None], ca_file: Path | None) -> bytes:
    """GET the URL; a fleet's host names stand for their addresses. Raises DownloadError.

    An https server must show a certificate of ``ca_file``; without that file none is good enough.
    """
    parts = urlsplit(url)
    name = parts.hostname or ""
    host = resolve(name)
    address = host.address if host else name
    if parts.scheme not in ("http", "https") or not (address == "localhost" or address.startswith("127.")):
        raise DownloadError("unknown")
    port = f":{parts.port}" if parts.port else ""
    context = ssl.create_default_context(cadata=None if ca_file else "", cafile=str(ca_file) if ca_file else None)
    # No proxy, whatever the environment says: nothing may leave this computer.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(parts._replace(netloc=f"{address}{port}").geturl(), headers={"Host": f"{name}{port}"})
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError as exc:
        raise DownloadError("status", exc.code) from exc
    except urllib.error.URLError as exc:
        raise _failure(exc.reason) from exc
    except TimeoutError as exc:
        raise DownloadError("timeout") from exc


def _failure(reason: object) -> DownloadError:
    if isinstance(reason, ssl.SSLError):
        return DownloadError("certificate")
    return DownloadError("timeout" if isinstance(reason, TimeoutError) else "refused")
