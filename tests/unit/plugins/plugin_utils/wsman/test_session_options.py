# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a connection plugin's options to the arguments of pywinrm and pypsrp; no network."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import ConnectionFailed, Unauthorized, transport_from
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._session import _kerberos, _psrp, _winrm
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._session._kerberos import Kinit

PASSWORD = "Lab-Passw0rd!"
# As get_option gives them when a play sets nothing but address, user and password.
WINRM: dict[str, object] = {
    "remote_addr": "host.example",
    "remote_user": "Administrator",
    "remote_password": PASSWORD,
    "port": 5986,
    "scheme": None,
    "path": "/wsman",
    "transport": None,
    "kerberos_command": "kinit",
    "kinit_args": None,
    "kinit_env_vars": [],
    "kerberos_mode": None,
    "connection_timeout": None,
    "_extras": {},
}
PSRP: dict[str, object] = {
    "remote_addr": "host.example",
    "remote_user": "Administrator",
    "remote_password": PASSWORD,
    "port": None,
    "protocol": None,
    "path": "wsman",
    "auth": "negotiate",
    "cert_validation": "validate",
    "ca_cert": None,
    "connection_timeout": 30,
    "read_timeout": 30,
    "operation_timeout": 20,
    "message_encryption": "auto",
    "proxy": None,
    "ignore_proxy": False,
    "reconnection_retries": 0,
    "reconnection_backoff": 2,
    "certificate_key_pem": None,
    "certificate_pem": None,
    "credssp_auth_mechanism": "auto",
    "credssp_disable_tlsv1_2": False,
    "credssp_minimum_version": 2,
    "negotiate_send_cbt": True,
    "negotiate_delegate": None,
    "negotiate_hostname_override": None,
    "negotiate_service": "WSMAN",
}


def winrm(**options: object) -> _winrm.Arguments:
    return _winrm.arguments_from({**WINRM, **options})


def psrp(**options: object) -> _psrp.Arguments:
    return _psrp.arguments_from({**PSRP, **options})


@pytest.mark.parametrize(
    ("options", "endpoint"),
    [
        ({}, "https://host.example:5986/wsman"),
        ({"port": 5985}, "http://host.example:5985/wsman"),
        ({"port": 8080}, "https://host.example:8080/wsman"),
        ({"port": 8080, "scheme": "http", "path": "/other"}, "http://host.example:8080/other"),
        ({"remote_addr": "2001:db8::1"}, "https://[2001:db8::1]:5986/wsman"),
    ],
)
def test_winrm_endpoint(options: dict[str, object], endpoint: str) -> None:
    """The scheme follows the port unless it is given; IPv6 is put in brackets."""
    assert winrm(**options).endpoint == endpoint
    assert transport_from("winrm", {**WINRM, **options}).endpoint == endpoint


@pytest.mark.parametrize(
    ("options", "authentications"),
    [
        ({}, ("ssl",)),
        ({"port": 5985}, ("plaintext",)),
        ({"remote_user": "admin@EXAMPLE.COM"}, ("kerberos",)),
        ({"transport": ["ntlm"]}, ("ntlm",)),
        ({"transport": ["kerberos", "ntlm"]}, ("kerberos", "ntlm")),
        ({"transport": [None]}, ("ssl",)),
    ],
)
def test_winrm_authentication(options: dict[str, object], authentications: tuple[str, ...]) -> None:
    """Without a transport: kerberos for a user with a realm, else ssl or plaintext, as the plugin does."""
    assert winrm(**options).authentications == authentications


def test_winrm_unknown_authentication() -> None:
    """What pywinrm does not know is said before anything is sent."""
    with pytest.raises(ConnectionFailed, match="does not support ansible_winrm_transport magic"):
        winrm(transport=["magic"])


def test_winrm_extras() -> None:
    """Extras go to Protocol without their prefix; what the plugin sets itself or pywinrm does not know stays out."""
    extras = {
        "ansible_winrm_server_cert_validation": "ignore",
        "ansible_winrm_ca_trust_path": "/ca.pem",
        "ansible_winrm_message_encryption": "always",
        "ansible_winrm_username": "other",
        "ansible_winrm_nonsense": 1,
    }
    arguments = winrm(_extras=extras).protocol
    assert arguments["server_cert_validation"] == "ignore"
    assert arguments["ca_trust_path"] == "/ca.pem"
    assert arguments["message_encryption"] == "always"
    assert (arguments["username"], arguments["password"]) == ("Administrator", PASSWORD)
    assert "nonsense" not in arguments


