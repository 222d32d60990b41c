# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""curl.exe (since Windows 10 1803 and Server 2019): tries a TCP connection by telnet://, and downloads by http(s)://. No time passes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..files import FileError
from ..files.access import Access
from ..network import DownloadError
from ..records import Account, Completed
from ..text_codes import decoded
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

FIRST_BUILD = 17134
UNKNOWN_OPTION, NO_PROTOCOL, BAD_URL, NO_HOST, REFUSED, HTTP_ERROR, NOT_WRITTEN, TIMED_OUT, CERTIFICATE = 2, 1, 3, 6, 7, 22, 23, 28, 60
_SWITCHES = {
    "-s": "silent",
    "--silent": "silent",
    "-S": "errors",
    "--show-error": "errors",
    "-f": "fail",
    "--fail": "fail",
    "-L": "follow",
    "--location": "follow",
    "-k": "insecure",
    "--insecure": "insecure",
    "--ssl-no-revoke": "no_revoke",
    "-N": "no_buffer",
    "--no-buffer": "no_buffer",
}
_VALUES = {
    "-o": "output",
    "--output": "output",
    "-m": "max_time",
    "--max-time": "max_time",
    "--connect-timeout": "connect_timeout",
    "-w": "format",
    "--write-out": "format",
    "--cacert": "cacert",
}


@dataclass(frozen=True)
class _Result:
    code: int
    message: str = ""
    body: bytes = b""
    connected: bool = False
    status: int = 0
    delay: float = 0.0


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Exit codes as curl documents them; ``-w`` knows http_code, num_connects, time_connect, remote_port, exitcode."""
    words, options, urls = command_line.split(arguments), {}, []
    while words:
        word = words.pop(0)
        if re.fullmatch(r"-[a-zA-Z]{2,}", word):
            # -sS is -s -S; a value may follow the last one.
            words[:0] = [f"-{letter}" for letter in word[1:]]
        elif word in _SWITCHES:
            options[_SWITCHES[word]] = ""
        elif word in _VALUES and words:
            options[_VALUES[word]] = words.pop(0)
        elif word.startswith("-"):
            return Completed(UNKNOWN_OPTION, "", f"curl: option {word}: is unknown\r\ncurl: try 'curl --help' for more information\r\n")
        else:
            urls.append(word)
    if len(urls) != 1:
        return Completed(UNKNOWN_OPTION, "", "curl: (2) no URL specified\r\n")
    result = _fetched(host, urls[0], options)
    return _finished(host, account, result, options, urls[0])


def _fetched(host: Windows, url: str, options: dict[str, str]) -> _Result:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return _Result(BAD_URL, "URL rejected: Port number was not a decimal number between 0 and 65535")
    if not name:
        return _Result(BAD_URL, "URL rejected: No host part in the URL")
    if parts.scheme == "telnet":
        return _telnet(host, name, port or 23, options)
    if parts.scheme not in ("http", "https"):
        return _Result(NO_PROTOCOL, f'Protocol "{parts.scheme}" not supported')
    try:
        return _Result(0, body=host.network.download(url), connected=True, status=200)
    except DownloadError as exc:
        return _download_failed(exc, name, fail="fail" in options)


def _download_failed(error: DownloadError, name: str, *, fail: bool) -> _Result:
    if error.reason == "status":
        return _Result(HTTP_ERROR if fail else 0, f"The requested URL returned error: {error.status}", connected=True, status=error.status)
    code, message = {
        "unknown": (NO_HOST, f"Could not resolve host: {name}"),
        "refused": (REFUSED, f"Failed to connect to {name}: Could not connect to server"),
        "timeout": (TIMED_OUT, "Connection timed out"),
        "certificate": (CERTIFICATE, "schannel: SEC_E_UNTRUSTED_ROOT (0x80090325) - The certificate chain was issued by an authority that is not trusted."),
    }[error.reason]
    return _Result(code, message)


def _telnet(host: Windows, name: str, port: int, options: dict[str, str]) -> _Result:
    """An open connection is held until --max-time (28), for ever without it: the end of the input does not close it."""
    state = host.network.connect(host, name, port)
    if state == "unknown":
        return _Result(NO_HOST, f"Could not resolve host: {name}")
    if state == "refused":
        return _Result(REFUSED, f"Failed to connect to {name} port {port} after 0 ms: Could not connect to server")
    if state == "timeout":
        return _Result(TIMED_OUT, "Connection timed out")
    host.context.stdin.read()
    if "max_time" not in options:
        return _Result(TIMED_OUT, connected=True, delay=math.inf)
    return _Result(TIMED_OUT, "Time-out", connected=True)


def _finished(host: Windows, account: Account, result: _Result, options: dict[str, str], url: str) -> Completed:
    code, message, stdout = result.code, result.message, ""
    if code == 0 and "output" in options:
        try:
            Access(host, account).write(host.context.absolute(options["output"]), result.body)
        except FileError:
            code, message = NOT_WRITTEN, "Failure writing output to destination"
    elif code == 0:
        stdout = decoded(result.body, host.context.code_page)
    shown = f"curl: ({code}) {message}\r\n" if code and ("silent" not in options or "errors" in options) else ""
    return Completed(code, stdout + _written(options.get("format", ""), result, url, code), shown, result.delay)


def _written(form: str, result: _Result, url: str, code: int) -> str:
    values = {
        "http_code": f"{result.status:03d}",
        "num_connects": str(int(result.connected)),
        "time_connect": "0.001000" if result.connected else "0.000000",
        "remote_port": str(urlsplit(url).port or 0) if result.connected else "-1",
        "exitcode": str(code),
    }
    text = re.sub(r"%\{(\w+)\}", lambda found: values.get(found[1], ""), form)
    return text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
