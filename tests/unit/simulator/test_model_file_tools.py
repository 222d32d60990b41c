# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""certutil, find and findstr, taskkill, curl, bitsadmin, ping and timeout."""

from __future__ import annotations

import base64
import hashlib
import math

import pytest
from simulator.windows.context import SYSTEM
from simulator.windows.network import DownloadError
from unit.simulator.model_hosts import ADMIN, USER, host, run
from unit.simulator.model_network import Web, filtered


@pytest.mark.parametrize(("release", "language"), [("2022", "en-US"), ("2012R2", "en-US"), ("2019", "de-DE"), ("10", "ja-JP"), ("2016", "fr-FR")])
def test_hashfile(release: str, language: str) -> None:
    """Three lines, the digits in the second: in pairs before Windows 10, in one piece since. Code 0."""
    machine = host(release, language, files={r"C:\t\a": "abc"})
    done = run(machine, "certutil", r"-hashfile C:\t\a SHA256")
    lines = done.stdout.split("\r\n")
    digits = hashlib.sha256(b"abc").hexdigest()
    shown = digits if release != "2012R2" else " ".join(digits[place : place + 2] for place in range(0, 64, 2))
    assert (done.exit_code, lines[1], len(lines)) == (0, shown, 4)
    assert ("completed successfully" in lines[2]) == (language == "en-US")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (r"-hashfile C:\t\none SHA256", 0x80070002),
        (r"-hashfile C:\none\x", 0x80070003),
        (r"-hashfile C:\t\empty MD5", 0x800703EE),
        (r"-hashfile C:\t\a SHA3", 0x80070057),
        (r"-decode C:\t\b64 C:\t\a", 0x80070050),
        (r"-decode C:\t\a C:\t\new", 0x8007000D),
        (r"-encode C:\t\none C:\t\new", 0x80070002),
        (r"-decode C:\t\b64 C:\none\new", 0x80070003),
        (r"-dump C:\t\a", 0x80070057),
    ],
)
def test_certutil_failures(arguments: str, code: int) -> None:
    """The exit code is the HRESULT, the texts are on stdout, and nothing is written."""
    machine = host(files={r"C:\t\a": "not base64!", r"C:\t\empty": "", r"C:\t\b64": "YWJj"})
    done = run(machine, "certutil", arguments)
    assert (done.exit_code, done.stderr) == (code, "")
    assert done.stdout
    assert not machine.files.exists(r"C:\t\new")
    assert machine.journal.entries == []


def test_encode_and_decode() -> None:
    """Encoded lines of 64 characters between BEGIN and END; decode takes them, and base64 without them, -f replaces."""
    machine, data = host(), bytes(range(200))
    machine.files.write(r"C:\data", data)
    assert run(machine, "certutil", r"-encode C:\data C:\text").exit_code == 0
    lines = machine.files.read(r"C:\text").decode().split("\r\n")
    assert (lines[0], lines[-2], len(lines[1])) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", 64)
    assert run(machine, "certutil", r"-decode C:\text C:\back").exit_code == 0
    assert machine.files.read(r"C:\back") == data
    machine.files.write(r"C:\bare", base64.encodebytes(b"other"))
    assert run(machine, "certutil", r"-f -decode C:\bare C:\back").exit_code == 0
    assert machine.files.read(r"C:\back") == b"other"


@pytest.mark.parametrize(
    ("image", "arguments", "code", "stdout"),
    [
        ("find", '/v ""', 0, "One\r\ntwo\r\nthree\r\n"),
        ("find", '"t"', 0, "two\r\nthree\r\n"),
        ("find", '/i "o"', 0, "One\r\ntwo\r\n"),
        ("find", '/c "t"', 0, "2\r\n"),
        ("find", '"none"', 1, ""),
        ("find", "t", 2, ""),
        ("find", r'"x" C:\t\a', 0, "\r\n---------- C:\\T\\A\r\nx\r\n"),
        ("findstr", "t", 0, "two\r\nthree\r\n"),
        ("findstr", '/r "^t.*e$"', 0, "three\r\n"),
        ("findstr", "/n two", 0, "2:two\r\n"),
        ("findstr", "/v /c:wo", 0, "One\r\nthree\r\n"),
        ("findstr", '"none nothing"', 1, ""),
        ("findstr", '"two One"', 0, "One\r\ntwo\r\n"),
        ("findstr", '"^"', 0, "One\r\ntwo\r\nthree\r\n"),
        ("findstr", "/q x", 2, ""),
        ("findstr", r"x C:\t\none", 1, ""),
        ("more", "", 0, "One\r\ntwo\r\nthree\r\n"),
        ("sort", "", 0, "One\r\nthree\r\ntwo\r\n"),
        ("sort", "/r", 0, "two\r\nthree\r\nOne\r\n"),
    ],
)
def test_filters(image: str, arguments: str, code: int, stdout: str) -> None:
    """They read standard input or a file; 0 found, 1 not found, 2 wrong arguments. An input without a line end gets one."""
    machine = host(files={r"C:\t\a": "x"})
    done = filtered(machine, image, arguments, b"One\ntwo\r\nthree")
    assert (done.exit_code, done.stdout) == (code, stdout)