@pytest.mark.parametrize(
    ("options", "operation", "read"),
    [
        ({}, 60, 70),
        ({"connection_timeout": 15}, 15, 25),
        ({"connection_timeout": 90}, 90, 100),
        ({"_extras": {"ansible_winrm_operation_timeout_sec": "30", "ansible_winrm_read_timeout_sec": "45"}}, 30, 45),
        ({"_extras": {"ansible_winrm_operation_timeout_sec": 120}}, 120, 130),
        ({"_extras": {"ansible_winrm_read_timeout_sec": 30}}, 20, 30),
    ],
)
def test_winrm_timeouts(options: dict[str, object], operation: int, read: int) -> None:
    """The read timeout is always there, and larger than the operation timeout that the client sends."""
    arguments = winrm(**options)
    assert (arguments.timeouts.operation, arguments.timeouts.read) == (operation, read)
    assert (arguments.protocol["operation_timeout_sec"], arguments.protocol["read_timeout_sec"]) == (operation, read)
    assert _winrm.WinrmSession(arguments).operation_timeout == operation


def test_winrm_validates_certificates() -> None:
    """Nothing switches the validation off but the play."""
    assert winrm().protocol.get("server_cert_validation", "validate") == "validate"


@pytest.mark.parametrize(
    ("options", "kinit"),
    [
        ({}, None),
        ({"transport": ["kerberos"]}, Kinit("Administrator")),
        ({"transport": ["kerberos"], "remote_password": None}, None),
        ({"transport": ["kerberos"], "kerberos_mode": "manual"}, None),
        ({"transport": ["kerberos"], "kerberos_mode": "managed", "remote_password": None}, Kinit("Administrator")),
        (
            {"transport": ["kerberos"], "kerberos_command": "/opt/kinit", "kinit_args": "-l 1h", "kinit_env_vars": ["KRB5_CONFIG", "KRB5CCNAME"]},
            Kinit("Administrator", "/opt/kinit", "-l 1h", environment=("KRB5_CONFIG",)),
        ),
        ({"transport": ["kerberos"], "_extras": {"ansible_winrm_kerberos_delegation": "yes"}}, Kinit("Administrator", delegation=True)),
    ],
)
def test_winrm_kerberos(options: dict[str, object], kinit: Kinit | None) -> None:
    """Tickets are managed if there is a password, unless kerberos_mode says otherwise."""
    assert winrm(**options).kinit == kinit


def test_kinit_command_line() -> None:
    """The user's own arguments replace the -f of delegation."""
    assert Kinit("u@R").command_line == ["kinit", "u@R"]
    assert Kinit("u@R", delegation=True).command_line == ["kinit", "-f", "u@R"]
    assert Kinit("u@R", arguments="-l '1 h'", delegation=True).command_line == ["kinit", "-l", "1 h", "u@R"]


