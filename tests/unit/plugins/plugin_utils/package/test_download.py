# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Downloads from a real server on loopback, over TLS with a certificate authority of its own."""

from __future__ import annotations

import base64
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import Cache, download
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest
from simulator.certificates import Authority

CONTENT = b"a package" * 200000
DIGITS = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """A file, and the ways in which servers do not give it."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        {
            "/moved/agent.msi": lambda: self._redirect(f"{self.server.address}/agent.msi"),
            "/elsewhere/agent.msi": lambda: self._redirect(f"{self.server.address.replace('127.0.0.1', 'localhost')}/agent.msi"),
            "/plain/agent.msi": lambda: self._redirect("http://127.0.0.1/agent.msi"),
            "/missing.msi": lambda: self.send_error(404),
            "/login.msi": lambda: self.send_error(401),
            "/broken.msi": lambda: self.send_error(500),
            "/short.msi": lambda: self._send(CONTENT[:1000], len(CONTENT)),
            "/endless.msi": lambda: self._send(CONTENT, None),
            "/nonsense.msi": lambda: self.wfile.write(b"SSH-2.0-x\r\n\r\n"),
        }.get(self.path.partition("?")[0], lambda: self._send(CONTENT, len(CONTENT)))()

    def _redirect(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes, announced: int | None) -> None:
        self.send_response(200)
        if announced is not None:
            self.send_header("Content-Length", str(announced))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        return


class Server(ThreadingHTTPServer):
    """One server on a free port; `asked` has path and Authorization of every request."""

    def __init__(self, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        context, _certificate = authority.server(["localhost"], ["127.0.0.1"])
        # Each connection does its handshake in its own thread.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.asked: list[tuple[str, str | None]] = []
        self.address = f"https://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that end a connection early are what is tested."""


Get = Callable[..., Path]


@pytest.fixture(name="authority", scope="module")
def authority_fixture(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that made the server's certificate."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(name="server")
def server_fixture(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A running server, reached without a proxy."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server(authority)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(name="get")
def get_fixture(server: Server, authority: Authority, tmp_path: Path) -> Get:
    """Download a path of the server into the test's cache."""

    def get(path: str, digits: str = DIGITS, **more: int) -> Path:
        return download(f"{server.address}{path}", digits, Cache(tmp_path / "cache"), ca_file=authority.ca_file, timeout=20.0, **more)

    return get


def test_file_is_brought_once(get: Get, server: Server, tmp_path: Path) -> None:
    """A file comes into the cache under its name, and the second time without any request."""
    path = get("/files/UACoreSvcSetup.msi?version=10.7")
    assert path == tmp_path / "cache" / DIGITS / "UACoreSvcSetup.msi"
    assert path.read_bytes() == CONTENT
    assert get("/files/UACoreSvcSetup.msi") == path
    assert server.asked == [("/files/UACoreSvcSetup.msi?version=10.7", None)]


def test_other_content_is_refused(get: Get, tmp_path: Path) -> None:
    """A file with another checksum is refused with both values and not kept."""
    with pytest.raises(BadRequest, match=f"its SHA-256 is {DIGITS}, and asked for is {'1' * 64}"):
        get("/agent.msi", "1" * 64)
    assert list((tmp_path / "cache").rglob("*.msi")) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/missing.msi", "there is no such file"),
        ("/login.msi", "it asks for a login"),
        ("/broken.msi", "the server answers with status 500"),
        ("/short.msi", "the connection ended after 1000 of 1800000 bytes"),
        ("/nonsense.msi", "the server does not speak HTTP as it should"),
        ("/with blank.msi", "its address has blanks"),
    ],
)
def test_answers_without_the_file(get: Get, path: str, text: str) -> None:
    """Every way of not getting the file is one sentence with the address, without its query."""
    with pytest.raises(BadRequest, match=rf"^https://127.0.0.1:\d+{path} can't be downloaded: {text}.*\.$") as caught:
        get(f"{path}?token=hidden")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("path", ["/agent.msi", "/endless.msi"])
def test_size_is_bound(get: Get, path: str) -> None:
    """A file that is larger than can be is given up, whether the server says its size or not."""
    with pytest.raises(BadRequest, match="more than 1000 bytes"):
        get(path, limit=1000)


