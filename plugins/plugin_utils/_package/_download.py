# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A package from a web server to the controller, over HTTPS and only with its checksum.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from email.message import Message
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from .._plan import BadRequest
from ._cache import Cache
from ._checksum import checksum

LIMIT = 2 << 30
"""Bytes. No MSI file is larger: Windows Installer itself stops at 2 GiB."""
_STATUS = {
    401: "it asks for a login; give user and password in the URL, or another address",
    403: "access is forbidden",
    404: "there is no such file",
    407: "the proxy asks for a login",
}


def download(url: str, sha256: str, cache: Cache, *, ca_file: Path | None = None, timeout: float = 60.0, limit: int = LIMIT) -> Path:
    """The file behind `url` from the cache, fetched first if it is not there; nothing is sent if it is.

    `ca_file` (PEM) replaces the certificate authorities of the system, `timeout` is for each answer, in seconds. Proxies are those of the
    environment. User and password may stand in the URL; neither they nor the query are ever shown.

    Raises:
        BadRequest: no HTTPS, a wrong checksum, or the server can't be reached or has no such file.
    """
    address, digits = _address(url), checksum(sha256)
    with cache.lock(digits):
        found = cache.find(digits)
        if found:
            return found
        shown = _shown(address)
        try:
            with _opener(ca_file).open(_request(address), timeout=timeout) as response:
                body = _Body(response, response.headers.get("Content-Length"), shown, limit)
                return cache.add(body, address.path, digits)
        except HTTPError as error:
            with error:
                raise BadRequest(f"{shown} can't be downloaded: {_STATUS.get(error.code, f'the server answers with status {error.code}')}.") from None
        except URLError as error:
            raise BadRequest(f"{shown} can't be downloaded: {_reason(error.reason)}.") from None
        except (OSError, http.client.HTTPException) as error:
            raise BadRequest(f"{shown} can't be downloaded: {_reason(error)}.") from None


class _Body:
    """What the server sends, no more than `limit` bytes and no fewer than it announced."""

    def __init__(self, stream: IO[bytes], announced: str | None, shown: str, limit: int) -> None:
        self._stream = stream
        self._announced = int(announced) if announced and announced.isdecimal() else None
        self._shown = shown
        self._limit = limit
        self._taken = 0
        self._refuse_more_than(self._announced or 0)

    def read(self, size: int, /) -> bytes:
        piece = self._stream.read(size)
        self._taken += len(piece)
        self._refuse_more_than(self._taken)
        if not piece and self._announced is not None and self._taken < self._announced:
            raise BadRequest(f"{self._shown} can't be downloaded: the connection ended after {self._taken} of {self._announced} bytes.")
        return piece

    def _refuse_more_than(self, size: int) -> None:
        if size > self._limit:
            raise BadRequest(f"{self._shown} can't be downloaded: it has more than {self._limit} bytes.")


class _OnlyHttps(HTTPRedirectHandler):
    """Follows redirects as long as they stay encrypted."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str) -> Request | None:
        if urlsplit(newurl).scheme != "https":
            raise BadRequest(f"{req.host} redirects to an address without HTTPS, which is not followed; give the final address.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _address(url: str) -> SplitResult:
    try:
        address = urlsplit(url.strip())
        complete = bool(address.hostname and address.path.strip("/")) and (address.port or 1) > 0
    except ValueError:
        raise BadRequest("The address of the package is no URL; one looks like https://files.example.com/UACoreSvcSetup.msi.") from None
    if address.scheme != "https":
        raise BadRequest(f"A package is downloaded over HTTPS only, not over {address.scheme or 'a path'}; give an address that starts with https://.")
    if not complete:
        raise BadRequest("The address of the package names no host or no file; one looks like https://files.example.com/UACoreSvcSetup.msi.")
    return address


def _host(address: SplitResult) -> str:
    return address.netloc.rpartition("@")[2]


def _shown(address: SplitResult) -> str:
    """The address without user, password and query, each of which can be a secret."""
    return f"https://{_host(address)}{address.path}"


def _request(address: SplitResult) -> Request:
    plain = address._replace(netloc=_host(address), fragment="").geturl()
    request = Request(plain, headers={"Accept": "*/*", "User-Agent": "uamops.netwrix_auditor"})  # noqa: S310  # _address lets only HTTPS through
    if address.username:
        login = f"{unquote(address.username)}:{unquote(address.password or '')}"
        # Not carried along to where the server redirects.
        request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}")
    return request


def _opener(ca_file: Path | None) -> OpenerDirector:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise BadRequest(f"The certificate authorities in {ca_file} can't be read: {error.strerror or 'it is no PEM file'}.") from None
    return build_opener(HTTPSHandler(context=context), _OnlyHttps())


def _reason(error: BaseException | str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted ({error.verify_message}); give its certificate authority's file"
    if isinstance(error, socket.gaierror):
        return "the host is not found by its name"
    if isinstance(error, ConnectionRefusedError):
        return "the host refuses the connection"
    if isinstance(error, TimeoutError):
        return "the host does not answer in time"
    if isinstance(error, http.client.InvalidURL):
        return "its address has blanks or control characters; write %20 for a blank"
    if isinstance(error, http.client.HTTPException):
        return "the server does not speak HTTP as it should"
    return str(getattr(error, "strerror", None) or getattr(error, "reason", None) or error)