def test_taskkill() -> None:
    """By number and by name, with the children; 128 for none, 1 without rights or for a wrong line."""
    machine = host()
    parent = machine.processes.start(r"C:\x\tool.exe", "tool")
    child = machine.processes.start(r"C:\x\child.exe", "child", parent)
    assert run(machine, "taskkill", f"/f /t /pid {parent}", USER).exit_code == 1
    assert run(machine, "taskkill", f"/f /t /pid {parent}").exit_code == 0
    assert machine.processes.find(parent) is None
    assert machine.processes.find(child) is None
    assert run(machine, "taskkill", f"/f /pid {parent}").exit_code == 128
    assert run(machine, "taskkill", "/f /im tool.exe").exit_code == 128
    machine.processes.start(r"C:\x\tool.exe", "tool")
    assert run(machine, "taskkill", "/f /im TOOL.EXE").exit_code == 0
    assert run(machine, "taskkill", "/f").exit_code == 1
    assert len(machine.journal.entries) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "stdout"),
    [
        ("-s telnet://srv:1 -m 1 -w %{num_connects}", 28, "1"),
        ("-s telnet://srv:2", 7, ""),
        ("-s telnet://srv:3 --connect-timeout 1 -w %{num_connects}", 28, "0"),
        ("-s telnet://nobody:1", 6, ""),
        ("-sS http://srv/a", 0, "page"),
        ("-s http://srv/none", 6, ""),
        ("-s -f http://srv/404 -w %{http_code}", 22, "404"),
        ("-s http://srv/404 -w %{http_code}", 0, "404"),
        ("-s https://srv/bad", 60, ""),
        (r"-s http://srv/a -o C:\none\x", 23, ""),
        ("--nonsense http://srv/a", 2, ""),
        ("ftp://srv/a", 1, ""),
        ("", 2, ""),
    ],
)
def test_curl(arguments: str, code: int, stdout: str) -> None:
    """An open telnet connection lasts until --max-time (28), so only num_connects tells it from one that never opened."""
    machine = host()
    pages: dict[str, bytes | DownloadError] = {
        "http://srv/a": b"page",
        "http://srv/404": DownloadError("status", 404),
        "https://srv/bad": DownloadError("certificate"),
    }
    machine.network = Web(machine, {1: "open", 2: "refused", 3: "timeout"}, pages)
    done = run(machine, "curl.exe", arguments)
    assert (done.exit_code, done.stdout) == (code, stdout)


def test_curl_without_a_limit_never_ends() -> None:
    """The end of its input does not close an open telnet connection."""
    machine = host()
    machine.network = Web(machine, {1: "open"}, {})
    assert run(machine, "curl", "telnet://srv:1").delay == math.inf


def test_curl_writes_a_file_and_older_windows_have_none() -> None:
    """-o keeps the bytes; before Windows 10 1803 and Server 2019 there is no curl.exe."""
    machine = host()
    machine.network = Web(machine, {}, {"https://srv/x": b"\0\xff"})
    assert run(machine, "curl", r"-s https://srv/x -o C:\x").exit_code == 0
    assert machine.files.read(r"C:\x") == b"\0\xff"
    assert host("2016").run(ADMIN, "curl", "", code_page=65001) is None


def test_bitsadmin() -> None:
    """BITS works for SYSTEM and refuses a network logon with 0x800704DD; a missing page is 0x80190194."""
    machine = host()
    machine.network = Web(machine, {}, {"http://srv/a": b"page", "http://srv/b": DownloadError("status", 404)})
    line = r"/transfer job /download /priority foreground http://srv/{} C:\a"
    assert run(machine, "bitsadmin", line.format("a")).exit_code == 0x800704DD
    assert run(machine, "bitsadmin", line.format("b"), SYSTEM).exit_code == 0x80190194
    assert run(machine, "bitsadmin", line.format("a"), SYSTEM).exit_code == 0
    assert machine.files.read(r"C:\a") == b"page"


def test_waiting_programs() -> None:
    """ping answers for the host itself and takes no time; timeout refuses to run without a console."""
    done = run(host(), "ping", "-n 3 127.0.0.1")
    assert (done.exit_code, done.stdout.count("TTL="), done.delay) == (0, 3, 0)
    assert run(host(), "ping", "nobody").exit_code == 1
    assert run(host(), "timeout", "/t 5").exit_code == 1
