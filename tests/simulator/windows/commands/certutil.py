# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""certutil.exe: -hashfile, -encode and -decode. All its output goes to standard output; the exit code of a failure is an HRESULT."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..files import FileError
from ..files.access import Access
from ..files.names import FILE_EXISTS
from ..records import Account, Completed
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

INVALID_DATA, INVALID_PARAMETER, FILE_INVALID = 13, 87, 1006
MISSING_ARGUMENT = 0x80070057
_NAMES = {
    2: "ERROR_FILE_NOT_FOUND",
    3: "ERROR_PATH_NOT_FOUND",
    5: "ERROR_ACCESS_DENIED",
    INVALID_DATA: "ERROR_INVALID_DATA",
    32: "ERROR_SHARING_VIOLATION",
    53: "ERROR_BAD_NETPATH",
    67: "ERROR_BAD_NET_NAME",
    FILE_EXISTS: "ERROR_FILE_EXISTS",
    INVALID_PARAMETER: "ERROR_INVALID_PARAMETER",
    112: "ERROR_DISK_FULL",
    123: "ERROR_INVALID_NAME",
    FILE_INVALID: "ERROR_FILE_INVALID",
}
_ALGORITHMS = ("MD2", "MD4", "MD5", "SHA1", "SHA256", "SHA384", "SHA512")
_ARMOUR = re.compile(rb"-----BEGIN [^-]*-----\s*(.*?)\s*-----END [^-]*-----", re.DOTALL)
_DONE = {
    "en-US": "CertUtil: -{verb} command completed successfully.",
    "de-DE": "CertUtil: -{verb}-Befehl wurde erfolgreich ausgeführt.",
    "ja-JP": "CertUtil: -{verb} コマンドは正常に完了しました。",
    "fr-FR": "CertUtil: -{verb} La commande s'est terminée correctement.",
}
_FAILED = {
    "en-US": "CertUtil: -{verb} command FAILED: {error}",
    "de-DE": "CertUtil: -{verb}-Befehl ist fehlgeschlagen: {error}",
    "ja-JP": "CertUtil: -{verb} コマンド エラー: {error}",
    "fr-FR": "CertUtil: -{verb} ÉCHEC de la commande : {error}",
}
_HASH_OF = {
    "en-US": "{name} hash of {file}{path}:",
    "de-DE": "{name}-Hash von {path}:",
    "ja-JP": "{name} ハッシュ (対象 {path}):",
    "fr-FR": "{name} hachage de {path} :",
}
_LENGTHS = {
    "en-US": ("Input Length = {0}", "Output Length = {0}"),
    "de-DE": ("Eingabelänge = {0}", "Ausgabelänge = {0}"),
    "ja-JP": ("入力長 = {0}", "出力長 = {0}"),
    "fr-FR": ("Longueur d'entrée = {0}", "Longueur de sortie = {0}"),
}


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Do what the first word asks for; any other verb is refused."""
    words = command_line.split(arguments)
    force = any(word.lower() in ("-f", "/f") for word in words)
    rest = [word for word in words if word.lower() not in ("-f", "/f")]
    verb = rest[0].lower().lstrip("-/") if rest else ""
    if verb not in _VERBS:
        return Completed(MISSING_ARGUMENT, f"The simulator does not model this: certutil {arguments}\r\n")
    try:
        return Completed(0, _VERBS[verb](host, Access(host, account), rest[1:], force) + _said(host, _DONE, verb=verb))
    except FileError as exc:
        return _refused(host, verb, exc)


def _said(host: Windows, table: Mapping[str, str], **values: object) -> str:
    return table[host.language].format(**values) + "\r\n"


def _refused(host: Windows, verb: str, error: FileError) -> Completed:
    known = f" (WIN32: {error.code} {_NAMES[error.code]})" if error.code in _NAMES else ""
    told = f"0x8007{error.code:04x}{known}"
    before = f"{verb.capitalize()}File returned {host.error(error.code)} {told}\r\n" if verb != "hashfile" else ""
    return Completed(0x80070000 | error.code, before + _said(host, _FAILED, verb=verb, error=told) + f"CertUtil: {host.error(error.code)}\r\n")


def _hashfile(host: Windows, files: Access, words: list[str], force: bool) -> str:
    """The algorithm is SHA1 if none is given. Before Windows 10 the digits stand in pairs."""
    name = words[1].upper() if len(words) > 1 else "SHA1"
    if not words or name not in _ALGORITHMS or name in ("MD2", "MD4"):
        raise FileError(INVALID_PARAMETER, "")
    data = files.read(host.context.absolute(words[0]))
    if not data:
        raise FileError(FILE_INVALID, words[0])
    digest, new = hashlib.new(name.lower(), data, usedforsecurity=False), host.features.windows_10_or_later
    digits = digest.hexdigest() if new else digest.digest().hex(" ")
    return _said(host, _HASH_OF, name=name, path=words[0], file="" if new else "file ") + digits + "\r\n"


def _target(host: Windows, words: list[str], force: bool) -> str:
    """The output file; an existing one is refused without -f."""
    if len(words) != 2:
        raise FileError(INVALID_PARAMETER, "")
    path = host.context.absolute(words[1])
    if host.files.exists(path) and not force:
        raise FileError(FILE_EXISTS, path)
    return path


def _encode(host: Windows, files: Access, words: list[str], force: bool) -> str:
    target = _target(host, words, force)
    data = files.read(host.context.absolute(words[0]))
    text = base64.b64encode(data).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    output = "".join(f"{line}\r\n" for line in ("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----")).encode()
    files.write(target, output)
    return _lengths(host, data, output)


def _decode(host: Windows, files: Access, words: list[str], force: bool) -> str:
    """Base64 with or without the lines around it; white space does not matter."""
    target = _target(host, words, force)
    data = files.read(host.context.absolute(words[0]))
    found = _ARMOUR.search(data)
    text = b"".join((found[1] if found else data).split())
    try:
        output = base64.b64decode(text, validate=True)
    except binascii.Error as exc:
        raise FileError(INVALID_DATA, words[0]) from exc
    if not output:
        raise FileError(INVALID_DATA, words[0])
    files.write(target, output)
    return _lengths(host, data, output)


def _lengths(host: Windows, given: bytes, made: bytes) -> str:
    before, after = _LENGTHS[host.language]
    return f"{before.format(len(given))}\r\n{after.format(len(made))}\r\n"


_VERBS: Mapping[str, Callable[[Windows, Access, list[str], bool], str]] = {"hashfile": _hashfile, "encode": _encode, "decode": _decode}