@pytest.fixture(name="program")
def program_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a maker of programs that stand in for kinit."""
    monkeypatch.setenv("KRB5CCNAME", "before")
    monkeypatch.setattr(_kerberos, "_tickets", {})

    def make(script: str) -> str:
        path = tmp_path / "kinit"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def test_kinit_gets_the_password_by_stdin(program: Any, tmp_path: Path) -> None:
    """stdin, not the command line; a private cache while the session is open; called once for many sessions."""
    command = program(f'read -r secret; echo "$secret|$*|$KRB5CCNAME" >> {tmp_path}/seen; echo ticket > ${{KRB5CCNAME#FILE:}}')
    for _attempt in range(2):
        ticket = _kerberos.Ticket(Kinit("u@R", command), PASSWORD)
        cache = Path(os.environ["KRB5CCNAME"].removeprefix("FILE:"))
        assert (cache.read_text(), stat.S_IMODE(cache.stat().st_mode)) == ("ticket\n", 0o600)
        ticket.close()
        assert not cache.exists() and os.environ["KRB5CCNAME"] == "before"
    secret, arguments, _cache = (tmp_path / "seen").read_text().rstrip().split("|")
    assert (secret, arguments) == (PASSWORD, "u@R")


def test_failing_kinit(program: Any) -> None:
    """Its words are shown without the password; the next try asks again."""
    command = program('read -r secret; echo "kinit: wrong $secret" >&2; exit 1')
    with pytest.raises(Unauthorized, match=r"no Kerberos ticket for u@R: kinit: wrong \*+$"):
        _kerberos.Ticket(Kinit("u@R", command), PASSWORD)
    assert os.environ["KRB5CCNAME"] == "before"
    with pytest.raises(Unauthorized, match="cannot be run"):
        _kerberos.Ticket(Kinit("u@R", "/nonexistent/kinit"), PASSWORD)


def test_psrp_defaults() -> None:
    """HTTPS with validation and negotiate; the plugin's polling time-outs are replaced by ours."""
    arguments = psrp()
    wsman = arguments.wsman
    assert (wsman["server"], wsman["port"], wsman["ssl"], wsman["path"]) == ("host.example", 5986, True, "wsman")
    assert (wsman["username"], wsman["password"], wsman["auth"], wsman["encryption"]) == ("Administrator", PASSWORD, "negotiate", "auto")
    assert wsman["cert_validation"] is True
    assert (wsman["operation_timeout"], wsman["read_timeout"]) == (60, 70)
    assert transport_from("psrp", PSRP).endpoint == "https://host.example:5986/wsman"


@pytest.mark.parametrize(
    ("options", "ssl", "port"),
    [
        ({"port": 5985}, False, 5985),
        ({"port": "5985"}, False, 5985),
        ({"port": 8080}, True, 8080),
        ({"protocol": "http"}, False, 5985),
        ({"protocol": "https"}, True, 5986),
        ({"protocol": "http", "port": 8080}, False, 8080),
    ],
)
def test_psrp_protocol_and_port(options: dict[str, object], ssl: bool, port: int) -> None:
    """Each of protocol and port follows from the other."""
    wsman = psrp(**options).wsman
    assert (wsman["ssl"], wsman["port"]) == (ssl, port)


@pytest.mark.parametrize(
    ("options", "validation"),
    [({"ca_cert": "/ca.pem"}, "/ca.pem"), ({"cert_validation": "ignore"}, False), ({"cert_validation": "ignore", "ca_cert": "/x"}, False)],
)
def test_psrp_validation(options: dict[str, object], validation: object) -> None:
    """ignore wins over a CA file, which wins over the default store."""
    assert psrp(**options).wsman["cert_validation"] == validation


def test_psrp_own_timeouts() -> None:
    """What the play sets is used as it is."""
    timeouts = psrp(operation_timeout=40, read_timeout=50, connection_timeout=5).timeouts
    assert (timeouts.operation, timeouts.read, timeouts.connect) == (40, 50, 5)


def test_psrp_certificate_and_kerberos_options() -> None:
    """Options of the single authentications pass under their own names."""
    wsman = psrp(auth="certificate", certificate_pem="/c.pem", certificate_key_pem="/k.pem", negotiate_hostname_override="other").wsman
    assert (wsman["certificate_pem"], wsman["certificate_key_pem"], wsman["negotiate_hostname_override"]) == ("/c.pem", "/k.pem", "other")


def test_other_plugins() -> None:
    """ssh and others: one clear sentence."""
    with pytest.raises(ConnectionFailed, match="ssh does not speak WS-Management: use winrm or psrp"):
        transport_from("ssh", {})


@pytest.mark.parametrize(("plugin", "module", "package"), [("winrm", _winrm, "pywinrm"), ("psrp", _psrp, "pypsrp")])
def test_missing_library(monkeypatch: pytest.MonkeyPatch, plugin: str, module: Any, package: str) -> None:
    """A library that is not installed is named when it is needed."""
    monkeypatch.setattr(module, "MISSING", ImportError("No module named 'x'"))
    with pytest.raises(ConnectionFailed, match=f"needs the Python package {package} on the controller: No module named 'x'"):
        transport_from(plugin, WINRM)
