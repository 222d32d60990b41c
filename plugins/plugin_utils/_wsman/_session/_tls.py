# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS contexts shared by all connections of a process, and answers read to a limit.

Loading the CA store costs 20 ms for each new SSLContext, which is most of the price of an HTTPS connection.
Both parts use documented extension points of requests: HTTPAdapter.build_connection_pool_key_attributes, and response hooks.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ._base import too_large

try:
    import requests.adapters
    import requests.certs
    from urllib3.util import create_urllib3_context
except ImportError:
    # transport_from says it in a sentence before anything here is called.
    HAVE_ADAPTER = False
else:
    # Younger than requests 2.32 only: older ones would open the connection without the context.
    HAVE_ADAPTER = hasattr(requests.adapters.HTTPAdapter, "build_connection_pool_key_attributes")

Verify = bool | str
"""True: the CA bundle of requests; a path: this file or directory; False: no validation."""
ClientCertificate = tuple[str, str] | None
"""Paths of certificate and key."""


@functools.lru_cache(maxsize=32)
def shared_context(verify: Verify, certificate: ClientCertificate) -> ssl.SSLContext:
    """Return the process' one context for these settings. Raises OSError for a file that is missing or no certificate.

    Called once before a process forks (see load_tls), it is there for every child.
    """
    context = create_urllib3_context(cert_reqs=ssl.CERT_NONE if verify is False else ssl.CERT_REQUIRED)
    if verify is not False:
        store = requests.certs.where() if verify is True else verify  # type: ignore[attr-defined]
        if not Path(store).exists():
            raise FileNotFoundError(f"the CA store {store} does not exist")
        context.load_verify_locations(**{"capath" if Path(store).is_dir() else "cafile": store})
    if certificate is not None:
        context.load_cert_chain(*certificate)
    return context


def default_store() -> Verify:
    """Return what sessions validate with where the play names no CA: REQUESTS_CA_BUNDLE and its like, or the bundle of requests."""
    with requests.Session() as session:
        settings = session.merge_environment_settings("https://host.invalid/", {}, None, None, None)
    found: Verify | None = settings["verify"]
    return True if found is None else found


def share_context(session: requests.Session) -> None:
    """Let the session's HTTPS connections use the shared context of its own verify and cert settings."""
    if HAVE_ADAPTER:
        session.mount("https://", _adapter())


def _adapter() -> requests.adapters.HTTPAdapter:
    class SharedContextAdapter(requests.adapters.HTTPAdapter):
        """An adapter that takes its context ready made."""

        def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
            host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
            return host, {"cert_reqs": tls["cert_reqs"], "ssl_context": shared_context(verify, cert)}

        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
            # The context has all of it; naming the CA file here would load it again.
            pass

    return SharedContextAdapter()


def bound(session: requests.Session, limit: int) -> None:
    """Let every answer of the session raise ResponseTooLarge while it is read beyond `limit` bytes."""
    session.hooks["response"].append(_bounding(limit))


def _bounding(limit: int) -> Callable[..., requests.Response]:
    def hook(response: requests.Response, *_args: object, **_kwargs: object) -> requests.Response:
        # requests calls this after the headers and reads the content afterwards, through raw.stream.
        response.raw = _Bounded(response.raw, limit)
        return response

    return hook


class _Bounded:
    """An answer's body that ends in ResponseTooLarge; everything else is the wrapped one's."""

    def __init__(self, raw: Any, limit: int) -> None:
        self._raw = raw
        self._limit = limit

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        size = 0
        for chunk in self._raw.stream(*args, **kwargs):
            size += len(chunk)
            if size > self._limit:
                self._raw.close()
                raise too_large(self._limit)
            yield chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)