def test_redirects_stay_encrypted(get: Get, server: Server) -> None:
    """A redirect to HTTPS is followed, one to HTTP is not."""
    with pytest.raises(BadRequest, match="redirects to an address without HTTPS"):
        get("/plain/agent.msi")
    assert get("/moved/agent.msi").read_bytes() == CONTENT
    assert [path for path, _login in server.asked] == ["/plain/agent.msi", "/moved/agent.msi", "/agent.msi"]


def test_login_stays_with_the_first_host(server: Server, authority: Authority, tmp_path: Path) -> None:
    """User and password of the URL are sent to its host, not to where that redirects, and shown nowhere."""
    login = "Basic " + base64.b64encode(b"user:p@ss word").decode()
    url = server.address.replace("https://", "https://user:p%40ss%20word@")
    download(f"{url}/elsewhere/agent.msi", DIGITS, Cache(tmp_path), ca_file=authority.ca_file)
    assert server.asked == [("/elsewhere/agent.msi", login), ("/agent.msi", None)]
    with pytest.raises(BadRequest, match="there is no such file") as caught:
        download(f"{url}/missing.msi", "1" * 64, Cache(tmp_path), ca_file=authority.ca_file)
    assert "ss" not in str(caught.value).replace("missing", "")
    assert "user" not in str(caught.value)


def test_unknown_authority(server: Server, tmp_path: Path) -> None:
    """A server whose certificate nobody vouches for is not asked for anything."""
    with pytest.raises(BadRequest, match=r"the server's certificate is not trusted \(.*\); give its certificate authority's file"):
        download(f"{server.address}/agent.msi", DIGITS, Cache(tmp_path))
    assert server.asked == []


def test_file_of_authorities_that_is_none(server: Server, tmp_path: Path) -> None:
    """A file of authorities that is missing or holds none is named."""
    (tmp_path / "empty.pem").write_text("nothing")
    for name in ("missing.pem", "empty.pem"):
        with pytest.raises(BadRequest, match=rf"The certificate authorities in .*/{name} can't be read"):
            download(f"{server.address}/agent.msi", DIGITS, Cache(tmp_path), ca_file=tmp_path / name)


def test_hosts_that_are_not_there(get: Get, authority: Authority, tmp_path: Path, server: Server) -> None:
    """A closed port and a name that does not exist are told apart."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(BadRequest, match="the host refuses the connection"):
        download(f"https://127.0.0.1:{port}/agent.msi", DIGITS, Cache(tmp_path), ca_file=authority.ca_file)
    with pytest.raises(BadRequest, match="the host is not found by its name"):
        download("https://files.example.invalid/agent.msi", DIGITS, Cache(tmp_path), ca_file=authority.ca_file)


def test_silent_hosts(authority: Authority, server: Server, tmp_path: Path) -> None:
    """A host that accepts the connection and says nothing is given up."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/agent.msi"
        with pytest.raises(BadRequest, match="the host does not answer in time"):
            download(url, DIGITS, Cache(tmp_path), ca_file=authority.ca_file, timeout=0.2)


def test_proxy_of_the_environment(get: Get, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """The proxy that the environment names is the one that is asked: here it refuses the connection."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(BadRequest, match="refuses the connection"):
        get("/agent.msi")
    assert server.asked == []


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://user:secret@files.example.com/agent.msi", "over HTTPS only, not over http"),
        ("ftp://user:secret@files.example.com/agent.msi", "over HTTPS only, not over ftp"),
        ("file:///secret.msi", "over HTTPS only, not over file"),
        ("/secret.msi", "over HTTPS only, not over a path"),
        ("https://user:secret@/agent.msi", "names no host or no file"),
        ("https://user:secret@files.example.com/", "names no host or no file"),
        ("https://user:secret@files.example.com:port/agent.msi", "is no URL"),
        ("https://[secret/agent.msi", "is no URL"),
    ],
)
def test_addresses_that_are_refused(tmp_path: Path, url: str, text: str) -> None:
    """Only HTTPS is spoken, even for a file that is there already; a refusal repeats nothing of the address."""
    Cache(tmp_path).add(Path(__file__), "a.msi")
    with pytest.raises(BadRequest, match=text) as caught:
        download(url, hashlib.sha256(Path(__file__).read_bytes()).hexdigest(), Cache(tmp_path))
    assert "secret" not in str(caught.value)
